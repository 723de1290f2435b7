package testbed

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/simulator/journal"
)

func TestDeedsBecomeStepsThatAwaitWhatTheSiteAnswered(t *testing.T) {
	g := NewWithT(t)
	var d deeds
	did := func(seq uint64, s browsers.Step, secret, nameless bool) {
		d.add(deed{browsers.Recorded{Step: s, Secret: secret, Nameless: nameless}, seq})
	}
	did(0, browsers.Step{Click: "text=Reset all"}, false, false) // in the console's tab
	did(0, browsers.Step{Fill: "#user", With: "al", InTab: "portal"}, false, false)
	did(0, browsers.Step{Fill: "#user", With: "alice", InTab: "portal"}, false, false)
	did(0, browsers.Step{Fill: "#pw", With: "secret", InTab: "portal"}, true, false)
	did(0, browsers.Step{Fill: "#other", With: "mine", InTab: "portal"}, true, false)
	did(0, browsers.Step{Click: "text=Press", InTab: "portal"}, false, true)
	did(0, browsers.Step{Submit: "form", InTab: "portal"}, false, false)
	did(2, browsers.Step{Click: "text=Host", InPopup: true}, false, false)
	entries := []journal.Entry{{Seq: 1, Command: "LI"}, {Seq: 2}, {Seq: 3, Command: "SM"}, {Seq: 4, Command: "HM"}, {Seq: 5, Command: "OM"}}
	steps, notes := d.steps(fixtures.Integration{Password: "secret", Goal: "HM"}, entries)
	g.Expect(steps).To(Equal([]fixtures.Step{
		{Step: browsers.Step{Visit: "/"}},
		{Step: browsers.Step{Fill: "#user", With: "alice"}},
		{Step: browsers.Step{Fill: "#pw", With: "secret"}},
		{Step: browsers.Step{Fill: "#other", With: "***"}},
		{Step: browsers.Step{Submit: "form"}, Await: "LI"},
		{Step: browsers.Step{Click: "text=Host", InPopup: true}, Await: "HM"},
	}))
	g.Expect(notes).To(ConsistOf(ContainSubstring("fill #other"), ContainSubstring("click text=Press: in a frame without a name")))
	_, notes = d.steps(fixtures.Integration{Password: "secret", Goal: "IM"}, entries)
	g.Expect(notes).To(ContainElement("nothing that was done led to IM, which the integration is after"))
}
