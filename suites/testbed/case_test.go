package testbed

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/simulator/session"
)

func TestCasesThatDifferOnlyInTheirNamesAreOne(t *testing.T) {
	g := NewWithT(t)
	run := fixtures.Run{Integration: "iframe", Policy: "block-third-party", Profile: "none-secure", Outcome: fixtures.AccessDenied}
	one, err := CaseOf(run, browsers.Chromium, "reports/one", "reports", "a reason")
	g.Expect(err).NotTo(HaveOccurred())
	other, err := CaseOf(run, browsers.Chromium, "matrix/other", "matrix", "another")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(one.sameAs(other)).To(BeTrue())
	for name, change := range map[string]func(*Case){
		"engine":  func(c *Case) { c.Engine = browsers.Firefox },
		"profile": func(c *Case) { c.Site.Profile = session.Lax },
		"steps":   func(c *Case) { c.Steps = c.Steps[:1] },
		"outcome": func(c *Case) { c.Expect.Outcome = fixtures.Works },
		"journal": func(c *Case) { c.Journal = []string{"LI SUCCESS"} },
		"network": func(c *Case) { c.Network.Proxy = "squid-nothing" },
	} {
		changed := other
		change(&changed)
		g.Expect(one.sameAs(changed)).To(BeFalse(), name)
	}
}

func TestARepeatedCaseIsNotItsOwnTwin(t *testing.T) {
	g := NewWithT(t)
	run := fixtures.Run{Integration: "iframe", Policy: "block-third-party", Profile: "none-secure", Outcome: fixtures.AccessDenied}
	named := func(id string) Case {
		c, err := CaseOf(run, browsers.Chromium, id, "matrix", "a reason")
		g.Expect(err).NotTo(HaveOccurred())
		return c
	}
	a, b, c := named("a"), named("b"), named("c")
	c.Steps = nil
	cases := group{a, b, c, b, a, c, a}
	var twins []int
	for i := range cases {
		twins = append(twins, cases.twin(i))
	}
	// b takes the first run of a; its second run is the first that is new, and a's second takes that; a's third has none to take.
	g.Expect(twins).To(Equal([]int{-1, 0, -1, -1, 3, -1, -1}))
}

func TestAResultTellsWhatItsSiteAndNetworkWere(t *testing.T) {
	g := NewWithT(t)
	c, err := CaseOf(fixtures.Run{
		Integration: "iframe", Policy: "block-third-party", Profile: "none-secure", Outcome: fixtures.AccessDenied,
		Site: fixtures.SiteSettings{CSRF: true}, Network: fixtures.Network{Proxy: "squid-nothing"},
	}, browsers.Chromium, "networks/one", "networks", "a reason")
	g.Expect(err).NotTo(HaveOccurred())
	res := c.result()
	g.Expect(res.Site).To(Equal([]string{"csrf: true"}))
	g.Expect(res.Network).To(Equal([]string{"proxy: squid-nothing"}))
}

func TestTheResultOfATwinKeepsItsOwnName(t *testing.T) {
	g := NewWithT(t)
	res := Result{ID: "matrix/x", Suite: "matrix", Why: "one", Status: Passed, Duration: 3}.of(Case{ID: "reports/y", Suite: "reports", Expect: fixtures.Expectation{Why: "two"}})
	g.Expect(res).To(Equal(Result{ID: "reports/y", Suite: "reports", SameAs: "matrix/x", Why: "two", Status: Passed}))
}
