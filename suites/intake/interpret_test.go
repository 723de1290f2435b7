package intake

import (
	"reflect"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/fixtures"
)

// understand reads a report as a person wrote it.
func understand(t *testing.T, text string) (Understood, string) {
	t.Helper()
	g := NewWithT(t)
	r, err := ReadReport("report.yaml", strings.NewReader(text))
	g.Expect(err).NotTo(HaveOccurred(), text)
	u, findings, err := Interpret(r, today)
	g.Expect(err).NotTo(HaveOccurred())
	var lines []string
	for _, f := range findings {
		lines = append(lines, string(f.Kind)+" "+f.String())
		g.Expect(f.Field).NotTo(BeEmpty())
		if f.Kind == Missing {
			g.Expect(f.Ask).NotTo(BeEmpty(), "what is missing is a question")
		}
	}
	return u, strings.Join(lines, "\n")
}

func TestACompleteReportLeavesNothingToAsk(t *testing.T) {
	g := NewWithT(t)
	u, findings := understand(t, `
said: Our hosts get Access Denied after logging in.
received: 2026-11-03
since: 2026-10-27
browser: Chrome
version: "149.0.7780.80"
system: Windows 11
setting: block-third-party
style: iframe
portal: https://portal.acme.example/meetings
webex: https://acme.webex.com/acme
cookies: SameSite=None; Secure
symptom: access-denied
`)
	g.Expect(findings).To(BeEmpty())
	g.Expect(u).To(Equal(Understood{
		Engine: browsers.Chromium, Browser: "Chrome", Version: "149.0.7780.80", Policy: "block-third-party", Integration: "iframe",
		Profile: "none-secure", Outcome: fixtures.AccessDenied, Portal: "https://portal.acme.example", Site: "https://acme.webex.com",
	}))
}

// A site is scheme and registrable domain to Chromium, and the domain alone to the others.
func TestAPortalOnHTTPBelowTheSitesDomainIsOneSiteToSomeBrowsers(t *testing.T) {
	for browser, one := range map[string]bool{"Chrome": false, "Firefox": true, "Safari": true} {
		_, findings := understand(t, "browser: "+browser+"\nportal: http://portal.webex.com\nwebex: https://acme.webex.com\n")
		said := strings.Contains(findings, "which makes them one site")
		NewWithT(t).Expect(said).To(Equal(one), browser)
	}
}

