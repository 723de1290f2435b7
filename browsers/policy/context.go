package policy

import "strings"

// Context is the request that carries a cookie, or whose answer sets one.
type Context struct {
	// URL is the address asked for.
	URL string
	// Ancestors are the origins of the documents around it, top-level document first. A top-level navigation has none; a frame's
	// navigation has those of the documents it is embedded in; a fetch, an image or a script's document.cookie has all of them down
	// to the document that asks.
	Ancestors []string
	// Navigation says that a document is loaded, at top level or into a frame; otherwise something inside a document is.
	Navigation bool
	// Script says that document.cookie is read or written by the document at URL.
	Script bool
	Method string // empty: GET

	// Initiator is the origin of the document that started a navigation: whose link, form or script it was. Empty: a person typed
	// the address, or, below the top level, the embedding document.
	Initiator string
	// Redirects are the addresses that the server had redirected from on the way to URL, first one first. A redirect by a script is a
	// navigation of its own, with its document as Initiator.
	Redirects []string

	// Sandboxed says that the document that asks, or for which a frame is loaded, is sandboxed without allow-same-origin.
	Sandboxed bool
	// StorageAccess says that the document that asks has been granted storage access, and has called for it.
	StorageAccess bool
	// SiteHasCookies says that the browser keeps cookies of the site already (Firefox's visited-only).
	SiteHasCookies bool
	// UserGesture and Opener are for the report: no rule looks at them while Firefox's heuristics are off.
	UserGesture bool
	Opener      string // origin of the page that opened this popup
}

// TopLevel is a navigation to url at top level, typed by a person.
func TopLevel(url string) Context { return Context{URL: url, Navigation: true} }

// InFrame is a navigation to url in a frame below ancestors, top-level origin first.
func InFrame(url string, ancestors ...string) Context {
	return Context{URL: url, Navigation: true, Ancestors: ancestors}
}

// Within is a request for url made by a document: the last of ancestors.
func Within(url string, ancestors ...string) Context {
	return Context{URL: url, Ancestors: ancestors}
}

// facts are what the rules need of a Context, computed once.
type facts struct {
	url       address
	top       address // the top-level document's; url's own at top level
	jar       string  // the key of the top-level site's jar
	parsed    bool
	topLevel  bool // a navigation at top level
	script    bool
	sandboxed bool // and not a navigation: the document has an opaque origin
	access    bool
	hasCookie bool
	unsafe    bool // the method is not GET, HEAD, OPTIONS or TRACE

	foreign         bool // some ancestor's site differs from the request's, schemes aside
	foreignSchemes  bool // the same, schemes counted
	topForeign      bool // the top-level document's site differs, schemes aside
	initiatorOther  bool // the initiator's site differs, schemes aside
	initiatorScheme bool // the same, schemes counted
	redirectOther   bool // some redirect's site differs, schemes aside

	replaces      *Cookie // what the jar keeps of the name, domain and path of the cookie to be stored; nil also without a jar
	shadowsSecure bool    // the jar keeps a cookie with Secure that could be taken for the one to be stored
}

func factsOf(ctx Context) facts {
	f := facts{script: ctx.Script, access: ctx.StorageAccess, hasCookie: ctx.SiteHasCookies}
	f.url, f.parsed = parseAddress(ctx.URL)
	if !f.parsed {
		return f
	}
	f.top = f.url
	f.topLevel = len(ctx.Ancestors) == 0
	f.sandboxed = ctx.Sandboxed && !ctx.Navigation
	switch ctx.Method {
	case "", "GET", "HEAD", "OPTIONS", "TRACE":
	default:
		f.unsafe = true
	}
	for i, origin := range ctx.Ancestors {
		a, ok := f.parse(origin)
		if i == 0 {
			if !ok {
				f.parsed = false // a page without an origin at top level: no rule of ours speaks of it
				return f
			}
			f.top = a
			f.topForeign = a.domain != f.url.domain
		}
		other := !ok || a.domain != f.url.domain
		f.foreign = f.foreign || other
		f.foreignSchemes = f.foreignSchemes || other || a.scheme != f.url.scheme
		f.initiatorOther, f.initiatorScheme = other, other || a.scheme != f.url.scheme // the last one remains
	}
	if ctx.Initiator != "" {
		a, ok := f.parse(ctx.Initiator)
		f.initiatorOther = !ok || a.domain != f.url.domain
		f.initiatorScheme = f.initiatorOther || a.scheme != f.url.scheme
	}
	if f.sandboxed {
		f.foreign, f.foreignSchemes, f.initiatorOther, f.initiatorScheme = true, true, true, true
	}
	f.jar = f.top.site()
	for _, u := range ctx.Redirects {
		a, ok := f.parse(u)
		f.redirectOther = f.redirectOther || !ok || a.domain != f.url.domain
	}
	return f
}

// parse is parseAddress; the answer is at hand where the address is the request's or the top-level document's.
func (f *facts) parse(s string) (address, bool) {
	for _, a := range [...]*address{&f.url, &f.top} {
		if rest, ok := strings.CutPrefix(s, a.scheme+"://"); ok && rest == a.host {
			known := *a
			known.path, known.port = "/", defaultPort(a.scheme)
			return known, true
		}
	}
	return parseAddress(s)
}

// home is the same request as a visit to its own site at top level, where cookies are stored if they are stored anywhere.
func (f *facts) home() facts {
	return facts{url: f.url, top: f.url, jar: f.url.site(), parsed: true, topLevel: true, hasCookie: f.hasCookie}
}

// replacesHTTPOnly says whether c is a script's and would replace a cookie with HttpOnly.
func (f *facts) replacesHTTPOnly(c *Cookie) bool {
	return c.Script && f.replaces != nil && f.replaces.HTTPOnly
}
