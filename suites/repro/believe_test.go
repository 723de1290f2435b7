package repro

import (
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/intake"
)

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

// WebKitGTK counts otherwise than Safari.
func TestAVersionOfWebKitGTKIsNoneOfSafari(t *testing.T) {
	g := NewWithT(t)
	c := reported(t, "browser: Safari 17\nsymptom: access denied\n")
	c.believe(browsers.WebKit, "WebKitGTK 2.50.6", "the HAR file")
	g.Expect(c.Version).To(Equal("17"))
	g.Expect(problems(c.Findings)).NotTo(ContainElement(HavePrefix("version: ")))
}

// Brave 1.60 is a Chromium 119, and no Chromium 1.
func TestAVersionThatIsNotTheEnginesDecidesNothing(t *testing.T) {
	for browser, want := range map[string]string{
		"Brave 1.60": "Brave", "Opera 72": "Opera", "Vivaldi 6.5": "Vivaldi", "Samsung Internet 23": "Samsung Internet", "Electron 28": "Electron", "Teams 1.6": "Microsoft Teams",
		"Chrome 79": "Chrome 79", "Edge 79": "Edge 79", "WebView2 120": "WebView2 120", "Tor 13": "Tor Browser", "Firefox 102": "Firefox 102", "Safari 12": "Safari 12", "GNOME Web 45": "GNOME Web",
	} {
		g := NewWithT(t)
		c := reported(t, "browser: "+browser+"\nstyle: iframe\nsetting: third-party cookies are allowed\ncookies: legacy\nsymptom: access denied\n")
		g.Expect(c.modelVersion()).To(Equal(want))
		if c.Engine == browsers.Chromium && want != "Chrome 79" && want != "Edge 79" {
			a := explain(t, c)
			g.Expect(a.Cause.Reason).To(Equal(fixtures.SameSite), browser)
		}
	}

	g := NewWithT(t)
	c := reported(t, "browser: Brave 1.60\nsymptom: access denied\n")
	c.believe(browsers.Chromium, "Chrome 79.0.1", "the HAR file")
	g.Expect(c.modelVersion()).To(Equal("Brave (Chromium 79.0.1)"), "the recording says of which Chromium it is made")
	g.Expect(c.Version).To(Equal("1.60"))
	g.Expect(problems(c.Findings)).NotTo(ContainElement(HavePrefix("version: ")))
}

// Its rules stand in front of a Chromium, which is not what was recorded.
func TestARecordingOfInternetExplorerIsUnderItsRules(t *testing.T) {
	g := NewWithT(t)
	c := recorded(t, &Complaint{}, asked("p.php", "LI", success, 0), asked("m.php", "SM", denied, 0))
	c.HAR = &intake.HAR{Browser: "Internet Explorer 11.0", Creator: "Fiddler 5.0"}
	c.join()
	g.Expect(c.explorer()).To(Equal("6"))
	a := explain(t, c)
	g.Expect(a.Policy).To(Equal("ie6-third-party-blocked"), "of those that do it the one that most people choose")
	g.Expect(a.StandsIn).To(HavePrefix("Internet Explorer cannot be had any more"))

	c = reported(t, "browser: Chrome on iPhone\nsymptom: access denied\n")
	c.HAR, c.Sequence = &intake.HAR{Browser: "WebKit on iOS", Creator: "Charles Proxy 4.6"}, &intake.Sequence{}
	c.join()
	g.Expect(c.Engine).To(Equal(browsers.WebKit))
	g.Expect(c.Findings).NotTo(ContainElement(HaveField("Kind", intake.Contradiction)))
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

// Who exports the key Internet Settings exports no version.
func TestSettingsOfInternetExplorerAreThoseOfTheReportsVersion(t *testing.T) {
	const reg = "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings\\Zones\\3]\r\n" +
		"\"1A03\"=dword:00000003\r\n\"1A10\"=dword:00000001\r\n\"1A05\"=dword:00000003\r\n\"1A06\"=dword:00000003\r\n"
	for version, want := range map[string]struct{ rule, told string }{
		"5.5": {"Internet Explorer 5.5 rules", ""},
		"6":   {"Internet Explorer 6 rules", "6 is taken"},
	} {
		g := NewWithT(t)
		dir := t.TempDir()
		report, file := filepath.Join(dir, "report.yaml"), filepath.Join(dir, "ie.reg")
		g.Expect(os.WriteFile(report, []byte("browser: Internet Explorer "+version+"\nstyle: iframe\nsymptom: access denied\n"), 0o600)).To(Succeed())
		g.Expect(os.WriteFile(file, []byte(reg), 0o600)).To(Succeed())
		a := explain(t, read(t, report, file))
		g.Expect(a.Cause.Rule).To(HavePrefix("Under "+want.rule), version)
		g.Expect(len(a.Untranslated) == 0).To(Equal(want.told == ""), version)
	}
}
