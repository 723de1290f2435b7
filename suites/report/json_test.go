package report

import (
	"bytes"
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
	"github.com/cookiegate/cookiegate/suites/testbed"
)

const resultsPage = "../../docs/results.md"

// documented is the example in docs/results.md, and the page around it.
func documented(g *WithT) (example []byte, page string) {
	text, err := os.ReadFile(resultsPage)
	g.Expect(err).NotTo(HaveOccurred())
	_, rest, found := strings.Cut(string(text), "```json\n")
	g.Expect(found).To(BeTrue())
	body, _, found := strings.Cut(rest, "```\n")
	g.Expect(found).To(BeTrue())
	return []byte(body), string(text)
}

func TestDocumentedExampleIsReadAndWrittenLetterForLetter(t *testing.T) {
	g := NewWithT(t)
	example, _ := documented(g)
	run, err := ParseJSON("results.md", example)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(run.Started).To(Equal(time.Date(2026, 5, 4, 9, 30, 0, 0, time.UTC)))
	g.Expect(run.Duration).To(Equal(4210 * time.Millisecond))
	g.Expect(run.Seed).To(BeEquivalentTo(1764))
	g.Expect(run.Browsers).To(HaveLen(2))
	g.Expect(run.Results).To(HaveLen(2))
	g.Expect(run.Results[0].Duration).To(Equal(812 * time.Millisecond))
	g.Expect(run.Results[0].Cause.LostAtID).To(Equal(2))
	g.Expect(run.Results[0].Hops[0].Lost[0].Direction).To(Equal(browsers.Store))
	g.Expect(run.Results[1].Outcome).To(BeEmpty())

	var b bytes.Buffer
	g.Expect(JSON(&b, run)).To(Succeed())
	g.Expect(b.String()).To(Equal(string(example)))
}

func TestEveryFieldAndWordIsDocumented(t *testing.T) {
	g := NewWithT(t)
	_, page := documented(g)
	for _, value := range []any{
		document{}, caseDocument{}, testbed.Result{}, testbed.Cause{}, testbed.Hop{}, testbed.Loss{}, browsers.Setting{}, Browser{}, Gate{},
		testbed.Known{}, testbed.Repetition{}, testbed.Prediction{},
	} {
		for field := range fields(reflect.TypeOf(value)) {
			g.Expect(page).To(ContainSubstring("`"+field+"`"), "%T", value)
		}
	}
	for _, reason := range reasons {
		g.Expect(page).To(ContainSubstring("| `" + string(reason) + "` |"))
	}
	for _, witness := range witnesses {
		g.Expect(page).To(ContainSubstring("| `" + string(witness) + "` |"))
	}
	for _, status := range statuses {
		g.Expect(page).To(ContainSubstring("| `" + string(status) + "` |"))
	}
	for _, state := range knownStates {
		g.Expect(page).To(ContainSubstring("| `" + string(state) + "` |"))
	}
	for _, outcome := range outcomes {
		g.Expect(page).To(ContainSubstring("| `" + string(outcome) + "` |"))
	}
}

func fields(t reflect.Type) map[string]bool {
	names := map[string]bool{}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name != "" && name != "-" {
			names[name] = true
		}
	}
	return names
}

func TestJSONKeepsEverythingAndItsOrderIsStable(t *testing.T) {
	g := NewWithT(t)
	run := sampleRun()
	path := filepath.Join(t.TempDir(), "out", "results.json")
	g.Expect(WriteJSON(path, run)).To(Succeed())
	again, err := ReadJSON(path)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(again).To(Equal(run.prepared()))

	reversed := run
	reversed.Results = nil
	for i := range run.Results {
		reversed.Results = append(reversed.Results, run.Results[len(run.Results)-1-i])
	}
	var one, other bytes.Buffer
	g.Expect(JSON(&one, run)).To(Succeed())
	g.Expect(JSON(&other, reversed)).To(Succeed())
	g.Expect(other.String()).To(Equal(one.String()))

	g.Expect(again.Results[0].Suite).To(Equal("matrix"), "before lifecycle, which the alphabet puts first")
}

func TestAnEmptyRunIsAFileWithoutCases(t *testing.T) {
	g := NewWithT(t)
	var b bytes.Buffer
	g.Expect(JSON(&b, Run{})).To(Succeed())
	g.Expect(b.String()).To(MatchJSON(`{"version": 1, "durationMs": 0, "browsers": [], "cases": []}`))
	_, err := ParseJSON("empty", b.Bytes())
	g.Expect(err).NotTo(HaveOccurred())
}

