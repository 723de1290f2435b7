package network

import (
	"net/http"
	"slices"
	"time"
)

// Exchange is one request and its answer as they passed the front door, secrets redacted: of a cookie's value only a fingerprint is kept,
// equal for equal values within one door.
type Exchange struct {
	ID     int       // 1, 2, … in the order of arrival within a ledger
	Start  time.Time // wall clock
	End    time.Time // zero while in flight
	Method string
	URL    string // query values of secrets replaced by "***"
	Host   string
	Path   string
	// FetchSite, FetchMode, FetchDest are the browser's Sec-Fetch-* headers. Browsers send them to https addresses only: their
	// absence on plain http says nothing.
	FetchSite, FetchMode, FetchDest string
	// StorageAccess is the header Sec-Fetch-Storage-Access, which Chromium sends from somebody else's page: "none" where third-party cookies
	// are refused, "inactive" where they could be asked for, "active" where they are sent.
	StorageAccess string
	Referer       string // origin only
	Origin        string
	Server        bool   // asked by a server of the case, through Door.Client or Door.ServerURL, not by a browser
	Status        int    // 0 while in flight or when the connection was cut
	Location      string // of a redirect, redacted
	ContentType   string
	Returned      []Cookie // cookies that the browser sent
	Offered       []Cookie // cookies that the site's answer sets
	// Reached are the cookies that reached the site, and Delivered those that reached the browser, where something on the way made them
	// others than Returned and Offered: empty and not nil where none did, nil where nothing was changed. AtSite and AtBrowser tell
	// both apart.
	Reached, Delivered []Cookie
	// AnsweredBy is the filter or proxy that answered in the site's place; the site never saw the request, or its answer never came out.
	AnsweredBy string
	// TopLevel is whose page the request was made from.
	TopLevel TopLevel
	// Refused says that no route knows the host name, or, with an Err, that a proxy asked on its own account; nothing left the machine.
	Refused bool
	// Own says that the browser asked for itself and no page did: favicons, captive portal checks, updates. Reports may leave it out.
	Own bool
	// Err says why there is no whole answer: the connection was cut, the upstream did not answer, the browser refused the certificate.
	Err string
	// Filters says what each filter on the way changed, such as "strip-third-party-cookies: removed ticket from the request".
	Filters []string
}

// AtSite are the cookies that reached the site.
func (x Exchange) AtSite() []Cookie {
	if x.Reached != nil {
		return x.Reached
	}
	return x.Returned
}

// AtBrowser are the cookies that reached the browser, which then decides whether to keep them.
func (x Exchange) AtBrowser() []Cookie {
	if x.Delivered != nil {
		return x.Delivered
	}
	return x.Offered
}

// Cookie is a cookie on the wire without its value.
type Cookie struct {
	Name        string
	Fingerprint string // of the value; empty for an empty value
	Domain      string // attributes: only of offered cookies
	Path        string
	Secure      bool
	HTTPOnly    bool
	SameSite    http.SameSite // 0 when the attribute is absent
	Partitioned bool
	Persistent  bool // has Expires or Max-Age: it outlives the browser
	Deletes     bool // expires in the past, or has a Max-Age of 0 or less
}

// setReached notes the cookies that reached the site.
func (x *Exchange) setReached(reached []Cookie) {
	x.Reached = nil
	if !slices.Equal(reached, x.Returned) {
		x.Reached = present(reached)
	}
}

// present is a list that is not nil.
func present(cookies []Cookie) []Cookie {
	if cookies == nil {
		return []Cookie{}
	}
	return cookies
}

// fail notes the first thing that went wrong.
func (x *Exchange) fail(why string) {
	if x.Err == "" {
		x.Err = why
	}
}
