package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// gatedRun has a case in each state that a baseline knows, and one that is flaky.
func gatedRun(strict, failOnFlaky bool) Run {
	c := func(policy string, status testbed.Status, outcome testbed.Outcome, state testbed.KnownState, red bool) testbed.Result {
		r := testbed.Result{
			ID: "matrix/iframe/legacy/chromium/" + policy, Suite: "matrix", Integration: "iframe", Browser: browsers.Chromium, Policy: policy, Profile: "legacy",
			BrowserVersion: "Chromium 156.0", Expected: testbed.Works, Outcome: outcome, Status: status,
		}
		if outcome == testbed.AccessDenied {
			r.Cause = &testbed.Cause{Cookie: "ticket", Reason: fixtures.SameSite}
		}
		if state != "" {
			r.Known = &testbed.Known{State: state, Outcome: testbed.AccessDenied, Reason: "Waits for release 7.", Link: "https://issues.example/1", Until: "2027-01-31", Red: red}
		}
		return r
	}
	return Run{
		Gate: Gate{Baseline: "baseline.yaml", Strict: strict, FailOnFlaky: failOnFlaky, Gone: []string{"matrix/telnet/legacy/chromium/block-all"}},
		Results: []testbed.Result{
			c("a-passes", testbed.Passed, testbed.Works, "", false),
			c("b-known", testbed.Failed, testbed.AccessDenied, testbed.KnownFailing, false),
			c("c-works", testbed.Passed, testbed.Works, testbed.NewlyWorking, strict),
			c("d-flaky", testbed.Flaky, testbed.Works, "", false),
			c("e-other", testbed.Failed, testbed.LoginLoop, testbed.FailsOtherwise, true),
			c("f-late", testbed.Failed, testbed.AccessDenied, testbed.Expired, true),
			c("g-new", testbed.Failed, testbed.AccessDenied, "", false),
		},
	}
}

func TestOnlyWhatNobodyKnowsClosesTheGate(t *testing.T) {
	closing := func(r Run) string {
		var all []string
		for _, c := range r.Results {
			if r.Closes(c) {
				all = append(all, c.Policy[:1])
			}
		}
		return strings.Join(all, "")
	}
	g := NewWithT(t)
	g.Expect(closing(gatedRun(false, false))).To(Equal("efg"))
	g.Expect(closing(gatedRun(true, false))).To(Equal("cefg"))
	g.Expect(closing(gatedRun(false, true))).To(Equal("defg"))
	calm := gatedRun(false, false)
	calm.Results = calm.Results[:4]
	g.Expect(calm.Red()).To(BeFalse())
	calm.Gate.Strict = true
	g.Expect(calm.Red()).To(BeTrue(), "a cell of the baseline is gone")
	g.Expect(gatedRun(true, false).Count()).To(Equal(Counts{Total: 7, Passed: 1, New: 1, Known: 1, Failed: 3, Flaky: 1}))
	g.Expect(gatedRun(false, false).Count()).To(Equal(Counts{Total: 7, Passed: 2, Known: 1, Failed: 3, Flaky: 1}))
}

func TestTheTerminalTellsWhatIsKnown(t *testing.T) {
	g := NewWithT(t)
	text := terminalText(g, gatedRun(false, false), false)
	g.Expect(text).To(ContainSubstring(`
iframe   works  ~denied  works  ✗flaky  ✗loop   ✗denied ✗denied
`))
	g.Expect(text).To(ContainSubstring(`
  ~       known to fail, as the baseline says
`))
	g.Expect(text).To(ContainSubstring(`
Known to fail
  Waits for release 7. (https://issues.example/1), until 2027-01-31
    matrix/iframe/legacy/chromium/b-known

Newly working: cookiegate accept takes them out of the baseline
  Waits for release 7. (https://issues.example/1), until 2027-01-31
    matrix/iframe/legacy/chromium/c-works

1 cell in the baseline, and no case any more: after a whole run, cookiegate accept --prune takes them out
    matrix/telnet/legacy/chromium/block-all

`))
	g.Expect(text).To(ContainSubstring("known only until 2027-01-31: access-denied, expected works; ticket: same-site"))
	g.Expect(text).To(HaveSuffix("7 cases: 2 passed, 3 failed, 1 flaky, 1 known to fail, in 0 ms\n"))
	strict := terminalText(g, gatedRun(true, false), false)
	g.Expect(strict).To(HaveSuffix("7 cases: 1 passed, 3 failed, 1 flaky, 1 known to fail, 1 newly working, in 0 ms\n"))
	g.Expect(strict).To(ContainSubstring("✗ 1 cell in the baseline, and no case any more"))
	g.Expect(strict).To(ContainSubstring("works, and the baseline records that it fails"))
}

