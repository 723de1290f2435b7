package remedy

import (
	"net/url"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// profile has the site set its cookies otherwise.
func profile(c *testbed.Case, to session.Profile) error {
	if c.Site.Profile == to || c.Site.Profile == session.Partitioned && to == session.NoneSecure {
		return already("The site sets its cookies so already.")
	}
	c.Site.Profile = to
	return nil
}

// sameSiteDomain moves the portal under the site's registrable domain: which of the two moves makes no difference to a browser.
func sameSiteDomain(c *testbed.Case) error {
	const there = "https://portal." + domain
	if strings.HasSuffix(c.Integration.Portal, "."+domain) {
		return already("Portal and site are under one registrable domain already.")
	}
	here := c.Integration.Portal
	// A step may give the portal's address in full, in an address of the site's too.
	moved := strings.NewReplacer(here, there, url.QueryEscape(here), url.QueryEscape(there))
	c.Steps = slices.Clone(c.Steps)
	for i := range c.Steps {
		s := &c.Steps[i]
		s.Visit, s.URL = moved.Replace(s.Visit), moved.Replace(s.URL)
	}
	c.Integration.Portal = there
	return nil
}
