package testbed

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/session"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// framed is the evidence of a login and a command in a frame of the portal, the ticket offered and not returned.
func framed(engine browsers.Engine, base policy.Base, ticket network.Cookie) evidence {
	return evidence{
		c: Case{
			Engine:      engine,
			Policy:      policy.Policy{Name: string(base), Base: base},
			Integration: fixtures.Integration{Portal: "https://portal.acme.example", Goal: "HM", Host: "alice"},
		},
		exchanges: []network.Exchange{
			{ID: 1, Start: noon, End: noon.Add(time.Second), Method: "GET", URL: "https://acme.webex.com/acme/p.php?AT=LI", Host: "acme.webex.com", Path: "/acme/p.php", FetchDest: "iframe", FetchSite: "cross-site", Offered: []network.Cookie{ticket}},
			{ID: 2, Start: noon.Add(2 * time.Second), End: noon.Add(3 * time.Second), Method: "GET", URL: "https://acme.webex.com/acme/m.php?AT=HM", Host: "acme.webex.com", Path: "/acme/m.php", FetchDest: "iframe", FetchSite: "cross-site"},
		},
		entries: []journal.Entry{
			{RequestID: "1", Page: "p.php", Command: "LI", Result: journal.Success, Session: session.None, User: "alice", SendsTo: "https://portal.acme.example"},
			{RequestID: "2", Page: "m.php", Command: "HM", Result: journal.Fail, Reason: "AccessDenied", Session: session.None, SendsTo: "https://portal.acme.example"},
		},
	}
}

var noneSecure = network.Cookie{Name: "ticket", Domain: "webex.com", Path: "/", Secure: true, SameSite: http.SameSiteNoneMode}

func TestCauseByTheEnginesOwnWord(t *testing.T) {
	for name, c := range map[string]struct {
		base   policy.Base
		words  []string
		reason Reason
	}{
		"the setting":                      {policy.BlockThirdParty, []string{"UserPreferences"}, fixtures.ThirdPartyBlocked},
		"the setting for every cookie":     {policy.BlockAll, []string{"UserPreferences"}, fixtures.AllBlocked},
		"SameSite":                         {policy.AllowThirdParty, []string{"SameSiteUnspecifiedTreatedAsLax"}, fixtures.SameSite},
		"None without Secure":              {policy.AllowThirdParty, []string{"SameSiteNoneInsecure"}, fixtures.NoneWithoutSecure},
		"both: the setting is asked first": {policy.BlockThirdParty, []string{"SchemefulSameSiteLax", "UserPreferences"}, fixtures.ThirdPartyBlocked},
		"a word that we do not know":       {policy.AllowThirdParty, []string{"SomethingNew"}, Unexplained},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			e := framed(browsers.Chromium, c.base, noneSecure)
			e.blocked = []browsers.BlockedCookie{{Name: "ticket", URL: e.exchanges[0].URL, Direction: browsers.Store, Reasons: c.words}}
			got := e.cause(&e.entries[1])
			g.Expect(got).NotTo(BeNil())
			g.Expect(got.Cookie).To(Equal("ticket"))
			g.Expect(got.Hop).To(Equal("GET acme.webex.com/acme/m.php?AT=HM"), "the hop that missed it")
			g.Expect(got.LostAt).To(Equal("GET acme.webex.com/acme/p.php?AT=LI"), "the hop at which it was lost")
			g.Expect(got.Reason).To(Equal(c.reason))
			g.Expect(got.Witness).To(Equal(ByBrowser))
			for _, w := range c.words {
				g.Expect(got.Detail).To(ContainSubstring(w))
			}
		})
	}
}

// The frame's login is refused its cookie, and the same login at top level is not: what became of that one cookie is another matter.
func TestTheEnginesWordIsAboutTheHopOfItsTime(t *testing.T) {
	for name, c := range map[string]struct {
		said   time.Time
		reason Reason
	}{
		"while the first was under way":  {noon.Add(time.Second), fixtures.BrowserRestarted},
		"a moment after the first":       {noon.Add(1100 * time.Millisecond), fixtures.BrowserRestarted},
		"a moment before the second":     {noon.Add(1900 * time.Millisecond), fixtures.ThirdPartyBlocked},
		"while the second was under way": {noon.Add(2 * time.Second), fixtures.ThirdPartyBlocked},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			e := framed(browsers.Chromium, policy.BlockThirdParty, noneSecure)
			again, hop := e.exchanges[0], e.exchanges[1]
			again.ID, again.FetchDest, again.Start, again.End = 2, "document", noon.Add(2*time.Second), noon.Add(3*time.Second)
			hop.ID, hop.FetchDest, hop.Start, hop.End = 3, "document", noon.Add(5*time.Second), noon.Add(6*time.Second)
			e.exchanges = []network.Exchange{e.exchanges[0], again, hop}
			e.entries[1].RequestID = "3"
			e.restart = noon.Add(4 * time.Second)
			e.blocked = []browsers.BlockedCookie{{Name: "ticket", URL: again.URL, Direction: browsers.Store, Reasons: []string{"UserPreferences"}, Time: c.said}}
			g.Expect(e.cause(&e.entries[1]).Reason).To(Equal(c.reason))
		})
	}
}

