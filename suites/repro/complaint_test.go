package repro

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/intake"
	"github.com/cookiegate/cookiegate/suites/predict"
)

var today = time.Date(2026, 11, 5, 0, 0, 0, 0, time.UTC)

func read(t *testing.T, names ...string) *Complaint {
	t.Helper()
	c, err := Read(names, today)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return c
}

func explain(t *testing.T, c *Complaint) *Answer {
	t.Helper()
	a, err := c.Explain()
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return a
}

// Each of these is answered: with the likeliest cause, with what is wrong in it, and with what to ask.
func TestReportsThatPeopleWriteBadlyGetAnAnswerThatHelps(t *testing.T) {
	lost := func(r fixtures.Reason) Cause { return Cause{Cookie: "ticket", Hop: "SM", LostAt: "LI", Reason: r} }
	for name, want := range map[string]struct {
		engine     browsers.Engine
		cause      Cause
		confidence Confidence
		finding    string // one that must be among them
		helps      fixtures.Remedy
		asks       string // what the next question is about
	}{
		"only-said": {browsers.Chromium, lost(fixtures.ThirdPartyBlocked), Low,
			"symptom: It is not said what happens. Ask: What does the person see", fixtures.PerSiteAllow, "network"},
		"unknown-browser": {browsers.Chromium, lost(fixtures.ThirdPartyBlocked), High,
			`browser: "Crome 149" is no browser that is known here; did you mean "Chrome". Ask: Which browser is it`, fixtures.PerSiteAllow, "network"},
		"unlikely-version": {browsers.Chromium, lost(fixtures.ThirdPartyBlocked), High,
			"version: There is no Chrome 1490 yet", fixtures.InPopup, "network"},
		"contradictory-setting": {browsers.Firefox, lost(fixtures.ThirdPartyBlocked), Medium,
			"says that cookies are refused and that they are allowed. Ask: Which cookie setting", fixtures.PerSiteAllow, "setting"},
		"setting-of-another-browser": {browsers.WebKit, lost(fixtures.ThirdPartyBlocked), Medium,
			"setting: Safari has no such setting: WebKit has no per-site exception", fixtures.InPopup, "network"},
		"wrong-dates": {browsers.Chromium, lost(fixtures.ThirdPartyBlocked), High,
			`since: "12/24/2027" can be read in two ways; expected year, month and day, such as 2026-11-03`, fixtures.PerSiteAllow, "network"},
		"swapped-addresses": {browsers.Chromium, lost(fixtures.ThirdPartyBlocked), High,
			"webex: The two addresses seem to be in each other's place", fixtures.PerSiteAllow, "network"},
		"blocked-but-redirected": {browsers.Chromium, Cause{Cookie: "ticket", Hop: "HM", Reason: fixtures.IdleExpired}, Low,
			"setting: Where the whole window goes to Webex its cookies are first-party", fixtures.LoginAgain, "network"},
		"idle-in-words": {browsers.Chromium, Cause{Cookie: "ticket", Hop: "HM", Reason: fixtures.IdleExpired}, High,
			"idle: A Webex session dies after more than 30 minutes without a command", fixtures.KeepAlive, "network"},
		"iphone-chrome": {browsers.WebKit, lost(fixtures.ThirdPartyBlocked), High,
			"browser: On iOS and iPadOS every browser is WebKit inside", fixtures.InPopup, "network"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			a := explain(t, read(t, filepath.Join("testdata", "badly-written", name+".yaml")))
			g.Expect(a.Predicted && a.Reproduced).To(BeTrue())
			g.Expect(a.Browser).To(Equal(want.engine))
			g.Expect(a.Cause).NotTo(BeNil())
			got := *a.Cause
			g.Expect(got.Rule).NotTo(BeEmpty())
			got.Rule = ""
			g.Expect(got).To(Equal(want.cause))
			g.Expect(a.Confidence).To(Equal(want.confidence))
			g.Expect(problems(a.Findings)).To(ContainElement(ContainSubstring(want.finding)))
			var helping []fixtures.Remedy
			for _, r := range a.Remedies {
				if r.Mark == ShouldHelp {
					helping = append(helping, r.ID)
				}
			}
			g.Expect(helping).To(ContainElement(want.helps))
			g.Expect(a.Question).NotTo(BeNil())
			g.Expect(a.Question.About).To(Equal(want.asks))
			g.Expect(a.Question.Ask).To(ContainSubstring("?"))
			var b strings.Builder
			g.Expect(a.Text(&b)).To(Succeed())
			g.Expect(b.String()).To(HavePrefix("Prediction: "))
		})
	}
}

