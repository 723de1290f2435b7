package repro

import (
	"net/http"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/intake"
)

func TestARecordingThatNothingExplainsIsSaidToBeOne(t *testing.T) {
	g := NewWithT(t)
	a := explain(t, recorded(t, &Complaint{}, asked("p.php", "LI", intake.Answer{ST: "FAIL", RS: "InvalidPassword"}, 0)))
	g.Expect(a.Contradicted).To(BeTrue())
	g.Expect(a.Reproduced).To(BeFalse(), "the nearest case fails too, and not so")
	g.Expect(a.Confidence).To(Equal(Low))
	var b strings.Builder
	g.Expect(a.Text(&b)).To(Succeed())
	g.Expect(b.String()).To(HavePrefix("No case known here goes as what was sent shows. The nearest one comes to stuck, by the policy model"))
	g.Expect(b.String()).To(And(ContainSubstring("Cause in the nearest case\n"), ContainSubstring("Remedies in the nearest case\n")))
}

// The sample portal stops at a refused login, and people read AccessDenied in theirs.
func TestALoginThatIsRefusedForThePasswordInItsAddressIsAccessDeniedToo(t *testing.T) {
	g := NewWithT(t)
	c := recorded(t, reported(t, "browser: Chrome 149\nsymptom: Access Denied\n"), asked("p.php", "LI", denied, 0))
	a := explain(t, c)
	g.Expect(a.Cause.Reason).To(Equal(fixtures.PasswordInAddress))
	g.Expect(a.Contradicted).To(BeFalse())
	g.Expect(a.Reproduced).To(BeTrue())
	var b strings.Builder
	g.Expect(a.Text(&b)).To(Succeed())
	g.Expect(b.String()).To(ContainSubstring("The access-denied that was complained about is the same: it is what the site answers to the login"))
}

func TestARecordingInWhichAllWorksHasNoCause(t *testing.T) {
	g := NewWithT(t)
	calls := func() []intake.Call {
		return []intake.Call{asked("p.php", "LI", success, 0), asked("m.php", "SM", success, 0), asked("m.php", "HM", success, 0)}
	}
	c := recorded(t, &Complaint{}, calls()...)
	a := explain(t, c)
	g.Expect(a.Outcome).To(Equal(fixtures.Works))
	g.Expect(a.Reproduced).To(BeFalse())
	g.Expect(a.Cause).To(BeNil())
	g.Expect(a.Remedies).To(BeEmpty())
	g.Expect(problems(a.Findings)).To(ContainElement(ContainSubstring("it does not show a failure")))
	var b strings.Builder
	g.Expect(a.Text(&b)).To(Succeed())
	g.Expect(b.String()).To(HavePrefix("Nothing to reproduce: in what was sent everything works."))

	c = recorded(t, reported(t, "symptom: access denied\nstyle: iframe\n"), calls()...)
	g.Expect(problems(c.Findings)).To(ContainElement(ContainSubstring("The report says access-denied, and in the HAR file the host's command is accepted.")))
	g.Expect(explain(t, c).Contradicted).To(BeTrue())
}

func TestWhereARecordingContradictsTheReportItIsBelieved(t *testing.T) {
	g := NewWithT(t)
	c := reported(t, "browser: Chrome 120\nstyle: redirect\ncookies: SameSite=None; Secure\nsymptom: access denied\nwebex: https://acme.webex.com\n")
	c.believe(browsers.Chromium, "Google Chrome 149.0.1.2", "the HAR file")
	c = recorded(t, c, asked("p.php", "LI", success, 0), asked("m.php", "SM", denied, 0))
	c.Sequence.Hops[0].Offered = []network.Cookie{{Name: "ticket", SameSite: http.SameSiteLaxMode, Secure: true}}
	c.believeCookies()
	g.Expect(c.Version).To(Equal("149.0.1.2"))
	g.Expect(c.Integration).To(BeEmpty())
	g.Expect(c.Profile).To(Equal("lax"))
	g.Expect(problems(c.Findings)).To(ContainElements(
		HavePrefix("version: The report says version 120, and the HAR file comes from version 149.0.1.2"),
		HavePrefix("style: The report says redirect, and the login in the HAR file was sent from elsewhere"),
		HavePrefix("cookies: The report says that the site's cookies are none-secure, and in the HAR file the ticket is set as lax")))
	a := explain(t, c)
	g.Expect(a.Cause.Reason).To(Equal(fixtures.SameSite))
	g.Expect(a.Integration).To(Equal("iframe"))
}

