package playwright

import (
	"context"
	"time"

	pw "github.com/playwright-community/playwright-go"
)

// polling is how often a page is asked for what a step waits for.
const polling = 20 * time.Millisecond

// until waits until a condition holds in a frame's document, over navigations. It asks again and again from here: what waits within a page, as
// Playwright's own WaitForFunction does, is subject to the page's Content-Security-Policy.
func until(ctx context.Context, f pw.Frame, condition string, argument any) error {
	again := time.NewTicker(polling)
	defer again.Stop()
	for {
		holds, err := f.Evaluate(condition, argument)
		if holds == true || err != nil && !navigated(err) {
			return err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// navigated says whether err is only about a document that has made way for another.
func navigated(err error) bool {
	return says(err, "Execution context was destroyed", "because of a navigation", "Cannot find context with specified id",
		// Firefox's remote agent, of a window whose document has just gone.
		"right-hand side of 'in' should be an object, got null")
}
