package playwright

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	pw "github.com/playwright-community/playwright-go"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
)

// Engine starts processes of one browser.
type Engine interface {
	Name() browsers.Engine
	Executable() browsers.Executable
	// Start starts a process on the profile, which Engine keeps from one start to the next.
	Start(ctx context.Context) (Process, error)
}

// Process is one browser process and what Playwright does not know of it.
type Process interface {
	// Endpoint is the address to which Playwright attaches.
	Endpoint() string
	// Done is closed when the process is gone.
	Done() <-chan struct{}
	// Output is the last that the process wrote, to be put behind an error's text.
	Output() string
	// Settings are read back from the running browser.
	Settings(ctx context.Context, b pw.Browser) ([]browsers.Setting, error)
	// Turn changes the settings of the running browser to those of another policy.
	Turn(ctx context.Context, b pw.Browser, p policy.Policy) error
	// Prepare sets what of the policy is a context's.
	Prepare(c pw.BrowserContext) error
	// NewPage opens a page in c.
	NewPage(c pw.BrowserContext) (pw.Page, error)
	// Watch is what the browser says about the cookies of a context, of which the driver script knows: see driver.js. nil where an engine says nothing.
	Watch(script pw.CDPSession) Evidence
	// Quit ends the process as a person would, and returns when the whole tree is gone.
	Quit(ctx context.Context, b pw.Browser) error
	// Close kills the whole tree and returns when it is gone.
	Close() error
}

// Evidence is the engine's own word about the cookies of one session.
type Evidence interface {
	// Blocked is what was said until now. When the browser is gone it is what was said before the last call.
	Blocked() []browsers.BlockedCookie
}

// Browser is a running browser with Playwright attached.
type Browser struct {
	engine     Engine
	persistent bool
	perSession bool // every session is a process of its own, in the profile's own context
	host       *host
	done       chan struct{}
	closing    sync.Once
	closed     error

	mu         sync.Mutex
	process    Process
	pw         pw.Browser
	restarting bool
	over       bool // a session in a process of its own has ended, and the process with it
}

// grace is how long a broken connection may take to turn out as the death of the browser.
const grace = 2 * time.Second

// Apart says whether sessions get contexts of their own. In a persistent browser, in private windows and with an extension they have the profile's.
func Apart(o browsers.LaunchOptions) bool {
	return !o.Persistent && !o.Policy.PrivateWindow && o.Policy.Extension == ""
}

// Open starts a browser of engine e, as o says, and attaches to it.
func Open(ctx context.Context, e Engine, o browsers.LaunchOptions) (browsers.Browser, error) {
	// The two are started side by side: each takes most of a second.
	type started struct {
		process Process
		err     error
	}
	starting := make(chan started, 1)
	go func() {
		p, err := e.Start(ctx)
		starting <- started{p, err}
	}()
	h, err := acquire(ctx)
	s := <-starting
	switch {
	case err != nil && s.err == nil:
		return nil, errors.Join(err, s.process.Close())
	case err != nil:
		return nil, err
	case s.err != nil:
		return nil, errors.Join(s.err, h.release())
	}
	b := &Browser{engine: e, persistent: o.Persistent, perSession: !o.Persistent && !Apart(o), host: h, done: make(chan struct{})}
	if err := b.attach(ctx, s.process); err != nil {
		return nil, errors.Join(err, s.process.Close(), h.release())
	}
	return b, nil
}

// attach connects Playwright to p, which becomes the browser's process.
func (b *Browser) attach(ctx context.Context, p Process) error {
	kind := b.host.pw.Chromium
	if b.engine.Name() == browsers.Firefox {
		kind = b.host.pw.Firefox
	}
	type attached struct {
		browser pw.Browser
		err     error
	}
	attaching := make(chan attached, 1)
	go func() {
		// Playwright's client panics on an answer without a browser, which is what an error is.
		defer func() {
			if r := recover(); r != nil {
				attaching <- attached{err: fmt.Errorf("attach to %s: the driver process ended", b.engine.Name())}
			}
		}()
		browser, err := kind.ConnectOverCDP(p.Endpoint(), pw.BrowserTypeConnectOverCDPOptions{Timeout: timeout(ctx)})
		attaching <- attached{browser, err}
	}()
	select {
	case a := <-attaching:
		if a.err != nil {
			return fmt.Errorf("attach to %s: %w%s", b.engine.Name(), plain(a.err), p.Output())
		}
		b.mu.Lock()
		b.process, b.pw = p, a.browser
		b.mu.Unlock()
		go b.watch(p)
		return nil
	case <-p.Done():
		return fmt.Errorf("attach to %s: %w%s", b.engine.Name(), browsers.ErrCrashed, p.Output())
	case <-ctx.Done():
		return fmt.Errorf("attach to %s: %w%s", b.engine.Name(), context.Cause(ctx), p.Output())
	}
}

// watch says that the browser is gone when its process is; without the driver process it is of no use either.
func (b *Browser) watch(p Process) {
	select {
	case <-p.Done():
	case <-b.host.gone:
		_ = p.Close() // its error is Close's to report
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.restarting && b.process == p {
		b.tell()
	}
}

func (b *Browser) current() (Process, pw.Browser) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.process, b.pw
}

