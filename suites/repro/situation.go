package repro

import (
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/fixtures"
)

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