// Ten reports as people write them badly: each gets an answer that helps.
func TestReportsThatPeopleWriteBadly(t *testing.T) {
	complete := func(without string, with ...string) string {
		lines := []string{
			`received: 2026-11-03`, `since: 2026-10-27`, `browser: Chrome`, `version: "149.0"`, `setting: block-third-party`, `style: iframe`,
			`portal: https://portal.acme.example`, `webex: https://acme.webex.com`, `symptom: access-denied`,
		}
		var kept []string
		for _, l := range lines {
			if key, _, _ := strings.Cut(l, ":"); !strings.Contains(" "+without+" ", " "+key+" ") {
				kept = append(kept, l)
			}
		}
		return strings.Join(append(kept, with...), "\n") + "\n"
	}
	for _, c := range []struct{ name, text, want string }{
		{"nearly nothing", "said: It does not work since Tuesday.\n", `missing browser: It is not said which browser it is. Ask: Which browser is it`},
		{"nothing but a browser", "browser: Chrome\n", `missing symptom: It is not said what happens. Ask: What does the person see at the end`},
		{"an unknown browser", complete("browser version", "browser: Netscape Navigator"), `not-understood browser: "Netscape Navigator" is no browser that is known here.`},
		{"a browser mistyped", complete("browser version", "browser: Chorme", `version: "149"`), `not-understood browser: "Chorme" is no browser that is known here; did you mean "Chrome".`},
		{"a version of next decade", complete("version", `version: "399"`), `wrong version: There is no Chrome 399 yet: the newest has a number of about `},
		{"no version at all", complete("version", `version: "latest"`), `wrong version: "latest" is no version; expected numbers with dots`},
		{"both at once", complete("setting", "setting: third-party cookies blocked and always allowed"), `contradiction setting: "third-party cookies blocked and always allowed" says that cookies are refused and that they are allowed.`},
		{"a setting that the browser does not have", complete("browser version setting", "browser: Safari", `version: "17.4"`, "setting: webex.com allowed as an exception"), `contradiction setting: Safari has no such setting: WebKit has no per-site exception`},
		{"third parties, and no frame", complete("style", "style: the whole window goes there by a redirect"), `contradiction setting: Where the whole window goes to Webex its cookies are first-party`},
		{"a day that has not come", complete("received", "received: 2027-02-30"), `wrong received: "2027-02-30" is no day`},
		{"a day to come", complete("received", "received: 2027-02-28"), `wrong received: 2027-02-28 has not come yet.`},
		{"a day in two ways", complete("since", "since: 03/11/2026"), `wrong since: "03/11/2026" can be read in two ways`},
		{"it began after it was reported", complete("since", "since: 2026-12-24"), `contradiction since: It is said to fail since 2026-12-24, and the report is of 2026-11-03.`},
		{"addresses in each other's place", complete("portal webex", "portal: https://acme.webex.com", "webex: https://portal.acme.example"), `contradiction webex: The two addresses seem to be in each other's place`},
		{"one site", complete("portal", "portal: https://meet.webex.com"), `contradiction portal: Portal and Webex site are both below webex.com, which makes them one site`},
		{"no address", complete("webex", "webex: our webex"), `wrong webex: "our webex" is no address; expected one such as https://acme.webex.com.`},
		{"it works", complete("symptom", "symptom: it works"), `contradiction symptom: The report says that it works`},
		{"a symptom in other words", complete("symptom", "symptom: kaput"), `not-understood symptom: "kaput" could be anything; what is known is: access-denied`},
		{"no browser's business", complete("style", "style: server-to-server"), `contradiction style: Server to server no cookie of the browser's is involved`},
		{"a lunch break", complete("", "idle: 45m"), `note idle: A Webex session dies after more than 30 minutes without a command`},
		{"no duration", complete("", "idle: after lunch"), `wrong idle: "after lunch" is no duration`},
		{"a telephone", complete("browser", "browser: Chrome", "system: iPhone"), `note browser: On iOS and iPadOS every browser is WebKit inside`},
		{"a private window", complete("", "private-window: true"), `note private-window: Private windows have rules of their own`},
		{"cookies misspelt", complete("", "cookies: none-secured"), `not-understood cookies: "none-secured" is no cookie profile; expected one of legacy, none-secure, partitioned, lax, strict, none-insecure, or the attributes of Set-Cookie, such as SameSite=None; Secure; did you mean "none-secure".`},
		{"Internet Explorer 12", complete("browser version", "browser: IE", `version: "12"`), `wrong version: There is no Internet Explorer 12 yet: the newest has a number of about 11.`},
		{"a portal on http", complete("portal", "portal: http://portal.acme.example"), `note portal: The portal is on http and the site on https.`},
	} {
		_, findings := understand(t, c.text)
		NewWithT(t).Expect(findings).To(ContainSubstring(c.want), c.name)
	}
}