// The half hour that counts lies between a command that was accepted and the one that was refused: a lunch before the login is none.
func TestIdleTimeIsThatOfTheCommandThatWasRefused(t *testing.T) {
	li, lunch := asked("p.php", "LI", success, 0), asked("p.php", "LI", success, 40*time.Minute)
	sm, late := asked("m.php", "SM", denied, time.Second), asked("m.php", "SM", denied, 40*time.Minute)
	contradicts := ContainElement("idle: The report says that nobody did anything for 45m0s, and in the HAR file a command is refused 1s after one was accepted, which is believed. Ask: Does it fail at once after a login too?")
	for name, test := range map[string]struct {
		report string
		calls  []intake.Call
		want   fixtures.Reason
	}{
		"lunch before the second login":  {"", []intake.Call{li, sm, lunch, sm}, fixtures.ThirdPartyBlocked},
		"tried again after lunch":        {"", []intake.Call{li, sm, late}, fixtures.ThirdPartyBlocked},
		"the report says otherwise":      {"idle: 45m\n", []intake.Call{li, sm}, fixtures.ThirdPartyBlocked},
		"nothing was accepted meanwhile": {"", []intake.Call{li, late}, fixtures.IdleExpired},
	} {
		g := NewWithT(t)
		c := recorded(t, reported(t, "browser: Chrome 149\nsymptom: access denied\n"+test.report), test.calls...)
		a := explain(t, c)
		g.Expect(a.Cause).NotTo(BeNil(), name)
		g.Expect(a.Cause.Reason).To(Equal(test.want), name)
		want := Not(contradicts)
		if name == "the report says otherwise" {
			want = contradicts
		}
		g.Expect(problems(a.Findings)).To(want, name)
	}
}

func TestACommandThatFailedForAnotherReasonIsTold(t *testing.T) {
	note := func(of string) string {
		return "har: In the HAR file " + of + ". That says nothing of cookies. Ask: Does it fail at the same place each time?"
	}
	li := asked("p.php", "LI", success, 0)
	for name, test := range map[string]struct {
		calls  []intake.Call
		change func(*intake.Entry) // of the last hop
		want   string
	}{
		"a wrong password": {[]intake.Call{asked("p.php", "LI", intake.Answer{ST: "FAIL", RS: "BadWebExIDorPassword"}, 0)}, nil, note("LI was refused: BadWebExIDorPassword")},
		"no such meeting":  {[]intake.Call{li, asked("m.php", "HM", intake.Answer{ST: "FAIL", RS: "InvalidMeetingKey"}, 0)}, nil, note("HM was refused: InvalidMeetingKey")},
		"another service":  {[]intake.Call{li, asked("m.php", "HM", intake.Answer{ST: "FAIL", RS: "NoMeetingTypeSupport"}, 0)}, nil, note("HM was refused: NoMeetingTypeSupport")},
		"an extension": {[]intake.Call{asked("p.php", "LI", intake.Answer{}, 0)}, func(e *intake.Entry) { e.Err = "net::ERR_BLOCKED_BY_CLIENT" },
			"har: In the HAR file the browser itself did not let LI out (net::ERR_BLOCKED_BY_CLIENT): as a rule an extension forbids it. " +
				"Ask: Which extensions does the browser have, and does it work with all of them switched off?"},
		"no connection":    {[]intake.Call{asked("p.php", "LI", intake.Answer{}, 0)}, func(e *intake.Entry) { e.Err = "net::ERR_CONNECTION_RESET" }, note("LI got no answer: net::ERR_CONNECTION_RESET")},
		"the site is down": {[]intake.Call{asked("p.php", "LI", intake.Answer{}, 0)}, func(e *intake.Entry) { e.Status = 503 }, note("LI was answered with status 503")},
	} {
		g := NewWithT(t)
		c := recorded(t, &Complaint{}, test.calls...)
		if test.change != nil {
			test.change(&c.Sequence.Hops[len(c.Sequence.Hops)-1])
			c.Findings = nil
			c.fromSequence()
		}
		a := explain(t, c)
		g.Expect(problems(a.Findings)).To(ContainElement(test.want), name)
		g.Expect(a.Contradicted).To(BeTrue(), name)
	}
	g := NewWithT(t)
	g.Expect(problems(recorded(t, &Complaint{}, li, asked("m.php", "SM", denied, 0)).Findings)).NotTo(ContainElement(ContainSubstring("That says nothing of cookies")))
}

