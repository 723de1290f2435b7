package repro

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/browsers/policy"
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
	return intake.Call{Page: page, AT: at, Answer: answer, Where: intake.Frame, Idle: idle, Followed: intake.Yes}
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

// Portals that know the meeting's key do not schedule first.
func TestAnotherNumberOfAcceptedCommandsIsTheSameStory(t *testing.T) {
	g := NewWithT(t)
	li, later := asked("p.php", "LI", success, 0), 40*time.Minute
	for _, calls := range [][]intake.Call{
		{li, asked("m.php", "HM", denied, later)},
		{li, asked("m.php", "SM", success, 0), asked("m.php", "OM", success, 0), asked("m.php", "SM", success, 0), asked("m.php", "HM", denied, later)},
	} {
		a := explain(t, recorded(t, &Complaint{}, calls...))
		g.Expect(a.Cause).NotTo(BeNil())
		g.Expect(a.Cause.Reason).To(Equal(fixtures.IdleExpired))
		g.Expect(a.Contradicted).To(BeFalse())
	}
	sm := asked("m.php", "SM", denied, 0)
	a := explain(t, recorded(t, &Complaint{}, li, sm, li, sm))
	g.Expect(a.Cause.Reason).To(Equal(fixtures.ThirdPartyBlocked))
	g.Expect(a.Contradicted).To(BeFalse(), "a round more")
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

func TestARecordingThatNothingExplainsIsSaidToBeOne(t *testing.T) {
	g := NewWithT(t)
	a := explain(t, recorded(t, &Complaint{}, asked("p.php", "LI", intake.Answer{ST: "FAIL", RS: "InvalidPassword"}, 0)))
	g.Expect(a.Contradicted).To(BeTrue())
	g.Expect(a.Confidence).To(Equal(Low))
	var b strings.Builder
	g.Expect(a.Text(&b)).To(Succeed())
	g.Expect(b.String()).To(ContainSubstring("No case known here goes as what was sent shows"))
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

func TestASiteOfAnotherFormIsToldToBeStoodInFor(t *testing.T) {
	g := NewWithT(t)
	c := reported(t, "webex: https://contoso.my.webex.com\nsymptom: access denied\n")
	g.Expect(problems(c.Findings)).To(ContainElement(ContainSubstring("https://contoso.my.webex.com is not of the form https://NAME.webex.com")))
	c = reported(t, "webex: https://contoso.webex.com\nsymptom: access denied\n")
	g.Expect(problems(c.Findings)).NotTo(ContainElement(ContainSubstring("not of the form")))
}

// A registry has the settings of all browsers of a machine.
func TestOfARegistryTheReportsBrowserCounts(t *testing.T) {
	const chromeAndEdge = "Windows Registry Editor Version 5.00\r\n\r\n" +
		"[HKEY_LOCAL_MACHINE\\Software\\Policies\\Google\\Chrome]\r\n\"BlockThirdPartyCookies\"=dword:00000000\r\n\r\n" +
		"[HKEY_LOCAL_MACHINE\\Software\\Policies\\Microsoft\\Edge]\r\n\"BlockThirdPartyCookies\"=dword:00000001\r\n"
	const onlyChrome = "Windows Registry Editor Version 5.00\r\n\r\n" +
		"[HKEY_LOCAL_MACHINE\\Software\\Policies\\Google\\Chrome]\r\n\"BlockThirdPartyCookies\"=dword:00000001\r\n"
	const zones = "\r\n[HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings\\ZoneMap\\Domains\\webex.com]\r\n\"https\"=dword:00000002\r\n"
	const firefox = "\r\n[HKEY_LOCAL_MACHINE\\Software\\Policies\\Mozilla\\Firefox\\Cookies]\r\n\"Behavior\"=\"reject-foreign\"\r\n"
	const onlyZones = "Windows Registry Editor Version 5.00\r\n" + zones
	for name, test := range map[string]struct {
		browser, reg string
		blocks       string // what the settings do with third-party cookies
		finding      string
	}{
		"Chrome":                       {"Chrome 149", chromeAndEdge, "false", ""},
		"Edge":                         {"Edge 149", chromeAndEdge, "true", ""},
		"Internet Explorer":            {"Internet Explorer 6", chromeAndEdge + zones, "IE", ""},
		"Chrome, of three":             {"Chrome 149", chromeAndEdge + zones, "false", ""},
		"Chrome heeds no zones":        {"Chrome 149", onlyZones, "", "Chrome does not heed Internet Explorer's zones"},
		"Firefox, of three":            {"Firefox", chromeAndEdge + firefox, "true", ""},
		"Firefox alone":                {"Firefox", "Windows Registry Editor Version 5.00\r\n" + firefox, "true", ""},
		"Safari heeds no Firefox's":    {"Safari", "Windows Registry Editor Version 5.00\r\n" + firefox, "", "Safari does not heed the policies of Mozilla Firefox"},
		"Firefox heeds no zones":       {"Firefox", onlyZones, "", "Firefox does not heed Internet Explorer's zones"},
		"Edge heeds no other's":        {"Edge 149", onlyChrome, "", "Edge does not heed the policies of Google Chrome"},
		"nor Internet Explorer":        {"Internet Explorer 6", onlyChrome, "", "Internet Explorer does not heed the policies of Google Chrome"},
		"nobody says which browser":    {"", onlyZones, "IE", ""},
		"nor for an export of several": {"", chromeAndEdge, "false", "The export has settings of more than one browser; Google Chrome is taken. Ask: In which of the browsers does it fail?"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			dir := t.TempDir()
			report, reg := filepath.Join(dir, "report.yaml"), filepath.Join(dir, "settings.reg")
			text := "symptom: access denied\nstyle: iframe\n"
			if test.browser != "" {
				text += "browser: " + test.browser + "\n"
			}
			g.Expect(os.WriteFile(report, []byte(text), 0o600)).To(Succeed())
			g.Expect(os.WriteFile(reg, []byte(test.reg), 0o600)).To(Succeed())
			c := read(t, report, reg)
			got := ""
			switch {
			case c.Settings == nil:
			case c.Settings.Policy.InternetExplorer != nil:
				got = "IE"
			default:
				got = map[bool]string{true: "true", false: "false"}[c.Settings.Policy.Base == "block-third-party"]
			}
			g.Expect(got).To(Equal(test.blocks))
			if test.finding != "" {
				g.Expect(problems(c.Findings)).To(ContainElement(ContainSubstring(test.finding)))
			}
		})
	}
}

// Whatever the cause is, what was sent may still say that something else was so too.
func TestWhatItIsNotContradictsNothingThatWasSent(t *testing.T) {
	const (
		notThePassword = "It is not the password"
		notIdle        = "It is not idle time"
		notOnTheWay    = "It is not a proxy, a filter or an extension"
		notASetting    = "It is not a browser setting"
	)
	framed := "browser: Chrome 149\nstyle: iframe\nsymptom: access denied\n"
	for report, want := range map[string]struct {
		cause     fixtures.Reason
		said, not string
	}{
		framed + "setting: third-party cookies blocked\nidle: 45m\n":                    {fixtures.ThirdPartyBlocked, notThePassword, notIdle},
		framed + "setting: third-party cookies blocked\nnetwork: uBlock extension\n":    {fixtures.ThirdPartyBlocked, notIdle, notOnTheWay},
		framed + "setting: third-party cookies blocked\nnetwork: Zscaler\n":             {fixtures.ThirdPartyBlocked, notIdle, notOnTheWay},
		framed + "setting: third-party cookies blocked\nnetwork: Zscaler strips them\n": {fixtures.RemovedOnTheWay, notIdle, notASetting},
		framed + "setting: third-party cookies allowed\nnetwork: Zscaler\n":             {fixtures.RemovedOnTheWay, notASetting, notOnTheWay},
		framed + "setting: extension-strips-third-party\n":                              {fixtures.RemovedByExtension, notIdle, notOnTheWay},
		"browser: Chrome 149\nsetting: all cookies are blocked\nsymptom: stuck\n":       {fixtures.AllBlocked, notOnTheWay, notThePassword},
	} {
		g := NewWithT(t)
		a := explain(t, reported(t, report))
		g.Expect(a.Cause).NotTo(BeNil())
		g.Expect(a.Cause.Reason).To(Equal(want.cause), report)
		g.Expect(a.Not).To(ContainElement(HavePrefix(want.said)), report)
		g.Expect(a.Not).NotTo(ContainElement(HavePrefix(want.not)), report)
	}
	g := NewWithT(t)
	a := explain(t, recorded(t, &Complaint{}, asked("p.php", "LI", intake.Answer{ST: "FAIL", RS: "BadWebExIDorPassword"}, 0)))
	g.Expect(a.Not).To(BeEmpty(), "the login was refused, and nothing known here goes so")

	for setting, not := range map[string]string{"ProxyMode": notOnTheWay, "ExtensionInstallForcelist": notOnTheWay} {
		c := reported(t, framed+"setting: third-party cookies blocked\n")
		c.Untranslated = []intake.Untranslated{{Setting: setting}}
		a := explain(t, c)
		g.Expect(a.Not).To(ContainElement(HavePrefix(notIdle)), setting)
		g.Expect(a.Not).NotTo(ContainElement(HavePrefix(not)), setting)
	}
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

func TestACommandThatFailedForAnotherReasonIsTold(t *testing.T) {
	note := "har: In the HAR file %s. That says nothing of cookies. Ask: Does it fail at the same place each time?"
	li := asked("p.php", "LI", success, 0)
	for name, test := range map[string]struct {
		calls  []intake.Call
		change func(*intake.Entry) // of the last hop
		want   string
	}{
		"a wrong password": {[]intake.Call{asked("p.php", "LI", intake.Answer{ST: "FAIL", RS: "BadWebExIDorPassword"}, 0)}, nil, "LI was refused: BadWebExIDorPassword"},
		"no such meeting":  {[]intake.Call{li, asked("m.php", "HM", intake.Answer{ST: "FAIL", RS: "InvalidMeetingKey"}, 0)}, nil, "HM was refused: InvalidMeetingKey"},
		"another service":  {[]intake.Call{li, asked("m.php", "HM", intake.Answer{ST: "FAIL", RS: "NoMeetingTypeSupport"}, 0)}, nil, "HM was refused: NoMeetingTypeSupport"},
		"an extension":     {[]intake.Call{asked("p.php", "LI", intake.Answer{}, 0)}, func(e *intake.Entry) { e.Err = "net::ERR_BLOCKED_BY_CLIENT" }, "LI got no answer: net::ERR_BLOCKED_BY_CLIENT"},
		"the site is down": {[]intake.Call{asked("p.php", "LI", intake.Answer{}, 0)}, func(e *intake.Entry) { e.Status = 503 }, "LI was answered with status 503"},
	} {
		g := NewWithT(t)
		c := recorded(t, &Complaint{}, test.calls...)
		if test.change != nil {
			test.change(&c.Sequence.Hops[len(c.Sequence.Hops)-1])
			c.Findings = nil
			c.fromSequence()
		}
		a := explain(t, c)
		g.Expect(problems(a.Findings)).To(ContainElement(strings.Replace(note, "%s", test.want, 1)), name)
		g.Expect(a.Contradicted).To(BeTrue(), name)
	}
	g := NewWithT(t)
	g.Expect(problems(recorded(t, &Complaint{}, li, asked("m.php", "SM", denied, 0)).Findings)).NotTo(ContainElement(ContainSubstring("That says nothing of cookies")))
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

// Whoever exports settings may do so in another browser than the one that it fails in: what a browser does not heed is neither believed nor applied.
func TestSettingsOfAnotherBrowserThanTheReportsAreLeftAside(t *testing.T) {
	chrome := filepath.Join("..", "intake", "testdata", "policies", "chrome-export.json")
	firefox := filepath.Join("..", "intake", "testdata", "policies", "firefox-policies.json")
	edge := filepath.Join("..", "intake", "testdata", "registry", "edge.reg")
	managed := filepath.Join("..", "intake", "testdata", "policies", "managed.json")
	for _, test := range []struct {
		browser, file string
		engine        browsers.Engine
		told          string // empty: they are its own
	}{
		{"Firefox", chrome, browsers.Firefox, "Firefox does not heed the policies of Google Chrome: the export is left aside."},
		{"Safari", chrome, browsers.WebKit, "Safari does not heed the policies of Google Chrome: the export is left aside."},
		{"Firefox", edge, browsers.Firefox, "Firefox does not heed the policies of Microsoft Edge: the export is left aside."},
		{"Safari", edge, browsers.WebKit, "Safari does not heed the policies of Microsoft Edge: the export is left aside."},
		{"Firefox", managed, browsers.Firefox, "Firefox does not heed the policies of Chrome or Edge: the export is left aside."},
		{"Chrome 149", firefox, browsers.Chromium, "Chrome does not heed the policies of Firefox: the export is left aside."},
		{"Safari", firefox, browsers.WebKit, "Safari does not heed the policies of Firefox: the export is left aside."},
		{"Chrome 149 on an iPad", chrome, browsers.WebKit, "Chrome, which is WebKit inside here, does not heed the policies of Google Chrome: the export is left aside."},
		{"Edge 149", chrome, browsers.Chromium, "Edge does not heed the policies of Google Chrome: the export is left aside."},
		{"Internet Explorer 11", chrome, browsers.Chromium, "Internet Explorer does not heed the policies of Google Chrome: the export is left aside."},
		{"Chrome 149", chrome, browsers.Chromium, ""},
		{"Edge 149", managed, browsers.Chromium, ""},
		{"Brave", chrome, browsers.Chromium, ""},
		{"Firefox", firefox, browsers.Firefox, ""},
	} {
		g := NewWithT(t)
		report := filepath.Join(t.TempDir(), "report.yaml")
		g.Expect(os.WriteFile(report, []byte("browser: "+test.browser+"\nstyle: iframe\nsymptom: access denied\n"), 0o600)).To(Succeed())
		c := read(t, report, test.file)
		g.Expect(c.Engine).To(Equal(test.engine), test.browser)
		a := explain(t, c)
		g.Expect(a.Browser).To(Equal(test.engine), test.browser)
		if test.told == "" {
			g.Expect(a.Policy).To(Equal("exported"), test.browser)
			g.Expect(problems(c.Findings)).NotTo(ContainElement(ContainSubstring("heed")), test.browser)
			continue
		}
		g.Expect(a.Policy).NotTo(Equal("exported"), test.browser)
		g.Expect(a.Taken).To(ContainElement("setting"), test.browser)
		g.Expect(c.Findings).To(ContainElement(And(HaveField("Kind", intake.Contradiction), HaveField("Problem", test.told))), test.browser)
	}
}

// The recording is of the browser in which it fails, whatever the report says.
func TestSettingsOfTheRecordingsBrowserCountThoughTheReportSaysAnother(t *testing.T) {
	g := NewWithT(t)
	dir := filepath.Join("..", "intake", "testdata")
	report := filepath.Join(t.TempDir(), "report.yaml")
	g.Expect(os.WriteFile(report, []byte("browser: Firefox\nsymptom: access denied\n"), 0o600)).To(Succeed())
	c := read(t, report, filepath.Join(dir, "har", "chromium.har"), filepath.Join(dir, "policies", "managed.json"))
	g.Expect(c.Engine).To(Equal(browsers.Chromium))
	g.Expect(c.Settings).NotTo(BeNil())
	g.Expect(problems(c.Findings)).To(ContainElement(HavePrefix("browser: The report says Firefox, and")))
}

// Where no report says it, the recording tells whose settings of a registry count.
func TestOfARegistryTheRecordingsBrowserCounts(t *testing.T) {
	g := NewWithT(t)
	edge := &intake.Settings{Engine: browsers.Chromium, Browser: "Microsoft Edge"}
	c := &Complaint{HAR: &intake.HAR{Browser: "Microsoft Edge 149.0"}, Settings: &intake.Settings{Engine: browsers.Chromium, Browser: "Google Chrome", Others: []*intake.Settings{edge}}}
	c.chooseSettings()
	g.Expect(c.Settings).To(BeIdenticalTo(edge))

	explorers := &intake.Settings{Engine: browsers.Chromium, Policy: policy.Policy{InternetExplorer: &policy.InternetExplorer{Version: "6"}}}
	c = &Complaint{HAR: &intake.HAR{Browser: "Chrome 149.0"}, Settings: explorers, Understood: intake.Understood{Browser: "Internet Explorer", Engine: browsers.Chromium}}
	c.chooseSettings()
	g.Expect(c.Settings).To(BeNil(), "the recording is believed")
}

func TestSettingsOfAnotherBrowserThanTheRecordingsAreLeftAside(t *testing.T) {
	g := NewWithT(t)
	dir := filepath.Join("..", "intake", "testdata")
	c := read(t, filepath.Join(dir, "har", "chromium.har"), filepath.Join(dir, "policies", "firefox-policies.json"))
	g.Expect(c.Settings).To(BeNil())
	g.Expect(c.Engine).To(Equal(browsers.Chromium))
	g.Expect(problems(c.Findings)).To(ContainElement(
		HavePrefix("setting: The export of settings comes from another browser (firefox) than the HAR file (chromium): the export is left aside.")))
	g.Expect(problems(c.Findings)).NotTo(ContainElement(ContainSubstring("The report says")), "there is none")
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

// No cookie policy has JavaScript: it is told what such a setting does, and something that takes scripts out on the way stands in for it.
func TestASettingThatBlocksScriptsIsTold(t *testing.T) {
	const everywhere = "The exported settings block JavaScript on every page (DefaultJavaScriptSetting=2). Webex answers a command with a page whose script sends the browser on, " +
		"so that the person stays on that page after the login, and nothing more happens"
	const there = "The exported settings block JavaScript at the Webex site (JavaScriptBlockedForUrls: [*.]webex.com). "
	for _, test := range []struct {
		export, report string
		kind           intake.FindingKind
		told           string // how the finding begins; empty: none
		cause          fixtures.Reason
		confidence     Confidence
	}{
		{`{"DefaultJavaScriptSetting":2}`, "symptom: blank page\nstyle: redirect\n", intake.Note, everywhere, fixtures.ScriptBlocked, High},
		{`{"JavaScriptBlockedForUrls":["[*.]webex.com"]}`, "symptom: blank page\nstyle: redirect\n", intake.Note, there, fixtures.ScriptBlocked, High},
		{`{"JavaScriptBlockedForUrls":["https://contoso.webex.com"],"BlockThirdPartyCookies":true}`, "symptom: blank page\nstyle: iframe\n", intake.Note,
			"The exported settings block JavaScript at the Webex site (JavaScriptBlockedForUrls: https://contoso.webex.com)", fixtures.ScriptBlocked, Medium},
		{`{"DefaultJavaScriptSetting":2,"BlockThirdPartyCookies":true}`, "symptom: access denied\nstyle: iframe\n", intake.Contradiction,
			everywhere + "; access-denied comes later, and needs that script, unless the site redirects without one.", fixtures.ThirdPartyBlocked, Low},
		{`{"DefaultJavaScriptSetting":1,"BlockThirdPartyCookies":true}`, "symptom: access denied\nstyle: iframe\n", "", "", fixtures.ThirdPartyBlocked, High},
		{`{"DefaultJavaScriptSetting":2,"JavaScriptAllowedForUrls":["[*.]webex.com"],"BlockThirdPartyCookies":true}`, "symptom: access denied\nstyle: iframe\n", "", "", fixtures.ThirdPartyBlocked, High},
		{`{"JavaScriptBlockedForUrls":["https://ads.example"],"BlockThirdPartyCookies":true}`, "symptom: access denied\nstyle: iframe\n", "", "", fixtures.ThirdPartyBlocked, High},
	} {
		g := NewWithT(t)
		dir := t.TempDir()
		report, export := filepath.Join(dir, "report.yaml"), filepath.Join(dir, "export.json")
		g.Expect(os.WriteFile(report, []byte("browser: Chrome 149\nwebex: https://contoso.webex.com\ncookies: none-secure\n"+test.report), 0o600)).To(Succeed())
		g.Expect(os.WriteFile(export, []byte(test.export), 0o600)).To(Succeed())
		c := read(t, report, export)
		a := explain(t, c)
		g.Expect(a.Cause).NotTo(BeNil(), test.export)
		g.Expect(a.Cause.Reason).To(Equal(test.cause), test.export)
		g.Expect(a.Confidence).To(Equal(test.confidence), test.export+test.report)
		g.Expect(problems(a.Findings)).NotTo(ContainElement(ContainSubstring("lead nowhere")))
		g.Expect(a.Untranslated).To(BeEmpty(), test.export)
		if test.told == "" {
			g.Expect(problems(a.Findings)).NotTo(ContainElement(ContainSubstring("JavaScript")), test.export)
			g.Expect(a.Not).To(ContainElement(HavePrefix("It is not blocked scripts")), test.export)
			continue
		}
		g.Expect(a.Not).NotTo(ContainElement(HavePrefix("It is not blocked scripts")), test.export)
		g.Expect(a.Findings).To(ContainElement(And(HaveField("Kind", test.kind), HaveField("Problem", HavePrefix(test.told)),
			HaveField("Ask", "Does it work once JavaScript is allowed for [*.]webex.com?"))), test.export)
		if test.cause == fixtures.ScriptBlocked {
			g.Expect(a.StandsIn).To(HavePrefix("A filter on the way that takes scripts out stands in for the setting that blocks them ("), test.export)
			i := slices.IndexFunc(a.Remedies, func(r Tried) bool { return r.ID == fixtures.ProxyException })
			want := ShouldHelp
			if strings.Contains(test.export, "BlockThirdPartyCookies") {
				want = ShouldNotHelp // the ticket is lost next
			}
			g.Expect(a.Remedies[i].Mark).To(Equal(want), test.export)
			g.Expect(a.Remedies[i].By).To(Equal("the IT department"))
			g.Expect(a.Remedies[i].How[0].Steps[0]).To(HavePrefix("Put [*.]webex.com into the managed list JavaScriptAllowedForUrls"))
		}
	}
	// What a recording shows was so.
	g := NewWithT(t)
	c := recorded(t, &Complaint{Settings: &intake.Settings{Engine: browsers.Chromium, Policy: policy.Policy{Name: "exported", Base: policy.BlockThirdParty}, Scripts: intake.Scripts{Off: "DefaultJavaScriptSetting=2"}}},
		asked("p.php", "LI", success, 0), asked("m.php", "SM", denied, 0))
	c.tellScripts()
	g.Expect(problems(c.Findings)).To(ContainElement(HavePrefix("setting: The exported settings block JavaScript at the Webex site (DefaultJavaScriptSetting=2), and in the HAR file a script of the site sends the browser on, which is believed.")))
	g.Expect(explain(t, c).Cause.Reason).NotTo(Equal(fixtures.ScriptBlocked))
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
		"the recording shows who": {"browser: Chrome 149\n", []intake.Call{in("bob"), already("alice"), sm, hm}, "", false, ""},
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

// What is told as likely too is not denied.
func TestWhatItIsNotDeniesNoOtherLikelyCause(t *testing.T) {
	denies := map[fixtures.Reason]string{
		fixtures.IdleExpired: "It is not idle time", fixtures.RemovedOnTheWay: "It is not a proxy", fixtures.RemovedByExtension: "It is not a proxy",
		fixtures.OtherHost: "It is not somebody else's session", fixtures.ScriptBlocked: "It is not blocked scripts", fixtures.ThirdPartyBlocked: "It is not a browser setting",
		fixtures.LoginRequired: "It is not the portal's login", fixtures.PasswordInAddress: "It is not the password", fixtures.AllBlocked: "It is not a browser setting",
	}
	for report, likely := range map[string]fixtures.Reason{
		"style: redirect\nbrowser: Chrome 149\nsymptom: access denied\ncookies: none-secure\nsetting: third-party cookies are allowed\n":               fixtures.LoginRequired,
		"style: iframe\nbrowser: Chrome 149\nsymptom: access denied\nsetting: third-party cookies are blocked\nnetwork: a proxy that strips cookies\n": fixtures.ThirdPartyBlocked,
		"style: iframe\nbrowser: Chrome 149\nsymptom: access denied\nsetting: third-party cookies are allowed\n":                                       fixtures.SameSite,
		"style: iframe\nbrowser: Chrome 149\nsymptom: access denied\nidle: 31m\nnetwork: Zscaler\ncookies: none-secure\n":                              fixtures.IdleExpired,
	} {
		g := NewWithT(t)
		a := explain(t, reported(t, report))
		g.Expect(a.Causes).To(ContainElement(HaveField("Cause.Reason", likely)), report)
		for _, p := range a.Causes {
			if denied := denies[p.Cause.Reason]; denied != "" {
				g.Expect(a.Not).NotTo(ContainElement(HavePrefix(denied)), report)
			}
		}
	}
}

// What was answered is not asked again.
func TestTheQuestionLeavesOutWhatIsKnown(t *testing.T) {
	framed := "browser: Chrome 149\nstyle: iframe\nsymptom: access denied\nsetting: third-party cookies are blocked\ncookies: none-secure\n"
	const idleTime, others, between = "was nobody active for more than 30 minutes", "was somebody else logged in at Webex in this browser", "is there a proxy, a filter or an extension"
	for said, want := range map[string]struct{ asks, not []string }{
		"":                                       {[]string{idleTime, others, between}, nil},
		"idle: 10m\n":                            {[]string{others, between}, []string{idleTime}},
		"network: Zscaler\n":                     {[]string{idleTime, others, "what does the proxy, filter or extension take out"}, []string{between}},
		"network: a proxy that strips cookies\n": {[]string{idleTime, others}, []string{between, "take out"}},
		"network: Cisco Umbrella, no idea\n":     {[]string{idleTime, others, between}, nil},
		"network: no proxy\n":                    {[]string{idleTime, others}, []string{between}},
		"network: none\n":                        {[]string{idleTime, others}, []string{between, "take out"}},
		"idle: 5m\nnetwork: none\n":              {[]string{others, "does it fail in another network too?"}, []string{idleTime, between}},
	} {
		g := NewWithT(t)
		c := reported(t, framed+said)
		asks := c.specialAsk()
		for _, part := range want.asks {
			g.Expect(asks).To(ContainSubstring(part), said)
		}
		for _, part := range want.not {
			g.Expect(asks).NotTo(ContainSubstring(part), said)
		}
	}
	g := NewWithT(t)
	g.Expect(reported(t, "symptom: wrong user\n").specialAsk()).NotTo(ContainSubstring(others))
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

// Nothing follows from a case that may well not be the one that is meant.
func TestOfAnUncertainCaseNothingIsDenied(t *testing.T) {
	g := NewWithT(t)
	a := explain(t, reported(t, "symptom: access denied\nbrowser: Chrome 149\nstyle: iframe\n"))
	g.Expect(a.Confidence).To(Equal(Low))
	g.Expect(a.Not).To(BeEmpty())
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

func TestAnExtensionThatBlocksScriptsIsStoodInFor(t *testing.T) {
	for words, standsIn := range map[string]string{
		"NoScript add-on":                  "A filter on the way that takes scripts out stands in for the extension that blocks them.",
		"an extension that blocks scripts": "A filter on the way that takes scripts out stands in for the extension that blocks them.",
		"the firewall takes scripts out":   "",
	} {
		g := NewWithT(t)
		a := explain(t, reported(t, "browser: Chrome 149\nstyle: redirect\nsymptom: blank page\nnetwork: "+words+"\n"))
		g.Expect(a.Cause.Reason).To(Equal(fixtures.ScriptBlocked), words)
		g.Expect(a.StandsIn).To(Equal(standsIn), words)
	}
}

// Whoever allowed webex.com by policy allowed that host alone.
func TestAnEntryThatDoesNotCoverTheSiteIsTold(t *testing.T) {
	for _, test := range []struct{ browser, export, told string }{
		{"Chrome 149", `{"CookiesAllowedForUrls":["webex.com"]}`, "The exported settings allow the cookies of webex.com, and that does not cover https://contoso.webex.com: without [*.] a name is that one host alone."},
		{"Chrome 149", `{"CookiesAllowedForUrls":["https://fabrikam.webex.com"]}`, "The exported settings allow the cookies of https://fabrikam.webex.com, and that does not cover https://contoso.webex.com: without [*.] a name is that one host alone."},
		{"Chrome 149", `{"CookiesAllowedForUrls":["[*.]eu.webex.com"]}`, "The exported settings allow the cookies of [*.]eu.webex.com, and that does not cover https://contoso.webex.com: it is for other hosts."},
		{"Chrome 149", `{"CookiesAllowedForUrls":["[*.]webex.com","https://sso.contoso.com"],"CookiesBlockedForUrls":["webex.com"]}`, ""},
		{"Firefox", `{"policies":{"Cookies":{"Allow":["https://webex.com"]}}}`, "The exported settings allow the cookies of https://webex.com, and that does not cover https://contoso.webex.com: it is for that origin alone."},
		{"Firefox", `{"policies":{"Cookies":{"Allow":["https://contoso.webex.com"]}}}`, ""},
	} {
		g := NewWithT(t)
		dir := t.TempDir()
		report, export := filepath.Join(dir, "report.yaml"), filepath.Join(dir, "export.json")
		g.Expect(os.WriteFile(report, []byte("browser: "+test.browser+"\nwebex: https://contoso.webex.com\nsymptom: access denied\n"), 0o600)).To(Succeed())
		g.Expect(os.WriteFile(export, []byte(test.export), 0o600)).To(Succeed())
		c := read(t, report, export)
		told := ContainElement(HaveField("Problem", ContainSubstring("does not cover")))
		if test.told == "" {
			g.Expect(c.Findings).NotTo(told, test.export)
		} else {
			g.Expect(c.Findings).To(ContainElement(HaveField("Problem", test.told)), test.export)
		}
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

// WebKitGTK counts otherwise than Safari.
func TestAVersionOfWebKitGTKIsNoneOfSafari(t *testing.T) {
	g := NewWithT(t)
	c := reported(t, "browser: Safari 17\nsymptom: access denied\n")
	c.believe(browsers.WebKit, "WebKitGTK 2.50.6", "the HAR file")
	g.Expect(c.Version).To(Equal("17"))
	g.Expect(problems(c.Findings)).NotTo(ContainElement(HavePrefix("version: ")))
}

// That a firewall is there does not say that it takes cookies out.
func TestWhatIsOnlyNamedIsNotForSure(t *testing.T) {
	framed := "browser: Chrome 149\nstyle: iframe\nsymptom: access denied\nsetting: third-party cookies are allowed\ncookies: none-secure\nnetwork: "
	for network, want := range map[string]Confidence{"a new firewall": Medium, "Zscaler": Medium, "a firewall that strips the header": High} {
		g := NewWithT(t)
		a := explain(t, reported(t, framed+network+"\n"))
		g.Expect(a.Cause.Reason).To(Equal(fixtures.RemovedOnTheWay), network)
		g.Expect(a.Confidence).To(Equal(want), network)
	}
}

// Settings of several browsers do not say in which it fails.
func TestABrowserThatIsGuessedIsAskedFor(t *testing.T) {
	g := NewWithT(t)
	dir := t.TempDir()
	report, reg := filepath.Join(dir, "report.yaml"), filepath.Join(dir, "settings.reg")
	g.Expect(os.WriteFile(report, []byte("symptom: access denied\nstyle: iframe\n"), 0o600)).To(Succeed())
	g.Expect(os.WriteFile(reg, []byte("Windows Registry Editor Version 5.00\r\n[HKEY_LOCAL_MACHINE\\Software\\Policies\\Google\\Chrome]\r\n\"BlockThirdPartyCookies\"=dword:1\r\n"+
		"[HKEY_LOCAL_MACHINE\\Software\\Policies\\Mozilla\\Firefox\\Cookies]\r\n\"Behavior\"=\"accept\"\r\n"), 0o600)).To(Succeed())
	a := explain(t, read(t, report, reg))
	g.Expect(a.Taken).To(ContainElement("browser"))
	g.Expect(a.Confidence).To(Equal(Low))
	g.Expect(*a.Question).To(Equal(Question{"browser", "In which of the browsers does it fail?"}))
}
