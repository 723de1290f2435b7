package intake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/internal/wording"
)

// ReadFirefoxPolicies reads Firefox's policies: the file policies.json, or the table of about:policies as a person copies it. The error is a
// *Mistake.
func ReadFirefoxPolicies(file string, r io.Reader) (*Settings, error) {
	data, err := utf8File(file, r, maxSettings)
	if err != nil {
		return nil, err
	}
	return firefoxPolicies(file, data)
}

func firefoxPolicies(file string, data []byte) (*Settings, error) {
	if text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))); len(text) > 0 && text[0] != '{' {
		policies, err := aboutPolicies(file, data)
		if err != nil {
			return nil, err
		}
		return translateFirefox(file, policies)
	}
	var top struct {
		Policies map[string]json.RawMessage
		Log      json.RawMessage
	}
	if err := decodeJSON(file, data, &top); err != nil {
		return nil, err
	}
	if top.Policies == nil {
		problem := `the key "policies" is missing; expected Firefox's policies.json`
		if top.Log != nil {
			problem = "this is a HAR file; expected policies"
		}
		return nil, &Mistake{File: file, Offset: -1, Problem: problem}
	}
	s, err := translateFirefox(file, top.Policies)
	return s, located(data, err)
}

// firefoxBehaviors are the values of Cookies.Behavior; Firefox 153 renamed the last of the long ones.
var firefoxBehaviors = map[string]policy.Base{
	"accept":                               policy.AllowThirdParty,
	"reject-foreign":                       policy.BlockThirdParty,
	"reject":                               policy.BlockAll,
	"limit-foreign":                        policy.VisitedOnly,
	"reject-tracker-and-partition-foreign": policy.Partition,
	"partition-foreign":                    policy.Partition,
}

// firefoxBehaviorNumbers are the values of the preference network.cookie.cookieBehavior.
var firefoxBehaviorNumbers = []string{"accept", "reject-foreign", "reject", "limit-foreign", "reject-tracker", "partition-foreign"}

// The policies besides Cookies and Preferences that concern cookies or what else ends a session, and why they have no counterpart.
var firefoxPolicyNames = map[string]string{
	"Proxy":                    "a proxy between browser and site may take cookies or scripts out",
	"Extensions":               "an extension may take cookies out",
	"ExtensionSettings":        "an extension may take cookies out",
	"EnableTrackingProtection": "it concerns listed trackers; an unlisted host is untouched, but the category strict also partitions cookies",
	"SanitizeOnShutdown":       "it empties the cookie store at the end; a Webex session ends with the browser anyway",
	"PopupBlocking":            "meetings that open in a window of their own need popups",
}

func translateFirefox(file string, policies map[string]json.RawMessage) (*Settings, error) {
	f := firefoxReader{file: file, out: newSettings(browsers.Firefox, "As exported from Firefox's policies")}
	if raw, ok := policies["Cookies"]; ok {
		if err := f.cookies(raw); err != nil {
			return nil, err
		}
	}
	if raw, ok := policies["Preferences"]; ok {
		if err := f.preferences(raw); err != nil {
			return nil, err
		}
	}
	var protection struct{ Category string }
	if json.Unmarshal(policies["EnableTrackingProtection"], &protection) == nil && protection.Category == "strict" {
		f.out.Policy.Base, f.out.Locked = policy.Partition, true // whatever else is set: measured on Firefox ESR 153
	}
	if raw, ok := policies["PrivateBrowsingModeAvailability"]; ok {
		f.out.Policy.PrivateWindow = string(bytes.TrimSpace(raw)) == "2" // forced
	}
	for _, name := range mapKeys(policies) {
		if why := firefoxPolicyNames[name]; why != "" && !saysDirect(policies[name]) {
			f.out.cannot(name, "%s", why)
		}
	}
	return f.out, nil
}

// firefoxReader turns policies by name into Settings.
type firefoxReader struct {
	file string
	out  *Settings
}

func (f *firefoxReader) parse(field string, raw json.RawMessage, into any) error {
	return parseValue(f.file, field, raw, into)
}

// cookies reads the policy Cookies.
func (f *firefoxReader) cookies(raw json.RawMessage) error {
	var fields map[string]json.RawMessage
	if err := f.parse("Cookies", raw, &fields); err != nil {
		return err
	}
	for _, name := range mapKeys(fields) {
		if err := f.cookieSetting(name, fields[name]); err != nil {
			return err
		}
	}
	if fields["Behavior"] == nil && fields["BehaviorPrivateBrowsing"] == nil {
		f.older(fields)
	}
	return nil
}

// older is what those fields say together whose place Behavior took. Where there is one of them, or the policy is locked, Firefox accepts what none of them
// refuses, and partitions nothing. Measured on Firefox ESR 153.
func (f *firefoxReader) older(fields map[string]json.RawMessage) {
	is := func(name, value string) bool { return string(bytes.TrimSpace(fields[name])) == value }
	given := func(name string) bool { return is(name, "true") || is(name, "false") }
	switch {
	case is("Default", "false"):
		f.out.Policy.Base = policy.BlockAll
	case is("AcceptThirdParty", `"never"`):
		f.out.Policy.Base = policy.BlockThirdParty
	case is("AcceptThirdParty", `"from-visited"`):
		f.out.Policy.Base = policy.VisitedOnly
	case is("AcceptThirdParty", `"always"`), given("Default"), given("RejectTracker"), is("Locked", "true"):
		f.out.Policy.Base = policy.AllowThirdParty
	}
}

