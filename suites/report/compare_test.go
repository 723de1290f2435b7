package report

import (
	"bytes"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

func TestCompare(t *testing.T) {
	g := NewWithT(t)
	passed := func(id string) testbed.Result {
		return testbed.Result{ID: id, Status: testbed.Passed, Outcome: testbed.Works}
	}
	with := func(id string, status testbed.Status, outcome testbed.Outcome, reason testbed.Reason) testbed.Result {
		r := testbed.Result{ID: id, Status: status, Outcome: outcome}
		if reason != "" {
			r.Cause = &testbed.Cause{Cookie: "ticket", Reason: reason}
		}
		return r
	}
	earlier := Run{Results: []testbed.Result{
		passed("same"), passed("breaks"), passed("crashes"), passed("wobbles"), passed("goes"), passed("loses its setting"),
		with("mends", testbed.Failed, testbed.Stuck, fixtures.SameSite),
		with("fails otherwise", testbed.Failed, testbed.Stuck, fixtures.SameSite),
		with("fails for another reason", testbed.Failed, testbed.Stuck, fixtures.SameSite),
		with("fails still", testbed.Failed, testbed.Stuck, fixtures.SameSite),
	}}
	later := Run{Results: []testbed.Result{
		with("fails still", testbed.Failed, testbed.Stuck, fixtures.SameSite),
		with("fails for another reason", testbed.Failed, testbed.Stuck, fixtures.IdleExpired),
		with("fails otherwise", testbed.Failed, testbed.LoginLoop, fixtures.SameSite),
		passed("mends"), passed("comes"), passed("same"),
		with("breaks", testbed.Failed, testbed.Stuck, fixtures.SameSite),
		with("crashes", testbed.Error, "", ""),
		with("wobbles", testbed.Flaky, testbed.Works, ""),
		with("loses its setting", testbed.NotAvailable, "", ""),
	}}
	c := Compare(earlier, later)
	ids := func(changes []Change) []string {
		var all []string
		for _, change := range changes {
			all = append(all, change.ID)
		}
		return all
	}
	g.Expect(ids(c.Broken)).To(Equal([]string{"breaks", "crashes", "wobbles"}))
	g.Expect(ids(c.Mended)).To(Equal([]string{"mends"}))
	g.Expect(ids(c.Changed)).To(Equal([]string{"fails for another reason", "fails otherwise", "loses its setting"}))
	g.Expect(ids(c.Added)).To(Equal([]string{"comes"}))
	g.Expect(ids(c.Removed)).To(Equal([]string{"goes"}))
	g.Expect(c.Unchanged).To(Equal(2))
	g.Expect(c.Added[0].Before).To(BeNil())
	g.Expect(c.Removed[0].After).To(BeNil())
	g.Expect(c.Broken[0].Before.Status).To(Equal(testbed.Passed))
	g.Expect(c.Broken[0].After.Status).To(Equal(testbed.Failed))
}

func TestAKnownFailureThatWorksIsMended(t *testing.T) {
	g := NewWithT(t)
	known := testbed.Result{ID: "a", Status: testbed.Failed, Outcome: testbed.Stuck, Known: &testbed.Known{State: testbed.KnownFailing}}
	for _, closes := range []bool{false, true} {
		works := testbed.Result{ID: "a", Status: testbed.Passed, Outcome: testbed.Works, Known: &testbed.Known{State: testbed.NewlyWorking, Red: closes}}
		c := Compare(Run{Results: []testbed.Result{known}}, Run{Results: []testbed.Result{works}})
		g.Expect(c.Mended).To(HaveLen(1), "closing the gate with --strict: %v", closes)
		g.Expect(c.Broken).To(BeEmpty())
	}
}

func TestARunComparedWithItselfIsUnchanged(t *testing.T) {
	NewWithT(t).Expect(Compare(sampleRun(), sampleRun())).To(Equal(Comparison{Unchanged: 392}))
}

func TestAComparisonIsToldAtTheTerminal(t *testing.T) {
	g := NewWithT(t)
	earlier, later := gatedRun(false, false), gatedRun(false, false)
	earlier.Started = time.Date(2026, 5, 4, 9, 30, 0, 0, time.UTC)
	earlier.Results[6].Status, earlier.Results[6].Outcome = testbed.Passed, testbed.Works
	later.Results = later.Results[1:]
	var b bytes.Buffer
	g.Expect(TerminalComparison(&b, earlier, later)).To(Succeed())
	g.Expect(b.String()).To(Equal(`
Against the run of 4 May 2026, 09:30 UTC
  1 broken
    matrix/iframe/legacy/chromium/g-new
  1 not in this run
    matrix/iframe/legacy/chromium/a-passes
  5 unchanged
`))
}
