// Package scenarios makes cases of the scenarios in fixtures: what time, logout and a restart do to a session, and what settings, networks
// and old browsers' rules do to its cookies. Each folder of scenarios is a suite.
package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Cases are the scenarios in each of their browsers that is among engines.
func Cases(all []fixtures.Scenario, engines []browsers.Engine) ([]testbed.Case, error) {
	var cases []testbed.Case
	for _, s := range all {
		in, err := fixtures.IntegrationNamed(s.Integration)
		if err != nil {
			return nil, fmt.Errorf("scenario %s: %w", s.Name, err)
		}
		p, err := fixtures.Policy(s.Policy)
		if err != nil {
			return nil, fmt.Errorf("scenario %s: %w", s.Name, err)
		}
		if s.Goal != "" {
			in.Goal = s.Goal
		}
		steps := s.Steps
		if steps == nil {
			steps = in.Steps
		}
		for _, engine := range s.Browsers {
			if !slices.Contains(engines, engine) {
				continue
			}
			cases = append(cases, testbed.Case{
				ID:          strings.Join([]string{s.Suite, s.Name, string(engine)}, "/"),
				Suite:       s.Suite,
				Integration: in,
				Engine:      engine,
				Policy:      p,
				Site:        s.Site.Apply(testbed.SiteOf(in, session.Profile(s.Profile))),
				Network:     s.Network,
				Steps:       steps,
				Expect:      fixtures.Expectation{Outcome: s.Outcome, Cause: s.Cause, Why: s.Why},
				Journal:     s.Journal,
			})
		}
	}
	return cases, nil
}
