package baseline

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/cookiegate/cookiegate/suites/report"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Terms are what is written of cells that are accepted anew.
type Terms struct {
	Reason string // empty: what went wrong, in the words of the report
	Link   string
	Until  string
}

// Check says what is wrong with the terms.
func (t Terms) Check() error {
	if t.Reason != "" && strings.TrimSpace(t.Reason) == "" {
		return fmt.Errorf("reason: %q is blank; expected why the cells fail", t.Reason)
	}
	if err := checkLink(t.Link); err != nil {
		return fmt.Errorf("link: %w", err)
	}
	if t.Until != "" {
		if _, err := parseUntil(t.Until); err != nil {
			return fmt.Errorf("until: %w", err)
		}
	}
	return nil
}

// Changes says what accepting a run did to a baseline. Each list is in the order of the cases' names.
type Changes struct {
	Added   []string // fail, and were not recorded
	Changed []string // fail otherwise than recorded, or for longer: they have new terms
	Kept    []string // fail as recorded
	Removed []string // work now, and so are recorded no more
	Absent  []string // recorded, and not in this run: they stay as they were
	Refused []string // error, flaky, or failing in more than one way: there is no outcome that could be known
}

// Accept makes the baseline that knows the failures of a run. Cells that are recorded and fail as they did keep their terms, and where their end
// has come the reason and link for which no others are given; those the run does not hold stay as they were, or go where prune is set.
func (b *Baseline) Accept(run report.Run, terms Terms, prune bool) (*Baseline, Changes) {
	var next Baseline
	var changes Changes
	ran := map[string]bool{}
	for _, r := range run.Results {
		ran[r.ID] = true
		old, recorded := b.cell(r.ID)
		switch {
		case r.Status == testbed.Error, r.Status == testbed.Flaky, r.Status == testbed.Failed && !accepted(r, terms).fits(r):
			changes.Refused = append(changes.Refused, r.ID)
			if recorded {
				next.Cells = append(next.Cells, old)
			}
		case r.Status == testbed.NotAvailable && recorded:
			changes.Kept = append(changes.Kept, r.ID)
			next.Cells = append(next.Cells, old)
		case r.Status == testbed.Passed && recorded:
			changes.Removed = append(changes.Removed, r.ID)
		case r.Status != testbed.Failed:
		case recorded && old.fits(r) && !old.ended(r, run.Started):
			changes.Kept = append(changes.Kept, r.ID)
			next.Cells = append(next.Cells, old)
		default:
			anew := terms
			switch {
			case !recorded:
				changes.Added = append(changes.Added, r.ID)
			case old.fits(r): // for longer than was said, and for the same reason
				anew.Reason, anew.Link = cmp.Or(terms.Reason, old.Reason), cmp.Or(terms.Link, old.Link)
				fallthrough
			default:
				changes.Changed = append(changes.Changed, r.ID)
			}
			next.Cells = append(next.Cells, accepted(r, anew))
		}
	}
	for _, c := range b.Cells {
		switch {
		case ran[c.ID]:
		case prune:
			changes.Removed = append(changes.Removed, c.ID)
		default:
			changes.Absent = append(changes.Absent, c.ID)
			next.Cells = append(next.Cells, c)
		}
	}
	slices.SortFunc(next.Cells, func(a, b Cell) int { return strings.Compare(a.ID, b.ID) })
	for _, list := range [][]string{changes.Added, changes.Changed, changes.Kept, changes.Removed, changes.Absent, changes.Refused} {
		slices.Sort(list)
	}
	return &next, changes
}

// Over are those of the cases ids whose entry ends before it begins: its end has come for what the run found.
func (b *Baseline) Over(run report.Run, ids []string, now time.Time) []string {
	var over []string
	for _, r := range run.Results {
		if c, recorded := b.cell(r.ID); recorded && slices.Contains(ids, r.ID) && c.ended(r, now) {
			over = append(over, r.ID)
		}
	}
	return over
}

func accepted(r testbed.Result, terms Terms) Cell {
	c := Cell{ID: r.ID, Outcome: r.Outcome, Reason: terms.Reason, Link: terms.Link, Until: terms.Until}
	if r.Cause != nil {
		c.Cause = r.Cause.Reason
	}
	if c.Reason == "" {
		c.Reason = report.Wrong(r)
	}
	return c
}

// head stands at the top of every baseline.
const head = `# Cells that are known to fail. "cookiegate accept" writes this file; reason, link and until are yours to edit, other comments do not last.
# docs/accept.md explains each key.
`

// Check says what is wrong with the first cell that could not be read again.
func (b *Baseline) Check() error {
	var wrong error
	for _, c := range b.Cells {
		c.check(func(field string, err error) { wrong = cmp.Or(wrong, fmt.Errorf("%s: %w", field, err)) })
	}
	return wrong
}

// Write writes the baseline to a file, whole or not at all. The error may be that of Check, or of what would be written: Load would refuse it.
func (b *Baseline) Write(path string) error {
	if err := b.Check(); err != nil {
		return err
	}
	var text bytes.Buffer
	text.WriteString(head)
	if err := yaml.NewEncoder(&text, yaml.IndentSequence(true)).Encode(file{Version: Version, Cells: b.Cells}); err != nil {
		return err
	}
	// There may be more cells than are read, and reasons that are written and cannot be read.
	if _, err := Parse(path, text.Bytes()); err != nil {
		return fmt.Errorf("%w; it is not written, for no run could read it", err)
	}
	return report.WriteFile(path, func(w io.Writer) error {
		_, err := w.Write(text.Bytes())
		return err
	})
}
