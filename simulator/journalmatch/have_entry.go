package journalmatch

import (
	"slices"

	"github.com/onsi/gomega/types"

	"github.com/cookiegate/cookiegate/simulator/journal"
)

// HaveEntry matches a journal with at least one entry that meets every condition.
func HaveEntry(conditions ...Condition) types.GomegaMatcher {
	return &haveEntry{conditions: conditions}
}

type haveEntry struct {
	conditions []Condition
	entries    []journal.Entry
}

func (m *haveEntry) Match(actual any) (bool, error) {
	var err error
	if m.entries, err = entriesOf(actual); err != nil {
		return false, err
	}
	return slices.ContainsFunc(m.entries, func(e journal.Entry) bool { return all(m.conditions, e) }), nil
}

func (m *haveEntry) FailureMessage(any) string {
	return "Expected the journal to have an entry with\n    " + list(m.conditions) + "\n" + nearest(m.entries, m.conditions)
}

func (m *haveEntry) NegatedFailureMessage(any) string {
	var met []journal.Entry
	for _, e := range m.entries {
		if all(m.conditions, e) {
			met = append(met, e)
		}
	}
	return "Expected the journal to have no entry with\n    " + list(m.conditions) + "\nIt has:" + lines(met)
}

var _ types.GomegaMatcher = (*haveEntry)(nil)
