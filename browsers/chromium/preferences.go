package chromium

import (
	"github.com/cookiegate/cookiegate/browsers/policy"
)

// What Chromium's content settings mean by a number.
var contentSetting = map[policy.Decision]int{policy.Allow: 1, policy.Block: 2, policy.SessionOnly: 4}

// preferences are the settings that a person makes under Privacy and security, as the browser keeps them in its profile. Each that a
// policy depends on is written, for a distribution may have changed what holds without it: Debian's Chromium blocks third-party
// cookies.
func preferences(p policy.Policy) map[string]any {
	defaults := map[string]any{}
	profile := map[string]any{
		// Off, or the browser asks before it closes with the extension pages that nobody opened.
		"exit_type":                      "Normal",
		"default_content_setting_values": defaults,
	}
	switch p.Base {
	case policy.AllowThirdParty:
		profile["cookie_controls_mode"] = 0
		defaults["cookies"] = 1
	case policy.BlockThirdParty:
		profile["cookie_controls_mode"] = 1
		defaults["cookies"] = 1
	case policy.BlockAll:
		profile["cookie_controls_mode"] = 1
		defaults["cookies"] = 2
	}
	if p.StorageAccess == policy.StorageAccessDenied {
		defaults["storage_access"] = 2 // "Don't allow sites to ask", under Embedded content
	}
	exceptions := map[string]any{}
	for _, e := range p.Exceptions {
		if e.By == policy.Person {
			exceptions[personPattern(e)] = map[string]any{"setting": contentSetting[e.Decision]}
		}
	}
	if len(exceptions) > 0 {
		profile["content_settings"] = map[string]any{"exceptions": map[string]any{"cookies": exceptions}}
	}
	return map[string]any{"profile": profile}
}

// personPattern is the pair of patterns under which the browser keeps a person's entry: the cookie's site, and the page's.
func personPattern(e policy.Exception) string {
	return cookiePattern(e) + "," + embedding(e, "*")
}

func cookiePattern(e policy.Exception) string {
	switch {
	case e.Typed != "":
		return e.Typed
	case e.Site != "":
		return "[*.]" + e.Site
	}
	return "*"
}

func embedding(e policy.Exception, otherwise string) string {
	if e.EmbeddedIn == "" {
		return otherwise
	}
	return "[*.]" + e.EmbeddedIn
}

// managed are the policies that an IT department sets; nil when there are none.
func managed(p policy.Policy) map[string]any {
	names := map[policy.Decision]string{
		policy.Allow: "CookiesAllowedForUrls", policy.Block: "CookiesBlockedForUrls", policy.SessionOnly: "CookiesSessionOnlyForUrls",
	}
	var policies map[string]any
	for _, e := range p.Exceptions {
		if e.By != policy.Managed {
			continue
		}
		if policies == nil {
			policies = map[string]any{}
		}
		entry := cookiePattern(e)
		if e.EmbeddedIn != "" {
			entry += "," + embedding(e, "")
		}
		list, _ := policies[names[e.Decision]].([]string)
		policies[names[e.Decision]] = append(list, entry)
	}
	return policies
}
