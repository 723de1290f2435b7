// Package scenarios makes cases of the scenarios in fixtures: what time, logout and a restart do to a session, and what settings, networks
// and old browsers' rules do to its cookies. Each folder of scenarios is a suite.
package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Cases are the scenarios in each of their browsers that is among engines.
func Cases(all []fixtures.Scenario, engines []browsers.Engine) ([]testbed.Case, error) {
	var cases []testbed.Case
	for _, s := range all {
		for _, engine := range s.Browsers {
			if !slices.Contains(engines, engine) {
				continue
			}
			c, err := testbed.CaseOf(s.Run, engine, strings.Join([]string{s.Suite, s.Name, string(engine)}, "/"), s.Suite, s.Why)
			if err != nil {
				return nil, fmt.Errorf("scenario %s: %w", s.Name, err)
			}
			cases = append(cases, c)
		}
	}
	return cases, nil
}
