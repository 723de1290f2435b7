package intake

import (
	"fmt"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/internal/redact"
)

// Settings are what an export of a browser's settings says about cookies.
type Settings struct {
	// Policy is that as a cookie policy, without a probe: nobody has written by hand what to expect of it.
	Policy policy.Policy
	// Engine is that of the browser whose settings they are; Internet Explorer's rules are put in front of Chromium.
	Engine browsers.Engine
	// Scripts are what they say of JavaScript.
	Scripts Scripts
	// Browser is the program and version that the export names, such as "Google Chrome 149.0.7780.80"; empty where it names none.
	Browser string
	// Recommended are the policies in it that a person may have decided otherwise.
	Recommended []string
	// Locked says of Firefox's that nobody can change in the browser what they say of all sites; unlike Chromium's they are a default otherwise.
	Locked bool
	// Untranslated are the settings in it that concern cookies, or what else can end a session, and have no counterpart in Policy.
	Untranslated []Untranslated
	// Others are the settings of other browsers in the same export: a registry has those of all.
	Others []*Settings
}

// maxSettings is the largest export that is read, in bytes. Policies of whole companies stay far below.
const maxSettings = 16 << 20

// newSettings is what is known before the first setting was read.
func newSettings(engine browsers.Engine, title string) *Settings {
	return &Settings{Engine: engine, Policy: policy.Policy{Name: "exported", Title: title, Base: policy.BrowserDefault}}
}

func (s *Settings) cannot(setting, format string, args ...any) {
	s.Untranslated = append(s.Untranslated, Untranslated{Setting: short(redact.Addresses(setting)), Why: redact.Addresses(fmt.Sprintf(format, args...))})
}

// except adds an entry letter for letter, as the IT department typed it, but for a password in it.
func (s *Settings) except(typed string, d policy.Decision) {
	s.Policy.Exceptions = append(s.Policy.Exceptions, policy.Exception{Typed: redact.Address(typed), Decision: d, By: policy.Managed})
}

// underRules puts Internet Explorer's rules in front of a browser that has none of its own.
func (s *Settings) underRules(ie policy.InternetExplorer) {
	s.Policy.Base, s.Policy.InternetExplorer = policy.AllowThirdParty, &ie
}
