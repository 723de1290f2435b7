package policy

import (
	"strings"
	"time"
)

// SameSite is a cookie's SameSite attribute.
type SameSite string

// The values. A value that is none of them counts as unset in every engine.
const (
	SameSiteUnset  SameSite = ""
	SameSiteNone   SameSite = "none"
	SameSiteLax    SameSite = "lax"
	SameSiteStrict SameSite = "strict"
)

// Cookie is a cookie as a site offers it, without its value.
type Cookie struct {
	Name        string
	ValueLength int    // bytes
	Domain      string // the attribute, with or without the leading dot; empty: only the host that set it
	Path        string // the attribute; empty or without a leading slash: the folder of the request's path
	Secure      bool
	HTTPOnly    bool
	SameSite    SameSite
	Partitioned bool
	Persistent  bool // has Expires or Max-Age; otherwise it ends with the browser
	Deletes     bool // expires at once: it takes away the cookie of its name, domain and path
	Script      bool // written by document.cookie

	// P3P is the value of the P3P header of the answer that sets the cookie, as it came; empty: there was none.
	P3P string

	// Host is the host that set it, for sending; empty: the host of the request.
	Host string
	// SetPath is the path of the request that set it, for sending a cookie without Path; empty: that of the request at hand.
	SetPath string
	// Age is how long ago it was set, for sending (Chromium's two minutes in which a cookie without SameSite goes with a cross-site POST).
	Age time.Duration
	// Kept says how the browser keeps it, for sending; nil: as stored by a visit to its own site at top level.
	Kept *Kept

	// Legacy says that it was there before Internet Explorer 6 was installed; OptOut that it is one of the three opt-out cookies
	// which are exempt from the leash on those (see IsOptOut).
	Legacy, OptOut bool
}

// Kept is how a browser keeps a cookie.
type Kept struct {
	Action    Action // Accepted, SessionAccepted, Leashed or Partitioned
	Partition string // Verdict.Partition, with Partitioned
	Session   bool   // until the browser closes, whatever lifetime it asked for
}

// KeptAs is the cookie as a browser keeps it after the verdict v on storing it from host.
func (c Cookie) KeptAs(v Verdict, host string) Cookie {
	c.Kept = &Kept{Action: v.Action, Partition: v.Partition, Session: v.Action == SessionAccepted || v.Reason == SessionOnlyBySetting}
	c.Host = host
	if isPublicSuffix(c.domain()) { // the host itself, or it would have been refused: the cookie is the host's alone (RFC 6265bis, 5.7)
		c.Domain = ""
	}
	return c
}

// The limits of RFC 6265bis, section 5.6 and 5.7.
const (
	maxNameAndValue = 4096
	maxAttribute    = 1024
)

// hasPrefix is the prefix rule's comparison: without regard to letter case (RFC 6265bis, 4.1.3).
func hasPrefix(name, prefix string) bool {
	return len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix)
}

// prefixKept says whether the attributes keep what the name's prefix promises, for a cookie set over https if secure.
func (c *Cookie) prefixKept(secure bool) bool {
	switch {
	case hasPrefix(c.Name, "__Secure-"):
		return c.Secure && secure
	case hasPrefix(c.Name, "__Http-"):
		return c.Secure && secure && c.HTTPOnly && !c.Script
	case hasPrefix(c.Name, "__Host-Http-") && (!c.HTTPOnly || c.Script):
		return false
	case hasPrefix(c.Name, "__Host-"):
		return c.Secure && secure && c.Domain == "" && c.Path == "/"
	}
	return true
}

// domain is the Domain attribute without its leading dot, in lower case.
func (c *Cookie) domain() string {
	return lower(strings.TrimPrefix(c.Domain, "."))
}

// domainFits says whether a page of host may set the cookie's Domain: it must be the host or a parent of it, and no public suffix
// other than the host itself.
func (c *Cookie) domainFits(a *address) bool {
	if c.Domain == "" {
		return true
	}
	d := c.domain()
	return d == a.host || d != "" && isSubdomain(a.host, d) && len(d) >= len(a.domain)
}

// belongsTo says whether the cookie goes to host at all.
func (c *Cookie) belongsTo(host string) bool {
	d := c.domain()
	if d == "" {
		return c.Host == "" || lower(c.Host) == host
	}
	return d == host || isSubdomain(host, d)
}

// path is the path the cookie belongs to, where the request at hand has the path requested.
func (c *Cookie) path(requested string) string {
	if strings.HasPrefix(c.Path, "/") {
		return c.Path
	}
	if c.SetPath != "" {
		requested = c.SetPath
	}
	if i := strings.LastIndexByte(requested, '/'); i > 0 {
		return requested[:i]
	}
	return "/"
}

// onPath says whether a cookie of path goes to requested (RFC 6265bis, 5.1.4).
func onPath(path, requested string) bool {
	if !strings.HasPrefix(requested, path) {
		return false
	}
	return len(requested) == len(path) || strings.HasSuffix(path, "/") || requested[len(path)] == '/'
}

// goodName says whether a cookie of that name and value length is one at all.
func (c *Cookie) goodName() bool {
	if c.Name == "" && c.ValueLength == 0 {
		return false
	}
	for i := range len(c.Name) {
		if b := c.Name[i]; b < ' ' && b != '\t' || b == 0x7f || b == ';' || b == '=' {
			return false
		}
	}
	return true
}