func TestFilesOfAnyKindAreTakenTogether(t *testing.T) {
	g := NewWithT(t)
	dir := filepath.Join("..", "intake", "testdata")
	report := filepath.Join(t.TempDir(), "report.yaml")
	g.Expect(os.WriteFile(report, []byte("symptom: access denied\nstyle: iframe\nbrowser: Chrome\n"), 0o600)).To(Succeed())
	c := read(t, filepath.Join(dir, "policies", "chrome-export.json"), report, filepath.Join(dir, "cookies", "cookies.txt"))
	g.Expect(c.Files).To(HaveLen(3))
	g.Expect(c.Settings).NotTo(BeNil())
	g.Expect(c.Version).To(Equal("149.0.7780.80"), "nobody typed an export")
	g.Expect(c.Profile).To(BeEmpty(), "a cookies.txt has no SameSite")
	g.Expect(problems(c.Findings)).To(ContainElement(ContainSubstring("A cookies.txt does not say which SameSite")))
	a := explain(t, c)
	g.Expect(a.Policy).To(Equal("exported"))
}

func TestAnExportThatDoesNotDecideLeavesThePersonsSettingInForce(t *testing.T) {
	dir := t.TempDir()
	for name, test := range map[string]struct {
		browser, setting, export string
		policy                   string
		base                     policy.Base
		exceptions               int
	}{
		"an exception":          {"Chrome", "third-party cookies are blocked", `{"CookiesAllowedForUrls":["https://sso.contoso.com"]}`, "block-third-party", policy.BlockThirdParty, 1},
		"nothing about cookies": {"Firefox", "third-party cookies are blocked", `{"policies":{"DisableTelemetry":true}}`, "block-third-party", policy.BlockThirdParty, 0},
		"a decision":            {"Chrome", "third-party cookies are blocked", `{"BlockThirdPartyCookies":false}`, "exported", policy.AllowThirdParty, 0},
		"another browser's":     {"Firefox", "partition", `{"CookiesAllowedForUrls":["https://sso.contoso.com"]}`, "partition", policy.Partition, 0},
	} {
		g := NewWithT(t)
		report, export := filepath.Join(dir, "report.yaml"), filepath.Join(dir, "export.json")
		text := "browser: " + test.browser + "\nsetting: " + test.setting + "\nstyle: iframe\nsymptom: access denied\n"
		g.Expect(os.WriteFile(report, []byte(text), 0o600)).To(Succeed())
		g.Expect(os.WriteFile(export, []byte(test.export), 0o600)).To(Succeed())
		c := read(t, report, export)
		a := explain(t, c)
		g.Expect(a.Policy).To(Equal(test.policy), name)
		g.Expect(a.it.Policy.Base).To(Equal(test.base), name)
		g.Expect(a.it.Policy.Exceptions).To(HaveLen(test.exceptions), name)
		if test.base == policy.BlockThirdParty {
			g.Expect(a.Cause.Reason).To(Equal(fixtures.ThirdPartyBlocked), name)
		}
		if c.Settings != nil {
			replays(t, c)
		}
	}
}

// What a person has set, where no policy decides, nobody knows: an export that only names other sites told it to be the browser's default, for sure.
func TestAnExportThatDoesNotDecideLeavesTheSettingOpen(t *testing.T) {
	dir := t.TempDir()
	for name, export := range map[string]string{
		"an exception":          `{"CookiesAllowedForUrls":["https://sso.contoso.com"]}`,
		"nothing about cookies": `{"DefaultCookiesSetting":1}`,
	} {
		g := NewWithT(t)
		report, file := filepath.Join(dir, "report.yaml"), filepath.Join(dir, "export.json")
		g.Expect(os.WriteFile(report, []byte("browser: Chrome\nstyle: iframe\nsymptom: access denied\n"), 0o600)).To(Succeed())
		g.Expect(os.WriteFile(file, []byte(export), 0o600)).To(Succeed())
		alone, both := explain(t, read(t, report)), explain(t, read(t, report, file))
		g.Expect(alone.Taken).To(ConsistOf("setting", "cookies"))
		g.Expect(both.Taken).To(ConsistOf("setting", "cookies"), name)
		g.Expect(both.Confidence).To(Equal(alone.Confidence), name)
		g.Expect(both.Policy).To(Equal(alone.Policy), name)
		g.Expect(both.Question).To(Equal(alone.Question), name)
	}

	// Where there are none but private windows, their rules hold.
	g := NewWithT(t)
	file := filepath.Join(dir, "private.json")
	g.Expect(os.WriteFile(file, []byte(`{"IncognitoModeAvailability":2}`), 0o600)).To(Succeed())
	a := explain(t, read(t, filepath.Join(dir, "report.yaml"), file))
	g.Expect(a.Policy).To(Equal("exported"))
	g.Expect(a.Taken).To(ConsistOf("cookies"))
}

