package network

import (
	"net/url"
	"strings"
)

// DefaultSecrets are the query parameters whose values are never written down, in any letter case; "*" stands for any text. The short
// ones are the Webex URL API's: password, new password, ticket, partner ID, security key.
var DefaultSecrets = []string{
	"PW", "NPW", "TK", "PID", "SK", "CSRF", "code", "auth", "authorization", "sig", "signature", "key", "apikey", "api_key",
	"*passw*", "pwd", "*token*", "*secret*", "*ticket*", "*csrf*", "*session*", "sid", "jsessionid",
}

const redacted = "***"

// redactor takes secrets out of addresses.
type redactor struct{ patterns []string }

func newRedactor(secrets []string) redactor {
	if secrets == nil {
		secrets = DefaultSecrets
	}
	patterns := make([]string, len(secrets))
	for i, s := range secrets {
		patterns[i] = strings.ToLower(s)
	}
	return redactor{patterns}
}

// address is an address without the values of its secrets: in the query, in the fragment, in ";name=value" path parameters, in
// addresses nested in either (a back URL), and the password before the host.
func (r redactor) address(raw string) string { return r.redact(raw, 0) }

// maxNesting is how deep addresses are looked into that lie in addresses; deeper ones are replaced whole.
const maxNesting = 5

func (r redactor) redact(raw string, depth int) string {
	raw, fragment, hasFragment := strings.Cut(raw, "#")
	raw, query, hasQuery := strings.Cut(raw, "?")
	out := r.pathParameters(redactUserinfo(raw))
	if hasQuery {
		out += "?" + r.query(query, depth)
	}
	if hasFragment {
		out += "#" + r.query(fragment, depth)
	}
	return out
}

// redactUserinfo replaces the password in scheme://user:password@host.
func redactUserinfo(raw string) string {
	scheme, rest, found := strings.Cut(raw, "//")
	if !found {
		return raw
	}
	authority, path, hasPath := strings.Cut(rest, "/")
	at := strings.LastIndexByte(authority, '@')
	if at < 0 {
		return raw
	}
	user, _, hasPassword := strings.Cut(authority[:at], ":")
	if !hasPassword {
		return raw
	}
	out := scheme + "//" + user + ":" + redacted + authority[at:]
	if hasPath {
		out += "/" + path
	}
	return out
}

// pathParameters redacts ";jsessionid=…" in a path.
func (r redactor) pathParameters(path string) string {
	if !strings.Contains(path, ";") {
		return path
	}
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		parts := strings.Split(segment, ";")
		for j := 1; j < len(parts); j++ {
			if name, value, _ := strings.Cut(parts[j], "="); value != "" && r.secret(name) {
				parts[j] = name + "=" + redacted
			}
		}
		segments[i] = strings.Join(parts, ";")
	}
	return strings.Join(segments, "/")
}

// query keeps the order and the writing of everything that is no secret.
func (r redactor) query(query string, depth int) string {
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		name, value, found := strings.Cut(pair, "=")
		switch {
		case !found:
			pairs[i] = r.nested(pair, depth)
		case value == "":
		case r.secret(name):
			pairs[i] = name + "=" + redacted
		default:
			pairs[i] = name + "=" + r.nested(value, depth)
		}
	}
	return strings.Join(pairs, "&")
}

// nested redacts a value that is itself an address or a query.
func (r redactor) nested(value string, depth int) string {
	plain, err := url.QueryUnescape(value)
	if err != nil || !strings.ContainsAny(plain, "=;@%") {
		return value
	}
	if depth == maxNesting {
		return redacted
	}
	var clean string
	if strings.ContainsAny(plain, "?#") || strings.Contains(plain, "//") || strings.HasPrefix(plain, "/") {
		clean = r.redact(plain, depth+1)
	} else {
		clean = r.query(plain, depth+1)
	}
	if clean == plain {
		return value
	}
	return strings.ReplaceAll(url.QueryEscape(clean), url.QueryEscape(redacted), redacted)
}

// secret says whether the value of the parameter must not be written down.
func (r redactor) secret(name string) bool {
	if plain, err := url.QueryUnescape(name); err == nil {
		name = plain
	}
	name = strings.ToLower(strings.TrimSuffix(name, "[]"))
	for _, p := range r.patterns {
		if glob(p, name) {
			return true
		}
	}
	return false
}

// glob matches "*" with any text, the empty one included.
func glob(pattern, s string) bool {
	first, rest, starred := strings.Cut(pattern, "*")
	if !starred {
		return pattern == s
	}
	s, ok := strings.CutPrefix(s, first)
	if !ok {
		return false
	}
	for {
		part, after, more := strings.Cut(rest, "*")
		if !more {
			return strings.HasSuffix(s, part)
		}
		i := strings.Index(s, part)
		if i < 0 {
			return false
		}
		s, rest = s[i+len(part):], after
	}
}

// origin is the scheme and host of an address, without anything that could be a secret.
func origin(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
