package policy

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/cookiegate/cookiegate/internal/wording"
)

// InternetExplorer are the cookie settings of an Internet Explorer. Its rules are known from Microsoft's documents; they are enforced on
// the wire, in front of another browser.
type InternetExplorer struct {
	// Version is "6" (privacy settings and P3P) or "5.5" (security zones only).
	Version string `yaml:"version"`
	// Level is where the slider of the Privacy tab stands, for the Internet zone; empty: medium, the default. Only in 6.
	Level PrivacyLevel `yaml:"level,omitempty"`
	// Advanced is the Privacy tab's "override automatic cookie handling", instead of a level.
	Advanced *AdvancedPrivacy `yaml:"advanced,omitempty"`
	// Custom are custom privacy preferences as strings, instead of a level.
	Custom *CustomPrivacy `yaml:"custom,omitempty"`
	// Import is the text of a privacy preferences file (XML), instead of a level.
	Import string `yaml:"import,omitempty"`
	// Sites is the list of the Privacy tab's button Sites. Only in 6.
	Sites []PrivacySite `yaml:"sites,omitempty"`
	// Zones are the settings of security zones; a zone that is not named has its defaults.
	Zones map[Zone]ZoneSettings `yaml:"zones,omitempty"`
	// ZoneMap are the sites put into zones, in the order in which they were.
	ZoneMap []ZoneEntry `yaml:"zone-map,omitempty"`
	// UnleashedSession leaves session cookies without a compact policy off the leash in first-party context. Microsoft's texts exempt session cookies
	// from being refused there, and do not say whether also from the leash.
	UnleashedSession bool `yaml:"unleashed-session,omitempty"`
	// PromptAnswer is what the person says when asked: allow or block; empty: nobody answers, which is block.
	PromptAnswer Decision `yaml:"prompt-answer,omitempty"`
}

// PrivacyLevel is a position of the privacy slider.
type PrivacyLevel string

// The levels, the strictest first.
const (
	LevelBlockAll   PrivacyLevel = "block-all"
	LevelHigh       PrivacyLevel = "high"
	LevelMediumHigh PrivacyLevel = "medium-high"
	LevelMedium     PrivacyLevel = "medium"
	LevelLow        PrivacyLevel = "low"
	LevelAcceptAll  PrivacyLevel = "accept-all"
)

var privacyLevels = []PrivacyLevel{LevelBlockAll, LevelHigh, LevelMediumHigh, LevelMedium, LevelLow, LevelAcceptAll}

// AdvancedPrivacy is what the dialogue behind the button Advanced sets.
type AdvancedPrivacy struct {
	FirstParty    PrivacyChoice `yaml:"first-party"`
	ThirdParty    PrivacyChoice `yaml:"third-party"`
	AlwaysSession bool          `yaml:"always-allow-session,omitempty"`
}

// PrivacyChoice is a choice of that dialogue.
type PrivacyChoice string

// The choices.
const (
	ChooseAccept PrivacyChoice = "accept"
	ChooseBlock  PrivacyChoice = "block"
	ChoosePrompt PrivacyChoice = "prompt"
)

// CustomPrivacy are privacy preference strings, as PrivacySetZonePreferenceW takes them.
type CustomPrivacy struct {
	FirstParty string `yaml:"first-party"`
	ThirdParty string `yaml:"third-party"`
}

// PrivacySite is an entry of the list behind the button Sites. Internet Explorer keeps its registrable domain, whatever was typed (KB 304646).
type PrivacySite struct {
	Site   string   `yaml:"site"`
	Action Decision `yaml:"action"` // allow or block
}

// Validate says everything that is wrong with the settings, joined, each beginning with its field.
func (ie InternetExplorer) Validate() error {
	var errs []error
	wrong := func(field, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s: %s", field, fmt.Sprintf(format, args...)))
	}
	if ie.Version != "6" && ie.Version != "5.5" {
		wrong("version", "%q; expected \"6\" or \"5.5\"", ie.Version)
	}
	set := 0
	for _, privacy := range []struct {
		field string
		given bool
	}{{"level", ie.Level != ""}, {"advanced", ie.Advanced != nil}, {"custom", ie.Custom != nil}, {"import", ie.Import != ""}, {"sites", len(ie.Sites) > 0}} {
		if !privacy.given {
			continue
		}
		if privacy.field != "sites" {
			set++
		}
		if ie.Version == "5.5" {
			wrong(privacy.field, "Internet Explorer 5.5 has no privacy settings, only zones")
		}
	}
	if set > 1 {
		wrong("level", "give one of level, advanced, custom and import")
	}
	if ie.Level != "" && !slices.Contains(privacyLevels, ie.Level) {
		wrong("level", "%q; expected %s", ie.Level, wording.OneOf(privacyLevels))
	}
	if a := ie.Advanced; a != nil {
		choices := []PrivacyChoice{ChooseAccept, ChooseBlock, ChoosePrompt}
		if !slices.Contains(choices, a.FirstParty) {
			wrong("advanced.first-party", "%q; expected %s", a.FirstParty, wording.OneOf(choices))
		}
		if !slices.Contains(choices, a.ThirdParty) {
			wrong("advanced.third-party", "%q; expected %s", a.ThirdParty, wording.OneOf(choices))
		}
	}
	if c := ie.Custom; c != nil {
		if _, err := ParsePreference(c.FirstParty); err != nil {
			wrong("custom.first-party", "%v", err)
		}
		if _, err := ParsePreference(c.ThirdParty); err != nil {
			wrong("custom.third-party", "%v", err)
		}
	}
	if ie.Import != "" {
		if _, err := ParsePrivacyXML([]byte(ie.Import)); err != nil {
			wrong("import", "%v", err)
		}
	}
	for i, s := range ie.Sites {
		if s.Action != Allow && s.Action != Block {
			wrong(fmt.Sprintf("sites[%d].action", i), "%q; expected allow or block", s.Action)
		}
		if privacySite(s.Site) == "" {
			wrong(fmt.Sprintf("sites[%d].site", i), "%q; expected a domain", s.Site)
		}
	}
	if ie.PromptAnswer != "" && ie.PromptAnswer != Allow && ie.PromptAnswer != Block {
		wrong("prompt-answer", "%q; expected allow or block", ie.PromptAnswer)
	}
	for _, z := range slices.Sorted(maps.Keys(ie.Zones)) {
		errs = append(errs, ie.Zones[z].validate(z)...)
	}
	for i, e := range ie.ZoneMap {
		if !slices.Contains(zones, e.Zone) {
			wrong(fmt.Sprintf("zone-map[%d].zone", i), "%q; expected %s", e.Zone, wording.OneOf(zones))
		}
		if e.Site == "" {
			wrong(fmt.Sprintf("zone-map[%d].site", i), "missing")
		}
	}
	return errors.Join(errs...)
}

// privacySite is the domain that the list Sites keeps for what was typed; empty where that is none.
func privacySite(typed string) string {
	a, ok := parseAddress(typed)
	if !ok {
		a, ok = parseAddress("http://" + typed)
	}
	if !ok {
		return ""
	}
	return a.domain
}
