package suites

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/chromium"
	"github.com/cookiegate/cookiegate/browsers/firefox"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/browsers/webkit"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/internal/wording"
	"github.com/cookiegate/cookiegate/suites/examples"
	"github.com/cookiegate/cookiegate/suites/matrix"
	"github.com/cookiegate/cookiegate/suites/reports"
	"github.com/cookiegate/cookiegate/suites/scenarios"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Plan is the list of all cases that s wants, in the order of the report.
func Plan(s Selection) ([]testbed.Case, error) {
	own, err := ownIntegrations(s.Integrations)
	if err != nil {
		return nil, err
	}
	if err := s.check(own); err != nil {
		return nil, err
	}
	var cases []testbed.Case
	if len(own) > 0 {
		cases, err = ownCases(own, s.Policies)
	} else {
		cases, err = allCases()
	}
	if err != nil {
		return nil, err
	}
	all := slices.Clone(cases)
	if slices.ContainsFunc(cases, s.names) {
		cases = slices.DeleteFunc(cases, func(c testbed.Case) bool { return !s.names(c) })
	}
	cases = slices.DeleteFunc(cases, func(c testbed.Case) bool { return !s.wants(c) })
	if len(cases) == 0 {
		return nil, s.noneLeft(all)
	}
	return cases, nil
}

// allCases are the cases of every suite.
func allCases() ([]testbed.Case, error) {
	columns, err := fixtures.MatrixPolicies()
	if err != nil {
		return nil, err
	}
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

// ownIntegrations are those in files. Their names, and those of the policies that they bring along, mean one thing each.
func ownIntegrations(files []string) ([]fixtures.Integration, error) {
	var own []fixtures.Integration
	var err error
	policies := map[string]policy.Policy{}
	from := map[string]string{}
	for _, file := range files {
		in, readErr := fixtures.LoadIntegration(file)
		if readErr != nil {
			err = errors.Join(err, readErr)
			continue
		}
		if other, taken := from[in.Name]; taken {
			err = errors.Join(err, fmt.Errorf("%s and %s both have the name %q; expected a name for each", other, file, in.Name))
		}
		from[in.Name] = file
		own = append(own, in)
		columns, wrong := in.Columns()
		err = errors.Join(err, wrong)
		for _, p := range columns {
			if other, taken := policies[p.Name]; taken && !reflect.DeepEqual(other, p) {
				err = errors.Join(err, fmt.Errorf("%s: its policy %s is not what another integration's policy of that name is; expected a name for each", file, p.Name))
			}
			policies[p.Name] = p
		}
	}
	return own, err
}

// ownCases are the matrix of integrations of a person's own: each under its own policies, or under those that are named.
func ownCases(own []fixtures.Integration, named []string) ([]testbed.Case, error) {
	var all []testbed.Case
	for _, in := range own {
		columns, err := in.Columns()
		if err != nil {
			return nil, err
		}
		if len(named) > 0 {
			columns = nil
		}
		for _, name := range named {
			// What is unknown here is another integration's own.
			if p, err := in.PolicyNamed(name); err == nil && !slices.ContainsFunc(columns, func(o policy.Policy) bool { return o.Name == name }) {
				columns = append(columns, p)
			}
		}
		cases, err := matrix.Cases([]fixtures.Integration{in}, Engines, columns)
		if err != nil {
			return nil, err
		}
		all = append(all, cases...)
	}
	return all, nil
}

// check refuses names that nothing has, own integrations included.
func (s Selection) check(own []fixtures.Integration) error {
	policies := fixtures.PolicyNames()
	for _, in := range own {
		columns, err := in.Columns()
		if err != nil {
			return err
		}
		for _, p := range columns {
			if !slices.Contains(policies, p.Name) {
				policies = append(policies, p.Name)
			}
		}
	}
	folders, err := fixtures.Suites()
	if err != nil {
		return err
	}
	return errors.Join(
		known("--browsers (BROWSERS)", "browser", s.Browsers, Engines),
		known("--policies (POLICIES)", "policy", s.Policies, policies),
		known("--suites (SUITES)", "suite", s.Suites, append(folders, matrix.Name, examples.Name, reports.Name)),
	)
}

// known refuses words that are none of all; flag is where they came from.
func known[T ~string](flag, what string, wanted, all []T) error {
	names := make([]string, len(all))
	for i, name := range all {
		names[i] = string(name)
	}
	for _, w := range wanted {
		if !slices.Contains(all, w) {
			return fmt.Errorf("%s: there is no %s %q; expected some of %s%s", flag, what, w, strings.Join(names, ", "), wording.DidYouMean(string(w), names))
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
