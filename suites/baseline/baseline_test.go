package baseline

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/report"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

const written = `version: 1
cells:
  - id: matrix/iframe/none-secure/chromium/trusted-zone
    outcome: access-denied
    cause: third-party-blocked
    reason: "The zone's policy arrives after the first page: fixed in the next release."
    link: https://issues.example/123
    until: 2026-12-31
  - id: matrix/popup/none-secure/firefox/block-all
    outcome: stuck
    reason: nobody blocks everything
    until: firefox 160
  - id: lifecycle/see/chromium
    reason: the text is not there yet
`

func parsed(g *WithT) *Baseline {
	b, err := Parse("baseline.yaml", []byte(written))
	g.Expect(err).NotTo(HaveOccurred())
	return b
}

// failing is a result as the first cell of the file records it.
func failing() testbed.Result {
	return testbed.Result{
		ID: "matrix/iframe/none-secure/chromium/trusted-zone", Suite: "matrix", Browser: browsers.Chromium, BrowserVersion: "Chromium 156.0.8078.79",
		Expected: testbed.Works, Outcome: testbed.AccessDenied, Status: testbed.Failed,
		Cause: &testbed.Cause{Cookie: "ticket", Reason: fixtures.ThirdPartyBlocked},
	}
}

// What came out of one of several runs, as the first cell of the file records it, and otherwise.
var (
	asRecorded = testbed.Repetition{Status: testbed.Failed, Outcome: testbed.AccessDenied, Cookie: "ticket", Reason: fixtures.ThirdPartyBlocked}
	otherwise  = testbed.Repetition{Status: testbed.Failed, Outcome: testbed.LoginLoop}
)

var (
	lastDay  = time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC)
	firstDay = time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
)

func TestJudge(t *testing.T) {
	with := func(change func(r *testbed.Result)) testbed.Result {
		r := failing()
		change(&r)
		return r
	}
	firefox := func(version string) testbed.Result {
		return testbed.Result{
			ID: "matrix/popup/none-secure/firefox/block-all", Browser: browsers.Firefox, BrowserVersion: version,
			Outcome: testbed.Stuck, Status: testbed.Failed, Cause: &testbed.Cause{Reason: fixtures.AllBlocked},
		}
	}
	for name, c := range map[string]struct {
		result testbed.Result
		at     time.Time
		strict bool
		state  testbed.KnownState // empty: nothing is said
		red    bool
	}{
		"as recorded":                  {failing(), lastDay, false, testbed.KnownFailing, false},
		"as recorded, strict":          {failing(), lastDay, true, testbed.KnownFailing, false},
		"the day after":                {failing(), firstDay, false, testbed.Expired, true},
		"another outcome":              {with(func(r *testbed.Result) { r.Outcome = testbed.LoginLoop }), lastDay, false, testbed.FailsOtherwise, true},
		"another cause":                {with(func(r *testbed.Result) { r.Cause.Reason = fixtures.SameSite }), lastDay, false, testbed.FailsOtherwise, true},
		"no cause":                     {with(func(r *testbed.Result) { r.Cause = nil }), lastDay, false, testbed.FailsOtherwise, true},
		"otherwise and too long":       {with(func(r *testbed.Result) { r.Cause = nil }), firstDay, false, testbed.FailsOtherwise, true},
		"every time as recorded":       {with(func(r *testbed.Result) { r.Repetitions = []testbed.Repetition{asRecorded, asRecorded} }), lastDay, false, testbed.KnownFailing, false},
		"another outcome once":         {with(func(r *testbed.Result) { r.Repetitions = []testbed.Repetition{asRecorded, otherwise} }), lastDay, false, testbed.FailsOtherwise, true},
		"works":                        {with(func(r *testbed.Result) { r.Status = testbed.Passed }), lastDay, false, testbed.NewlyWorking, false},
		"works, strict":                {with(func(r *testbed.Result) { r.Status = testbed.Passed }), lastDay, true, testbed.NewlyWorking, true},
		"works after the last day":     {with(func(r *testbed.Result) { r.Status = testbed.Passed }), firstDay, false, testbed.NewlyWorking, false},
		"an error is nothing known":    {with(func(r *testbed.Result) { r.Status = testbed.Error }), lastDay, false, "", false},
		"nor is a flaky case":          {with(func(r *testbed.Result) { r.Status = testbed.Flaky }), lastDay, false, "", false},
		"nor one not available":        {with(func(r *testbed.Result) { r.Status = testbed.NotAvailable }), lastDay, false, "", false},
		"not listed":                   {with(func(r *testbed.Result) { r.ID += "-https" }), lastDay, false, "", false},
		"any cause":                    {firefox("Firefox ESR 153.7.0"), lastDay, false, testbed.KnownFailing, false},
		"the version before":           {firefox("Firefox 159.9"), firstDay, false, testbed.KnownFailing, false},
		"the version":                  {firefox("Firefox 160.0b1"), lastDay, false, testbed.Expired, true},
		"a later version":              {firefox("Firefox ESR 1000.1.2"), lastDay, false, testbed.Expired, true},
		"a check that fails of itself": {testbed.Result{ID: "lifecycle/see/chromium", Status: testbed.Failed}, lastDay, false, testbed.KnownFailing, false},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			k := parsed(g).Judge(c.result, c.at, c.strict)
			if c.state == "" {
				g.Expect(k).To(BeNil())
				return
			}
			g.Expect(k).NotTo(BeNil())
			g.Expect(k.State).To(Equal(c.state))
			g.Expect(k.Red).To(Equal(c.red))
		})
	}
	g := NewWithT(t)
	g.Expect(*parsed(g).Judge(failing(), lastDay, false)).To(Equal(testbed.Known{
		State: testbed.KnownFailing, Outcome: testbed.AccessDenied, Link: "https://issues.example/123", Until: "2026-12-31",
		Reason: "The zone's policy arrives after the first page: fixed in the next release.",
	}))
}

