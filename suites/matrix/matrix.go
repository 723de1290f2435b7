// Package matrix is the suite of every integration in every browser under every cookie policy, with the cookie profiles that matter to it.
package matrix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Name is the suite's name in every result.
const Name = "matrix"

// Cases are the cells of the matrix. A cell for which the integration has no expectation is an error that names it.
func Cases(integrations []fixtures.Integration, engines []browsers.Engine, policies []policy.Policy) ([]testbed.Case, error) {
	return CasesOf(Name, integrations, engines, policies)
}

// CasesOf are the cells of a suite's own matrix.
func CasesOf(suite string, integrations []fixtures.Integration, engines []browsers.Engine, policies []policy.Policy) ([]testbed.Case, error) {
	var cases []testbed.Case
	for _, in := range integrations {
		for _, profile := range in.Profiles {
			for _, engine := range engines {
				for _, p := range policies {
					if !slices.Contains(in.ProfilesUnder(p.Name), profile) {
						continue
					}
					cell := fixtures.Cell{Browser: engine, Policy: p.Name, Profile: profile}
					expect, ok := in.Expected(cell)
					if !ok {
						return nil, fmt.Errorf("integration %s says nothing of %s", in.Name, cell)
					}
					cases = append(cases, testbed.Case{
						ID:          strings.Join([]string{suite, in.Name, profile, string(engine), p.Name}, "/"),
						Suite:       suite,
						Integration: in,
						Engine:      engine,
						Policy:      p,
						Site:        testbed.SiteOf(in, session.Profile(profile)),
						Network:     in.Network,
						Steps:       in.Steps,
						Expect:      expect,
					})
				}
			}
		}
	}
	return cases, nil
}