// Executable is the browser that runs, with the version that it says itself.
func (b *Browser) Executable() browsers.Executable {
	x := b.engine.Executable()
	if _, browser := b.current(); browser.Version() != "" {
		x.Version = browser.Version()
	}
	return x
}

// Settings are read back from the running browser.
func (b *Browser) Settings(ctx context.Context) ([]browsers.Setting, error) {
	if err := b.wake(ctx); err != nil {
		return nil, err
	}
	p, browser := b.current()
	var settings []browsers.Setting
	err := b.await(ctx, func() (err error) {
		settings, err = p.Settings(ctx, browser)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read back the settings of %s: %w", b.engine.Name(), err)
	}
	return settings, nil
}

// Turn puts the running browser under another policy.
func (b *Browser) Turn(ctx context.Context, to policy.Policy) error {
	if b.persistent || b.perSession {
		return fmt.Errorf("%s cannot be turned to %s: its profile is the one that a case sees", b.engine.Name(), to.Name)
	}
	p, browser := b.current()
	if err := b.await(ctx, func() error { return p.Turn(ctx, browser, to) }); err != nil {
		return fmt.Errorf("turn %s to %s: %w", b.engine.Name(), to.Name, err)
	}
	return nil
}

// Restart ends the process as a person would and starts it again on the same profile. Sessions opened before are over.
func (b *Browser) Restart(ctx context.Context) error {
	if !b.persistent {
		return errors.New("only a persistent browser can be restarted: another has nothing to keep")
	}
	p, browser := b.current()
	b.mu.Lock()
	b.restarting = true
	b.mu.Unlock()
	if err := b.await(ctx, func() error { return p.Quit(ctx, browser) }); err != nil {
		b.restarted()
		b.gone()
		return errors.Join(fmt.Errorf("end %s: %w", b.engine.Name(), err), p.Close())
	}
	return b.startAgain(ctx)
}

// endWithSession ends the process with the session that it was for. The next session starts another.
func (b *Browser) endWithSession() error {
	select {
	case <-b.done:
		return nil // it died before
	default:
	}
	p, _ := b.current()
	b.mu.Lock()
	b.restarting, b.over = true, true
	b.mu.Unlock()
	return p.Close()
}

// startAgain starts another process in the place of one that was ended.
func (b *Browser) startAgain(ctx context.Context) error {
	defer b.restarted()
	next, err := b.engine.Start(ctx)
	if err != nil {
		b.gone()
		return fmt.Errorf("start %s again: %w", b.engine.Name(), err)
	}
	if err := b.attach(ctx, next); err != nil {
		b.gone()
		return errors.Join(err, next.Close())
	}
	return nil
}

// wake starts a process where the last one ended with its session.
func (b *Browser) wake(ctx context.Context) error {
	if !b.ended() {
		return nil
	}
	return b.startAgain(ctx)
}

// restarted ends a restart. watch left it to the restart to tell of a death meanwhile.
func (b *Browser) restarted() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.restarting, b.over = false, false
	select {
	case <-b.process.Done():
		b.tell()
	default:
	}
}

// ended says whether the process is gone with the session that it was for.
func (b *Browser) ended() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.over
}

// gone says that a restart left no browser.
func (b *Browser) gone() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tell()
}

// tell closes done, with mu held: a restart and watch may both have seen the end.
func (b *Browser) tell() {
	select {
	case <-b.done:
	default:
		close(b.done)
	}
}

// Done is closed when the process is gone, whatever the reason.
func (b *Browser) Done() <-chan struct{} { return b.done }

// Close ends the process and everything it started.
func (b *Browser) Close() error {
	b.closing.Do(func() {
		p, _ := b.current()
		err := p.Close()
		b.closed = errors.Join(err, b.host.release())
		if err != nil || b.ended() { // what cannot be killed may never be gone
			b.gone()
		}
		<-b.done
	})
	return b.closed
}

// await calls f, which may hang as long as Playwright likes, and comes back at ctx's end or with the browser's death.
func (b *Browser) await(ctx context.Context, f func() error) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	done := make(chan error, 1)
	go func() {
		// Playwright's client takes answers apart without looking when its driver dies under them.
		defer func() {
			if r := recover(); r != nil {
				done <- fmt.Errorf("%w: %v", pw.ErrTargetClosed, r)
			}
		}()
		done <- f()
	}()
	select {
	case err := <-done:
		return b.explain(err)
	case <-b.done:
		return b.crashed()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// crashed is the browser's death, and the driver's where that was its cause.
func (b *Browser) crashed() error {
	if b.host.dead() {
		return fmt.Errorf("%w with its Playwright driver, which said: %s", browsers.ErrCrashed, b.host.said())
	}
	return browsers.ErrCrashed
}

// explain tells the death of the browser from other errors. Playwright's connection may break a moment before the process is gone.
func (b *Browser) explain(err error) error {
	if err == nil || !disconnected(err) {
		return plain(err)
	}
	if _, browser := b.current(); browser.IsConnected() && !b.host.dead() && !driverless(err) {
		return plain(err) // a page was closed, and the browser lives
	}
	died := time.NewTimer(grace)
	defer died.Stop()
	select {
	case <-b.done:
		return b.crashed()
	case <-died.C:
		return fmt.Errorf("%w: the connection to it broke: %w", browsers.ErrCrashed, plain(err))
	}
}