func TestARecordingWithoutTimesContradictsNoIdleTime(t *testing.T) {
	g := NewWithT(t)
	late := asked("m.php", "SM", denied, 0)
	late.Time = time.Time{}
	c := recorded(t, reported(t, "browser: Chrome 149\nsymptom: access denied\nidle: 45m\n"), asked("p.php", "LI", success, 0), late)
	g.Expect(c.Idle).To(Equal(45 * time.Minute))
	g.Expect(problems(c.Findings)).NotTo(ContainElement(ContainSubstring("which is believed")))
}

// Developer tools are often opened when it has failed once: that the recording shows no login does not mean that there was none.
func TestARecordingThatBeginsAfterTheLoginDoesNotShowThatThereWasNone(t *testing.T) {
	for report, want := range map[string]fixtures.Reason{
		"": fixtures.ThirdPartyBlocked, "idle: 45m\n": fixtures.IdleExpired, "setting: third-party cookies blocked\n": fixtures.ThirdPartyBlocked,
	} {
		g := NewWithT(t)
		c := recorded(t, reported(t, "browser: Chrome 149\nsymptom: access denied\n"+report), asked("m.php", "HM", denied, 0))
		a := explain(t, c)
		g.Expect(a.Cause.Reason).To(Equal(want), report)
		g.Expect(a.Contradicted).To(BeFalse(), report)
		g.Expect(problems(a.Findings)).To(ContainElement(HavePrefix("har: The HAR file begins with HM: it does not show whether anybody had logged in before.")))
	}
}

func TestARecordingThatDoesNotSayWhereCommandsCameFromLeavesTheStyleOpen(t *testing.T) {
	g := NewWithT(t)
	li, sm := asked("p.php", "LI", success, 0), asked("m.php", "SM", denied, 0)
	c := recorded(t, reported(t, "browser: Safari 15\n"), li, sm)
	g.Expect(explain(t, c).Taken).NotTo(ContainElement("style"))
	g.Expect(problems(c.Findings)).NotTo(ContainElement(HavePrefix("style: ")))
	li.Where, sm.Where = intake.Unknown, intake.Unknown
	c = recorded(t, reported(t, "browser: Safari 15\n"), li, sm)
	g.Expect(explain(t, c).Taken).To(ContainElement("style"))
	g.Expect(problems(c.Findings)).To(ContainElement(HavePrefix("style: It is not said how the portal calls Webex.")))
}

// Whoever records it goes on until it works again: by logging in once more.
func TestALoginThatCuresADeadSessionDoesNotHideIt(t *testing.T) {
	li, sm, again := asked("p.php", "LI", success, 0), asked("m.php", "SM", success, 0), asked("m.php", "HM", success, time.Second)
	for _, report := range []string{"", "symptom: access denied\n"} {
		g := NewWithT(t)
		c := recorded(t, reported(t, "browser: Chrome 149\n"+report), li, sm, asked("m.php", "HM", denied, 40*time.Minute), li, again)
		g.Expect(c.Outcome).To(Equal(fixtures.AccessDenied))
		g.Expect(problems(c.Findings)).NotTo(ContainElement(ContainSubstring("the host's command is accepted")))
		a := explain(t, c)
		g.Expect(a.Cause.Reason).To(Equal(fixtures.IdleExpired))
		g.Expect(a.Contradicted).To(BeFalse())
	}
	g := NewWithT(t)
	c := recorded(t, &Complaint{}, li, asked("m.php", "SM", denied, time.Second), li, sm, again)
	g.Expect(c.Outcome).To(Equal(fixtures.Works))
	g.Expect(problems(c.Findings)).To(ContainElement(HavePrefix("har: In the HAR file SM is refused first, and the host's command is accepted in the end: it does not show a failure that lasts.")))
}

