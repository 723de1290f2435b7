package remedy

import (
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
	c.Integration.Portal = there
	return nil
}