func TestWordsForSettings(t *testing.T) {
	for words, want := range map[string]string{
		"Third-party cookies are blocked":                          "block-third-party",
		"blocks 3rd party cookies":                                 "block-third-party",
		"third-party cookies not allowed":                          "block-third-party",
		"third-party cookies are not blocked":                      "allow-third-party",
		"Allow third-party cookies":                                "allow-third-party",
		"Block all cookies":                                        "block-all",
		"Total Cookie Protection is off":                           "allow-third-party",
		"Total Cookie Protection":                                  "partition",
		"webex.com is not allowed":                                 "per-site-block",
		"third-party cookies blocked, webex.com is not allowed":    "block-third-party",
		"cookies disabled":                                         "block-all",
		"all cookies allowed":                                      "allow-third-party",
		"Prevent Cross-Site Tracking on":                           "block-third-party",
		"Prevent cross-site tracking is turned off":                "allow-third-party",
		"added webex.com to the sites always allowed":              "per-site-allow",
		"Firefox Enhanced Tracking Protection standard":            "partition",
		"trusted-zone-https":                                       "trusted-zone-https",
		"Block third-party cookies is turned off":                  "allow-third-party",
		"'Block third-party cookies: off'":                         "allow-third-party",
		"'Block third-party cookies: unticked'":                    "allow-third-party",
		"'Block third-party cookies: no'":                          "allow-third-party",
		"Block third-party cookies is not enabled":                 "allow-third-party",
		"Block third-party cookies is enabled":                     "block-third-party",
		"'Allow third-party cookies: off'":                         "block-third-party",
		"'Accept third-party cookies: never'":                      "block-third-party",
		"third-party cookie blocking is disabled":                  "allow-third-party",
		"turned off third-party cookie blocking":                   "allow-third-party",
		"third-party cookies aren't blocked":                       "allow-third-party",
		"third-party cookies aren’t blocked":                       "allow-third-party",
		"third-party cookies arent blocked":                        "allow-third-party",
		"third-party cookies are not disabled":                     "allow-third-party",
		"we don't block third-party cookies":                       "allow-third-party",
		"third-party cookies are no longer blocked":                "allow-third-party",
		"third-party cookies are never blocked":                    "allow-third-party",
		"third-party cookies can't be allowed":                     "block-third-party",
		"third-party cookies are no longer allowed":                "block-third-party",
		"third-party cookies not enabled":                          "block-third-party",
		"Third-party cookies are blocked in Incognito only":        "browser-default",
		"Block third-party cookies in Incognito mode":              "browser-default",
		"third-party cookies are blocked, also in private windows": "block-third-party",
		"I always delete cookies when Firefox is closed":           "",
		"cookies are cleared on exit":                              "",
		"webex.com may use third-party cookies":                    "per-site-allow",
		"third-party cookies off and blocked":                      "block-third-party",
		"third-party cookies are blocked, not allowed":             "block-third-party",
		"No, third-party cookies are blocked":                      "",
		"no third-party cookies are allowed":                       "block-third-party",
		"cookies are not blocked":                                  "allow-third-party",
		"cookies are not allowed":                                  "block-all",
		"cookies aren't disabled":                                  "allow-third-party",
		"Prevent cross-site tracking isn't on":                     "allow-third-party",
		"Block third-party cookies (off)":                          "allow-third-party",
		"stopped blocking third-party cookies":                     "allow-third-party",
		"third-party cookie blocking was removed":                  "allow-third-party",
		// What may mean either is not understood.
		"not sure whether third-party cookies are blocked":          "",
		"third-party cookies blocked? Not that I know":              "",
		"'third-party cookies blocked: off'":                        "",
		"Block all cookies is off":                                  "",
		"not all cookies are blocked":                               "",
		"we don't block all third-party cookies":                    "",
		"the policy does not allow blocking of third-party cookies": "",
		"third-party cookies blocked and always allowed":            "",
	} {
		u, _ := understand(t, "setting: "+words+"\n")
		NewWithT(t).Expect(u.Policy).To(Equal(want), words)
	}
}

