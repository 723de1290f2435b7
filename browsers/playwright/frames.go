package playwright

import (
	"context"
	"fmt"

	pw "github.com/playwright-community/playwright-go"

	"github.com/cookiegate/cookiegate/browsers"
)

// frame is the frame that a step means. It waits until there is one: a popup may not have opened yet, a frame not be there.
func (s *Session) frame(ctx context.Context, step browsers.Step) (pw.Frame, error) {
	for {
		_, changed := s.state()
		page := s.page(step)
		if page != nil && step.InFrame == "" {
			return page.MainFrame(), nil
		}
		if page != nil {
			if f := s.named(page, step.InFrame); f != nil {
				return f, nil
			}
		}
		select {
		case <-changed:
		case <-s.browser.done:
			return nil, s.browser.crashed()
		case <-ctx.Done():
			return nil, fmt.Errorf("%w: %w", s.missing(page, step), context.Cause(ctx))
		}
	}
}

func (s *Session) page(step browsers.Step) pw.Page {
	if step.InPopup {
		return s.popup()
	}
	if page := s.tab(step.InTab); page != nil && !page.IsClosed() {
		return page
	}
	return nil
}

// named is the frame of a name at any depth, nil when there is none.
func (s *Session) named(page pw.Page, name string) pw.Frame {
	for _, f := range s.framesOf(page) {
		if f.Name() == name && f != page.MainFrame() {
			return f
		}
	}
	return nil
}

func (s *Session) missing(page pw.Page, step browsers.Step) error {
	switch {
	case page == nil && step.InPopup:
		return fmt.Errorf("no page has opened a window")
	case page == nil && step.InTab != "":
		return fmt.Errorf("no tab %s is open", step.InTab)
	case page == nil:
		return fmt.Errorf("the first tab is closed")
	}
	var names []string
	for _, f := range s.framesOf(page) {
		if f.Name() != "" {
			names = append(names, f.Name())
		}
	}
	return fmt.Errorf("there is no frame %s, only %q", step.InFrame, names)
}
