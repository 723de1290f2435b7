package journalmatch

import (
	"fmt"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/cookiegate/cookiegate/simulator/journal"
)

// Step is what one entry of a sequence has to meet; make it with Entry.
type Step []Condition

// Entry is a step of HaveSequence.
func Entry(conditions ...Condition) Step { return conditions }

// HaveSequence matches a journal with entries that meet the steps one after the other. Others may stand between them.
func HaveSequence(steps ...Step) types.GomegaMatcher { return &haveSequence{steps: steps} }

type haveSequence struct {
	steps   []Step
	entries []journal.Entry
	met     []journal.Entry // for each step until one finds none
}

func (m *haveSequence) Match(actual any) (bool, error) {
	var err error
	if m.entries, err = entriesOf(actual); err != nil {
		return false, err
	}
	m.met = nil
	for _, e := range m.entries {
		if len(m.met) < len(m.steps) && all(m.steps[len(m.met)], e) {
			m.met = append(m.met, e)
		}
	}
	return len(m.met) == len(m.steps), nil
}

func (m *haveSequence) FailureMessage(any) string {
	missing := m.steps[len(m.met)]
	after := m.entries
	where := ""
	if n := len(m.met); n > 0 {
		where = fmt.Sprintf(" after #%d", m.met[n-1].Seq)
		for len(after) > 0 && after[0].Seq <= m.met[n-1].Seq {
			after = after[1:]
		}
	}
	return fmt.Sprintf("Expected the journal to have, one after the other,%s\nStep %d found no entry%s:\n    %s\n%s",
		m.tell(), len(m.met)+1, where, list(missing), strings.Replace(nearest(after, missing), "The journal is empty.", "Nothing follows.", 1))
}

func (m *haveSequence) NegatedFailureMessage(any) string {
	return fmt.Sprintf("Expected the journal not to have, one after the other,%s\nIt has:%s", m.tell(), lines(m.met))
}

// tell is the steps, a line each.
func (m *haveSequence) tell() string {
	var b strings.Builder
	for i, s := range m.steps {
		fmt.Fprintf(&b, "\n    %d. %s", i+1, list(s))
	}
	return b.String()
}

var _ types.GomegaMatcher = (*haveSequence)(nil)
