package suites

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/suites/report"
	"github.com/cookiegate/cookiegate/suites/shard"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// planned is the real plan of one policy, without a browser in sight.
func planned(t *testing.T) (Selection, []testbed.Case) {
	t.Helper()
	s := Selection{Policies: []string{"block-third-party"}}
	cases, err := Plan(s)
	if err != nil {
		t.Fatal(err)
	}
	return s, cases
}

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// answer makes up what becomes of a case in its n-th run: mostly what is expected.
type answer func(c testbed.Case, n int) testbed.Result

func asExpected(c testbed.Case, _ int) testbed.Result {
	return testbed.Result{
		ID: c.ID, Suite: c.Suite, Integration: c.Integration.Name, Browser: c.Engine, BrowserVersion: "Chromium 156.0.8078.79", Policy: c.Policy.Name,
		Profile: string(c.Site.Profile), Expected: c.Expect.Outcome, Outcome: c.Expect.Outcome, Status: testbed.Passed, Duration: 40 * time.Millisecond,
	}
}

// finished runs cases with made-up answers and says in which order they were asked.
func finished(t *testing.T, s Selection, cases []testbed.Case, o Options, a answer) (code int, text string, order []string) {
	t.Helper()
	o.Now = func() time.Time { return noon }
	asked := map[string]int{}
	r, err := start(t.Context(), s, cases, o, func(_ context.Context, cases []testbed.Case, observe testbed.Observer) {
		for _, c := range cases {
			order = append(order, c.ID)
			observe.CaseStarted(c.ID)
			observe.CaseDone(a(c, asked[c.ID]))
			asked[c.ID]++
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	code, err = r.Finish(&b)
	if err != nil {
		t.Fatal(err)
	}
	return code, b.String(), order
}

func TestTheOrderIsTheSeeds(t *testing.T) {
	g := NewWithT(t)
	s, cases := planned(t)
	_, text, one := finished(t, s, cases, Options{Seed: 7}, asExpected)
	_, _, again := finished(t, s, cases, Options{Seed: 7}, asExpected)
	_, _, other := finished(t, s, cases, Options{Seed: 8}, asExpected)
	g.Expect(again).To(Equal(one))
	g.Expect(other).NotTo(Equal(one))
	g.Expect(other).To(ConsistOf(one))
	g.Expect(text).To(ContainSubstring("(seed 7)"))
	g.Expect(slices.IsSorted(one)).To(BeFalse())

	_, _, fewer := finished(t, s, cases[:len(cases)/2], Options{Seed: 7}, asExpected)
	kept := slices.DeleteFunc(slices.Clone(one), func(id string) bool { return !slices.Contains(fewer, id) })
	g.Expect(fewer).To(Equal(kept), "cases keep their order when others are left out")

	_, _, rounds := finished(t, s, cases, Options{Seed: 7, Repeat: 2}, asExpected)
	g.Expect(rounds[:len(cases)]).To(Equal(one))
	g.Expect(rounds[len(cases):]).NotTo(Equal(one), "each round has an order of its own")
	g.Expect(rounds[len(cases):]).To(ConsistOf(one))
	_, unseeded, _ := finished(t, s, cases, Options{}, asExpected)
	g.Expect(unseeded).To(MatchRegexp(`\(seed [1-9]\d*\)`))
}

func TestACaseThatDiffersIsFlaky(t *testing.T) {
	s, cases := planned(t)
	second := func(c testbed.Case, n int) testbed.Result {
		r := asExpected(c, n)
		if c.ID == cases[0].ID && n == 1 {
			r.Status, r.Outcome = testbed.Failed, testbed.LoginLoop
		}
		return r
	}
	for name, c := range map[string]struct {
		options Options
		code    int
		says    string
	}{
		"once":             {Options{}, ExitPassed, fmt.Sprintf("%d cases: %d passed, in 0 ms", len(cases), len(cases))},
		"twice":            {Options{Repeat: 2}, ExitPassed, fmt.Sprintf("%d passed, 1 flaky", len(cases)-1)},
		"failing on flaky": {Options{Repeat: 3, FailOnFlaky: true}, ExitDiffers, "2 of 3 runs passed, and they differ"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			code, text, _ := finished(t, s, cases, c.options, second)
			g.Expect(code).To(Equal(c.code))
			g.Expect(strings.Join(strings.Fields(text), " ")).To(ContainSubstring(c.says))
		})
	}
}

func TestWhatThereIsToRunIsToldInCases(t *testing.T) {
	g := NewWithT(t)
	s, cases := planned(t)
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	g.Expect(err).NotTo(HaveOccurred())
	defer log.Close()
	defer func(f *os.File) { os.Stderr = f }(os.Stderr)
	os.Stderr = log
	finished(t, s, cases[:3], Options{Repeat: 2, Seed: 7}, asExpected)
	g.Expect(read(g, filepath.Dir(log.Name()), "log")).To(HavePrefix("3 cases to run, each 2 times: 6 runs, seed 7\n"))
}

func TestARepetitionThatWasInterruptedIsNoPass(t *testing.T) {
	g := NewWithT(t)
	s, cases := planned(t)
	code, text, _ := finished(t, s, cases, Options{Repeat: 2}, func(c testbed.Case, n int) testbed.Result {
		r := asExpected(c, n)
		if c.ID == cases[0].ID && n == 1 {
			r.Status, r.Outcome, r.Sentence = testbed.Error, "", "not run to its end: interrupted"
		}
		return r
	})
	g.Expect(code).To(Equal(ExitDiffers))
	g.Expect(text).To(ContainSubstring(fmt.Sprintf("%d passed, 1 error", len(cases)-1)))
}

func TestTheExitCodeIsTheGates(t *testing.T) {
	s, cases := planned(t)
	folder := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		NewWithT(t).Expect(os.WriteFile(path, []byte(text), 0o600)).To(Succeed())
		return path
	}
	entry := "version: 1\ncells:\n  - id: " + cases[0].ID + "\n    outcome: login-loop\n    reason: waits for the next release\n"
	known := file("known.yaml", entry)
	overdue := file("overdue.yaml", entry+"    until: 2026-05-03\n")
	today := file("today.yaml", entry+"    until: 2026-05-04\n")
	gone := file("gone.yaml", entry+"  - id: matrix/telnet/none-secure/chromium/block-all\n    reason: gone\n")
	otherPolicy := file("other.yaml", "version: 1\ncells:\n  - id: matrix/iframe/none-secure/chromium/allow-third-party\n    reason: not selected here\n")

	first := func(status testbed.Status, outcome testbed.Outcome) answer {
		return func(c testbed.Case, n int) testbed.Result {
			r := asExpected(c, n)
			if c.ID == cases[0].ID {
				r.Status, r.Outcome = status, outcome
			}
			return r
		}
	}
	loops, denied, dies := first(testbed.Failed, testbed.LoginLoop), first(testbed.Failed, testbed.Stuck), first(testbed.Error, "")
	nothing := func(c testbed.Case, n int) testbed.Result {
		return testbed.Result{ID: c.ID, Suite: c.Suite, Status: testbed.NotAvailable, Sentence: "not here"}
	}
	missing := func(c testbed.Case, n int) testbed.Result {
		return testbed.Result{ID: c.ID, Suite: c.Suite, Status: testbed.Error, Sentence: "no browser"}
	}
	for name, c := range map[string]struct {
		options Options
		answer  answer
		code    int
		says    string
	}{
		"all as expected":              {Options{}, asExpected, ExitPassed, "passed, in"},
		"a failure":                    {Options{}, loops, ExitDiffers, "1 failed"},
		"an error":                     {Options{}, dies, ExitDiffers, "1 error"},
		"a known failure":              {Options{Baseline: known}, loops, ExitPassed, "1 known to fail"},
		"a known failure, strict":      {Options{Baseline: known, Strict: true}, loops, ExitPassed, "waits for the next release"},
		"another failure than known":   {Options{Baseline: known}, denied, ExitDiffers, "recorded as login-loop"},
		"an error of a known cell":     {Options{Baseline: known}, dies, ExitDiffers, "1 error"},
		"for too long":                 {Options{Baseline: overdue}, loops, ExitDiffers, "was to be mended by now (until 2026-05-03)"},
		"on the last day":              {Options{Baseline: today}, loops, ExitPassed, "until 2026-05-04"},
		"newly working":                {Options{Baseline: known}, asExpected, ExitPassed, "Newly working"},
		"newly working, strict":        {Options{Baseline: known, Strict: true}, asExpected, ExitDiffers, "works now, and is recorded as login-loop"},
		"gone":                         {Options{Baseline: gone}, loops, ExitPassed, "matrix/telnet/none-secure/chromium/block-all"},
		"gone, strict":                 {Options{Baseline: gone, Strict: true}, loops, ExitDiffers, "no case any more"},
		"not selected is not gone":     {Options{Baseline: otherPolicy, Strict: true}, asExpected, ExitPassed, "passed"},
		"nothing is available":         {Options{}, nothing, ExitNoRun, "not available"},
		"nothing is available in part": {Options{Shard: shard.Shard{Index: 1, Total: 2}}, nothing, ExitPassed, "shard 1/2"},
		"no browser":                   {Options{}, missing, ExitNoRun, "error"},
		"no browser in part":           {Options{Shard: shard.Shard{Index: 1, Total: 2}}, missing, ExitNoRun, "error"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			code, text, _ := finished(t, s, cases, c.options, c.answer)
			g.Expect(code).To(Equal(c.code), text)
			g.Expect(strings.Join(strings.Fields(text), " ")).To(ContainSubstring(c.says))
		})
	}
}

