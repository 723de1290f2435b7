package playwright

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	pw "github.com/playwright-community/playwright-go"

	"github.com/cookiegate/cookiegate/browsers"
)

// Session is a browser context driven step by step. One step at a time.
type Session struct {
	browser  *Browser
	context  pw.BrowserContext
	script   pw.CDPSession // with the driver script, about the context
	owned    bool          // the context is this session's, not the profile's
	evidence Evidence
	trace    string
	alive    context.Context // ends with the process behind a page
	end      context.CancelCauseFunc

	mu      sync.Mutex
	pages   []pw.Page              // in the order of their opening, closed ones too
	frames  map[pw.Page][]pw.Frame // kept by us: the client's own list is wrong after a frame was taken out
	tabs    map[string]pw.Page     // opened by steps
	changed chan struct{}          // closed and replaced when a page or frame comes, goes or navigates
}

// NewSession opens a fresh context. In a persistent browser it is the profile's own. So it is in private windows and with an
// extension, for a context made by automation heeds no rule for the one and has none of the other; there a fresh one takes a fresh process.
func (b *Browser) NewSession(ctx context.Context, o browsers.SessionOptions) (browsers.Session, error) {
	if err := b.wake(ctx); err != nil {
		return nil, fmt.Errorf("open a session in %s: %w", b.engine.Name(), err)
	}
	_, browser := b.current()
	s := &Session{browser: b, owned: !b.persistent && !b.perSession, trace: o.Trace, frames: map[pw.Page][]pw.Frame{}, tabs: map[string]pw.Page{}, changed: make(chan struct{})}
	s.alive, s.end = context.WithCancelCause(context.Background())
	var opening sync.Mutex // held while open runs, for nobody may wait for it any more
	var givenUp bool
	open := func() (err error) {
		opening.Lock()
		defer opening.Unlock()
		if givenUp {
			return context.Canceled
		}
		if s.context, err = contextOf(browser, s.owned, o); err != nil {
			return err
		}
		p, _ := b.current()
		if err := p.Prepare(s.context); err != nil {
			return err
		}
		s.context.OnPage(s.opened)
		if err := setClock(s.context, o.Clock); err != nil {
			return err
		}
		if s.trace != "" {
			if err := s.context.Tracing().Start(pw.TracingStartOptions{Screenshots: pw.Bool(true), Snapshots: pw.Bool(true)}); err != nil {
				return err
			}
		}
		page, err := s.newTab("")
		if err != nil {
			return err
		}
		if s.script, err = s.context.NewCDPSession(page); err != nil {
			return err
		}
		s.evidence = p.Watch(s.script)
		return nil
	}
	if err := b.await(ctx, open); err != nil {
		go func() { // it may hang with the browser; nobody waits for it
			opening.Lock()
			defer opening.Unlock()
			givenUp = true
			if s.owned && s.context != nil {
				_ = s.context.Close()
			}
		}()
		if b.perSession {
			err = errors.Join(err, b.endWithSession())
		}
		return nil, fmt.Errorf("open a session in %s: %w", b.engine.Name(), err)
	}
	return s, nil
}

func contextOf(b pw.Browser, owned bool, o browsers.SessionOptions) (pw.BrowserContext, error) {
	if !owned {
		for _, c := range b.Contexts() {
			return c, nil
		}
		return nil, errors.New("the browser has no context of its own")
	}
	options := pw.BrowserNewContextOptions{NoViewport: pw.Bool(true)}
	if o.Viewport != [2]int{} {
		options.NoViewport, options.Viewport = nil, &pw.Size{Width: o.Viewport[0], Height: o.Viewport[1]}
	}
	return b.NewContext(options)
}

var errPageDied = fmt.Errorf("%w (that of a page)", browsers.ErrCrashed)

// opened takes note of a new page. It is called from the connection's own goroutine and must not ask anything of the browser.
func (s *Session) opened(p pw.Page) {
	p.OnFrameAttached(func(f pw.Frame) { s.note(func() { s.frames[p] = append(s.frames[p], f) }) })
	p.OnFrameDetached(func(f pw.Frame) {
		s.note(func() {
			s.frames[p] = slices.DeleteFunc(slices.Clone(s.frames[p]), func(g pw.Frame) bool { return g == f })
		})
	})
	p.OnFrameNavigated(func(pw.Frame) { s.note(nil) })
	p.OnClose(func(pw.Page) { s.note(nil) })
	p.OnCrash(func(pw.Page) { s.end(errPageDied) })
	s.note(func() {
		s.pages = append(s.pages, p)
		s.frames[p] = slices.Clone(p.Frames())
	})
}

// note changes the session's books and wakes who waits for a change.
func (s *Session) note(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if change != nil {
		change()
	}
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *Session) newTab(name string) (pw.Page, error) {
	p, _ := s.browser.current()
	page, err := p.NewPage(s.context)
	if err != nil {
		return nil, err
	}
	if open, _ := s.state(); !slices.Contains(open, page) { // it was there before
		s.opened(page)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tabs[name] = page
	return page, nil
}

// state is what is open now, and a channel that is closed when that changes.
func (s *Session) state() (open []pw.Page, changed <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.pages), pw.Page.IsClosed), s.changed
}

// framesOf are the frames in a page now, its own document's first.
func (s *Session) framesOf(p pw.Page) []pw.Frame {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.frames[p])
}

// tab is the page of a name, nil when there is none yet.
func (s *Session) tab(name string) pw.Page {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tabs[name]
}

// popup is the window opened last by a page and still open, nil when there is none.
func (s *Session) popup() pw.Page {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range slices.Backward(s.pages) {
		if !p.IsClosed() && !s.byStep(p) {
			return p
		}
	}
	return nil
}

func (s *Session) byStep(p pw.Page) bool {
	for _, tab := range s.tabs {
		if tab == p {
			return true
		}
	}
	return false
}

// Blocked are the cookies that the engine itself says it did not store or send.
func (s *Session) Blocked() []browsers.BlockedCookie {
	if s.evidence == nil {
		return nil
	}
	return s.evidence.Blocked()
}

// Screenshot is a PNG of the page that was opened last and is still open.
func (s *Session) Screenshot(ctx context.Context) ([]byte, error) {
	open, _ := s.state()
	if len(open) == 0 {
		return nil, errors.New("screenshot: no page is open")
	}
	var png []byte
	err := s.browser.await(ctx, func() (err error) {
		png, err = open[len(open)-1].Screenshot(pw.PageScreenshotOptions{Timeout: timeout(ctx)})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("screenshot: %w", err)
	}
	return png, nil
}

// closeTime bounds Close: a browser that does not close a page in this time hangs.
const closeTime = 15 * time.Second

// Close closes the context, or ends the process that was for this session alone; a persistent profile's own context stays, without the pages.
func (s *Session) Close() error {
	ctx, cancel := context.WithTimeoutCause(context.Background(), closeTime, errors.New("the browser hangs"))
	defer cancel()
	err := s.browser.await(ctx, func() error {
		var err error
		if s.trace != "" {
			err = s.context.Tracing().Stop(s.trace)
		}
		if s.owned {
			return errors.Join(err, s.context.Close())
		}
		if s.browser.perSession {
			return err
		}
		open, _ := s.state()
		for _, p := range open {
			err = errors.Join(err, p.Close())
		}
		return err
	})
	if s.browser.perSession {
		err = errors.Join(err, s.browser.endWithSession())
	}
	if err != nil {
		return fmt.Errorf("close a session: %w", err)
	}
	return nil
}

var _ browsers.Session = (*Session)(nil)
