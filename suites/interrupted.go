package suites

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// Interrupted is ctx until somebody ends the program: by Ctrl-C, by SIGTERM, or by closing its terminal, unless it was told to outlive that
// (nohup).
func Interrupted(ctx context.Context) (context.Context, context.CancelFunc) {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signal.NotifyContext(ctx, signals...)
}