// Internet Explorer's rules, in front of the engine, give their reason in our words.
func TestCauseByRulesInFrontOfTheEngine(t *testing.T) {
	g := NewWithT(t)
	e := framed(browsers.Chromium, policy.AllowThirdParty, noneSecure)
	e.blocked = []browsers.BlockedCookie{{Name: "ticket", URL: e.exchanges[1].URL, Direction: browsers.Send, Reasons: []string{"leashed", "the rule"}}}
	g.Expect(*e.cause(&e.entries[1])).To(Equal(Cause{Cookie: "ticket", Hop: "GET acme.webex.com/acme/m.php?AT=HM", HopID: 2, Reason: fixtures.Leashed, Detail: "the rule", Witness: ByRules}))
}

func TestWhatIsTakenOnTheWayIsToldOfThatCookieAlone(t *testing.T) {
	const ticket, other = "Squid 5.7: removed ticket in the answer", "Squid 5.7: removed ticket_timeStamp in the answer"
	for did, told := range map[string]string{other + "|" + ticket + "|Squid 5.7: added P3p": ticket, "a filter that says little": "a filter that says little"} {
		g := NewWithT(t)
		e := framed(browsers.Chromium, policy.AllowThirdParty, noneSecure)
		e.exchanges[0].Delivered, e.exchanges[0].Filters = []network.Cookie{}, strings.Split(did, "|")
		got := e.cause(&e.entries[1])
		g.Expect(got.Reason).To(Equal(fixtures.RemovedOnTheWay))
		g.Expect(got.Detail).To(Equal("it left the site and never reached the browser: " + told))
	}
}

func TestCauseByThePolicyModel(t *testing.T) {
	g := NewWithT(t)
	e := framed(browsers.Firefox, policy.BlockThirdParty, noneSecure)
	got := e.cause(&e.entries[1])
	g.Expect(got.Reason).To(Equal(fixtures.ThirdPartyBlocked))
	g.Expect(got.LostAtID).To(Equal(1))
	g.Expect(got.Witness).To(Equal(ByModel), "Firefox has said nothing")
	g.Expect(got.String()).To(MatchRegexp(`third-party-blocked \(by the policy model: Firefox .*[^.]\)$`))

	e = framed(browsers.Firefox, policy.AllowThirdParty, noneSecure)
	got = e.cause(&e.entries[1])
	g.Expect(got.Reason).To(Equal(Unexplained), "no rule refuses it, so nothing is made up")
	g.Expect(got.Witness).To(Equal(ByNetwork))
}