// TestFiveShardsMakeTheReportOfOneRun has a run with each kind of result, in one piece and in five, with pictures.
func TestFiveShardsMakeTheReportOfOneRun(t *testing.T) {
	g := NewWithT(t)
	s, cases := planned(t)
	differing := func(c testbed.Case, n int) testbed.Result {
		r := asExpected(c, n)
		switch slices.IndexFunc(cases, func(o testbed.Case) bool { return o.ID == c.ID }) % 7 {
		case 0:
			r.Status, r.Outcome, r.PNG, r.EarlierPNG = testbed.Failed, testbed.LoginLoop, []byte("\x89PNG of "+c.ID), []byte("\x89PNG before "+c.ID)
			r.Trace = filepath.Join(report.Traces, filepath.Base(c.Trace))
			g.Expect(os.MkdirAll(filepath.Dir(c.Trace), 0o755)).To(Succeed())
			g.Expect(os.WriteFile(c.Trace, []byte("trace of "+c.ID), 0o600)).To(Succeed())
		case 1:
			r.Status, r.Outcome, r.Sentence = testbed.Error, "", "the browser died"
		case 2:
			r.Status, r.Outcome, r.Sentence, r.BrowserVersion = testbed.NotAvailable, "", "there is no such setting", ""
		}
		return r
	}
	whole, parts, merged := t.TempDir(), t.TempDir(), t.TempDir()
	code, text, _ := finished(t, s, cases, Options{Seed: 7, Traces: true, Publication: Publication{Out: whole}}, differing)
	ran := 0
	for i := range 5 {
		part := shard.Shard{Index: i + 1, Total: 5}
		_, told, order := finished(t, s, cases, Options{Seed: 7, Traces: true, Shard: part, Publication: Publication{Out: filepath.Join(parts, fmt.Sprint(i))}}, differing)
		ran += len(order)
		g.Expect(told).To(ContainSubstring(fmt.Sprintf("(shard %d/5, seed 7)\n", i+1)))
		g.Expect(read(g, filepath.Join(parts, fmt.Sprint(i)), "report.html")).To(ContainSubstring(fmt.Sprintf("shard %d/5 of the run", i+1)), "that all is as expected is said of a part")
	}
	g.Expect(ran).To(Equal(len(cases)))
	var b bytes.Buffer
	folders, err := filepath.Glob(filepath.Join(parts, "*"))
	g.Expect(err).NotTo(HaveOccurred())
	mergedCode, err := Merge(&b, folders, Publication{Out: merged})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(mergedCode).To(Equal(code))
	g.Expect(b.String()).To(Equal(text))
	_, err = Merge(&b, folders, Publication{Out: filepath.Join(merged, "results.json", "out")})
	g.Expect(err).To(MatchError(And(HavePrefix("--out (OUT): writing "), HaveSuffix("; expected a folder that can be made and written to"))))
	for _, name := range []string{"results.json", "junit.xml", "report.html"} {
		g.Expect(read(g, merged, name)).To(Equal(read(g, whole, name)), name)
	}
	beside := func(dir, folder string) map[string]string {
		found, err := filepath.Glob(filepath.Join(dir, folder, "*"))
		g.Expect(err).NotTo(HaveOccurred())
		texts := map[string]string{}
		for _, file := range found {
			texts[filepath.Base(file)] = read(g, filepath.Dir(file), filepath.Base(file))
		}
		return texts
	}
	for folder, least := range map[string]int{"screenshots": 6, "traces": 3} {
		g.Expect(beside(merged, folder)).To(Equal(beside(whole, folder)), folder)
		g.Expect(len(beside(merged, folder))).To(BeNumerically(">", least), folder)
	}
	run, err := report.ReadJSON(filepath.Join(merged, "results.json"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(run.Results).To(HaveLen(len(cases)))
}

func read(g *WithT, dir, name string) string {
	text, err := os.ReadFile(filepath.Join(dir, name))
	g.Expect(err).NotTo(HaveOccurred())
	return string(text)
}

// As with cookiegate run | head -1.
func TestARunThatNobodyReadsEnds(t *testing.T) {
	s, cases := planned(t)
	for name, c := range map[string]struct {
		leaves func(run *Run)
		cases  int
	}{
		"while it runs":   {func(*Run) {}, 0},
		"when it is over": {func(r *Run) { <-r.finished }, len(cases)},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			reader, writer, err := os.Pipe()
			g.Expect(err).NotTo(HaveOccurred())
			defer writer.Close()
			ctx, cancel := WhileRead(t.Context(), writer)
			defer cancel()
			out := t.TempDir()
			o := Options{Shard: shard.Shard{Index: 1, Total: 1}, Publication: Publication{Out: out}}
			r, err := start(ctx, s, cases, o, func(ctx context.Context, cases []testbed.Case, observe testbed.Observer) {
				if c.cases == 0 {
					<-ctx.Done()
				}
				for i, one := range cases {
					res := asExpected(one, 0)
					if i >= c.cases {
						res.Status, res.Outcome, res.Sentence = testbed.Error, "", "not run: "+context.Cause(ctx).Error()
					}
					observe.CaseDone(res)
				}
			})
			g.Expect(err).NotTo(HaveOccurred())
			c.leaves(r)
			g.Expect(reader.Close()).To(Succeed())
			code, err := r.Finish(writer)
			g.Expect(err).NotTo(HaveOccurred(), "nobody would read it")
			g.Expect(code).To(Equal(141), "as of a program that SIGPIPE ended")
			run, err := report.ReadJSON(filepath.Join(out, "results.json"))
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(run.Count().Passed).To(Equal(c.cases))
			g.Expect(filepath.Join(out, "blob-1-of-1.json.gz")).To(BeAnExistingFile())
		})
	}
}

