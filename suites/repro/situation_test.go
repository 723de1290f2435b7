package repro

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/fixtures"
)

// A dead ticket says the same in a frame and in a window of its own as it does at top level, and no setting about cookies cures it.
func TestIdleTimeIsACauseInEveryStyle(t *testing.T) {
	for style, want := range map[string]struct{ shown, standsIn string }{
		"iframe": {"iframe", ""}, "popup": {"popup", ""}, "redirect": {"redirect", ""},
		"form-post": {"redirect", "The style redirect stands in"}, "frameset": {"iframe", "The style iframe stands in"}, "background": {"iframe", "The style iframe stands in"},
	} {
		t.Run(style, func(t *testing.T) {
			g := NewWithT(t)
			a := explain(t, reported(t, "browser: Chrome 149\nstyle: "+style+"\nidle: 45m\nsymptom: access denied\n"))
			g.Expect(a.Cause).NotTo(BeNil())
			g.Expect(a.Cause.Reason).To(Equal(fixtures.IdleExpired))
			g.Expect(a.Integration).To(Equal(want.shown))
			g.Expect(a.StandsIn).To(HavePrefix(want.standsIn))
			marks := map[fixtures.Remedy]Mark{}
			for _, r := range a.Remedies {
				marks[r.ID] = r.Mark
			}
			g.Expect(marks[fixtures.LoginAgain]).To(Equal(ShouldHelp))
			if want.shown != "popup" {
				g.Expect(marks[fixtures.KeepAlive]).To(Equal(ShouldHelp))
			}
			g.Expect(marks[fixtures.PerSiteAllow]).NotTo(Equal(ShouldHelp))
		})
	}
}
