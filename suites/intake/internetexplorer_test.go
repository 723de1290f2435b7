package intake

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
	. "github.com/onsi/gomega"
)

func readRegistrySample(t *testing.T, name string) *Settings {
	t.Helper()
	s, err := ReadRegistry("x.reg", openSample(t, "registry", name))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return s
}

func TestInternetExplorer6AsRegistryEditorExportsIt(t *testing.T) {
	g := NewWithT(t)
	s := readRegistrySample(t, "ie6-utf16.reg")
	ie := s.Policy.InternetExplorer
	g.Expect(ie).NotTo(BeNil())
	g.Expect(ie.Version).To(Equal("6"))
	g.Expect(ie.Level).To(BeEmpty(), "medium")
	g.Expect(ie.Advanced).To(BeNil(), "1A05=1 is as shipped")
	g.Expect(ie.Sites).To(Equal([]policy.PrivacySite{{Site: "ads.example", Action: policy.Block}, {Site: "webex.com", Action: policy.Allow}}))
	g.Expect(ie.ZoneMap).To(Equal([]policy.ZoneEntry{
		{Site: "*://*.webex.com", Zone: policy.TrustedZone},
		{Site: "https://portal.acme.example", Zone: policy.TrustedZone},
		{Site: "http://*.bad.example", Zone: policy.RestrictedZone},
		{Site: "*://10.0.0.*", Zone: policy.IntranetZone},
	}))
	off := false
	g.Expect(ie.Zones).To(Equal(map[policy.Zone]policy.ZoneSettings{
		policy.TrustedZone:  {Level: policy.ZoneLow, PersistentCookies: policy.ZoneEnable, SessionCookies: policy.ZoneEnable, RequireHTTPS: &off},
		policy.InternetZone: {Level: policy.ZoneMedium, PersistentCookies: policy.ZoneEnable, SessionCookies: policy.ZoneEnable},
	}))
	g.Expect(ie.Validate()).To(Succeed())
	g.Expect(untranslated(s)).To(Equal(strings.Join([]string{
		"version: the export does not say which Internet Explorer it is; 6 is taken",
		`ZoneMap\EscDomains\other.example: it counts under Enhanced Security Configuration alone, which is off`,
		"1A10=1: the slider stands at high, medium high, medium or low, which are told apart in a form that nobody documents: ask which; medium, the default, is taken",
	}, "\n")))
}

func TestInternetExplorer55(t *testing.T) {
	g := NewWithT(t)
	s := readRegistrySample(t, "ie55.reg")
	ie := s.Policy.InternetExplorer
	on := true
	g.Expect(s.Browser).To(Equal("Internet Explorer 5.50.4134.0600"))
	g.Expect(ie.Version).To(Equal("5.5"))
	g.Expect(ie.ZoneMap).To(Equal([]policy.ZoneEntry{{Site: "https://acme.webex.com", Zone: policy.TrustedZone}}))
	g.Expect(ie.Zones).To(Equal(map[policy.Zone]policy.ZoneSettings{
		policy.TrustedZone:  {RequireHTTPS: &on},
		policy.InternetZone: {PersistentCookies: policy.ZonePrompt, SessionCookies: policy.ZoneDisable},
	}))
	g.Expect(ie.Validate()).To(Succeed())
	g.Expect(s.Untranslated).To(BeEmpty())
}

func TestPoliciesOfEdgeInTheRegistry(t *testing.T) {
	g := NewWithT(t)
	s := readRegistrySample(t, "edge.reg")
	g.Expect(s.Browser).To(Equal("Microsoft Edge"))
	g.Expect(s.Policy.InternetExplorer).To(BeNil())
	g.Expect(s.Policy.Base).To(Equal(policy.BlockThirdParty))
	g.Expect(s.Policy.Exceptions).To(Equal([]policy.Exception{managed("[*.]webex.com", policy.Allow), managed("https://portal.acme.example", policy.Allow)}))
	g.Expect(untranslated(s)).To(HavePrefix("TrackingPrevention: "))
}

