package testbed

import (
	"context"
	"errors"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/session"
)

// acted is a browser whose steps the test does itself.
type acted struct {
	browsers.Browser
	does   func(context.Context) error // a step
	closes func()                      // its session; nil: nothing happens
	done   chan struct{}
}

func (*acted) Executable() browsers.Executable {
	return browsers.Executable{Name: "Chromium", Version: "156"}
}
func (b *acted) Done() <-chan struct{} { return b.done }
func (*acted) Close() error            { return nil }

func (b *acted) NewSession(context.Context, browsers.SessionOptions) (browsers.Session, error) {
	return actedSession{browser: b}, nil
}

type actedSession struct {
	browsers.Session
	browser *acted
}

func (actedSession) Documents(context.Context) ([]browsers.Document, error) { return nil, nil }
func (actedSession) Screenshot(context.Context) ([]byte, error) {
	return nil, errors.New("there is nothing to see")
}
func (actedSession) Blocked() []browsers.BlockedCookie { return nil }

func (s actedSession) Do(ctx context.Context, step browsers.Step) error {
	if err := s.browser.does(ctx); err != nil {
		return &browsers.StepError{Step: step, Err: err}
	}
	return nil
}

func (s actedSession) Close() error {
	if s.browser.closes != nil {
		s.browser.closes()
	}
	return nil
}

// stage is a station for c on which the browser runs already.
func stage(t *testing.T, c Case, b *acted) *Station {
	t.Helper()
	g := NewWithT(t)
	s, err := OpenStation(engineOf{}, c, nil)
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(s.Close()).To(Succeed()) })
	b.done = make(chan struct{})
	s.browser, s.proven, s.set, s.version = b, true, c.Policy, "Chromium 156"
	return s
}

// looks is a case whose one step looks for something.
func looks(t *testing.T, id string) Case {
	t.Helper()
	c := cell(t, id, "block-all", browsers.Chromium, session.NoneSecure)
	c.Steps = []fixtures.Step{{Step: browsers.Step{See: "Welcome"}}}
	return c
}

// ended is what a step returns that its context kept from its end.
func ended(ctx context.Context) error {
	<-ctx.Done()
	return context.Cause(ctx)
}

func TestWhatIsNotThereFailsACaseUnlessItsTimeIsOver(t *testing.T) {
	ctx, end := context.WithCancelCause(t.Context())
	for _, c := range []struct {
		name string
		does func(context.Context) error
		want Status
	}{
		{"not there", func(context.Context) error { return errors.New("not within 20s") }, Failed},
		{"the browser died", func(context.Context) error { return browsers.ErrCrashed }, Error},
		{"time is over", func(ctx context.Context) error {
			end(errors.New("too long"))
			return ended(ctx)
		}, Error},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := NewWithT(t)
			look := looks(t, "a")
			res := stage(t, look, &acted{does: c.does}).Run(ctx, look)
			g.Expect(res.Status).To(Equal(c.want), res.Sentence)
			g.Expect(res.Outcome != "").To(Equal(c.want == Failed), "an error has none")
		})
	}
}

func TestARunThatIsStoppedWhileACheckWaitsDecidesNothing(t *testing.T) {
	g := NewWithT(t)
	ctx, stop := context.WithCancelCause(t.Context())
	c, twin := looks(t, "a"), looks(t, "twin")
	b := &acted{does: func(ctx context.Context) error {
		stop(errors.New("interrupted"))
		return ended(ctx)
	}}
	o := &told{}
	w := worker{Scheduler: Scheduler{Observe: o}, station: stage(t, c, b)}
	w.do(ctx, task{Case: c, twins: []Case{twin}})
	var sentences []string
	for _, res := range o.done {
		g.Expect(res.Stopped()).To(BeTrue(), "%s: %s", res.ID, res.Status)
		sentences = append(sentences, res.Sentence)
	}
	g.Expect(sentences).To(Equal([]string{"not run to its end: interrupted", "not run: interrupted"}))
}

// hosts is a case whose one step is accepted as its goal, which is what is expected.
func hosts(t *testing.T) Case {
	t.Helper()
	c := cell(t, "a", "block-all", browsers.Chromium, session.NoneSecure)
	c.Steps = []fixtures.Step{{Step: browsers.Step{Click: "Start"}, Await: c.Integration.Goal}}
	c.Expect.Outcome = Works
	return c
}

// accepted has the site accept the goal of c.
func accepted(s *Station, c Case) {
	s.site.Journal(c.Site.Name).Add(&journal.Entry{Page: "m.php", Command: c.Integration.Goal, Result: journal.Success, User: c.Integration.Host})
}

func TestABrowserThatDiesAfterTheGoalWasAcceptedIsNoPass(t *testing.T) {
	g := NewWithT(t)
	c, b := hosts(t), &acted{}
	s := stage(t, c, b)
	b.does = func(context.Context) error {
		accepted(s, c)
		return nil
	}
	g.Expect(s.Run(t.Context(), c).Status).To(Equal(Passed), "it lives")
	b.closes = func() { close(b.done) }
	res := s.Run(t.Context(), c)
	g.Expect(res.Status).To(Equal(Error))
	g.Expect(res.Sentence).To(Equal("the browser process died"))
}
