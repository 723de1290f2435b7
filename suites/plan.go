package suites

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/chromium"
	"github.com/cookiegate/cookiegate/browsers/firefox"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/browsers/webkit"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/examples"
	"github.com/cookiegate/cookiegate/suites/matrix"
	"github.com/cookiegate/cookiegate/suites/reports"
	"github.com/cookiegate/cookiegate/suites/scenarios"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Plan is the list of all cases that s wants, in the order of the report.
func Plan(s Selection) ([]testbed.Case, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	columns, err := fixtures.MatrixPolicies()
	if err != nil {
		return nil, err
	}
	var cases []testbed.Case
	if len(s.Integrations) > 0 {
		cases, err = ownCases(s.Integrations, columns)
	} else {
		cases, err = allCases(columns)
	}
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(cases, s.names) {
		cases = slices.DeleteFunc(cases, func(c testbed.Case) bool { return !s.names(c) })
	}
	cases = slices.DeleteFunc(cases, func(c testbed.Case) bool { return !s.wants(c) })
	if len(cases) == 0 {
		return nil, errors.New("no case is left: browsers, policies, suites and focus exclude each other")
	}
	return cases, nil
}

// allCases are the cases of every suite.
func allCases(columns []policy.Policy) ([]testbed.Case, error) {
	integrations, err := fixtures.Integrations()
	if err != nil {
		return nil, err
	}
	cases, err := matrix.Cases(integrations, Engines, columns)
	if err != nil {
		return nil, err
	}
	all, err := fixtures.Scenarios()
	if err != nil {
		return nil, err
	}
	more, err := scenarios.Cases(all, Engines)
	if err != nil {
		return nil, err
	}
	portals, err := fixtures.Examples()
	if err != nil {
		return nil, err
	}
	examined, err := examples.Cases(portals, Engines, columns)
	if err != nil {
		return nil, err
	}
	library, err := fixtures.Reports()
	if err != nil {
		return nil, err
	}
	reported, err := reports.Cases(library, Engines)
	return slices.Concat(cases, more, examined, reported), err
}

// ownCases are the matrix of the integrations in files.
func ownCases(files []string, columns []policy.Policy) ([]testbed.Case, error) {
	var own []fixtures.Integration
	var err error
	from := map[string]string{}
	for _, file := range files {
		in, readErr := fixtures.LoadIntegration(file)
		if err = errors.Join(err, readErr); readErr != nil {
			continue
		}
		if other, taken := from[in.Name]; taken {
			err = errors.Join(err, fmt.Errorf("%s and %s both have the name %q; expected a name for each", other, file, in.Name))
		}
		from[in.Name] = file
		own = append(own, in)
	}
	if err != nil {
		return nil, err
	}
	return matrix.Cases(own, Engines, columns)
}

// check refuses names that nothing has.
func (s Selection) check() error {
	folders, err := fixtures.Suites()
	if err != nil {
		return err
	}
	return errors.Join(
		known("browser", s.Browsers, Engines),
		known("policy", s.Policies, fixtures.PolicyNames()),
		known("suite", s.Suites, append(folders, matrix.Name, examples.Name, reports.Name)),
	)
}

func known[T ~string](what string, wanted, all []T) error {
	for _, w := range wanted {
		if !slices.Contains(all, w) {
			return fmt.Errorf("there is no %s %q; expected some of %v", what, w, all)
		}
	}
	return nil
}

// Drivers are the browsers that cases can be run in.
func Drivers() map[browsers.Engine]browsers.Driver {
	return map[browsers.Engine]browsers.Driver{
		browsers.Chromium: chromium.Driver{},
		browsers.Firefox:  firefox.Driver{},
		browsers.WebKit:   webkit.Driver{},
	}
}