func TestFilesOfABrowserThatNoCaseOfTheReportRunsInAreLeftAside(t *testing.T) {
	dir := filepath.Join("..", "intake", "testdata")
	for _, file := range []string{filepath.Join("policies", "chrome-export.json"), filepath.Join("har", "chromium.har")} {
		g := NewWithT(t)
		c := read(t, "firefox-total-cookie-protection", filepath.Join(dir, file))
		g.Expect(c.Engine).To(Equal(browsers.Firefox), file)
		g.Expect(problems(c.Findings)).To(ContainElement(HaveSuffix("comes from (chromium): it is left aside. Ask: Are all files from the same browser?")), file)
		a := explain(t, c)
		g.Expect(a.Browser).To(Equal(browsers.Firefox), file)
		g.Expect(a.Policy).To(Equal("partition"), file)
	}
}

func TestOnlyANumberIsTakenForTheVersionOfAnExportsBrowser(t *testing.T) {
	dir := filepath.Join("..", "intake", "testdata")
	for _, test := range []struct{ file, version, model string }{
		{filepath.Join("registry", "edge.reg"), "", ""},
		{filepath.Join("registry", "ie55.reg"), "", ""},
		{filepath.Join("registry", "ie6-utf16.reg"), "", ""},
		{filepath.Join("policies", "chrome-export.json"), "149.0.7780.80", "Chrome 149.0.7780.80"},
		{filepath.Join("policies", "firefox-policies.json"), "", ""},
	} {
		g := NewWithT(t)
		c := read(t, filepath.Join(dir, test.file))
		g.Expect(c.Version).To(Equal(test.version), test.file)
		g.Expect(c.modelVersion()).To(Equal(test.model), test.file)
	}
}

func TestTheSettingIsAskedForInTheRecordingsBrowser(t *testing.T) {
	g := NewWithT(t)
	g.Expect(problems(read(t, filepath.Join("..", "intake", "testdata", "har", "firefox.har")).Findings)).To(
		ContainElement("setting: It is not said which cookie setting the browser has. Ask: Which cookie setting does the browser have? In Firefox: Settings, Privacy & Security."))
}

func TestAnExportWithoutAVersionAnswersNoQuestionAboutIt(t *testing.T) {
	const open, kept = "The version is not given", "The rules of Internet Explorer 6 stand in for those of 11"
	dir := filepath.Join("..", "intake", "testdata")
	for _, test := range []struct{ browser, file, told, not string }{
		{"Chrome", filepath.Join("policies", "managed.json"), open, "no such"},
		{"Edge", filepath.Join("registry", "edge.reg"), open, "no such"},
		{"Firefox", filepath.Join("policies", "firefox-policies.json"), open, "no such"},
		{"Internet Explorer 11", filepath.Join("registry", "ie6-utf16.reg"), kept, open},
		{"Chrome", filepath.Join("policies", "chrome-export.json"), "It is not said since when it fails", open},
		{"Internet Explorer", filepath.Join("registry", "ie55.reg"), "It is not said since when it fails", open},
		{"Brave", filepath.Join("policies", "chrome-export.json"), "It is not said since when it fails", open},
	} {
		g := NewWithT(t)
		report := filepath.Join(t.TempDir(), "report.yaml")
		g.Expect(os.WriteFile(report, []byte("browser: "+test.browser+"\nsymptom: access denied\n"), 0o600)).To(Succeed())
		told := problems(read(t, report, filepath.Join(dir, test.file)).Findings)
		g.Expect(told).To(ContainElement(ContainSubstring(test.told)), test.file)
		g.Expect(told).NotTo(ContainElement(ContainSubstring(test.not)), test.file)
	}
}

