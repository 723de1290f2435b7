package policy

import (
	"cmp"
	"reflect"
	"strings"
)

// behaviour is Firefox's network.cookie.cookieBehavior. Source: netwerk/cookie/nsICookieService.idl.
type behaviour uint8

const (
	behaviourAccept           behaviour = 0
	behaviourRejectForeign    behaviour = 1
	behaviourReject           behaviour = 2
	behaviourLimitForeign     behaviour = 3 // third parties that have a cookie already
	behaviourRejectTracker    behaviour = 4 // listed trackers only: for a host that is not listed it is behaviour 0
	behaviourPartitionForeign behaviour = 5 // Total Cookie Protection
)

// firefox is Firefox's order of decision: permission, accept, reject, not third-party, reject-foreign and limit-foreign, skip list, storage access,
// partition.
//
// Source: toolkit/components/antitracking/StorageAccess.cpp, netwerk/cookie/CookieService.cpp; measured on Firefox ESR 153.
type firefox struct {
	attributes  attributes
	unset       SameSite // network.cookie.sameSite.laxByDefault is off as shipped
	partitions  bool     // the attribute Partitioned is known
	behaviour   behaviour
	optIn       bool // …cookieBehavior.optInPartitioning
	permissions map[string]Decision
	skipList    []skip
}

// skip is an entry of privacy.restrict3rdpartystorage.skip_list; an empty origin is "*".
type skip struct{ top, third string }

const (
	firefoxSettings  = "toolkit/components/antitracking/StorageAccess.cpp; measured on Firefox ESR 153"
	firefoxPartition = "network.cookie.cookieBehavior=5; measured on Firefox ESR 153"
)

var (
	firefoxAccept          = &rule{"firefox/accept", Accepted, "", "nothing speaks against it", firefoxSettings}
	firefoxPermission      = &rule{"firefox/permission-allows", Accepted, "", "a permission allows cookies of this origin, or of one above it, also in somebody else's page", firefoxSettings}
	firefoxSession         = &rule{"firefox/permission-session", SessionAccepted, SessionOnlyBySetting, "a permission keeps cookies of this origin, or of one above it, until the browser closes", firefoxSettings}
	firefoxSessionJar      = &rule{"firefox/permission-session", Partitioned, SessionOnlyBySetting, "a permission keeps cookies of this origin, or of one above it, until the browser closes, and this one has Partitioned", firefoxSettings}
	firefoxDenied          = &rule{"firefox/permission-denies", Blocked, SiteBlocked, "a permission refuses cookies of this origin, or of one above it (BLOCKED_BY_PERMISSION)", firefoxSettings}
	firefoxAllBlocked      = &rule{"firefox/reject", Blocked, AllBlocked, "every cookie is refused, first-party ones too (cookieBehavior 2, BLOCKED_ALL)", firefoxSettings}
	firefoxForeign         = &rule{"firefox/reject-foreign", Blocked, ThirdPartyBlocked, "third-party cookies are refused, those with Partitioned too (cookieBehavior 1, BLOCKED_FOREIGN)", firefoxSettings}
	firefoxUnvisited       = &rule{"firefox/limit-foreign", Blocked, ThirdPartyBlocked, "third parties may store only where they have a cookie already (cookieBehavior 3, BLOCKED_FOREIGN)", firefoxSettings}
	firefoxUnvisitedScript = &rule{"firefox/limit-foreign-script", Blocked, ThirdPartyBlocked, "a script in a third party's document has no cookies (cookieBehavior 3)", "measured on Firefox ESR 153"}
	firefoxOptIn           = &rule{"firefox/opt-in-partitioning", Blocked, ThirdPartyBlocked, "only cookies with Partitioned are let into somebody else's page (cookieBehavior 5 with optInPartitioning)", firefoxSettings}
	firefoxSkipList        = &rule{"firefox/skip-list", Accepted, "", "privacy.restrict3rdpartystorage.skip_list names this pair of origins", "toolkit/components/antitracking/PartitioningExceptionList.cpp; measured on Firefox ESR 153"}
	firefoxStorageAccess   = &rule{"firefox/storage-access", Accepted, "", "storage access was granted to this site in this page", "toolkit/components/antitracking/StorageAccess.cpp; not measured"}
	firefoxPartitioned     = &rule{"firefox/partition-foreign", Partitioned, "", "third parties have a jar for each top-level site (Total Cookie Protection)", firefoxPartition}
	firefoxOwnJar          = &rule{"firefox/partitioned", Partitioned, "", "it has Partitioned, so it lives in the jar of the top-level site", firefoxPartition}
	firefoxOtherPartition  = &rule{"firefox/other-partition", Blocked, OtherPartition, "it is kept under another top-level site, and this page has a jar of its own (PARTITIONED_FOREIGN)", firefoxPartition}
)

