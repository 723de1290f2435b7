// Package reports is the suite of what customers reported: each report is reproduced, its cause is checked, the remedies that helped are
// tried, and so are those that were found useless.
package reports

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/remedy"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Name is the suite's name in every result.
const Name = "reports"

// Cases are the runs of all reports in each of their browsers that is among engines, "reports/REPORT/RUN/BROWSER", and those with a remedy,
// "…/with/REMEDY". The error names a report that claims what cannot be: a remedy that helps and is not available, or one that is said not to
// be and is.
func Cases(all []fixtures.Report, engines []browsers.Engine) ([]testbed.Case, error) {
	var cases []testbed.Case
	for _, r := range all {
		for _, run := range r.Runs {
			for _, engine := range run.Browsers {
				if !slices.Contains(engines, engine) {
					continue
				}
				c, err := testbed.CaseOf(run.Run, engine, strings.Join([]string{Name, r.ID, run.Name, string(engine)}, "/"), Name, run.Why)
				if err != nil {
					return nil, fmt.Errorf("report %s, run %s: %w", r.ID, run.Name, err)
				}
				cured, err := tried(run, c)
				if err != nil {
					return nil, fmt.Errorf("report %s, run %s in %s: %w", r.ID, run.Name, engine, err)
				}
				cases = append(append(cases, c), cured...)
			}
		}
	}
	return cases, nil
}

// tried are the cases with the remedies that a run speaks of.
func tried(run fixtures.ReportRun, c testbed.Case) ([]testbed.Case, error) {
	var cases []testbed.Case
	for _, m := range run.Helps {
		cured, err := remedy.Apply(m, c)
		if err != nil {
			return nil, fmt.Errorf("%s cannot help: %w", m, err)
		}
		cured.Expect = fixtures.Expectation{Outcome: fixtures.Works, Why: fmt.Sprintf("%s was reported to help.", m)}
		cases = append(cases, cured)
	}
	for _, m := range run.Useless {
		cured, err := remedy.Apply(m, c)
		switch missing, so := (*remedy.NotAvailableError)(nil), (*remedy.AlreadyError)(nil); {
		case errors.As(err, &so), errors.As(err, &missing):
			continue // it was so, or could not be otherwise, when it failed: the run itself shows it
		case err != nil:
			return nil, err
		}
		cured.Expect.Why = fmt.Sprintf("%s was reported not to help.", m)
		cases = append(cases, cured)
	}
	for _, m := range run.NotAvailable {
		_, err := remedy.Apply(m, c)
		if missing := (*remedy.NotAvailableError)(nil); !errors.As(err, &missing) {
			return nil, fmt.Errorf("%s is said not to be available; what comes of it is: %v", m, err)
		}
	}
	return cases, nil
}