func TestASettingUnderWhichTheTicketWouldNotHaveComeAlongIsNotBelieved(t *testing.T) {
	framed := "browser: Chrome 149\nstyle: iframe\nsymptom: access denied\nsetting: third-party cookies are blocked\n"
	for name, test := range map[string]struct {
		profile string
		site    string // Sec-Fetch-Site
		want    string
	}{
		"of a third party":       {"", "cross-site", ""},
		"of the portal's domain": {"", "same-site", "block-third-party"},
		"a partitioned one":      {"cookies: SameSite=None; Secure; Partitioned\n", "cross-site", "block-third-party"},
	} {
		g := NewWithT(t)
		c := recorded(t, reported(t, framed+test.profile), asked("p.php", "LI", success, 0), asked("m.php", "SM", success, 0), asked("m.php", "HM", denied, 40*time.Minute))
		for i := range c.Sequence.Hops[1:] {
			hop := &c.Sequence.Hops[i+1]
			hop.FetchSite, hop.Returned = test.site, []network.Cookie{{Name: "ticket"}}
		}
		c.believeSetting()
		g.Expect(c.Policy).To(Equal(test.want), name)
		if test.want == "" {
			g.Expect(problems(c.Findings)).To(ContainElement(HavePrefix("setting: The report says block-third-party, and in the HAR file the ticket comes along with SM, which is believed.")))
			g.Expect(explain(t, c).Cause.Reason).To(Equal(fixtures.IdleExpired))
		}
	}
}

// A recording that somebody stopped at the login looks as if scripts were blocked.
func TestARecordingThatEndsWithTheLoginMayHaveBeenStoppedThere(t *testing.T) {
	const told = "har: After LI the HAR file shows no other page or command, not even the one that the answer sends the browser to: scripts may be blocked, or the recording was stopped there. " +
		"Ask: Did the recording go on after the login page, and what did the window show then?"
	for _, report := range []string{"received: 2026-11-03\n", "symptom: blank page\n", "browser: Chrome 149\nsetting: third-party cookies are allowed\n"} {
		g := NewWithT(t)
		li := asked("p.php", "LI", success, 0)
		li.Followed = intake.No
		c := recorded(t, reported(t, report), li)
		c.Sequence.Cookies = intake.CookiesRecorded
		c.Sequence.Hops[0].Offered = []network.Cookie{{Name: "ticket", SameSite: http.SameSiteNoneMode, Secure: true}}
		c.believeCookies()
		if report != "symptom: blank page\n" {
			g.Expect(c.Outcome).To(BeEmpty(), "what came then was not recorded")
		}
		a := explain(t, c)
		g.Expect(a.Cause).NotTo(BeNil())
		g.Expect(a.Confidence).NotTo(Equal(High), report)
		g.Expect(a.Contradicted).To(BeFalse(), report)
		g.Expect(a.Causes).To(ContainElement(HaveField("Cause.Reason", fixtures.ScriptBlocked)), report)
		g.Expect(problems(a.Findings)).To(ContainElement(told), report)
		g.Expect(*a.Question).To(Equal(Question{"recording", "Did the recording go on after the login page, and what did the window show then?"}), report)

		// What is asked for later shows that it was not stopped.
		c = recorded(t, reported(t, report), li)
		c.Sequence.Hops = append(c.Sequence.Hops, intake.Entry{Method: "GET", Host: "portal.acme.example"})
		c.Outcome, c.Findings = "", nil
		c.fromSequence()
		g.Expect(c.Outcome).To(Equal(fixtures.Stuck), report)
		a = explain(t, c)
		g.Expect(a.Cause.Reason).To(Equal(fixtures.ScriptBlocked), report)
		g.Expect(problems(a.Findings)).NotTo(ContainElement(told), report)
	}
}