func newFirefox(version string, p Policy) (*firefox, []Ignored) {
	e := &firefox{
		attributes:  attributesOf(Firefox, "netwerk/cookie/CookieService.cpp", "Firefox ESR 153"),
		unset:       SameSiteNone,
		partitions:  !before(version, 141),
		permissions: map[string]Decision{},
	}
	if !e.partitions {
		e.attributes.partitionedInsecure = nil
	}
	switch p.Base {
	case AllowThirdParty:
		e.behaviour = behaviourAccept
	case BlockThirdParty:
		e.behaviour = behaviourRejectForeign
	case BlockAll:
		e.behaviour = behaviourReject
	case VisitedOnly:
		e.behaviour = behaviourLimitForeign
	case PartitionOptIn:
		e.behaviour, e.optIn = behaviourPartitionForeign, true
	default: // as shipped, in a private window too
		e.behaviour = behaviourPartitionForeign
	}
	var ignored []Ignored
	ignore := func(x Exception, why string) {
		i := Ignored{x, why}
		if n := len(ignored); n == 0 || !reflect.DeepEqual(ignored[n-1], i) { // two origins of one entry are told once
			ignored = append(ignored, i)
		}
	}
	for _, x := range p.Exceptions {
		origins := FirefoxEntries(x)
		if x.EmbeddedIn != "" {
			if x.Decision != Allow {
				ignore(x, "Firefox has no setting that refuses cookies in the pages of one site.")
				continue
			}
			if e.behaviour != behaviourPartitionForeign {
				ignore(x, "Firefox looks at its list of pairs only where third-party cookies are partitioned.")
			}
			if len(origins) == 0 {
				origins = []string{"*"}
			}
		}
		for _, o := range origins {
			entry := cmp.Or(x.Typed, o)
			a, ok := exactOrigin(strings.TrimRight(o, " ")) // measured on Firefox ESR 153: a policy's entry may have blanks behind it, and none before
			switch {
			case x.EmbeddedIn != "" && (ok || o == "*"):
				top, _ := exactOrigin("https://" + x.EmbeddedIn)
				pair := skip{top: top.origin()}
				if ok {
					pair.third = a.origin()
				}
				e.skipList = append(e.skipList, pair)
			case ok && x.By == Person && a.dotted: // a policy's entry is for the host without dots too (PoliciesHelpers, trailingDotPrincipal)
				ignore(x, "Firefox keeps the entry "+entry+" for "+a.host+".: with a dot at its end it is another host.")
			case ok && x.By == Managed && a.path != "/": // type "origin" of the policies' schema (JsonSchemaValidator)
				ignore(x, "Firefox ignores the entry "+entry+": an entry of its policy is an origin, without a path.")
			case !ok:
				ignore(x, "Firefox ignores the entry "+entry+": a permission is an exact origin, with its scheme and, where it is not the usual one, its port.")
			default:
				a.host = strings.TrimRight(a.host, ".")
				e.permissions[a.origin()] = x.Decision
			}
		}
	}
	return e, ignored
}

// FirefoxEntries are the addresses of an exception, as Firefox's settings take them. A policy's entry is taken as it is; of what a person types without a
// scheme, the dialogue of the settings makes two origins, and how many slashes stand after a scheme is all the same to it.
// Source: Firefox, browser/components/preferences/dialogs/permissions.js (addPermission); measured on Firefox ESR 153.
func FirefoxEntries(x Exception) []string {
	switch {
	case x.Typed != "" && x.By == Person:
		typed := strings.TrimSpace(x.Typed)
		scheme, rest, found := strings.Cut(typed, ":")
		if found && (lower(scheme) == "https" || lower(scheme) == "http") {
			return []string{scheme + "://" + strings.TrimLeft(rest, "/")}
		}
		bare := strings.TrimLeft(typed, "/")
		if _, ok := exactOrigin("https://" + bare); !ok || strings.HasPrefix(rest, "//") {
			return []string{typed}
		}
		return []string{"http://" + bare, "https://" + bare}
	case x.Typed != "":
		return []string{x.Typed}
	case len(x.Origins) > 0:
		return x.Origins
	case x.Site != "":
		return []string{"https://" + x.Site}
	}
	return nil
}