func TestReadingIsStrict(t *testing.T) {
	for name, c := range map[string]struct{ old, changed, want string }{
		"another version":               {`"version": 1,`, `"version": 2,`, "results.json: version is 2, expected 1"},
		"of another version":            {`"version": 1,`, `"version": 2, "shape": "new",`, "results.json: version is 2, expected 1: the file was written by another version of cookiegate"},
		"no version":                    {`"version": 1,`, ``, "version is 0, expected 1"},
		"no browsers":                   {`"browsers"`, `"browser"`, `results.json:6: unknown field "browser"`},
		"unknown field":                 {`"hopId"`, `"hopid2"`, `results.json:32: cases[0]: unknown field "hopid2"`},
		"unknown run field":             {`"seed"`, `"sede"`, `results.json:5: unknown field "sede"`},
		"wrong type":                    {`"policy": "block-third-party"`, `"policy": 7`, `results.json:23: cases[0]: field policy is a number, expected string`},
		"a fraction":                    {`"durationMs": 812`, `"durationMs": 812.5`, `field durationMs is a number 812.5, expected whole number`},
		"no case":                       {`"cases": [`, `"cases": [7,`, `results.json:16: cases[0]: this is a number, expected object`},
		"not a list":                    {`"documents": [`, `"documents": 3, "why2": [`, `field documents is a number, expected list`},
		"unknown outcome":               {`"outcome": "access-denied"`, `"outcome": "denied"`, `outcome is "denied", expected one of works, access-denied, login-loop, stuck, wrong-user`},
		"unknown status":                {`"status": "passed"`, `"status": "ok"`, `status is "ok", expected one of passed, failed, error, not-available, flaky`},
		"no status":                     {`"status": "passed",`, ``, `status is "", expected one of`},
		"unknown reason":                {`"reason": "third-party-blocked",` + "\n        \"detail\"", `"reason": "because", "detail"`, `cause.reason is "because"`},
		"unknown witness":               {`"witness": "browser"`, `"witness": "me"`, `cause.witness is "me", expected one of browser, rules, site, network, policy-model`},
		"a pass that is none":           {`"expected": "access-denied"`, `"expected": "works"`, `status is passed, and outcome is "access-denied" where "works" is expected`},
		"known, and an error":           {`"status": "not-available"`, `"status": "error", "known": {"state": "known-failing", "reason": "x", "red": false}`, `known.state is "known-failing", and status is "error"`},
		"expired, and closing nothing":  {`"status": "not-available"`, `"status": "failed", "known": {"state": "expired", "reason": "x", "red": false}`, `known.state is "expired", and known.red is false, expected true`},
		"known, and closing":            {`"status": "not-available"`, `"status": "failed", "known": {"state": "known-failing", "reason": "x", "red": true}`, `known.state is "known-failing", and known.red is true, expected false`},
		"a pass of nothing for nothing": {`"expected": "works",` + "\n      " + `"status": "not-available"`, `"expected": "", "status": "passed"`, `status is passed, and there is no outcome`},
		"no identifier":                 {`"id": "matrix/iframe/none-secure/webkit/per-site-allow",`, ``, "results.json:85: cases[1]: id is missing"},
		"twice":                         {`matrix/iframe/none-secure/webkit/per-site-allow`, `matrix/iframe/none-secure/chromium/block-third-party`, `cases[1]: id "matrix/iframe/none-secure/chromium/block-third-party" stands twice`},
		"no duration":                   {`"durationMs": 812`, `"durationMs": null`, "durationMs is missing or negative, expected a number of milliseconds"},
		"a negative duration":           {`"durationMs": 812`, `"durationMs": -812`, "durationMs is missing or negative, expected a number of milliseconds"},
		"cut short":                     {`"sentence": "WebKit`, "\x00", "invalid character"},
		"two documents":                 {"\n  ]\n}\n", "\n  ]\n}\n{}", "text after the end"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			example, _ := documented(g)
			g.Expect(strings.Count(string(example), c.old)).To(BeNumerically(">=", 1), "the example holds what is changed")
			_, err := ParseJSON("results.json", []byte(strings.Replace(string(example), c.old, c.changed, 1)))
			g.Expect(err).To(MatchError(ContainSubstring(c.want)))
		})
	}
}

func TestReadingAFileThatEndsTooEarly(t *testing.T) {
	g := NewWithT(t)
	example, _ := documented(g)
	path := filepath.Join(t.TempDir(), "results.json")
	g.Expect(os.WriteFile(path, example[:len(example)/2], 0o600)).To(Succeed())
	_, err := ReadJSON(path)
	g.Expect(err).To(MatchError(MatchRegexp(`results\.json:\d+: the file ends in the middle of the document`)))
	_, err = ReadJSON(path + ".none")
	g.Expect(err).To(MatchError(os.ErrNotExist))
}

func TestWritingRefusesWhatReadingWould(t *testing.T) {
	g := NewWithT(t)
	r := sampleCase("matrix", "iframe", "legacy", browsers.Chromium, "block-all")
	g.Expect(JSON(io.Discard, Run{Results: []testbed.Result{r, r}})).To(MatchError(ContainSubstring("stands twice")))
	r.Status = "great"
	g.Expect(JSON(io.Discard, Run{Results: []testbed.Result{r}})).To(MatchError(ContainSubstring(`status is "great"`)))
}

func TestCasesHoldTheFieldsThatGatesReadAtTheirPlace(t *testing.T) {
	g := NewWithT(t)
	var b bytes.Buffer
	g.Expect(JSON(&b, sampleRun())).To(Succeed())
	var doc struct {
		Version  int
		Browsers []map[string]any
		Cases    []map[string]any
	}
	g.Expect(json.Unmarshal(b.Bytes(), &doc)).To(Succeed())
	g.Expect(doc.Version).To(Equal(1))
	for _, browser := range doc.Browsers {
		g.Expect(browser).To(And(HaveKey("name"), HaveKey("version"), HaveLen(2)))
	}
	for _, c := range doc.Cases {
		for _, key := range []string{"id", "suite", "integration", "browser", "policy", "profile", "expected", "status", "durationMs"} {
			g.Expect(c).To(HaveKey(key))
		}
		if c["outcome"] != "works" && c["outcome"] != nil && c["status"] != "flaky" {
			g.Expect(c["cause"]).To(And(HaveKey("cookie"), HaveKey("hop"), HaveKey("reason")))
		}
	}
}