// Whoever comes with a session is answered AlreadyLogon, the same host as well.
func TestALoginThatMeetsASessionDoesNotShowWhose(t *testing.T) {
	already := func(host string) intake.Call {
		call := asked("p.php", "LI", intake.Answer{ST: "FAIL", RS: "AlreadyLogon"}, 0)
		call.Host = host
		return call
	}
	in := func(host string) intake.Call {
		call := asked("p.php", "LI", success, 0)
		call.Host = host
		return call
	}
	sm, hm := asked("m.php", "SM", success, 0), asked("m.php", "HM", success, 0)
	const told = "har: In the HAR file the login is answered AlreadyLogon: somebody is logged in at the site in this browser, and it does not show who. "
	for name, test := range map[string]struct {
		report     string
		calls      []intake.Call
		confidence Confidence
		told       bool
		first      string // situation
	}{
		"nobody knows who":        {"browser: Chrome 149\n", []intake.Call{already("alice"), sm, hm}, Low, true, "the host himself is logged in at the site already"},
		"it ends there":           {"browser: Chrome 149\n", []intake.Call{already("alice")}, Low, true, "the host himself is logged in at the site already"},
		"the report says who":     {"browser: Chrome 149\nsymptom: the meeting starts as somebody else\n", []intake.Call{already("alice"), sm, hm}, Medium, false, "somebody else is logged in at the site"},
		"the recording shows who": {"browser: Chrome 149\n", []intake.Call{in("bob"), already("alice"), sm, hm}, Medium, false, "somebody else is logged in at the site"},
	} {
		g := NewWithT(t)
		c := recorded(t, reported(t, test.report), test.calls...)
		if test.told {
			g.Expect(problems(c.Findings)).To(ContainElement(HavePrefix(told)), name)
		} else {
			g.Expect(problems(c.Findings)).NotTo(ContainElement(HavePrefix(told)), name)
			g.Expect(c.Outcome).To(Equal(fixtures.WrongUser), name)
		}
		if test.first == "" {
			continue
		}
		groups, q := search(t, c)
		g.Expect(groups[0].Candidates[0].Situation).To(Equal(test.first), name)
		a := explain(t, c)
		g.Expect(a.Cause.Reason).To(Equal(fixtures.OtherHost), name)
		g.Expect(a.Confidence).To(Equal(test.confidence), name)
		if test.confidence == Low {
			g.Expect(a.Causes).To(HaveLen(2), name)
			g.Expect(a.Causes[0].Cause).To(BeNil(), "with the host's own session it works")
			g.Expect(q.Ask).To(HavePrefix("Who is logged in at Webex in this browser before the portal is opened"), name)
		}
	}
	g := NewWithT(t)
	c := recorded(t, reported(t, "symptom: access denied\n"), already("alice"), sm, hm)
	g.Expect(problems(c.Findings)).To(ContainElement(ContainSubstring("The report says access-denied, and in the HAR file the host's command is accepted.")))
}

// Chromium itself says whether its setting keeps cookies from a site's frames.
func TestASettingThatTheBrowserItselfContradictsIsNotBelieved(t *testing.T) {
	for name, test := range map[string]struct{ setting, access, want, told string }{
		"as shipped, and blocked":     {"default", "none", "", "setting: The report says browser-default, and in the HAR file the browser keeps cookies from the site's frames (Sec-Fetch-Storage-Access: none), which is believed."},
		"allowed, and not granted":    {"third-party cookies are allowed", "inactive", "", "setting: The report says allow-third-party, and"},
		"blocked, and let in":         {"third-party cookies are blocked", "active", "", "setting: The report says block-third-party, and in the HAR file the browser lets cookies into the site's frames"},
		"blocked, as it is said":      {"third-party cookies are blocked", "none", "block-third-party", ""},
		"allowed, as it is said":      {"third-party cookies are allowed", "active", "allow-third-party", ""},
		"a browser that says nothing": {"default", "", "browser-default", ""},
	} {
		g := NewWithT(t)
		c := reported(t, "browser: Chrome 149\nstyle: iframe\nsymptom: access denied\nsetting: "+test.setting+"\n")
		c.Sequence = &intake.Sequence{Cookies: intake.CookiesRemoved, Calls: []intake.Call{asked("p.php", "LI", success, 0)}, Hops: []intake.Entry{{StorageAccess: test.access}}}
		c.believeAccess()
		g.Expect(c.Policy).To(Equal(test.want), name)
		if test.told != "" {
			g.Expect(problems(c.Findings)).To(ContainElement(HavePrefix(test.told)), name)
		} else {
			g.Expect(problems(c.Findings)).NotTo(ContainElement(ContainSubstring("which is believed")), name)
		}
	}
	g := NewWithT(t)
	c := reported(t, "browser: Chrome 149\nsymptom: access denied\nsetting: default\n")
	c = recorded(t, c, asked("p.php", "LI", success, 0), asked("m.php", "SM", denied, 0))
	for i := range c.Sequence.Hops {
		c.Sequence.Hops[i].StorageAccess = "none"
	}
	c.believeAccess()
	a := explain(t, c)
	g.Expect(a.Cause.Reason).To(Equal(fixtures.ThirdPartyBlocked))
	g.Expect(a.Contradicted).To(BeFalse())
}