// exactOrigin reads an address for whose origin a permission is kept; a path does not count where a person types it.
func exactOrigin(s string) (address, bool) {
	a, ok := parseAddress(s)
	a.host = asciiHost(a.host)
	// wss counts as https in a request, and is an origin of its own in a list
	return a, ok && hasPrefix(s, a.scheme+":") && !strings.ContainsAny(a.host, "* ")
}

// grant is what the settings give a request: which jars, or the rule that refuses.
type grant struct {
	rule *rule
	jar  bool // a jar of the top-level site, instead of the common one
}

func (e *firefox) grants(c *Cookie, f *facts, storing bool) grant {
	partitioned := c.Partitioned && e.partitions
	if len(e.permissions) > 0 {
		switch e.permitted(f.url) {
		case Allow:
			return grant{rule: firefoxPermission}
		case Block:
			return grant{rule: firefoxDenied}
		case SessionOnly:
			return grant{rule: firefoxSession}
		}
	}
	switch {
	case e.behaviour == behaviourAccept:
		return grant{rule: firefoxAccept}
	case e.behaviour == behaviourReject:
		return grant{rule: firefoxAllBlocked}
	case !f.foreign:
		return grant{rule: firefoxAccept}
	case e.behaviour == behaviourRejectForeign:
		return grant{rule: firefoxForeign}
	case e.behaviour == behaviourLimitForeign:
		switch {
		case f.script:
			return grant{rule: firefoxUnvisitedScript}
		case storing && (partitioned || !f.hasCookie):
			return grant{rule: firefoxUnvisited}
		}
		return grant{rule: firefoxAccept}
	case e.behaviour == behaviourRejectTracker:
		return grant{rule: firefoxAccept}
	case e.skipped(f):
		return grant{rule: firefoxSkipList}
	case f.access && !f.sandboxed:
		return grant{rule: firefoxStorageAccess}
	case e.optIn && !partitioned:
		return grant{rule: firefoxOptIn}
	}
	return grant{rule: firefoxPartitioned, jar: true}
}

// permitted is the decision for the nearest of a's origin and those of the domains above it, of the same scheme and port; a public suffix is above
// nobody (PermissionManager's GetNextSubDomainForHost).
func (e *firefox) permitted(a address) Decision {
	for {
		if d, ok := e.permissions[a.origin()]; ok || a.host == a.domain {
			return d
		}
		_, a.host, _ = strings.Cut(a.host, ".")
	}
}

func (e *firefox) skipped(f *facts) bool {
	if len(e.skipList) == 0 {
		return false
	}
	top, third := f.top.origin(), f.url.origin()
	for _, s := range e.skipList {
		if (s.top == "" || s.top == top) && (s.third == "" || s.third == third) {
			return true
		}
	}
	return false
}

// partition is the jar's key: the top-level site, scheme included, and whether somebody else's document is in between.
func (e *firefox) partition(f *facts) string {
	if f.foreign && !f.topForeign {
		return f.jar + " (cross-site)"
	}
	return f.jar
}

func (e *firefox) store(c *Cookie, f *facts) ruling {
	if r := e.attributes.form(c, f); r != nil {
		return ruling{rule: r}
	}
	g := e.grants(c, f, true)
	inJar := g.jar
	if c.Partitioned && e.partitions && !inJar && g.rule.action != Blocked {
		inJar = true
		if g.rule == firefoxSession {
			g.rule = firefoxSessionJar
		} else {
			g.rule = firefoxOwnJar
		}
	}
	own := e.attributes.setting(c, f, f.standing(false, false), e.unset) // a redirect on the way does not count here
	return conclude(g.rule, own, inJar, e, f)
}

func (e *firefox) send(c *Cookie, f *facts, k Kept) ruling {
	if r := e.attributes.reach(c, f); r != nil {
		return ruling{rule: r}
	}
	g := e.grants(c, f, false)
	kept := k.Action == Partitioned
	r := g.rule
	switch {
	case r.action == Blocked:
	case kept && k.Partition != e.partition(f), !kept && g.jar:
		r = firefoxOtherPartition
	case kept:
		r = firefoxOwnJar
		if g.jar {
			r = firefoxPartitioned
		}
	case r == firefoxSession:
		r = firefoxPermission
	}
	var own *rule
	if c.excluded(f.standing(false, true), e.unset, f.topLevel) {
		own = e.attributes.sameSite
	}
	return conclude(r, own, kept, e, f)
}