// The way back from the site into the portal's own page is begun by the site, which keeps the portal's Lax cookie out of the frame.
func TestALossOnTheWayBackIsSameSites(t *testing.T) {
	portal := network.Cookie{Name: "portal_session", Path: "/", Secure: true, SameSite: http.SameSiteLaxMode}
	for name, c := range map[string]struct {
		fetchDest, fetchSite, referer string
		location                      string // of the site's answer
		reason                        Reason
	}{
		"begun by the site, in a frame":     {"iframe", "cross-site", "https://acme.webex.com", "", fixtures.SameSite},
		"begun by the site, at top level":   {"document", "cross-site", "https://acme.webex.com", "", Unexplained},
		"begun by the portal":               {"iframe", "same-origin", "https://portal.acme.example", "", Unexplained},
		"the portal's, by the site's 302":   {"iframe", "cross-site", "https://portal.acme.example", "https://portal.acme.example/back", fixtures.SameSite},
		"begun by somebody who is not told": {"iframe", "cross-site", "", "", Unexplained},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			e := framed(browsers.Firefox, policy.AllowThirdParty, noneSecure)
			e.exchanges = []network.Exchange{
				{ID: 1, Start: noon, End: noon.Add(time.Second), Method: "GET", URL: "https://portal.acme.example/host", Host: "portal.acme.example", Path: "/host", FetchDest: "document", FetchSite: "none", Offered: []network.Cookie{portal}},
				{ID: 2, Start: noon.Add(time.Second), End: noon.Add(2 * time.Second), Method: "GET", URL: "https://acme.webex.com/acme/p.php?AT=LI", Host: "acme.webex.com", Path: "/acme/p.php", FetchDest: c.fetchDest, FetchSite: "cross-site", Location: c.location},
				{ID: 3, Start: noon.Add(2 * time.Second), End: noon.Add(3 * time.Second), Method: "GET", URL: "https://portal.acme.example/back", Host: "portal.acme.example", Path: "/back", FetchDest: c.fetchDest, FetchSite: c.fetchSite, Referer: c.referer},
			}
			losses := e.losses()
			g.Expect(losses).To(HaveLen(1))
			g.Expect(losses[3]).To(HaveLen(1), "lost where it was not sent")
			g.Expect(losses[3][0].Cookie).To(Equal("portal_session"))
			g.Expect(losses[3][0].Reason).To(Equal(c.reason))
		})
	}
}

func TestRedirectsAreThoseThatLedToTheHop(t *testing.T) {
	g := NewWithT(t)
	const a, b, c = "https://portal.acme.example/away", "https://acme.webex.com/over", "https://portal.acme.example/back?state=1"
	hop := func(id int, url, location string) network.Exchange {
		return network.Exchange{ID: id, URL: url, Location: location, FetchDest: "iframe"}
	}
	e := evidence{exchanges: []network.Exchange{
		hop(1, a, b), hop(2, b, c+"#top"), hop(3, c, ""),
		hop(4, c, ""),
		hop(5, a, "back?state=1"), hop(6, c, ""),
		hop(7, c, c), hop(8, c, ""),
	}}
	for i, want := range map[int][]string{1: nil, 2: {a}, 3: {a, b}, 4: nil, 6: {a}, 7: nil, 8: {c}} {
		g.Expect(e.redirects(e.exchanges[i-1])).To(Equal(want), "hop %d", i)
	}
}

// What the site gave a server of the portal is not the browser's to send.
func TestACookieOfAServerIsNotTheBrowsers(t *testing.T) {
	g := NewWithT(t)
	e := framed(browsers.Firefox, policy.AllowThirdParty, noneSecure)
	e.exchanges[0].Server, e.exchanges[0].FetchDest, e.exchanges[0].FetchSite = true, "", ""
	g.Expect(e.losses()).To(BeEmpty())
	g.Expect(e.cause(&e.entries[1]).Reason).To(Equal(fixtures.NotOffered))
}

// Nor is it a browser's setting that keeps one server from sending what another gave it.
func TestNoBrowsersSettingIsWhyAServerLeavesACookieOut(t *testing.T) {
	for _, base := range []policy.Base{policy.AllowThirdParty, policy.BlockThirdParty, policy.BlockAll} {
		t.Run(string(base), func(t *testing.T) {
			g := NewWithT(t)
			e := framed(browsers.Chromium, base, noneSecure)
			for i := range e.exchanges {
				e.exchanges[i].Server, e.exchanges[i].FetchDest, e.exchanges[i].FetchSite = true, "", ""
			}
			e.blocked = []browsers.BlockedCookie{{Name: "ticket", URL: e.exchanges[1].URL, Direction: browsers.Send, Reasons: []string{"UserPreferences"}}}
			g.Expect(*e.cause(&e.entries[1])).To(Equal(Cause{Cookie: "ticket", Hop: "GET acme.webex.com/acme/m.php?AT=HM", HopID: 2, Reason: Unexplained, Witness: ByNetwork,
				Detail: "the portal's server was given it and did not send it, in which no browser has a part"}))
		})
	}
}