func TestVersionsAreComparedPartByPart(t *testing.T) {
	for _, c := range []struct {
		version, end string
		over         bool
	}{
		{"Chromium 156.0.8078.79", "chromium 156", true},
		{"Chromium 156.0.8078.79", "chromium 156.0.8078.80", false},
		{"Chromium 99.1", "chromium 156", false},
		{"Internet Explorer 6 rules, on Chromium 160.0", "chromium 160", true},
		{"Chromium 160.0", "firefox 100", false},
	} {
		g := NewWithT(t)
		u, err := parseUntil(c.end)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(u.over(testbed.Result{Browser: browsers.Chromium, BrowserVersion: c.version}, firstDay)).To(Equal(c.over), c.version+" against "+c.end)
	}
}

func TestGone(t *testing.T) {
	g := NewWithT(t)
	g.Expect(parsed(g).Gone([]string{"lifecycle/see/chromium", "matrix/iframe/none-secure/chromium/trusted-zone", "other"})).To(
		Equal([]string{"matrix/popup/none-secure/firefox/block-all"}))
}

func TestReadingSaysWhatIsWrongWhere(t *testing.T) {
	for name, c := range map[string]struct{ old, changed, want string }{
		"no version":      {"version: 1\n", "", `baseline.yaml:1:1: the key "version" is missing; expected a whole number`},
		"another version": {"version: 1", "version: 2", "baseline.yaml:1:10: version: is 2; expected 1"},
		"unknown key":     {"    link:", "    url:", `baseline.yaml:7:5: cells[0].url: unknown key; expected one of id, outcome, cause, reason, link, until`},
		"no reason":       {"    reason: nobody blocks everything\n", "", `baseline.yaml:9:5: cells[1]: the key "reason" is missing; expected a text`},
		"empty reason":    {"reason: nobody blocks everything", `reason: ""`, `baseline.yaml:11:13: cells[1].reason: is empty; expected a text`},
		"unknown outcome": {"outcome: stuck", "outcome: stack", `cells[1].outcome: unknown word "stack"; expected one of works, access-denied, login-loop, stuck, wrong-user; did you mean "stuck"?`},
		"unknown cause":   {"cause: third-party-blocked", "cause: third-party", `cells[0].cause: unknown word "third-party"; expected one of`},
		"no address":      {"link: https://issues.example/123", "link: issue 123", `baseline.yaml:7:11: cells[0].link: "issue 123" is no address; expected one such as https://issues.example/123`},
		"no day":          {"until: 2026-12-31", "until: 2026-13-31", `baseline.yaml:8:12: cells[0].until: "2026-13-31" is no end; expected the last day, such as 2027-01-31, or the version of the engine that ends it, such as "chromium 160"`},
		"no engine":       {"until: firefox 160", "until: netscape 4", `cells[1].until: "netscape 4" is no end`},
		"no such version": {"until: firefox 160", "until: firefox 99999999999999999999", `cells[1].until: "firefox 99999999999999999999" is no end`},
		"another engine":  {"until: firefox 160", "until: chromium 160", `baseline.yaml:12:12: cells[1].until: "chromium 160" is a version of chromium, in which matrix/popup/none-secure/firefox/block-all does not run; expected a version of its own engine, or a day`},
		"a number":        {"until: firefox 160", "until: 160", `cells[1].until: expected a text, found the number 160`},
		"twice":           {"lifecycle/see/chromium", "matrix/popup/none-secure/firefox/block-all", `cells[2].id: stands in cells[1] already; expected each case once`},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			g.Expect(strings.Count(written, c.old)).To(Equal(1), "the example holds what is changed")
			_, err := Parse("baseline.yaml", []byte(strings.Replace(written, c.old, c.changed, 1)))
			g.Expect(err).To(MatchError(ContainSubstring(c.want)))
		})
	}
}

