package policy

import (
	"slices"
	"strings"
)

// chromium is Chromium's decision procedure.
//
// Source: components/content_settings/core/common/cookie_settings_base.cc for what the settings do, net/cookies/canonical_cookie.cc and
// net/cookies/cookie_util.cc for what the cookie's own attributes do; each was seen to hold on Chromium 156.
type chromium struct {
	attributes attributes
	unset      SameSite // what a cookie without SameSite counts as
	partitions bool     // the attribute Partitioned is known
	schemeful  bool     // http and https are different sites
	base       chromiumBase
	exceptions []chromiumException // the more specific first, managed before a person's
}

type chromiumBase uint8

const (
	chromiumAllow chromiumBase = iota
	chromiumBlockThirdParty
	chromiumBlockAll
)

type chromiumException struct {
	pair    PatternPair
	allow   bool
	session bool
	managed bool
}

const chromiumSettings = "components/content_settings/core/common/cookie_settings_base.cc; measured on Chromium 156"

var (
	chromiumAccept         = &rule{"chromium/accept", Accepted, "", "nothing speaks against it", chromiumSettings}
	chromiumPartitioned    = &rule{"chromium/partitioned", Partitioned, "", "it has Partitioned, so it lives in the jar of the top-level site", "net/cookies/cookie_partition_key.h; measured on Chromium 156"}
	chromiumException1     = &rule{"chromium/exception-allows", Accepted, "", "an exception allows the site's cookies, also in somebody else's page", chromiumSettings}
	chromiumSessionOnly    = &rule{"chromium/exception-session-only", SessionAccepted, SessionOnlyBySetting, "an exception keeps the site's cookies until the browser closes", chromiumSettings}
	chromiumSessionJar     = &rule{"chromium/exception-session-only", Partitioned, SessionOnlyBySetting, "an exception keeps the site's cookies until the browser closes, and this one has Partitioned", chromiumSettings}
	chromiumStorageAccess  = &rule{"chromium/storage-access", Accepted, "", "storage access was granted to this site in this page", "components/content_settings/core/common/cookie_settings_base.cc; not measured"}
	chromiumSiteBlocked    = &rule{"chromium/exception-blocks", Blocked, SiteBlocked, "an exception refuses the site's cookies, those with Partitioned included", chromiumSettings}
	chromiumAllBlocked     = &rule{"chromium/all-cookies-blocked", Blocked, AllBlocked, "the setting refuses every cookie, first-party ones too", chromiumSettings}
	chromiumThirdParty     = &rule{"chromium/third-party-blocking", Blocked, ThirdPartyBlocked, "third-party cookies are blocked and this one has no Partitioned", chromiumSettings}
	chromiumOtherPartition = &rule{"chromium/other-partition", Blocked, OtherPartition, "it has Partitioned and is kept under another top-level site", "net/cookies/cookie_partition_key.h; measured on Chromium 156"}
)

func newChromium(version string, p Policy) (*chromium, []Ignored) {
	c := &chromium{
		attributes: attributesOf(Chromium, "net/cookies/canonical_cookie.cc", "Chromium 156"),
		unset:      SameSiteLax,
		partitions: !before(version, 114),
		schemeful:  !before(version, 89),
	}
	if before(version, 80) {
		c.unset, c.attributes.noneInsecure = SameSiteNone, nil
	}
	if !c.partitions {
		c.attributes.partitionedInsecure = nil
	}
	switch {
	case p.Base == BlockAll:
		c.base = chromiumBlockAll
	case p.Base == BlockThirdParty,
		// Whatever the setting for other windows; only an exception lets them in: the policy BlockThirdPartyCookies' own description.
		p.PrivateWindow,
		p.Base == BrowserDefault && !shippedByGoogle(version):
		c.base = chromiumBlockThirdParty
	}
	var ignored []Ignored
	for _, x := range p.Exceptions {
		pair, err := chromiumPair(x)
		if err != nil {
			ignored = append(ignored, Ignored{x, "Chromium ignores the entry: " + err.Error() + "."})
			continue
		}
		c.exceptions = append(c.exceptions, chromiumException{pair: pair, allow: x.Decision != Block, session: x.Decision == SessionOnly, managed: x.By == Managed})
	}
	slices.SortStableFunc(c.exceptions, func(a, b chromiumException) int {
		if a.managed != b.managed {
			if a.managed {
				return -1
			}
			return 1
		}
		return a.pair.compare(&b.pair)
	})
	return c, ignored
}

