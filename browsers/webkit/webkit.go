package webkit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/browsers/process"
	"github.com/cookiegate/cookiegate/browsers/screen"
)

// Driver drives WebKitGTK. The zero value is ready.
type Driver struct{}

// Engine is browsers.WebKit.
func (Driver) Engine() browsers.Engine { return browsers.WebKit }

// Launch opens the screen; each session starts a browser process on it.
func (d Driver) Launch(ctx context.Context, o browsers.LaunchOptions) (browsers.Browser, error) {
	if err := d.Supports(o.Policy); err != nil {
		return nil, err
	}
	if o.Persistent {
		return nil, &browsers.NotAvailableError{
			Engine: browsers.WebKit, Policy: o.Policy.Name,
			Sentence: "WebKit keeps no profile under automation, so that nothing could outlive a restart.",
		}
	}
	x, err := d.Find()
	if err != nil {
		return nil, err
	}
	b := &Browser{exe: x, options: o, display: os.Getenv("DISPLAY"), done: make(chan struct{}), sessions: map[*Session]bool{}}
	if !o.Headed || b.display == "" {
		if b.screen, b.display, err = screen.Open(ctx); err != nil {
			return nil, err
		}
		go func() {
			<-b.screen.Done()
			b.die()
		}()
	}
	return b, nil
}

// Browser is a screen and the browser processes of its sessions.
type Browser struct {
	exe     browsers.Executable
	options browsers.LaunchOptions
	screen  *process.Process // nil on a screen of the machine's
	display string
	done    chan struct{}
	dying   sync.Once

	mu       sync.Mutex
	sessions map[*Session]bool // that were not closed
	spare    *Session          // one of them, in which no page was opened yet; nil where there is none
}

func (b *Browser) die() { b.dying.Do(func() { close(b.done) }) }

// Executable is the browser that its sessions run.
func (b *Browser) Executable() browsers.Executable { return b.exe }

// Done is closed when the screen is gone, or the process of a session that was not closed.
func (b *Browser) Done() <-chan struct{} { return b.done }

// Turn changes the flags of the processes that sessions start. A spare session has those of before.
func (b *Browser) Turn(_ context.Context, p policy.Policy) error {
	b.options.Policy = p
	b.mu.Lock()
	s := b.spare
	b.spare = nil
	b.mu.Unlock()
	if s == nil {
		return nil
	}
	return s.Close()
}

// Restart is not available: nothing could outlive it.
func (b *Browser) Restart(context.Context) error {
	return errors.New("only a persistent browser can be restarted, which WebKit is not under automation")
}

// Settings are the flags that the process of a session runs with, read from the system; one that it runs without is "not given". The
// start of that process is most of what a session costs, so that the session is kept for the next who wants one.
func (b *Browser) Settings(ctx context.Context) ([]browsers.Setting, error) {
	s, err := b.session(ctx, browsers.SessionOptions{})
	if err != nil {
		return nil, fmt.Errorf("read back the settings of WebKit: %w", err)
	}
	args, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(s.pid), "cmdline"))
	if err = errors.Join(err, b.keep(s)); err != nil {
		return nil, fmt.Errorf("read back the settings of WebKit: %w", err)
	}
	given := map[string]string{}
	for arg := range strings.SplitSeq(strings.Trim(string(args), "\x00"), "\x00") {
		name, value, _ := strings.Cut(arg, "=")
		given[name] = cmp.Or(value, "given")
	}
	var settings []browsers.Setting
	for _, name := range []string{"--cookies-policy", "--enable-itp"} {
		settings = append(settings, browsers.Setting{Name: name, Value: cmp.Or(given[name], "not given"), Source: "command line"})
	}
	return settings, nil
}

// NewSession starts a browser process, which knows nothing of any other.
func (b *Browser) NewSession(ctx context.Context, o browsers.SessionOptions) (browsers.Session, error) {
	if !o.Clock.IsZero() {
		return nil, &browsers.NotAvailableError{
			Engine: browsers.WebKit, Policy: b.options.Policy.Name,
			Sentence: "WebDriver cannot stop and move the clock of WebKit's pages.",
		}
	}
	s, err := b.session(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("open a session in WebKit: %w", err)
	}
	return s, nil
}

// session is the spare one where that will do, and a new one otherwise.
func (b *Browser) session(ctx context.Context, o browsers.SessionOptions) (*Session, error) {
	select {
	case <-b.done:
		return nil, browsers.ErrCrashed
	default:
	}
	if o.Viewport == [2]int{} {
		b.mu.Lock()
		s := b.spare
		b.spare = nil
		b.mu.Unlock()
		if s != nil {
			return s, nil
		}
	}
	return b.open(ctx, o)
}

// keep makes a session in which no page was opened the spare one; where there is one already, it is closed.
func (b *Browser) keep(s *Session) error {
	b.mu.Lock()
	kept := b.spare == nil
	if kept {
		b.spare = s
	}
	b.mu.Unlock()
	if kept {
		return nil
	}
	return s.Close()
}

// know is called when a session has a browser process.
func (b *Browser) know(s *Session) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sessions[s] = true
}

// miss is called when a session's processes are gone, closed or not. One that was not still has to be closed: its driver may be there.
func (b *Browser) miss(s *Session) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.sessions[s] {
		b.die()
	}
}

// forget is called when a session is closed.
func (b *Browser) forget(s *Session) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.sessions, s)
}

// Close ends all sessions and closes the screen.
func (b *Browser) Close() error {
	b.mu.Lock()
	var open []*Session
	for s := range b.sessions {
		open = append(open, s)
	}
	b.mu.Unlock()
	var err error
	for _, s := range open {
		err = errors.Join(err, s.Close())
	}
	if b.screen != nil {
		err = errors.Join(err, b.screen.Terminate())
	}
	b.die()
	return err
}

var (
	_ browsers.Driver  = Driver{}
	_ browsers.Browser = (*Browser)(nil)
)
