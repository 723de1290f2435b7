package repro

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
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
}

// situation is what can be special about a case beside browser, policy, style and cookies.
type situation struct {
	name   string
	weight float64
	styles []string // empty: all
	// apply changes the run; site is the Webex site's origin.
	apply func(r *fixtures.Run, site string)
}

func steps(list ...fixtures.Step) []fixtures.Step { return list }

func step(change func(*fixtures.Step)) fixtures.Step {
	var s fixtures.Step
	change(&s)
	return s
}

func visit(address string) fixtures.Step { return step(func(s *fixtures.Step) { s.Visit = address }) }

func click(what, await string) fixtures.Step {
	return step(func(s *fixtures.Step) { s.Click, s.Await = what, await })
}

func signIn(site, who string) []fixtures.Step {
	name, _, _ := strings.Cut(strings.TrimPrefix(site, "https://"), ".")
	return steps(
		visit(site+"/"+name+"/mywebex/login.do"),
		step(func(s *fixtures.Step) { s.Fill, s.With = "#webex-id", who }),
		step(func(s *fixtures.Step) { s.Fill, s.With = "#password", "secret" }),
		step(func(s *fixtures.Step) { s.Submit = "#sign-in" }),
	)
}

// usual is what every situation but this one differs from.
const usual = "nothing out of the ordinary"

var situations = []situation{
	{usual, 10, nil, func(*fixtures.Run, string) {}},
	{"nobody does anything for more than 30 minutes", 2, []string{"redirect"}, func(r *fixtures.Run, _ string) {
		r.Steps = steps(visit("/"), click("text=Log in to Webex", "LI"), click("text=Schedule a meeting", "SM"),
			fixtures.Step{AdvanceClock: 30*time.Minute + time.Second}, click("text=Start the meeting", "HM"))
	}},
	{"somebody else is logged in at the site", 1, nil, func(r *fixtures.Run, site string) {
		r.Steps = append(signIn(site, "bob"), visit("/"), click("text=Host a meeting", "HM"))
	}},
	{"the portal does not log in", .5, []string{"redirect"}, func(r *fixtures.Run, _ string) {
		r.Goal, r.Steps = "SM", steps(visit("/"), click("text=Schedule a meeting", "SM"))
	}},
	{"the site requires login before access", .5, []string{"redirect"}, func(r *fixtures.Run, site string) {
		name, _, _ := strings.Cut(strings.TrimPrefix(site, "https://"), ".")
		r.Site.LoginRequired, r.Goal = true, "JM"
		address := site + "/" + name + "/m.php?AT=JM&MK=123456789&AN=Guest"
		r.Steps = steps(step(func(s *fixtures.Step) { s.Visit, s.Await = address, "JM" }))
	}},
	{"the site takes passwords by POST alone (Get2Post)", .5, nil, func(r *fixtures.Run, _ string) { r.Site.Get2Post = true }},
	{"something strips third-party cookies on the way", .7, nil, func(r *fixtures.Run, _ string) {
		r.Network.Filters = []network.FilterSpec{{StripThirdPartyCookies: network.OnBoth}}
	}},
	{"something strips every cookie on the way", .3, nil, func(r *fixtures.Run, _ string) {
		r.Network.Filters = []network.FilterSpec{{StripAllCookies: network.OnBoth}}
	}},
	{"something strips scripts on the way", .4, nil, func(r *fixtures.Run, _ string) {
		r.Network.Filters = []network.FilterSpec{{StripJavaScript: true}}
	}},
}

// policyWeights are how often a policy is met, about. Those of Internet Explorer are asked for by name alone.
var policyWeights = map[string]float64{
	"block-third-party": 4, "browser-default": 1, "allow-third-party": 5, "per-site-allow": 1, "trusted-zone": 1, "trusted-zone-https": 1,
	"trusted-zone-bare-name": 1, "block-all": .7, "private-window": .5, "partition": .5, "per-site-block": .3, "per-site-allow-exact-host": .3,
	"extension-strips-third-party": .5,
}

var profileWeights = map[session.Profile]float64{
	session.NoneSecure: 4, session.Legacy: 2, session.Lax: 1.5, session.Partitioned: 1, session.NoneInsecure: .7, session.Strict: .2,
}

