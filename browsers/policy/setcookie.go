package policy

import (
	"strconv"
	"strings"
)

// ParseSetCookie reads a Set-Cookie header as browsers do (RFC 6265bis, 5.6): unknown attributes (such as Version=1) are ignored, the last of
// several counts, an attribute longer than 1,024 bytes does not, and quotes are part of the value they surround. Whether an
// engine stores the cookie is for Decide to say; any text gives a Cookie.
func ParseSetCookie(header string) Cookie {
	pair, rest, _ := strings.Cut(header, ";")
	var c Cookie
	name, value, found := strings.Cut(pair, "=")
	if !found {
		name, value = "", pair
	}
	c.Name, c.ValueLength = trim(name), len(trim(value))
	expires, maxAge := false, false
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
			expires = expires || val != ""
		case "max-age":
			_, err := strconv.Atoi(val)
			maxAge = maxAge || err == nil
		}
	}
	c.Persistent = expires || maxAge
	return c
}

func sameSite(value string) SameSite {
	switch s := SameSite(lower(value)); s {
	case SameSiteNone, SameSiteLax, SameSiteStrict:
		return s
	}
	return SameSiteUnset
}

func trim(s string) string { return strings.Trim(s, " \t") }
