package webkit

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/inpage"
)

// polling is how often the browser is asked for what a step waits for.
const polling = 20 * time.Millisecond

// Do does one step.
func (s *Session) Do(ctx context.Context, step browsers.Step) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	during, done := s.during(ctx)
	defer done()
	err := s.do(during, step)
	if err == nil {
		return nil
	}
	if err = s.explain(during, err); !errors.Is(err, browsers.ErrCrashed) {
		err = fmt.Errorf("%w%s", err, s.shown(ctx))
	}
	return &browsers.StepError{Step: step, Err: err}
}

// explain tells the death of the browser from other errors. The connection to the driver may break a moment before its process is gone.
func (s *Session) explain(ctx context.Context, err error) error {
	const grace = 2 * time.Second
	// The driver ends the session of a page that died or hangs, and the first command that meets it has another answer.
	const over = "invalid session id"
	if hasCode(err, over) {
		return fmt.Errorf("%w (that of a page): %w", browsers.ErrCrashed, err)
	}
	var refusal *wireError
	if errors.As(err, &refusal) && refusal.Code != "unknown error" || errors.Is(err, errNotYet) || ctx.Err() != nil && s.alive.Err() == nil {
		return err
	}
	died := time.NewTimer(grace)
	defer died.Stop()
	select {
	case <-s.alive.Done():
		return context.Cause(s.alive)
	case <-died.C:
		if ended := s.refresh(ctx); hasCode(ended, over) {
			return fmt.Errorf("%w (that of a page): %w", browsers.ErrCrashed, ended)
		}
		return err
	}
}

func (s *Session) shown(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	documents, err := s.documents(ctx)
	if err != nil {
		return ""
	}
	return inpage.Shown(documents)
}

func (s *Session) do(ctx context.Context, step browsers.Step) error {
	switch {
	case step.Visit != "":
		return s.visit(ctx, step)
	case step.Click != "":
		return s.act(ctx, step, step.Click, func(e element) error { return s.wire.post(ctx, "/element/"+e.ID+"/click", nil, nil) })
	case step.Fill != "":
		return s.act(ctx, step, step.Fill, func(e element) error { return s.wire.evaluate(ctx, inpage.Fill, nil, e, step.With) })
	case step.Submit != "":
		return s.act(ctx, step, step.Submit, func(e element) error { return s.wire.evaluate(ctx, inpage.Submit, nil, e) })
	case step.See != "":
		return s.wait(ctx, step, inpage.Seen, step.See)
	case step.NotSee != "":
		return s.wait(ctx, step, inpage.NotSeen, step.NotSee)
	case step.URL != "":
		return s.wait(ctx, step, inpage.At, step.URL)
	case step.Script != "":
		return s.wait(ctx, step, inpage.Holds(step.Script), "")
	}
	return errors.New("a step says nothing to do")
}

// visit returns when the page has been loaded, or another to which its script went on.
func (s *Session) visit(ctx context.Context, step browsers.Step) error {
	if _, known := s.tabs[step.InTab]; !known && !step.InPopup && step.InFrame == "" {
		var made struct{ Handle string }
		if err := s.wire.post(ctx, "/window/new", map[string]any{"type": "tab"}, &made); err != nil {
			return err
		}
		s.tabs[step.InTab] = made.Handle
		s.windows = append(s.windows, made.Handle)
	}
	return s.until(ctx, func() error {
		if err := s.enter(ctx, step); err != nil {
			return err
		}
		if step.InFrame != "" {
			return s.wire.evaluate(ctx, `address => { location.href = address }`, nil, step.Visit)
		}
		return s.wire.post(ctx, "/url", map[string]any{"url": step.Visit}, nil)
	})
}

// errNotYet is what a step waits for an end of.
var errNotYet = errors.New("it is not there")

func (s *Session) wait(ctx context.Context, step browsers.Step, condition, wanted string) error {
	return s.until(ctx, func() error {
		if err := s.enter(ctx, step); err != nil {
			return err
		}
		var holds bool
		if err := s.wire.evaluate(ctx, condition, &holds, wanted); err != nil || holds {
			return err
		}
		return errNotYet
	})
}

// act does what a person does with an element, when there is one that lets it be done.
func (s *Session) act(ctx context.Context, step browsers.Step, selector string, do func(element) error) error {
	return s.until(ctx, func() error {
		if err := s.enter(ctx, step); err != nil {
			return err
		}
		var found []element
		if err := s.wire.post(ctx, "/elements", locator(selector), &found); err != nil {
			return err
		}
		if len(found) > 0 {
			return do(found[0])
		}
		var inShadow *element // where WebDriver does not look
		if err := s.wire.evaluate(ctx, inpage.Find, &inShadow, selector); err != nil {
			return err
		}
		if inShadow == nil {
			return fmt.Errorf("%w: no element matches %s", errNotYet, selector)
		}
		return do(*inShadow)
	})
}

// until tries again and again until it succeeds, or fails for a reason that does not pass.
func (s *Session) until(ctx context.Context, try func() error) error {
	again := time.NewTicker(polling)
	defer again.Stop()
	for {
		err := try()
		if err == nil || ctx.Err() == nil && !transient(err) {
			return err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			if transient(err) {
				return fmt.Errorf("%w: %w", err, context.Cause(ctx))
			}
			return context.Cause(ctx)
		}
	}
}

// transient says whether err is about something that may be as it should in a moment.
func transient(err error) bool {
	return errors.Is(err, errNotYet) || hasCode(err, "no such frame", "no such window", "no such element", "stale element reference",
		"element not interactable", "element click intercepted", "detached shadow root")
}

// locator is a step's selector in WebDriver's words. A text is an element's whole text, or a button's label, and the innermost such
// element is meant.
func locator(selector string) map[string]string {
	text, isText := strings.CutPrefix(selector, "text=")
	if !isText {
		return map[string]string{"using": "css selector", "value": selector}
	}
	text = xpathString(strings.Join(strings.Fields(text), " "))
	is := "normalize-space(.)=" + text
	return map[string]string{"using": "xpath", "value": "//body//*[not(self::script or self::style)][" + is + "][not(*[" + is + "])]" +
		" | //input[@type='submit' or @type='button' or @type='reset'][normalize-space(@value)=" + text + "]"}
}

// xpathString quotes a text for XPath 1.0, which has no escapes.
func xpathString(s string) string {
	if !strings.Contains(s, `"`) {
		return `"` + s + `"`
	}
	return `concat("` + strings.ReplaceAll(s, `"`, `", '"', "`) + `")`
}
