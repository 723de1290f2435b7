package policy

import (
	"strconv"
	"strings"
	"time"
)

// ParseSetCookie reads a Set-Cookie header as browsers do (RFC 6265bis, 5.6): unknown attributes (such as Version=1) are ignored, the last of
// several counts, an attribute longer than 1,024 bytes does not, and quotes are part of the value they surround. Whether an
// engine stores the cookie is for Decide to say; any text gives a Cookie. It deletes with Max-Age of zero or less, or with a date in the year 1970
// or before; see ParseSetCookieAt for other dates.
func ParseSetCookie(header string) Cookie {
	return ParseSetCookieAt(header, time.Date(1971, 1, 1, 0, 0, 0, 0, time.UTC))
}

// ParseSetCookieAt is ParseSetCookie at a time: an Expires that is not after it deletes.
func ParseSetCookieAt(header string, now time.Time) Cookie {
	pair, rest, _ := strings.Cut(header, ";")
	var c Cookie
	name, value, found := strings.Cut(pair, "=")
	if !found {
		name, value = "", pair
	}
	c.Name, c.ValueLength = trim(name), len(trim(value))
	var expires, age bool // given, and readable
	var until time.Time
	seconds := 0
	for rest != "" {
		var attribute string
		attribute, rest, _ = strings.Cut(rest, ";")
		key, val, _ := strings.Cut(attribute, "=")
		key, val = lower(trim(key)), trim(val)
		if len(val) > maxAttribute {
			continue
		}
		switch key {
		case "domain":
			c.Domain = val
		case "path":
			c.Path = val
		case "secure":
			c.Secure = true
		case "httponly":
			c.HTTPOnly = true
		case "partitioned":
			c.Partitioned = true
		case "samesite":
			c.SameSite = sameSite(val)
		case "expires":
			if t, ok := ParseCookieDate(val); ok {
				until, expires = t, true
			}
		case "max-age":
			if n, ok := ParseMaxAge(val); ok {
				seconds, age = n, true
			}
		}
	}
	c.Persistent = expires || age
	c.Deletes = age && seconds <= 0 || !age && expires && !until.After(now) // Max-Age comes first
	return c
}

// ParseMaxAge reads the seconds of Max-Age: digits, and a minus before them at most (RFC 6265bis, 5.6.2). A number too long for an int keeps its sign.
func ParseMaxAge(value string) (seconds int, ok bool) {
	digits := strings.TrimPrefix(value, "-")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	seconds, _ = strconv.Atoi(value) // out of range gives the nearest int, with the sign
	return seconds, true
}

func sameSite(value string) SameSite {
	switch s := SameSite(lower(value)); s {
	case SameSiteNone, SameSiteLax, SameSiteStrict:
		return s
	}
	return SameSiteUnset
}

func trim(s string) string { return strings.Trim(s, " \t") }
