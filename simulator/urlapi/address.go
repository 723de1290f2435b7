package urlapi

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/cookiegate/cookiegate/simulator/session"
)

var (
	errScheme = errors.New("only http and https addresses are followed")
	errNoHost = errors.New("the address has no host")
	errAway   = errors.New("MU may only point back into the site")
)

// backURL is BU as the browser is sent to it: an http or https address in which nothing can end a string, a line or an attribute. A BU without
// scheme is taken as http. It is empty when BU was.
func backURL(raw string) (string, error) {
	bu := encodeUnsafe(strings.TrimFunc(raw, func(r rune) bool { return r <= ' ' }))
	scheme, rest, found := strings.Cut(bu, ":")
	switch {
	case bu == "":
		return "", nil
	case strings.HasPrefix(bu, "//"):
		return backURL("https:" + bu)
	case bu[0] == '/':
		return bu, nil // within this host
	case found && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https")):
		if !strings.HasPrefix(rest, "//") || !hasHost(authority(rest[2:])) {
			return "", errNoHost
		}
		return bu, nil
	case found && isScheme(scheme) && !isPort(authority(rest)):
		return "", errScheme
	}
	host := authority(bu)
	if !hasHost(host) {
		return "", errNoHost
	}
	if rest := bu[len(host):]; rest == "" || rest[0] != '/' {
		return "http://" + host + "/" + rest, nil
	}
	return "http://" + bu, nil
}

// authority is what stands before the path.
func authority(s string) string {
	if i := strings.IndexAny(s, "/?#"); i >= 0 {
		return s[:i]
	}
	return s
}

// hasHost says whether an authority is more than a user and a port.
func hasHost(authority string) bool {
	host := authority[strings.LastIndexByte(authority, '@')+1:]
	return host != "" && host[0] != ':'
}

func isScheme(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i] | 0x20
		letter := 'a' <= c && c <= 'z'
		if !letter && (i == 0 || !('0' <= s[i] && s[i] <= '9' || strings.IndexByte("+-.", s[i]) >= 0)) {
			return false
		}
	}
	return s != ""
}

func isPort(s string) bool {
	return s != "" && len(s) <= 5 && strings.Trim(s, "0123456789") == ""
}

// encodeUnsafe percent-encodes what has no place in an address: control characters, spaces, quotes, angle brackets, backslashes and all that is not
// ASCII.
func encodeUnsafe(s string) string {
	const digits = "0123456789ABCDEF"
	for i := 0; i < len(s); i++ {
		if unsafe(s[i]) {
			b := append(make([]byte, 0, len(s)+16), s[:i]...)
			for ; i < len(s); i++ {
				if unsafe(s[i]) {
					b = append(b, '%', digits[s[i]>>4], digits[s[i]&15])
				} else {
					b = append(b, s[i])
				}
			}
			return string(b)
		}
	}
	return s
}

func unsafe(c byte) bool {
	return c <= ' ' || c >= 0x7f || c == '"' || c == '<' || c == '>' || c == '\\'
}

// withResult appends a result to an address's query, before its fragment.
func withResult(b []byte, address string, result []byte) []byte {
	address, fragment, hasFragment := strings.Cut(address, "#")
	b = append(b, address...)
	switch i := strings.IndexByte(address, '?'); {
	case i < 0:
		b = append(b, '?')
	case i < len(address)-1:
		b = append(b, '&')
	}
	b = append(b, result...)
	if hasFragment {
		b = append(b, '#')
		b = append(b, fragment...)
	}
	return b
}

// originOf is the origin of an address to which the answer to r sends the browser, without what stands before an @.
func originOf(address string, r *http.Request) string {
	scheme, rest, absolute := strings.Cut(address, "://")
	if !absolute || strings.ContainsAny(scheme, "/?#") {
		return origin(r)
	}
	host := authority(rest)
	return strings.ToLower(scheme + "://" + host[strings.LastIndexByte(host, '@')+1:])
}

// origin is scheme and host as the browser sees them. A request that does not come over TLS came through a front that speaks it, unless it names a
// host that is no Webex site's.
func origin(r *http.Request) string {
	if r.TLS == nil && !strings.HasSuffix(strings.ToLower(hostName(r)), "."+session.Domain) {
		return "http://" + encodeUnsafe(r.Host)
	}
	return "https://" + encodeUnsafe(r.Host)
}

// hostName is the host of a request without its port.
func hostName(r *http.Request) string {
	if i := strings.LastIndexByte(r.Host, ':'); i >= 0 && isPort(r.Host[i+1:]) {
		return r.Host[:i]
	}
	return r.Host
}

// isGoBack says whether MU means BU.
func isGoBack(mu string) bool { return strings.EqualFold(mu, "GoBack") }

// memberURL is MU as the browser is sent to it: an address within the site that the request came to, absolute.
func memberURL(r *http.Request, site, raw string) (string, error) {
	if strings.IndexByte(raw, '\\') >= 0 {
		return "", errAway // browsers read it as a slash
	}
	mu, err := url.Parse(raw)
	if err != nil {
		return "", errAway
	}
	base, err := url.Parse(origin(r) + "/" + site + "/")
	if err != nil {
		return "", errAway
	}
	mu = base.ResolveReference(mu)
	mu.Host = strings.TrimSuffix(mu.Host, map[string]string{"https": ":443", "http": ":80"}[mu.Scheme]) // as a browser asks for it
	sameHost := strings.EqualFold(mu.Host, base.Host) || strings.EqualFold(mu.Host, site+"."+session.Domain)
	segment, _, _ := strings.Cut(strings.TrimPrefix(mu.Path, "/"), "/")
	if mu.Scheme != base.Scheme || !sameHost || mu.User != nil || !strings.EqualFold(segment, site) || strings.Contains(mu.Path, "/..") {
		return "", errAway
	}
	return encodeUnsafe(mu.String()), nil
}
