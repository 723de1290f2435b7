package strictyaml

import (
	"fmt"
	"strings"
)

// Mistake is one thing wrong in a file.
type Mistake struct {
	File         string
	Line, Column int    // counted from 1
	Field        string // such as "expect[2].outcome"; empty for the file as a whole
	Problem      string // what is wrong and what was expected
}

// Error is "file:line:column: field: problem", which editors and terminals turn into a link.
func (m *Mistake) Error() string {
	if m.Field == "" {
		return fmt.Sprintf("%s:%d:%d: %s", m.File, m.Line, m.Column, m.Problem)
	}
	return fmt.Sprintf("%s:%d:%d: %s: %s", m.File, m.Line, m.Column, m.Field, m.Problem)
}

// Mistakes are all that is wrong in a file, in the order of its lines.
type Mistakes []*Mistake

// Error has a line for each mistake.
func (ms Mistakes) Error() string {
	lines := make([]string, len(ms))
	for i, m := range ms {
		lines[i] = m.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives errors.As each mistake.
func (ms Mistakes) Unwrap() []error {
	errs := make([]error, len(ms))
	for i, m := range ms {
		errs[i] = m
	}
	return errs
}

var (
	_ error = (*Mistake)(nil)
	_ error = Mistakes(nil)
)
