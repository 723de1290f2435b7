package intake

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
)

// ReadChromiumPolicies reads the policies of Chrome, Edge or another Chromium: the file that chrome://policy exports, in its older and newer
// form, or a managed policy file, which is the policies alone. The error is a *Mistake.
func ReadChromiumPolicies(file string, r io.Reader) (*Settings, error) {
	data, err := utf8File(file, r, maxSettings)
	if err != nil {
		return nil, err
	}
	return chromiumPolicies(file, data)
}

func chromiumPolicies(file string, data []byte) (_ *Settings, err error) {
	defer func() { err = located(data, err) }()
	var top map[string]json.RawMessage
	if err := decodeJSON(file, data, &top); err != nil {
		return nil, err
	}
	s := newSettings(browsers.Chromium, "As exported from the browser's policies")
	c := chromiumReader{file: file, out: s, values: map[string]json.RawMessage{}, marked: map[string]bool{}}
	var meta struct{ Application, Version loose }
	if raw, ok := top["chromeMetadata"]; ok && json.Unmarshal(raw, &meta) == nil {
		version, _, _ := strings.Cut(string(meta.Version), " ")
		s.Browser = strings.TrimSpace(short(string(meta.Application)) + " " + short(version))
	}
	switch {
	case top["policyValues"] != nil:
		var sections map[string]json.RawMessage
		if err = c.parse("policyValues", top["policyValues"], &sections); err != nil {
			return nil, err
		}
		var chrome struct {
			Policies map[string]json.RawMessage
		}
		if sections["chrome"] == nil {
			return nil, c.wrong("policyValues", "the browser's own policies (chrome) are missing")
		}
		if err = c.parse("policyValues.chrome", sections["chrome"], &chrome); err == nil {
			err = c.exported("policyValues.chrome.policies", chrome.Policies)
		}
	case top["chromePolicies"] != nil:
		var policies map[string]json.RawMessage
		if err = c.parse("chromePolicies", top["chromePolicies"], &policies); err == nil {
			err = c.exported("chromePolicies", policies)
		}
	case top["policies"] != nil:
		return nil, c.wrong("policies", "these are Firefox's policies; expected those of a Chromium")
	case top["log"] != nil:
		return nil, c.wrong("log", "this is a HAR file; expected policies")
	case len(top) == 0:
		return nil, c.wrong("", "there is not one policy in it")
	default:
		if !slices.ContainsFunc(mapKeys(top), isPolicyName) {
			return nil, c.wrong("", "no key looks like the name of a policy, such as BlockThirdPartyCookies")
		}
		c.values = top
	}
	if err != nil {
		return nil, err
	}
	if err := c.translate(); err != nil {
		return nil, err
	}
	return s, nil
}

// chromiumReader turns policies by name into Settings.
type chromiumReader struct {
	file   string
	out    *Settings
	values map[string]json.RawMessage
	marked map[string]bool // policies that the browser found a mistake in
}

func (c *chromiumReader) wrong(field, format string, args ...any) error {
	return &Mistake{File: c.file, Offset: -1, Field: field, Problem: fmt.Sprintf(format, args...)}
}

func (c *chromiumReader) parse(field string, raw json.RawMessage, into any) error {
	return parseValue(c.file, field, raw, into)
}

// value reads the value of a policy, where there is one that the browser could read too.
func (c *chromiumReader) value(name string, into any) (found bool, err error) {
	raw, ok := c.values[name]
	if !ok {
		return false, nil
	}
	err = c.parse(name, raw, into)
	if m, wrong := asMistake(err); wrong && c.marked[name] {
		c.out.cannot(name, "the browser ignored its value: %s", m.Problem)
		return false, nil
	}
	return err == nil, err
}

func (c *chromiumReader) onlyRecommended(name string) {
	c.out.Recommended = append(c.out.Recommended, name)
	c.out.cannot(name, "it is only recommended: a person may have decided otherwise; it is taken as it stands")
}

// exported takes the values out of exported policies, which also say where each is from and whether it holds.
func (c *chromiumReader) exported(field string, policies map[string]json.RawMessage) error {
	for _, name := range mapKeys(policies) {
		if _, interesting := chromiumPolicyNames[name]; !interesting {
			continue
		}
		var p struct {
			Value   json.RawMessage
			Level   loose
			Error   loose
			Ignored bool
		}
		if err := c.parse(field+"."+short(name), policies[name], &p); err != nil {
			return err
		}
		switch {
		case p.Ignored:
			c.out.cannot(name, "the browser says that it ignores this policy: another one goes before it")
			continue
		case p.Error != "":
			c.out.cannot(name, "the browser says: %s", short(string(p.Error)))
			c.marked[name] = true
		case p.Level == "recommended":
			c.onlyRecommended(name)
		}
		if p.Value != nil {
			c.values[name] = p.Value
		}
	}
	return nil
}

