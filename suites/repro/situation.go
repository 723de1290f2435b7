package repro

import (
	"slices"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/fixtures"
)

// situation is what can be special about a case beside browser, policy, style and cookies.
type situation struct {
	name   string
	weight float64
	styles []string // those whose sample portals can be in it; empty: all
	// apply changes the run; site is the Webex site's origin.
	apply func(r *fixtures.Run, site string)
}

// standIns are styles whose sample portals have no command by itself, and those in the same place that have.
var standIns = map[string]string{"frameset": "iframe", "background": "iframe", "form-post": "redirect", "chained": "redirect", "logout-first": "redirect"}

// shows is the style that shows the situation of a portal of that style; false: none. Another stands in only for one that was said.
func (s situation) shows(style string, said bool) (string, bool) {
	if len(s.styles) == 0 || slices.Contains(s.styles, style) {
		return style, true
	}
	other := standIns[style]
	return other, said && other != "" && slices.Contains(s.styles, other)
}

// moot says whether a candidate's situation makes no difference to it: the ticket is lost before it can die, or be met.
func (c Candidate) moot() bool {
	p := c.Prediction.Cause
	if c.Situation == himself {
		return p != nil
	}
	return c.Situation == idle && (p == nil || p.Reason != fixtures.IdleExpired)
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

const idle = "nobody does anything for more than 30 minutes"

// himself is what an answer AlreadyLogon can come of as well as of somebody else's session. Without such an answer it is as the usual.
const himself = "the host himself is logged in at the site already"

var situations = []situation{
	{usual, 10, nil, func(*fixtures.Run, string) {}},
	{idle, 1, fixtures.WithErrands, func(r *fixtures.Run, _ string) {
		r.Steps = steps(visit("/"), click("text=Log in to Webex", "LI"), visit("/"), click("text=Schedule a meeting", "SM"),
			fixtures.Step{AdvanceClock: 30*time.Minute + time.Second}, visit("/"), click("text=Start the meeting", "HM"))
	}},
	{"somebody else is logged in at the site", 1, nil, func(r *fixtures.Run, site string) {
		r.Steps = append(signIn(site, "bob"), visit("/"), click("text=Host a meeting", "HM"))
	}},
	{himself, 2, nil, func(r *fixtures.Run, site string) {
		r.Steps = append(signIn(site, "alice"), visit("/"), click("text=Host a meeting", "HM"))
	}},
	{"the portal does not log in", .2, fixtures.WithErrands, func(r *fixtures.Run, _ string) {
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