func TestWordsForStylesAndSymptoms(t *testing.T) {
	g := NewWithT(t)
	for words, want := range map[string]string{
		"embedded in an IFRAME": "iframe", "opens in a new tab": "popup", "link": "redirect",
		"opens in the same window, no iframe": "redirect", "not in a frame but in a popup": "popup", "in an iframe, no popup": "iframe", "hidden form in a frame by fetch": "background", "chained": "chained",
	} {
		u, _ := understand(t, "style: "+words+"\n")
		g.Expect(u.Integration).To(Equal(want), words)
	}
	for words, want := range map[string]fixtures.Outcome{
		"Access Denied": fixtures.AccessDenied, "they get a 401": fixtures.AccessDenied, "asks for login again and again": fixtures.LoginLoop,
		"blank page": fixtures.Stuck, "the meeting starts as somebody else": fixtures.WrongUser, "wrong-user": fixtures.WrongUser,
		"you must log in before you join": fixtures.AccessDenied, "the page says please sign in": fixtures.AccessDenied,
	} {
		u, _ := understand(t, "symptom: "+words+"\n")
		g.Expect(u.Outcome).To(Equal(want), words)
	}
	for _, words := range []string{"it no longer works", "Nothing works anymore"} {
		u, findings := understand(t, "symptom: "+words+"\n")
		g.Expect(u.Outcome).To(BeEmpty(), words)
		g.Expect(findings).To(ContainSubstring("could be anything"), words)
	}
}

func TestBrowsersInOneLine(t *testing.T) {
	for text, want := range map[string]Understood{
		"browser: Chrome 119 on Windows 11\n":                             {Engine: browsers.Chromium, Browser: "Chrome", Version: "119"},
		"browser: firefox esr v140.2\n":                                   {Engine: browsers.Firefox, Browser: "Firefox", Version: "140.2"},
		"browser: Safari\nversion: \"12.1.2\"\n":                          {Engine: browsers.WebKit, Browser: "Safari", Version: "12.1.2"},
		"browser: Edge (work laptop)\n":                                   {Engine: browsers.Chromium, Browser: "Edge"},
		"browser: Firefox 130 on an iPad\n":                               {Engine: browsers.WebKit, Browser: "Firefox", Version: "130"},
		"browser: Internet Explorer 6.0\n":                                {Engine: browsers.Chromium, Browser: "Internet Explorer", Version: "6.0"},
		"browser: Chrome 149\nsystem: Windows 11, kiosk mode\n":           {Engine: browsers.Chromium, Browser: "Chrome", Version: "149"},
		"browser: Chrome 149\nsystem: iOS17\n":                            {Engine: browsers.WebKit, Browser: "Chrome", Version: "149"},
		"browser: Firefox 115 ESR\n":                                      {Engine: browsers.Firefox, Browser: "Firefox", Version: "115"},
		"browser: Firefox ESR 115.6.0esr\n":                               {Engine: browsers.Firefox, Browser: "Firefox", Version: "115.6.0"},
		"browser: Internet Explorer 6 SP1\n":                              {Engine: browsers.Chromium, Browser: "Internet Explorer", Version: "6"},
		"browser: Chrome 119 64-bit\n":                                    {Engine: browsers.Chromium, Browser: "Chrome", Version: "119"},
		"browser: Chrome 119.0 (Official Build) (64-bit)\n":               {Engine: browsers.Chromium, Browser: "Chrome", Version: "119.0"},
		"browser: Microsoft Edge 118 stable on Windows\n":                 {Engine: browsers.Chromium, Browser: "Edge", Version: "118"},
		"browser: Chrome/119.0\n":                                         {Engine: browsers.Chromium, Browser: "Chrome", Version: "119.0"},
		"browser: Electron 25 on Windows\n":                               {Engine: browsers.Chromium, Browser: "Electron", Version: "25"},
		"browser: Microsoft Teams\n":                                      {Engine: browsers.Chromium, Browser: "Microsoft Teams"},
		"browser: WebView2 149\n":                                         {Engine: browsers.Chromium, Browser: "WebView2", Version: "149"},
		"browser: Edge 149 in IE mode\n":                                  {Engine: browsers.Chromium, Browser: "Internet Explorer", Version: "11"},
		"browser: IE mode\n":                                              {Engine: browsers.Chromium, Browser: "Internet Explorer", Version: "11"},
		"browser: Edge 149\nsystem: Windows 11, Internet Explorer mode\n": {Engine: browsers.Chromium, Browser: "Internet Explorer", Version: "11"},
		"browser: Edge 149\nsystem: not in Internet Explorer mode\n":      {Engine: browsers.Chromium, Browser: "Edge", Version: "149"},
		"browser: Chrome 118 or 119\n":                                    {}, // which?
		"browser: Mozilla/5.0 (Windows NT 10.0) Chrome/119.0\n":           {},
		"browser: any\n":                                                  {},
		"received: 2020-02-04\nbrowser: Chrome 140\n":                     {Engine: browsers.Chromium, Browser: "Chrome"},
		"received: 2022-04-01\nbrowser: Firefox 99.0.1\n":                 {Engine: browsers.Firefox, Browser: "Firefox", Version: "99.0.1"},
	} {
		u, _ := understand(t, text)
		NewWithT(t).Expect(u).To(Equal(want), text)
	}
}

