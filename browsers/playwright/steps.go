package playwright

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	pw "github.com/playwright-community/playwright-go"

	"github.com/cookiegate/cookiegate/browsers"
)

// Do does one step.
func (s *Session) Do(ctx context.Context, step browsers.Step) error {
	err := s.do(ctx, step)
	if err == nil {
		return nil
	}
	if s.dead() {
		err = fmt.Errorf("%w (that of a page)", browsers.ErrCrashed)
	}
	if !errors.Is(err, browsers.ErrCrashed) {
		err = fmt.Errorf("%w%s", err, s.shown(ctx, step))
	}
	return &browsers.StepError{Step: step, Err: err}
}

func (s *Session) do(ctx context.Context, step browsers.Step) error {
	switch {
	case step.Visit != "":
		return s.visit(ctx, step)
	case step.Click != "":
		return s.act(ctx, step, func(f pw.Frame) error {
			return f.Locator(selector(step.Click)).Click(pw.LocatorClickOptions{Timeout: timeout(ctx)})
		})
	case step.Fill != "":
		return s.act(ctx, step, func(f pw.Frame) error {
			_, err := f.Locator(selector(step.Fill)).Evaluate(fill, step.With, pw.LocatorEvaluateOptions{Timeout: timeout(ctx)})
			return err
		})
	case step.Submit != "":
		return s.act(ctx, step, func(f pw.Frame) error {
			_, err := f.Locator(selector(step.Submit)).Evaluate(submit, nil, pw.LocatorEvaluateOptions{Timeout: timeout(ctx)})
			return err
		})
	case step.See != "":
		return s.wait(ctx, step, seen, step.See)
	case step.NotSee != "":
		return s.wait(ctx, step, notSeen, step.NotSee)
	}
	return errors.New("a step says nothing to do")
}

// fill and submit are done within the document: Firefox's keyboard does not reach a frame of another site. The events that a page may
// listen for are those of a person's doing, and a form goes out by its button where it has one.
const (
	fill = `(field, value) => {
		if (field.disabled || field.readOnly) throw new Error('the field cannot be filled in: it is disabled or read-only');
		field.focus();
		const owner = field.ownerDocument.defaultView[field.localName === 'textarea' ? 'HTMLTextAreaElement' : 'HTMLInputElement'];
		Object.getOwnPropertyDescriptor(owner.prototype, 'value').set.call(field, value);
		field.dispatchEvent(new Event('input', {bubbles: true}));
		field.dispatchEvent(new Event('change', {bubbles: true}));
	}`
	submit = `form => {
		const button = form.querySelector('button:not([type]):enabled, [type=submit]:enabled, [type=image]:enabled');
		button ? button.click() : form.requestSubmit();
	}`
)

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
		return until(ctx, f, parsed, nil)
	})
}

// What a step waits for in a document. White space counts as a person sees it.
const (
	parsed  = `() => document.readyState !== 'loading'`
	text    = `(document.body ? document.body.innerText : '').replace(/\s+/g, ' ')`
	seen    = `wanted => ` + text + `.includes(wanted.replace(/\s+/g, ' '))`
	notSeen = `wanted => document.readyState !== 'loading' && !` + text + `.includes(wanted.replace(/\s+/g, ' '))`
)

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
	err = s.browser.await(ctx, func() error { return do(f) })
	if err != nil && disconnected(err) && f.Page().IsClosed() && !errors.Is(err, browsers.ErrCrashed) {
		return nil
	}
	return err
}

// selector is a step's selector in Playwright's words: the text in quotes is the whole text, in its letter case.
func selector(s string) string {
	if text, ok := strings.CutPrefix(s, "text="); ok {
		return fmt.Sprintf("text=%q", text)
	}
	return "css=" + s
}

// shown is what was there instead of what a step wanted, for its error.
func (s *Session) shown(ctx context.Context, step browsers.Step) string {
	const enough = 200
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	documents, err := s.Documents(ctx)
	if err != nil {
		return ""
	}
	var b strings.Builder
	for _, d := range documents {
		text := strings.Join(strings.Fields(d.Text), " ")
		if len(text) > enough {
			text = text[:enough] + "…"
		}
		where := "page"
		if d.Frame != "" {
			where = "frame " + d.Frame
		}
		fmt.Fprintf(&b, "\n  %s %s showed: %q", where, withoutQuery(d.URL), text)
	}
	return b.String()
}

// withoutQuery leaves out what may be secret.
func withoutQuery(url string) string {
	if i := strings.IndexAny(url, "?#"); i >= 0 {
		return url[:i]
	}
	return url
}
