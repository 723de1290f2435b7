package network

import (
	"net"
	"net/http"

	"golang.org/x/net/publicsuffix"
)

// TopLevel is the site in the address bar of the page that a request was made from, as far as the door can know. Neither Referer nor Origin
// is asked: pages choose what they say.
//
// A navigation of the page itself (Sec-Fetch-Dest: document) is its own top-level site; that is exact. Any other request is held to belong to
// the last navigation of the case, which is wrong as soon as a case has two pages open at once on different sites, and for what an old
// document still sends after the new one was asked for. Sec-Fetch-Site is the last resort and tells less than it seems to: "cross-site" says
// that the document that asked (or a redirect on the way) is of another site, not that the top-level page is, and "same-origin" is also what a
// third party's frame says of its own requests; so it tells of third parties, never of first parties. Browsers send none of this to plain http
// addresses.
type TopLevel struct {
	Site string // registrable domain, or an IP address; empty where only Sec-Fetch-Site is known, or nothing
	From Evidence
}

// Evidence is what tells whose page a request was made from, from the best to none.
type Evidence string

// The evidence.
const (
	FromDocument  Evidence = "document"   // the request is itself the navigation: exact
	FromCase      Evidence = "case"       // the last navigation in the case
	FromFetchSite Evidence = "fetch-site" // only that somebody else's document asked
	Unknown       Evidence = ""
)

// SiteOf is the registrable domain of a host name, the unit in which third parties are counted; of an IP address it is the address.
func SiteOf(host string) string {
	if net.ParseIP(host) != nil {
		return host
	}
	if site, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return site
	}
	return host
}

// ThirdParty says whether host is somebody else's in this page; known is false where nothing tells.
func (t TopLevel) ThirdParty(host string) (third, known bool) {
	switch {
	case t.Site != "":
		return t.Site != SiteOf(host), true
	case t.From == FromFetchSite:
		return true, true
	}
	return false, false
}

// topLevel finds the top-level site of a browser's request. The door's lock is held.
func (l *Ledger) topLevel(r *http.Request, host string) TopLevel {
	switch dest := r.Header.Get("Sec-Fetch-Dest"); {
	case dest == "document":
		l.site = SiteOf(host)
		return TopLevel{l.site, FromDocument}
	case dest == "": // plain http, or no browser
		return TopLevel{}
	case l.site != "":
		return TopLevel{l.site, FromCase}
	case r.Header.Get("Sec-Fetch-Site") == "cross-site":
		return TopLevel{From: FromFetchSite}
	}
	return TopLevel{}
}