func TestFilesThatAreNoReport(t *testing.T) {
	for text, want := range map[string]string{
		"":                          "report.yaml:1:1: the file is empty",
		"browser: [Chrome]\n":       "report.yaml:1:10: browser: expected a text, found a list",
		"version: 119\n":            "report.yaml:1:10: version: expected a text, found the number 119",
		"broswer: Chrome\n":         `did you mean "browser"?`,
		"runs:\n  - name: x\n":      `the key "why" is missing`,
		"said: &x y\nsetting: *x\n": "anchors, aliases and tags are not read here",
	} {
		_, err := ReadReport("report.yaml", strings.NewReader(text))
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring(want)), text)
	}
	_, err := ReadReport("report.yaml", endless('x'))
	NewWithT(t).Expect(err).To(MatchError(ContainSubstring("the file goes on after")))
}

func TestPasswordsInAReportAreNotKept(t *testing.T) {
	r, err := ReadReport("report.yaml", strings.NewReader(`
said: |
  It fails at https://acme.webex.com/acme/p.php?AT=LI&WID=alice&PW=geheim&BU=x and
  then https://portal.acme.example/?token=hush again.
webex: https://acme.webex.com/acme/p.php?PW=geheim
steps: ["open https://u:geheim@portal.acme.example/"]
`))
	g := NewWithT(t)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(marshal(t, r)).NotTo(Or(ContainSubstring("geheim"), ContainSubstring("hush")))
	g.Expect(r.Said).To(HavePrefix("It fails at https://acme.webex.com/acme/p.php?AT=LI&WID=alice&PW=***&BU=x and\nthen "))
}

func TestOfCookiesInAReportTheAttributesAreKept(t *testing.T) {
	for cookies, want := range map[string]string{
		"ticket=geheim; Path=/; Secure":                      "ticket=***; Path=/; Secure",
		"anything=geheim==; SameSite=None; Partitioned":      "anything=***; SameSite=None; Partitioned",
		`ticket="ge;heim"; Version=1; Domain=webex.com`:      `ticket=***; Version=1; Domain=webex.com`,
		"a=geheim;path=/,b=geheim; Max-Age=1; Priority=High": "a=***;path=/,b=***; Max-Age=1; Priority=High",
		"a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT, b=2":    "a=***; Expires=Wed, 21 Oct 2026 07:28:00 GMT, b=***",
		"Set-Cookie: ticket=geheim; HttpOnly; SameSite=Lax":  "Set-Cookie: ticket=***; HttpOnly; SameSite=Lax",
		"none-secure":           "none-secure",
		"SameSite=None; Secure": "SameSite=None; Secure",
	} {
		r, err := ReadReport("report.yaml", strings.NewReader("cookies: '"+cookies+"'\n"))
		g := NewWithT(t)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(r.Cookies).To(Equal(want))
	}
}

