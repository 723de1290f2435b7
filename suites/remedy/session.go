package remedy

import (
	"slices"
	"time"

	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/fixtures/integrations/portal"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// pings is how often the sample portal's keep-alive page asks for something.
const pings = 10 * time.Minute

// keepAlive has the portal's page renew the session while time passes.
func keepAlive(c *testbed.Case) error {
	i := slices.IndexFunc(c.Steps, func(s fixtures.Step) bool { return s.AdvanceClock > pings && s.Await == "" })
	switch {
	case i < 0:
		return already("Nobody is idle for long here.")
	case !slices.Contains(fixtures.WithKeepAlive, c.Integration.Name):
		return notAvailable("No sample portal of this style has a page that keeps the session alive.")
	}
	stay := fixtures.Step{}
	stay.Click = portal.StayAlive.Selector()
	steps := append(slices.Clone(c.Steps[:i]), visit("/"), stay)
	left := c.Steps[i].AdvanceClock
	for ; left >= pings; left -= pings {
		steps = append(steps, fixtures.Step{AdvanceClock: pings, Await: "OM"})
	}
	if left > 0 {
		steps = append(steps, fixtures.Step{AdvanceClock: left})
	}
	c.Steps = append(append(steps, visit("/")), c.Steps[i+1:]...)
	return nil
}

// loginAgain has the person log in once more through the portal, and do again what was refused.
func loginAgain(c *testbed.Case) error {
	i, ok := last(c.Steps, func(s fixtures.Step) bool { return s.Await != "" && s.Click != "" })
	if !ok || c.Integration.Name == "server-to-server" {
		return notAvailable("Nobody logs in through the portal here.")
	}
	steps, again := slices.Clone(c.Steps), c.Steps[i:i+1]
	if j, ok := last(c.Steps, func(s fixtures.Step) bool { return s.Await != "" }); ok && j > i {
		again = c.Steps[i+1 : j+1] // what was refused came of something after the last click
	}
	if hosts(c.Steps[i]) {
		// The trip begins with a login; where it is refused on the way the first round ends early.
		steps = steps[:i+1]
		steps[i].Await = "LI"
		c.Steps = append(append(steps, visit("/")), c.Steps[i:]...)
		return nil
	}
	if !slices.Contains(fixtures.WithErrands, c.Integration.Name) {
		return notAvailable("The sample portal of this style has no login by itself.")
	}
	c.Steps = append(append(steps, visit("/"), click("text=Log in to Webex", "LI"), visit("/")), again...)
	return nil
}

// logoutFirst logs out of the site before the portal logs in.
func logoutFirst(c *testbed.Case) error {
	switch {
	case c.Integration.Name == "logout-first":
		return already("The portal logs out first already.")
	case c.Integration.Name == "server-to-server":
		return notAvailable("The browser has no session at the site here.")
	}
	i, ok := last(c.Steps, func(s fixtures.Step) bool { return s.Await != "" && s.Click != "" })
	if !ok {
		return notAvailable("Nobody logs in through the portal here.")
	}
	if hosts(c.Steps[i]) && slices.Contains(atTopLevel, c.Integration.Name) {
		return style(c, "logout-first")
	}
	if !slices.Contains(fixtures.WithErrands, c.Integration.Name) {
		return notAvailable("No sample portal of this style logs out first.")
	}
	c.Steps = slices.Insert(slices.Clone(c.Steps), i,
		visit("/"), click("text=Log out of Webex", "LO"), visit("/"), click("text=Log in to Webex", "LI"), visit("/"))
	return nil
}

func last(steps []fixtures.Step, is func(fixtures.Step) bool) (int, bool) {
	for i, s := range slices.Backward(steps) {
		if is(s) {
			return i, true
		}
	}
	return 0, false
}

func visit(address string) fixtures.Step {
	var s fixtures.Step
	s.Visit = address
	return s
}

func click(selector, await string) fixtures.Step {
	s := fixtures.Step{Await: await}
	s.Click = selector
	return s
}
