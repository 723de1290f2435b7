package testbed

import (
	"reflect"
	"slices"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/simulator"
	"github.com/cookiegate/cookiegate/simulator/session"
)

// Case is one thing to try: an integration in a browser under a cookie policy, against a site. It is a plain value, everything about
// a case is in it, so every result can be run again, and a remedy is a function from a Case to a Case.
type Case struct {
	// ID names the case in every report and on the command line: "matrix/iframe/none-secure/chromium/block-third-party".
	ID    string
	Suite string
	// Integration is how the portal calls the site; its Site and Host name the simulator's site and the host who logs in.
	Integration fixtures.Integration
	Engine      browsers.Engine
	Policy      policy.Policy
	// Site is the simulated Webex site with its cookie profile.
	Site simulator.Site
	// Network is what stands between browser and site.
	Network fixtures.Network
	Steps   []fixtures.Step
	// Expect is what must come out, written by hand in the fixtures.
	Expect fixtures.Expectation
	// Journal is the sequence of commands and answers that the site must have seen ("LI SUCCESS", "HM FAIL AccessDenied"); nil: any.
	Journal []string
	// Photograph keeps what the person saw before his last step and at the end, also where it is what was expected.
	Photograph bool
	// Trace is the file into which Playwright's trace is written, without secrets, where the engine writes one; empty: none.
	Trace string
}

// sameAs says whether c and o are one case under two names: what is tried and what must come out are the same.
func (c Case) sameAs(o Case) bool {
	o.ID, o.Suite, o.Trace, o.Expect.When, o.Expect.Why = c.ID, c.Suite, c.Trace, c.Expect.When, c.Expect.Why
	return reflect.DeepEqual(c, o)
}

// sameUnasked says whether c and o come to the same where the site is not asked for anything: then its cookie profile is all that they differ in, and no
// cookie was ever made by it.
func (c Case) sameUnasked(o Case) bool {
	o.Site.Profile = c.Site.Profile
	return c.sameAs(o)
}

// persistent says that the case shows what survives a restart, and so needs a browser with a profile on disk to itself.
func (c Case) persistent() bool {
	return slices.ContainsFunc(c.Steps, func(s fixtures.Step) bool { return s.RestartBrowser })
}

// awaitsTimer says that a timer of a page is waited for when the clock moves.
func (c Case) awaitsTimer() bool {
	return slices.ContainsFunc(c.Steps, func(s fixtures.Step) bool { return s.AdvanceClock > 0 && s.Await != "" })
}

// movesClock says that the pages' clock must move with the simulator's.
func (c Case) movesClock() bool {
	return slices.ContainsFunc(c.Steps, func(s fixtures.Step) bool { return s.AdvanceClock > 0 })
}

// SiteHost is the host name of the case's Webex site.
func (c Case) SiteHost() string { return c.Site.Name + ".webex.com" }

// result is the case's Result before anything is known.
func (c Case) result() Result {
	return Result{
		ID:          c.ID,
		Suite:       c.Suite,
		Integration: c.Integration.Name,
		File:        c.Integration.File,
		Browser:     c.Engine,
		Policy:      c.Policy.Name,
		Profile:     string(c.Site.Profile),
		Site:        fixtures.SiteSettingsOf(c.Site).Lines(),
		Network:     c.Network.Lines(),
		Expected:    c.Expect.Outcome,
		Why:         c.Expect.Why,
	}
}

// CaseOf is the case that a fixture describes, in one of its browsers. Why is the fact that its expectation follows from. The error is that
// of a name which nothing compiled in has.
func CaseOf(r fixtures.Run, engine browsers.Engine, id, suite, why string) (Case, error) {
	in, err := fixtures.IntegrationNamed(r.Integration)
	if err != nil {
		return Case{}, err
	}
	p, err := fixtures.Policy(r.Policy)
	if err != nil {
		return Case{}, err
	}
	if r.Goal != "" {
		in.Goal = r.Goal
	}
	steps := r.Steps
	if steps == nil {
		steps = in.Steps
	}
	return Case{
		ID:          id,
		Suite:       suite,
		Integration: in,
		Engine:      engine,
		Policy:      p,
		Site:        r.Site.Apply(SiteOf(in, session.Profile(r.Profile))),
		Network:     r.Network,
		Steps:       steps,
		Expect:      fixtures.Expectation{Outcome: r.Outcome, Cause: r.Cause, Why: why},
		Journal:     r.Journal,
	}, nil
}

// The account of every site that cases run against beside the integration's host: one more who may be logged in already.
const (
	bystander         = "bob"
	bystanderPassword = "secret"
)

// SiteOf is the site an integration is run against, with its settings, under a cookie profile.
func SiteOf(in fixtures.Integration, p session.Profile) simulator.Site {
	hosts := []simulator.Host{{WebExID: in.Host, Password: in.Password}}
	if in.Host != bystander {
		hosts = append(hosts, simulator.Host{WebExID: bystander, Password: bystanderPassword})
	}
	return in.SiteSettings.Apply(simulator.Site{Name: in.Site, Hosts: hosts, PartnerID: in.PartnerID, Profile: p})
}
