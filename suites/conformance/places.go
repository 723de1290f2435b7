package conformance

import (
	"strings"

	"github.com/cookiegate/cookiegate/browsers/policy"
)

// Place is a kind of place in which a request of the cookie's host is made.
type Place string

// The places. A portal is somebody else's page.
const (
	TopLevel       Place = "top-level"       // the address typed
	Frame          Place = "frame"           // in a frame of the portal
	Nested         Place = "nested-frame"    // in a frame of the portal in a page of the cookie's own site
	Sandboxed      Place = "sandboxed-frame" // in a frame of the portal, sandboxed without allow-same-origin
	Image          Place = "image"           // an image in the portal
	Fetch          Place = "fetch"           // a credentialed fetch of the portal
	Link           Place = "link"            // a link in the portal
	Post           Place = "post"            // a form of the portal, by POST
	Popup          Place = "popup"           // a window opened by the portal
	RedirectChain  Place = "302-chain"       // typed, then redirected over the portal and back
	ScriptRedirect Place = "script-chain"    // typed, then navigated by scripts over the portal and back
	LinkRedirected Place = "link-302"        // a link in the portal to the portal, redirected
)

// everywhere are all places, embedded those of them in which the cookie's site is part of another page.
var (
	everywhere = []Place{TopLevel, Frame, Nested, Sandboxed, Image, Fetch, Link, Post, RedirectChain, ScriptRedirect, LinkRedirected, Popup}
	embedded   = everywhere[1:6]
)

// A stop is one page load, and the places in which it makes requests of the cookie's host.
type stop []Place

// String names a stop by its places, which is how the portal's page is asked for them.
func (s stop) String() string {
	var names []string
	for _, p := range s {
		names = append(names, string(p))
	}
	return strings.Join(names, "+")
}

// A journey is what one fresh context goes through: cookies are planted in all places of its first stops, and looked for at the others.
type journey struct {
	plants, reads []stop
}

// The popup comes last: it leaves the first page in the background. What is planted away from top level has a context that has seen no cookie
// before, and is looked for at top level last: Firefox's visited-only asks whether there are any.
var (
	atTop    = stop{TopLevel}
	inPortal = stop{Frame, Sandboxed, Image, Fetch}
	inNested = stop{Nested}

	journeys = []journey{
		{[]stop{atTop}, []stop{atTop, inPortal, inNested, {Link}, {Post}, {RedirectChain}, {ScriptRedirect}, {LinkRedirected}, {Popup}}},
		{[]stop{inPortal, inNested}, []stop{inPortal, inNested, atTop}},
	}
)

// context is the place as the policy model takes it, for a request of url. site is the origin of the cookie's host, portal the other's.
func (p Place) context(url, site, portal string) policy.Context {
	switch p {
	case Frame:
		return policy.InFrame(url, portal)
	case Nested:
		return policy.InFrame(url, site, portal)
	case Sandboxed:
		c := policy.InFrame(url, portal)
		c.Sandboxed = true
		return c
	case Image, Fetch:
		return policy.Within(url, portal)
	}
	c := policy.TopLevel(url)
	switch p {
	case Link, ScriptRedirect:
		c.Initiator = portal
	case Post:
		c.Initiator, c.Method = portal, "POST"
	case Popup:
		c.Initiator, c.Opener = portal, portal
	case RedirectChain:
		c.Redirects = []string{site + "/over", portal + "/over"}
	case LinkRedirected:
		c.Initiator, c.Redirects = portal, []string{portal + "/away"}
	}
	return c
}
