package repro

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/intake"
)

func reported(t *testing.T, text string) *Complaint {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.yaml")
	NewWithT(t).Expect(os.WriteFile(file, []byte(text), 0o600)).To(Succeed())
	return read(t, file)
}

// asked is a command of a recording from a frame, sanitized.
func asked(page, at string, answer intake.Answer, idle time.Duration) intake.Call {
	return intake.Call{Page: page, AT: at, Time: today, Answer: answer, Where: intake.Frame, Idle: idle, Followed: intake.Yes}
}

var (
	success = intake.Answer{ST: "SUCCESS"}
	denied  = intake.Answer{ST: "FAIL", RS: "AccessDenied"}
)

// recorded is a complaint of a recording and, may be, a report.
func recorded(t *testing.T, c *Complaint, calls ...intake.Call) *Complaint {
	t.Helper()
	c.HAR = &intake.HAR{}
	c.Sequence = &intake.Sequence{Cookies: intake.CookiesRemoved, Calls: calls}
	for i := range calls {
		calls[i].Hop = i
		c.Sequence.Hops = append(c.Sequence.Hops, intake.Entry{Method: "GET", Host: "acme.webex.com", Command: &intake.Command{}})
	}
	c.fromSequence()
	return c
}

// Where every cookie is blocked a portal that signs its people in first never gets to asking the site anything.
func TestARecordingWithoutCommandsIsOfABrowserThatRefusesAllCookiesOrOfSomethingElse(t *testing.T) {
	for _, engine := range []browsers.Engine{browsers.Chromium, browsers.Firefox} {
		g := NewWithT(t)
		c := recorded(t, &Complaint{Understood: intake.Understood{Engine: engine}})
		g.Expect(c.Outcome).To(BeEmpty())
		groups, _ := search(t, c)
		var first []fixtures.Reason
		for _, group := range groups[:3] {
			if group.Cause != nil {
				first = append(first, group.Cause.Reason)
			}
		}
		g.Expect(first).To(ContainElement(fixtures.AllBlocked))
	}
}

// The address comes from a stranger's recording: a zone is written anew without its escape, and is no address then.
func TestThePortalOfARecordingMayHaveAnAddressThatCannotBeReadAgain(t *testing.T) {
	for portal, want := range map[string]intake.Tristate{"https://[fe80::1%en0]": intake.Yes, "https://Portal.Example": intake.Yes, "https://other.example": intake.NotKnown} {
		c := &Complaint{Sequence: &intake.Sequence{Hops: []intake.Entry{
			{Host: "portal.example", FetchDest: "document", FetchSite: "none", Returned: []network.Cookie{{Name: "JSESSIONID"}}},
		}}}
		c.Portal = portal
		NewWithT(t).Expect(c.evidence().own).To(Equal(want), portal)
	}
}

// A browser that refuses every cookie sends none, whenever it got it.
func TestACookieThatComesAlongWithThePortalsPageShowsThatNotAllAreRefused(t *testing.T) {
	page := func(change func(*intake.Entry)) intake.Entry {
		e := intake.Entry{Host: "intranet.contoso.com", FetchDest: "document", FetchSite: "none"}
		change(&e)
		return e
	}
	session := []network.Cookie{{Name: "JSESSIONID"}}
	sends, sets := page(func(e *intake.Entry) { e.Returned = session }), page(func(e *intake.Entry) { e.Offered = session })
	bare, framed := page(func(*intake.Entry) {}), page(func(e *intake.Entry) { e.Returned, e.FetchDest = session, "iframe" })
	elsewhere := page(func(e *intake.Entry) { e.Returned, e.Host = session, "sso.contoso.com" })
	for name, test := range map[string]struct {
		hops   []intake.Entry
		portal string
		want   intake.Tristate
	}{
		"one from before":                      {[]intake.Entry{sends}, "", intake.Yes},
		"one that was set":                     {[]intake.Entry{sets, framed}, "", intake.Yes},
		"one that was set and did not return":  {[]intake.Entry{sets, bare}, "", intake.No},
		"none":                                 {[]intake.Entry{bare, bare}, "", intake.NotKnown},
		"one of another site":                  {[]intake.Entry{elsewhere}, "intranet.contoso.com", intake.NotKnown},
		"one of what may be the portal's site": {[]intake.Entry{elsewhere}, "", intake.Yes},
	} {
		NewWithT(t).Expect(ownCookies(test.hops, test.portal)).To(Equal(test.want), name)
	}
	for _, test := range []struct {
		hop   intake.Entry
		above bool
	}{{bare, true}, {sends, false}} {
		g := NewWithT(t)
		c := recorded(t, &Complaint{Understood: intake.Understood{Engine: browsers.Chromium}})
		c.Sequence.Hops = append(c.Sequence.Hops, test.hop)
		groups, _ := search(t, c)
		refused := slices.ContainsFunc(groups, func(g Group) bool {
			return g.Cause != nil && g.Cause.Reason == fixtures.AllBlocked && g.Share > likely
		})
		g.Expect(refused).To(Equal(test.above))
	}
}

