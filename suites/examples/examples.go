// Package examples is the suite of the example portals in several languages: their processes are started, their servers' own calls led into the case,
// and what becomes of them is what their integrations say.
package examples

import (
	"slices"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/matrix"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Name is the suite's name in every result.
const Name = "examples"

// whole is the example that is run in every engine under every policy. The others send a browser the same by the same addresses; what differs between
// them, a language's server, shows in any engine under any policy, so one of each will do: there the portal works and its copy with the mistake does not.
const (
	whole     = "node"
	oneEngine = browsers.Chromium
	onePolicy = "block-third-party"
)

// journals are what the site must have seen, by what is expected. The first command is asked by the portal's server, so it shows that this too came to the
// simulator of its case.
var journals = map[testbed.Outcome][]string{
	testbed.Works:        {"AC SUCCESS", "LI SUCCESS", "SM SUCCESS", "HM SUCCESS"},
	testbed.AccessDenied: {"AC SUCCESS", "LI SUCCESS", "SM FAIL AccessDenied"},
}

// Cases are the examples' cases.
func Cases(all []fixtures.Integration, engines []browsers.Engine, policies []policy.Policy) ([]testbed.Case, error) {
	someEngines := slices.DeleteFunc(slices.Clone(engines), func(e browsers.Engine) bool { return e != oneEngine })
	somePolicies := slices.DeleteFunc(slices.Clone(policies), func(p policy.Policy) bool { return p.Name != onePolicy })
	var cases []testbed.Case
	for _, in := range all {
		with, under := someEngines, somePolicies
		if in.Name == whole {
			with, under = engines, policies
		}
		more, err := matrix.CasesOf(Name, []fixtures.Integration{in}, with, under)
		if err != nil {
			return nil, err
		}
		for i := range more {
			more[i].Journal = journals[more[i].Expect.Outcome]
		}
		cases = append(cases, more...)
	}
	return cases, nil
}