func (f *firefoxReader) cookieSetting(name string, raw json.RawMessage) error {
	field := "Cookies." + short(name)
	switch name {
	case "Allow", "AllowSession", "Block":
		return f.exceptions(field, raw, map[string]policy.Decision{"Allow": policy.Allow, "AllowSession": policy.SessionOnly, "Block": policy.Block}[name])
	case "Behavior":
		var behavior string
		if err := f.parse(field, raw, &behavior); err != nil {
			return err
		}
		f.behave(field, behavior)
	case "BehaviorPrivateBrowsing":
		f.out.cannot(field, "it holds in private windows alone")
	case "Default":
		var allowed bool
		return f.parse(field, raw, &allowed)
	case "AcceptThirdParty": // before Firefox 112
		var accept string
		if err := f.parse(field, raw, &accept); err != nil {
			return err
		}
		if !slices.Contains([]string{"always", "never", "from-visited"}, accept) {
			f.out.cannot(field, "Firefox knows no value %s; expected always, never or from-visited", shown(accept))
		}
	case "RejectTracker":
		f.out.cannot(field, "it concerns listed trackers; an unlisted host is untouched")
	case "ExpireAtSessionEnd":
		f.out.cannot(field, "cookies end with the browser; a Webex session does so anyway")
	case "Locked":
		f.out.Locked = f.out.Locked || string(bytes.TrimSpace(raw)) == "true"
	default:
		f.out.cannot(field, "Firefox knows no such setting")
	}
	return nil
}

func (f *firefoxReader) behave(field, behavior string) {
	switch base, known := firefoxBehaviors[behavior]; {
	case known:
		f.out.Policy.Base = base
	case behavior == "reject-tracker":
		f.out.Policy.Base = policy.AllowThirdParty
		f.out.cannot(field+"=reject-tracker", "listed trackers are refused; an unlisted host is treated as if all cookies were accepted, and so it is taken")
	default:
		f.out.cannot(field, "Firefox knows no behavior %s; expected %s", shown(behavior), wording.OneOf(mapKeys(firefoxBehaviors)))
	}
}

func (f *firefoxReader) exceptions(field string, raw json.RawMessage, d policy.Decision) error {
	var list []string
	if err := f.parse(field, raw, &list); err != nil {
		return err
	}
	if len(list) > maxExceptions {
		return &Mistake{File: f.file, Offset: -1, Field: field, Problem: fmt.Sprintf("has %d entries; at most %d are read", len(list), maxExceptions)}
	}
	for _, entry := range list {
		x := policy.Exception{Typed: entry, Decision: d, By: policy.Managed}
		if len(policy.Under(policy.Firefox, "", policy.Policy{Base: policy.BlockThirdParty, Exceptions: []policy.Exception{x}}).Ignored()) > 0 {
			f.out.cannot(field, "Firefox ignores the entry %s: exceptions are exact origins, such as https://acme.webex.com, with the port where it is not the usual one", shown(entry))
		}
		f.out.except(cutTo(entry, maxAddress), d)
	}
	return nil
}

// preferences reads the policy Preferences, whose values stand by themselves or in an object.
func (f *firefoxReader) preferences(raw json.RawMessage) error {
	const cookieBehavior, optIn = "network.cookie.cookieBehavior", "network.cookie.cookieBehavior.optInPartitioning"
	var prefs map[string]json.RawMessage
	if err := f.parse("Preferences", raw, &prefs); err != nil {
		return err
	}
	locked := func(name string) bool { // a value by itself is, too
		var o struct{ Status string }
		return json.Unmarshal(prefs[name], &o) != nil || o.Status == "locked"
	}
	value := func(name string) string {
		var o struct{ Value json.RawMessage }
		if json.Unmarshal(prefs[name], &o) == nil && o.Value != nil {
			return string(bytes.TrimSpace(o.Value))
		}
		return string(bytes.TrimSpace(prefs[name]))
	}
	if v := value(cookieBehavior); v != "" && f.out.Policy.Base == policy.BrowserDefault { // the policy Cookies goes before it
		f.out.Locked = f.out.Locked || locked(cookieBehavior)
		field := cookieBehavior + "=" + short(v)
		if len(v) == 1 && v[0] >= '0' && int(v[0]-'0') < len(firefoxBehaviorNumbers) {
			f.behave(field, firefoxBehaviorNumbers[v[0]-'0'])
		} else {
			f.out.cannot(field, "Firefox knows no such behavior; expected a number from 0 to %d", len(firefoxBehaviorNumbers)-1)
		}
	}
	if v := value(optIn); (v == "true" || v == "1") && (f.out.Policy.Base == policy.Partition || f.out.Policy.Base == policy.BrowserDefault) {
		f.out.Policy.Base = policy.PartitionOptIn
	}
	const scripts = "javascript.enabled"
	if v := value(scripts); v == "false" || v == "0" {
		f.out.Scripts.Off = scripts + "=false"
	}
	for _, name := range mapKeys(prefs) {
		switch {
		case name == cookieBehavior, name == optIn, name == scripts:
		case strings.HasPrefix(name, "network.cookie."), strings.HasPrefix(name, "privacy.restrict3rdpartystorage."), strings.HasPrefix(name, "privacy.clearOnShutdown"),
			strings.HasPrefix(name, "network.proxy."):
			f.out.cannot("Preferences."+short(name)+"="+short(value(name)), "it can concern cookies or the session, and has no counterpart")
		}
	}
	return nil
}
