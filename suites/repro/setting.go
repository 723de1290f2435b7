package repro

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/suites/intake"
)

// policyWeights are how often a policy is met, about. One that is not here is met where a report names it alone, and weighs 1 then; all of Internet
// Explorer's are met in that browser.
var policyWeights = map[string]float64{
	"block-third-party": 4, "browser-default": 1, "allow-third-party": 5, "per-site-allow": 1, "trusted-zone": 1, "trusted-zone-https": 1,
	"trusted-zone-bare-name": 1, "block-all": .7, "private-window": .5, "partition": .5, "per-site-block": .3, "per-site-allow-exact-host": .3,
	"extension-strips-third-party": .5, "ie6-third-party-blocked": 4, "ie6-custom": .3,
}

// policies are those that the complaint leaves open: the exported one where it decides, the one that is named, or all that are met in the field.
func (c *Complaint) policies() ([]policy.Policy, error) {
	if c.onlyExported() {
		return []policy.Policy{c.Settings.Policy}, nil
	}
	name := c.Policy
	if like := explorerPolicies[name]; like != "" && c.explorer() != "" {
		name = like
		if c.explorer() == "5.5" {
			name = "" // it has none of these
		}
	}
	if shipped := c.asShipped(); name == "browser-default" || name == "private-window" && shipped == "block-third-party" {
		name = shipped // Safari's private windows block no less
	}
	if name != "" {
		names := []string{name}
		if name == "allow-third-party" && inside.MatchString(onTheWay(c.Report.Network)) {
			names = append(names, "extension-strips-third-party") // it allows them too
		}
		var list []policy.Policy
		for _, name := range names {
			p, err := fixtures.Policy(name)
			if err != nil {
				return nil, err
			}
			list = append(list, c.withSettings(c.about(p)))
		}
		return list, nil
	}
	all, err := fixtures.Policies()
	if err != nil {
		return nil, err
	}
	var list []policy.Policy
	for _, p := range all {
		if c.explorer() != "" {
			if p.InternetExplorer != nil && p.InternetExplorer.Version == c.explorer() {
				list = append(list, c.about(p))
			}
		} else if p.InternetExplorer == nil && policyWeights[p.Name] > 0 && (p.Name != "browser-default" || c.asShipped() == p.Name) {
			list = append(list, c.withSettings(c.about(p)))
		}
	}
	return list, nil
}

// withSettings is a policy beside the exported settings: they replace it where they decide about all sites, and otherwise add to it.
func (c *Complaint) withSettings(p policy.Policy) policy.Policy {
	switch {
	case c.Settings == nil:
		return p
	case c.settingsDecide():
		return c.Settings.Policy
	}
	p.Exceptions = slices.Concat(p.Exceptions, c.Settings.Policy.Exceptions)
	p.PrivateWindow = p.PrivateWindow || c.Settings.Policy.PrivateWindow
	p.Probe = nil // that of the policy alone
	return p
}

// onlyExported says whether the exported settings are all that is in force: they decide, or nothing else is said and there are none but private windows,
// which have the browser's own rules.
func (c *Complaint) onlyExported() bool {
	return c.Policy == "" && (c.settingsDecide() || c.Settings != nil && c.Settings.Policy.PrivateWindow)
}

// blockedScripts names the exported setting that blocks JavaScript at the Webex site, and says whether it does so everywhere, at the portal too. It is
// empty where none does.
func (c *Complaint) blockedScripts() (setting string, everywhere bool) {
	if c.Settings == nil {
		return "", false
	}
	s := c.Settings.Scripts
	if setting = s.BlockedAt(c.site()); setting == "" && c.Site == "" {
		// Which of the sites below webex.com it is nobody said.
		if i := slices.IndexFunc(s.Blocked, func(p string) bool { return strings.Contains(p, "."+session.Domain) }); i >= 0 {
			setting = "JavaScriptBlockedForUrls: " + s.Blocked[i]
		}
	}
	allowed := c.Portal != "" && s.BlockedAt(c.Portal) == ""
	return setting, setting != "" && s.Off == setting && !allowed
}

