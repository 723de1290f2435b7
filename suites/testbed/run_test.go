package testbed

import (
	"context"
	"errors"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/simulator/session"
)

// acted is a browser whose steps the test does itself.
type acted struct {
	browsers.Browser
	does func(context.Context) error // a step
	done chan struct{}
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

func (actedSession) Close() error { return nil }

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
