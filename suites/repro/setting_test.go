package repro

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/intake"
)

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
		{`{"DefaultJavaScriptSetting":2,"JavaScriptAllowedForUrls":["[*.]contoso.com"]}`, "symptom: blank page\nstyle: redirect\nportal: https://intranet.contoso.com\n", intake.Note,
			"The exported settings block JavaScript at the Webex site (DefaultJavaScriptSetting=2). ", fixtures.ScriptBlocked, High},
		{`{"DefaultJavaScriptSetting":2,"JavaScriptAllowedForUrls":["[*.]office.com"]}`, "symptom: blank page\nstyle: redirect\nportal: https://intranet.contoso.com\n", intake.Note,
			"The exported settings block JavaScript on every page but those that JavaScriptAllowedForUrls names (DefaultJavaScriptSetting=2). ", fixtures.ScriptBlocked, High},
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

// Whoever allowed webex.com by policy allowed that host alone.
func TestAnEntryThatDoesNotCoverTheSiteIsTold(t *testing.T) {
	for _, test := range []struct{ browser, export, told string }{
		{"Chrome 149", `{"CookiesAllowedForUrls":["webex.com"]}`, "The exported settings allow the cookies of webex.com, and that does not cover https://contoso.webex.com: without [*.] a name is that one host alone."},
		{"Chrome 149", `{"CookiesAllowedForUrls":["https://fabrikam.webex.com"]}`, "The exported settings allow the cookies of https://fabrikam.webex.com, and that does not cover https://contoso.webex.com: without [*.] a name is that one host alone."},
		{"Chrome 149", `{"CookiesAllowedForUrls":["[*.]eu.webex.com"]}`, "The exported settings allow the cookies of [*.]eu.webex.com, and that does not cover https://contoso.webex.com: it is for other hosts."},
		{"Chrome 149", `{"CookiesAllowedForUrls":["[*.]webex.com","https://sso.contoso.com"],"CookiesBlockedForUrls":["webex.com"]}`, ""},
		{"Firefox", `{"policies":{"Cookies":{"Allow":["https://eu.webex.com"]}}}`, "The exported settings allow the cookies of https://eu.webex.com, and that does not cover https://contoso.webex.com: it is for that origin, and for hosts below it."},
		{"Firefox", `{"policies":{"Cookies":{"Allow":["https://webex.com"]}}}`, ""}, // a permission is for hosts below its own too
		{"Firefox", `{"policies":{"Cookies":{"Allow":["webex.com"]}}}`, ""},         // it is told that Firefox ignores it
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

// Chrome and Edge allow third-party cookies as they are shipped; the Chromium that stands in for them here is Debian's, which blocks them. Safari, and
// every browser on iPad and iPhone, blocks them; WebKitGTK sends them.
func TestTheDefaultOfABrowserIsItsOwnAndNotThatOfWhatStandsIn(t *testing.T) {
	told := map[policy.Base]string{policy.AllowThirdParty: "as it is shipped allows third-party cookies outside of private windows", policy.BlockThirdParty: "as it is shipped blocks third-party cookies"}
	for _, test := range []struct {
		report string
		base   policy.Base
		reason fixtures.Reason
		marks  map[fixtures.Remedy]Mark
	}{
		{"browser: Chrome\nsetting: default\n", policy.AllowThirdParty, fixtures.SameSite, map[fixtures.Remedy]Mark{fixtures.NoneSecure: ShouldHelp, fixtures.AllowThirdParties: Already}},
		{"browser: Edge\nversion: \"140\"\nsetting: never changed\n", policy.AllowThirdParty, fixtures.SameSite, map[fixtures.Remedy]Mark{fixtures.NoneSecure: ShouldHelp}},
		{"browser: Brave\nsetting: default\n", policy.BrowserDefault, fixtures.ThirdPartyBlocked, map[fixtures.Remedy]Mark{fixtures.AllowThirdParties: ShouldHelp}},
		{"browser: Safari\nsetting: default\n", policy.BlockThirdParty, fixtures.ThirdPartyBlocked, map[fixtures.Remedy]Mark{fixtures.AllowThirdParties: ShouldHelp}},
		{"browser: Safari\nprivate-window: true\n", policy.BlockThirdParty, fixtures.ThirdPartyBlocked, map[fixtures.Remedy]Mark{fixtures.AllowThirdParties: ShouldHelp}},
		{"browser: Chrome on iPad\nsetting: default\n", policy.BlockThirdParty, fixtures.ThirdPartyBlocked, map[fixtures.Remedy]Mark{}},
		{"browser: GNOME Web\nsetting: default\n", policy.BrowserDefault, fixtures.ThirdPartyBlocked, map[fixtures.Remedy]Mark{}},
		{"browser: Chrome\nsetting: default\nprivate-window: true\n", policy.BrowserDefault, fixtures.ThirdPartyBlocked, map[fixtures.Remedy]Mark{}},
	} {
		g := NewWithT(t)
		file := filepath.Join(t.TempDir(), "report.yaml")
		g.Expect(os.WriteFile(file, []byte(test.report+"style: iframe\nsymptom: access denied\n"), 0o600)).To(Succeed())
		c := read(t, file)
		a := explain(t, c)
		g.Expect(a.it.Policy.Base).To(Equal(test.base), test.report)
		g.Expect(a.Cause.Reason).To(Equal(test.reason), test.report)
		for _, r := range a.Remedies {
			if want, ok := test.marks[r.ID]; ok {
				g.Expect(r.Mark).To(Equal(want), "%s: %s", test.report, r.ID)
			}
		}
		if test.base == policy.BrowserDefault || !strings.Contains(test.report, "setting") {
			g.Expect(problems(a.Findings)).NotTo(ContainElement(ContainSubstring("as it is shipped")), test.report)
		} else {
			g.Expect(problems(a.Findings)).To(ContainElement(ContainSubstring(told[test.base])), test.report)
		}
	}
}

func TestWhatStandsInForTheCustomersBrowserIsTold(t *testing.T) {
	for browser, want := range map[string]string{
		"Safari": "WebKitGTK, whose tracking prevention is switched on by the setting, stands in for Safari.", "GNOME Web": "",
		"Chrome on iPad": "WebKitGTK, whose tracking prevention is switched on by the setting, stands in for the WebKit that is inside Chrome on iOS and iPadOS.",
		"Tor Browser":    "Firefox stands in for Tor Browser, which is made of it and may have settings of its own.", "Firefox": "",
		"Brave": "Chromium stands in for Brave, which is made of it and may have settings of its own.", "Chrome": "",
	} {
		a := explain(t, reported(t, "browser: "+browser+"\nstyle: iframe\nsymptom: access denied\n"))
		NewWithT(t).Expect(a.StandsIn).To(Equal(want), browser)
	}
}

// Measured on Chromium 156: under a managed DefaultCookiesSetting=2 a person's exception is not heeded, under a managed BlockThirdPartyCookies it is.
func TestWhatAPersonCannotDoUnderAManagedSettingIsNoRemedy(t *testing.T) {
	for export, want := range map[string]Mark{
		`{"DefaultCookiesSetting":2,"CookiesAllowedForUrls":["https://intranet.contoso.com"]}`: NotAvailable,
		`{"BlockThirdPartyCookies":true}`: ShouldHelp,
		`{"policies":{"Cookies":{"Behavior":"reject","Allow":["https://intranet.contoso.com"]}}}`: ShouldHelp, // a permission goes before Firefox's behavior
	} {
		g := NewWithT(t)
		marks := map[fixtures.Remedy]Mark{}
		for _, r := range explain(t, withExport(t, export)).Remedies {
			marks[r.ID] = r.Mark
		}
		g.Expect(marks).To(HaveKeyWithValue(fixtures.PerSiteAllow, want), export)
		g.Expect(marks).To(HaveKeyWithValue(fixtures.ManagedPolicy, ShouldHelp), export)
	}
}

func TestAManagedSettingIsChangedByTheITDepartment(t *testing.T) {
	for export, want := range map[string]string{
		`{"BlockThirdPartyCookies":true}`: "the IT department",
		`{"chromePolicies":{"BlockThirdPartyCookies":{"value":true,"level":"recommended"}}}`:            "the person at the browser",
		`{"CookiesAllowedForUrls":["https://sso.contoso.com"]}`:                                         "the person at the browser",
		`{"policies":{"Cookies":{"Behavior":"reject-foreign","Locked":true}}}`:                          "the IT department",
		`{"policies":{"Preferences":{"network.cookie.cookieBehavior":{"Value":1,"Status":"locked"}}}}`:  "the IT department",
		`{"policies":{"Preferences":{"network.cookie.cookieBehavior":1}}}`:                              "the IT department",
		`{"policies":{"Preferences":{"network.cookie.cookieBehavior":{"Value":1,"Status":"default"}}}}`: "the person at the browser",
		`{"policies":{"Cookies":{"Behavior":"reject-foreign"}}}`:                                        "the person at the browser", // a default alone, where it is not locked
	} {
		for _, r := range explain(t, withExport(t, export)).Remedies {
			if r.ID == fixtures.AllowThirdParties {
				NewWithT(t).Expect(r.By).To(Equal(want), export)
				NewWithT(t).Expect(r.Warning).NotTo(BeEmpty(), export)
			}
		}
	}
}

// withExport is a frame's complaint with an export of settings.
func withExport(t *testing.T, export string) *Complaint {
	t.Helper()
	dir := t.TempDir()
	report, file := filepath.Join(dir, "report.yaml"), filepath.Join(dir, "export.json")
	text := "style: iframe\nsymptom: access denied\ncookies: none-secure\nportal: https://intranet.contoso.com\nwebex: https://contoso.webex.com\n"
	for name, text := range map[string]string{report: text, file: export} {
		NewWithT(t).Expect(os.WriteFile(name, []byte(text), 0o600)).To(Succeed())
	}
	return read(t, report, file)
}
