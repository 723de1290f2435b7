package predict

import (
	"errors"
	"slices"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/chromium"
	"github.com/cookiegate/cookiegate/browsers/firefox"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/browsers/webkit"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/simulator/site"
	"github.com/cookiegate/cookiegate/suites/matrix"
	"github.com/cookiegate/cookiegate/suites/remedy"
	"github.com/cookiegate/cookiegate/suites/reports"
	"github.com/cookiegate/cookiegate/suites/scenarios"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

var drivers = map[browsers.Engine]browsers.Driver{
	browsers.Chromium: chromium.Driver{}, browsers.Firefox: firefox.Driver{}, browsers.WebKit: webkit.Driver{},
}

// has says whether an engine has such a setting; where this machine could be helped to it, it has.
func has(e browsers.Engine, p policy.Policy) bool {
	no := (*browsers.NotAvailableError)(nil)
	return !errors.As(drivers[e].Supports(p), &no) || no.Advice != ""
}

// compare holds predictions to what is written by hand, and says how many there were. What the machine can do matters to none of them.
func compare(t *testing.T, cases []testbed.Case) int {
	t.Helper()
	n := 0
	for _, c := range cases {
		if !has(c.Engine, c.Policy) {
			continue
		}
		n++
		got := Case(c, "")
		if got.Outcome != c.Expect.Outcome {
			t.Errorf("%s: predicted %s %v, expected %s", c.ID, got.Outcome, got.Hops, c.Expect.Outcome)
			continue
		}
		if want := c.Expect.Cause; want != nil && (got.Cause == nil || *got.Cause != *want) {
			t.Errorf("%s: predicted %+v (%s), expected %+v", c.ID, got.Cause, got.Sentence, *want)
		}
	}
	return n
}

func TestEveryCellOfTheMatrixIsPredicted(t *testing.T) {
	g := NewWithT(t)
	integrations, err := fixtures.Integrations()
	g.Expect(err).NotTo(HaveOccurred())
	policies, err := fixtures.MatrixPolicies()
	g.Expect(err).NotTo(HaveOccurred())
	cases, err := matrix.Cases(integrations, fixtures.Engines(), policies)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(compare(t, cases)).To(BeNumerically(">", 200))
}

func TestEveryScenarioIsPredicted(t *testing.T) {
	g := NewWithT(t)
	all, err := fixtures.Scenarios()
	g.Expect(err).NotTo(HaveOccurred())
	cases, err := scenarios.Cases(all, fixtures.Engines())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(compare(t, cases)).To(BeNumerically(">", 90))
}

func TestEveryReportAndItsRemediesArePredicted(t *testing.T) {
	g := NewWithT(t)
	all, err := fixtures.Reports()
	g.Expect(err).NotTo(HaveOccurred())
	cases, err := reports.Cases(all, fixtures.Engines())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(compare(t, cases)).To(BeNumerically(">", 200))
}

// Older versions had other rules: Chrome took a cookie without SameSite into frames until 80.
func TestTheVersionCounts(t *testing.T) {
	g := NewWithT(t)
	c, err := testbed.CaseOf(fixtures.Run{Integration: "iframe", Policy: "allow-third-party", Profile: "legacy"}, browsers.Chromium, "test", "test", "")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(Case(c, "Chrome 79").Outcome).To(Equal(fixtures.Works))
	now := Case(c, "Chrome 119")
	g.Expect(now.Outcome).To(Equal(fixtures.AccessDenied))
	g.Expect(*now.Cause).To(Equal(fixtures.Cause{Cookie: "ticket", Hop: "SM", Reason: fixtures.SameSite}))
	g.Expect(now.LostAt).To(Equal("LI"))
	g.Expect(now.Sentence).To(ContainSubstring("Chrome 119 does not store ticket from acme.webex.com in a page of portal.acme.example"))
}

func TestAGoalThatDoesNotComeTheSecondTimeDoesNotWork(t *testing.T) {
	g := NewWithT(t)
	c, err := testbed.CaseOf(fixtures.Run{Integration: "iframe", Policy: "allow-third-party", Profile: "none-secure"}, browsers.Chromium, "test", "test", "")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(Case(c, "").Outcome).To(Equal(fixtures.Works))
	c.Steps = append(slices.Clone(c.Steps), fixtures.Step{Step: browsers.Step{Visit: "/"}, Await: c.Integration.Goal})
	g.Expect(Case(c, "").Outcome).To(Equal(fixtures.Stuck))
}

func TestAnAttendeeWhoLostHisTicketIsNotToldThatNoCookieWasLost(t *testing.T) {
	g := NewWithT(t)
	login := fixtures.Step{Step: browsers.Step{Click: "text=Log in to Webex"}, Await: "LI"}
	join := fixtures.Step{Step: browsers.Step{Visit: "https://acme.webex.com/acme/m.php?AT=JM&MK=123456789"}, Await: "JM"}
	run := fixtures.Run{
		Integration: "iframe", Policy: "block-third-party", Profile: "none-secure", Site: fixtures.SiteSettings{LoginRequired: true}, Goal: "JM",
		Steps: []fixtures.Step{{Step: browsers.Step{Visit: "/"}}, login, join},
	}
	c, err := testbed.CaseOf(run, browsers.Chromium, "test", "test", "")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(Case(c, "").Cause).To(HaveValue(Equal(fixtures.Cause{Cookie: "ticket", Hop: "JM", Reason: fixtures.ThirdPartyBlocked})))
	c.Steps = []fixtures.Step{join}
	g.Expect(Case(c, "").Cause).To(HaveValue(Equal(fixtures.Cause{Hop: "JM", Reason: fixtures.LoginRequired})))
}

// The script of the site's answer is who goes on, by a detour over the portal, which Chromium does not look at; a redirect leaves it the portal's click.
// Measured on Chromium 156, Firefox ESR 153 and WebKitGTK 2.50.6.
func TestWhoSentTheBrowserOnDecidesAboutAStrictTicket(t *testing.T) {
	for _, engine := range []browsers.Engine{browsers.Chromium, browsers.Firefox, browsers.WebKit} {
		for _, style := range []string{"redirect", "popup", "form-post", "logout-first", "chained"} {
			for _, how := range []site.Redirect{site.Script, site.Found} {
				g := NewWithT(t)
				c, err := testbed.CaseOf(fixtures.Run{Integration: style, Policy: "allow-third-party", Profile: "strict"}, engine, "test", "test", "")
				g.Expect(err).NotTo(HaveOccurred())
				c.Site.Redirect = how
				want := fixtures.AccessDenied
				if how == site.Script && (engine == browsers.Chromium || style == "chained") {
					want = fixtures.Works
				}
				g.Expect(Case(c, "").Outcome).To(Equal(want), "%s in %s, %s", style, engine, how)
			}
		}
	}
}

// Measured: Firefox ESR 153 keeps the grant to the document that asked, where it lets none but opted-in cookies be partitioned.
func TestStorageAccessHelpsWhereThePageThatTheFrameGoesOnToHasIt(t *testing.T) {
	for _, test := range []struct {
		engine browsers.Engine
		policy string
		want   fixtures.Outcome
	}{
		{browsers.Firefox, "partition-opt-in", fixtures.AccessDenied},
		{browsers.Firefox, "partition", fixtures.Works}, // in a jar of its own
		{browsers.Chromium, "block-third-party", fixtures.Works},
		{browsers.WebKit, "block-third-party", fixtures.Works},
	} {
		g := NewWithT(t)
		c, err := testbed.CaseOf(fixtures.Run{Integration: "iframe", Policy: test.policy, Profile: "none-secure"}, test.engine, "test", "test", "")
		g.Expect(err).NotTo(HaveOccurred())
		asking, err := remedy.Apply(fixtures.StorageAccess, c)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(Case(asking, "").Outcome).To(Equal(test.want), "%s, %s", test.engine, test.policy)
	}
}

// Measured on Chromium 156: the commands come from the site's own page that asks, and the extension goes by who asks for them.
func TestAnExtensionLeavesAloneWhatTheSitesOwnFrameAsksFor(t *testing.T) {
	g := NewWithT(t)
	c, err := testbed.CaseOf(fixtures.Run{Integration: "iframe", Policy: "extension-strips-third-party", Profile: "none-secure"}, browsers.Chromium, "test", "test", "")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(Case(c, "").Outcome).To(Equal(fixtures.AccessDenied))
	asking, err := remedy.Apply(fixtures.StorageAccess, c)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(Case(asking, "").Outcome).To(Equal(fixtures.Works))
}

func BenchmarkCase(b *testing.B) {
	c, err := testbed.CaseOf(fixtures.Run{Integration: "iframe", Policy: "block-third-party", Profile: "none-secure"}, browsers.Chromium, "test", "test", "")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		Case(c, "")
	}
}