func TestATripIsStuckOverACookieThatAPageShouldHaveSentAlone(t *testing.T) {
	for name, c := range map[string]struct {
		change func(a, b *network.Exchange)
		lost   bool
	}{
		"a page's":                     {func(_, _ *network.Exchange) {}, true},
		"a server's":                   {func(a, b *network.Exchange) { a.Server, b.Server = true, true }, false},
		"the browser's own, an icon":   {func(_, b *network.Exchange) { b.Own = true }, false},
		"refused":                      {func(_, b *network.Exchange) { b.Refused = true }, false},
		"asked before the cookie came": {func(a, b *network.Exchange) { b.Start = a.Start }, false},
		"asked after it was deleted":   {func(a, _ *network.Exchange) { a.Offered[0].Deletes = true }, false},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			e := framed(browsers.Chromium, policy.BlockThirdParty, noneSecure)
			e.entries = nil
			c.change(&e.exchanges[0], &e.exchanges[1])
			if !c.lost {
				g.Expect(e.cause(nil)).To(BeNil())
				g.Expect(e.losses()).To(BeEmpty())
				return
			}
			g.Expect(e.cause(nil)).To(And(HaveField("Cookie", "ticket"), HaveField("Reason", fixtures.ThirdPartyBlocked)))
			g.Expect(e.losses()).To(HaveKey(1))
		})
	}
}

func TestATripHaltsAtAScriptThatDidNotRun(t *testing.T) {
	refused := func(host string) func(*evidence) {
		return func(e *evidence) {
			e.exchanges = append(e.exchanges, network.Exchange{ID: 3, Host: host, Refused: true})
		}
	}
	for name, c := range map[string]struct {
		change func(*evidence)
		halted bool
	}{
		"nothing came after it":                       {func(*evidence) {}, true},
		"the browser asked elsewhere for itself":      {refused("updates.example:443"), true},
		"the browser went to a host that is nobody's": {refused("portal-x.acme.example:443"), false},
		"a proxy asked there for itself": {func(e *evidence) {
			e.exchanges = append(e.exchanges, network.Exchange{ID: 3, Host: "portal-x.acme.example", Refused: true, Err: "a proxy asked for it on its own account"})
		}, true},
		"the answer is a page to stay at":                 {func(e *evidence) { e.entries[1].SendsTo = "" }, false},
		"the answer is a redirect, which needs no script": {func(e *evidence) { e.exchanges[1].Location = "https://portal-x.acme.example/" }, false},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			e := framed(browsers.Chromium, policy.AllowThirdParty, noneSecure)
			e.entries[1].SendsTo = "https://portal-x.acme.example"
			c.change(&e)
			g.Expect(e.halted() != nil).To(Equal(c.halted))
		})
	}
}

func TestACookieIsMeantForAnAddressByDomainPathAndScheme(t *testing.T) {
	for _, c := range []struct {
		from   string
		cookie network.Cookie
		to     string
		want   bool
	}{
		{"https://portal.acme.example/", network.Cookie{}, "https://portal.acme.example/", true},
		{"https://portal.acme.example/", network.Cookie{}, "https://acme.example/", false},
		{"https://portal.acme.example:8443/", network.Cookie{}, "https://portal.acme.example/", true},
		{"https://portal.acme.example:8443/", network.Cookie{Domain: "acme.example"}, "https://portal.acme.example:8443/", true},
		{"https://portal.acme.example:8443/", network.Cookie{Domain: ".acme.example"}, "https://acme.example:9443/", true},
		{"https://[::1]:8443/", network.Cookie{}, "https://[::1]/", true},
		{"https://[::1]/", network.Cookie{}, "https://[::2]/", false},
		{"https://portal.acme.example/", network.Cookie{Domain: "acme.example"}, "https://notacme.example/", false},
		{"https://portal.acme.example/", network.Cookie{Secure: true}, "http://portal.acme.example/", false},
		{"https://portal.acme.example/a/b", network.Cookie{}, "https://portal.acme.example/a", true},
		{"https://portal.acme.example/a/b", network.Cookie{}, "https://portal.acme.example/a/c", true},
		{"https://portal.acme.example/a/b", network.Cookie{}, "https://portal.acme.example/ab", false},
		{"https://portal.acme.example/a/b", network.Cookie{Path: "/"}, "https://portal.acme.example/ab", true},
		{"https://portal.acme.example/a", network.Cookie{Path: "/a/"}, "https://portal.acme.example/a", false},
		{"https://portal.acme.example", network.Cookie{}, "https://portal.acme.example/a", true},
	} {
		NewWithT(t).Expect(reaches(asking(t, c.from), c.cookie, asking(t, c.to))).To(Equal(c.want), "%+v", c)
	}
}

// asking is a request for an address.
func asking(t *testing.T, address string) network.Exchange {
	t.Helper()
	u, err := url.Parse(address)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return network.Exchange{URL: address, Host: u.Host, Path: u.Path}
}

