package policy

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ZoneEntry is a site that a person put into a security zone, as it was typed.
type ZoneEntry struct {
	Site string `yaml:"site"`
	Zone Zone   `yaml:"zone"`
}

// ZoneError says why Internet Explorer refuses an entry.
type ZoneError struct {
	Entry ZoneEntry
	// Code is what SetZoneMapping answers: E_ACCESSDENIED, E_INVALIDARG, or ERROR_FILE_EXISTS.
	Code string
	// Sentence is what a person is told, in our words.
	Sentence string
}

func (e *ZoneError) Error() string { return fmt.Sprintf("%s: %s", e.Code, e.Sentence) }

// ZonePattern is one site or range of sites in a zone map.
//
// Valid are, for example: *://*.example.com, http://*.contoso.co.uk, *://server.contoso.com, ftp://192.168.0.0/, https://example/, file:\example\share,
// *://172.16-31.0.0.*. A star stands only directly left of the second-level domain, for a scheme, or for a part of an IP address.
// Source: Microsoft, IInternetSecurityManager::SetZoneMapping (ms537143).
type ZonePattern struct {
	Scheme string // empty: every one
	Host   string // name or share; empty with an IP range
	Below  bool   // and everything below Host
	Range  []OctetRange
}

// OctetRange is one part of an IP range, both ends included.
type OctetRange struct{ From, To int }

var zoneSchemes = []string{"http", "https", "ftp", "file"}

