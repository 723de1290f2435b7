package intake

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cookiegate/cookiegate/browsers/policy"
	. "github.com/onsi/gomega"
)

func openSample(t *testing.T, folder, name string) *os.File {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", folder, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// managed is an entry of the IT department's.
func managed(typed string, d policy.Decision) policy.Exception {
	return policy.Exception{Typed: typed, Decision: d, By: policy.Managed}
}

func untranslated(s *Settings) string {
	var lines []string
	for _, u := range s.Untranslated {
		lines = append(lines, u.String())
	}
	return strings.Join(lines, "\n")
}

func TestAnExportOfChromesPolicies(t *testing.T) {
	g := NewWithT(t)
	s, err := ReadChromiumPolicies("x.json", openSample(t, "policies", "chrome-export.json"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(s.Browser).To(Equal("Google Chrome 149.0.7780.80"))
	g.Expect(s.Policy.Base).To(Equal(policy.BlockThirdParty), "what the browser ignores does not count")
	g.Expect(s.Policy.PrivateWindow).To(BeFalse())
	g.Expect(s.Policy.Exceptions).To(Equal([]policy.Exception{
		managed("https://[*.]webex.com", policy.Allow),
		managed("*.webex.com", policy.Allow),
		managed("https://acme.webex.com,https://portal.acme.example", policy.Allow),
		managed("[*.]acme.example", policy.SessionOnly),
	}))
	g.Expect(untranslated(s)).To(Equal(strings.Join([]string{
		"CookiesSessionOnlyForUrls: the browser says: Schema validation error",
		"DefaultCookiesSetting: the browser says that it ignores this policy: another one goes before it",
		`CookiesAllowedForUrls: the browser ignores an entry of it: pattern "*.webex.com": a star may stand for a whole host, or as [*.] before a domain`,
		"ProxyMode: a proxy between browser and site may take cookies or scripts out",
	}, "\n")))
}

func TestAnOlderExport(t *testing.T) {
	g := NewWithT(t)
	s, err := ReadChromiumPolicies("x.json", openSample(t, "policies", "chrome-export-older.json"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(s.Browser).To(Equal("Google Chrome 103.0.5060.132"))
	g.Expect(s.Policy.Base).To(Equal(policy.AllowThirdParty))
	g.Expect(s.Policy.PrivateWindow).To(BeTrue())
	g.Expect(s.Policy.Exceptions).To(Equal([]policy.Exception{managed("[*.]webex.com", policy.Block)}))
	g.Expect(untranslated(s)).To(HavePrefix("BlockThirdPartyCookies: it is only recommended"))
}

func TestAValueThatTheBrowserIgnoredIsNoMistakeOfTheExport(t *testing.T) {
	for name, values := range map[string][2]string{
		"BlockThirdPartyCookies":    {`"yes"`, "expected true or false"},
		"DefaultCookiesSetting":     {`"2"`, "expected a number"},
		"CookiesBlockedForUrls":     {`["a.example",7]`, "expected a list of texts"},
		"IncognitoModeAvailability": {`"2"`, "expected a number"},
	} {
		text := `{"policyValues":{"chrome":{"policies":{"` + name + `":{"value":` + values[0] + `,"error":"Expected another value."},"CookiesAllowedForUrls":{"value":["b.example"]}}}}}`
		s, err := ReadChromiumPolicies("x.json", strings.NewReader(text))
		g := NewWithT(t)
		g.Expect(err).NotTo(HaveOccurred(), name)
		g.Expect(s.Policy.Base).To(Equal(policy.BrowserDefault), name)
		g.Expect(s.Policy.PrivateWindow).To(BeFalse(), name)
		g.Expect(s.Policy.Exceptions).To(Equal([]policy.Exception{managed("b.example", policy.Allow)}), name)
		g.Expect(untranslated(s)).To(HavePrefix(name+": the browser says: Expected another value.\n"+name+": the browser ignored its value: "+values[1]), name)
	}
}

func TestAPolicyThatThereIsNoProxyIsNoProxy(t *testing.T) {
	const says = ": a proxy between browser and site may take cookies or scripts out"
	for text, want := range map[string]string{
		`{"ProxyMode":"direct"}`: "", `{"ProxySettings":{"ProxyMode":"direct"}}`: "", `{"policies":{"Proxy":{"Mode":"none","Locked":true}}}`: "",
		`{"ProxyMode":"system"}`: "ProxyMode" + says, `{"ProxySettings":{"ProxyMode":"pac_script","ProxyPacUrl":"http://wpad/p.pac"}}`: "ProxySettings" + says,
		`{"policies":{"Proxy":{"Mode":"autoDetect"}}}`: "Proxy" + says,
	} {
		read := ReadChromiumPolicies
		if strings.Contains(text, "policies") {
			read = ReadFirefoxPolicies
		}
		s, err := read("x.json", strings.NewReader(text))
		g := NewWithT(t)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(untranslated(s)).To(Equal(want), text)
	}
}

func TestAManagedPolicyFile(t *testing.T) {
	g := NewWithT(t)
	s, err := ReadChromiumPolicies("x.json", openSample(t, "policies", "managed.json"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(s.Policy.Base).To(Equal(policy.BlockAll))
	g.Expect(s.Policy.Exceptions).To(Equal([]policy.Exception{managed("[*.]acme.example", policy.Allow)}))
	g.Expect(s.Untranslated).To(BeEmpty(), "a home page has nothing to do with cookies")
}

func TestPolicyFilesThatAreWrong(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "x.json:1: byte 0: the file is empty"},
		{"{", "x.json:1: byte 1: the file ends here, in the middle of a JSON value: it was cut off"},
		{"{\n\"A\":tru}", "x.json:2: byte 9: this is no JSON: invalid character '}' in literal true (expecting 'e')"},
		{"[1]", "x.json:1: byte 1: expected an object, found a list"},
		{"{} {}", "x.json:1: byte 4: something follows the end of the JSON value"},
		{"{}", "x.json: there is not one policy in it"},
		{`{"name":"x"}`, "x.json: no key looks like the name of a policy, such as BlockThirdPartyCookies"},
		{"\xef\xbb\xbf{\"HomepageLocation\":{\"a\":[1]},\n\n\"BlockThirdPartyCookies\":\"yes\"}", `x.json:3: BlockThirdPartyCookies: expected true or false, found "\"yes\""`},
		{`{"CookiesAllowedForUrls":"webex.com"}`, `x.json:1: CookiesAllowedForUrls: expected a list of texts, found "\"webex.com\""`},
		{`{"policyValues":{"extensions":{}}}`, "x.json:1: policyValues: the browser's own policies (chrome) are missing"},
		{`{"policyValues":{"chrome":[]}}`, `x.json:1: policyValues.chrome: expected an object, found "[]"`},
		{`{"chromePolicies":{"DefaultCookiesSetting":{"value":"2"}}}`, `x.json:1: DefaultCookiesSetting: expected a number, found "\"2\""`},
		{`{"policies":{"Cookies":{}}}`, "x.json:1: policies: these are Firefox's policies; expected those of a Chromium"},
		{`{"log":{}}`, "x.json:1: log: this is a HAR file; expected policies"},
	} {
		_, err := ReadChromiumPolicies("x.json", strings.NewReader(c.text))
		NewWithT(t).Expect(err).To(MatchError(c.want), c.text)
	}
	_, err := ReadChromiumPolicies("x.json", endless(' '))
	NewWithT(t).Expect(err).To(MatchError(ContainSubstring("the file goes on after 16777216 bytes")))
}

func TestFirefoxsPolicies(t *testing.T) {
	g := NewWithT(t)
	s, err := ReadFirefoxPolicies("x.json", openSample(t, "policies", "firefox-policies.json"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(s.Policy.Base).To(Equal(policy.BlockThirdParty))
	g.Expect(s.Policy.Exceptions).To(Equal([]policy.Exception{
		managed("https://acme.webex.com", policy.Allow), managed("webex.com", policy.Allow), managed("http://ads.example", policy.Block),
	}))
	g.Expect(untranslated(s)).To(Equal(strings.Join([]string{
		`Cookies.Allow: Firefox ignores the entry "webex.com": exceptions are exact origins, such as https://acme.webex.com, with the port where it is not the usual one`,
		"Cookies.BehaviorPrivateBrowsing: it holds in private windows alone",
		"Proxy: a proxy between browser and site may take cookies or scripts out",
	}, "\n")))
}

func TestEntriesThatFirefoxHeedsAreNotSaidToBeIgnored(t *testing.T) {
	g := NewWithT(t)
	s, err := ReadFirefoxPolicies("x.json", strings.NewReader(`{"policies": {"Cookies": {"Allow": ["https://acme.webex.com ", "https://acme.webex.com/", " https://acme.webex.com"]}}}`))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(untranslated(s)).To(HavePrefix(`Cookies.Allow: Firefox ignores the entry " https://acme.webex.com": `))
	g.Expect(s.Untranslated).To(HaveLen(1), "blanks behind an origin, and a slash, do not count")
}

func TestTheTableOfAboutPolicies(t *testing.T) {
	g := NewWithT(t)
	s, err := ReadFirefoxPolicies("x.txt", openSample(t, "policies", "about-policies.txt"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(s.Policy.Base).To(Equal(policy.PartitionOptIn), "partition-foreign, and the preference that limits it")
	g.Expect(s.Policy.Exceptions).To(Equal([]policy.Exception{managed("https://acme.webex.com", policy.Allow), managed("https://portal.acme.example", policy.Allow)}))
	g.Expect(s.Untranslated).To(BeEmpty())
}

func TestEveryBehaviorOfFirefox(t *testing.T) {
	for behavior, want := range map[string]policy.Base{
		`"Behavior":"accept"`: policy.AllowThirdParty, `"Behavior":"reject-foreign"`: policy.BlockThirdParty, `"Behavior":"reject"`: policy.BlockAll,
		`"Behavior":"limit-foreign"`: policy.VisitedOnly, `"Behavior":"reject-tracker"`: policy.AllowThirdParty,
		`"Behavior":"reject-tracker-and-partition-foreign"`: policy.Partition, `"Behavior":"partition-foreign"`: policy.Partition,
		`"Behavior":"no-such"`: policy.BrowserDefault, `"AcceptThirdParty":"never"`: policy.BlockThirdParty, `"AcceptThirdParty":"from-visited"`: policy.VisitedOnly,
		`"Default":false`: policy.BlockAll, `"Default":true`: policy.AllowThirdParty, `"RejectTracker":true`: policy.AllowThirdParty,
		`"AcceptThirdParty":"always"`: policy.AllowThirdParty, `"AcceptThirdParty":"never","Default":false`: policy.BlockAll,
		`"Allow":["https://acme.webex.com"]`: policy.BrowserDefault, `"Allow":["https://acme.webex.com"],"Locked":false`: policy.BrowserDefault,
		`"Allow":["https://acme.webex.com"],"Locked":true`: policy.AllowThirdParty, `"BehaviorPrivateBrowsing":"reject","Locked":true`: policy.BrowserDefault,
		`"Behavior":"partition-foreign","Locked":true,"Default":false`: policy.Partition, `"Behavior":"accept","AcceptThirdParty":"never"`: policy.AllowThirdParty,
	} {
		s, err := ReadFirefoxPolicies("x.json", strings.NewReader(`{"policies":{"Cookies":{`+behavior+`}}}`))
		g := NewWithT(t)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(s.Policy.Base).To(Equal(want), behavior)
	}
	s, err := ReadFirefoxPolicies("x.json", strings.NewReader(`{"policies":{"Cookies":{"Behavior":"accept"},"Preferences":{"network.cookie.cookieBehavior":{"Value":1,"Status":"locked"}}}}`))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	NewWithT(t).Expect(s.Policy.Base).To(Equal(policy.AllowThirdParty), "the policy Cookies goes before the preference: measured on Firefox ESR 153")
	for number, want := range map[string]policy.Base{"0": policy.AllowThirdParty, "1": policy.BlockThirdParty, "2": policy.BlockAll, "3": policy.VisitedOnly, "5": policy.Partition, "9": policy.BrowserDefault} {
		for _, form := range []string{`{"Value":` + number + `,"Status":"locked"}`, number} {
			s, err := ReadFirefoxPolicies("x.json", strings.NewReader(`{"policies":{"Preferences":{"network.cookie.cookieBehavior":`+form+`}}}`))
			g := NewWithT(t)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(s.Policy.Base).To(Equal(want), form)
		}
	}
}

// Measured on Firefox ESR 153.
func TestTheCategoryStrictOfFirefoxsTrackingProtectionPartitions(t *testing.T) {
	for text, want := range map[string]policy.Base{
		`"EnableTrackingProtection":{"Category":"strict"}`:                                   policy.Partition,
		`"EnableTrackingProtection":{"Category":"strict"},"Cookies":{"Behavior":"accept"}`:   policy.Partition,
		`"EnableTrackingProtection":{"Category":"standard"}`:                                 policy.BrowserDefault,
		`"EnableTrackingProtection":{"Value":true,"Locked":true}`:                            policy.BrowserDefault,
		`"EnableTrackingProtection":{"Category":"standard"},"Cookies":{"Behavior":"reject"}`: policy.BlockAll,
	} {
		s, err := ReadFirefoxPolicies("x.json", strings.NewReader(`{"policies":{`+text+`}}`))
		g := NewWithT(t)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(s.Policy.Base).To(Equal(want), text)
		g.Expect(s.Locked).To(Equal(want == policy.Partition), text)
	}
}

func TestWhatFirefoxDoesNotKnowIsNamed(t *testing.T) {
	for text, want := range map[string]string{
		`"Cookies":{"Behavior":"rejekt"}`:                      `Cookies.Behavior: Firefox knows no behavior "rejekt"; expected one of accept, `,
		`"Cookies":{"AcceptThirdParty":"sometimes"}`:           `Cookies.AcceptThirdParty: Firefox knows no value "sometimes"; expected always, never or from-visited`,
		`"Preferences":{"network.cookie.cookieBehavior":9}`:    "network.cookie.cookieBehavior=9: Firefox knows no such behavior; expected a number from 0 to 5",
		`"Preferences":{"network.cookie.cookieBehavior":true}`: "network.cookie.cookieBehavior=true: Firefox knows no such behavior; expected a number from 0 to 5",
	} {
		s, err := ReadFirefoxPolicies("x.json", strings.NewReader(`{"policies":{`+text+`}}`))
		g := NewWithT(t)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(s.Policy.Base).To(Equal(policy.BrowserDefault), text)
		g.Expect(untranslated(s)).To(HavePrefix(want), text)
	}
}

func TestFirefoxFilesThatAreWrong(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "x.json:1: byte 0: the file is empty"},
		{"hello", "x.json: this is neither Firefox's policies.json nor the table of about:policies"},
		{`{"Cookies":{}}`, `x.json: the key "policies" is missing; expected Firefox's policies.json`},
		{`{"log":{}}`, "x.json: this is a HAR file; expected policies"},
		{`{"policies":{"Cookies":[]}}`, `x.json:1: Cookies: expected an object, found "[]"`},
		{`{"policies":{"Cookies":{"Allow":[7]}}}`, `x.json:1: Cookies.Allow: expected a list of texts, found "[7]"`},
		{"Cookies\tBehavior\treject", ""},
		{"Cookies\tBehavior\t\"reject\"\n\tAllow\thttps://x", `x.json:2: Cookies: the last cell is "https://x"; expected a value as JSON, such as "reject-foreign" in quotes`},
		{"\"x\"", "x.json:1: a value without the name of a policy before it; expected the table of about:policies, copied whole"},
	} {
		_, err := ReadFirefoxPolicies("x.json", strings.NewReader(c.text))
		if c.want == "" {
			c.want = "x.json: this is neither Firefox's policies.json nor the table of about:policies"
		}
		NewWithT(t).Expect(err).To(MatchError(c.want), c.text)
	}
}

func FuzzReadPolicies(f *testing.F) {
	samples, err := os.ReadDir("testdata/policies")
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range samples {
		data, err := os.ReadFile("testdata/policies/" + s.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, read := range []func(string, []byte) (*Settings, error){chromiumPolicies, firefoxPolicies} {
			s, err := read("x", bytes.Clone(data))
			if (s == nil) == (err == nil) {
				t.Fatal("neither settings nor an error, or both")
			}
			if err != nil {
				if _, ok := asMistake(err); !ok {
					t.Fatalf("not a mistake: %v", err)
				}
				continue
			}
			if says := policy.NotAvailable(policy.Firefox, s.Policy); says != "" {
				t.Fatal(says) // Firefox has every base that can be exported
			}
		}
	})
}

func TestWhatPoliciesSayOfScripts(t *testing.T) {
	const site = "https://acme.webex.com"
	for text, want := range map[string]string{
		`{"DefaultJavaScriptSetting":2}`:                                                                                   "DefaultJavaScriptSetting=2",
		`{"DefaultJavaScriptSetting":1}`:                                                                                   "",
		`{"DefaultJavaScriptSetting":2,"JavaScriptAllowedForUrls":["[*.]webex.com"]}`:                                      "",
		`{"JavaScriptBlockedForUrls":["https://ads.example","[*.]webex.com"]}`:                                             "JavaScriptBlockedForUrls: [*.]webex.com",
		`{"JavaScriptBlockedForUrls":["webex.com"]}`:                                                                       "", // that host alone
		`{"JavaScriptBlockedForUrls":["[*.]webex.com"],"JavaScriptAllowedForUrls":["https://acme.webex.com"]}`:             "",
		`{"policyValues":{"chrome":{"policies":{"JavaScriptBlockedForUrls":{"value":["acme.webex.com"]}}}}}`:               "JavaScriptBlockedForUrls: acme.webex.com",
		`{"policyValues":{"chrome":{"policies":{"DefaultJavaScriptSetting":{"value":2,"ignored":true},"ProxyMode":{}}}}}`:  "",
		`{"policyValues":{"chrome":{"policies":{"DefaultJavaScriptSetting":{"value":"2","error":"Expected a number."}}}}}`: "",
	} {
		s, err := ReadChromiumPolicies("x.json", strings.NewReader(text))
		g := NewWithT(t)
		g.Expect(err).NotTo(HaveOccurred(), text)
		g.Expect(s.Scripts.BlockedAt(site)).To(Equal(want), text)
	}
	for value, want := range map[string]string{"false": "javascript.enabled=false", `{"Value":false,"Status":"locked"}`: "javascript.enabled=false", "true": ""} {
		s, err := ReadFirefoxPolicies("x.json", strings.NewReader(`{"policies":{"Preferences":{"javascript.enabled":`+value+`}}}`))
		g := NewWithT(t)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(s.Scripts.BlockedAt(site)).To(Equal(want), value)
		g.Expect(s.Untranslated).To(BeEmpty(), value)
	}
	s, err := registrySettings("x.reg", []byte(registryHeaders[0]+"\n[HKEY_LOCAL_MACHINE\\Software\\Policies\\Microsoft\\Edge]\n\"DefaultJavaScriptSetting\"=dword:2\n"))
	g := NewWithT(t)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(s.Scripts.BlockedAt(site)).To(Equal("DefaultJavaScriptSetting=2"))
}

// Chromium reads the key Recommended too, and lets what holds go before it (policy_loader_win.cc).
func TestPoliciesOfTheRegistryThatAreOnlyRecommended(t *testing.T) {
	const chrome = "\n[HKEY_LOCAL_MACHINE\\Software\\Policies\\Google\\Chrome"
	for name, test := range map[string]struct {
		text string
		base policy.Base
		list []string
		told bool
	}{
		"a switch":             {chrome + "\\Recommended]\n\"BlockThirdPartyCookies\"=dword:1\n", policy.BlockThirdParty, nil, true},
		"against one in force": {chrome + "\\Recommended]\n\"BlockThirdPartyCookies\"=dword:1\n" + chrome + "]\n\"BlockThirdPartyCookies\"=dword:0\n", policy.AllowThirdParty, nil, false},
		"a list":               {chrome + "\\Recommended\\CookiesAllowedForUrls]\n\"1\"=\"[*.]webex.com\"\n", policy.BrowserDefault, []string{"[*.]webex.com"}, true},
	} {
		g := NewWithT(t)
		s, err := registrySettings("x.reg", []byte(registryHeaders[0]+test.text))
		g.Expect(err).NotTo(HaveOccurred(), name)
		g.Expect(s.Policy.Base).To(Equal(test.base), name)
		var typed []string
		for _, x := range s.Policy.Exceptions {
			typed = append(typed, x.Typed)
		}
		g.Expect(typed).To(Equal(test.list), name)
		if test.told {
			g.Expect(s.Untranslated).To(ConsistOf(HaveField("Why", HavePrefix("it is only recommended"))), name)
		} else {
			g.Expect(s.Untranslated).To(BeEmpty(), name)
		}
	}
}

// Chromium takes a text for a number or a list too (registry_dict.cc).
func TestNumbersAndListsThatARegistryKeepsInATextAreRead(t *testing.T) {
	g := NewWithT(t)
	s, err := registrySettings("x.reg", []byte(registryHeaders[0]+"\n[HKEY_LOCAL_MACHINE\\Software\\Policies\\Google\\Chrome]\n"+
		"\"BlockThirdPartyCookies\"=\"1\"\n\"IncognitoModeAvailability\"=\"2\"\n\"CookiesAllowedForUrls\"=\"[\\\"[*.]webex.com\\\"]\"\n"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(s.Policy.Base).To(Equal(policy.BlockThirdParty))
	g.Expect(s.Policy.PrivateWindow).To(BeTrue())
	g.Expect(s.Policy.Exceptions).To(Equal([]policy.Exception{managed("[*.]webex.com", policy.Allow)}))
}