func TestASanitizedRecordingGivesADiagnosisOfLowerConfidence(t *testing.T) {
	g := NewWithT(t)
	dir := filepath.Join("..", "intake", "testdata", "har")
	whole, sanitized := explain(t, read(t, filepath.Join(dir, "chromium.har"))), explain(t, read(t, filepath.Join(dir, "chromium-sanitized.har")))
	g.Expect(whole.Cause).NotTo(BeNil())
	g.Expect(sanitized.Cause).NotTo(BeNil())
	g.Expect(whole.Cause.Reason).To(Equal(sanitized.Cause.Reason))
	g.Expect(sanitized.Confidence).NotTo(Equal(High))
	g.Expect(problems(sanitized.Findings)).To(ContainElement(ContainSubstring("The HAR file was sanitized")))
}

// The login is answered AlreadyLogon, and there the recording ends: no outcome is made up, and the cause is found all the same.
func TestARecordingThatEndsTooEarly(t *testing.T) {
	g := NewWithT(t)
	c := read(t, filepath.Join("..", "intake", "testdata", "har", "firefox.har"))
	g.Expect(c.Outcome).To(BeEmpty())
	a := explain(t, c)
	g.Expect(a.Browser).To(Equal(browsers.Firefox))
	g.Expect(a.Situation).To(Equal("somebody else is logged in at the site"))
	g.Expect(a.Cause).NotTo(BeNil())
	g.Expect(a.Cause.Reason).To(Equal(fixtures.OtherHost))
	g.Expect(a.Confidence).To(Equal(Low), "it may be the host's own session")
}

func TestARecordingWithoutCommandsSaysNothingOfTheSymptom(t *testing.T) {
	g := NewWithT(t)
	file := filepath.Join(t.TempDir(), "other.har")
	g.Expect(os.WriteFile(file, []byte(`{"log":{"version":"1.2","creator":{"name":"WebInspector","version":"537.36"},"entries":[
		{"startedDateTime":"2026-11-03T09:00:00Z","time":5,"request":{"method":"GET","url":"https://www.example.com/","headers":[],"cookies":[]},
		"response":{"status":200,"headers":[],"cookies":[],"content":{}}}]}}`), 0o600)).To(Succeed())
	c := read(t, file)
	g.Expect(c.Outcome).To(BeEmpty())
	g.Expect(problems(c.Findings)).To(ContainElements(
		HavePrefix("har: No command of the URL API was found in the HAR file"), HavePrefix("symptom: It is not said what happens."), HavePrefix("style: "),
	))
	g.Expect(explain(t, c).Taken).To(ContainElement("style"))
	fit := func(hops int) float64 {
		return c.evidence().fits(&weighted{Candidate: Candidate{Prediction: predict.Prediction{Outcome: fixtures.AccessDenied, Hops: make([]predict.Hop, hops)}}})
	}
	g.Expect(fit(1)).To(Equal(fit(3)), "no style is less likely for it")
}

func TestAPrivateWindowIsTheSettingWhereNoOtherIsTold(t *testing.T) {
	for setting, want := range map[string]string{
		"":                                   "private-window",
		"setting: default\n":                 "private-window",
		"setting: third-party are blocked\n": "block-third-party",
		"setting: whatever it is\n":          "",
	} {
		g := NewWithT(t)
		file := filepath.Join(t.TempDir(), "report.yaml")
		g.Expect(os.WriteFile(file, []byte("browser: Chrome\nprivate-window: true\nstyle: iframe\nsymptom: access denied\n"+setting), 0o600)).To(Succeed())
		c := read(t, file)
		g.Expect(c.Policy).To(Equal(want), setting)
		if want == "private-window" {
			g.Expect(explain(t, c).it.Policy.PrivateWindow).To(BeTrue(), setting)
		}
	}
}

