package playwright

import (
	"context"
	"errors"
	"testing"

	. "github.com/onsi/gomega"
	pw "github.com/playwright-community/playwright-go"

	"github.com/cookiegate/cookiegate/browsers"
)

// stubborn is a process that has to be killed.
type stubborn struct {
	Process
	done chan struct{}
}

func (p stubborn) Done() <-chan struct{} { return p.done }

func (p stubborn) Quit(context.Context, pw.Browser) error { return errors.New("it stays") }

func (p stubborn) Close() error {
	close(p.done)
	return nil
}

type chromium struct{ Engine }

func (chromium) Name() browsers.Engine { return browsers.Chromium }

// running is a persistent browser with a stubborn process.
func running() (*Browser, stubborn) {
	p := stubborn{done: make(chan struct{})}
	return &Browser{engine: chromium{}, persistent: true, host: &host{}, done: make(chan struct{}), process: p}, p
}

func TestABrowserThatDoesNotQuitAtARestartIsKilled(t *testing.T) {
	g := NewWithT(t)
	b, p := running()
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		b.watch(p)
	}()
	g.Expect(b.Restart(t.Context())).To(MatchError("end chromium: it stays"))
	g.Eventually(watched).Should(BeClosed())
	g.Expect(b.Done()).To(BeClosed())
}

// deaf is a process that does not hear that it is to quit, for which Playwright waits as long as it is there.
type deaf struct {
	stubborn
	asked chan struct{}
}

func (p deaf) Quit(context.Context, pw.Browser) error {
	close(p.asked)
	<-p.done
	return pw.ErrTargetClosed
}

func TestABrowserThatDoesNotAnswerAtARestartIsKilledWhenItsTimeIsOver(t *testing.T) {
	g := NewWithT(t)
	b, p := running()
	asked := make(chan struct{})
	b.process = deaf{p, asked}
	tooLong := errors.New("too long")
	ctx, cancel := context.WithCancelCause(t.Context())
	restarted := make(chan error, 1)
	go func() { restarted <- b.Restart(ctx) }()
	<-asked
	cancel(tooLong)
	g.Eventually(restarted).Should(Receive(MatchError(tooLong)))
	g.Expect(p.done).To(BeClosed())
	g.Expect(b.Done()).To(BeClosed())
}

func TestADeathAtTheEndOfARestartIsTold(t *testing.T) {
	g := NewWithT(t)
	b, p := running()
	b.restarting = true
	close(p.done)
	b.watch(p)
	g.Expect(b.Done()).NotTo(BeClosed(), "the restart may still start another process")
	b.restarted()
	g.Expect(b.Done()).To(BeClosed())
}

// undying is a process that cannot even be killed, as one that waits for a disk.
type undying struct{ Process }

func (undying) Done() <-chan struct{} { return nil }

func (undying) Close() error { return errors.New("killed, and still there") }

func TestABrowserThatCannotBeKilledIsNotWaitedFor(t *testing.T) {
	g := NewWithT(t)
	b := &Browser{engine: chromium{}, host: &host{refs: 2}, done: make(chan struct{}), process: undying{}}
	closed := make(chan error, 1)
	go func() { closed <- b.Close() }()
	g.Eventually(closed).Should(Receive(MatchError("killed, and still there")))
	g.Expect(b.Done()).To(BeClosed(), "it is of no use to anybody")
}

func TestABrowserThatCannotBeKilledIsGoneWithItsDriver(t *testing.T) {
	g := NewWithT(t)
	h := &host{gone: make(chan struct{})}
	close(h.gone)
	b := &Browser{engine: chromium{}, host: h, done: make(chan struct{}), process: undying{}}
	go b.watch(undying{})
	g.Eventually(b.Done()).Should(BeClosed())
}

// wordy is a process with last words, to which nobody can attach.
type wordy struct{ stubborn }

func (wordy) Endpoint() string { return "" }

func (wordy) Output() string { return "; it said:\n  no space left on device" }

// unanswered is a kind of browser that never answers, or that refuses.
type unanswered struct {
	pw.BrowserType
	refusal chan error
}

func (u unanswered) ConnectOverCDP(string, ...pw.BrowserTypeConnectOverCDPOptions) (pw.Browser, error) {
	return nil, <-u.refusal
}

func TestWhatABrowserSaidLastIsToldWhereNobodyCanAttach(t *testing.T) {
	tooLong := errors.New("too long")
	for name, row := range map[string]struct {
		happens func(u unanswered, p wordy, cancel context.CancelCauseFunc)
		says    string
	}{
		"it refuses":         {func(u unanswered, _ wordy, _ context.CancelCauseFunc) { u.refusal <- errors.New("no session") }, "no session"},
		"it dies":            {func(_ unanswered, p wordy, _ context.CancelCauseFunc) { close(p.done) }, browsers.ErrCrashed.Error()},
		"it does not answer": {func(_ unanswered, _ wordy, cancel context.CancelCauseFunc) { cancel(tooLong) }, "too long"},
	} {
		t.Run(name, func(t *testing.T) {
			u, p := unanswered{refusal: make(chan error, 1)}, wordy{stubborn{done: make(chan struct{})}}
			defer close(u.refusal)
			ctx, cancel := context.WithCancelCause(t.Context())
			row.happens(u, p, cancel)
			b := &Browser{engine: chromium{}, host: &host{pw: &pw.Playwright{Chromium: u}}, done: make(chan struct{})}
			NewWithT(t).Expect(b.attach(ctx, p)).To(MatchError("attach to chromium: " + row.says + p.Output()))
			cancel(nil)
		})
	}
}