func TestAccept(t *testing.T) {
	g := NewWithT(t)
	result := func(id string, s testbed.Status, o testbed.Outcome) testbed.Result {
		return testbed.Result{ID: id, Suite: "matrix", Expected: testbed.Works, Outcome: o, Status: s}
	}
	old := &Baseline{Cells: []Cell{
		{ID: "fails on", Outcome: testbed.Stuck, Reason: "old reason", Link: "https://issues.example/1"},
		{ID: "fails otherwise", Outcome: testbed.Stuck, Reason: "old reason"},
		{ID: "fails too long", Outcome: testbed.Stuck, Reason: "old reason", Until: "2026-12-31"},
		{ID: "works", Outcome: testbed.Stuck, Reason: "old reason"},
		{ID: "was not run", Outcome: testbed.Stuck, Reason: "old reason"},
		{ID: "dies", Outcome: testbed.Stuck, Reason: "old reason"},
		{ID: "cannot be", Outcome: testbed.Stuck, Reason: "old reason"},
	}}
	run := report.Run{Started: firstDay, Results: []testbed.Result{
		result("fails on", testbed.Failed, testbed.Stuck), result("fails otherwise", testbed.Failed, testbed.LoginLoop),
		result("fails too long", testbed.Failed, testbed.Stuck), result("works", testbed.Passed, testbed.Works),
		result("dies", testbed.Error, ""), result("dies too", testbed.Error, ""), result("wavers", testbed.Flaky, ""),
		result("fails anew", testbed.Failed, testbed.AccessDenied), result("worked always", testbed.Passed, testbed.Works),
		result("cannot be", testbed.NotAvailable, ""),
	}}
	run.Results[7].Cause = &testbed.Cause{Cookie: "ticket", Reason: fixtures.SameSite}
	next, changes := old.Accept(run, Terms{Reason: "a new reason", Link: "https://issues.example/2", Until: "chromium 160"}, false)
	g.Expect(changes).To(Equal(Changes{
		Added: []string{"fails anew"}, Changed: []string{"fails otherwise", "fails too long"}, Kept: []string{"cannot be", "fails on"},
		Removed: []string{"works"}, Absent: []string{"was not run"}, Refused: []string{"dies", "dies too", "wavers"},
	}))
	g.Expect(next.Cells).To(Equal([]Cell{
		old.Cells[6], old.Cells[5],
		{ID: "fails anew", Outcome: testbed.AccessDenied, Cause: fixtures.SameSite, Reason: "a new reason", Link: "https://issues.example/2", Until: "chromium 160"},
		old.Cells[0],
		{ID: "fails otherwise", Outcome: testbed.LoginLoop, Reason: "a new reason", Link: "https://issues.example/2", Until: "chromium 160"},
		{ID: "fails too long", Outcome: testbed.Stuck, Reason: "a new reason", Link: "https://issues.example/2", Until: "chromium 160"},
		old.Cells[4],
	}))
	next, changes = old.Accept(run, Terms{}, true)
	g.Expect(changes.Removed).To(Equal([]string{"was not run", "works"}))
	g.Expect(next.Cells[2].Reason).To(Equal("access-denied, expected works; ticket: same-site"), "what went wrong, where nobody says more")
}