// The policies that are looked at. The text says why one has no counterpart; it is empty for those that have.
var chromiumPolicyNames = map[string]string{
	"BlockThirdPartyCookies":    "",
	"DefaultCookiesSetting":     "",
	"CookiesAllowedForUrls":     "",
	"CookiesBlockedForUrls":     "",
	"CookiesSessionOnlyForUrls": "",
	"IncognitoModeAvailability": "",
	"InPrivateModeAvailability": "",
	"DefaultJavaScriptSetting":  "",
	"JavaScriptAllowedForUrls":  "",
	"JavaScriptBlockedForUrls":  "",

	"ProxyMode":                           "a proxy between browser and site may take cookies or scripts out",
	"ProxyServer":                         "a proxy between browser and site may take cookies or scripts out",
	"ProxyPacUrl":                         "a proxy between browser and site may take cookies or scripts out",
	"ProxySettings":                       "a proxy between browser and site may take cookies or scripts out",
	"ExtensionInstallForcelist":           "an extension may take cookies out",
	"ExtensionSettings":                   "an extension may take cookies out",
	"DefaultPopupsSetting":                "meetings that open in a window of their own need popups",
	"PopupsBlockedForUrls":                "meetings that open in a window of their own need popups",
	"LegacySameSiteCookieBehaviorEnabled": "it takes cookies without SameSite for None, in browsers old enough to have it",
	"LegacySameSiteCookieBehaviorEnabledForDomainList": "it takes cookies of some domains without SameSite for None, in browsers old enough to have it",
	"ClearBrowsingDataOnExitList":                      "it empties the cookie store at the end; a Webex session ends with the browser anyway",
	"ClearBrowsingDataOnExit":                          "it empties the cookie store at the end; a Webex session ends with the browser anyway",
	"IdleTimeoutActions":                               "it may empty the cookie store while nobody is at the machine, which ends the session",
	"TrackingPrevention":                               "Edge's tracking prevention refuses listed trackers alone; an unlisted host is untouched at every level",
	"AllowTrackingForUrls":                             "Edge's tracking prevention refuses listed trackers alone; an unlisted host is untouched at every level",
	"InternetExplorerIntegrationSiteList":              "pages on that list run in Internet Explorer mode, with Internet Explorer's own cookies and zones: ask for the list",
	"InternetExplorerIntegrationCloudSiteList":         "pages on that list run in Internet Explorer mode, with Internet Explorer's own cookies and zones: ask for the list",
}

func (c *chromiumReader) translate() error {
	p := &c.out.Policy
	var blocked bool
	if found, err := c.value("BlockThirdPartyCookies", &blocked); err != nil {
		return err
	} else if found {
		if p.Base = policy.AllowThirdParty; blocked {
			p.Base = policy.BlockThirdParty
		}
	}
	var setting int
	if found, err := c.value("DefaultCookiesSetting", &setting); err != nil {
		return err
	} else if found {
		switch setting {
		case 1: // all sites may; BlockThirdPartyCookies stands beside it
		case 2:
			p.Base = policy.BlockAll
		case 4:
			c.out.cannot("DefaultCookiesSetting=4", "cookies end with the browser; a Webex session does so anyway")
		default:
			c.out.cannot(fmt.Sprintf("DefaultCookiesSetting=%d", setting), "there is no such setting; expected 1 (allow), 2 (block) or 4 (until the browser closes)")
		}
	}
	for _, list := range []struct {
		name     string
		decision policy.Decision
	}{
		{"CookiesAllowedForUrls", policy.Allow}, {"CookiesBlockedForUrls", policy.Block}, {"CookiesSessionOnlyForUrls", policy.SessionOnly},
	} {
		if err := c.exceptions(list.name, list.decision); err != nil {
			return err
		}
	}
	for _, name := range []string{"IncognitoModeAvailability", "InPrivateModeAvailability"} {
		var setting int
		found, err := c.value(name, &setting)
		if err != nil {
			return err
		}
		p.PrivateWindow = p.PrivateWindow || found && setting == 2 // forced
	}
	if err := c.scripts(); err != nil {
		return err
	}
	for _, name := range mapKeys(c.values) {
		if why := chromiumPolicyNames[name]; why != "" && !saysDirect(c.values[name]) {
			c.out.cannot(name, "%s", why)
		}
	}
	return nil
}

// saysDirect says whether the value of a policy about proxies is that there is none.
func saysDirect(raw json.RawMessage) bool {
	var mode string
	var settings struct{ ProxyMode, Mode string } // ProxySettings of Chromium, Proxy of Firefox
	return json.Unmarshal(raw, &mode) == nil && mode == "direct" || json.Unmarshal(raw, &settings) == nil && (settings.ProxyMode == "direct" || settings.Mode == "none")
}

func (c *chromiumReader) exceptions(name string, d policy.Decision) error {
	var list []string
	if found, err := c.value(name, &list); !found {
		return err
	}
	if len(list) > maxExceptions {
		return c.wrong(name, "has %d entries; at most %d are read", len(list), maxExceptions)
	}
	for _, entry := range list {
		if _, err := policy.ParsePatternPair(entry, true); err != nil {
			c.out.cannot(name, "the browser ignores an entry of it: %v", err)
		}
		c.out.except(cutTo(entry, maxAddress), d)
	}
	return nil
}

// maxExceptions is how many entries a list may have: Chromium itself reads 1,000 of most.
const maxExceptions = 10_000

// isPolicyName says whether a key is written as policies are named.
func isPolicyName(key string) bool {
	if key == "" || key[0] < 'A' || key[0] > 'Z' {
		return false
	}
	return strings.Trim(strings.ToLower(key), "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}

// mapKeys are the keys of a map, sorted.
func mapKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