func TestWhatARecordingRefutes(t *testing.T) {
	li, sm := asked("p.php", "LI", success, 0), asked("m.php", "SM", denied, 0)
	g := NewWithT(t)
	a := explain(t, recorded(t, &Complaint{}, li, asked("m.php", "SM", success, 0), asked("m.php", "HM", denied, 0)))
	g.Expect(a.Contradicted).To(BeTrue(), "a session that was used was not lost at the login")
	g.Expect(a.Confidence).To(Equal(Low))
	top := func(call intake.Call) intake.Call { call.Where = intake.TopLevel; return call }
	a = explain(t, recorded(t, &Complaint{}, top(li), top(asked("m.php", "SM", success, 0)), top(asked("m.php", "HM", denied, 0))))
	g.Expect(a.Contradicted).To(BeTrue(), "what a portal's server schedules uses no session of the browser's")
	for _, loop := range [][]intake.Call{{li, sm, li, sm, li, sm, li, sm}, {li, li, li}} {
		a = explain(t, recorded(t, &Complaint{}, loop...))
		g.Expect(a.Symptom).To(Equal(fixtures.LoginLoop))
		g.Expect(a.Cause.Reason).To(Equal(fixtures.ThirdPartyBlocked))
		g.Expect(a.Contradicted).To(BeFalse(), "the sample portals stop where real ones go round")
	}
	posted := recorded(t, &Complaint{}, asked("p.php", "LI", denied, 0))
	g.Expect(explain(t, posted).Cause.Reason).To(Equal(fixtures.PasswordInAddress))
	posted.Sequence.Hops[0].Method = "POST"
	a = explain(t, posted)
	g.Expect(a.Contradicted).To(BeTrue(), "a password that was posted did not come in the address")
}

// A proxy is none of the browser's extensions, and whoever allows third-party cookies may have an extension that takes them out all the same.
func TestAnExtensionIsNoProxy(t *testing.T) {
	framed := "browser: Chrome 149\nstyle: iframe\nsymptom: access denied\n"
	for said, want := range map[string]fixtures.Reason{
		"network: uBlock extension\n":                                           fixtures.RemovedByExtension,
		"network: Ghostery add-on\n":                                            fixtures.RemovedByExtension,
		"network: uBlock extension\nsetting: third-party cookies are allowed\n": fixtures.RemovedByExtension,
		"network: Squid proxy\n":                                                fixtures.RemovedOnTheWay,
		"network: Squid proxy\nsetting: third-party cookies are allowed\n":      fixtures.RemovedOnTheWay,
	} {
		g := NewWithT(t)
		g.Expect(explain(t, reported(t, framed+said)).Cause.Reason).To(Equal(want), said)
	}
	// The recording shows that the ticket reached the browser.
	g := NewWithT(t)
	c := recorded(t, reported(t, framed+"network: Zscaler proxy\n"), asked("p.php", "LI", success, 0), asked("m.php", "SM", denied, 0))
	c.Sequence.Cookies = intake.CookiesRecorded
	c.Sequence.Hops[0].Offered = []network.Cookie{{Name: "ticket", SameSite: http.SameSiteNoneMode, Secure: true}}
	c.believeCookies()
	a := explain(t, c)
	g.Expect(a.Cause.Reason).To(Equal(fixtures.ThirdPartyBlocked))
}

// Single sign-on calls its cookies so too.
func TestATicketOfSomebodyElsesIsNotTheSites(t *testing.T) {
	framed := "browser: Chrome 149\nstyle: iframe\nsymptom: access denied\nwebex: https://contoso.webex.com\n"
	kept := func(domain string) *intake.CookieExport {
		return &intake.CookieExport{Format: "cookie list", Cookies: []intake.StoredCookie{{Cookie: network.Cookie{Name: "ticket", Domain: domain, SameSite: http.SameSiteLaxMode, Secure: true}}}}
	}
	for domain, want := range map[string]string{"webex.com": "lax", "contoso.webex.com": "lax", "sso.contoso.com": "", "notwebex.com": ""} {
		g := NewWithT(t)
		c := reported(t, framed)
		c.Cookies = kept(domain)
		c.fromCookies()
		g.Expect(c.Profile).To(Equal(want), domain)
	}
	g := NewWithT(t)
	c := recorded(t, &Complaint{}, asked("p.php", "LI", success, 0), asked("m.php", "SM", denied, 0))
	c.Sequence.Hops = append(c.Sequence.Hops, intake.Entry{Host: "sso.contoso.com", Offered: []network.Cookie{{Name: "ticket", SameSite: http.SameSiteStrictMode}}})
	g.Expect(recordedProfile(c.Sequence)).To(BeEmpty())

	c = reported(t, framed+"cookies: SameSite=None; Secure\n")
	c.Cookies = kept("webex.com")
	c.fromCookies()
	g.Expect(c.Profile).To(Equal("lax"))
	g.Expect(problems(c.Findings)).To(ContainElement(HavePrefix("cookies: The report says that the site's cookies are none-secure, and in the export of cookies the ticket is lax, which is believed.")))
}

