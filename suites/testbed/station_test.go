package testbed

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/simulator/session"
)

func TestWhatIsInForceByManagedPolicyIsNamed(t *testing.T) {
	g := NewWithT(t)
	g.Expect((&Station{}).managed()).To(BeEmpty())
	s := Station{settings: []browsers.Setting{
		{Name: "mode", Value: "1", Source: browsers.ManagedPolicy},
		{Name: "default", Value: "1", Source: "preference"},
		{Name: "blocked", Value: `["a"]`, Source: browsers.ManagedPolicy},
	}}
	g.Expect(s.managed()).To(Equal(`mode = 1, blocked = ["a"]`))
}

func TestACaseWhoseBrowserDoesNotStartNamesNotTheOneBefore(t *testing.T) {
	g := NewWithT(t)
	c := cell(t, "a", "block-all", browsers.Chromium, session.NoneSecure)
	b := &acted{}
	s := stage(t, c, b)
	s.driver, s.settings = &broken{}, []browsers.Setting{{Name: "block", Value: "all"}}
	s.turn(cell(t, "next", "allow-third-party", browsers.Chromium, session.NoneSecure))
	close(b.done)
	res := s.Run(t.Context(), c)
	g.Expect(res.Sentence).To(Equal("starting chromium: no usable sandbox"))
	g.Expect(res.BrowserVersion).To(BeEmpty())
	g.Expect(res.Settings).To(BeEmpty())
}