func TestTheMachinesPolicyGoesBeforeThePersons(t *testing.T) {
	const key = `\Software\Policies\Google\Chrome`
	machine := "[HKEY_LOCAL_MACHINE" + key + "]\n\"BlockThirdPartyCookies\"=dword:1\n[HKEY_LOCAL_MACHINE" + key + "\\CookiesAllowedForUrls]\n\"1\"=\"a.example\"\n"
	person := "[HKEY_CURRENT_USER" + key + "]\n\"BlockThirdPartyCookies\"=dword:0\n\"IncognitoModeAvailability\"=dword:2\n" +
		"[HKEY_CURRENT_USER" + key + "\\CookiesAllowedForUrls]\n\"1\"=\"b.example\"\n\"2\"=\"c.example\"\n"
	for _, text := range []string{machine + person, person + machine} {
		s, err := registrySettings("x.reg", []byte(registryHeaders[0]+"\n"+text))
		g := NewWithT(t)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(s.Policy.Base).To(Equal(policy.BlockThirdParty), text)
		g.Expect(s.Policy.Exceptions).To(Equal([]policy.Exception{managed("a.example", policy.Allow)}), text)
		g.Expect(s.Policy.PrivateWindow).To(BeTrue(), "the machine has no policy about it")
	}
}

func TestTextsInHexadecimal(t *testing.T) {
	for begin, value := range map[string]string{
		"REGEDIT4":         `hex(2):61,2e,65,78,61,6d,70,6c,65,00`,
		registryHeaders[0]: `hex(2):61,00,2e,00,65,00,78,00,61,00,6d,00,70,00,6c,00,65,00,00,00`,
	} {
		s, err := registrySettings("x.reg", []byte(begin+"\n[HKEY_LOCAL_MACHINE\\Software\\Policies\\Google\\Chrome\\CookiesAllowedForUrls]\n\"1\"="+value+"\n"))
		g := NewWithT(t)
		g.Expect(err).NotTo(HaveOccurred(), begin)
		g.Expect(s.Policy.Exceptions).To(Equal([]policy.Exception{managed("a.example", policy.Allow)}), begin)
	}
}

func TestATextWithLineBreaksIsRead(t *testing.T) {
	for name, lines := range map[string]string{
		"two lines":                     "\"User\"=\"a\r\nb\"\r\n",
		"lines that look like others":   "@=\"a\n[HKEY_CURRENT_USER\\X]\n\\\"x\\\"=7\n\n;\"\n",
		"a quote that is escaped, last": "\"User\"=\"a\\\"\nb\"\n",
	} {
		s, err := ieSettings(t, ieKey("", lines), ieKey(`\Zones\3`, `"1A10"=dword:3`))
		g := NewWithT(t)
		g.Expect(err).NotTo(HaveOccurred(), name)
		g.Expect(s.Policy.InternetExplorer.Level).To(Equal(policy.LevelBlockAll), name)
	}
}

// ieKey is a key of Internet Explorer's settings, with values.
func ieKey(path string, values ...string) string {
	return "\n[HKEY_CURRENT_USER\\" + internetSettings + path + "]\n" + strings.Join(values, "\n") + "\n"
}

func ieSettings(t *testing.T, keys ...string) (*Settings, error) {
	t.Helper()
	return registrySettings("x.reg", []byte(registryHeaders[0]+"\n"+strings.Join(keys, "")))
}