// Where every cookie is blocked a portal keeps no session of its own, and sends its people to its login for ever.
func TestAPortalThatKeepsNoCookieAsksToLogInAgainAndAgain(t *testing.T) {
	for _, symptom := range []string{"login loop", "access denied"} {
		for _, style := range []string{"redirect", "iframe"} {
			g := NewWithT(t)
			a := explain(t, reported(t, "browser: Chrome 149\nsetting: all cookies are blocked\nstyle: "+style+"\nsymptom: "+symptom+"\n"))
			g.Expect(a.Cause).NotTo(BeNil())
			g.Expect(a.Cause.Reason).To(Equal(fixtures.AllBlocked), symptom)
			g.Expect(a.Reproduced).To(Equal(symptom == "login loop"))
			g.Expect(a.Contradicted).To(BeFalse(), symptom)
		}
	}
}

// A proxy that is named may take cookies out, and a setting that refuses them does.
func TestAProxyAndASettingAreBothCandidates(t *testing.T) {
	framed := "browser: Chrome 149\nstyle: iframe\nsymptom: access denied\ncookies: none-secure\n"
	const bySetting, byProxy = fixtures.ThirdPartyBlocked, fixtures.RemovedOnTheWay
	for said, want := range map[string][]fixtures.Reason{
		"setting: third-party cookies are blocked\nnetwork: Zscaler proxy\n":               {bySetting, byProxy},
		"setting: third-party cookies are blocked\nnetwork: a proxy that strips cookies\n": {byProxy, bySetting},
		"setting: third-party cookies are allowed\nnetwork: Zscaler proxy\n":               nil,
		"setting: third-party cookies are blocked\n":                                       nil,
	} {
		g := NewWithT(t)
		a := explain(t, reported(t, framed+said))
		var got []fixtures.Reason
		for _, p := range a.Causes {
			g.Expect(p.Ran).To(BeFalse())
			g.Expect(p.Outcome).To(Equal("access-denied"))
			g.Expect(p.Reproduced).To(BeTrue())
			got = append(got, p.Cause.Reason)
		}
		g.Expect(got).To(Equal(want), said)
		if want == nil {
			continue
		}
		g.Expect(a.Cause.Reason).To(Equal(want[0]), said)
		g.Expect(a.Confidence).To(Equal(Medium), said)
		g.Expect(text(t, *a)).To(MatchRegexp(`What it can be, the likeliest first\n  1\. \d\d% `+string(want[0])+`, of ticket at SM; such as iframe in chromium[^(]*\(predicted:\s+access-denied\)\n  2\. \d\d% `+string(want[1])), said)
	}
}

// A portal below one domain with the site is the same site: what is said of third parties does not concern it.
func TestPortalAndSiteBelowOneDomainAreOneSite(t *testing.T) {
	report := "browser: Chrome 149\nstyle: iframe\nsymptom: access denied\nsetting: third-party cookies are blocked\nportal: https://portal.contoso.com\nwebex: "
	g := NewWithT(t)
	a := explain(t, reported(t, report+"https://meetings.contoso.com\n"))
	g.Expect(a.it.Integration.Portal).To(Equal("https://portal.webex.com"))
	g.Expect(a.it.SiteHost()).To(Equal("acme.webex.com"))
	g.Expect(a.Cause.Reason).NotTo(Equal(fixtures.ThirdPartyBlocked))
	g.Expect(problems(a.Findings)).To(ContainElement(HaveSuffix("https://acme.webex.com stands in, also in the remedies, with https://portal.webex.com for the portal, which is below one domain with it.")))
	for _, site := range []string{"https://meetings.fabrikam.com", "https://contoso.webex.com"} {
		a = explain(t, reported(t, report+site+"\n"))
		g.Expect(a.it.Integration.Portal).To(Equal("https://portal.contoso.com"), site)
		g.Expect(a.Cause.Reason).To(Equal(fixtures.ThirdPartyBlocked), site)
	}
}

// A filter that is spoken of explains nothing where something else loses the ticket first.
func TestWhatStandsBetweenExplainsOnlyWhatItTakes(t *testing.T) {
	g := NewWithT(t)
	a := explain(t, reported(t, "browser: Edge 149\nstyle: popup\nsymptom: access denied\nnetwork: a proxy that strips cookies\n"))
	g.Expect(a.Cause.Reason).To(Equal(fixtures.RemovedOnTheWay))
	g.Expect(a.Confidence).To(Equal(Low))
}

// A recording in which the site is never asked is of a portal that found no session of its own.
func TestALoginLoopWithoutCommandsIsThePortals(t *testing.T) {
	g := NewWithT(t)
	a := explain(t, recorded(t, reported(t, "browser: Firefox 140\nstyle: redirect\nsymptom: login loop\n")))
	g.Expect(a.Cause.Reason).To(Equal(fixtures.AllBlocked))
	g.Expect(a.Reproduced).To(BeTrue())
}
