package urlapi

import "strings"

// maxParams bounds how many parameters of a request are looked at.
const maxParams = 512

// param is one parameter, decoded.
type param struct {
	key, value string
	inBody     bool
}

// form holds the parameters of a request, those of the body first: they win.
type form struct {
	params []param
	cut    bool // there were more than maxParams
}

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
	f.cut = f.cut || raw != ""
}

// get is the value of a parameter, "" when it did not come. It is a part of the request: of what is kept longer, a copy has to be.
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