// In JUnit a case is what closes the gate: a failure; what does not is skipped, with the reason, and never without a word.
func TestJUnitIsTheGate(t *testing.T) {
	for _, c := range []struct {
		strict, failOnFlaky bool
		want                string
	}{
		{false, false, "a:passed b:skipped c:passed d:skipped e:failure f:failure g:failure"},
		{true, false, "a:passed b:skipped c:failure d:skipped e:failure f:failure g:failure b:failure"}, // block-all is gone
		{false, true, "a:passed b:skipped c:passed d:failure e:failure f:failure g:failure"},
	} {
		t.Run(fmt.Sprintf("strict %v, failing on flaky %v", c.strict, c.failOnFlaky), func(t *testing.T) {
			g := NewWithT(t)
			var b bytes.Buffer
			g.Expect(JUnit(&b, gatedRun(c.strict, c.failOnFlaky))).To(Succeed())
			var doc junitSuites
			g.Expect(xml.Unmarshal(b.Bytes(), &doc)).To(Succeed())
			var told []string
			for _, s := range doc.Suites {
				state, problem := "passed", &junitProblem{Message: "none", Text: "none"}
				switch one := s.Cases[0]; {
				case one.Failure != nil:
					state, problem = "failure", one.Failure
					g.Expect(s.Failures).To(Equal(1))
				case one.Skipped != nil:
					state, problem = "skipped", one.Skipped
					g.Expect(s.Skipped).To(Equal(1))
				}
				g.Expect(problem.Message).NotTo(BeEmpty())
				g.Expect(problem.Text).NotTo(BeEmpty())
				told = append(told, s.Cases[0].Name[len("matrix/iframe/legacy/chromium/"):][:1]+":"+state)
			}
			g.Expect(strings.Join(told, " ")).To(Equal(c.want))
			g.Expect(b.String()).To(ContainSubstring(`<skipped message="known to fail: Waits for release 7. (https://issues.example/1)">`))
		})
	}
}

func TestTAPCallsKnownFailuresToDo(t *testing.T) {
	g := NewWithT(t)
	var b bytes.Buffer
	g.Expect(TAP(&b, gatedRun(false, false))).To(Succeed())
	var points []string
	for line := range strings.Lines(b.String()) {
		if strings.HasPrefix(line, "ok") || strings.HasPrefix(line, "not ok") {
			points = append(points, strings.TrimSpace(line))
		}
	}
	g.Expect(points).To(Equal([]string{
		"ok 1 - matrix/iframe/legacy/chromium/a-passes",
		"not ok 2 - matrix/iframe/legacy/chromium/b-known # TODO known to fail: Waits for release 7. (https://issues.example/1)",
		"ok 3 - matrix/iframe/legacy/chromium/c-works",
		"not ok 4 - matrix/iframe/legacy/chromium/d-flaky # TODO flaky: two runs of the case differed",
		"not ok 5 - matrix/iframe/legacy/chromium/e-other",
		"not ok 6 - matrix/iframe/legacy/chromium/f-late",
		"not ok 7 - matrix/iframe/legacy/chromium/g-new",
	}))
	b.Reset()
	g.Expect(TAP(&b, gatedRun(true, true))).To(Succeed())
	g.Expect(b.String()).To(ContainSubstring("\nnot ok 3 - matrix/iframe/legacy/chromium/c-works\n"))
	g.Expect(b.String()).To(ContainSubstring("\nnot ok 4 - matrix/iframe/legacy/chromium/d-flaky\n"))
	g.Expect(b.String()).To(HavePrefix("TAP version 14\n1..8\n"))
	g.Expect(b.String()).To(ContainSubstring("\nnot ok 8 - matrix/telnet/legacy/chromium/block-all\n  ---\n  message: |\n    in the baseline, and no case any more\n  ...\n"))
}

