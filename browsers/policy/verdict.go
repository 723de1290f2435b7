package policy

import "strings"

// Action is what an engine does with a cookie.
type Action string

// The actions.
const (
	Accepted        Action = "accept"              // stored as it is; sent
	SessionAccepted Action = "accept-session-only" // stored until the browser closes, whatever lifetime it asked for
	Leashed         Action = "leash"               // stored, and sent only where its own site is the top-level site
	Partitioned     Action = "partition"           // kept in, or sent from, the jar of one top-level site
	Blocked         Action = "block"               // not stored; not sent
	Prompted        Action = "prompt"              // a person is asked
	Undecided       Action = "undecided"           // the model has no answer; the rule says why
)

// Through says whether the cookie gets through without anybody being asked.
func (a Action) Through() bool {
	return a == Accepted || a == SessionAccepted || a == Leashed || a == Partitioned
}

// Reason is why a cookie was not plainly accepted, in words that are the same for every engine.
type Reason string

// The reasons. The rule of a Verdict is finer: two rules may share a reason.
const (
	ThirdPartyBlocked     Reason = "third-party-blocked"        // the setting refuses cookies in somebody else's page
	AllBlocked            Reason = "all-cookies-blocked"        // the setting refuses every cookie
	SiteBlocked           Reason = "site-blocked"               // an exception refuses this site's
	SameSiteExcluded      Reason = "same-site"                  // SameSite, written or by default, keeps it out of somebody else's page
	NoneWithoutSecure     Reason = "none-without-secure"        // SameSite=None without Secure
	OtherPartition        Reason = "other-partition"            // it is kept under another top-level site
	PartitionedInsecure   Reason = "partitioned-without-secure" // Partitioned without Secure
	BadPrefix             Reason = "bad-prefix"                 // __Host-, __Secure- or __Http- promise what the attributes do not keep
	BadDomain             Reason = "bad-domain"                 // the Domain attribute does not cover the host, or is a public suffix
	TooLarge              Reason = "too-large"                  // name and value have more than 4,096 bytes
	Malformed             Reason = "malformed"                  // neither name nor value, or a character that no cookie may have
	InsecureConnection    Reason = "insecure-connection"        // Secure, and the connection is not
	OtherDomain           Reason = "other-domain"               // it belongs to another host
	OtherPath             Reason = "other-path"                 // it belongs to another path
	HTTPOnlyScript        Reason = "http-only"                  // HttpOnly, and a script asks
	SandboxedScript       Reason = "sandboxed"                  // a sandboxed document has no cookies
	CompactPolicy         Reason = "compact-policy"             // Internet Explorer: what the P3P compact policy says, or that there is none
	RemovedByExtension    Reason = "removed-by-extension"       // a browser extension took it out
	ZoneBlocked           Reason = "zone-blocked"               // Internet Explorer: the security zone refuses cookies
	SettingNotAvailable   Reason = "not-available"              // the engine has no such setting
	ContextNotUnderstood  Reason = "bad-context"                // the request's address, or an ancestor's, is not an http or https address
	SessionOnlyBySetting  Reason = "session-only"               // an exception keeps the site's cookies until the browser closes
	PersonAsked           Reason = "prompt"                     // the setting asks a person
	OtherTopLevelExpected Reason = "leashed"                    // it is leashed to its own site, and this page is somebody else's
)

// Verdict is what an engine does with one cookie, in one direction, and why.
type Verdict struct {
	Action Action
	Reason Reason // empty where the cookie is plainly accepted
	// Rule names the rule that decided, such as "chromium/third-party-blocking".
	Rule string
	// Source says where the rule is known from: the engine's source file, documentation, or a measurement with its version.
	Source string
	// Partition is the key of the jar, with the action Partitioned.
	Partition string
	// Also is the next reason that would refuse the cookie if the first were lifted; empty where nothing would.
	Also Reason

	says      string // the rule in words, to follow a colon
	who       string // engine and version
	direction string // "store" or "send"
	cookie    string
	host      string
	top       string // the top-level host, where it is not the cookie's own site
}

// Verdicts are what becomes of one cookie in one context.
type Verdicts struct {
	// Store is for the answer that sets the cookie, arriving in that context.
	Store Verdict
	// Send is for a request in that context, by a browser that already keeps the cookie (Cookie.Kept says how).
	Send Verdict
}

// Sentence is the verdict for a person.
func (v Verdict) Sentence() string {
	var b strings.Builder
	b.WriteString(v.who)
	switch v.Action {
	case Accepted:
		b.WriteString(pick(v.direction, " stores ", " sends "))
	case SessionAccepted:
		b.WriteString(pick(v.direction, " stores, until the browser closes, ", " sends "))
	case Leashed:
		b.WriteString(pick(v.direction, " stores, for pages of its own site only, ", " sends "))
	case Partitioned:
		b.WriteString(pick(v.direction, " stores, for pages under this top-level site only, ", " sends, from the jar of this top-level site, "))
	case Prompted:
		b.WriteString(pick(v.direction, " asks before it stores ", " asks before it sends "))
	case Undecided:
		b.WriteString(pick(v.direction, ": it cannot be said whether it stores ", ": it cannot be said whether it sends "))
	default:
		b.WriteString(pick(v.direction, " does not store ", " does not send "))
	}
	b.WriteString(v.cookie)
	b.WriteString(pick(v.direction, " from ", " to "))
	b.WriteString(v.host)
	if v.top != "" {
		b.WriteString(" in a page of ")
		b.WriteString(v.top)
	}
	b.WriteString(": ")
	b.WriteString(v.says)
	b.WriteString(" (rule ")
	b.WriteString(v.Rule)
	b.WriteString("; ")
	b.WriteString(v.Source)
	b.WriteString(").")
	if v.Also != "" {
		b.WriteString(" Without that rule it would be refused still: ")
		b.WriteString(string(v.Also))
		b.WriteString(".")
	}
	return b.String()
}

func pick(direction, store, send string) string {
	if direction == "store" {
		return store
	}
	return send
}

// rule is one rule of one engine. Rules are package variables: a Verdict points at nothing and allocates nothing.
type rule struct {
	name   string
	action Action
	reason Reason
	says   string
	source string
}

// ruling is a rule applied: with the jar, where it is about one, and what else would have refused.
type ruling struct {
	rule      *rule
	partition string
	also      Reason
}

func (r ruling) blocked() bool { return r.rule.action == Blocked || r.rule.action == Undecided }
