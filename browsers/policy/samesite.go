package policy

import "time"

// standing is how near a request is to its own site, as SameSite sees it.
type standing uint8

const (
	sameStrict     standing = iota // nobody else had a hand in it
	crossNavigated                 // somebody else's link to a page of the site, by a safe method
	crossPosted                    // the same by POST
	crossSite                      // within somebody else's page
)

// standing is how near the request is to its own site. Schemeful: http and https differ. Redirects: a detour over somebody
// else's address counts as theirs.
func (f *facts) standing(schemeful, redirects bool) standing {
	foreign, initiator := f.foreign, f.initiatorOther
	if schemeful {
		foreign, initiator = f.foreignSchemes, f.initiatorScheme
	}
	detour := redirects && f.redirectOther
	switch {
	case f.topLevel && !initiator && !detour:
		return sameStrict
	case f.topLevel && !f.unsafe:
		return crossNavigated
	case f.topLevel:
		return crossPosted
	case foreign, initiator, detour:
		return crossSite
	}
	return sameStrict
}

// laxPostGrace is how long Chromium lets a cookie without SameSite go along with a cross-site POST at top level.
const laxPostGrace = 2 * time.Minute

// excluded says whether SameSite keeps the cookie out of a request of that standing. Unset is what a cookie without the attribute counts
// as; the grace is for those that got it so.
func (c *Cookie) excluded(s standing, unset SameSite, topLevel bool) bool {
	same, grace := c.SameSite, false
	if same == SameSiteUnset {
		same = unset
		grace = unset == SameSiteLax && topLevel && c.Age < laxPostGrace
	}
	switch same {
	case SameSiteStrict:
		return s != sameStrict
	case SameSiteLax:
		return s == crossSite || s == crossPosted && !grace
	}
	return false
}

// excludedFromStore is the same for an answer that sets the cookie: a top-level document may set any.
func (c *Cookie) excludedFromStore(s standing, unset SameSite) bool {
	same := c.SameSite
	if same == SameSiteUnset {
		same = unset
	}
	return s == crossSite && (same == SameSiteStrict || same == SameSiteLax)
}
