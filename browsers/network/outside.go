package network

import (
	"crypto/rand"
	"net/http"
	"time"
)

// CookieReader reads cookie headers that did not pass a door, such as those of a recording. Fingerprints are equal for equal values within
// one reader, and of no use outside of it.
type CookieReader struct{ prints fingerprints }

// NewCookieReader makes a reader with a key of its own.
func NewCookieReader() *CookieReader {
	key := make([]byte, 32)
	rand.Read(key) // never fails
	return &CookieReader{fingerprints{key}}
}

// Returned are the cookies of Cookie headers.
func (r *CookieReader) Returned(headers []string) []Cookie {
	return r.prints.returned(http.Header{"Cookie": headers})
}

// Offered are the cookies that Set-Cookie headers set; now decides which of them are deletions.
func (r *CookieReader) Offered(headers []string, now time.Time) []Cookie {
	return r.prints.offered(http.Header{"Set-Cookie": headers}, now)
}

// Fingerprint stands for a cookie's value; it is empty for an empty one.
func (r *CookieReader) Fingerprint(value string) string { return r.prints.of(value) }
