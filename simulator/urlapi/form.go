package urlapi

import (
	"net/url"
	"strings"
)

// maxParams bounds how many parameters of a request are looked at.
const maxParams = 512

// param is one parameter, decoded.
type param struct {
	key, value string
	inBody     bool
}

// form holds the parameters of a request, those of the body first: they win.
type form struct{ params []param }

// parse appends the parameters of a query or of a form body. It never fails: what is not a valid escape stays as it was written.
func (f *form) parse(raw string, inBody bool) {
	for raw != "" && len(f.params) < maxParams {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		if pair == "" {
			continue
		}
		key, value, _ := strings.Cut(pair, "=")
		f.params = append(f.params, param{unescape(key), unescape(value), inBody})
	}
}

// get is the value of a parameter, "" when it did not come.
func (f *form) get(key string) string {
	for i := range f.params {
		if f.params[i].key == key {
			return f.params[i].value
		}
	}
	return ""
}

// inQuery says whether one of the keys came outside of a POST body.
func (f *form) inQuery(keys ...string) bool {
	for i := range f.params {
		if !f.params[i].inBody {
			for _, key := range keys {
				if f.params[i].key == key {
					return true
				}
			}
		}
	}
	return false
}

// unescape decodes %XX and + where they are valid. A string without either is returned as it is.
func unescape(s string) string {
	if !strings.ContainsAny(s, "%+") {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '+':
			b = append(b, ' ')
		case s[i] == '%' && i+2 < len(s) && unhex(s[i+1]) >= 0 && unhex(s[i+2]) >= 0:
			b = append(b, byte(unhex(s[i+1])<<4|unhex(s[i+2])))
			i += 2
		default:
			b = append(b, s[i])
		}
	}
	return string(b)
}

func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// secret says whether the value of a parameter is nobody else's business. In other letters it does nothing, and is a person's secret all the same.
func secret(key string) bool {
	switch strings.ToUpper(key) {
	case "PW", "NPW", "TK", "SK", "PID", "CSRF":
		return true
	}
	return false
}

const (
	stars = "***"
	// maxNesting is how many addresses within addresses are looked into; what lies deeper is starred as a whole.
	maxNesting = 4
)

// redact is a raw query or form with the values of secrets replaced by stars, also in addresses that are values themselves. It returns raw
// itself where there was none.
func redact(raw string, depth int) string {
	var b strings.Builder
	kept := 0 // raw[:kept] is in b already, once something was replaced
	for from := 0; from < len(raw); {
		to := len(raw)
		if i := strings.IndexByte(raw[from:], '&'); i >= 0 {
			to = from + i
		}
		key, value, _ := strings.Cut(raw[from:to], "=")
		if replacement := redactValue(unescape(key), value, depth); replacement != value {
			b.WriteString(raw[kept : to-len(value)])
			b.WriteString(replacement)
			kept = to
		}
		from = to + 1
	}
	if kept == 0 {
		return raw
	}
	b.WriteString(raw[kept:])
	return b.String()
}

func redactValue(key, value string, depth int) string {
	if value == "" {
		return value
	}
	if secret(key) {
		return stars
	}
	address := unescape(value)
	i := strings.IndexByte(address, '?')
	if i < 0 {
		return value
	}
	if depth >= maxNesting {
		return stars
	}
	if query := redact(address[i+1:], depth+1); query != address[i+1:] {
		return url.QueryEscape(address[:i+1] + query)
	}
	return value
}
