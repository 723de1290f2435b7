package baseline

import (
	"fmt"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/internal/strictyaml"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Version is the version of the format that this package writes and reads.
const Version = 1

// Baseline is the record of the cells that are known to fail, in the order of the file.
type Baseline struct {
	Cells []Cell
}

// Cell is a case that is known to fail, and how.
type Cell struct {
	ID      string          `yaml:"id"`
	Outcome testbed.Outcome `yaml:"outcome,omitempty"` // empty where the case fails without one, by a check of its own
	Cause   testbed.Reason  `yaml:"cause,omitempty"`   // empty: any
	Reason  string          `yaml:"reason"`
	Link    string          `yaml:"link,omitempty"`
	Until   string          `yaml:"until,omitempty"` // the last day, such as 2027-01-31, or the engine's version that ends it, such as "chromium 160"
}

// file is the format.
type file struct {
	Version int    `yaml:"version"`
	Cells   []Cell `yaml:"cells,omitempty"`
}

// Load reads a baseline. The error names file, line, field and what was expected.
func Load(path string) (*Baseline, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, data)
}

// Parse is Load of a text; name stands for the file in errors.
func Parse(name string, data []byte) (*Baseline, error) {
	var f file
	d, err := strictyaml.Read(name, data, &f, vocabulary())
	if err != nil {
		return nil, err
	}
	if f.Version != Version {
		d.Report("version", "is %d; expected %d", f.Version, Version)
	}
	first := map[string]int{}
	for i, c := range f.Cells {
		if at, twice := first[c.ID]; twice {
			d.Report(fmt.Sprintf("cells[%d].id", i), "stands in cells[%d] already; expected each case once", at)
		}
		first[c.ID] = i
		c.check(func(field string, err error) { d.Report(fmt.Sprintf("cells[%d].%s", i, field), "%v", err) })
	}
	if err := d.Err(); err != nil {
		return nil, err
	}
	return &Baseline{Cells: f.Cells}, nil
}

func vocabulary() strictyaml.Vocabulary {
	v := strictyaml.Vocabulary{}
	strictyaml.Words(v, fixtures.Works, fixtures.AccessDenied, fixtures.LoginLoop, fixtures.Stuck, fixtures.WrongUser)
	strictyaml.Words(v, append(fixtures.Reasons(), testbed.Unexplained)...)
	return v
}

// Format is the kind of file that Load reads.
func Format() strictyaml.Format {
	return strictyaml.Format{
		Name: "baseline", About: "The cells that are known to fail.", Type: reflect.TypeFor[file](), Words: vocabulary(),
		Check: func(name string, data []byte) error {
			_, err := Parse(name, data)
			return err
		},
	}
}

// check reports what is wrong with a cell that its type cannot say.
func (c Cell) check(report func(field string, err error)) {
	if err := checkLink(c.Link); err != nil {
		report("link", err)
	}
	if c.Until == "" {
		return
	}
	u, err := parseUntil(c.Until)
	if err == nil && u.engine != "" && !slices.Contains(strings.Split(c.ID, "/"), string(u.engine)) {
		err = fmt.Errorf("%q is a version of %s, in which %s does not run; expected a version of its own engine, or a day", c.Until, u.engine, c.ID)
	}
	if err != nil {
		report("until", err)
	}
}

func checkLink(text string) error {
	if text == "" {
		return nil
	}
	if u, err := url.Parse(text); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Errorf("%q is no address; expected one such as https://issues.example/123", text)
	}
	return nil
}

// cell is what the baseline says of a case.
func (b *Baseline) cell(id string) (Cell, bool) {
	for _, c := range b.Cells {
		if c.ID == id {
			return c, true
		}
	}
	return Cell{}, false
}

// Judge holds a result against the baseline: what it says of the case, nil where it says nothing, and where there is no outcome that could
// be known. At is the day on which entries end; strict has a case that works, and is recorded as failing, close the gate.
func (b *Baseline) Judge(r testbed.Result, at time.Time, strict bool) *testbed.Known {
	c, ok := b.cell(r.ID)
	if !ok {
		return nil
	}
	k := &testbed.Known{Outcome: c.Outcome, Reason: c.Reason, Link: c.Link, Until: c.Until}
	switch r.Status {
	case testbed.Passed:
		k.State, k.Red = testbed.NewlyWorking, strict
	case testbed.Failed:
		switch {
		case !c.fits(r):
			k.State, k.Red = testbed.FailsOtherwise, true
		case c.ended(r, at):
			k.State, k.Red = testbed.Expired, true
		default:
			k.State = testbed.KnownFailing
		}
	default:
		return nil
	}
	return k
}

// fits says whether a case fails as recorded, in each of its runs.
func (c Cell) fits(r testbed.Result) bool {
	for _, p := range r.Repetitions {
		if c.Outcome != p.Outcome || c.Cause != "" && c.Cause != p.Reason {
			return false
		}
	}
	return c.Outcome == r.Outcome && (c.Cause == "" || r.Cause != nil && r.Cause.Reason == c.Cause)
}

// ended says whether the entry holds no more. Parse has seen that Until can be read.
func (c Cell) ended(r testbed.Result, at time.Time) bool {
	if c.Until == "" {
		return false
	}
	u, err := parseUntil(c.Until)
	return err != nil || u.over(r, at)
}

// Gone are the cells that are no case any more; ids are all there are, selected for this run or not.
func (b *Baseline) Gone(ids []string) []string {
	exists := map[string]bool{}
	for _, id := range ids {
		exists[id] = true
	}
	var gone []string
	for _, c := range b.Cells {
		if !exists[c.ID] {
			gone = append(gone, c.ID)
		}
	}
	return gone
}
