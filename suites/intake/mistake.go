package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Mistake is what is wrong in a file, and where.
type Mistake struct {
	File   string
	Line   int   // counted from 1; 0 where it is not known
	Offset int64 // bytes before it; -1 where it is not known
	Entry  int   // of a HAR, counted from 1; 0 outside of any
	Field  string
	// Problem is what is wrong and what was expected.
	Problem string

	err error // what it came from, where that is an error of reading
}

// Error is "file:line: byte offset, entry, field: problem", without what is not known.
func (m *Mistake) Error() string {
	var where []string
	if m.Offset >= 0 {
		where = append(where, "byte "+strconv.FormatInt(m.Offset, 10))
	}
	if m.Entry > 0 {
		where = append(where, "entry "+strconv.Itoa(m.Entry))
	}
	if m.Field != "" {
		where = append(where, m.Field)
	}
	s := m.File + ":"
	if m.Line > 0 {
		s += strconv.Itoa(m.Line) + ":"
	}
	if len(where) > 0 {
		s += " " + strings.Join(where, ", ") + ":"
	}
	return s + " " + m.Problem
}

// Unwrap is the error of reading that it came from, or nil.
func (m *Mistake) Unwrap() error { return m.err }

// Untranslated is a setting in a file that has no counterpart here.
type Untranslated struct {
	Setting string `json:"setting"` // by its own name, with its value where that says more
	Why     string `json:"why"`     // for a person
}

func (u Untranslated) String() string { return u.Setting + ": " + u.Why }

// lineAt is the number of the line in which the byte at offset stands.
func lineAt(data []byte, offset int64) int {
	return 1 + bytes.Count(data[:max(0, min(offset, int64(len(data))))], []byte("\n"))
}

// wholeFile reads a small file. Limit is in bytes.
func wholeFile(file string, r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if int64(len(data)) > limit {
		return nil, &Mistake{File: file, Offset: limit, Problem: fmt.Sprintf("the file goes on after %d bytes; at most so many are read", limit)}
	}
	return data, nil
}

// utf8File reads a small file whose kind is read as UTF-8 alone. Limit is in bytes.
func utf8File(file string, r io.Reader, limit int64) ([]byte, error) {
	data, err := wholeFile(file, r, limit)
	if err == nil && (bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff"))) {
		return nil, &Mistake{File: file, Line: 1, Problem: notJSON(data)} // as PowerShell redirects
	}
	return data, err
}

// shown is the beginning of a text that a stranger may have made as long as he liked, in quotes.
func shown(s string) string {
	if len(s) > longestShown {
		s = strings.ToValidUTF8(s[:longestShown], "") + "…"
	}
	return strconv.Quote(s)
}

const longestShown = 60

// asMistake is err as a Mistake, where it is one.
func asMistake(err error) (*Mistake, bool) {
	var m *Mistake
	ok := errors.As(err, &m)
	return m, ok
}

var _ error = (*Mistake)(nil)
