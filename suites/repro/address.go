package repro

import (
	"net"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/internal/lazyregexp"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

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
	return name, ok && !strings.Contains(name, ".") && hostForm.MatchString(name)
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
	if u, err := url.Parse(c.Portal); err == nil && u.Scheme == "https" && u.Port() == "" && routed(u.Host) && "https://"+u.Host != c.site() {
		one.Integration.Portal = "https://" + u.Host
	}
	if c.oneSite() {
		one.Integration.Portal = portalOfTheSite
	}
	return one
}

// portalOfTheSite stands in for a portal that is below one domain with a site which is not below webex.com.
const portalOfTheSite = "https://portal." + session.Domain

// oneSite says whether the portal and a site that another stands in for are one site to a browser: nothing about third parties comes between them.
func (c *Complaint) oneSite() bool {
	portal, err := url.Parse(c.Portal)
	if _, ok := c.siteName(); ok || err != nil || c.Portal == "" || c.Site == "" {
		return false
	}
	site, err := url.Parse(c.Site)
	if err != nil || portal.Scheme != site.Scheme {
		return false
	}
	one, err := publicsuffix.EffectiveTLDPlusOne(portal.Hostname())
	other, also := publicsuffix.EffectiveTLDPlusOne(site.Hostname())
	return err == nil && also == nil && one == other
}

// routed says whether a host can be led to a sample portal: browsers go to addresses of this machine, and to those of the local network, past
// any proxy, and a name without a registrable domain has no site.
func routed(host string) bool {
	_, err := publicsuffix.EffectiveTLDPlusOne(host)
	return err == nil && hostForm.MatchString(host) && net.ParseIP(host) == nil && !strings.HasSuffix(host, ".localhost")
}

// hostForm is stricter than an address: the name comes from a stranger, and stands in texts and files that people deploy.
var hostForm = lazyregexp.New(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`)
