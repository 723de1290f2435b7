package policy

import (
	"cmp"
	"net/netip"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// address is what the rules need of an http or https address.
type address struct {
	scheme, host, port, path string // lower case but for the path; the port is never empty
	domain                   string // registrable domain, or the host where there is none (an IP, a bare name, a public suffix)
	dotted                   bool   // a dot stood at the end of the host
}

// parseAddress reads an absolute http, https, ws or wss address; the latter two count as the first two, as they do for cookies.
func parseAddress(s string) (address, bool) {
	scheme, rest, found := strings.Cut(s, "://")
	if !found {
		return address{}, false
	}
	a := address{path: "/"}
	switch lower(scheme) {
	case "https", "wss":
		a.scheme = "https"
	case "http", "ws":
		a.scheme = "http"
	default:
		return address{}, false
	}
	a.port = defaultPort(a.scheme)
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		if rest[i] == '/' {
			a.path = rest[i:]
			if j := strings.IndexAny(a.path, "?#"); j >= 0 {
				a.path = a.path[:j]
			}
		}
		rest = rest[:i]
	}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		rest = rest[i+1:]
	}
	host, port, ok := splitPort(rest)
	if !ok || host == "" {
		return address{}, false
	}
	if port != "" {
		a.port = cmp.Or(strings.TrimLeft(port, "0"), port)
	}
	host, a.dotted = strings.CutSuffix(host, ".")
	a.host = lower(host)
	if a.host == "" {
		return address{}, false
	}
	a.domain = registrable(a.host)
	return a, true
}

func defaultPort(scheme string) string {
	if scheme == "https" {
		return "443"
	}
	return "80"
}

// splitPort splits host:port; an IPv6 host keeps its brackets.
func splitPort(s string) (host, port string, ok bool) {
	end := 0
	if strings.HasPrefix(s, "[") {
		if end = strings.IndexByte(s, ']'); end < 0 {
			return "", "", false
		}
		end++
	}
	i := strings.IndexByte(s[end:], ':')
	if i < 0 {
		return s, "", end == 0 || end == len(s)
	}
	host, port = s[:end+i], s[end+i+1:]
	if end > 0 && i > 0 || len(port) > 5 {
		return "", "", false
	}
	for _, b := range []byte(port) {
		if b < '0' || b > '9' {
			return "", "", false
		}
	}
	return host, port, true
}

// site is the schemeful site.
func (a address) site() string { return a.scheme + "://" + a.domain }

// origin is scheme, host and port, the port left out where it is the scheme's own.
func (a address) origin() string {
	if a.port == defaultPort(a.scheme) {
		return a.scheme + "://" + a.host
	}
	return a.scheme + "://" + a.host + ":" + a.port
}

// trustworthy says whether cookies with Secure may travel: over https, or to this machine itself (Chromium 89 and Firefox 75 on).
func (a address) trustworthy() bool {
	if a.scheme == "https" {
		return true
	}
	return a.host == "localhost" || strings.HasSuffix(a.host, ".localhost") || strings.HasPrefix(a.host, "127.") && isIP(a.host) || a.host == "[::1]"
}

func registrable(host string) string {
	if isIP(host) {
		return host
	}
	d, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return host
	}
	return d
}

func isPublicSuffix(domain string) bool {
	suffix, _ := publicsuffix.PublicSuffix(domain)
	return suffix == domain
}

// isSubdomain says whether host is below domain, and not domain itself.
func isSubdomain(host, domain string) bool {
	return len(host) > len(domain) && host[len(host)-len(domain)-1] == '.' && strings.HasSuffix(host, domain)
}

func isIP(host string) bool {
	if host == "" || host[0] != '[' && (host[len(host)-1] < '0' || host[len(host)-1] > '9') {
		return false
	}
	_, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil
}

// lower is ASCII lower case, without allocating where there is nothing to do.
func lower(s string) string { return strings.ToLower(s) }