func TestNoTextOfAReportKeepsASecret(t *testing.T) {
	text := reflect.TypeFor[string]()
	for i := range reflect.TypeFor[fixtures.Report]().NumField() {
		f := reflect.TypeFor[fixtures.Report]().Field(i)
		key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		value := "'ticket=geheim; PW=geheim'"
		if f.Type == reflect.SliceOf(text) {
			value = "[" + value + "]"
		} else if f.Type != text {
			continue
		}
		g := NewWithT(t)
		r, err := ReadReport("report.yaml", strings.NewReader(key+": "+value+"\n"))
		g.Expect(err).NotTo(HaveOccurred())
		_, findings, err := Interpret(r, today)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(marshal(t, r)+marshal(t, findings)).To(And(ContainSubstring("ticket=***; PW=***"), Not(ContainSubstring("geheim"))), key)
	}
}

func TestTheLibraryIsUnderstood(t *testing.T) {
	reports, err := fixtures.Reports()
	g := NewWithT(t)
	g.Expect(err).NotTo(HaveOccurred())
	for _, r := range reports {
		u, findings, err := Interpret(r, today)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(u.Outcome).NotTo(BeEmpty(), r.ID)
		g.Expect(u.Integration).NotTo(BeEmpty(), r.ID)
		for _, f := range findings {
			g.Expect(f.Kind).NotTo(Equal(WrongValue), "%s: %s", r.ID, f)
		}
	}
}

func FuzzReadReport(f *testing.F) {
	for _, s := range []string{
		"said: x\nbrowser: Chrome 119 on Windows\nversion: \"1\"\n", "setting: third-party cookies blocked\nstyle: iframe\nsymptom: 401\n",
		"received: 2026-11-03\nsince: 3.11.2026\nidle: 40m\nportal: x.example\nwebex: https://acme.webex.com\ncookies: SameSite=None\n",
		"runs:\n  - name: a\n    why: b\n    integration: iframe\n    browsers: [chromium]\n    policy: block-all\n    profile: lax\n    outcome: works\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ReadReport("report.yaml", strings.NewReader(text))
		if err != nil {
			return
		}
		if _, _, err := Interpret(r, today.Add(12*time.Hour)); err != nil {
			t.Fatal(err)
		}
	})
}

func TestDurationsAsPeopleWriteThem(t *testing.T) {
	for words, want := range map[string]time.Duration{
		"40m": 40 * time.Minute, "45 minutes": 45 * time.Minute, "about an hour": time.Hour, "half an hour": 30 * time.Minute, "an hour and a half": 90 * time.Minute,
		"more than two hours": 2 * time.Hour, "1 hour and 5 minutes": 65 * time.Minute, "overnight": 8 * time.Hour, "~ 35 min": 35 * time.Minute, "one day": 24 * time.Hour,
		"1 day": 24 * time.Hour, "2 days": 48 * time.Hour, "more than two days": 48 * time.Hour, "11 days and 3 hours": 267 * time.Hour,
	} {
		u, findings := understand(t, "idle: \""+words+"\"\n")
		NewWithT(t).Expect(u.Idle).To(Equal(want), words+findings)
	}
}

func TestWhatIsSaidOfPrivateWindowsIsOfTheBrowser(t *testing.T) {
	const chromes = "Chrome refuses third-party cookies there by default"
	for browser, want := range map[string]bool{"Chrome 149": true, "Edge 149": true, "Firefox 140": false, "Safari 17": false} {
		_, findings := understand(t, "browser: "+browser+"\nprivate-window: true\nsetting: third-party cookies are blocked\n")
		g := NewWithT(t)
		g.Expect(findings).To(ContainSubstring("Private windows have rules"), browser)
		g.Expect(strings.Contains(findings, chromes)).To(Equal(want), browser)
	}
	_, findings := understand(t, "browser: Edge 149\nstyle: a frame of a page that is opened in IE mode\n")
	NewWithT(t).Expect(findings).To(ContainSubstring("In Edge's Internet Explorer mode Internet Explorer's cookies, zones and privacy settings hold, not Edge's."))
}

