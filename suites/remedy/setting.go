package remedy

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/browsers/probe"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// settle gives a changed policy its name and what the probe must see: those of the policy compiled in that says the same, where there is one,
// so that both are tried in one browser; else by the policy model.
func settle(c *testbed.Case, p policy.Policy, m fixtures.Remedy) error {
	for _, name := range outcomes {
		known, err := fixtures.Policy(name)
		if err != nil {
			return err
		}
		if same(known, p) {
			c.Policy = known
			return nil
		}
	}
	p.Title += ", " + titles[m]
	p.Name += "+" + string(m)
	p.Probe = []policy.ProbeExpectation{probe.Predict(string(c.Engine), p, "https://"+c.SiteHost())}
	c.Policy = p
	return nil
}

// outcomes are the policies compiled in that a remedy can end in: to hold a changed one against every one there is would take longer than all else
// that explaining a complaint takes.
var outcomes = []string{"per-site-allow", "trusted-zone", "trusted-zone-https", "storage-access-granted", "allow-third-party", "ie6-site-allowed", "ie5.5-trusted-https"}

var titles = map[fixtures.Remedy]string{
	fixtures.PerSiteAllow:      "webex.com allowed in the privacy settings",
	fixtures.ManagedPolicy:     "webex.com allowed by the IT department",
	fixtures.TrustedZoneHTTPS:  "the full https:// name allowed by the IT department",
	fixtures.StorageAccess:     "storage access granted",
	fixtures.ProxyException:    "the extension switched off",
	fixtures.AllowThirdParties: "third-party cookies allowed everywhere",
}

// same says whether two policies decide alike, whatever they are called.
func same(a, b policy.Policy) bool {
	a.Name, a.Title, a.Probe = b.Name, b.Title, b.Probe
	return reflect.DeepEqual(a, b)
}

// allow has the site's cookies allowed, by a person or by the IT department, in the place of what the same one had said of the site.
func allow(c *testbed.Case, by policy.By) error {
	m := fixtures.PerSiteAllow
	if by == policy.Managed {
		m = fixtures.ManagedPolicy
	}
	p := c.Policy
	if p.InternetExplorer != nil {
		ie := *p.InternetExplorer
		if ie.Version == "5.5" {
			return notAvailable("Internet Explorer 5.5 has no list of sites whose cookies are allowed; its security zones decide.")
		}
		ie.Sites = append(slices.DeleteFunc(slices.Clone(ie.Sites), func(s policy.PrivacySite) bool { return s.Site == domain }),
			policy.PrivacySite{Site: domain, Action: policy.Allow})
		if slices.Equal(ie.Sites, p.InternetExplorer.Sites) {
			return already("The list Sites allows %s already.", domain)
		}
		p.InternetExplorer = &ie
		return settle(c, p, m)
	}
	return except(c, m, policy.Exception{Site: domain, Origins: []string{"https://" + c.SiteHost()}, Decision: policy.Allow, By: by})
}

// except puts an exception in the place of what the same one had said of the site.
func except(c *testbed.Case, m fixtures.Remedy, x policy.Exception) error {
	p := c.Policy
	if slices.ContainsFunc(p.Exceptions, func(o policy.Exception) bool { return reflect.DeepEqual(o, x) }) {
		return already("The policy has this entry already.")
	}
	p.Exceptions = append(slices.DeleteFunc(slices.Clone(p.Exceptions), func(o policy.Exception) bool { return o.By == x.By && ofTheSite(o) }), x)
	return settle(c, p, m)
}

// ofTheSite says whether an exception is about the site, and goes where another takes its place.
func ofTheSite(x policy.Exception) bool { return strings.Contains(x.Site+x.Typed, domain) }

// blockLists are the managed lists of sites whose cookies are refused.
var blockLists = map[string]string{"Chrome": "CookiesBlockedForUrls", "Edge": "CookiesBlockedForUrls", "Firefox": "Cookies, Block"}

// unblock is the step that a managed remedy begins with in a browser, where the IT department refuses the site's cookies: the remedy is tried without
// that entry. It is empty where there is none.
func unblock(c testbed.Case, browser string) string {
	var entries []string
	for _, x := range c.Policy.Exceptions {
		if x.By == policy.Managed && x.Decision == policy.Block && ofTheSite(x) {
			for _, o := range append(x.Origins, x.Typed) {
				if o != "" {
					entries = append(entries, o)
				}
			}
		}
	}
	if list := blockLists[browser]; list != "" && len(entries) > 0 {
		return fmt.Sprintf("First take %s out of the managed list %s, which refuses the site's cookies", strings.Join(entries, " and "), list)
	}
	return ""
}

// allowLists are the managed lists of sites whose cookies are allowed.
var allowLists = map[string]string{"Chrome": "CookiesAllowedForUrls", "Edge": "CookiesAllowedForUrls", "Firefox": "Cookies, Allow"}

// besides is the step of a managed remedy in a browser where the IT department allows other sites already: what is to be deployed is a whole list, which
// would take theirs away. It is empty where there is none.
func besides(c testbed.Case, browser string) string {
	list := allowLists[browser]
	if list == "" || !slices.ContainsFunc(c.Policy.Exceptions, func(x policy.Exception) bool {
		return x.By == policy.Managed && x.Decision == policy.Allow && x.Typed != "" && !ofTheSite(x)
	}) {
		return ""
	}
	return fmt.Sprintf("The managed list %s has entries of other sites already: add the new one to them instead of putting it in their place", list)
}

// trustedZone puts the site's full https:// name where Internet Explorer's zones, or a managed list, take it.
func trustedZone(c *testbed.Case) error {
	name := "https://" + c.SiteHost()
	p := c.Policy
	if p.InternetExplorer == nil && !slices.ContainsFunc(p.Exceptions, func(x policy.Exception) bool { return x.By == policy.Managed }) {
		return notAvailable("Trusted zones are Internet Explorer's; here a managed policy does it.")
	}
	if p.InternetExplorer == nil {
		return except(c, fixtures.TrustedZoneHTTPS, policy.Exception{Typed: name, Decision: policy.Allow, By: policy.Managed})
	}
	ie := *p.InternetExplorer
	entry := policy.ZoneEntry{Site: name, Zone: policy.TrustedZone}
	if slices.Contains(ie.ZoneMap, entry) {
		return already("%s is in the trusted zone already.", name)
	}
	ie.ZoneMap = append(slices.DeleteFunc(slices.Clone(ie.ZoneMap), func(e policy.ZoneEntry) bool { return strings.Contains(e.Site, domain) }), entry)
	p.InternetExplorer = &ie
	return settle(c, p, fixtures.TrustedZoneHTTPS)
}

func allowThirdParties(c *testbed.Case) error {
	p := c.Policy
	switch ie := p.InternetExplorer; {
	case ie == nil && p.Base == policy.AllowThirdParty:
		return already("Third-party cookies are allowed already.")
	case ie == nil:
		p.Base = policy.AllowThirdParty
		p.Exceptions = slices.DeleteFunc(slices.Clone(p.Exceptions), func(x policy.Exception) bool { return x.Decision != policy.Block })
	case ie.Version == "5.5":
		return notAvailable("Internet Explorer 5.5 tells no first from third parties; its security zones decide.")
	default:
		open := *ie
		open.Level, open.Custom, open.Import = "", nil, ""
		open.Advanced = &policy.AdvancedPrivacy{FirstParty: policy.ChooseAccept, ThirdParty: policy.ChooseAccept}
		p.InternetExplorer = &open
	}
	return settle(c, p, fixtures.AllowThirdParties)
}
