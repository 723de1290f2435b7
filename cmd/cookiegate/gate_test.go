package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers/process"
)

// recorded are the results of a small run: a failure, an error, a flaky case and others.
const recorded = "../../suites/report/testdata/run.json"

func inFolder(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAcceptRecordsTheFailuresOfARun(t *testing.T) {
	g := NewWithT(t)
	results, err := filepath.Abs(recorded)
	g.Expect(err).NotTo(HaveOccurred())
	file := filepath.Join(t.TempDir(), "baseline.yaml")
	code, out, wrong := run(t, "accept", "--results", results, "--baseline", file, "--reason", "waits: for release 7", "--link", "https://issues.example/7", "--until", "chromium 160")
	g.Expect(code).To(BeZero(), wrong)
	g.Expect(out).To(Equal("+ matrix/iframe/none-secure/chromium/trusted-zone\n" +
		file + ": 1 known to fail: 1 new, 0 with new terms, 0 as before, 0 not in this run; 0 taken out\n" +
		"not accepted: 2 in error, flaky, or failing in more than one way, the first is matrix/iframe/none-secure/firefox/allow-third-party; nothing is known of them, run them again\n"))
	text, err := os.ReadFile(file)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(text)).To(HaveSuffix(`
version: 1
cells:
  - id: matrix/iframe/none-secure/chromium/trusted-zone
    outcome: access-denied
    cause: third-party-blocked
    reason: "waits: for release 7"
    link: https://issues.example/7
    until: chromium 160
`))
	code, out, _ = run(t, "accept", "--results", results, "--baseline", file, "--reason", "another")
	g.Expect(code).To(BeZero())
	g.Expect(out).To(ContainSubstring("0 new, 0 with new terms, 1 as before"))
	again, err := os.ReadFile(file)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(again).To(Equal(text))
}

func TestDoctorSaysWhatABareMachineLacks(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("PATH", t.TempDir())
	for _, name := range []string{"CHROMIUM", "FIREFOX", "WEBKIT", "DRIVER", "PRIVOXY", "SQUID"} {
		t.Setenv("COOKIEGATE_"+name, filepath.Join(t.TempDir(), "none"))
	}
	t.Setenv("PLAYWRIGHT_NODEJS_PATH", "")
	code, out, _ := run(t, "doctor")
	g.Expect(code).To(Equal(1))
	for _, name := range []string{"Chromium", "Firefox", "Node.js", "Playwright driver"} {
		g.Expect(out).To(MatchRegexp(`(?m)^  NO   ` + name))
	}
	g.Expect(out).To(MatchRegexp(`(?m)^  -    squid`))
	g.Expect(out).To(ContainSubstring("nothing there says which version of a browser it is"))

	code, out, _ = run(t, "doctor", "--json")
	g.Expect(code).To(Equal(1))
	var found struct {
		Items    []map[string]any
		Policies []map[string]any
	}
	g.Expect(json.Unmarshal([]byte(out), &found)).To(Succeed())
	g.Expect(found.Items[0]).To(And(HaveKeyWithValue("name", "Chromium"), HaveKeyWithValue("present", false), HaveKey("advice")))
	g.Expect(len(found.Policies)%3).To(BeZero(), "every policy in three engines")
	g.Expect(found.Policies[0]).To(And(HaveKeyWithValue("engine", "chromium"), HaveKeyWithValue("available", false), HaveKey("why")))
}

func TestDoctorSaysWhichFolderAManagedPolicyWants(t *testing.T) {
	if err := process.CanMount(); err != nil {
		t.Skip(err)
	}
	if _, err := os.Stat("/etc/brave"); err == nil {
		t.Skip("this machine has a Brave that is set up")
	}
	g := NewWithT(t)
	brave := inFolder(t, "brave", "#!/bin/sh\necho Brave Browser 150.1.63.1\n")
	g.Expect(os.Chmod(brave, 0o755)).To(Succeed())
	t.Setenv("COOKIEGATE_CHROMIUM", brave)
	for _, name := range []string{"FIREFOX", "WEBKIT"} { // they would be started
		t.Setenv("COOKIEGATE_"+name, filepath.Join(t.TempDir(), "none"))
	}
	_, out, _ := run(t, "doctor", "--json")
	var found struct {
		Policies []struct {
			Engine, Policy, Why, Advice string
			Available                   bool
		}
	}
	g.Expect(json.Unmarshal([]byte(out), &found)).To(Succeed())
	told := map[string]string{}
	for _, p := range found.Policies {
		if p.Engine == "chromium" {
			told[p.Policy] = fmt.Sprint(p.Available, " ", p.Why, " ", p.Advice)
		}
	}
	g.Expect(told["block-third-party"]).To(Equal("true  "), "a person's own setting needs no folder")
	g.Expect(told["trusted-zone"]).To(Equal("false Chromium's managed policy is the whole machine's, and /etc/brave/policies does not exist, " +
		"nor anything near it that could be mounted over. Make the folder: sudo mkdir -p /etc/brave/policies"))
}