// They stand in the same key as the zones, and so in every export of it.
func TestAProxyOfInternetOptionsIsTold(t *testing.T) {
	const says = ": a proxy between browser and site may take cookies or scripts out\n"
	for values, want := range map[string]string{
		"\"ProxyEnable\"=dword:00000001\n\"ProxyServer\"=\"proxy.contoso.com:8080\"\n": "ProxyServer" + says,
		"\"ProxyEnable\"=dword:00000000\n\"ProxyServer\"=\"proxy.contoso.com:8080\"\n": "",
		"\"AutoConfigURL\"=\"http://wpad.contoso.com/proxy.pac\"\n":                    "AutoConfigURL" + says,
		"\"ProxyEnable\"=dword:00000001\n\"ProxyServer\"=\"\"\n":                       "",
	} {
		s, err := ReadRegistry("x.reg", strings.NewReader("Windows Registry Editor Version 5.00\n\n[HKEY_CURRENT_USER\\"+internetSettings+"]\n"+values+
			"\n[HKEY_CURRENT_USER\\"+internetSettings+"\\Zones\\3]\n\"1A10\"=dword:00000003\n"))
		g := NewWithT(t)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(untranslated(s)+"\n").To(HavePrefix(want+"version: the export does not say"), values)
	}
}

func TestPositionsOfThePrivacySlider(t *testing.T) {
	for values, want := range map[string]policy.InternetExplorer{
		`"1A10"=dword:0`: {Version: "6", Level: policy.LevelAcceptAll},
		`"1A10"=dword:3`: {Version: "6", Level: policy.LevelBlockAll},
		`"1A10"=dword:1`: {Version: "6"},
		"\"1A05\"=dword:3\n\"1A06\"=dword:0\n\"1A02\"=dword:0": {Version: "6", Advanced: &policy.AdvancedPrivacy{FirstParty: policy.ChooseAccept, ThirdParty: policy.ChooseBlock, AlwaysSession: true}},
		"\"1A05\"=dword:3\n\"1A06\"=dword:3\n\"1A02\"=dword:1": {Version: "6", Advanced: &policy.AdvancedPrivacy{FirstParty: policy.ChoosePrompt, ThirdParty: policy.ChooseBlock}},
		"\"1A10\"=dword:3\n\"1A05\"=dword:3":                   {Version: "6", Level: policy.LevelBlockAll},
		"\"1A10\"=hex(4):03,00,00,00":                          {Version: "6", Level: policy.LevelBlockAll},
	} {
		s, err := ieSettings(t, ieKey(`\Zones\3`, strings.Split(values, "\n")...))
		g := NewWithT(t)
		g.Expect(err).NotTo(HaveOccurred(), values)
		got := *s.Policy.InternetExplorer
		got.Zones = nil
		g.Expect(got).To(Equal(want), values)
	}
}

