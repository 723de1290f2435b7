package chromium

import (
	"github.com/cookiegate/cookiegate/browsers/policy"
)

// What Chromium's content settings mean by a number, in the profile, and what its settings page calls them.
var (
	contentSetting = map[policy.Decision]int{policy.Allow: 1, policy.Block: 2, policy.SessionOnly: 4}
	settingName    = map[policy.Decision]string{policy.Allow: "allow", policy.Block: "block", policy.SessionOnly: "session_only"}
)

// settings are what a person chooses under Privacy and security. Each that a policy depends on is set, for a distribution may have changed what
// holds without it: Debian's Chromium blocks third-party cookies.
type settings struct {
	mode          int             // profile.cookie_controls_mode: 0 third-party cookies are allowed, 1 they are not
	cookies       policy.Decision // for all sites
	storageAccess string          // "ask", or "block": "Don't allow sites to ask", under Embedded content
	exceptions    []exception
}

// exception is a person's entry: the pattern of the cookie's site, and that of the page's, which may be "*".
type exception struct {
	site, embedding string
	decision        policy.Decision
}

func settingsOf(p policy.Policy) settings {
	s := settings{cookies: policy.Allow, storageAccess: "ask"}
	if p.Base != policy.AllowThirdParty {
		s.mode = 1
	}
	if p.Base == policy.BlockAll {
		s.cookies = policy.Block
	}
	if p.StorageAccess == policy.StorageAccessDenied {
		s.storageAccess = "block"
	}
	for _, e := range p.Exceptions {
		if e.By == policy.Person {
			s.exceptions = append(s.exceptions, exception{cookiePattern(e), embedding(e, "*"), e.Decision})
		}
	}
	return s
}

// preferences are a person's settings as the browser keeps them in its profile.
func preferences(p policy.Policy) map[string]any {
	s := settingsOf(p)
	defaults := map[string]any{}
	profile := map[string]any{
		// Off, or the browser asks before it closes with the extension pages that nobody opened.
		"exit_type":                      "Normal",
		"default_content_setting_values": defaults,
	}
	if p.Base != policy.BrowserDefault {
		profile["cookie_controls_mode"] = s.mode
		defaults["cookies"] = contentSetting[s.cookies]
	}
	if s.storageAccess == "block" {
		defaults["storage_access"] = contentSetting[policy.Block]
	}
	exceptions := map[string]any{}
	for _, e := range s.exceptions {
		exceptions[e.site+","+e.embedding] = map[string]any{"setting": contentSetting[e.decision]}
	}
	if len(exceptions) > 0 {
		profile["content_settings"] = map[string]any{"exceptions": map[string]any{"cookies": exceptions}}
	}
	return map[string]any{"profile": profile}
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
