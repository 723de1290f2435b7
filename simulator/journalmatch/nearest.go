package journalmatch

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/simulator/journal"
)

// shown is how many entries a failure message prints.
const shown = 3

// entriesOf are the entries that a matcher was given.
func entriesOf(actual any) ([]journal.Entry, error) {
	switch actual := actual.(type) {
	case *journal.Journal:
		if actual == nil {
			return nil, fmt.Errorf("expected a journal, got none: is there such a site?")
		}
		return actual.Entries(), nil
	case []journal.Entry:
		return actual, nil
	}
	return nil, fmt.Errorf("expected a *journal.Journal or a []journal.Entry, got %T", actual)
}

// all says whether an entry meets every condition.
func all(conditions []Condition, e journal.Entry) bool {
	return !slices.ContainsFunc(conditions, func(c Condition) bool { return !c.holds(e) })
}

// list is the conditions in a line.
func list(conditions []Condition) string {
	texts := make([]string, len(conditions))
	for i, c := range conditions {
		texts[i] = c.text
	}
	return orNone(strings.Join(texts, ", "))
}

// nearest tells of the entries that fail the fewest conditions, the newest first among equals, and what fails.
func nearest(entries []journal.Entry, conditions []Condition) string {
	if len(entries) == 0 {
		return "The journal is empty."
	}
	type near struct {
		entry journal.Entry
		fails []Condition
	}
	var candidates []near
	for _, e := range entries {
		n := near{entry: e}
		for _, c := range conditions {
			if !c.holds(e) {
				n.fails = append(n.fails, c)
			}
		}
		if len(n.fails) > 0 {
			candidates = append(candidates, n)
		}
	}
	if len(candidates) == 0 {
		return "There are no others."
	}
	slices.SortStableFunc(candidates, func(x, y near) int {
		return cmp.Or(cmp.Compare(len(x.fails), len(y.fails)), cmp.Compare(y.entry.Seq, x.entry.Seq))
	})
	var b strings.Builder
	fmt.Fprintf(&b, "Nearest of %d:", len(entries))
	for _, n := range candidates[:min(shown, len(candidates))] {
		fmt.Fprintf(&b, "\n    %s", n.entry)
		for _, c := range n.fails {
			fmt.Fprintf(&b, "\n        expected %s, found %s", c.text, c.found(n.entry))
		}
	}
	return b.String()
}

// lines are entries, a line each.
func lines(entries []journal.Entry) string {
	var b strings.Builder
	for _, e := range entries {
		fmt.Fprintf(&b, "\n    %s", e)
	}
	return b.String()
}
