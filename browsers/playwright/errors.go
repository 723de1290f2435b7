package playwright

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	pw "github.com/playwright-community/playwright-go"
)

// lead is kept back from a step's time, so that Playwright's own words about what it waited for come before the step's end.
const lead = 150 * time.Millisecond

// timeout is the time that ctx leaves to Playwright, in milliseconds; 0 for no limit.
func timeout(ctx context.Context) *float64 {
	deadline, ok := ctx.Deadline()
	if !ok {
		return pw.Float(0)
	}
	left := time.Until(deadline)
	left -= min(lead, left/10)
	return pw.Float(max(1, float64(left.Milliseconds())))
}

// disconnected says whether err is about something that is no longer there, not about something that is not as it should be.
func disconnected(err error) bool {
	if errors.Is(err, pw.ErrTargetClosed) {
		return true
	}
	return driverless(err) || says(err, "Target crashed", "Page crashed", "Browser has been closed", "Protocol error")
}

// driverless says whether err is about the driver process, which goes a moment before anybody hears that it is gone.
func driverless(err error) bool { return says(err, "Connection closed", "could not send message") }

func says(err error, any ...string) bool {
	return slices.ContainsFunc(any, func(words string) bool { return strings.Contains(err.Error(), words) })
}

var colors = regexp.MustCompile("\x1b\\[[0-9;]*m")

// plain is err without a terminal's colours and Playwright's own names for its layers.
func plain(err error) error {
	if err == nil {
		return nil
	}
	return &plainError{err}
}

type plainError struct{ err error }

func (e *plainError) Unwrap() error { return e.err }

func (e *plainError) Error() string {
	s := colors.ReplaceAllString(e.err.Error(), "")
	s = strings.TrimPrefix(s, "playwright: ")
	s = strings.TrimPrefix(s, "timeout: ")
	s = strings.TrimPrefix(s, "target closed: ")
	return strings.TrimSpace(s)
}
