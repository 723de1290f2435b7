package reports

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/remedy"
	"github.com/cookiegate/cookiegate/suites/report"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Proof is when and in which browsers the cases of this suite came out as the library says.
type Proof struct {
	Date time.Time `json:"date"`
	// Browsers are those that each case passed in, with their versions, by the case's ID.
	Browsers map[string]string `json:"browsers"`
	// NotAvailable says of the others why this machine could not show them.
	NotAvailable map[string]string `json:"notAvailable,omitempty"`
}

// ProofOf takes the proof out of the results of a run. The error names cases that did not pass.
func ProofOf(run report.Run) (Proof, error) {
	p := Proof{Date: run.Started.UTC().Truncate(24 * time.Hour), Browsers: map[string]string{}, NotAvailable: map[string]string{}}
	var errs []error
	for _, res := range run.Results {
		switch {
		case res.Suite != Name:
		case res.Status == testbed.Passed:
			p.Browsers[res.ID] = res.BrowserVersion
		case res.Status == testbed.NotAvailable:
			p.NotAvailable[res.ID] = res.Sentence
		default:
			errs = append(errs, fmt.Errorf("%s is %s: %s", res.ID, res.Status, res.Sentence))
		}
	}
	return p, errors.Join(errs...)
}

// symptoms are the outcomes as a person would say them, in the order of the page.
var symptoms = []struct {
	outcome fixtures.Outcome
	says    string
}{
	{fixtures.AccessDenied, "Access Denied, 401 or 403 after a login that seemed to work"},
	{fixtures.LoginLoop, "Asked to log in again and again"},
	{fixtures.WrongUser, "Hosting as somebody else"},
	{fixtures.Stuck, "Nothing happens, or it ends before the meeting"},
}

// chapter is what is known of one symptom with one cause.
type chapter struct {
	reason  fixtures.Reason
	why     []string // in the order of the library
	reports []fixtures.Report
	helps   map[fixtures.Remedy]map[string]bool // by remedy: the browsers it was proven in
	useless map[fixtures.Remedy]map[string]bool
	missing map[fixtures.Remedy]map[string]bool
}

// Troubleshooting writes the page that leads from a symptom to its likely causes and the remedies that are proven against them.
func Troubleshooting(w io.Writer, library []fixtures.Report, p Proof) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Troubleshooting\n\n%s\n\n", strings.Join([]string{
		"Symptom, likely cause, proven remedy. This page is generated from the library of reports ([fixtures/reports](../fixtures/reports)) and from a",
		"run of its cases in real browsers, on " + p.Date.Format(time.DateOnly) + ": do not edit it. `cookiegate repro FILE…` does the same for a complaint of your own",
		"([repro.md](repro.md)).",
	}, "\n"))
	for _, s := range symptoms {
		chapters, err := chaptersOf(library, s.outcome, p)
		if err != nil {
			return err
		}
		if len(chapters) == 0 {
			continue
		}
		fmt.Fprintf(&b, "## %s\n\n", s.says)
		for _, c := range chapters {
			if err := c.write(&b); err != nil {
				return err
			}
		}
	}
	b.WriteString("## What no browser here can show\n\n")
	for _, r := range library {
		if len(r.Runs) == 0 {
			fmt.Fprintf(&b, "- **%s** (`%s`): %s\n", r.Title, r.ID, r.NotShown)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// said is the symptom under which a report stands: what was said, where that is a word of ours.
func said(r fixtures.Report) fixtures.Outcome { return fixtures.Outcome(r.Symptom) }

func chaptersOf(library []fixtures.Report, symptom fixtures.Outcome, p Proof) ([]*chapter, error) {
	index := map[fixtures.Reason]*chapter{}
	for _, r := range library {
		if said(r) != symptom {
			continue
		}
		for _, run := range r.Runs {
			if run.Cause == nil {
				continue
			}
			c := index[run.Cause.Reason]
			if c == nil {
				c = &chapter{reason: run.Cause.Reason, helps: map[fixtures.Remedy]map[string]bool{}, useless: map[fixtures.Remedy]map[string]bool{}, missing: map[fixtures.Remedy]map[string]bool{}}
				index[run.Cause.Reason] = c
			}
			if !slices.Contains(c.why, run.Why) {
				c.why = append(c.why, run.Why)
			}
			if !slices.ContainsFunc(c.reports, func(o fixtures.Report) bool { return o.ID == r.ID }) {
				c.reports = append(c.reports, r)
			}
			c.collect(r, run, p)
		}
	}
	chapters := slices.Collect(maps.Values(index))
	slices.SortFunc(chapters, func(a, b *chapter) int {
		return cmp.Or(cmp.Compare(len(b.reports), len(a.reports)), cmp.Compare(a.reason, b.reason))
	})
	return chapters, nil
}

// collect notes the browsers in which the remedies of a run were tried.
func (c *chapter) collect(r fixtures.Report, run fixtures.ReportRun, p Proof) {
	for _, engine := range run.Browsers {
		id := strings.Join([]string{Name, r.ID, run.Name, string(engine)}, "/")
		note := func(m map[fixtures.Remedy]map[string]bool, remedies []fixtures.Remedy, of func(fixtures.Remedy) string) {
			for _, one := range remedies {
				if browser := of(one); browser != "" {
					if m[one] == nil {
						m[one] = map[string]bool{}
					}
					m[one][browser] = true
				}
			}
		}
		tried := func(m fixtures.Remedy) string { return p.Browsers[id+"/with/"+string(m)] }
		note(c.helps, run.Helps, tried)
		note(c.useless, run.Useless, tried)
		note(c.missing, run.NotAvailable, func(fixtures.Remedy) string { return p.Browsers[id] })
	}
}

func (c *chapter) write(b *strings.Builder) error {
	fmt.Fprintf(b, "### %s\n\n", c.reason)
	for _, why := range c.why {
		fmt.Fprintf(b, "- %s\n", why)
	}
	b.WriteString("\n| remedy | proven in | does not help in | not available in |\n|---|---|---|---|\n")
	told, err := remedy.All(testbed.Case{})
	if err != nil {
		return err
	}
	for _, r := range told {
		row := []string{names(c.helps[r.ID]), names(c.useless[r.ID]), names(c.missing[r.ID])}
		if strings.Join(row, "") != "" {
			fmt.Fprintf(b, "| %s (`%s`) | %s |\n", r.Title, r.ID, strings.Join(row, " | "))
		}
	}
	b.WriteString("\nReported as:\n\n")
	for _, r := range c.reports {
		fmt.Fprintf(b, "- %s (`%s`): %s\n", r.Title, r.ID, strings.Join(r.Source, ", "))
	}
	b.WriteString("\n")
	return nil
}

func names(set map[string]bool) string { return strings.Join(slices.Sorted(maps.Keys(set)), ", ") }