func TestSitesInZones(t *testing.T) {
	for _, c := range []struct {
		name string
		keys []string
		want []policy.ZoneEntry
	}{
		{"a star below the domain", []string{ieKey(`\ZoneMap\Domains\webex.com\*`, `"https"=dword:2`)}, []policy.ZoneEntry{{Site: "https://*.webex.com", Zone: policy.TrustedZone}}},
		{"two schemes", []string{ieKey(`\ZoneMap\Domains\webex.com\acme`, `"http"=dword:4`, `"https"=dword:2`)}, []policy.ZoneEntry{{Site: "http://acme.webex.com", Zone: policy.RestrictedZone}, {Site: "https://acme.webex.com", Zone: policy.TrustedZone}}},
		{"a whole host as a domain", []string{ieKey(`\ZoneMap\Domains\acme.webex.com`, `"https"=dword:2`)}, []policy.ZoneEntry{{Site: "https://acme.webex.com", Zone: policy.TrustedZone}}},
		{"a name without dots", []string{ieKey(`\ZoneMap\Domains\intranet`, `"http"=dword:1`)}, []policy.ZoneEntry{{Site: "http://intranet", Zone: policy.IntranetZone}}},
		{"the policy Site to Zone Assignment List", []string{"\n[HKEY_LOCAL_MACHINE\\" + managedSettings + `\ZoneMapKey]` + "\n\"https://acme.webex.com\"=\"2\"\n"}, []policy.ZoneEntry{{Site: "https://acme.webex.com", Zone: policy.TrustedZone}}},
		{"Enhanced Security Configuration", []string{ieKey(`\ZoneMap`, `"IEHarden"=dword:1`), ieKey(`\ZoneMap\Domains\a.example`, `"https"=dword:2`), ieKey(`\ZoneMap\EscDomains\b.example`, `"https"=dword:2`)}, []policy.ZoneEntry{{Site: "https://*.b.example", Zone: policy.TrustedZone}}},
		{"the machine's alone", []string{
			"\n[HKEY_LOCAL_MACHINE\\" + managedSettings + "]\n\"Security_HKLM_only\"=dword:1\n",
			ieKey(`\ZoneMap\Domains\a.example`, `"https"=dword:2`),
			"\n[HKEY_LOCAL_MACHINE\\" + internetSettings + `\ZoneMap\Domains\b.example]` + "\n\"https\"=dword:2\n",
		}, []policy.ZoneEntry{{Site: "https://*.b.example", Zone: policy.TrustedZone}}},
		{"a value that the file takes away again", []string{ieKey(`\ZoneMap\Domains\webex.com`, `"http"=dword:2`, `"https"=dword:2`, `"http"=-`)}, []policy.ZoneEntry{{Site: "https://*.webex.com", Zone: policy.TrustedZone}}},
		{"a key that the file deletes", []string{ieKey(`\ZoneMap\Domains\webex.com`, `"https"=dword:2`), "\n[-HKEY_CURRENT_USER\\X]\n\"http\"=dword:2\n"}, []policy.ZoneEntry{{Site: "https://*.webex.com", Zone: policy.TrustedZone}}},
		{"a key that the file deletes, and those below it", []string{
			ieKey(`\ZoneMap\Domains\webex.com`, `"http"=dword:2`), ieKey(`\ZoneMap\Domains\webex.com\acme`, `"http"=dword:2`), ieKey(`\ZoneMap\Domains\webex.comm`, `"http"=dword:2`),
			"\n[-HKEY_CURRENT_USER\\" + strings.ToUpper(internetSettings) + `\ZoneMap\Domains\webex.com]` + "\n", ieKey(`\ZoneMap\Domains\webex.com`, `"https"=dword:2`),
		}, []policy.ZoneEntry{{Site: "https://*.webex.com", Zone: policy.TrustedZone}, {Site: "http://*.webex.comm", Zone: policy.TrustedZone}}},
	} {
		s, err := ieSettings(t, c.keys...)
		g := NewWithT(t)
		g.Expect(err).NotTo(HaveOccurred(), c.name)
		g.Expect(s.Policy.InternetExplorer.ZoneMap).To(Equal(c.want), c.name)
	}
}

func TestASiteWithoutHTTPSInAZoneThatRequiresItCountsAllTheSame(t *testing.T) {
	g := NewWithT(t)
	s, err := ieSettings(t, ieKey(`\ZoneMap\Domains\webex.com`, `"*"=dword:2`), ieKey(`\Zones\2`, `"Flags"=dword:47`))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(*s.Policy.InternetExplorer.Zones[policy.TrustedZone].RequireHTTPS).To(BeFalse())
	g.Expect(untranslated(s)).To(ContainSubstring("the zone requires https:// and has an entry without"))
	c := policy.Decide(policy.Chromium, "156", s.Policy, policy.Cookie{Name: "ticket", Secure: true, SameSite: policy.SameSiteNone}, policy.InFrame("https://acme.webex.com/", "https://portal.acme.example"))
	g.Expect(c.Store.Action).To(Equal(policy.Accepted), c.Store.Sentence())
}

