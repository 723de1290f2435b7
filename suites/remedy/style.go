package remedy

import (
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/fixtures/integrations/portal"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// style has the portal use another style of integration, with the same steps: those that its sample portal serves.
func style(c *testbed.Case, name string) error {
	clicks := func(s fixtures.Step) bool { return hosts(s) || single(s) }
	if !slices.ContainsFunc(c.Steps, clicks) || slices.ContainsFunc(c.Steps, func(s fixtures.Step) bool { return !serves(name, s) }) {
		return notAvailable("What was done in the portal cannot be done in a sample portal of that style.")
	}
	other, err := fixtures.IntegrationNamed(name)
	if err != nil {
		return err
	}
	other.Portal, other.Goal, other.Site, other.Host = c.Integration.Portal, c.Integration.Goal, c.Integration.Site, c.Integration.Host
	c.Integration = other
	return nil
}

// hosts is a step that every sample portal serves; single one of those that only portals with errands have.
func hosts(s fixtures.Step) bool { return s.Click == "text=Host a meeting" }
func single(s fixtures.Step) bool {
	return strings.HasPrefix(s.Click, "text=") && !hosts(s)
}

// serves says whether the sample portal of a style has what a step clicks on.
func serves(style string, s fixtures.Step) bool {
	switch {
	case s.Click == portal.StayAlive.Selector():
		return slices.Contains(fixtures.WithKeepAlive, style)
	case single(s):
		return slices.Contains(fixtures.WithErrands, style)
	}
	return true
}

// atTopLevel are the styles in which the site is the top-level site.
var atTopLevel = []string{"redirect", "form-post", "logout-first", "chained"}

func inPopup(c *testbed.Case) error {
	switch {
	case c.Integration.Name == "popup":
		return already("The meeting opens in a window of its own already.")
	case c.Integration.Name == "server-to-server":
		return already("No page of the site is shown in the portal's.")
	}
	return style(c, "popup")
}

func topLevelRedirect(c *testbed.Case) error {
	if slices.Contains(atTopLevel, c.Integration.Name) {
		return already("The whole window goes to the site already.")
	}
	return style(c, "redirect")
}

func postInsteadOfGet(c *testbed.Case) error {
	switch c.Integration.Name {
	case "form-post", "frameset", "background", "server-to-server":
		return already("The login is posted already.")
	case "redirect":
		return style(c, "form-post")
	}
	return notAvailable("No sample portal of this style posts its login.")
}

func storageAccess(c *testbed.Case) error {
	if c.Integration.Name != "iframe" {
		return notAvailable("Storage access is for frames; no sample portal of this style asks for it.")
	}
	if c.Policy.InternetExplorer != nil {
		return notAvailable("Internet Explorer knows no Storage Access API.")
	}
	if c.Policy.Base == policy.BlockAll && len(c.Policy.Exceptions) == 0 {
		return notAvailable("The browser refuses the portal's own cookie too: the portal stops before it shows the frame that would ask.")
	}
	i := slices.IndexFunc(c.Steps, hosts)
	if i < 0 || slices.ContainsFunc(c.Steps, single) {
		return notAvailable("What was done in the portal cannot be done in the sample portal that asks for storage access.")
	}
	if err := style(c, "iframe"); err != nil {
		return err
	}
	c.Integration.Name, c.Integration.Title = fixtures.AskingPortal, "Iframe that asks for storage access"
	click, enter := c.Steps[i], fixtures.Step{Await: c.Steps[i].Await}
	click.Await = ""
	enter.Click, enter.InFrame = "#enter", "webex"
	c.Steps = slices.Replace(slices.Clone(c.Steps), i, i+1, click, enter)
	p := c.Policy
	p.StorageAccess = policy.StorageAccessGranted
	return settle(c, p, fixtures.StorageAccess)
}