// tellEntries tells of managed entries that are about Webex and do not cover the site.
func (c *Complaint) tellEntries() {
	if c.Settings == nil || c.Site == "" {
		return
	}
	for _, x := range c.Settings.Policy.Exceptions {
		if x.Decision != policy.Allow || !strings.Contains(x.Typed, session.Domain) {
			continue
		}
		why := "it is for that origin, and for hosts below it"
		switch pair, err := policy.ParsePatternPair(x.Typed, true); {
		case c.Settings.Engine == browsers.Firefox && coversInFirefox(x, c.site()):
			continue
		case c.Settings.Engine == browsers.Firefox:
		case err != nil || pair.Cookie.Matches(c.site()):
			continue // what the browser ignores is told elsewhere
		case !strings.Contains(x.Typed, "[*.]"):
			why = "without [*.] a name is that one host alone"
		default:
			why = "it is for other hosts"
		}
		c.find(intake.Note, "setting", fmt.Sprintf("The exported settings allow the cookies of %s, and that does not cover %s: %s.", x.Typed, c.site(), why), "")
	}
}

// coversInFirefox says whether Firefox allows the site's cookies by an entry, or ignores the entry, which is told elsewhere.
func coversInFirefox(x policy.Exception, site string) bool {
	m := policy.Under(policy.Firefox, "", policy.Policy{Base: policy.BlockThirdParty, Exceptions: []policy.Exception{x}})
	c := policy.Cookie{Name: "any", Secure: true, SameSite: policy.SameSiteNone}
	return len(m.Ignored()) > 0 || m.Decide(c, policy.InFrame(site, "https://portal.example")).Store.Action.Through()
}

// tellScripts tells of a setting that blocks the scripts by which a site's answers go on.
func (c *Complaint) tellScripts() {
	setting, everywhere := c.blockedScripts()
	if setting == "" {
		return
	}
	if c.Sequence != nil && slices.ContainsFunc(c.Sequence.Calls, func(call intake.Call) bool {
		return call.Followed == intake.Yes && c.Sequence.Hops[call.Hop].Redirect == ""
	}) {
		c.find(intake.Contradiction, "setting", fmt.Sprintf("The exported settings block JavaScript at the Webex site (%s), and in the HAR file a script of the site sends the browser on, which is believed.", setting),
			"Are both from the same browser, and was the setting changed in between?")
		c.Settings.Scripts = intake.Scripts{}
		return
	}
	where := "at the Webex site"
	if everywhere {
		if where = "on every page"; len(c.Settings.Scripts.Allowed) > 0 {
			where += " but those that JavaScriptAllowedForUrls names"
		}
	}
	does := "Webex answers a command with a page whose script sends the browser on, so that the person stays on that page after the login, and nothing more happens"
	kind := intake.Note
	if c.Outcome != "" && c.Outcome != fixtures.Stuck {
		kind, does = intake.Contradiction, does+fmt.Sprintf("; %s comes later, and needs that script, unless the site redirects without one", c.Outcome)
	}
	c.find(kind, "setting", fmt.Sprintf("The exported settings block JavaScript %s (%s). %s.", where, setting, does),
		fmt.Sprintf("Does it work once JavaScript is allowed for [*.]%s?", session.Domain))
}

// explorer is the version of Internet Explorer whose rules are meant, "6" or "5.5"; empty: another browser.
func (c *Complaint) explorer() string {
	switch {
	case c.Understood.Browser != "Internet Explorer":
		return ""
	case strings.HasPrefix(c.Version, "5"):
		return "5.5"
	}
	return "6"
}

// asShipped is the policy that says what the customer's browser does as it is shipped, where what stands in for it has another default: Debian's
// Chromium blocks third-party cookies, and WebKitGTK sends them and keeps none.
func (c *Complaint) asShipped() string {
	switch browser := c.Understood.Browser; {
	case c.Engine == browsers.Chromium && (browser == "Chrome" || browser == "Edge"):
		return "allow-third-party"
	case c.Engine == browsers.WebKit && browser != "GNOME Web":
		return "block-third-party"
	}
	return "browser-default"
}

// explorerPolicies are Internet Explorer 6's settings that mean the same as those of today's browsers.
var explorerPolicies = map[string]string{
	"block-third-party": "ie6-third-party-blocked", "per-site-allow": "ie6-site-allowed", "block-all": "ie6-block-all",
	"allow-third-party": "ie6-accept-all", "per-site-block": "ie6-site-blocked", "browser-default": "ie6-medium",
}