func TestACookieKeepsToItsHostAtEveryPort(t *testing.T) {
	g := NewWithT(t)
	e := framed(browsers.Firefox, policy.AllowThirdParty, network.Cookie{Name: "ticket", Secure: true, Path: "/", SameSite: http.SameSiteNoneMode})
	for i := range e.exchanges {
		x := &e.exchanges[i]
		x.Host, x.URL = x.Host+":8443", strings.Replace(x.URL, x.Host, x.Host+":8443", 1)
	}
	g.Expect(e.cause(&e.entries[1]).Reason).To(Equal(Unexplained), "no rule refuses it")
}

func TestCauseWithoutALostCookie(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(*evidence)
		reason  Reason
		witness Witness
	}{
		"the ticket came and was dead": {func(e *evidence) { e.entries[1].Session = session.IdleExpired }, fixtures.IdleExpired, BySite},
		"the ticket was logged out":    {func(e *evidence) { e.entries[1].Session = session.LoggedOut }, fixtures.LoggedOut, BySite},
		"the ticket was deleted":       {func(e *evidence) { e.exchanges[0].Offered[0].Deletes = true }, fixtures.LoggedOut, ByNetwork},
		"the site never set one":       {func(e *evidence) { e.exchanges[0].Offered = nil }, fixtures.NotOffered, ByNetwork},
		"the browser was restarted":    {func(e *evidence) { e.restart = noon.Add(1500 * time.Millisecond) }, fixtures.BrowserRestarted, ByNetwork},
		"somebody else was logged in": {func(e *evidence) {
			e.entries[1].Result, e.entries[1].Reason, e.entries[1].User, e.entries[1].Session = journal.Success, "", "bob", session.Live
		}, fixtures.OtherHost, BySite},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			e := framed(browsers.Firefox, policy.AllowThirdParty, noneSecure)
			e.exchanges[0].Offered = []network.Cookie{noneSecure}
			c.change(&e)
			got := e.cause(&e.entries[1])
			g.Expect(got.Reason).To(Equal(c.reason))
			g.Expect(got.Witness).To(Equal(c.witness))
			g.Expect(got.Hop).To(Equal("GET acme.webex.com/acme/m.php?AT=HM"))
			g.Expect(got.LostAt).To(BeEmpty())
		})
	}
}

// joins has an attendee join the meeting, where the site requires a login of him too.
func joins(e *evidence) {
	e.c.Site.LoginRequired = true
	e.entries[1].Command, e.exchanges[1].URL = "JM", "https://acme.webex.com/acme/m.php?AT=JM"
}

// What looks like a lost cookie and is none.
func TestCausesThatAreNoCookies(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*evidence)
		want   Cause
	}{
		"login required": {func(e *evidence) {
			joins(e)
			e.exchanges[0].Offered = nil
		}, Cause{Hop: "GET acme.webex.com/acme/m.php?AT=JM", HopID: 2, Reason: fixtures.LoginRequired, Witness: BySite}},
		"login required of whoever lost his ticket": {joins,
			Cause{Cookie: "ticket", Hop: "GET acme.webex.com/acme/m.php?AT=JM", HopID: 2, LostAt: "GET acme.webex.com/acme/p.php?AT=LI", LostAtID: 1, Reason: fixtures.ThirdPartyBlocked, Witness: ByModel}},
		"login required of whoever was idle": {func(e *evidence) {
			joins(e)
			e.entries[1].Session = session.IdleExpired
		}, Cause{Cookie: "ticket", Hop: "GET acme.webex.com/acme/m.php?AT=JM", HopID: 2, Reason: fixtures.IdleExpired, Witness: BySite}},
		"another service": {func(e *evidence) {
			e.entries[1].Reason, e.entries[1].Session = "NoMeetingTypeSupport", session.Live
		}, Cause{Hop: "GET acme.webex.com/acme/m.php?AT=HM", HopID: 2, Reason: fixtures.OtherService, Witness: BySite}},
		"a command that makes no sense": {func(e *evidence) {
			e.entries[1].Reason, e.entries[1].Session = "InvalidMeetingKey", session.Live
		}, Cause{Hop: "GET acme.webex.com/acme/m.php?AT=HM", HopID: 2, Reason: Unexplained, Witness: BySite}},
		"a host's command where login is required": {func(e *evidence) { e.c.Site.LoginRequired = true },
			Cause{Cookie: "ticket", Hop: "GET acme.webex.com/acme/m.php?AT=HM", HopID: 2, LostAt: "GET acme.webex.com/acme/p.php?AT=LI", LostAtID: 1, Reason: fixtures.ThirdPartyBlocked, Witness: ByModel}},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			e := framed(browsers.Firefox, policy.BlockThirdParty, noneSecure)
			test.change(&e)
			got := e.cause(&e.entries[1])
			g.Expect(got).NotTo(BeNil())
			got.Detail = ""
			g.Expect(*got).To(Equal(test.want))
		})
	}
}

