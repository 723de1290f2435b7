package network

import (
	"net/http"
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
	// FetchSite, FetchMode, FetchDest are the browser's Sec-Fetch-* headers; FetchDest empty means that no browser asked.
	FetchSite, FetchMode, FetchDest string
	Referer                         string // origin only
	Origin                          string
	Status                          int    // 0 while in flight or when the connection was cut
	Location                        string // of a redirect, redacted
	ContentType                     string
	Returned                        []Cookie // cookies that came with the request
	Offered                         []Cookie // cookies that the answer sets
	// Refused says that no route knows the host name; nothing left the machine.
	Refused bool
	// Filters says what each filter on the way changed, such as "strip-third-party-cookies: removed ticket from the request".
	Filters []string
}

// Cookie is a cookie on the wire without its value.
type Cookie struct {
	Name        string
	Fingerprint string // of the value; empty for an empty value
	Domain      string // attributes: only of offered cookies
	Path        string
	Secure      bool
	HTTPOnly    bool
	SameSite    http.SameSite
	Partitioned bool
	Deletes     bool // expires in the past, or has an empty value and Max-Age 0
}
