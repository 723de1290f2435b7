package network

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers/policy"
)

// setCookie is one Set-Cookie header as a browser reads it (RFC 6265bis, section 5.6): nothing is special about quotes, unknown
// attributes such as Version are passed over, the last of two equal attributes wins. net/http is not used here because it drops
// names and values that browsers keep.
type setCookie struct {
	name, value string // value as written, quotes included
	attributes  []attribute
}

// attribute is one attribute of a Set-Cookie header, as written.
type attribute struct{ name, value string }

// parseSetCookie reads one Set-Cookie header. It answers false where a browser ignores the whole header.
func parseSetCookie(line string) (setCookie, bool) {
	if strings.ContainsFunc(line, isControl) {
		return setCookie{}, false
	}
	first, rest, more := strings.Cut(line, ";")
	var c setCookie
	c.name, c.value = parsePair(first)
	if c.name == "" && c.value == "" {
		return setCookie{}, false
	}
	for more {
		var part string
		part, rest, more = strings.Cut(rest, ";")
		name, value, _ := strings.Cut(part, "=")
		if name = trim(name); name != "" {
			c.attributes = append(c.attributes, attribute{name, trim(value)})
		}
	}
	return c, true
}

// String writes the header anew.
func (c setCookie) String() string {
	var b strings.Builder
	if c.name != "" || strings.Contains(c.value, "=") { // or what is before that would be the name
		b.WriteString(c.name + "=")
	}
	b.WriteString(c.value)
	for _, a := range c.attributes {
		b.WriteString("; " + a.name)
		if a.value != "" {
			b.WriteString("=" + a.value)
		}
	}
	return b.String()
}

// parsePair splits name=value; without "=" the whole is the value of a cookie without a name.
func parsePair(pair string) (name, value string) {
	name, value, found := strings.Cut(pair, "=")
	if !found {
		return "", trim(pair)
	}
	return trim(name), trim(value)
}

// parseCookieHeaders reads Cookie headers into names and values.
func parseCookieHeaders(lines []string) []attribute {
	var pairs []attribute
	for _, line := range lines {
		for pair := range strings.SplitSeq(line, ";") {
			if name, value := parsePair(pair); name != "" || value != "" {
				pairs = append(pairs, attribute{name, value})
			}
		}
	}
	return pairs
}

func trim(s string) string { return strings.Trim(s, " \t") }

// isControl reports the characters for which a browser drops a Set-Cookie header; a tab is none of them.
func isControl(r rune) bool { return r < 0x20 && r != '\t' || r == 0x7f }

// fingerprints makes fingerprints of cookie values: a hash under a key that lives and dies with a door, so that a value can neither be
// read nor guessed from a report.
type fingerprints struct{ key []byte }

func (f fingerprints) of(value string) string {
	if value == "" {
		return ""
	}
	h := hmac.New(sha256.New, f.key)
	h.Write([]byte(value))
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// returned are the cookies of a request.
func (f fingerprints) returned(h http.Header) []Cookie {
	var cookies []Cookie
	for _, p := range parseCookieHeaders(h["Cookie"]) {
		cookies = append(cookies, Cookie{Name: p.name, Fingerprint: f.of(p.value)})
	}
	return cookies
}

// offered are the cookies that an answer sets; now decides which of them are deletions.
func (f fingerprints) offered(h http.Header, now time.Time) []Cookie {
	var cookies []Cookie
	for _, line := range h["Set-Cookie"] {
		if c, ok := parseSetCookie(line); ok {
			cookies = append(cookies, f.offer(c, now))
		}
	}
	return cookies
}

func (f fingerprints) offer(s setCookie, now time.Time) Cookie {
	c := Cookie{Name: s.name, Fingerprint: f.of(s.value)}
	var expired, byExpires, aged, byMaxAge bool // Max-Age goes before Expires
	for _, a := range s.attributes {
		switch strings.ToLower(a.name) {
		case "domain":
			c.Domain = strings.ToLower(strings.TrimPrefix(a.value, "."))
		case "path":
			c.Path = ""
			if strings.HasPrefix(a.value, "/") {
				c.Path = a.value
			}
		case "secure":
			c.Secure = true
		case "httponly":
			c.HTTPOnly = true
		case "partitioned":
			c.Partitioned = true
		case "samesite":
			c.SameSite = parseSameSite(a.value)
		case "max-age":
			if age, ok := policy.ParseMaxAge(a.value); ok {
				byMaxAge, aged = true, age <= 0
			}
		case "expires":
			if t, ok := policy.ParseCookieDate(a.value); ok {
				byExpires, expired = true, !t.After(now)
			}
		}
	}
	c.Persistent = byMaxAge || byExpires
	c.Deletes = aged || !byMaxAge && expired
	return c
}

// parseSameSite is http.SameSiteDefaultMode for a value that no browser knows.
func parseSameSite(value string) http.SameSite {
	switch strings.ToLower(value) {
	case "none":
		return http.SameSiteNoneMode
	case "lax":
		return http.SameSiteLaxMode
	case "strict":
		return http.SameSiteStrictMode
	}
	return http.SameSiteDefaultMode
}