func TestTheSiteOfARecordingIsBelieved(t *testing.T) {
	for said, told := range map[string]bool{"https://fabrikam.webex.com": true, "http://acme.webex.com/acme": false} {
		g := NewWithT(t)
		c := &Complaint{Sequence: &intake.Sequence{
			Calls: []intake.Call{{AT: "LI", Answer: intake.Answer{ST: "SUCCESS"}}}, Hops: []intake.Entry{{Host: "acme.webex.com", Command: &intake.Command{}}},
		}}
		c.Site = said
		c.fromSequence()
		g.Expect(c.Site).To(Equal("https://acme.webex.com"))
		contradicts := ContainElement(ContainSubstring("The report says https://fabrikam.webex.com, and the commands in the HAR file went to acme.webex.com"))
		if !told {
			contradicts = Not(contradicts)
		}
		g.Expect(problems(c.Findings)).To(contradicts, said)
	}
}

func TestAReportThatNoBrowserHereCanShowIsToldAsSuch(t *testing.T) {
	g := NewWithT(t)
	a := explain(t, read(t, "back-by-post"))
	g.Expect(a.StandsIn).To(HavePrefix("This is another case with the same symptom: the one that was reported no browser here can show. A Webex site comes back"))
	g.Expect(a.Confidence).To(Equal(Low))
	g.Expect(a.Causes).To(BeEmpty(), "its own is none of them")
}

func TestAHostWhoLogsInTwiceIsNotAnotherOne(t *testing.T) {
	in := func(host string) intake.Call {
		return intake.Call{AT: "LI", Host: host, Answer: intake.Answer{ST: "SUCCESS"}}
	}
	already := func(host string) intake.Call {
		return intake.Call{AT: "LI", Host: host, Answer: intake.Answer{ST: "FAIL", RS: "AlreadyLogon"}}
	}
	hosted, out := intake.Call{Page: "m.php", AT: "HM", Answer: intake.Answer{ST: "SUCCESS"}}, intake.Call{AT: "LO", Answer: intake.Answer{ST: "SUCCESS"}}
	for name, test := range map[string]struct {
		calls []intake.Call
		want  fixtures.Outcome
	}{
		"himself":                        {[]intake.Call{in("alice"), hosted, already("alice"), hosted}, fixtures.Works},
		"another, logged in before":      {[]intake.Call{in("bob"), hosted, already("alice"), hosted}, fixtures.WrongUser},
		"another, after his own session": {[]intake.Call{in("alice"), hosted, out, in("bob"), hosted, already("alice"), hosted}, fixtures.WrongUser},
		"nobody knows who":               {[]intake.Call{already("alice"), hosted}, ""},
		"nobody knows who, any more":     {[]intake.Call{in("alice"), out, already("alice"), hosted}, ""},
		"names taken out":                {[]intake.Call{in(""), hosted, already(""), hosted}, fixtures.Works},
		"none logs in":                   {[]intake.Call{hosted}, fixtures.Works},
	} {
		NewWithT(t).Expect(symptomOf(&intake.Sequence{Calls: test.calls})).To(Equal(test.want), name)
	}
}

// utf16le is a text as Windows PowerShell redirects it into a file.
func utf16le(text string) string {
	var b strings.Builder
	for _, r := range "\ufeff" + text {
		b.Write([]byte{byte(r), byte(r >> 8)})
	}
	return b.String()
}

func TestWhatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		NewWithT(t).Expect(os.WriteFile(file, []byte(text), 0o600)).To(Succeed())
		return file
	}
	report := write("report.yaml", "symptom: access denied\n")
	for name, test := range map[string]struct {
		files []string
		want  []string
	}{
		"no such file":        {[]string{filepath.Join(dir, "none.yaml")}, []string{"none.yaml", "no such file"}},
		"no such report":      {[]string{"webex-idel"}, []string{"there is no file webex-idel", `did you mean "webex-idle"`}},
		"a folder":            {[]string{dir}, []string{"is not a regular file"}},
		"two reports":         {[]string{report, write("other.yaml", "said: no\n")}, []string{"other.yaml: report was given already, as report.yaml"}},
		"an unknown key":      {[]string{write("key.yaml", "symptom: x\nbrowzer: Chrome\n")}, []string{"key.yaml:2:", "browzer", "browser"}},
		"a wrong type":        {[]string{write("type.yaml", "said: it fails\nsymptom: 403\n")}, []string{"type.yaml:2:", "symptom", "expected a text"}},
		"a truncated HAR":     {[]string{write("cut.har", `{"log": {"entries": [{"request": {"method": "GET"`)}, []string{"cut.har:1:", "the file ends here"}},
		"policies in UTF-16":  {[]string{write("chrome.json", utf16le(`{"BlockThirdPartyCookies": true}`))}, []string{"chrome.json:1: byte 0: this is UTF-16; save it as UTF-8"}},
		"Firefox's in UTF-16": {[]string{write("firefox.json", utf16le(`{"policies": {}}`))}, []string{"firefox.json:1: byte 0: this is UTF-16; save it as UTF-8"}},
		"cookies in UTF-16":   {[]string{write("cookies.txt", utf16le("# Netscape HTTP Cookie File\n"))}, []string{"cookies.txt:1: byte 0: this is UTF-16; save it as UTF-8"}},
		"nothing":             {[]string{write("empty.json", " \n")}, []string{"empty.json: there is nothing in it; expected a report"}},
		"a property list":     {[]string{write("x.plist", "<?xml version=\"1.0\"?>\n<plist version=\"1.0\"><dict/></plist>")}, []string{"x.plist: this is a property list", "chrome://policy"}},
		"no kind":             {[]string{write("x.bin", "\x00\x01\x02")}, []string{"x.bin: it is not known what this is; expected a report"}},
		"several mistakes":    {[]string{write("x2.bin", "\x00\x01"), "webex-idel"}, []string{"x2.bin", "webex-idel"}},
		"an empty file":       {[]string{write("empty.har", "")}, []string{"empty.har:1: byte 0: the file is empty"}},
		"a packed HAR":        {[]string{write("packed.har.gz", "\x1f\x8b\b\x00")}, []string{"packed.har.gz:1: byte 0: this is packed with gzip; unpack it first"}},
		"a zipped HAR":        {[]string{write("recording.zip", "PK\x03\x04")}, []string{"recording.zip:1: byte 0: this is a zip file; unpack it first"}},
		"a page as a HAR":     {[]string{write("page.har", "<html>Sign in</html>")}, []string{"page.har:1: byte 0: this is HTML or XML; expected JSON"}},
		"not JSON after {":    {[]string{write("no.json", "{nonsense")}, []string{"no.json"}},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			_, err := Read(test.files, today)
			g.Expect(err).To(HaveOccurred())
			for _, w := range test.want {
				g.Expect(err.Error()).To(ContainSubstring(w))
			}
		})
	}
}

// The library's reports say how they are reproduced: explaining one gives its own cause.
func TestEveryReportOfTheLibraryIsExplained(t *testing.T) {
	all, err := fixtures.Reports()
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	for _, r := range all {
		if len(r.Runs) == 0 || r.Runs[0].Cause == nil {
			continue
		}
		t.Run(r.ID, func(t *testing.T) {
			g := NewWithT(t)
			a := explain(t, read(t, r.ID))
			g.Expect(a.Reproduced).To(BeTrue())
			g.Expect(a.Cause).NotTo(BeNil())
			var causes []fixtures.Reason
			for _, run := range r.Runs {
				if run.Cause != nil {
					causes = append(causes, run.Cause.Reason)
				}
			}
			g.Expect(causes).To(ContainElement(a.Cause.Reason))
		})
	}
}

func TestEveryKeyOfTheAnswerIsDocumented(t *testing.T) {
	g := NewWithT(t)
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "repro.md"))
	g.Expect(err).NotTo(HaveOccurred())
	for _, v := range []any{Answer{}, Tried{}, Possible{}, Question{}, predict.Hop{}} {
		for i := range reflect.TypeOf(v).NumField() {
			name, _, _ := strings.Cut(reflect.TypeOf(v).Field(i).Tag.Get("json"), ",")
			if name != "" {
				g.Expect(string(page)).To(MatchRegexp("`(cause\\.)?"+name+"`"), "%T", v)
			}
		}
	}
}

// Whatever a stranger writes is answered or refused, and never brings anything down.
func FuzzExplain(f *testing.F) {
	for _, pattern := range []string{"testdata/badly-written/*.yaml", "../intake/testdata/har/*.har", "../intake/testdata/policies/*", "../intake/testdata/registry/*"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file := filepath.Join(t.TempDir(), "file.yaml")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := Read([]string{file}, today)
		if err != nil {
			return
		}
		a, err := c.Explain()
		if err != nil {
			return
		}
		if err := a.Text(io.Discard); err != nil {
			t.Fatal(err)
		}
		if _, err := json.Marshal(a); err != nil {
			t.Fatal(err)
		}
	})
}
