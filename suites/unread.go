package suites

import (
	"context"
	"errors"
	"os"
	"time"
)

// ErrUnread is why a run ends that nobody reads.
var ErrUnread = errors.New("nobody reads the output any more")

// WhileRead is ctx until nobody reads what the program prints to f, a pipe to head or to a pager that was left. A run prints its tables when it is over: it
// would go on for as long as it takes, for nobody.
func WhileRead(ctx context.Context, f *os.File) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		ticks := time.NewTicker(500 * time.Millisecond)
		defer ticks.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticks.C:
				if Unread(f) {
					cancel(ErrUnread)
				}
			}
		}
	}()
	return ctx, func() { cancel(nil) }
}
