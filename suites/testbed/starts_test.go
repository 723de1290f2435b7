package testbed

import (
	"context"
	"errors"
	"fmt"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/browsers/probe"
	"github.com/cookiegate/cookiegate/simulator/session"
)

// broken is a driver whose browser is installed and does not start.
type broken struct{ launched int }

func (*broken) Engine() browsers.Engine                 { return browsers.Chromium }
func (*broken) Supports(policy.Policy) error            { return nil }
func (*broken) Turns(policy.Policy, policy.Policy) bool { return true }
func (*broken) Find() (browsers.Executable, error)      { return browsers.Executable{Name: "Chromium"}, nil }
func (b *broken) Launch(context.Context, browsers.LaunchOptions) (browsers.Browser, error) {
	b.launched++
	return nil, errors.New("no usable sandbox")
}

func TestAnEngineThatNeverGetsReadyIsGivenUp(t *testing.T) {
	g := NewWithT(t)
	var cases []Case
	for i := range 6 {
		c := cell(t, fmt.Sprint("case", i), []string{"block-all", "allow-third-party"}[i%2], browsers.Chromium, session.NoneSecure)
		c.Journal = []string{c.ID} // no twins
		cases = append(cases, c)
	}
	o, d := &told{}, &broken{}
	Scheduler{Drivers: map[browsers.Engine]browsers.Driver{browsers.Chromium: d}, Workers: 1, Observe: o}.Run(t.Context(), cases)
	g.Expect(o.done).To(HaveLen(len(cases)))
	for i, res := range o.done {
		g.Expect(res.Status).To(Equal(Error))
		if i < attempts {
			g.Expect(res.Sentence).To(Equal("starting chromium: no usable sandbox"))
		} else {
			g.Expect(res.Sentence).To(Equal("not tried: in 3 attempts no chromium got ready; the last: starting chromium: no usable sandbox"))
		}
	}
	g.Expect(d.launched).To(Equal(attempts))
}

func TestAnEngineThatGotReadyOnceIsNotGivenUp(t *testing.T) {
	for _, began := range []error{nil, fmt.Errorf("wrapped: %w", &probe.NotInForceError{})} {
		s := newStarts()
		s.tell(browsers.Firefox, began)
		for range attempts + 1 {
			s.tell(browsers.Firefox, errors.New("no memory"))
			s.tell(browsers.Chromium, &browsers.NotAvailableError{})
		}
		NewWithT(t).Expect(s.givenUp(browsers.Firefox)).To(Succeed())
		NewWithT(t).Expect(s.givenUp(browsers.Chromium)).To(Succeed(), "what is not available was not tried")
	}
}
