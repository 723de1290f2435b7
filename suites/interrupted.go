package suites

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// Interrupted is ctx until somebody ends the program: by Ctrl-C, by SIGTERM, or by closing its terminal, unless it was told to outlive that
// (nohup). A second Ctrl-C ends the program at once, whatever it is still clearing away. Where nobody reads any more what the program prints (a pipe to head), a write fails, and the program cleans up after itself.
func Interrupted(ctx context.Context) (context.Context, context.CancelFunc) {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	// By default a broken pipe would kill the program and leave portals and browsers behind; were it ignored, they would inherit that. It
	// is dropped, and cannot end ctx, for broken connections raise it too.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	ctx, cancel := signal.NotifyContext(ctx, signals...)
	// Of SIGTERM a second one may be no more than the first passed on by make.
	context.AfterFunc(ctx, func() { signal.Reset(os.Interrupt) })
	return ctx, cancel
}
