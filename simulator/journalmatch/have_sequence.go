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
	steps []Step
	met   []journal.Entry // for each step until one finds none
	after []journal.Entry // what follows the last of them
}

func (m *haveSequence) Match(actual any) (bool, error) {
	entries, err := entriesOf(actual)
	if err != nil {
		return false, err
	}
	m.met, m.after = nil, entries
	for i, e := range entries {
		if len(m.met) < len(m.steps) && all(m.steps[len(m.met)], e) {
			m.met, m.after = append(m.met, e), entries[i+1:]
		}
	}
	return len(m.met) == len(m.steps), nil
}

func (m *haveSequence) FailureMessage(any) string {
	missing := m.steps[len(m.met)]
	where := ""
	if n := len(m.met); n > 0 {
		where = fmt.Sprintf(" after #%d", m.met[n-1].Seq)
	}
	return fmt.Sprintf("Expected the journal to have, one after the other,%s\nStep %d found no entry%s:\n    %s\n%s",
		m.tell(), len(m.met)+1, where, list(missing), strings.Replace(nearest(m.after, missing), "The journal is empty.", "Nothing follows.", 1))
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
