package webkit

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/inpage"
	"github.com/cookiegate/cookiegate/browsers/process"
)

// Session is one browser process with its driver process.
type Session struct {
	browser *Browser
	driver  *process.Process
	wire    *wire
	pid     int             // of the browser
	alive   context.Context // ends with browsers.ErrCrashed
	end     context.CancelCauseFunc

	mu      sync.Mutex // one step at a time: they share the driver's notion of the current frame
	windows []string   // in the order of their opening
	tabs    map[string]string
}

// open starts the driver process and has it start the browser.
func (b *Browser) open(ctx context.Context, o browsers.SessionOptions) (*Session, error) {
	s := &Session{browser: b, tabs: map[string]string{}}
	s.alive, s.end = context.WithCancelCause(context.Background())
	if err := s.startDriver(ctx); err != nil {
		return nil, err
	}
	if err := s.startBrowser(ctx, o); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// startDriver starts WebKitWebDriver, which says neither which port it took nor when it is ready.
func (s *Session) startDriver(ctx context.Context) error {
	port, reserved, err := reservePort()
	if err != nil {
		return err
	}
	defer reserved.Close() // when the driver has it
	dir := s.browser.options.Dir
	s.driver, _, err = process.Start(ctx, process.Options{
		Path: "WebKitWebDriver",
		Args: []string{"--port=" + port},
		Env: append(environment(s.browser.display),
			"HOME="+dir, "XDG_CACHE_HOME="+dir, "XDG_CONFIG_HOME="+dir, "XDG_DATA_HOME="+dir),
	}, nil)
	if err != nil {
		return err
	}
	address := net.JoinHostPort("127.0.0.1", port)
	s.wire = newWire("http://" + address)
	again := time.NewTicker(polling)
	defer again.Stop()
	for {
		if c, err := (&net.Dialer{}).DialContext(ctx, "tcp", address); err == nil {
			return c.Close()
		}
		select {
		case <-again.C:
		case <-s.driver.Done():
			return fmt.Errorf("WebKitWebDriver ended at its start%s", s.driver.Output())
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("WebKitWebDriver did not start: %w", context.Cause(ctx)), s.driver.Close())
		}
	}
}

func (s *Session) startBrowser(ctx context.Context, o browsers.SessionOptions) error {
	args := append([]string{"--automation", "--ignore-tls-errors", "--proxy=" + s.browser.options.Proxy}, flags(s.browser.options.Policy)...)
	if o.Viewport != [2]int{} {
		args = append(args, fmt.Sprintf("--geometry=%dx%d", o.Viewport[0], o.Viewport[1]))
	}
	var made struct {
		SessionID string
	}
	starting, end := context.WithCancelCause(ctx)
	defer end(nil)
	go func() { end(s.missing(starting)) }()
	err := s.wire.post(starting, "/session", map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{
		"acceptInsecureCerts":      true, // the front door's are of its own authority
		"unhandledPromptBehavior":  "dismiss",
		"webkitgtk:browserOptions": map[string]any{"binary": s.browser.exe.Path, "args": args},
	}}}, &made)
	if err != nil {
		return fmt.Errorf("start MiniBrowser: %w%s", err, s.driver.Output())
	}
	s.wire.base += "/session/" + made.SessionID
	var ok bool
	if s.pid, ok = process.Child(s.driver.PID()); !ok {
		return browsers.ErrCrashed
	}
	s.browser.know(s) // before anything can be missed
	go s.watch(process.Gone(s.pid))
	if err := s.refresh(ctx); err != nil {
		return err
	}
	if len(s.windows) == 0 {
		return errors.New("MiniBrowser opened no window")
	}
	s.tabs[""] = s.windows[0]
	return nil
}

// absence is how long there may be no MiniBrowser while one is started. The driver starts it at once, and waits for ever for one that has ended.
const absence = 5 * time.Second