func TestACellWhoseEndHasComeKeepsWhyItFails(t *testing.T) {
	g := NewWithT(t)
	b := parsed(g)
	run := report.Run{Started: firstDay, Results: []testbed.Result{failing()}}
	next, changes := b.Accept(run, Terms{Until: "2027-03-31"}, false)
	g.Expect(changes.Changed).To(Equal([]string{failing().ID}))
	g.Expect(next.Cells).To(ContainElement(Cell{
		ID: failing().ID, Outcome: testbed.AccessDenied, Cause: fixtures.ThirdPartyBlocked,
		Reason: "The zone's policy arrives after the first page: fixed in the next release.", Link: "https://issues.example/123", Until: "2027-03-31",
	}))
	run.Results[0].Outcome = testbed.LoginLoop
	next, _ = b.Accept(run, Terms{}, false)
	g.Expect(next.Cells).To(ContainElement(Cell{
		ID: failing().ID, Outcome: testbed.LoginLoop, Cause: fixtures.ThirdPartyBlocked, Reason: "login-loop, expected works; ticket: third-party-blocked",
	}), "of a cell that fails otherwise nothing is known any more")
}

func TestACaseWhoseRunsFailDifferentlyIsNotAccepted(t *testing.T) {
	g := NewWithT(t)
	r := failing()
	r.Repetitions = []testbed.Repetition{asRecorded, otherwise}
	next, changes := (&Baseline{}).Accept(report.Run{Results: []testbed.Result{r}}, Terms{}, false)
	g.Expect(changes).To(Equal(Changes{Refused: []string{r.ID}}))
	g.Expect(next.Cells).To(BeEmpty())
	b := parsed(g)
	next, _ = b.Accept(report.Run{Results: []testbed.Result{r}}, Terms{}, false)
	g.Expect(next.Cells).To(ContainElement(b.Cells[0]))
}

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	g := NewWithT(t)
	path := filepath.Join(t.TempDir(), "baseline.yaml")
	b := parsed(g)
	g.Expect(b.Write(path)).To(Succeed())
	again, err := Load(path)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(again).To(Equal(b))
	text, err := os.ReadFile(path)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(text)).To(HavePrefix("# Cells that are known to fail."))

	b.Cells[0].Until, b.Cells[2].Until = "webkit 2.50", "webkit 2.50"
	g.Expect(b.Write(path)).To(MatchError(`until: "webkit 2.50" is a version of webkit, in which matrix/iframe/none-secure/chromium/trusted-zone does not run; `+
		"expected a version of its own engine, or a day"), "of many cells the first is told")
	unchanged, err := os.ReadFile(path)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(unchanged).To(Equal(text), "nothing half-done")

	many := &Baseline{}
	for i := range 1000 {
		many.Cells = append(many.Cells, Cell{ID: fmt.Sprintf("matrix/portal-%03d/none-secure/chromium/block-third-party", i), Reason: "the new login page comes with release 7, and the frame stays until then"})
	}
	g.Expect(many.Write(path)).To(MatchError(MatchRegexp(`baseline.yaml:1:1: the file has \d+ bytes; at most 131072 are read; it is not written, for no run could read it`)))
	b.Cells[0].Until, b.Cells[2].Until = "", ""
	b.Cells[0].Reason = "? nobody knows"
	g.Expect(b.Write(path)).To(MatchError(ContainSubstring(`keys after "?" are not read here`)))
	unchanged, err = os.ReadFile(path)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(unchanged).To(Equal(text))

	g.Expect((&Baseline{}).Write(path)).To(Succeed())
	again, err = Load(path)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(again.Cells).To(BeEmpty())
}

func TestTerms(t *testing.T) {
	g := NewWithT(t)
	g.Expect(Terms{Reason: "x", Link: "https://issues.example/1", Until: "2027-01-31"}.Check()).To(Succeed())
	g.Expect(Terms{Reason: " \t"}.Check()).To(MatchError(`reason: " \t" is blank; expected why the cells fail`), "nothing would read it again")
	g.Expect(Terms{Link: "issue 1"}.Check()).To(MatchError(`link: "issue 1" is no address; expected one such as https://issues.example/123`))
	g.Expect(Terms{Until: "soon"}.Check()).To(MatchError(HavePrefix(`until: "soon" is no end`)))
}