func TestGitHubSeesTheGate(t *testing.T) {
	g := NewWithT(t)
	var b bytes.Buffer
	g.Expect(Annotations(&b, gatedRun(false, false))).To(Succeed())
	var commands []string
	for line := range strings.Lines(b.String()) {
		command, _, _ := strings.Cut(strings.TrimSpace(line), "::matrix")
		commands = append(commands, command)
	}
	g.Expect(commands).To(Equal([]string{
		"::error title=1 cell%3A known to fail otherwise%3A login-loop%2C expected works",
		"::error title=1 cell%3A known only until 2027-01-31%3A access-denied%2C expected works; ticket%3A same-site",
		"::error title=1 cell%3A access-denied%2C expected works; ticket%3A same-site",
		"::warning title=1 cell%3A flaky%3A two runs of the case differed",
		"::warning title=in the baseline%2C and no case any more",
	}))
	b.Reset()
	g.Expect(Annotations(&b, gatedRun(true, true))).To(Succeed())
	g.Expect(b.String()).NotTo(ContainSubstring("::warning"))

	b.Reset()
	g.Expect(Summary(&b, gatedRun(false, false))).To(Succeed())
	g.Expect(b.String()).To(ContainSubstring("- 1 cell, known to fail: Waits for release 7. (https://issues.example/1), until 2027-01-31\n" +
		"- 1 cell, newly working: Waits for release 7. (https://issues.example/1), until 2027-01-31\n" +
		"- in the baseline, and no case any more: `matrix/telnet/legacy/chromium/block-all`\n"))
	b.Reset()
	known := gatedRun(false, false)
	known.Results = known.Results[:2]
	g.Expect(Summary(&b, known)).To(Succeed())
	g.Expect(b.String()).To(HavePrefix("## ✅ cookiegate: 2 cases: 1 passed, 1 known to fail"))
}

func TestSlowCasesAreNamed(t *testing.T) {
	g := NewWithT(t)
	var run Run
	for i, took := range []time.Duration{1, 1, 1, 4, 20, 2, 5, 9, 7, 8, 6} {
		for _, engine := range []browsers.Engine{browsers.Chromium, browsers.Firefox} {
			r := sampleCase("matrix", fmt.Sprintf("case-%02d", i), "legacy", engine, "allow-third-party")
			r.Duration = took * time.Second
			if engine == browsers.Firefox {
				r.Duration = 10 * time.Second // all alike: none is slow
			}
			run.Results = append(run.Results, r)
		}
	}
	for i := range 12 { // which were not run: half of all, and no measure
		r := sampleCase("reports", fmt.Sprintf("case-%02d", i), "legacy", browsers.Chromium, "allow-third-party")
		r.SameAs, r.Duration = "matrix/case-00/legacy/chromium/allow-third-party", 0
		run.Results = append(run.Results, r)
	}
	text := terminalText(g, run, false)
	_, slow, found := strings.Cut(text, "\nSlow\n")
	g.Expect(found).To(BeTrue())
	slow, _, _ = strings.Cut(slow, "\n\n")
	g.Expect(slow).To(Equal("  20 s      matrix/case-04/legacy/chromium/allow-third-party"), "three times the median of 5 s, at least")
	g.Expect(terminalText(g, sampleRun(), false)).NotTo(ContainSubstring("Slow"))
}

func TestManyReasonsAreToldInAScreen(t *testing.T) {
	g := NewWithT(t)
	var run Run
	for i := range 400 {
		r := gatedRun(false, false).Results[1]
		r.ID = fmt.Sprintf("matrix/case-%03d", i)
		known := *r.Known
		known.Reason = strings.Repeat("It waits. ", 100) + fmt.Sprint(i%40)
		r.Known = &known
		run.Results = append(run.Results, r)
	}
	_, known, found := strings.Cut(terminalText(g, run, false), "\nKnown to fail\n")
	g.Expect(found).To(BeTrue())
	known, _, _ = strings.Cut(known, "\n\n")
	g.Expect(strings.Count(known, "\n")).To(BeNumerically("<=", 30))
	g.Expect(known).To(HaveSuffix("  and 35 more reasons; report.html has them all"))
}