func TestRegistryFilesThatAreWrong(t *testing.T) {
	head := registryHeaders[0] + "\n"
	utf16le := func(s string) string {
		b := []byte{0xff, 0xfe}
		for _, u := range utf16.Encode([]rune(s)) {
			b = append(b, byte(u), byte(u>>8))
		}
		return string(b)
	}
	none := `x.reg: there are neither zones nor privacy settings in it, nor policies of Chrome, Edge, Brave, Chromium or Firefox; export the key HKEY_LOCAL_MACHINE\Software\Policies, or, of Internet Explorer, HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Internet Settings`
	for _, c := range []struct{ text, want string }{
		{"", `x.reg:1: the file is empty; expected an export of the registry that begins with "Windows Registry Editor Version 5.00"`},
		{"{}", `x.reg:1: found "{}"; expected an export of the registry, which begins with "Windows Registry Editor Version 5.00"`},
		{head, none},
		{head + ieKey(`\Zones\3`, `"1A10"=dword:0`) + "[-HKEY_CURRENT_USER\\Software]\n", none},
		{utf16le(head), none},
		{utf16le(head)[:9], "x.reg: byte 9: the file ends in the middle of a letter (UTF-16): it was cut off"},
		{head + "[HKEY_CURRENT_USER", `x.reg:2: the key "[HKEY_CURRENT_USER" has no ] at its end`},
		{head + "[HKEY_CURRENT_USER\\X]\nname=1", `x.reg:3: "name=1": expected a name in quotes, @, or a key in brackets`},
		{head + "[HKEY_CURRENT_USER\\X]\n\"name", `x.reg:3: "\"name": the closing quote is missing`},
		{head + "[HKEY_CURRENT_USER\\X]\n\"name\"=\"a\n\nb", `x.reg:3: "\"a\n\nb": the closing quote is missing`},
		{head + "[HKEY_CURRENT_USER\\X]\n\"name\"=\"a\n\"b\"=dword:1\n", `x.reg:3: "name": something follows the closing quote`},
		{head + "[HKEY_CURRENT_USER\\X]\n\"name\"=\"" + strings.Repeat("\n", maxRegistryLine+1), "x.reg:3: a value has more than 1048576 bytes"},
		{head + "[HKEY_CURRENT_USER\\X]\n\"name\"=\"a\"\n\"b\"=7", `x.reg:4: "b": "7"; expected a text in quotes, dword: or hex:`},
		{head + "[HKEY_CURRENT_USER\\X]\n\"name\" 1", `x.reg:3: "\"name\" 1": expected = after the name`},
		{head + "[HKEY_CURRENT_USER\\X]\n\"name\"=dword:xyz", `x.reg:3: "name": "dword:xyz" is no dword; expected up to eight hexadecimal digits`},
		{head + "[HKEY_CURRENT_USER\\X]\n\"name\"=\"a\"b", `x.reg:3: "name": something follows the closing quote`},
		{head + "[HKEY_CURRENT_USER\\X]\n\"name\"=7", `x.reg:3: "name": "7"; expected a text in quotes, dword: or hex:`},
		{head + "[HKEY_LOCAL_MACHINE\\Software\\Policies\\Microsoft\\Edge]\n\"CookiesAllowedForUrls\"=dword:1", `x.reg:3: Software\Policies\Microsoft\Edge\CookiesAllowedForUrls: expected a list of texts, found "1"`},
		{head + "[HKEY_CURRENT_USER\\Software\\Policies\\Chromium]\n\"BlockThirdPartyCookies\"=dword:1\n[HKEY_LOCAL_MACHINE\\Software\\Policies\\Chromium]\n\"BlockThirdPartyCookies\"=\"yes\"",
			`x.reg:5: Software\Policies\Chromium\BlockThirdPartyCookies: expected true or false, found "\"yes\""`},
		{head + "[HKEY_LOCAL_MACHINE\\Software\\Policies\\Chromium\\Recommended]\n\n\"DefaultCookiesSetting\"=\"no\"",
			`x.reg:4: Software\Policies\Chromium\DefaultCookiesSetting: expected a number, found "\"no\""`},
		{head + ieKey(`\Zones\3`, `"1A02"=dword:7`), "x.reg:4: Zones.internet.1A02: expected dword:0 (enable), 1 (prompt) or 3 (disable)"},
		{head + ieKey(`\Zones\3`, `"1A10"="high"`), "x.reg:4: Zones.internet.1A10: expected a dword"},
		{head + ieKey(`\ZoneMap\Domains\webex.com`, `"https"=hex:02`), "x.reg:4: https://*.webex.com: expected the number of a zone as a dword"},
		{head + ieKey(`\ZoneMapKey`, `"https://acme.webex.com"="trusted"`), `x.reg:4: https://acme.webex.com: expected the number of a zone, found "trusted"`},
	} {
		_, err := registrySettings("x.reg", []byte(c.text))
		NewWithT(t).Expect(err).To(MatchError(c.want), c.text)
	}
}

