package journalmatch

import (
	"fmt"

	"github.com/onsi/gomega/types"

	"github.com/cookiegate/cookiegate/simulator/journal"
)

// HaveEntries matches a journal with exactly n entries that meet every condition.
func HaveEntries(n int, conditions ...Condition) types.GomegaMatcher {
	return &haveEntries{n: n, conditions: conditions}
}

type haveEntries struct {
	n          int
	conditions []Condition
	entries    []journal.Entry
	met        []journal.Entry
}

func (m *haveEntries) Match(actual any) (bool, error) {
	var err error
	if m.entries, err = entriesOf(actual); err != nil {
		return false, err
	}
	m.met = nil
	for _, e := range m.entries {
		if all(m.conditions, e) {
			m.met = append(m.met, e)
		}
	}
	return len(m.met) == m.n, nil
}

func (m *haveEntries) FailureMessage(any) string {
	text := fmt.Sprintf("Expected the journal to have %d entries with\n    %s\nIt has %d:%s", m.n, list(m.conditions), len(m.met), lines(m.met))
	if len(m.met) < m.n {
		text += "\n" + nearest(m.entries, m.conditions)
	}
	return text
}

func (m *haveEntries) NegatedFailureMessage(any) string {
	return fmt.Sprintf("Expected the journal to have more or fewer than %d entries with\n    %s\nIt has:%s", m.n, list(m.conditions), lines(m.met))
}

var _ types.GomegaMatcher = (*haveEntries)(nil)
