package policy

import (
	"fmt"
	"slices"

	"github.com/cookiegate/cookiegate/internal/wording"
)

// Zone is a security zone of Internet Explorer.
type Zone string

// The zones, in the order of their numbers, 0 to 4.
const (
	MyComputerZone Zone = "my-computer"
	IntranetZone   Zone = "intranet"
	TrustedZone    Zone = "trusted"
	InternetZone   Zone = "internet"
	RestrictedZone Zone = "restricted"
)

var zones = []Zone{MyComputerZone, IntranetZone, TrustedZone, InternetZone, RestrictedZone}

var zoneTitles = map[Zone]string{
	MyComputerZone: "My Computer", IntranetZone: "Local intranet", TrustedZone: "Trusted sites", InternetZone: "Internet", RestrictedZone: "Restricted sites",
}

// ID is the zone's number in the registry, -1 where it is none.
func (z Zone) ID() int { return slices.Index(zones, z) }

// URLAction is a setting of a zone, by its number in the registry (KB 182569).
type URLAction uint16

// The settings about cookies. Internet Explorer 5.5 looks at the first two only; from 6 on the Privacy tab takes their place for the Internet zone.
const (
	PersistentCookies           URLAction = 0x1A02
	SessionCookies              URLAction = 0x1A03
	ThirdPartyPersistentCookies URLAction = 0x1A05
	ThirdPartySessionCookies    URLAction = 0x1A06
	PrivacySlider               URLAction = 0x1A10
)

// ZoneAction is what a zone does: the value of a URLAction.
type ZoneAction string

// The values, in the registry 0, 1 and 3.
const (
	ZoneEnable  ZoneAction = "enable"
	ZonePrompt  ZoneAction = "prompt"
	ZoneDisable ZoneAction = "disable"
)

// ZoneLevel is the level of a zone's security template.
type ZoneLevel string

// The levels.
const (
	ZoneLow       ZoneLevel = "low"
	ZoneMediumLow ZoneLevel = "medium-low"
	ZoneMedium    ZoneLevel = "medium"
	ZoneHigh      ZoneLevel = "high"
)

var zoneDefaults = map[Zone]ZoneLevel{IntranetZone: ZoneMediumLow, TrustedZone: ZoneLow, InternetZone: ZoneMedium, RestrictedZone: ZoneHigh}

// ZoneSettings are the settings of a zone; what is empty is as the zone's level has it.
type ZoneSettings struct {
	Level             ZoneLevel  `yaml:"level,omitempty"`
	PersistentCookies ZoneAction `yaml:"persistent-cookies,omitempty"` // URL action 1A02
	SessionCookies    ZoneAction `yaml:"session-cookies,omitempty"`    // URL action 1A03
	// RequireHTTPS is "Require server verification (https:) for all sites in this zone" (ZAFLAGS_REQUIRE_VERIFICATION); not given: on for Trusted sites,
	// off elsewhere.
	RequireHTTPS *bool `yaml:"require-https,omitempty"`
}

func (s ZoneSettings) validate(z Zone) []error {
	var errs []error
	field := func(name string) string { return fmt.Sprintf("zones.%s%s", z, name) }
	if !slices.Contains(zones, z) {
		errs = append(errs, fmt.Errorf("%s: expected %s", field(""), wording.OneOf(zones)))
	}
	if levels := []ZoneLevel{"", ZoneLow, ZoneMediumLow, ZoneMedium, ZoneHigh}; !slices.Contains(levels, s.Level) {
		errs = append(errs, fmt.Errorf("%s: %q; expected %s", field(".level"), s.Level, wording.OneOf(levels[1:])))
	}
	actions := []ZoneAction{"", ZoneEnable, ZonePrompt, ZoneDisable}
	if !slices.Contains(actions, s.PersistentCookies) {
		errs = append(errs, fmt.Errorf("%s: %q; expected %s", field(".persistent-cookies"), s.PersistentCookies, wording.OneOf(actions[1:])))
	}
	if !slices.Contains(actions, s.SessionCookies) {
		errs = append(errs, fmt.Errorf("%s: %q; expected %s", field(".session-cookies"), s.SessionCookies, wording.OneOf(actions[1:])))
	}
	return errs
}

// action is what zone z under these settings does with a cookie.
func (s ZoneSettings) action(z Zone, persistent bool) ZoneAction {
	set := s.SessionCookies
	if persistent {
		set = s.PersistentCookies
	}
	level := s.Level
	if level == "" {
		level = zoneDefaults[z]
	}
	switch {
	case set != "":
		return set
	case level == ZoneHigh:
		return ZoneDisable
	}
	return ZoneEnable
}

func (s ZoneSettings) requiresHTTPS(z Zone) bool {
	if s.RequireHTTPS != nil {
		return *s.RequireHTTPS
	}
	return z == TrustedZone
}