func TestARunWhoseReportsCannotBeWrittenIsPrinted(t *testing.T) {
	g := NewWithT(t)
	s, cases := planned(t)
	out := t.TempDir()
	o := Options{Shard: shard.Shard{Index: 1, Total: 1}, Publication: Publication{Out: out}}
	r, err := start(t.Context(), s, cases[:2], o, func(_ context.Context, cases []testbed.Case, observe testbed.Observer) {
		g.Expect(os.Mkdir(filepath.Join(out, "results.json"), 0o700)).To(Succeed()) // where the file cannot be put
		for _, c := range cases {
			observe.CaseDone(asExpected(c, 0))
		}
	})
	g.Expect(err).NotTo(HaveOccurred())
	var b bytes.Buffer
	code, err := r.Finish(&b)
	g.Expect(err).To(MatchError(ContainSubstring("writing " + filepath.Join(out, "results.json"))))
	g.Expect(code).To(Equal(ExitNoRun))
	g.Expect(b.String()).To(ContainSubstring("2 cases: 2 passed"), "what was found is not lost")
	blob := filepath.Join(out, "blob-1-of-1.json.gz")
	g.Expect(blob).To(BeAnExistingFile(), "nor is it to the shards' common report")

	b.Reset()
	code, err = Merge(&b, []string{blob}, Publication{Summary: filepath.Join(out, "none", "summary.md")})
	g.Expect(err).To(MatchError(ContainSubstring("the job summary: ")))
	g.Expect(code).To(Equal(ExitNoRun))
	g.Expect(b.String()).To(ContainSubstring("2 cases: 2 passed"))
}

