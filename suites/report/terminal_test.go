package report

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

func terminalText(g *WithT, run Run, colour bool) string {
	var b bytes.Buffer
	g.Expect(Terminal(&b, run, colour)).To(Succeed())
	return b.String()
}

func TestNoLineIsWiderThanTheScreen(t *testing.T) {
	g := NewWithT(t)
	run := sampleRun()
	for i := range 7 { // policies with long names, so that a table must go on below
		r := sampleCase("matrix", "iframe", "legacy", browsers.Chromium, "allow-third-party")
		r.Policy = fmt.Sprintf("a-policy-%d-with-averyveryverylongname", i)
		r.ID += r.Policy
		run.Results = append(run.Results, r)
	}
	text := terminalText(g, run, false)
	for line := range strings.SplitSeq(text, "\n") {
		if !strings.Contains(line, "make e2e") && !strings.Contains(line, "first: ") {
			g.Expect(length(line)).To(BeNumerically("<=", 100), line)
		}
		g.Expect(line).To(Equal(strings.TrimRight(line, " ")), "no blanks at a line's end")
	}
	g.Expect(text).To(ContainSubstring("matrix · Chromium 156.0.8078.79, continued\n"))
	g.Expect(strings.Count(text, "averyveryverylongname")).To(BeNumerically(">=", 7), "no column is lost")
}

func TestColourOnlyRepeatsWhatTheTextSays(t *testing.T) {
	g := NewWithT(t)
	plain, coloured := terminalText(g, smallRun(t), false), terminalText(g, smallRun(t), true)
	g.Expect(plain).NotTo(ContainSubstring("\x1b"))
	g.Expect(coloured).To(ContainSubstring("\x1b[1;31m✗denied"))
	var b strings.Builder
	for rest := coloured; rest != ""; {
		before, after, _ := strings.Cut(rest, "\x1b[")
		b.WriteString(before)
		_, rest, _ = strings.Cut(after, "m")
	}
	g.Expect(trimmed(b.String())).To(Equal(plain))
}

func trimmed(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

func TestColourIsForTerminalsOnly(t *testing.T) {
	g := NewWithT(t)
	f, err := os.CreateTemp(t.TempDir(), "")
	g.Expect(err).NotTo(HaveOccurred())
	defer f.Close()
	g.Expect(IsTerminal(f)).To(BeFalse())
	g.Expect(IsTerminal(&bytes.Buffer{})).To(BeFalse())
	g.Expect(Colourful(f)).To(BeFalse())
}

func TestARunInWhichEverythingFailsIsToldInAScreen(t *testing.T) {
	for name, causes := range map[string]int{"one cause": 1, "three causes": 3, "forty causes": 40} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			var run Run
			for i := range 1000 {
				r := sampleCase("matrix", "iframe", "none-secure", browsers.Chromium, "allow-third-party")
				r.ID = fmt.Sprintf("matrix/case-%04d", i)
				r.Status, r.Outcome = testbed.Failed, testbed.AccessDenied
				sampleLoss(&r, fixtures.ThirdPartyBlocked, "The setting refuses it.")
				r.Cause.Cookie = strings.Repeat("c", 1+i%causes)
				r.Cause.Detail += strings.Repeat(" And it says so at length.", 40)
				for id := 0; i < 50 && id < 12; id++ { // those that may be told
					r.Settings = append(r.Settings, r.Settings[0])
					r.Hops = append(r.Hops, r.Hops[2])
					r.Hops[len(r.Hops)-1].ID = 100 + id
					r.Hops[2].Offered = append(r.Hops[2].Offered, r.Hops[2].Offered[0])
				}
				run.Results = append(run.Results, r)
			}
			text := terminalText(g, run, false)
			_, failures, found := strings.Cut(text, "look at this cell: it is not as expected\n")
			g.Expect(found).To(BeTrue())
			g.Expect(strings.Count(failures, "\n")).To(BeNumerically("<=", 42))
			g.Expect(failures).To(ContainSubstring("1000 cells to look at, " + plural(causes, "cause")))
			g.Expect(failures).To(ContainSubstring("first: matrix/case-0000\n"))
			g.Expect(failures).To(ContainSubstring("cause      c: third-party-blocked"), "the first case as a document")
			g.Expect(failures).To(HaveSuffix("1000 cases: 1000 failed, in 0 ms\n"))
		})
	}
}

func TestAPassThatTheModelDidNotPredictIsFlagged(t *testing.T) {
	g := NewWithT(t)
	r := sampleCase("matrix", "iframe", "none-secure", browsers.Chromium, "block-third-party")
	g.Expect(terminalText(g, Run{Results: []testbed.Result{r}}, false)).NotTo(ContainSubstring("policy model"))
	r.Predicted = &testbed.Prediction{Outcome: testbed.Works}
	g.Expect(terminalText(g, Run{Results: []testbed.Result{r}}, false)).To(ContainSubstring(`Not as the policy model predicts: one of the two is wrong
  matrix/iframe/none-secure/chromium/block-third-party
    predicted works; happened access-denied: third-party-blocked
`))
	r.Status = testbed.Failed
	g.Expect(terminalText(g, Run{Results: []testbed.Result{r}}, false)).NotTo(ContainSubstring("policy model"))
}

