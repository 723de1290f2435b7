package policy

import "strings"

// webkit is WebKit's rules: WebKitGTK's, whose cookies libsoup keeps, and Safari's, where the version says Safari.
//
// Source: Source/WebCore/platform/network/NetworkStorageSession.cpp (shouldBlockCookies); libsoup's soup-cookie-jar.c; measured on WebKitGTK 2.50.6
// with libsoup 3.2.3. From libsoup 3.4 on a cookie without SameSite counts as Lax; what is written here is what was measured.
type webkit struct {
	attributes attributes
	accept     webkitAccept
	partitions bool // the attribute Partitioned is known: Safari from 26 on, WebKitGTK never
}

type webkitAccept uint8

const (
	webkitAlways       webkitAccept = iota
	webkitNoThirdParty              // third parties send and cannot store
	webkitNever
	webkitITP // tracking prevention: third parties neither send nor store
)

const (
	webkitAcceptSource = "soup_cookie_jar_set_accept_policy; measured on WebKitGTK 2.50.6"
	webkitITPSource    = "NetworkStorageSession::shouldBlockCookies; measured on WebKitGTK 2.50.6"
)

var (
	webkitAccepted       = &rule{"webkit/accept", Accepted, "", "nothing speaks against it", webkitAcceptSource}
	webkitStorageAccess  = &rule{"webkit/storage-access", Accepted, "", "storage access was granted to this site in this page", "NetworkStorageSession::shouldBlockCookies; not measured"}
	webkitStoreRefused   = &rule{"webkit/no-third-party", Blocked, ThirdPartyBlocked, "third parties may send cookies but not store any (cookie policy no-third-party)", webkitAcceptSource}
	webkitAllBlocked     = &rule{"webkit/never", Blocked, AllBlocked, "every cookie is refused, first-party ones too (cookie policy never)", webkitAcceptSource}
	webkitThirdParty     = &rule{"webkit/tracking-prevention", Blocked, ThirdPartyBlocked, "tracking prevention refuses third-party cookies, without exceptions but storage access", webkitITPSource}
	webkitDetour         = &rule{"webkit/tracking-prevention-redirect", Blocked, ThirdPartyBlocked, "the frame was redirected here by a third party, and tracking prevention refuses cookies until it is loaded anew", "measured on WebKitGTK 2.50.6"}
	webkitPartitioned    = &rule{"webkit/partitioned", Partitioned, "", "it has Partitioned, so it lives in the jar of the top-level site", "webkit.org/b/292975; not measured"}
	webkitOtherPartition = &rule{"webkit/other-partition", Blocked, OtherPartition, "it has Partitioned and is kept under another top-level site", "webkit.org/b/292975; not measured"}
)

func newWebKit(version string, p Policy) (*webkit, []Ignored) {
	safari := strings.Contains(lower(version), "safari")
	e := &webkit{
		attributes: attributesOf(WebKit, "libsoup/cookies/soup-cookie-jar.c", "WebKitGTK 2.50.6"),
		partitions: safari && !before(version, 26),
	}
	// libsoup 3.2 knows no prefixes and no limit of size, and neither SameSite=None nor Partitioned ask for Secure. It compares the Domain attribute
	// letter for letter.
	e.attributes.badPrefix, e.attributes.tooLarge, e.attributes.noneInsecure, e.attributes.partitionedInsecure = nil, nil, nil, nil
	e.attributes.domainCase = !safari
	switch p.Base {
	case AllowThirdParty:
		e.accept = webkitAlways
	case BlockThirdParty:
		e.accept = webkitITP
	case BlockAll:
		e.accept = webkitNever
	case BrowserDefault:
		e.accept = webkitNoThirdParty
		if safari {
			e.accept = webkitITP
		}
	default:
		e.accept = webkitNoThirdParty
	}
	return e, nil
}

// partition is the jar's key.
func (e *webkit) partition(f *facts) string { return f.top.domain }

func (e *webkit) store(c *Cookie, f *facts) ruling {
	if r := e.attributes.form(c, f); r != nil {
		return ruling{rule: r}
	}
	partitioned := c.Partitioned && e.partitions
	r := webkitAccepted
	if partitioned {
		r = webkitPartitioned
	}
	switch {
	case e.accept == webkitNever:
		r = webkitAllBlocked
	case e.accept == webkitITP && e.detour(f):
		r = webkitDetour
	case !f.topForeign:
	case e.accept == webkitNoThirdParty:
		r = webkitStoreRefused
	case e.accept == webkitITP && f.access:
		r = webkitStorageAccess
	case e.accept == webkitITP && !partitioned:
		r = webkitThirdParty
	}
	// SameSite is not looked at when a cookie is stored, and a cookie with Secure is protected from those alone that would replace it.
	var own *rule
	switch insecure := f.url.scheme != "https"; {
	case c.Secure && insecure:
		own = e.attributes.insecure
	case f.replaces != nil && f.replaces.Secure && insecure:
		own = e.attributes.overSecure
	case f.replacesHTTPOnly(c):
		own = e.attributes.overHTTPOnly
	}
	return conclude(r, own, partitioned, e, f)
}

func (e *webkit) send(c *Cookie, f *facts, k Kept) ruling {
	if r := e.attributes.reach(c, f); r != nil {
		return ruling{rule: r}
	}
	partitioned := k.Action == Partitioned
	r := webkitAccepted
	switch {
	case e.accept == webkitNever:
		r = webkitAllBlocked
	case partitioned && k.Partition != e.partition(f):
		r = webkitOtherPartition
	case partitioned:
		r = webkitPartitioned
	case e.accept == webkitITP && e.detour(f):
		r = webkitDetour
	case e.accept == webkitITP && f.topForeign && f.access:
		r = webkitStorageAccess
	case e.accept == webkitITP && f.topForeign:
		r = webkitThirdParty
	}
	var own *rule
	if c.excluded(e.standing(f), SameSiteNone, f.topLevel) {
		own = e.attributes.sameSite
	}
	return conclude(r, own, partitioned, e, f)
}

// detour says whether a request within a page of its own site came by a third party's redirect.
func (e *webkit) detour(f *facts) bool { return !f.topLevel && !f.topForeign && f.redirectOther }

// standing is WebKit's: only the top-level document counts, not those in between.
func (e *webkit) standing(f *facts) standing {
	switch {
	case f.topLevel:
		return f.standing(false, true)
	case f.topForeign:
		return crossSite
	}
	return sameStrict
}
