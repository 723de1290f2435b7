package redact

import (
	"net/url"
	"strings"
)

// Address is an address without the values of its secrets: in the query, in the fragment, in ";name=value" path parameters, in
// addresses nested in either (a back URL), and the password before the host.
func Address(raw string) string { return address(raw, 0) }

// Query is a query or a form without the values of its secrets, those of addresses nested in it among them.
func Query(raw string) string { return query(raw, 0) }

// maxNesting is how deep addresses are looked into that lie in addresses; deeper ones are replaced whole.
const maxNesting = 5

func address(raw string, depth int) string {
	raw, fragment, hasFragment := strings.Cut(raw, "#")
	raw, params, hasQuery := strings.Cut(raw, "?")
	out := PathParameters(redactUserinfo(raw))
	if hasQuery {
		out += "?" + query(params, depth)
	}
	if hasFragment {
		out += "#" + query(fragment, depth)
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
	out := scheme + "//" + user + ":" + Stars + authority[at:]
	if hasPath {
		out += "/" + path
	}
	return out
}

// PathParameters is a path without the values of secrets such as ";jsessionid=…".
func PathParameters(path string) string {
	if !strings.Contains(path, ";") {
		return path
	}
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		parts := strings.Split(segment, ";")
		for j := 1; j < len(parts); j++ {
			if name, value, _ := strings.Cut(parts[j], "="); value != "" && Secret(name) {
				parts[j] = name + "=" + Stars
			}
		}
		segments[i] = strings.Join(parts, ";")
	}
	return strings.Join(segments, "/")
}

// query keeps the order and the writing of everything that is no secret.
func query(raw string, depth int) string {
	pairs := strings.Split(raw, "&")
	for i, pair := range pairs {
		name, value, found := strings.Cut(pair, "=")
		switch {
		case !found:
			pairs[i] = nested(pair, depth)
		case value == "":
		case Secret(name):
			pairs[i] = name + "=" + Stars
		default:
			pairs[i] = name + "=" + nested(value, depth)
		}
	}
	return strings.Join(pairs, "&")
}

// nested redacts a value that is itself an address or a query.
func nested(value string, depth int) string {
	plain, err := url.QueryUnescape(value)
	if err != nil {
		return Assigned(value)
	}
	clean := plain
	switch {
	case !strings.ContainsAny(plain, "=;@%"):
	case depth == maxNesting:
		return Stars
	case strings.ContainsAny(plain, "?#") || strings.Contains(plain, "//") || strings.HasPrefix(plain, "/"):
		clean = address(plain, depth+1)
	default:
		clean = query(plain, depth+1)
	}
	if clean = Assigned(clean); clean == plain { // it may be JSON, too
		return value
	}
	return strings.ReplaceAll(url.QueryEscape(clean), url.QueryEscape(Stars), Stars)
}
