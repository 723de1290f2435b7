package policy

import (
	"fmt"
	"sync"
)

// ie55 is Internet Explorer 5.5: the security zone of the cookie's own address decides, whoever's page it is in.
// Source: KB 182569; the values of each level are well known, not measured.
type ie55 struct {
	attributes attributes
	settings   InternetExplorer
	zones      ZoneMap
}

type zoneKey struct {
	zone       Zone
	persistent bool
	action     ZoneAction
}

// ie55Rules are made when they are first asked for: most processes ask for none, and a short one waits for all that is made at its start.
var ie55Rules = sync.OnceValue(func() map[zoneKey]*rule {
	m := map[zoneKey]*rule{}
	for _, zone := range zones {
		for _, kind := range []struct {
			persistent bool
			word       string
			action     URLAction
		}{{true, "persistent", PersistentCookies}, {false, "session", SessionCookies}} {
			for does, out := range map[ZoneAction]rule{
				ZoneEnable:  {action: Accepted, says: "accepts"},
				ZonePrompt:  {action: Prompted, reason: PersonAsked, says: "asks about"},
				ZoneDisable: {action: Blocked, reason: ZoneBlocked, says: "refuses"},
			} {
				out.name = fmt.Sprintf("ie5.5/%s/%s-cookies", zone, kind.word)
				out.says = fmt.Sprintf("the zone %s %s %s cookies (URL action %X)", zoneTitles[zone], out.says, kind.word, uint16(kind.action))
				out.source = "Microsoft KB 182569; not measured"
				m[zoneKey{zone, kind.persistent, does}] = &out
			}
		}
	}
	return m
})

func newIE55(ie InternetExplorer) (*ie55, []Ignored) {
	e := &ie55{attributes: ieAttributes(IE55), settings: ie}
	var ignored []Ignored
	e.zones, ignored = zoneMap(ie)
	return e, ignored
}

func (e *ie55) decide(c *Cookie, f *facts) *rule {
	zone := e.zones.lookup(&f.url)
	return ie55Rules()[zoneKey{zone, c.Persistent, e.settings.Zones[zone].action(zone, c.Persistent)}]
}

func (e *ie55) store(c *Cookie, f *facts) ruling {
	if r := e.attributes.form(c, f); r != nil {
		return ruling{rule: r}
	}
	return ruling{rule: e.decide(c, f)}
}

func (e *ie55) send(c *Cookie, f *facts, _ Kept) ruling {
	if r := e.attributes.reach(c, f); r != nil {
		return ruling{rule: r}
	}
	return ruling{rule: e.decide(c, f)}
}

var _ engine = (*ie55)(nil)
