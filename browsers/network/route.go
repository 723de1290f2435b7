package network

import (
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/net/idna"
)

// routes say which handler answers for which host name. A host name written out goes before a wildcard, a longer wildcard before a
// shorter one.
type routes struct {
	mu     sync.RWMutex
	byHost map[address]http.Handler
	below  map[address]http.Handler // "*.webex.com" under "webex.com"
}

// address is a host name in lower-case ASCII and a port. Port 0 in a route stands for 80 and 443.
type address struct {
	host string
	port int
}

// CheckPattern says what is wrong with a pattern of Door.Route, if anything is.
func CheckPattern(pattern string) error {
	_, _, err := parsePattern(pattern)
	return err
}

// Covers says whether one of patterns, as of Door.Route, is for a host, such as "portal.acme.example" or "portal.acme.example:8443".
func Covers(patterns []string, host string) bool {
	a, err := parseAddress(host, 443)
	if err != nil {
		return false
	}
	var r routes
	for _, p := range patterns {
		_ = r.put(p, http.NotFoundHandler()) // what is no pattern covers nothing
	}
	return r.find(a) != nil
}

func parsePattern(pattern string) (a address, wild bool, err error) {
	name, wild := strings.CutPrefix(pattern, "*.")
	if a, err = parseAddress(name, 0); err != nil {
		err = fmt.Errorf("expected a host name such as acme.webex.com or *.webex.com, with or without a port: %w", err)
	}
	return a, wild, err
}

// put adds or replaces a route.
func (r *routes) put(pattern string, h http.Handler) error {
	a, wild, err := parsePattern(pattern)
	if err != nil {
		return fmt.Errorf("route %q: %w", pattern, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byHost == nil {
		r.byHost, r.below = map[address]http.Handler{}, map[address]http.Handler{}
	}
	if wild {
		r.below[a] = h
	} else {
		r.byHost[a] = h
	}
	return nil
}

func (r *routes) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.byHost)
	clear(r.below)
}

// find is the handler for an address, nil when no route knows it.
func (r *routes) find(a address) http.Handler {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if h := lookup(r.byHost, a); h != nil {
		return h
	}
	for name := a.host; ; {
		var found bool
		if _, name, found = strings.Cut(name, "."); !found {
			return nil
		}
		if h := lookup(r.below, address{name, a.port}); h != nil {
			return h
		}
	}
}

func lookup(m map[address]http.Handler, a address) http.Handler {
	if h := m[a]; h != nil {
		return h
	}
	if a.port == 80 || a.port == 443 {
		return m[address{a.host, 0}]
	}
	return nil
}

// patterns are the routes as they were written, normalized.
func (r *routes) patterns() []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var out []string
	for a := range r.byHost {
		out = append(out, a.String())
	}
	for a := range r.below {
		out = append(out, "*."+a.String())
	}
	return out
}

// parseAddress reads "host", "host:port", "[::1]:port"; port is what a missing one means.
func parseAddress(s string, port int) (address, error) {
	host := s
	if strings.HasSuffix(s, "]") || !strings.Contains(s, ":") {
		host = strings.TrimSuffix(strings.TrimPrefix(s, "["), "]")
	} else {
		var digits string
		var err error
		if host, digits, err = net.SplitHostPort(s); err != nil {
			return address{}, fmt.Errorf("not an address: %q", s)
		}
		n, err := strconv.ParseUint(digits, 10, 16)
		if err != nil || n == 0 {
			return address{}, fmt.Errorf("not a port: %q", digits)
		}
		port = int(n)
	}
	name, err := normalizeHost(host)
	return address{name, port}, err
}

// normalizeHost makes one name of all the ways to write it: letter case, a dot at the end, letters beyond ASCII.
func normalizeHost(host string) (string, error) {
	if ip := net.ParseIP(host); ip != nil {
		return ip.String(), nil
	}
	ascii, err := hostNames.ToASCII(strings.TrimSuffix(host, "."))
	if err == nil && strings.Trim(ascii, hostCharacters) == "" && ascii != "" {
		var again string
		if again, err = hostNames.ToASCII(ascii); again == ascii && !strings.HasSuffix(ascii, ".") && err == nil {
			return ascii, nil
		}
	}
	return "", fmt.Errorf("not a host name: %q", host)
}

const hostCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-_."

// hostNames maps as browsers do; underscores, which some intranets use, are let through.
var hostNames = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.ValidateLabels(true), idna.CheckHyphens(false),
	idna.StrictDomainName(false), idna.VerifyDNSLength(true))

func (a address) String() string {
	if a.port == 0 {
		return a.name()
	}
	return net.JoinHostPort(a.host, strconv.Itoa(a.port))
}

// name is the host as addresses hold it: IPv6 in brackets, or the end of it would be taken for a port.
func (a address) name() string {
	if strings.Contains(a.host, ":") {
		return "[" + a.host + "]"
	}
	return a.host
}