var styleWeights = map[string]float64{
	"iframe": 4, "redirect": 3, "popup": 1, "form-post": 1, "frameset": .7, "background": .7, "chained": .5, "logout-first": .5, "server-to-server": .2,
}

// candidates are all cases that the complaint leaves open, with their prior weight. What the report's library runs say is taken as it is.
func (c *Complaint) candidates() ([]weighted, error) {
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
		all, err := fixtures.Integrations()
		if err != nil {
			return nil, err
		}
		for _, i := range all {
			if c.mayBe(i.Name) {
				styles = append(styles, i.Name)
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
	var list []weighted
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
		if len(s.styles) > 0 && !slices.Contains(s.styles, style) {
			continue
		}
		run := fixtures.Run{Integration: style, Policy: "allow-third-party", Profile: string(session.NoneSecure)}
		s.apply(&run, c.site())
		it, err := testbed.CaseOf(run, "", "", "repro", "")
		if err != nil {
			return nil, err
		}
		list = append(list, base{style, s, c.named(it)})
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
func (c *Complaint) of(engine browsers.Engine, p policy.Policy, model *policy.Model, b base) []weighted {
	profiles := session.Profiles()
	if known := c.knownProfile(); known != "" {
		profiles = []session.Profile{known}
	}
	var list []weighted
	for _, profile := range profiles {
		one := b.it
		one.Engine, one.Policy, one.Site.Profile = engine, p, profile
		one.ID = strings.Join([]string{"repro", b.style, string(profile), string(engine), p.Name, slug(b.situation.name)}, "/")
		list = append(list, weighted{
			Candidate: Candidate{Case: one, Situation: b.situation.name}, model: model,
			weight: b.situation.weight * profileWeights[profile] * styleWeights[b.style] * or(policyWeights[p.Name], 1),
		})
	}
	return list
}

func or(v, other float64) float64 {
	if v == 0 {
		return other
	}
	return v
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
func (c *Complaint) told() ([]weighted, error) {
	var list []weighted
	for _, run := range c.Report.Runs {
		for i, engine := range run.Browsers {
			one, err := testbed.CaseOf(run.Run, engine, strings.Join([]string{"repro", run.Name, string(engine)}, "/"), "repro", run.Why)
			if err != nil {
				return nil, err
			}
			one = c.named(one)
			one.Policy = c.about(one.Policy)
			if c.Settings != nil {
				one.Policy = c.Settings.Policy
				one.Policy.Probe = []policy.ProbeExpectation{probe.Predict(string(engine), one.Policy, "https://"+one.SiteHost())}
			}
			weight := 1.0
			if run.Outcome == fixtures.Works {
				weight = .01
			}
			if c.Engine == engine {
				weight *= 4
			}
			list = append(list, weighted{
				Candidate: Candidate{Case: one, Situation: run.Name},
				model:     policy.Under(string(engine), c.modelVersion(), one.Policy),
				weight:    weight / float64(1+i+len(list)),
			})
		}
	}
	return list, nil
}

// policies are those that the complaint leaves open: the exported one, the one that is named, or all that are met in the field.
func (c *Complaint) policies() ([]policy.Policy, error) {
	if c.Settings != nil {
		return []policy.Policy{c.Settings.Policy}, nil
	}
	name := c.Policy
	if like := explorerPolicies[name]; like != "" && c.explorer() != "" {
		name = like
		if c.explorer() == "5.5" {
			name = "" // it has none of these
		}
	}
	if name != "" {
		p, err := fixtures.Policy(name)
		return []policy.Policy{c.about(p)}, err
	}
	all, err := fixtures.Policies()
	if err != nil {
		return nil, err
	}
	var list []policy.Policy
	for _, p := range all {
		if c.explorer() != "" {
			if p.InternetExplorer != nil && p.InternetExplorer.Version == c.explorer() {
				list = append(list, c.about(p))
			}
		} else if policyWeights[p.Name] > 0 {
			list = append(list, c.about(p))
		}
	}
	return list, nil
}

// explorer is the version of Internet Explorer whose rules are meant, "6" or "5.5"; empty: another browser.
func (c *Complaint) explorer() string {
	switch {
	case c.Understood.Browser != "Internet Explorer":
		return ""
	case strings.HasPrefix(c.Version, "5"):
		return "5.5"
	}
	return "6"
}

// explorerPolicies are Internet Explorer 6's settings that mean the same as those of today's browsers.
var explorerPolicies = map[string]string{
	"block-third-party": "ie6-third-party-blocked", "per-site-allow": "ie6-site-allowed", "block-all": "ie6-block-all",
	"allow-third-party": "ie6-accept-all", "per-site-block": "ie6-site-blocked", "browser-default": "ie6-medium",
}

// theirSite is the site of the policies and sample portals compiled in.
const theirSite = "acme.webex.com"

// site is the origin of the Webex site as the browser will see it: the customer's own name where it is below webex.com.
func (c *Complaint) site() string {
	if name, ok := c.siteName(); ok {
		return "https://" + name + "." + session.Domain
	}
	return "https://" + theirSite
}

func (c *Complaint) siteName() (string, bool) {
	u, err := url.Parse(c.Site)
	if err != nil {
		return "", false
	}
	name, ok := strings.CutSuffix(u.Host, "."+session.Domain)
	return name, ok && name != "" && !strings.ContainsAny(name, ".:")
}

// about is a policy compiled in, about the customer's site.
func (c *Complaint) about(p policy.Policy) policy.Policy {
	host := strings.TrimPrefix(c.site(), "https://")
	if host == theirSite {
		return p
	}
	p.Exceptions = slices.Clone(p.Exceptions)
	for i := range p.Exceptions {
		x := &p.Exceptions[i]
		x.Typed = strings.ReplaceAll(x.Typed, theirSite, host)
		x.Origins = slices.Clone(x.Origins)
		for j := range x.Origins {
			x.Origins[j] = strings.ReplaceAll(x.Origins[j], theirSite, host)
		}
	}
	if p.InternetExplorer != nil {
		ie := *p.InternetExplorer
		ie.ZoneMap = slices.Clone(ie.ZoneMap)
		for i := range ie.ZoneMap {
			ie.ZoneMap[i].Site = strings.ReplaceAll(ie.ZoneMap[i].Site, theirSite, host)
			if c.Portal != "" {
				ie.ZoneMap[i].Site = strings.ReplaceAll(ie.ZoneMap[i].Site, "https://portal.acme.example", c.Portal)
			}
		}
		p.InternetExplorer = &ie
	}
	return p
}

// named is a case at the customer's addresses, which lead to the sample portal and the simulator all the same.
func (c *Complaint) named(one testbed.Case) testbed.Case {
	if name, ok := c.siteName(); ok {
		one.Integration.Site, one.Site.Name = name, name
	}
	if u, err := url.Parse(c.Portal); err == nil && u.Scheme == "https" && u.Port() == "" && u.Host != "" && u.Host != strings.TrimPrefix(c.site(), "https://") {
		one.Integration.Portal = "https://" + u.Host
	}
	return one
}

// modelVersion is the browser's version as the policy model takes it.
func (c *Complaint) modelVersion() string {
	if c.Version == "" {
		return ""
	}
	return strings.TrimSpace(c.Understood.Browser + " " + c.Version)
}

// knownProfile is the site's cookie profile where report, recording or cookie export show it.
func (c *Complaint) knownProfile() session.Profile {
	if c.Profile != "" {
		return session.Profile(c.Profile)
	}
	if c.Sequence != nil {
		for _, h := range c.Sequence.Hops {
			for _, k := range h.Offered {
				if k.Name == session.TicketName && !k.Deletes {
					return profileOf(k)
				}
			}
		}
	}
	return ""
}

// profileOf is the profile that a ticket's attributes are of.
func profileOf(k network.Cookie) session.Profile {
	switch {
	case k.Partitioned:
		return session.Partitioned
	case k.SameSite == http.SameSiteNoneMode && k.Secure:
		return session.NoneSecure
	case k.SameSite == http.SameSiteNoneMode:
		return session.NoneInsecure
	case k.SameSite == http.SameSiteLaxMode:
		return session.Lax
	case k.SameSite == http.SameSiteStrictMode:
		return session.Strict
	}
	return session.Legacy
}

// String is the candidate in a line.
func (c Candidate) String() string {
	s := fmt.Sprintf("%s in %s under %s, cookies %s", c.Case.Integration.Name, c.Case.Engine, c.Case.Policy.Name, c.Case.Site.Profile)
	if c.Situation != usual {
		s += ", " + c.Situation
	}
	return s
}
