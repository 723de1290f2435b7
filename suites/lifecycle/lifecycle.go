// Package lifecycle is the suite of what time, logout, a restart and other people do to a session.
package lifecycle

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Name is the suite's name in every result.
const Name = "lifecycle"

// Cases are the lifecycle cases in each of their browsers that is among engines.
func Cases(lives []fixtures.LifecycleCase, engines []browsers.Engine) ([]testbed.Case, error) {
	var cases []testbed.Case
	for _, l := range lives {
		in, err := fixtures.IntegrationNamed(l.Integration)
		if err != nil {
			return nil, fmt.Errorf("lifecycle case %s: %w", l.Name, err)
		}
		p, err := fixtures.Policy(l.Policy)
		if err != nil {
			return nil, fmt.Errorf("lifecycle case %s: %w", l.Name, err)
		}
		for _, engine := range l.Browsers {
			if !slices.Contains(engines, engine) {
				continue
			}
			cases = append(cases, testbed.Case{
				ID:          strings.Join([]string{Name, l.Name, string(engine)}, "/"),
				Suite:       Name,
				Integration: in,
				Engine:      engine,
				Policy:      p,
				Site:        testbed.SiteOf(in, session.Profile(l.Profile)),
				Steps:       l.Steps,
				Expect:      fixtures.Expectation{Outcome: l.Outcome, Cause: l.Cause, Why: l.Why},
				Journal:     l.Journal,
			})
		}
	}
	return cases, nil
}