// An export may be older or newer than the recording, or of another profile.
func TestExportedSettingsThatTheBrowserItselfContradictsAreNotBelieved(t *testing.T) {
	const lets, keeps = "setting: The exported settings let cookies into the site's frames, and in the HAR file the browser keeps", "setting: The exported settings keep cookies from the site's frames, and in the HAR file the browser lets"
	for _, test := range []struct {
		export, access string
		told           string // empty: nothing, and the settings stay
		cause          fixtures.Reason
	}{
		{`{"CookiesAllowedForUrls":["[*.]webex.com"]}`, "none", lets, fixtures.ThirdPartyBlocked},
		{`{"BlockThirdPartyCookies":false}`, "none", lets, fixtures.ThirdPartyBlocked},
		{`{"BlockThirdPartyCookies":true}`, "active", keeps, fixtures.RemovedOnTheWay},
		{`{"BlockThirdPartyCookies":true}`, "none", "", fixtures.ThirdPartyBlocked},
		{`{"BlockThirdPartyCookies":true,"CookiesAllowedForUrls":["https://intranet.contoso.com"]}`, "none", "", fixtures.ThirdPartyBlocked},
		{`{"CookiesAllowedForUrls":["https://sso.contoso.com"]}`, "none", "", fixtures.ThirdPartyBlocked},
		{`{"CookiesAllowedForUrls":["https://sso.contoso.com"]}`, "active", "", fixtures.RemovedOnTheWay},
	} {
		g := NewWithT(t)
		c := withExport(t, test.export)
		c.Engine = browsers.Chromium
		c = recorded(t, c, asked("p.php", "LI", success, 0), asked("m.php", "SM", denied, 0))
		for i := range c.Sequence.Hops {
			c.Sequence.Hops[i].StorageAccess = test.access
		}
		c.believeAccess()
		a := explain(t, c)
		g.Expect(a.Contradicted).To(BeFalse(), test.export)
		g.Expect(a.Cause.Reason).To(Equal(test.cause), test.export)
		if test.told == "" {
			g.Expect(c.Settings).NotTo(BeNil(), test.export)
			g.Expect(problems(c.Findings)).NotTo(ContainElement(HavePrefix("setting: The exported settings")), test.export)
			continue
		}
		g.Expect(c.Settings).To(BeNil(), test.export)
		g.Expect(problems(c.Findings)).To(ContainElement(HavePrefix(test.told)), test.export)
	}
}

func TestWhatTheReportSaysOutlivesAnExportThatTheRecordingContradicts(t *testing.T) {
	for policy, want := range map[string]string{"block-third-party": "block-third-party", "allow-third-party": ""} {
		g := NewWithT(t)
		c := withExport(t, `{"CookiesAllowedForUrls":["[*.]webex.com"]}`)
		c.Engine, c.Policy = browsers.Chromium, policy
		c = recorded(t, c, asked("p.php", "LI", success, 0))
		c.Sequence.Hops[0].StorageAccess = "none"
		c.believeAccess()
		g.Expect(c.Settings).To(BeNil(), policy)
		g.Expect(c.Policy).To(Equal(want), policy)
	}
}

// Chromium says what its settings let through. Measured on Chromium 156: with an extension that takes third-party cookies out it says active.
func TestWhatTheBrowserSaysOfStorageAccessKnowsNothingOfExtensions(t *testing.T) {
	for access, contradicted := range map[string]bool{"active": false, "none": true} {
		c := reported(t, "browser: Chrome 149\nstyle: iframe\nsymptom: access denied\nsetting: extension-strips-third-party\n")
		c = recorded(t, c, asked("p.php", "LI", success, 0), asked("m.php", "SM", denied, 0))
		for i := range c.Sequence.Hops {
			c.Sequence.Hops[i].StorageAccess = access
		}
		NewWithT(t).Expect(explain(t, c).Contradicted).To(Equal(contradicted), access)
	}
}
