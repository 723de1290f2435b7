package remedy

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/browsers/probe"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// domain is the registrable domain of the sites that exceptions are about.
const domain = session.Domain

// NotAvailableError says that the case's browser, or anything like the case's portal, has no such thing.
type NotAvailableError struct{ Sentence string }

func (e *NotAvailableError) Error() string { return e.Sentence }

// AlreadyError says that there is nothing for the remedy to change: it is so already.
type AlreadyError struct{ Sentence string }

func (e *AlreadyError) Error() string { return e.Sentence }

func notAvailable(format string, args ...any) error {
	return &NotAvailableError{fmt.Sprintf(format, args...)}
}

func already(format string, args ...any) error { return &AlreadyError{fmt.Sprintf(format, args...)} }

// Apply is the case with the remedy applied and nothing else changed, named after both. What must come out of it is left open. The error is a
// *NotAvailableError or an *AlreadyError.
func Apply(m fixtures.Remedy, c testbed.Case) (testbed.Case, error) {
	f, ok := remedies[m]
	if !ok {
		return testbed.Case{}, fmt.Errorf("there is no remedy %q", m)
	}
	cured := c
	cured.ID = c.ID + "/with/" + string(m)
	cured.Journal = nil
	if err := f(&cured); err != nil {
		return testbed.Case{}, err
	}
	if cured.Policy.Name != c.Policy.Name {
		if why := policy.NotAvailable(string(c.Engine), cured.Policy); why != "" {
			return testbed.Case{}, notAvailable("%s", why)
		}
	}
	return cured, nil
}

var remedies = map[fixtures.Remedy]func(*testbed.Case) error{
	fixtures.PerSiteAllow:      func(c *testbed.Case) error { return allow(c, policy.Person) },
	fixtures.ManagedPolicy:     func(c *testbed.Case) error { return allow(c, policy.Managed) },
	fixtures.TrustedZoneHTTPS:  trustedZone,
	fixtures.InPopup:           inPopup,
	fixtures.TopLevelRedirect:  topLevelRedirect,
	fixtures.StorageAccess:     storageAccess,
	fixtures.NoneSecure:        func(c *testbed.Case) error { return profile(c, session.NoneSecure) },
	fixtures.Partitioned:       func(c *testbed.Case) error { return profile(c, session.Partitioned) },
	fixtures.SameSiteDomain:    sameSiteDomain,
	fixtures.KeepAlive:         keepAlive,
	fixtures.LoginAgain:        loginAgain,
	fixtures.LogoutFirst:       logoutFirst,
	fixtures.ProxyException:    proxyException,
	fixtures.PostInsteadOfGet:  postInsteadOfGet,
	fixtures.AllowThirdParties: allowThirdParties,
}

// settle gives a changed policy its name and what the probe must see: those of the policy compiled in that says the same, where there is one,
// so that both are tried in one browser; else by the policy model.
func settle(c *testbed.Case, p policy.Policy, m fixtures.Remedy) error {
	known, err := fixtures.Policies()
	if err != nil {
		return err
	}
	for _, k := range known {
		if same(k, p) {
			c.Policy = k
			return nil
		}
	}
	p.Title += ", " + titles[m]
	p.Name += "+" + string(m)
	p.Probe = []policy.ProbeExpectation{probe.Predict(string(c.Engine), p, "https://"+c.SiteHost())}
	c.Policy = p
	return nil
}

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
	p.Exceptions = append(slices.DeleteFunc(slices.Clone(p.Exceptions), func(o policy.Exception) bool {
		return o.By == x.By && strings.Contains(o.Site+o.Typed, domain)
	}), x)
	return settle(c, p, m)
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

// style has the portal use another style of integration, with the same steps: those that all sample portals serve.
func style(c *testbed.Case, name string) error {
	if !slices.ContainsFunc(c.Steps, hosts) || slices.ContainsFunc(c.Steps, single) {
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

// hosts is a step that every sample portal serves; single one of those that the redirect portal alone has.
func hosts(s fixtures.Step) bool { return s.Click == "text=Host a meeting" }
func single(s fixtures.Step) bool {
	return strings.HasPrefix(s.Click, "text=") && !hosts(s)
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
	if err := style(c, "iframe"); err != nil {
		return err
	}
	c.Integration.Name, c.Integration.Title = fixtures.AskingPortal, "Iframe that asks for storage access"
	i := slices.IndexFunc(c.Steps, hosts)
	click, enter := c.Steps[i], fixtures.Step{Await: c.Steps[i].Await}
	click.Await = ""
	enter.Click, enter.InFrame = "#enter", "webex"
	c.Steps = slices.Replace(slices.Clone(c.Steps), i, i+1, click, enter)
	p := c.Policy
	p.StorageAccess = policy.StorageAccessGranted
	return settle(c, p, fixtures.StorageAccess)
}

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

// pings is how often the sample portal's keep-alive page asks for something.
const pings = 10 * time.Minute

// keepAlive has the portal's page renew the session while time passes.
func keepAlive(c *testbed.Case) error {
	i := slices.IndexFunc(c.Steps, func(s fixtures.Step) bool { return s.AdvanceClock > pings && s.Await == "" })
	switch {
	case i < 0:
		return already("Nobody is idle for long here.")
	case c.Integration.Name != "redirect":
		return notAvailable("No sample portal of this style has a page that keeps the session alive.")
	}
	stay := fixtures.Step{}
	stay.Click = "text=Keep me logged in"
	steps := append(slices.Clone(c.Steps[:i]), stay)
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
	if c.Integration.Name != "redirect" {
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
	if c.Integration.Name != "redirect" {
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
