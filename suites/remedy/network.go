package remedy

import (
	"strings"

	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// proxyException has what stands between browser and site leave it alone: a real proxy goes on with rules that take nothing out.
func proxyException(c *testbed.Case) error {
	if c.Policy.Extension != "" {
		p := c.Policy
		p.Extension = ""
		return settle(c, p, fixtures.ProxyException)
	}
	n := c.Network
	switch product, rules, _ := strings.Cut(n.Proxy, "-"); {
	case len(n.Filters) == 0 && (n.Proxy == "" || rules == "nothing"):
		return already("Nothing stands between browser and site that could take a cookie out.")
	case n.Proxy != "":
		n.Proxy = product + "-nothing"
	}
	n.Filters = nil
	c.Network = n
	return nil
}