// ParseZonePattern reads a pattern. A second-level domain by itself, with or without a scheme, covers everything below it too: the key of the
// registry it is kept under is that of the whole domain.
func ParseZonePattern(s string) (ZonePattern, error) {
	var p ZonePattern
	rest := strings.TrimSpace(s)
	if share, ok := cutFold(rest, "file:\\"); ok {
		if p.Scheme, p.Host = "file", lower(strings.Trim(share, `\`)); p.Host == "" || strings.Contains(p.Host, "*") {
			return ZonePattern{}, errors.New("a file entry names a share, such as file:\\server\\share")
		}
		return p, nil
	}
	if scheme, after, found := strings.Cut(rest, "://"); found {
		rest = after
		if scheme = lower(scheme); scheme != "*" {
			if !slices.Contains(zoneSchemes, scheme) {
				return ZonePattern{}, fmt.Errorf("scheme %q; expected http, https, ftp, file or *", scheme)
			}
			p.Scheme = scheme
		}
	}
	host := lower(strings.TrimSuffix(rest, "/"))
	if host == "" || strings.ContainsAny(host, "/\\:@?#,; \t") {
		return ZonePattern{}, errors.New("expected a host name, and nothing after it")
	}
	if looksNumeric(host) {
		var err error
		p.Range, err = parseOctets(host)
		return p, err
	}
	domain, star := strings.CutPrefix(host, "*.")
	switch {
	case strings.Contains(domain, "*"):
		return ZonePattern{}, errors.New("a star may stand only directly left of the second-level domain, as in *.example.com")
	case slices.Contains(strings.Split(domain, "."), ""):
		return ZonePattern{}, errors.New("a part of the name is empty")
	case star && registrable(domain) != domain, star && isPublicSuffix(domain):
		return ZonePattern{}, errors.New("a star may stand only directly left of the second-level domain, as in *.example.com")
	}
	p.Host = domain
	p.Below = star || strings.Contains(domain, ".") && registrable(domain) == domain && !isPublicSuffix(domain)
	return p, nil
}

func cutFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// looksNumeric says whether a host is meant as an IP address or a range of them.
func looksNumeric(host string) bool {
	return strings.Trim(host, "0123456789.-*") == "" && strings.ContainsAny(host, "0123456789")
}

// parseOctets reads an IP range. Five parts are let through, as the documentation's own example has them; no address matches those.
func parseOctets(host string) ([]OctetRange, error) {
	parts := strings.Split(host, ".")
	if len(parts) != 4 && len(parts) != 5 {
		return nil, errors.New("an IP range has four parts")
	}
	var octets []OctetRange
	for _, part := range parts {
		if part == "*" {
			octets = append(octets, OctetRange{0, 255})
			continue
		}
		from, to, ranged := strings.Cut(part, "-")
		if !ranged {
			to = from
		}
		a, err1 := strconv.Atoi(from)
		b, err2 := strconv.Atoi(to)
		if err1 != nil || err2 != nil || a > b || b > 255 || a < 0 {
			return nil, fmt.Errorf("%q is no part of an IP range; expected a number up to 255, two with a dash, or a star", part)
		}
		octets = append(octets, OctetRange{a, b})
	}
	return octets, nil
}

func (p *ZonePattern) matches(a *address) bool {
	if p.Scheme != "" && p.Scheme != a.scheme {
		return false
	}
	if p.Range != nil {
		parts := strings.Split(a.host, ".")
		if !isIP(a.host) || len(parts) != len(p.Range) {
			return false
		}
		for i, part := range parts {
			if n, err := strconv.Atoi(part); err != nil || n < p.Range[i].From || n > p.Range[i].To {
				return false
			}
		}
		return true
	}
	return p.Host == a.host || p.Below && isSubdomain(a.host, p.Host)
}

// ZoneMap is the list of sites of each zone. The zero value is empty.
type ZoneMap struct{ entries []mapped }

type mapped struct {
	pattern ZonePattern
	zone    Zone
}

// Add puts a site into a zone as the dialogue does. requireHTTPS is the zone's "Require server verification (https:)". The error is a *ZoneError.
func (m *ZoneMap) Add(e ZoneEntry, requireHTTPS bool) error {
	refuse := func(code, format string, args ...any) error {
		return &ZoneError{Entry: e, Code: code, Sentence: fmt.Sprintf(format, args...)}
	}
	p, err := ParseZonePattern(e.Site)
	if err != nil {
		return refuse("E_INVALIDARG", "%q cannot be put into a zone: %v.", e.Site, err)
	}
	if requireHTTPS && p.Scheme != "https" {
		return refuse("E_ACCESSDENIED", "%q cannot be put into the zone %s: it requires server verification, so the site must be given with https://.", e.Site, zoneTitles[e.Zone])
	}
	for _, x := range m.entries {
		if !samePattern(x.pattern, p) {
			continue
		}
		if x.zone == e.Zone {
			return refuse("E_FAIL", "%q is in the zone %s already.", e.Site, zoneTitles[e.Zone])
		}
		return refuse("ERROR_FILE_EXISTS", "%q is in the zone %s already; it must be taken out there first.", e.Site, zoneTitles[x.zone])
	}
	m.entries = append(m.entries, mapped{p, e.Zone})
	return nil
}

func samePattern(a, b ZonePattern) bool {
	return a.Scheme == b.Scheme && a.Host == b.Host && a.Below == b.Below && slices.Equal(a.Range, b.Range)
}

// Lookup is the zone of an address: the lists of Restricted, Trusted and Local intranet sites, in this order; then Local intranet for a name without
// dots; else Internet. An entry with a scheme is for that scheme alone. Source: A. Jumelet, Microsoft; KB 182569.
func (m *ZoneMap) Lookup(url string) (Zone, bool) {
	a, ok := parseAddress(url)
	if !ok {
		return "", false
	}
	return m.lookup(&a), true
}

func (m *ZoneMap) lookup(a *address) Zone {
	for _, z := range [...]Zone{RestrictedZone, TrustedZone, IntranetZone, InternetZone, MyComputerZone} {
		for i := range m.entries {
			if m.entries[i].zone == z && m.entries[i].pattern.matches(a) {
				return z
			}
		}
	}
	if !strings.ContainsAny(a.host, ".:") {
		return IntranetZone
	}
	return InternetZone
}