// A run may come to no end, or not even begin: merge must not take an earlier one's blob for its own.
func TestARunLeavesNoBlobOfAnEarlierOne(t *testing.T) {
	s, cases := planned(t)
	for name, baseline := range map[string]string{"that begins": "", "that does not": "none.yaml"} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			o := Options{Shard: shard.Shard{Index: 2, Total: 5}, Baseline: baseline, Publication: Publication{Out: t.TempDir()}}
			for _, file := range []string{"blob-1-of-5.json.gz", "blob-2-of-5.json.gz"} {
				g.Expect(os.WriteFile(filepath.Join(o.Out, file), nil, 0o600)).To(Succeed())
			}
			r, err := start(t.Context(), s, cases, o, func(_ context.Context, cases []testbed.Case, observe testbed.Observer) {
				g.Expect(filepath.Join(o.Out, "blob-2-of-5.json.gz")).NotTo(BeAnExistingFile())
				for _, c := range cases {
					observe.CaseDone(asExpected(c, 0))
				}
			})
			if baseline == "" {
				g.Expect(err).NotTo(HaveOccurred())
				<-r.finished
			} else {
				g.Expect(err).To(HaveOccurred())
			}
			g.Expect(filepath.Join(o.Out, "blob-2-of-5.json.gz")).NotTo(BeAnExistingFile())
			g.Expect(filepath.Join(o.Out, "blob-1-of-5.json.gz")).To(BeAnExistingFile(), "another shard's stays")
		})
	}
}

