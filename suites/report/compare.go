package report

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Comparison is how one run differs from an earlier one, each list in the order of identifiers.
type Comparison struct {
	Broken    []Change // is to be looked at now, and was not: newly failing, in error, or flaky
	Mended    []Change // failed, was in error or flaky, and passes now, whatever a baseline says of it
	Changed   []Change // any other difference of status, outcome or cause: a failure that fails in another way, a cell that is no longer available
	Added     []Change // only in the later run; Before is nil
	Removed   []Change // only in the earlier run; After is nil
	Unchanged int
}

// Change is one case in two runs.
type Change struct {
	ID            string
	Before, After *testbed.Result
}

// Compare says what became of the cases of an earlier run in a later one. Cases are matched by identifier. Hops, texts and
// durations are not compared: they differ from run to run.
func Compare(earlier, later Run) Comparison {
	var c Comparison
	before := byID(earlier)
	after := byID(later)
	ids := make([]string, 0, len(before)+len(after))
	for id := range before {
		ids = append(ids, id)
	}
	for id := range after {
		if before[id] == nil {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, strings.Compare)
	for _, id := range ids {
		change := Change{ID: id, Before: before[id], After: after[id]}
		switch {
		case change.Before == nil:
			c.Added = append(c.Added, change)
		case change.After == nil:
			c.Removed = append(c.Removed, change)
		case same(*change.Before, *change.After):
			c.Unchanged++
		case change.After.Status == testbed.Passed && change.Before.Status != testbed.Passed && change.Before.Status != testbed.NotAvailable:
			c.Mended = append(c.Mended, change)
		case differs(*change.After) && !differs(*change.Before):
			c.Broken = append(c.Broken, change)
		default:
			c.Changed = append(c.Changed, change)
		}
	}
	return c
}

// TerminalComparison tells a person at a terminal what became of the cases of an earlier run, the first few of each kind by name.
func TerminalComparison(w io.Writer, earlier, later Run) error {
	c := Compare(earlier, later)
	var b bytes.Buffer
	t := terminal{out: &b, paint: paint(Colourful(w))}
	t.line("")
	t.line("%s", t.paint.bold("Against "+earlierName(earlier)))
	for _, list := range []struct {
		title   string
		changes []Change
	}{{"broken", c.Broken}, {"mended", c.Mended}, {"different in another way", c.Changed}, {"new", c.Added}, {"not in this run", c.Removed}} {
		if len(list.changes) == 0 {
			continue
		}
		t.line("  %d %s", len(list.changes), list.title)
		var ids []string
		for _, change := range list.changes {
			ids = append(ids, change.ID)
		}
		t.names(ids, maxNamed)
	}
	t.line("  %d unchanged", c.Unchanged)
	_, err := w.Write(b.Bytes())
	return err
}

// earlierName is how a run is called with which another is compared.
func earlierName(run Run) string {
	if run.Started.IsZero() {
		return "an earlier run"
	}
	return "the run of " + when(run.Started)
}

func byID(run Run) map[string]*testbed.Result {
	results := make(map[string]*testbed.Result, len(run.Results))
	for _, r := range run.Results {
		r = Redact(r)
		results[r.ID] = &r
	}
	return results
}

func same(a, b testbed.Result) bool {
	if a.Status != b.Status || a.Outcome != b.Outcome || (a.Cause == nil) != (b.Cause == nil) {
		return false
	}
	return a.Cause == nil || a.Cause.Cookie == b.Cause.Cookie && a.Cause.Reason == b.Cause.Reason
}
