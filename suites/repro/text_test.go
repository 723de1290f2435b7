package repro

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/intake"
	"github.com/cookiegate/cookiegate/suites/remedy"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

func text(t *testing.T, a Answer) string {
	t.Helper()
	var b strings.Builder
	NewWithT(t).Expect(a.Text(&b)).To(Succeed())
	return b.String()
}

func TestTextOfWhatWasReproduced(t *testing.T) {
	g := NewWithT(t)
	told := remedy.Remedy{ID: fixtures.PerSiteAllow, Title: "Allow it", By: "the person", How: []remedy.Instruction{
		{In: "Firefox", Steps: []string{"Press Allow"}}, {In: "Safari", Steps: []string{"Cannot"}},
	}}
	warned := remedy.Remedy{ID: fixtures.AllowThirdParties, Title: "Allow all", By: "the person", Warning: "Everybody can follow."}
	g.Expect(text(t, Answer{
		Symptom: fixtures.AccessDenied, Reproduced: true, Outcome: fixtures.AccessDenied, Integration: "iframe", Browser: browsers.Firefox,
		BrowserVersion: "Firefox ESR 153.7.0", Policy: "block-third-party", PolicyTitle: "Third-party cookies blocked", Profile: "none-secure",
		Situation: "nothing special", Confidence: High,
		Cause:    &Cause{Cookie: "ticket", Hop: "GET acme.webex.com/acme/m.php?AT=SM", LostAt: "GET acme.webex.com/acme/p.php?AT=LI", Reason: fixtures.ThirdPartyBlocked},
		Hops:     []testbed.Hop{{ID: 4, Where: "frame", Method: "GET", URL: "https://acme.webex.com/acme/p.php?AT=LI&BU=x&PW=***", Status: 200, Command: "LI", Answer: "SUCCESS"}},
		Settings: []browsers.Setting{{Name: "network.cookie.cookieBehavior", Value: "1", Source: "preference"}},
		Remedies: []Tried{{Remedy: told, Mark: Proven}, {Remedy: warned, Mark: DoesNotHelp, Sentence: "access-denied."}, {Remedy: remedy.Remedy{ID: fixtures.KeepAlive}, Mark: Already}},
		Question: &Question{"setting", "Which setting?"},
	})).To(Equal(`Reproduced: access-denied.
  Browser: Firefox ESR 153.7.0, under block-third-party (Third-party cookies blocked)
  Portal: iframe; cookies of the site: none-secure; nothing special
  Confidence that this is what is meant: high

Cause
  At GET acme.webex.com/acme/m.php?AT=SM the cookie ticket is missing or of no use: third-party-blocked.
  It was lost before, at GET acme.webex.com/acme/p.php?AT=LI.

Hops
  4  frame      GET https://acme.webex.com/acme/p.php?AT=LI → 200 LI SUCCESS

Settings in force, read back from the running browser
  network.cookie.cookieBehavior = 1 (preference)

Remedies
  [proven] Allow it (per-site-allow; by the person)
      Firefox: Press Allow
  [tried, does not help] Allow all (allow-third-party; by the person)
      access-denied.
  So already, nothing to try: keep-alive

Ask the customer next
  Which setting?
`))
}

func TestTextOfWhatWasNotReproduced(t *testing.T) {
	g := NewWithT(t)
	g.Expect(text(t, Answer{Symptom: fixtures.WrongUser, Outcome: fixtures.Works, Browser: browsers.Chromium})).To(
		HavePrefix("Not reproduced: the outcome is works, and wrong-user was complained about.\n"))
	g.Expect(text(t, Answer{Predicted: true, Outcome: fixtures.Works})).To(
		HavePrefix("Prediction: works, which is not what was complained about (a failure). No browser ran;"))
}

func TestInstructionsAreForTheCustomersBrowser(t *testing.T) {
	told := remedy.Remedy{ID: fixtures.PerSiteAllow, How: []remedy.Instruction{{In: "Chrome", Steps: []string{"Press Add"}}, {In: "Edge", Steps: []string{"Press Allow"}}, {In: "The portal", Steps: []string{"Wait"}}}}
	for theirs, want := range map[string]string{
		"Chrome": "      Chrome: Press Add\n      The portal: Wait\n", "Edge": "      Edge: Press Allow\n      The portal: Wait\n",
		"Brave": "      Chrome: Press Add\n      The portal: Wait\n      Edge: Press Allow\n", "": "      Chrome: Press Add\n      The portal: Wait\n      Edge: Press Allow\n",
	} {
		g := NewWithT(t)
		g.Expect(text(t, Answer{Browser: browsers.Chromium, theirs: theirs, Remedies: []Tried{{Remedy: told, Mark: ShouldHelp}}})).To(HaveSuffix("by )\n"+want), theirs)
	}
}

