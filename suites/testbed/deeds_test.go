package testbed

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/simulator/journal"
)

func TestDeedsBecomeStepsThatAwaitWhatTheSiteAnswered(t *testing.T) {
	g := NewWithT(t)
	var d deeds
	began := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	did := func(seconds int, s browsers.Step, secret, nameless bool) {
		d.add(browsers.Recorded{Step: s, At: began.Add(time.Duration(seconds) * time.Second), Secret: secret, Nameless: nameless})
	}
	did(0, browsers.Step{Click: "text=Reset all"}, false, false) // in the console's tab
	did(0, browsers.Step{Fill: "#user", With: "al", InTab: "portal"}, false, false)
	did(0, browsers.Step{Fill: "#user", With: "alice", InTab: "portal"}, false, false)
	did(0, browsers.Step{Fill: "#pw", With: "secret", InTab: "portal"}, true, false)
	did(0, browsers.Step{Fill: "#other", With: "mine", InTab: "portal"}, true, false)
	did(0, browsers.Step{Click: "text=Press", InTab: "portal"}, false, true)
	did(1, browsers.Step{Submit: "form", InTab: "portal"}, false, false)
	did(4, browsers.Step{Click: "text=Host", InPopup: true}, false, false)
	// What was done is told late, after what it led to, and the site's clock may have been moved.
	var exchanges []network.Exchange
	for id, seconds := range []int{0, 1, 2, 4, 5, 6} {
		exchanges = append(exchanges, network.Exchange{ID: id, Start: began.Add(time.Duration(seconds) * time.Second)})
	}
	commands := commandsOf([]journal.Entry{
		{Command: "LI", RequestID: "1"}, {RequestID: "2"}, {Command: "SM", RequestID: "3"}, {Command: "HM", RequestID: "4"}, {Command: "OM"},
	}, exchanges)
	steps, notes := d.steps(fixtures.Integration{Password: "secret", Goal: "HM"}, commands)
	g.Expect(steps).To(Equal([]fixtures.Step{
		{Step: browsers.Step{Visit: "/"}},
		{Step: browsers.Step{Fill: "#user", With: "alice"}},
		{Step: browsers.Step{Fill: "#pw", With: "secret"}},
		{Step: browsers.Step{Fill: "#other", With: "***"}},
		{Step: browsers.Step{Submit: "form"}, Await: "LI"},
		{Step: browsers.Step{Click: "text=Host", InPopup: true}, Await: "HM"},
	}))
	g.Expect(notes).To(ConsistOf(ContainSubstring("fill #other"), ContainSubstring("click text=Press: in a frame without a name")))
	_, notes = d.steps(fixtures.Integration{Password: "secret", Goal: "IM"}, commands)
	g.Expect(notes).To(ContainElement("nothing that was done led to IM, which the integration is after"))
}
