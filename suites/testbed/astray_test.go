package testbed

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/simulator"
	"github.com/cookiegate/cookiegate/simulator/journal"
)

func mine() evidence {
	return evidence{c: Case{Integration: fixtures.Integration{Portal: "https://portal.acme.example", Host: "alice"}, Site: simulator.Site{Name: "acme"}}}
}

// A login of another host is no host of the case: the browser was refused, and nothing in the hops says so.
func TestHostsThatAreNoneOfTheCaseAreNamed(t *testing.T) {
	g := NewWithT(t)
	refused := func(host string) network.Exchange { return network.Exchange{Host: host, Refused: true} }
	e := mine()
	g.Expect(e.astray()).To(BeEmpty())
	e.exchanges = []network.Exchange{
		{Host: "portal.acme.example"}, refused("login.acme.example"), refused("login.acme.example"), {Host: "update.browser.example", Refused: true, Own: true},
	}
	g.Expect(e.astray()).To(Equal([]string{"the portal leads to login.acme.example, and a case reaches no host but portal.acme.example and acme.webex.com; the key hosts says where others run"}))
	e.exchanges = append(e.exchanges, network.Exchange{Host: "acme.webex.com", Refused: true, Err: "a proxy asked for it on its own account"})
	g.Expect(e.astray()).To(HaveExactElements(HavePrefix("the portal leads to login.acme.example, and")), "no page asked for that")
	e.exchanges = append(e.exchanges, refused("a.example"), refused("b.example"), refused("c.example"))
	g.Expect(e.astray()).To(ConsistOf(ContainSubstring("login.acme.example, a.example, b.example and 1 more, and")))
}

// Whoever describes his portal for the first time has another host in it than in the file, or another password.
func TestALoginThatTheSiteDoesNotKnowIsTold(t *testing.T) {
	g := NewWithT(t)
	e := mine()
	failed := journal.Entry{Command: "LI", Host: "carol", Result: journal.Fail, Reason: "BadWebExIDorPassword"}
	e.entries = []journal.Entry{failed, {Command: "HM", Result: journal.Fail, Reason: "AccessDenied"}}
	g.Expect(e.astray()).To(Equal([]string{`the site refused to log "carol" in (BadWebExIDorPassword), and the integration's host is "alice", with the password that it says`}))
	e.entries = append(e.entries, journal.Entry{Command: "LI", Host: "alice", Result: journal.Success})
	g.Expect(e.astray()).To(BeEmpty(), "the second time he got in")
}