func TestPrivacyPreferencesFile(t *testing.T) {
	g := NewWithT(t)
	s, err := ReadPrivacyXML("x.xml", openSample(t, "privacy", "company.xml"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(s.Policy.InternetExplorer.Version).To(Equal("6"))
	g.Expect(s.Policy.InternetExplorer.Validate()).To(Succeed())
	imported, err := policy.ParsePrivacyXML([]byte(s.Policy.InternetExplorer.Import))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(imported.Sites).To(Equal([]policy.PrivacySite{{Site: "webex.com", Action: policy.Allow}}))
	g.Expect(untranslated(s)).To(HavePrefix("flushCookies: "))
}

func TestPrivacyPreferencesInUTF16(t *testing.T) {
	text, err := os.ReadFile("testdata/privacy/company.xml")
	g := NewWithT(t)
	g.Expect(err).NotTo(HaveOccurred())
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(strings.Replace(string(text), "UTF-8", "UTF-16", 1))) {
		b = append(b, byte(u), byte(u>>8))
	}
	_, err = privacySettings("x.xml", b)
	g.Expect(err).NotTo(HaveOccurred())
}

func TestPrivacyPreferencesThatAreWrong(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "x.xml: privacy file: line 1, column 1: expected the element MSIEPrivacy"},
		{"<MSIEPrivacy/>", "x.xml: there is neither a p3pCookiePolicy nor a list of sites (MSIESiteRules) in it"},
		{"<html/>", "x.xml: privacy file: line 1, column 8: there is no element html here"},
		{"\xff\xfea", "x.xml: byte 3: the file ends in the middle of a letter (UTF-16): it was cut off"},
	} {
		_, err := privacySettings("x.xml", []byte(c.text))
		NewWithT(t).Expect(err).To(MatchError(c.want), c.text)
	}
}

func FuzzReadRegistry(f *testing.F) { fuzzSettings(f, "testdata/registry", registrySettings) }

func FuzzReadPrivacyXML(f *testing.F) { fuzzSettings(f, "testdata/privacy", privacySettings) }

func fuzzSettings(f *testing.F, folder string, read func(string, []byte) (*Settings, error)) {
	samples, err := os.ReadDir(folder)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range samples {
		data, err := os.ReadFile(folder + "/" + s.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := read("x", data)
		if err != nil {
			if _, ok := asMistake(err); !ok || s != nil {
				t.Fatalf("not a mistake, or settings beside it: %v", err)
			}
			return
		}
		ie := s.Policy.InternetExplorer
		if ie == nil {
			return // another browser's policies
		}
		if err := ie.Validate(); err != nil {
			t.Fatal(err)
		}
	})
}