func TestABrowserInsideAProgramHasNoClicksOfChromes(t *testing.T) {
	g := NewWithT(t)
	a := explain(t, reported(t, "browser: Teams\nstyle: iframe\nsetting: third-party cookies blocked\nsymptom: access denied\n"))
	var b strings.Builder
	g.Expect(a.Text(&b)).To(Succeed())
	g.Expect(b.String()).To(ContainSubstring("A browser inside a program: It has no settings page."))
	g.Expect(b.String()).NotTo(MatchRegexp(`(?m)^ +(Chrome|Edge): `))
}

func TestTextOfACauseThatIsNoCookie(t *testing.T) {
	g := NewWithT(t)
	g.Expect(text(t, Answer{Cause: &Cause{Hop: "JM", Reason: fixtures.LoginRequired}})).To(ContainSubstring("  At JM no cookie is to blame: login-required.\n"))
	g.Expect(text(t, Answer{Cause: &Cause{Hop: "/host", Reason: fixtures.ScriptBlocked}})).To(ContainSubstring("  At the portal's own page /host no cookie is to blame: script-blocked.\n"))
}

func TestTextOfAnOutcomeThatIsTheSame(t *testing.T) {
	g := NewWithT(t)
	g.Expect(text(t, Answer{Symptom: fixtures.LoginLoop, Reproduced: true, Outcome: fixtures.AccessDenied, Browser: browsers.Chromium})).To(
		ContainSubstring("  The login-loop that was complained about is the same: a portal that logs in anew whenever the site refuses"))
	g.Expect(text(t, Answer{Symptom: fixtures.LoginLoop, Reproduced: true, Outcome: fixtures.Stuck})).To(ContainSubstring("a portal that finds no session of its own"))
	g.Expect(text(t, Answer{Symptom: fixtures.Stuck, Reproduced: true, Outcome: fixtures.AccessDenied})).To(ContainSubstring("What was complained about (stuck) is the same:"))
	g.Expect(text(t, Answer{Symptom: fixtures.AccessDenied, Reproduced: true, Outcome: fixtures.AccessDenied})).NotTo(ContainSubstring("is the same"))
}

// One that is only recommended is tried as it stands.
func TestTextOfWhatIsSaidOfExportedSettings(t *testing.T) {
	NewWithT(t).Expect(text(t, Answer{Untranslated: []intake.Untranslated{{Setting: "BlockThirdPartyCookies", Why: "it is only recommended"}}})).To(
		ContainSubstring("\nAbout the exported settings\n  - BlockThirdPartyCookies: it is only recommended\n"))
}

func TestTextOfASearch(t *testing.T) {
	g := NewWithT(t)
	g.Expect(text(t, Answer{Reproduced: true, Outcome: fixtures.AccessDenied, Causes: []Possible{
		{Cause: &fixtures.Cause{Cookie: "ticket", Hop: "SM", Reason: fixtures.SameSite}, Share: .71, Candidate: "iframe in chromium", Ran: true, Reproduced: true, Outcome: "access-denied"},
		{Cause: &fixtures.Cause{Hop: "LI", Reason: fixtures.PasswordInAddress}, Share: .2, Candidate: "redirect in chromium", Ran: true, Outcome: "stuck"},
		{Share: .09, Candidate: "popup in chromium"},
	}})).To(ContainSubstring(`What it can be, the likeliest first
  1. 71% same-site, of ticket at SM; such as iframe in chromium (run: access-denied, reproduced)
  2. 20% password-in-address, at LI; such as redirect in chromium (run: stuck, not what was complained about)
  3. 9% it works; such as popup in chromium (not run)
`))
}

func TestAStrangersFilesDoNotReachTheTerminalRaw(t *testing.T) {
	g := NewWithT(t)
	dir := t.TempDir()
	var files []string
	for name, text := range map[string]string{
		"policies.json": `{"policies": {"Cookies": {"\u001b]0;owned\u0007\u009b2J": 1, "Behavior": "reject-foreign"}}}`,
		"report.yaml":   `stands-in: "\e[2Jthey"` + "\n",
	} {
		files = append(files, filepath.Join(dir, name))
		g.Expect(os.WriteFile(files[len(files)-1], []byte(text), 0o600)).To(Succeed())
	}
	told := text(t, *explain(t, read(t, files...)))
	g.Expect(told).To(And(ContainSubstring("\ufffd]0;owned\ufffd\ufffd2J"), ContainSubstring("\ufffd[2Jthey")))
	g.Expect(told).NotTo(MatchRegexp(`[^\n\PC]`))
}
