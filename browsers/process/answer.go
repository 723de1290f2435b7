package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

const (
	// answerTime is far more than any program needs to say its version.
	answerTime = 20 * time.Second
	// leaveTime is how long what a launch script has left running may hold the script's output once it has ended.
	leaveTime = time.Second
)

// Answer is what a program prints on stdout that ends by itself, as programs do that are asked for their version; launch scripts complain on stderr. Env is
// added to this program's environment. What it leaves running is not waited for.
func Answer(path string, env []string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), answerTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.WaitDelay = leaveTime
	out, err := cmd.Output()
	if err != nil && !errors.Is(err, exec.ErrWaitDelay) {
		return "", fmt.Errorf("%s %s: %w", path, strings.Join(args, " "), err)
	}
	return string(out), nil
}