func TestGateCommandsRefuseWhatMakesNoSense(t *testing.T) {
	g := NewWithT(t)
	results, err := filepath.Abs(recorded)
	g.Expect(err).NotTo(HaveOccurred())
	broken := inFolder(t, "baseline.yaml", "version: 1\ncells:\n  - id: matrix/a\n    outcomes: stuck\n    reason: x\n")
	part := inFolder(t, "results.json", `{"version": 1, "durationMs": 0, "shard": "2/5", "browsers": [], "cases": []}`)
	notResults := inFolder(t, "results.json", "{}")
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no results":                {[]string{"accept", "--results", "none.json"}, "--results: open none.json: no such file or directory; expected the results of a run"},
		"no place for a baseline":   {[]string{"accept", "--results", results, "--baseline", filepath.Join(results, "b.yaml")}, "--baseline: open " + filepath.Join(results, "b.yaml") + ": not a directory; expected a file that can be read and written"},
		"other results":             {[]string{"accept", "--results", notResults}, "results.json: version is 0, expected 1"},
		"a broken baseline":         {[]string{"accept", "--results", results, "--baseline", broken}, "baseline.yaml:4:5: cells[0].outcomes: unknown key"},
		"no link":                   {[]string{"accept", "--results", results, "--link", "issue 7"}, `--link: "issue 7" is no address; expected one such as https://issues.example/123`},
		"no end":                    {[]string{"accept", "--results", results, "--until", "soon"}, `--until: "soon" is no end; expected the last day, such as 2027-01-31`},
		"a day that is over":        {[]string{"accept", "--results", results, "--until", "2020-01-31"}, `--until: "2020-01-31" has come already, for matrix/iframe/none-secure/chromium/trusted-zone at least; expected an end that is still to come`},
		"a version that is here":    {[]string{"accept", "--results", results, "--until", "chromium 156"}, `--until: "chromium 156" has come already`},
		"another engine's version":  {[]string{"accept", "--results", results, "--until", "firefox 160"}, `cookiegate: --until: "firefox 160" is a version of firefox, in which matrix/iframe/none-secure/chromium/trusted-zone does not run`},
		"a part of the run":         {[]string{"accept", "--results", part, "--prune"}, "--prune: " + part + " has the cases of shard 2/5 alone; expected those of the whole run, as cookiegate merge writes them"},
		"accept takes no words":     {[]string{"accept", "results.json"}, `accept: found "results.json"; expected flags alone, or --results results.json`},
		"nothing to merge":          {[]string{"merge"}, "expected the blobs"},
		"no blob":                   {[]string{"merge", results}, "expected the blob of a shard"},
		"the doctor has no patient": {[]string{"doctor", "chromium"}, `doctor: found "chromium"; expected flags alone`},
		"no such blob":              {[]string{"merge", "none"}, "stat none: no such file or directory; expected a blob such as blob-2-of-5.json.gz, or a folder that holds some"},
		"a run without a baseline":  {[]string{"run", "--strict"}, "--strict (STRICT): expected a baseline with it (--baseline, BASELINE)"},
		"a run with a broken one":   {[]string{"run", "--baseline", broken}, "baseline.yaml:4:5: cells[0].outcomes: unknown key; expected one of id, outcome, cause, reason, link, until"},
		"no shard":                  {[]string{"run", "--shard", "2 of 5"}, `--shard: "2 of 5" is no shard; expected INDEX/TOTAL, counted from 1, such as 2/5`},
		"no seed":                   {[]string{"run", "--seed", "0"}, `--seed: "0"; expected a whole number, 1 or more`},
		"a seed in words":           {[]string{"run", "--seed", "x"}, `--seed: "x"; expected a whole number, 1 or more`},
		"half a run":                {[]string{"run", "--repeat", "1.5"}, `--repeat: "1.5"; expected a whole number, 1 or more`},
		"strict, perhaps":           {[]string{"run", "--strict=maybe"}, `--strict: "maybe"; expected true or false`},
		"another command's flag":    {[]string{"run", "--browser", "firefox"}, `there is no flag --browser; cookiegate run --help lists those there are; did you mean "--browsers"?`},
		"a flag without its value":  {[]string{"run", "--shard", "2/5", "--focus"}, "--focus: nothing stands after it; expected a value: regular expression that the case's name must match"},
		"nowhere to report to":      {[]string{"run", "--out", ""}, "--out is empty; expected a value: folder for results.json, junit.xml and report.html"},
		"an empty list":             {[]string{"run", "--browsers", ""}, "--browsers is empty; expected a value: engines to drive"},
		"an empty baseline":         {[]string{"accept", "--baseline="}, "--baseline is empty; expected a value: "},
		"no such letter":            {[]string{"run", "-x"}, "there is no flag -x; cookiegate run --help"},
		"no run at all":             {[]string{"run", "--repeat", "0"}, `--repeat: "0"; expected a whole number, 1 or more`},
		"no workers":                {[]string{"run", "--workers", "-1"}, `--workers: "-1"; expected a whole number, 1 or more`},
		"no baseline":               {[]string{"run", "--baseline", "none.yaml"}, "--baseline (BASELINE): open none.yaml: no such file or directory; expected a file as cookiegate accept writes it"},
		"no earlier run":            {[]string{"run", "--against", "none.json"}, "--against (AGAINST): open none.json: no such file or directory; expected the results.json of an earlier run"},
		"another file":              {[]string{"run", "--against", notResults}, "results.json: version is 0, expected 1: the file was written by another version of cookiegate; expected the results.json of an earlier run"},
		"a folder for a baseline":   {[]string{"run", "--baseline", "."}, "--baseline (BASELINE): read .: is a directory; expected a file as cookiegate accept writes it"},
		"no place for results":      {[]string{"run", "--out", filepath.Join(results, "out")}, "--out (OUT): writing " + filepath.Join(results, "out", "results.json") + ": mkdir " + results + ": not a directory; expected a folder that can be made and written to"},
		"TAP over results":          {[]string{"run", "--tap", "./out/results.json"}, "--tap (TAP): ./out/results.json is one of the run's other reports; expected a file of its own\n"},
		"no place for TAP":          {[]string{"run", "--tap", "."}, "--tap (TAP): writing .: it is a folder; expected a file\n"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			code, out, wrong := run(t, c.args...)
			g.Expect(code).To(Equal(2))
			g.Expect(out).To(BeEmpty())
			g.Expect(wrong).To(ContainSubstring(c.want))
		})
	}
}
