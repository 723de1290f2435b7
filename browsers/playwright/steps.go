package playwright

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	pw "github.com/playwright-community/playwright-go"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/inpage"
)

// Do does one step.
func (s *Session) Do(ctx context.Context, step browsers.Step) error {
	during, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(s.alive, func() { cancel(errPageDied) })() // Playwright would wait for an answer from a page whose process is gone
	err := s.do(during, step)
	if err == nil {
		return nil
	}
	if s.alive.Err() == nil && !errors.Is(err, browsers.ErrCrashed) {
		err = fmt.Errorf("%w%s", err, s.shown(ctx))
	}
	if s.alive.Err() != nil { // known before, or by what was shown
		err = context.Cause(s.alive)
	}
	return &browsers.StepError{Step: step, Err: err}
}

func (s *Session) do(ctx context.Context, step browsers.Step) error {
	switch {
	case step.Visit != "":
		return s.visit(ctx, step)
	case step.Click != "":
		return s.act(ctx, step, func(f pw.Frame) error {
			return locate(f, step.Click).Click(pw.LocatorClickOptions{Timeout: timeout(ctx)})
		})
	case step.Fill != "":
		return s.act(ctx, step, func(f pw.Frame) error {
			_, err := locate(f, step.Fill).Evaluate(inpage.Fill, step.With, pw.LocatorEvaluateOptions{Timeout: timeout(ctx)})
			return err
		})
	case step.Submit != "":
		return s.act(ctx, step, func(f pw.Frame) error {
			_, err := locate(f, step.Submit).Evaluate(inpage.Submit, nil, pw.LocatorEvaluateOptions{Timeout: timeout(ctx)})
			return err
		})
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

// visit returns when a document has been parsed. That may be another than the one that was asked for, whose script went on to it.
func (s *Session) visit(ctx context.Context, step browsers.Step) error {
	var f pw.Frame
	if page := s.tab(step.InTab); page == nil && step.InTab != "" && !step.InPopup && step.InFrame == "" {
		err := s.browser.await(ctx, func() error {
			page, err := s.newTab(step.InTab)
			if err == nil {
				f = page.MainFrame()
			}
			return err
		})
		if err != nil {
			return err
		}
	} else {
		var err error
		if f, err = s.frame(ctx, step); err != nil {
			return err
		}
	}
	return s.browser.await(ctx, func() error {
		if _, err := f.Goto(step.Visit, pw.FrameGotoOptions{WaitUntil: pw.WaitUntilStateCommit, Timeout: timeout(ctx)}); err != nil {
			return err
		}
		return until(ctx, f, inpage.Parsed, nil)
	})
}

// wait waits until condition holds in the step's document, over navigations; a frame that is taken out may be put in again.
func (s *Session) wait(ctx context.Context, step browsers.Step, condition, wanted string) error {
	for {
		f, err := s.frame(ctx, step)
		if err != nil {
			return err
		}
		err = s.browser.await(ctx, func() error { return until(ctx, f, condition, wanted) })
		if err == nil || ctx.Err() != nil || errors.Is(err, browsers.ErrCrashed) || !f.IsDetached() && !f.Page().IsClosed() {
			return err
		}
	}
}

// act does what a person does with an element. That may close the window it is in, under the hand so to speak.
func (s *Session) act(ctx context.Context, step browsers.Step, do func(pw.Frame) error) error {
	f, err := s.frame(ctx, step)
	if err != nil {
		return err
	}
	err = s.browser.await(ctx, func() error {
		if open, _ := s.state(); len(open) > 1 { // behind another a page stands still, and a person cannot reach it
			if err := f.Page().BringToFront(); err != nil {
				return err
			}
		}
		return do(f)
	})
	if err != nil && disconnected(err) && f.Page().IsClosed() && !errors.Is(err, browsers.ErrCrashed) {
		return nil
	}
	return err
}

// locate is the first element that a step's selector matches. In Playwright's words, a text in quotes is the whole text, in its letter case.
func locate(f pw.Frame, selector string) pw.Locator {
	if text, ok := strings.CutPrefix(selector, "text="); ok {
		return f.Locator(fmt.Sprintf("text=%q", text)).First()
	}
	return f.Locator("css=" + selector).First()
}

// shown is what was there instead of what a step wanted, for its error.
func (s *Session) shown(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	documents, err := s.Documents(ctx)
	if err != nil {
		return ""
	}
	return inpage.Shown(documents)
}