// shippedByGoogle says whether the version names a browser whose own default allows third-party cookies outside Incognito; Debian's Chromium
// blocks them when nothing is set.
func shippedByGoogle(version string) bool {
	v := lower(version)
	return strings.Contains(v, "chrome") || strings.Contains(v, "edge")
}

// chromiumPair is an exception as Chromium reads it: an entry of a managed policy has both patterns, the settings page and the profile a field for each.
func chromiumPair(x Exception) (PatternPair, error) {
	below := func(site string) string { return "[*.]" + site }
	cookies, pages := "*", "*"
	switch {
	case x.Typed != "":
		cookies = x.Typed
	case x.Site != "":
		cookies = below(x.Site)
	}
	if x.EmbeddedIn != "" {
		pages = below(x.EmbeddedIn)
	}
	if x.By == Managed {
		if x.EmbeddedIn != "" {
			cookies += "," + pages
		}
		return ParsePatternPair(cookies, true)
	}
	first, err := ParsePattern(cookies)
	if err != nil {
		return PatternPair{}, err
	}
	second, err := ParsePattern(pages)
	return PatternPair{Cookie: first, TopSite: second}, err
}

// access is what the settings grant, before the cookie's attributes are looked at.
type access struct {
	plain       *rule // the rule for cookies without Partitioned
	partitioned *rule // the rule for those with it
}

// grants walks the settings in their order.
func (e *chromium) grants(f *facts) access {
	base, granted := e.base, access{chromiumAccept, chromiumPartitioned}
	for i := range e.exceptions {
		x := &e.exceptions[i]
		if !x.pair.matches(&f.url, &f.top) {
			continue
		}
		if !x.allow {
			return access{chromiumSiteBlocked, chromiumSiteBlocked}
		}
		if x.session {
			granted = access{chromiumSessionOnly, chromiumSessionJar}
		}
		if x.pair.everySite() { // stands in the place of the default, beside which third parties are blocked as before
			if base == chromiumBlockAll {
				base = chromiumBlockThirdParty
			}
			break
		}
		if !x.session {
			granted.plain = chromiumException1
		}
		return granted
	}
	switch {
	case base == chromiumBlockAll:
		return access{chromiumAllBlocked, chromiumAllBlocked}
	case base == chromiumAllow, !e.thirdParty(f):
		return granted
	case f.access:
		return access{chromiumStorageAccess, granted.partitioned}
	}
	return access{chromiumThirdParty, granted.partitioned}
}

func (e *chromium) thirdParty(f *facts) bool {
	if e.schemeful {
		return f.foreignSchemes
	}
	return f.foreign
}

// partition is the key of the jar for cookies with Partitioned: the top-level site, and whether somebody else's document is in between.
func (e *chromium) partition(f *facts) string {
	if e.thirdParty(f) {
		return f.jar + " (cross-site)"
	}
	return f.jar
}

func (e *chromium) store(c *Cookie, f *facts) ruling {
	if r := e.attributes.form(c, f); r != nil {
		return ruling{rule: r}
	}
	partitioned := c.Partitioned && e.partitions
	granted := e.grants(f)
	r := granted.plain
	if partitioned {
		r = granted.partitioned
	}
	own := e.attributes.setting(c, f, f.standing(e.schemeful, false), e.unset)
	return conclude(r, own, partitioned, e, f)
}

func (e *chromium) send(c *Cookie, f *facts, k Kept) ruling {
	if r := e.attributes.reach(c, f); r != nil {
		return ruling{rule: r}
	}
	granted := e.grants(f)
	partitioned := k.Action == Partitioned
	r := granted.plain
	if partitioned {
		r = granted.partitioned
		if !(ruling{rule: r}).blocked() && k.Partition != e.partition(f) {
			r = chromiumOtherPartition
		}
	}
	switch r {
	case chromiumSessionOnly:
		r = chromiumException1
	case chromiumSessionJar:
		r = chromiumPartitioned
	}
	var own *rule
	if c.excluded(f.standing(e.schemeful, false), e.unset, f.topLevel) {
		own = e.attributes.sameSite
	}
	return conclude(r, own, partitioned, e, f)
}

// conclude joins what the settings say with what the cookie's own attributes say.
func conclude(setting, own *rule, partitioned bool, e interface{ partition(*facts) string }, f *facts) ruling {
	switch {
	case setting.action == Blocked && own != nil:
		return ruling{rule: setting, also: own.reason}
	case setting.action == Blocked:
		return ruling{rule: setting}
	case own != nil:
		return ruling{rule: own}
	case partitioned:
		return ruling{rule: setting, partition: e.partition(f)}
	}
	return ruling{rule: setting}
}