// missing returns when MiniBrowser is not there, or at ctx's end.
func (s *Session) missing(ctx context.Context) error {
	const often = absence / 20
	again := time.NewTicker(often)
	defer again.Stop()
	for seen := time.Now(); ; {
		if _, ok := process.Child(s.driver.PID()); ok {
			seen = time.Now()
		} else if time.Since(seen) > absence {
			return errors.New("it ended at its start")
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// watch ends the session with its browser, its driver or its screen.
func (s *Session) watch(gone <-chan struct{}) {
	select {
	case <-gone:
	case <-s.driver.Done():
	case <-s.browser.done:
	case <-s.alive.Done():
	}
	s.end(browsers.ErrCrashed)
	s.browser.miss(s)
}

// during is ctx as long as the session lives. Its cause is browsers.ErrCrashed when that came first.
func (s *Session) during(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(s.alive, func() { cancel(context.Cause(s.alive)) })
	return ctx, func() {
		stop()
		cancel(nil)
	}
}

// refresh brings the list of windows up to date.
func (s *Session) refresh(ctx context.Context) error {
	var open []string
	if err := s.wire.get(ctx, "/window/handles", &open); err != nil {
		return err
	}
	s.windows = slices.DeleteFunc(s.windows, func(w string) bool { return !slices.Contains(open, w) })
	for _, w := range open {
		if !slices.Contains(s.windows, w) {
			s.windows = append(s.windows, w)
		}
	}
	return nil
}

// popup is the window opened last by a page and still open, empty when there is none.
func (s *Session) popup() string {
	for _, w := range slices.Backward(s.windows) {
		byStep := false
		for _, tab := range s.tabs {
			byStep = byStep || tab == w
		}
		if !byStep {
			return w
		}
	}
	return ""
}

// AdvanceClock is not available, and no session was opened that would need it.
func (s *Session) AdvanceClock(context.Context, time.Duration) error {
	return errors.New("WebDriver cannot move the clock of WebKit's pages")
}

// Blocked is nil: WebKit reports no cookies that it did not store or send.
func (s *Session) Blocked() []browsers.BlockedCookie { return nil }

// Documents are all documents open now.
func (s *Session) Documents(ctx context.Context) ([]browsers.Document, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ctx, done := s.during(ctx)
	defer done()
	return s.documents(ctx)
}

func (s *Session) documents(ctx context.Context) ([]browsers.Document, error) {
	if err := s.refresh(ctx); err != nil {
		return nil, err
	}
	var all []browsers.Document
	for i, w := range s.windows {
		if err := s.enterWindow(ctx, w); err != nil {
			continue // closed just now
		}
		_, err := s.walk(ctx, "", func(name string) (bool, error) {
			d := browsers.Document{Page: i, Frame: name}
			var answer map[string]any
			if err := s.wire.evaluate(ctx, inpage.Read, &answer); err != nil {
				return false, err
			}
			inpage.Document(&d, answer)
			all = append(all, d)
			return false, nil
		})
		if err != nil && !transient(err) {
			return nil, err
		}
	}
	return all, nil
}

// Screenshot is a PNG of the window that was opened last and is still open.
func (s *Session) Screenshot(ctx context.Context) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ctx, done := s.during(ctx)
	defer done()
	var picture string
	err := s.refresh(ctx)
	if err == nil && len(s.windows) == 0 {
		err = errors.New("no page is open")
	}
	if err == nil {
		err = s.enterWindow(ctx, s.windows[len(s.windows)-1])
	}
	if err == nil {
		err = s.wire.get(ctx, "/screenshot", &picture)
	}
	if err != nil {
		return nil, fmt.Errorf("screenshot: %w", err)
	}
	return base64.StdEncoding.DecodeString(picture)
}

// Close ends the browser process and its driver.
func (s *Session) Close() error {
	s.browser.forget(s)
	s.end(errors.New("the session is closed"))
	if err := s.driver.Close(); err != nil {
		return fmt.Errorf("close a session: %w", err)
	}
	s.wire.http.CloseIdleConnections()
	return nil
}

var _ browsers.Session = (*Session)(nil)
