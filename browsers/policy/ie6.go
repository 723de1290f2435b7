package policy

import (
	"fmt"
	"sync"
)

// ie6 is Internet Explorer 6: the zone of the cookie's address; in the Internet zone Block all, the list Sites, then the privacy preferences.
type ie6 struct {
	attributes attributes
	settings   InternetExplorer
	zones      ZoneMap
	level      PrivacyLevel
	custom     map[Zone]ZonePrivacy // instead of a level for the Internet zone; only imported files have other zones
	replay     bool                 // legacy cookies go out in third-party context
	sites      map[string]Decision  // by registrable domain
}

const (
	ieZoneSource    = "Microsoft KB 182569 and the privacy pages of Internet Explorer 6; not measured"
	iePrivacySource = "Microsoft KB 283185; not measured"
	ieCustomSource  = "Microsoft, PrivacySetZonePreferenceW and ms537346 to ms537356; not measured"
	ieLegacySource  = "Microsoft KB 304531; not measured"
)

var (
	ie6ZoneAccepts  = &rule{"ie6/zone-accepts", Accepted, "", "its zone accepts cookies: the privacy settings are for the Internet zone only", ieZoneSource}
	ie6ZoneRefuses  = &rule{"ie6/restricted-zone", Blocked, ZoneBlocked, "the zone Restricted sites refuses every cookie", ieZoneSource}
	ie6BlockAll     = &rule{"ie6/block-all", Blocked, AllBlocked, "the privacy level Block All refuses every cookie and reads none; the list Sites does not count", iePrivacySource}
	ie6SiteAllowed  = &rule{"ie6/site-allowed", Accepted, "", "the list Sites of the Privacy tab always allows the domain", ieZoneSource}
	ie6SiteBlocked  = &rule{"ie6/site-blocked", Blocked, SiteBlocked, "the list Sites of the Privacy tab always blocks the domain", ieZoneSource}
	ie6Sent         = &rule{"ie6/sent", Accepted, "", "it is stored, and the page is one of its own site or the privacy settings let it go", iePrivacySource}
	ie6OnLeash      = &rule{"ie6/leash", Blocked, OtherTopLevelExpected, "it is leashed: sent only in pages of its own site, and this is somebody else's", iePrivacySource}
	ie6LegacyLeash  = &rule{"ie6/legacy-leash", Blocked, OtherTopLevelExpected, "it is older than Internet Explorer 6 and so leashed to pages of its own site", ieLegacySource}
	ie6CustomRules  = sync.OnceValue(customRules)
	ie6LevelRules   = sync.OnceValue(levelRules)
	ie6StateActions = map[CookieState]Action{StateAccept: Accepted, StatePrompt: Prompted, StateLeash: Leashed, StateDowngrade: SessionAccepted, StateReject: Blocked}
)

var partyWords = [2]string{"first-party", "third-party"}

// stateReason is why a cookie was not plainly accepted: third parties are refused as such, first parties for their compact policy.
func stateReason(s CookieState, third bool) Reason {
	switch {
	case s == StateAccept:
		return ""
	case s == StatePrompt:
		return PersonAsked
	case third && s == StateReject:
		return ThirdPartyBlocked
	}
	return CompactPolicy
}

var stateWords = map[CookieState]string{
	StateAccept: "accept", StatePrompt: "ask about", StateLeash: "leash", StateDowngrade: "keep until the browser closes", StateReject: "refuse",
}

type levelKey struct {
	level PrivacyLevel
	third bool
	class PolicyClass
	state CookieState
}

// levelRules are the rules of all levels, so that a verdict need not build one.
func levelRules() map[levelKey]*rule {
	m := map[levelKey]*rule{}
	for _, level := range privacyLevels {
		for party, third := range []bool{false, true} {
			for class := Satisfactory; class <= NoCompactPolicy; class++ {
				for state, word := range stateWords {
					m[levelKey{level, third, class, state}] = &rule{
						name:   fmt.Sprintf("ie6/%s/%s/%s", level, partyWords[party], class),
						action: ie6StateActions[state], reason: stateReason(state, third), source: iePrivacySource,
						says: fmt.Sprintf("the privacy level %s has Internet Explorer 6 %s %s cookies %s", level, word, partyWords[party], policyClassWords[class]),
					}
				}
			}
		}
	}
	return m
}

type customKey struct {
	third bool
	state CookieState
}

func customRules() map[customKey]*rule {
	m := map[customKey]*rule{}
	for party, third := range []bool{false, true} {
		for state, word := range stateWords {
			m[customKey{third, state}] = &rule{
				name:   fmt.Sprintf("ie6/custom/%s", partyWords[party]),
				action: ie6StateActions[state], reason: stateReason(state, third), source: ieCustomSource,
				says: fmt.Sprintf("custom privacy preferences have Internet Explorer 6 %s this %s cookie", word, partyWords[party]),
			}
		}
	}
	return m
}

// ieAttributes are the rules about a cookie's own attributes that Internet Explorer has: it knows no SameSite, no Partitioned and no prefixes.
func ieAttributes(engine string) attributes {
	a := attributesOf(engine, "RFC 2109 and RFC 6265", "")
	a.badPrefix, a.noneInsecure, a.partitionedInsecure, a.sameSite, a.insecure = nil, nil, nil, nil, nil
	return a
}

