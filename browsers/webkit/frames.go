package webkit

import (
	"context"
	"fmt"

	"github.com/cookiegate/cookiegate/browsers"
)

// enter makes the document that a step means the current one. What may come yet is a transient error.
func (s *Session) enter(ctx context.Context, step browsers.Step) error {
	if err := s.refresh(ctx); err != nil {
		return err
	}
	window := s.tabs[step.InTab]
	if step.InPopup {
		window = s.popup()
	}
	if window == "" {
		return fmt.Errorf("%w: no page has opened a window, or no such tab is open", errNotYet)
	}
	if err := s.enterWindow(ctx, window); err != nil {
		return err
	}
	if step.InFrame == "" {
		return nil
	}
	way, err := s.walk(ctx, "", func(name string) (bool, error) { return name == step.InFrame, nil })
	if err != nil {
		return err
	}
	if way == nil {
		return fmt.Errorf("%w: there is no frame %s", errNotYet, step.InFrame)
	}
	if step.Click != "" {
		return s.reveal(ctx, way)
	}
	return nil
}

// enterWindow makes a window's own document the current one, whichever frame was: WebDriver leaves all frames with a change of windows.
func (s *Session) enterWindow(ctx context.Context, handle string) error {
	return s.wire.post(ctx, "/window", map[string]any{"handle": handle}, nil)
}

// children are the frames of the current document, with their names.
const children = `() => [...document.querySelectorAll('iframe, frame')].map(f => ({frame: f, name: f.name}))`

// walk visits the current document and all frames below it, at any depth, each of which is the current one then. It stops at the first
// that visit says to stop at, leaves that the current one, and returns the way there.
func (s *Session) walk(ctx context.Context, name string, visit func(name string) (stop bool, err error)) (way []element, err error) {
	stop, err := visit(name)
	if stop || err != nil {
		return []element{}, err
	}
	var frames []struct {
		Frame element
		Name  string
	}
	if err := s.wire.evaluate(ctx, children, &frames); err != nil {
		return nil, err
	}
	for _, f := range frames {
		if err := s.wire.post(ctx, "/frame", map[string]any{"id": f.Frame}, nil); err != nil {
			return nil, err
		}
		if way, err := s.walk(ctx, f.Name, visit); way != nil || err != nil {
			return append([]element{f.Frame}, way...), err
		}
		if err := s.wire.post(ctx, "/frame/parent", nil, nil); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// reveal brings the frame at the end of a way into view, frame by frame: a click scrolls within its own document only, and what is out of
// sight in an outer one is missed.
func (s *Session) reveal(ctx context.Context, way []element) error {
	if err := s.wire.post(ctx, "/frame", map[string]any{"id": nil}, nil); err != nil {
		return err
	}
	for _, frame := range way {
		if err := s.wire.evaluate(ctx, `frame => frame.scrollIntoView({block: 'center', inline: 'center'})`, nil, frame); err != nil {
			return err
		}
		if err := s.wire.post(ctx, "/frame", map[string]any{"id": frame}, nil); err != nil {
			return err
		}
	}
	return nil
}