// The policies of Firefox in the registry say what policies.json says.
func TestPoliciesOfFirefoxInTheRegistry(t *testing.T) {
	const head, key = "Windows Registry Editor Version 5.00\n", "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Mozilla\\Firefox"
	multiLine := func(text string) string { // hex(7), as Registry Editor writes REG_MULTI_SZ
		var digits []string
		for _, u := range utf16.Encode([]rune(text + "\x00\x00")) {
			digits = append(digits, fmt.Sprintf("%02x,%02x", byte(u), byte(u>>8)))
		}
		return "hex(7):" + strings.Join(digits, ",")
	}
	for name, test := range map[string]struct {
		text       string
		base       policy.Base
		private    bool
		exceptions []policy.Exception
		cannot     string // what is told of the untranslated
	}{
		"cookies": {
			text: key + "\\Cookies]\n\"Behavior\"=\"reject-foreign\"\n\"Locked\"=dword:1\n" + key + "\\Cookies\\Allow]\n\"1\"=\"https://acme.webex.com\"\n" +
				key + "\\Cookies\\Block]\n\"1\"=\"https://ads.example\"\n\"2\"=\"webex.com\"\n",
			base:       policy.BlockThirdParty,
			exceptions: []policy.Exception{managed("https://acme.webex.com", policy.Allow), managed("https://ads.example", policy.Block), managed("webex.com", policy.Block)},
			cannot:     `Cookies.Block: Firefox ignores the entry "webex.com"`,
		},
		"older":                   {text: key + "\\Cookies]\n\"AcceptThirdParty\"=\"never\"\n\"RejectTracker\"=dword:1\n", base: policy.BlockThirdParty, cannot: "Cookies.RejectTracker: it concerns listed trackers"},
		"none":                    {text: key + "\\Cookies]\n\"Default\"=dword:0\n", base: policy.BlockAll},
		"all":                     {text: key + "\\Cookies]\n\"Default\"=dword:1\n", base: policy.AllowThirdParty},
		"private windows":         {text: key + "]\n\"PrivateBrowsingModeAvailability\"=dword:2\n\"DisableTelemetry\"=dword:1\n", base: policy.BrowserDefault, private: true},
		"a preference":            {text: key + "\\Preferences]\n\"network.cookie.cookieBehavior\"=dword:5\n", base: policy.Partition},
		"preferences as JSON":     {text: key + "]\n\"Preferences\"=" + multiLine("{\x00\"network.cookie.cookieBehavior\": {\"Value\": 1}\x00}") + "\n", base: policy.BlockThirdParty},
		"preferences in one line": {text: key + "]\n\"Preferences\"=\"{\\\"network.cookie.cookieBehavior\\\": 2}\"\n", base: policy.BlockAll},
		"a proxy":                 {text: key + "\\Proxy]\n\"Mode\"=\"manual\"\n", base: policy.BrowserDefault, cannot: "Proxy: a proxy between browser and site may take cookies or scripts out"},
		"the machine's, whole": {
			text: key + "\\Cookies]\n\"Behavior\"=\"accept\"\n[HKEY_CURRENT_USER\\Software\\Policies\\Mozilla\\Firefox\\Cookies]\n\"Behavior\"=\"reject\"\n" +
				"[HKEY_CURRENT_USER\\Software\\Policies\\Mozilla\\Firefox\\Cookies\\Block]\n\"1\"=\"https://acme.webex.com\"\n",
			base: policy.AllowThirdParty,
		},
		"an empty list": {text: key + "\\Cookies]\n\"Behavior\"=\"reject\"\n" + key + "\\Cookies\\Allow]\n", base: policy.BlockAll},
	} {
		g := NewWithT(t)
		s, err := registrySettings("x.reg", []byte(head+test.text))
		g.Expect(err).NotTo(HaveOccurred(), name)
		g.Expect(s.Browser).To(Equal("Mozilla Firefox"), name)
		g.Expect(s.Engine).To(Equal(browsers.Firefox), name)
		g.Expect(s.Policy.Base).To(Equal(test.base), name)
		g.Expect(s.Policy.PrivateWindow).To(Equal(test.private), name)
		g.Expect(s.Policy.Exceptions).To(Equal(test.exceptions), name)
		if test.cannot == "" {
			g.Expect(s.Untranslated).To(BeEmpty(), name)
		} else {
			g.Expect(untranslated(s)).To(HavePrefix(test.cannot), name)
		}
	}
	_, err := registrySettings("x.reg", []byte(head+key+"\\Cookies]\n\"Behavior\"=dword:1\n"))
	NewWithT(t).Expect(err).To(MatchError(`x.reg:3: Software\Policies\Mozilla\Firefox\Cookies.Behavior: expected a text, found "1"`))
}