// Whose session it is that a command came in says the site; how he came to be logged in, the logins before.
func TestAnotherHostWasLoggedInBeforeOrByTheLastLogin(t *testing.T) {
	for name, c := range map[string]struct {
		login journal.Entry
		told  string
	}{
		"the host's login met him": {journal.Entry{Result: journal.Fail, Reason: "AlreadyLogon", Host: "alice", User: "bob"}, "the ticket that came along belongs to bob, who was already logged in"},
		"the login was his":        {journal.Entry{Result: journal.Success, Host: "bob", User: "bob"}, "the ticket that came along belongs to bob, as whom the last login was made"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			e := framed(browsers.Firefox, policy.AllowThirdParty, noneSecure)
			c.login.Seq, c.login.RequestID, c.login.Page, c.login.Command = 1, "1", "p.php", "LI"
			e.entries[0] = c.login
			e.entries[1].Seq, e.entries[1].Result, e.entries[1].Reason, e.entries[1].User, e.entries[1].Session = 2, journal.Success, "", "bob", session.Live
			g.Expect(e.cause(&e.entries[1]).Detail).To(Equal(c.told))
		})
	}
}

func TestALoginIsRefusedForItsPasswordOnlyWhereOneCameInTheAddress(t *testing.T) {
	for query, want := range map[string]bool{
		"AT=LI&WID=alice&PW=***": true, "AT=LI&WID=alice&TK=***": false, "AT=LI&WID=alice": false, "AT=LI&WID=alice&TK=***&PID=***": true,
	} {
		e := framed(browsers.Chromium, policy.AllowThirdParty, noneSecure)
		e.c.Site.Get2Post = true
		e.exchanges[0].URL = "https://acme.webex.com/acme/p.php?" + query
		e.entries[0].Method, e.entries[0].Result = http.MethodGet, journal.Fail
		NewWithT(t).Expect(e.passwordRefused() != nil).To(Equal(want), query)
	}
}

func TestAPasswordInTheAddressIsTheCauseOnlyWhereTheSiteRefusesIt(t *testing.T) {
	g := NewWithT(t)
	e := framed(browsers.Chromium, policy.AllowThirdParty, noneSecure)
	e.exchanges, e.entries = e.exchanges[:1], e.entries[:1]
	e.exchanges[0].Offered = nil
	e.exchanges[0].URL += "&PW=***"
	e.entries[0].Method, e.entries[0].Result, e.entries[0].Reason = http.MethodGet, journal.Fail, "AccessDenied"
	g.Expect(e.passwordRefused()).To(BeNil())
	e.c.Site.Get2Post = true
	got := e.cause(nil)
	g.Expect(got).NotTo(BeNil())
	g.Expect(got.Cookie).To(BeEmpty())
	g.Expect(got.Reason).To(Equal(fixtures.PasswordInAddress))
	g.Expect(got.Witness).To(Equal(BySite))
	g.Expect(got.Hop).To(Equal("GET acme.webex.com/acme/p.php?AT=LI"))
}

// A portal that does not look at what became of its login goes on to a command, which fails for that and not for a cookie.
func TestAPasswordInTheAddressIsTheCauseOfWhatFailsAfterIt(t *testing.T) {
	for name, c := range map[string]struct {
		offered []network.Cookie
		want    Reason
	}{
		"nobody was ever logged in": {nil, fixtures.PasswordInAddress},
		"a ticket was there once":   {[]network.Cookie{noneSecure}, fixtures.ThirdPartyBlocked},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			e := framed(browsers.Chromium, policy.BlockThirdParty, noneSecure)
			e.c.Site.Get2Post = true
			e.exchanges[0].Offered = c.offered
			e.exchanges[0].URL += "&PW=***"
			e.entries[0].Method, e.entries[0].Result, e.entries[0].Reason = http.MethodGet, journal.Fail, "AccessDenied"
			g.Expect(e.cause(&e.entries[1]).Reason).To(Equal(c.want))
		})
	}
}