func TestGitHubIsToldWhatGitHubShows(t *testing.T) {
	g := NewWithT(t)
	s, cases := planned(t)
	summary := filepath.Join(t.TempDir(), "summary.md")
	g.Expect(os.WriteFile(summary, []byte("what an earlier command wrote\n"), 0o600)).To(Succeed())
	env := map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": summary}
	var o Options
	o.OnGitHub(func(key string) string { return env[key] })
	fails := func(c testbed.Case, n int) testbed.Result {
		r := asExpected(c, n)
		r.Status, r.Outcome = testbed.Failed, testbed.LoginLoop
		return r
	}
	code, text, _ := finished(t, s, cases, o, fails)
	g.Expect(code).To(Equal(ExitDiffers))
	g.Expect(text).To(ContainSubstring("\n::error title="))
	written, err := os.ReadFile(summary)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(written)).To(HavePrefix("what an earlier command wrote\n## ❌ cookiegate: "))

	_, text, _ = finished(t, s, cases, Options{}, fails)
	g.Expect(text).NotTo(ContainSubstring("::error"), "elsewhere nobody reads it")
}

func TestOptionsThatMakeNoSense(t *testing.T) {
	for want, set := range map[string]map[string]string{
		`SEED: "0"; expected a whole number, 1 or more`:                        {"SEED": "0"},
		`REPEAT: "often"; expected a whole number, 1 or more`:                  {"REPEAT": "often"},
		`WORKERS: "-1"; expected a whole number, 1 or more`:                    {"WORKERS": "-1"},
		`FAIL_ON_FLAKY: "maybe"; expected true or false`:                       {"FAIL_ON_FLAKY": "maybe"},
		`SHARD: "6/5" is no shard; expected INDEX/TOTAL`:                       {"SHARD": "6/5"},
		`--strict (STRICT): expected a baseline with it`:                       {"STRICT": "true"},
		`JOB_COMPLETION_INDEX is "7"; expected 0 to 3, since SHARD_TOTAL is 4`: {"JOB_COMPLETION_INDEX": "7", "SHARD_TOTAL": "4"},
	} {
		t.Run(want, func(t *testing.T) {
			for key, value := range set {
				t.Setenv(key, value)
			}
			_, err := OptionsFromEnv()
			NewWithT(t).Expect(err).To(MatchError(ContainSubstring(want)))
		})
	}
	g := NewWithT(t)
	s, cases := planned(t)
	_, err := Start(t.Context(), s, cases, Options{Baseline: filepath.Join(t.TempDir(), "none.yaml")})
	g.Expect(err).To(MatchError(os.ErrNotExist))
	_, err = Start(t.Context(), s, cases, Options{Publication: Publication{Against: filepath.Join(t.TempDir(), "none.json")}})
	g.Expect(err).To(MatchError(os.ErrNotExist))
	file := filepath.Join(t.TempDir(), "file")
	g.Expect(os.WriteFile(file, nil, 0o600)).To(Succeed())
	for _, p := range []Publication{{Out: file}, {TAP: filepath.Join(file, "results.tap")}} {
		_, err = Start(t.Context(), s, cases, Options{Publication: p})
		g.Expect(err).To(MatchError(ContainSubstring("writing " + file)))
	}
}