func newIE6(ie InternetExplorer) (*ie6, []Ignored) {
	e := &ie6{attributes: ieAttributes(IE6), settings: ie, level: ie.Level, sites: map[string]Decision{}}
	if e.level == "" {
		e.level = LevelMedium
	}
	sites := ie.Sites
	switch {
	case ie.Advanced != nil:
		e.custom = map[Zone]ZonePrivacy{InternetZone: {First: ie.Advanced.preference(ie.Advanced.FirstParty), Third: ie.Advanced.preference(ie.Advanced.ThirdParty)}}
	case ie.Custom != nil:
		first, _ := ParsePreference(ie.Custom.FirstParty) // Validate reports what is wrong
		third, _ := ParsePreference(ie.Custom.ThirdParty)
		e.custom = map[Zone]ZonePrivacy{InternetZone: {First: first, Third: third}}
	case ie.Import != "":
		file, err := ParsePrivacyXML([]byte(ie.Import))
		if err == nil {
			e.custom, e.replay = file.Zones, file.ReplayLegacy
			if file.FlushSites {
				sites = nil
			}
			sites = append(append([]PrivacySite(nil), sites...), file.Sites...)
		}
	}
	for _, s := range sites {
		e.sites[privacySite(s.Site)] = s.Action
	}
	var ignored []Ignored
	e.zones, ignored = zoneMap(ie)
	return e, ignored
}

func (a *AdvancedPrivacy) preference(c PrivacyChoice) Preference {
	return Preference{Session: a.AlwaysSession, Always: map[PrivacyChoice]CookieState{ChooseBlock: StateReject, ChoosePrompt: StatePrompt, ChooseAccept: StateAccept}[c]}
}

// zoneMap is the zone map as Internet Explorer would have it: without the entries it refuses.
func zoneMap(ie InternetExplorer) (ZoneMap, []Ignored) {
	var m ZoneMap
	var ignored []Ignored
	for _, entry := range ie.ZoneMap {
		if err := m.Add(entry, ie.Zones[entry.Zone].requiresHTTPS(entry.Zone)); err != nil {
			ignored = append(ignored, Ignored{Exception{Typed: entry.Site, Decision: Allow, By: Person}, err.(*ZoneError).Sentence})
		}
	}
	return m, ignored
}

// first is what the zone, Block all and the list Sites say; nil where the privacy preferences are asked.
func (e *ie6) first(zone Zone, f *facts) *rule {
	_, preferences := e.custom[zone]
	switch {
	case zone == RestrictedZone:
		return ie6ZoneRefuses
	case zone != InternetZone && !preferences:
		return ie6ZoneAccepts
	case e.custom == nil && e.level == LevelBlockAll:
		return ie6BlockAll
	}
	switch e.sites[f.url.domain] {
	case Allow:
		return ie6SiteAllowed
	case Block:
		return ie6SiteBlocked
	}
	return nil
}

// preferred is what the privacy preferences do with a cookie that came with its P3P header.
func (e *ie6) preferred(zone Zone, c *Cookie, third bool) *rule {
	header := ParseP3P(c.P3P)
	if custom, ok := e.custom[zone]; ok {
		p := custom.First
		if third {
			p = custom.Third
		}
		return ie6CustomRules()[customKey{third, p.State(header, c.Persistent)}]
	}
	level := e.level
	if e.custom != nil {
		level = LevelMedium // an imported file that leaves the Internet zone alone
	}
	class := header.Class()
	return ie6LevelRules()[levelKey{level, third, class, levelState(level, third, class, c.Persistent, e.settings.UnleashedSession)}]
}

func (e *ie6) store(c *Cookie, f *facts) ruling {
	if r := e.attributes.form(c, f); r != nil {
		return ruling{rule: r}
	}
	zone := e.zones.lookup(&f.url)
	if r := e.first(zone, f); r != nil {
		return ruling{rule: r}
	}
	return ruling{rule: e.preferred(zone, c, f.topForeign)}
}

// send: in pages of its own site a stored cookie goes; in somebody else's not from the leash, and only if the preferences for third parties, asked
// about the policy it was stored with, would not refuse it (E. Lawrence, "A Quick Look at P3P").
func (e *ie6) send(c *Cookie, f *facts, k Kept) ruling {
	if r := e.attributes.reach(c, f); r != nil {
		return ruling{rule: r}
	}
	zone := e.zones.lookup(&f.url)
	if r := e.first(zone, f); r != nil {
		return ruling{rule: r}
	}
	leashes := e.custom != nil || e.level != LevelAcceptAll
	switch {
	case !f.topForeign:
		return ruling{rule: ie6Sent}
	case c.Legacy && leashes && !e.replay && !c.OptOut:
		return ruling{rule: ie6LegacyLeash}
	case c.Legacy:
		return ruling{rule: ie6Sent}
	case k.Action == Leashed:
		return ruling{rule: ie6OnLeash}
	}
	switch r := e.preferred(zone, c, true); r.action {
	case Blocked, Prompted:
		return ruling{rule: r}
	case Leashed:
		return ruling{rule: ie6OnLeash}
	}
	return ruling{rule: ie6Sent}
}

var _ engine = (*ie6)(nil)