func TestTheQuestionAboutTheSettingIsOfTheBrowser(t *testing.T) {
	const begins = "Which cookie setting does the browser have? In "
	for browser, want := range map[string]string{
		"Chrome 149": "Chrome: Settings, Privacy and security, Third-party cookies.", "Edge 149": "Edge: Settings, Privacy, search, and services, Cookies.",
		"Firefox 140": "Firefox: Settings, Privacy & Security.", "Safari 17": "Safari: Settings, Privacy.",
		"Internet Explorer 11": "Internet Explorer: Tools, Internet Options, the tabs Privacy and Security.",
		"any":                  "Chrome: Settings, Privacy and security, Third-party cookies; in Firefox: Settings, Privacy & Security; in Safari: Settings, Privacy.",
	} {
		_, findings := understand(t, "browser: "+browser+"\n")
		NewWithT(t).Expect(findings).To(ContainSubstring(begins+want), browser)
	}
	_, inside := understand(t, "browser: Teams\n")
	NewWithT(t).Expect(inside).To(ContainSubstring("Ask: Microsoft Teams has no settings page for cookies. Does it fail in a browser by itself too"))
	for level, want := range map[string]string{"medium": "ie6-medium", "Medium high": "ie6-medium-high", "High": "ie6-high", "average": ""} {
		u, _ := understand(t, "browser: Internet Explorer 6\nsetting: "+level+"\n")
		NewWithT(t).Expect(u.Policy).To(Equal(want), level)
	}
}

func TestWhatNobodyKnowsIsMissing(t *testing.T) {
	for _, word := range []string{"unknown", "?", "n/a", "don't know", "Not known."} {
		u, findings := understand(t, "browser: \""+word+"\"\nsetting: \""+word+"\"\nstyle: \""+word+"\"\nsymptom: \""+word+"\"\nidle: \""+word+"\"\nsince: \""+word+"\"\n")
		g := NewWithT(t)
		g.Expect(u).To(Equal(Understood{}), word)
		for _, missing := range []string{"which browser it is", "which cookie setting the browser has", "how the portal calls Webex", "what happens", "since when it fails"} {
			g.Expect(findings).To(ContainSubstring("It is not said "+missing), word)
		}
		g.Expect(findings).NotTo(ContainSubstring("is no "), word)
	}
	_, findings := understand(t, "idle: none\n")
	NewWithT(t).Expect(findings).NotTo(ContainSubstring("duration"))
}

// Measured on Firefox ESR 153: Strict sets no opt-in any more.
func TestWhatStrictMeansDependsOnTheBrowser(t *testing.T) {
	const edge = "Edge's tracking prevention refuses listed trackers alone"
	for _, test := range []struct{ browser, setting, want, told string }{
		{"Firefox", "Enhanced Tracking Protection is Strict", "partition", ""},
		{"Firefox 153", "Strict", "partition", ""},
		{"Firefox 140", "Strict", "partition-opt-in", ""},
		{"Firefox 131", "Strict", "partition", ""},
		{"Firefox 153", "partition-opt-in", "partition-opt-in", ""},
		{"Edge", "Tracking prevention is Strict", "", edge},
		{"Edge", "Tracking prevention: Balanced", "", edge},
		{"Edge", "Tracking prevention is Strict, third-party cookies are blocked", "block-third-party", ""},
	} {
		g := NewWithT(t)
		u, findings, err := Interpret(fixtures.Report{Browser: test.browser, Setting: test.setting, Received: "2026-11-20"}, time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(u.Policy).To(Equal(test.want), test.browser+": "+test.setting)
		told := ""
		for _, f := range findings {
			if f.Field == "setting" {
				told = f.Problem
			}
		}
		g.Expect(told).To(HavePrefix(test.told), test.setting)
		g.Expect(told == "").To(Equal(test.told == ""), test.setting)
	}
}