// Every variable on the page for pipelines is one that is read.
func TestEveryVariableOnThePageIsRead(t *testing.T) {
	g := NewWithT(t)
	page, err := os.ReadFile("../docs/ci.md")
	g.Expect(err).NotTo(HaveOccurred())
	values := map[string]string{"BROWSERS": "firefox", "POLICIES": "block-all", "SUITES": "matrix", "FOCUS": "x", "SHARD": "1/2", "SEED": "7", "REPEAT": "7", "WORKERS": "7"}
	help, err := os.ReadFile("../Makefile")
	g.Expect(err).NotTo(HaveOccurred())
	rows := regexp.MustCompile("(?m)^\\| `--[a-z-]+` \\| `([A-Z_]+)(?:=(true))?` \\|").FindAllStringSubmatch(string(page), -1)
	g.Expect(len(rows)).To(BeNumerically(">", 12))
	read := func() string {
		s, err := SelectionFromEnv()
		g.Expect(err).NotTo(HaveOccurred())
		o, err := OptionsFromEnv()
		if err != nil {
			return err.Error() // which it cannot be unless the variable was read: strict without a baseline
		}
		return fmt.Sprintf("%+v %+v", s, o)
	}
	for _, row := range rows {
		t.Run(row[1], func(t *testing.T) {
			before := read()
			t.Setenv(row[1], cmp.Or(row[2], values[row[1]], "file"))
			NewWithT(t).Expect(read()).NotTo(Equal(before))
			NewWithT(t).Expect(string(help)).To(ContainSubstring(row[1]+"="), "make help lists it")
		})
	}
}

func TestTheNameOfACaseFocusesOnIt(t *testing.T) {
	g := NewWithT(t)
	of := func(focus string) []string {
		cases, err := Plan(Selection{Focus: regexp.MustCompile(focus)})
		g.Expect(err).NotTo(HaveOccurred())
		var ids []string
		for _, c := range cases {
			ids = append(ids, c.ID)
		}
		return ids
	}
	const one = "matrix/iframe/none-secure/chromium/trusted-zone"
	g.Expect(of(one)).To(Equal([]string{one}))
	g.Expect(of("^"+one)).To(ContainElements(one, one+"-https"), "a pattern means all that match")
}

func TestOwnIntegrationsAreRunUnderTheirOwnPolicies(t *testing.T) {
	g := NewWithT(t)
	dir := t.TempDir()
	write := func(file, text string) string {
		file = filepath.Join(dir, file)
		g.Expect(os.MkdirAll(filepath.Dir(file), 0o700)).To(Succeed())
		g.Expect(os.WriteFile(file, []byte(text), 0o600)).To(Succeed())
		return file
	}
	const probe = "probe: [{first-party: accepted, third-party: refused, allowed-site: refused}]\n"
	write("desktops.yaml", "name: desktops\ntitle: Ours\nbase: block-third-party\n"+probe)
	write("other/desktops.yaml", "name: desktops\ntitle: Theirs\nbase: block-third-party\n"+probe)
	mine := func(name, policies string) string {
		return write(name+".yaml", "name: "+name+"\nportal: https://portal.acme.example\nupstream: http://127.0.0.1:3000\nsite: acme\nhost: alice\n"+
			"steps: [{visit: /, await: HM}]\n"+policies)
	}
	of := func(policies []string, files ...string) ([]string, error) {
		cases, err := Plan(Selection{Integrations: files, Policies: policies, Browsers: Engines[1:2]})
		var ids []string
		for _, c := range cases {
			ids = append(ids, strings.Replace(c.ID, "/none-secure/firefox/", " ", 1))
		}
		return ids, err
	}
	usual, listing := mine("usual", ""), mine("listing", "policies: [private-window, desktops.yaml]\n")

	for _, c := range []struct {
		policies, files, want []string
	}{
		{nil, []string{listing}, []string{"matrix/listing private-window", "matrix/listing desktops"}},
		{[]string{"desktops"}, []string{listing, usual}, []string{"matrix/listing desktops"}},
		{[]string{"block-all", "visited-only", "block-all"}, []string{listing, usual},
			[]string{"matrix/listing block-all", "matrix/listing visited-only", "matrix/usual block-all", "matrix/usual visited-only"}},
	} {
		ids, err := of(c.policies, c.files...)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(ids).To(Equal(c.want), "%v of %v", c.policies, c.files)
	}

	_, err := of([]string{"desktops"}, usual)
	g.Expect(err).To(MatchError(ContainSubstring(`there is no policy "desktops"`)))
	_, err = of(nil, listing, mine("theirs", "policies: [other/desktops.yaml]\n"))
	g.Expect(err).To(MatchError(ContainSubstring("its policy desktops is not what another integration's policy of that name is")))
}
