package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Gate says what closes it beside failures that nobody knows of, and errors: a run whose gate is closed is red.
type Gate struct {
	FailOnFlaky bool     `json:"failOnFlaky,omitempty"`
	Baseline    string   `json:"baseline,omitempty"` // the file; empty: no failure is known
	Strict      bool     `json:"strict,omitempty"`   // cells that work, or are gone, and stand in the baseline, close it
	Gone        []string `json:"gone,omitempty"`     // cells that stand in the baseline and are no case any more
}

// Red says whether the gate is closed.
func (r Run) Red() bool {
	return len(r.closingGone()) > 0 || slices.ContainsFunc(r.Results, r.Closes)
}

// closingGone are the cells that stand in the baseline, are no case any more, and close the gate.
func (r Run) closingGone() []string {
	if !r.Gate.Strict {
		return nil
	}
	return r.Gate.Gone
}

// Closes says whether a case closes the gate.
func (r Run) Closes(c testbed.Result) bool {
	return differs(c) && (c.Status != testbed.Flaky || r.Gate.FailOnFlaky)
}

// isKnown says whether a case fails, and is known to.
func isKnown(r testbed.Result) bool {
	return r.Known != nil && r.Known.State == testbed.KnownFailing
}

// isNew says whether a case works that is recorded as failing.
func isNew(r testbed.Result) bool {
	return r.Known != nil && r.Known.State == testbed.NewlyWorking
}

// KnownText is what the baseline says of a case, as a sentence.
func KnownText(k testbed.Known) string {
	recorded := cmp.Or(string(k.Outcome), "failing without an outcome")
	text := map[testbed.KnownState]string{
		testbed.KnownFailing:   "known to fail",
		testbed.FailsOtherwise: fmt.Sprintf("known to fail, but recorded as %s", recorded),
		testbed.NewlyWorking:   fmt.Sprintf("works now, and is recorded as %s; cookiegate accept takes it out", recorded),
		testbed.Expired:        fmt.Sprintf("known to fail, and was to be mended by now (until %s)", k.Until),
	}[k.State]
	return text + ": " + k.Reason + aside(k.Link)
}

// aside is a text in brackets, where there is one.
func aside(text string) string {
	if text == "" {
		return ""
	}
	return " (" + text + ")"
}

// knownByReason lists the cases that a baseline knows and that are of one kind, those with the same reason, link and end together.
func knownByReason(results []testbed.Result, kind func(testbed.Result) bool) []byReason {
	return grouped(results, func(r testbed.Result) string {
		if !kind(r) {
			return ""
		}
		text := r.Known.Reason + aside(r.Known.Link)
		if r.Known.Until != "" {
			text += ", until " + r.Known.Until
		}
		return text
	})
}
