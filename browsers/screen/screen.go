package screen

import (
	"context"
	"strconv"

	"github.com/cookiegate/cookiegate/browsers/process"
)

// Program is what Open starts.
const Program = "Xvfb"

// Open starts one and returns it with its display's name, such as ":1". The error is that of starting Program, which may not be installed.
func Open(ctx context.Context) (*process.Process, string, error) {
	number := func(line string) (string, bool) {
		_, err := strconv.Atoi(line)
		return ":" + line, err == nil
	}
	return process.Start(ctx, process.Options{
		Path: Program,
		Args: []string{"-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp", "-noreset"},
	}, number)
}
