package policy

import (
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// Pattern is one pattern of Chromium's content settings and managed policies, such as "[*.]webex.com" or "https://acme.webex.com:8443".
//
// "[*.]domain" is the domain and everything below it; without it only the host itself. Scheme and port may be left out or be "*", which is
// every scheme or port; part of one may not be starred. An IP address takes no star. A path is read and does not count.
// Source: Chromium, components/content_settings/core/common/content_settings_pattern_parser.cc.
type Pattern struct {
	scheme, host, port string // empty: every one
	below              bool   // and everything below host
}

// ParsePattern reads a pattern. The error says what is wrong with it, as Chromium, which ignores such an entry, does not.
func ParsePattern(s string) (Pattern, error) {
	wrong := func(why string) (Pattern, error) { return Pattern{}, fmt.Errorf("pattern %q: %s", s, why) }
	var p Pattern
	rest := s
	if s == "" {
		return wrong("empty")
	}
	if scheme, after, found := strings.Cut(s, "://"); found {
		rest = after
		if scheme = lower(scheme); scheme != "*" {
			if scheme != "http" && scheme != "https" {
				return wrong("the scheme must be http, https or *")
			}
			p.scheme = scheme
		}
	}
	end := 0
	if strings.HasPrefix(rest, "[") {
		if end = strings.IndexByte(rest, ']'); end < 0 {
			return wrong("[ without ]")
		}
	}
	host, port := rest, ""
	if i := strings.IndexAny(rest[end:], ":/"); i >= 0 {
		host = rest[:end+i]
		if rest[end+i] == ':' {
			port, _, _ = strings.Cut(rest[end+i+1:], "/")
		}
	}
	if host == "" {
		return wrong("no host")
	}
	if port != "" && port != "*" {
		if strings.Trim(port, "0123456789") != "" {
			return wrong("the port must be a number or *")
		}
		p.port = port
	}
	switch {
	case host == "*":
		p.below = true
	case strings.HasPrefix(host, "[*.]."):
		return wrong("[*.] already ends with its dot")
	case strings.HasPrefix(host, "[*.]"):
		p.below = true
		host = host[len("[*.]"):]
		fallthrough
	default:
		if strings.Contains(host, "*") {
			return wrong("a star may stand for a whole host, or as [*.] before a domain")
		}
		p.host = asciiHost(host)
		if bare := strings.TrimRight(p.host, "."); bare != "" { // however many: measured on Chromium 156
			p.host = bare
		}
		if !goodHost(p.host) {
			return wrong("no such character in a host")
		}
		if p.below && isIP(p.host) {
			return wrong("an IP address takes no [*.]")
		}
	}
	if p.host == "" && !p.below {
		return wrong("no host")
	}
	return p, nil
}

// asciiHost is a host name of a setting as browsers keep it: lower case, escapes decoded, letters of other scripts in Punycode. What cannot be written so
// stays as it is. Measured on Chromium 156 and Firefox ESR 153.
func asciiHost(host string) string {
	if strings.ContainsFunc(host, func(r rune) bool { return r == '%' || r >= 0x80 }) {
		if plain, err := url.PathUnescape(host); err == nil {
			host = plain
		}
		if ascii, err := idna.Lookup.ToASCII(host); err == nil {
			host = ascii
		}
	}
	return lower(host)
}

// goodHost says whether every character may be in a host name, or the whole is an IPv6 address.
func goodHost(host string) bool {
	if strings.HasPrefix(host, "[") {
		return isIP(host)
	}
	return !strings.ContainsFunc(host, func(r rune) bool {
		return r < 0x80 && !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '-' || r == '.' || r == '_')
	})
}

// Any says whether the pattern matches every address.
func (p Pattern) Any() bool { return p == Pattern{below: true} }

// Matches says whether the pattern covers an address, given as an origin or a URL.
func (p Pattern) Matches(url string) bool {
	a, ok := parseAddress(url)
	return ok && p.matches(&a)
}

func (p *Pattern) matches(a *address) bool {
	switch {
	case p.scheme != "" && p.scheme != a.scheme, p.port != "" && p.port != a.port:
		return false
	case p.host == "" || p.host == a.host:
		return true
	}
	return p.below && isSubdomain(a.host, p.host)
}

// String is the shortest form.
func (p Pattern) String() string {
	var b strings.Builder
	if p.scheme != "" {
		b.WriteString(p.scheme + "://")
	}
	switch {
	case p.host == "":
		b.WriteString("*")
	case p.below:
		b.WriteString("[*.]" + p.host)
	default:
		b.WriteString(p.host)
	}
	if p.port != "" {
		b.WriteString(":" + p.port)
	}
	return b.String()
}

// compare is below zero where p is the more specific of two patterns that match the same address: host first, then port, then scheme.
func (p *Pattern) compare(o *Pattern) int {
	rank := func(p *Pattern) int {
		if p.below {
			return len(p.host)
		}
		return 1 << 20 // an exact host beats every domain
	}
	if d := rank(o) - rank(p); d != 0 {
		return d
	}
	written := func(s string) int {
		if s == "" {
			return 0
		}
		return 1
	}
	if d := written(o.port) - written(p.port); d != 0 {
		return d
	}
	return written(o.scheme) - written(p.scheme)
}

// PatternPair is an entry of Chromium's list of exceptions for cookies: whose cookies, and in whose pages.
type PatternPair struct {
	Cookie  Pattern // the site whose cookies are meant
	TopSite Pattern // the page's site; "*" where it does not matter
}

// ParsePatternPair reads "PATTERN" or "PATTERN,PATTERN". In a managed policy they may not be "*" both, nor the first the only one and "*".
// Source: Chromium, policy CookiesAllowedForUrls, and the URL pattern format of Chrome Enterprise. That the second may not be "*" is written there, and
// Chromium 156 was seen to heed it all the same.
func ParsePatternPair(s string, managed bool) (PatternPair, error) {
	first, second, two := strings.Cut(s, ",")
	if managed { // measured on Chromium 156
		first, second = strings.TrimSpace(first), strings.TrimSpace(second)
	}
	pair := PatternPair{TopSite: Pattern{below: true}}
	var err error
	if pair.Cookie, err = ParsePattern(first); err != nil {
		return PatternPair{}, err
	}
	if two {
		if pair.TopSite, err = ParsePattern(second); err != nil {
			return PatternPair{}, err
		}
	}
	if managed && pair.Cookie.Any() && pair.TopSite.Any() {
		return PatternPair{}, fmt.Errorf("pattern %q: every site is no exception; use the policy that sets the default", s)
	}
	return pair, nil
}

func (p *PatternPair) matches(cookie, top *address) bool {
	return p.Cookie.matches(cookie) && p.TopSite.matches(top)
}

// everySite says whether both patterns cover every host, be it by one scheme alone: Chromium does not take such an entry for a decision about a site.
func (p *PatternPair) everySite() bool { return p.Cookie.host == "" && p.TopSite.host == "" }

// compare orders pairs as Chromium looks them up: by the cookie's pattern, then by the page's.
func (p *PatternPair) compare(o *PatternPair) int {
	if d := p.Cookie.compare(&o.Cookie); d != 0 {
		return d
	}
	return p.TopSite.compare(&o.TopSite)
}