func TestLossesThatNothingExplainsAreTold(t *testing.T) {
	g := NewWithT(t)
	r := sampleCase("matrix", "iframe", "none-secure", browsers.Chromium, "block-third-party")
	r.Hops = []testbed.Hop{{ID: 7, Lost: []testbed.Loss{{Cookie: "portal_session", Reason: testbed.Unexplained}, {Cookie: "ticket", Reason: fixtures.SameSite}}}}
	r.Predicted = nil
	told := func() string { return terminalText(g, Run{Results: []testbed.Result{r}}, false) }
	g.Expect(told()).NotTo(ContainSubstring("nothing here knows"), "the policy model says nothing of it")
	r.Predicted = &testbed.Prediction{Outcome: r.Outcome, Reason: fixtures.ThirdPartyBlocked}
	g.Expect(told()).To(ContainSubstring(`Lost for a reason that nothing here knows
  matrix/iframe/none-secure/chromium/block-third-party
    portal_session, at hop 7

`))
}

func TestEqualFailuresAreOneGroup(t *testing.T) {
	g := NewWithT(t)
	failing := func(id string, status testbed.Status, sentence string, cookie string) testbed.Result {
		r := testbed.Result{ID: id, Status: status, Sentence: sentence, Expected: testbed.Works}
		if status == testbed.Failed {
			r.Outcome = testbed.Stuck
			r.Cause = &testbed.Cause{Cookie: cookie, Reason: fixtures.SameSite}
		}
		return r
	}
	all := groups([]testbed.Result{
		failing("1", testbed.Flaky, "", ""),
		failing("2", testbed.Error, "no answer from 127.0.0.1:4123 after 30s. Hint.", ""),
		failing("3", testbed.Failed, "", "ticket"),
		failing("4", testbed.Passed, "", ""),
		failing("5", testbed.NotAvailable, "no", ""),
		failing("6", testbed.Error, "no answer from 127.0.0.1:997 after 4s. Another hint.", ""),
		failing("7", testbed.Failed, "", "JSESSIONID"),
		failing("8", testbed.Failed, "", "JSESSIONID"),
		failing("9", testbed.Error, "", ""),
		failing("a", testbed.Error, "not run: interrupt signal received", ""),
		failing("b", testbed.Error, "not run: interrupt signal received", ""),
		failing("c", testbed.Error, "not run: interrupt signal received", ""),
	})
	var told []string
	for _, group := range all {
		ids := ""
		for _, r := range group.Results {
			ids += r.ID
		}
		told = append(told, ids+" "+group.Title)
	}
	g.Expect(told).To(Equal([]string{
		"78 stuck, expected works; JSESSIONID: same-site",
		"3 stuck, expected works; ticket: same-site",
		"26 error: no answer from 127.0.0.1:4123 after 30s.",
		"9 error: no reason was recorded",
		"1 flaky: two runs of the case differed",
		"abc error: not run: interrupt signal received",
	}))
}

func TestWhatWasStoppedIsCountedAndNotToldInFull(t *testing.T) {
	g := NewWithT(t)
	stopped := func(id, sentence string) testbed.Result {
		return testbed.Result{ID: id, Suite: "lifecycle", Status: testbed.Error, Sentence: sentence, Expected: testbed.Works}
	}
	text := terminalText(g, Run{Results: []testbed.Result{
		stopped("lifecycle/a/chromium", "not run: interrupt signal received"),
		stopped("lifecycle/b/chromium", "not run: interrupt signal received"),
		stopped("lifecycle/c/chromium", "not run to its end: interrupt signal received"),
		stopped("lifecycle/d/chromium", "the browser process died"),
	}}, false)
	g.Expect(text).To(ContainSubstring("  happened   the browser process died\n"))
	g.Expect(text).NotTo(ContainSubstring("happened   not run"))
	g.Expect(text).To(ContainSubstring(`
✗ 2 cells: error: not run: interrupt signal received
✗ 1 cell: error: not run to its end: interrupt signal received

4 cases: 4 error`))
}

func TestASentenceStandsOnceWithItsCells(t *testing.T) {
	g := NewWithT(t)
	text := terminalText(g, sampleRun(), false)
	g.Expect(strings.Count(text, "WebKit has no per-site exception")).To(Equal(1))
	g.Expect(strings.Join(strings.Fields(text), " ")).To(ContainSubstring(
		"webkit per-site-allow, webkit trusted-zone, webkit trusted-zone-bare-name, webkit trusted-zone-https (72 cells)"))
}

func TestAnEmptyRunIsNoSuccess(t *testing.T) {
	g := NewWithT(t)
	g.Expect(strings.TrimSpace(terminalText(g, Run{}, false))).To(Equal("0 cases: nothing was run, in 0 ms"))
}

func TestStatusesThatAreNotKnownCountAsErrors(t *testing.T) {
	g := NewWithT(t)
	run := Run{Results: []testbed.Result{{ID: "a", Suite: "matrix", Status: "splendid"}}}
	g.Expect(run.Count()).To(Equal(Counts{Total: 1, Errors: 1}))
	g.Expect(terminalText(g, run, false)).To(ContainSubstring("✗none"))
}
