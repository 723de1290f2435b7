package playwright

import (
	"context"
	"fmt"
	"time"

	pw "github.com/playwright-community/playwright-go"
)

// setClock makes all pages of c show t, and no later time until the clock is advanced. The zero time leaves them the real clock.
func setClock(c pw.BrowserContext, t time.Time) error {
	if t.IsZero() {
		return nil
	}
	// A page that is open already (a profile's own context) ticks between the two calls, and the clock cannot be paused in its past.
	const ahead = time.Minute
	if err := c.Clock().Install(pw.ClockInstallOptions{Time: t.Add(-ahead)}); err != nil {
		return fmt.Errorf("install the page clock: %w", err)
	}
	if err := c.Clock().PauseAt(t); err != nil {
		return fmt.Errorf("stop the page clock: %w", err)
	}
	return nil
}

// AdvanceClock moves the clock of all pages and runs the timers that fall due, each at its time.
func (s *Session) AdvanceClock(ctx context.Context, d time.Duration) error {
	if err := s.browser.await(ctx, func() error { return s.context.Clock().RunFor(d.Milliseconds()) }); err != nil {
		return fmt.Errorf("advance the page clock by %s: %w", d, err)
	}
	return nil
}
