package report

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/internal/wording"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Run is what one run found.
type Run struct {
	Started  time.Time     // wall clock
	Duration time.Duration // of the whole run
	Seed     int64         // of the random order; 0 when there was none
	Shard    string        // the part of a run that this is, such as "2/5"; empty: it is whole
	Browsers []Browser     // those that were driven
	Gate     Gate
	Results  []testbed.Result
}

// Browser is a browser that a run drove.
type Browser struct {
	Name    string `json:"name"`    // as people say it: "Chromium", "Firefox ESR"
	Version string `json:"version"` // "156.0.8078.79"
}

// Counts says how many cases of a run have each status.
type Counts struct {
	Total, Passed, Failed, Errors, NotAvailable, Flaky int
	Known                                              int // failed, and known to fail: not among Failed
	New                                                int // passed, and closes the gate, for the baseline says that it fails: not among Passed
}

func (c *Counts) add(r testbed.Result) {
	c.Total++
	switch {
	case r.Status == testbed.Passed && differs(r):
		c.New++
	case r.Status == testbed.Passed:
		c.Passed++
	case isKnown(r):
		c.Known++
	case r.Status == testbed.Failed:
		c.Failed++
	case r.Status == testbed.NotAvailable:
		c.NotAvailable++
	case r.Status == testbed.Flaky:
		c.Flaky++
	default: // whatever is not known to have passed is an error
		c.Errors++
	}
}

// Count counts the cases of a run by status.
func (r Run) Count() Counts {
	var c Counts
	for _, result := range r.Results {
		c.add(result)
	}
	return c
}

// prepared is the run as writers want it: a redacted copy, in the order of the report.
func (r Run) prepared() Run {
	conceal(reflect.ValueOf(&r).Elem())
	slices.SortStableFunc(r.Results, func(a, b testbed.Result) int {
		return cmp.Or(bySuite(a.Suite, b.Suite), strings.Compare(a.ID, b.ID))
	})
	slices.SortFunc(r.Browsers, func(a, b Browser) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Version, b.Version))
	})
	return r
}

// bySuite puts the matrix before the other suites, which follow by name.
func bySuite(a, b string) int {
	if (a == matrixSuite) != (b == matrixSuite) {
		if a == matrixSuite {
			return -1
		}
		return 1
	}
	return strings.Compare(a, b)
}

const matrixSuite = "matrix"

// RerunCommand is the command that runs one case again, to be pasted into a shell; as often as it was run, where only that showed what is wrong.
func RerunCommand(r testbed.Result) string {
	words, times := []string{"make e2e FOCUS=" + wording.Quoted(r.ID)}, "REPEAT=%d"
	if r.File != "" { // which may not list the policy: it was asked for by name
		words, times = []string{"cookiegate run", wording.Quoted(r.File), "--policies", wording.Quoted(r.Policy), "--focus", wording.Quoted(r.ID)}, "--repeat %d"
	}
	if slices.ContainsFunc(r.Repetitions, func(p testbed.Repetition) bool { return p != r.Repetitions[0] }) {
		words = append(words, fmt.Sprintf(times, len(r.Repetitions)))
	}
	return strings.Join(words, " ")
}
