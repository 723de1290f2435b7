package repro

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/browsers/probe"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/suites/intake"
	"github.com/cookiegate/cookiegate/suites/predict"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Candidate is one case that a complaint could mean.
type Candidate struct {
	Case       testbed.Case
	Situation  string // what is special beside browser, policy and cookies: "nothing", "idle for more than 30 minutes"
	Prediction predict.Prediction
	// Share is how much of all likelihood is this candidate's, of 1.
	Share float64
	fit   float64 // see evidence.fits
}

// styleWeights are how often a style of integration is met, about.
var styleWeights = map[string]float64{
	"iframe": 4, "redirect": 3, "popup": 1, "form-post": 1, "frameset": .7, "background": .7, "chained": .5, "logout-first": .5, "server-to-server": .2,
}

// candidates are all cases that the complaint leaves open, with their prior weight. What the report's library runs say is taken as it is.
func (c *Complaint) candidates() ([]*weighted, error) {
	if len(c.Report.Runs) > 0 {
		return c.told()
	}
	policies, err := c.policies()
	if err != nil {
		return nil, err
	}
	engines := fixtures.Engines()
	if c.Engine != "" {
		engines = []browsers.Engine{c.Engine}
	}
	var styles []string
	if c.Integration != "" {
		styles = []string{c.Integration}
	} else {
		for _, style := range fixtures.IntegrationNames() {
			if c.mayBe(style) {
				styles = append(styles, style)
			}
		}
	}
	var bases []base
	for _, style := range styles {
		more, err := c.bases(style)
		if err != nil {
			return nil, err
		}
		bases = append(bases, more...)
	}
	var list []*weighted
	for _, engine := range engines {
		for _, p := range policies {
			if policy.NotAvailable(string(engine), p) != "" {
				continue
			}
			if len(p.Probe) == 0 {
				p.Probe = []policy.ProbeExpectation{probe.Predict(string(engine), p, c.site())}
			}
			model := policy.Under(string(engine), c.modelVersion(), p)
			for _, b := range bases {
				list = append(list, c.of(engine, p, model, b)...)
			}
		}
	}
	return list, nil
}

// weighted is a candidate before the evidence is held against it.
type weighted struct {
	Candidate
	model  *policy.Model
	weight float64
}

// base is a style of integration in one situation, whatever the browser.
type base struct {
	style     string
	situation situation
	it        testbed.Case
}

func (c *Complaint) bases(style string) ([]base, error) {
	var list []base
	for _, s := range situations {
		if s.name == himself && (c.Sequence == nil || alreadyIn(c.Sequence) != unknowns) {
			continue
		}
		shown, ok := s.shows(style, style == c.Integration)
		if !ok {
			continue
		}
		run := fixtures.Run{Integration: shown, Policy: "allow-third-party", Profile: string(session.NoneSecure)}
		s.apply(&run, c.site())
		it, err := testbed.CaseOf(run, "", "", "repro", "")
		if err != nil {
			return nil, err
		}
		list = append(list, base{shown, s, c.named(it)})
	}
	return list, nil
}

// mayBe says whether the login that was recorded was sent from where a style sends it.
func (c *Complaint) mayBe(style string) bool {
	if c.Sequence == nil {
		return true
	}
	for _, call := range c.Sequence.Calls {
		if call.AT != "LI" || call.Where == intake.Unknown {
			continue
		}
		want := intake.TopLevel
		switch style {
		case "iframe", "frameset":
			want = intake.Frame
		case "background":
			want = intake.Fetch
		}
		return call.Where == want
	}
	return true
}

// of are the candidates in one browser under one policy.
func (c *Complaint) of(engine browsers.Engine, p policy.Policy, model *policy.Model, b base) []*weighted {
	profiles := session.Profiles()
	if known := session.Profile(c.Profile); known != "" {
		profiles = []session.Profile{known}
	}
	var list []*weighted
	for _, profile := range profiles {
		one := b.it
		one.Engine, one.Policy, one.Site.Profile = engine, p, profile
		one.ID = strings.Join([]string{"repro", b.style, string(profile), string(engine), p.Name, slug(b.situation.name)}, "/")
		list = append(list, &weighted{
			Candidate: Candidate{Case: one, Situation: b.situation.name}, model: model,
			weight: b.situation.weight * profileWeights[profile] * styleWeights[b.style] * cmp.Or(policyWeights[p.Name], 1),
		})
	}
	return list
}

func slug(s string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(s)), "-")
}

// told are the runs of a report that has some: the library's, and those of a bundle.
func (c *Complaint) told() ([]*weighted, error) {
	var list []*weighted
	for _, run := range c.Report.Runs {
		for i, engine := range run.Browsers {
			one, err := testbed.CaseOf(run.Run, engine, strings.Join([]string{"repro", run.Name, string(engine)}, "/"), "repro", run.Why)
			if err != nil {
				return nil, err
			}
			one = c.named(one)
			one.Policy = c.withSettings(c.about(one.Policy))
			if c.Settings != nil {
				one.Policy.Probe = []policy.ProbeExpectation{probe.Predict(string(engine), one.Policy, "https://"+one.SiteHost())}
			}
			weight := 1.0
			if run.Outcome == fixtures.Works {
				weight = .01
			}
			if c.Engine == engine {
				weight *= 4
			}
			list = append(list, &weighted{
				Candidate: Candidate{Case: one, Situation: run.Name},
				model:     policy.Under(string(engine), c.modelVersion(), one.Policy),
				weight:    weight / float64(1+i+len(list)),
			})
		}
	}
	return list, nil
}

// modelVersion is the browser's version as the policy model takes it.
func (c *Complaint) modelVersion() string {
	switch {
	case c.engineVersion != "":
		return fmt.Sprintf("%s (%s)", c.Understood.Browser, c.engineVersion)
	case c.Version == "":
		return ""
	case intake.CountsOtherwise(c.Understood.Browser):
		return c.Understood.Browser
	}
	return strings.TrimSpace(c.Understood.Browser + " " + c.Version)
}

// String is the candidate in a line.
func (c Candidate) String() string {
	s := fmt.Sprintf("%s in %s under %s, cookies %s", c.Case.Integration.Name, c.Case.Engine, c.Case.Policy.Name, c.Case.Site.Profile)
	if c.Situation != usual {
		s += ", " + c.Situation
	}
	return s
}
