package network

import (
	"net"
	"net/http"

	"golang.org/x/net/publicsuffix"
)

// PageHeader may be set by whoever drives the browser, on every request of a page, to a name for that page (a tab or popup). The door
// takes it off before the site sees the request.
const PageHeader = "X-Cookiegate-Page"

// TopLevel is the site in the address bar of the page that a request was made from, as far as the door can know. Neither Referer nor Origin
// is asked: pages choose what they say.
//
// A navigation of the page itself (Sec-Fetch-Dest: document) is its own top-level site; that is exact, and so is what Options.TopLevel says.
// Any other request is held to belong to the last navigation of its page, where PageHeader names the page. That is exact but for one moment:
// what the old document still sends after the new one was asked for counts as the new one's. Where the page has no name, the last navigation
// of the case counts, which is wrong as soon as a case has two pages open at once on different sites. Sec-Fetch-Site is the last resort
// and tells less than it seems to: "cross-site" says that the document that asked (or a redirect on the way) is of another site, not
// that the top-level page is, and "same-origin" is also what a third party's frame says of its own requests; so it tells of third
// parties, never of first parties. Browsers send none of this to plain http addresses.
type TopLevel struct {
	Site string // registrable domain, or an IP address; empty where only Sec-Fetch-Site is known, or nothing
	From Evidence
}

// Evidence is what tells whose page a request was made from, from the best to none.
type Evidence string

// The evidence.
const (
	FromDriver    Evidence = "driver"     // Options.TopLevel: exact
	FromDocument  Evidence = "document"   // the request is itself the navigation: exact
	FromPage      Evidence = "page"       // the last navigation of the page that PageHeader names
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

// pages remember the last navigation of each page of a case.
type pages map[string]string

// topLevel finds the top-level site of a request. The door's lock is held.
func (p pages) topLevel(r *http.Request, host string, driver func(*http.Request) (string, bool)) TopLevel {
	if driver != nil {
		if site, ok := driver(r); ok {
			return TopLevel{site, FromDriver}
		}
	}
	page := r.Header.Get(PageHeader)
	switch dest := r.Header.Get("Sec-Fetch-Dest"); dest {
	case "document":
		site := SiteOf(host)
		p[page], p[""] = site, site
		return TopLevel{site, FromDocument}
	case "": // plain http, or no browser
		if page == "" {
			return TopLevel{}
		}
	}
	if site, ok := p[page]; ok && page != "" {
		return TopLevel{site, FromPage}
	}
	if site, ok := p[""]; ok {
		return TopLevel{site, FromCase}
	}
	if r.Header.Get("Sec-Fetch-Site") == "cross-site" {
		return TopLevel{From: FromFetchSite}
	}
	return TopLevel{}
}
