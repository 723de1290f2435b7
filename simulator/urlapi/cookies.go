package urlapi

import (
	"strings"

	"github.com/cookiegate/cookiegate/simulator/journal"
)

// maxCookies bounds how many cookies of a request are looked at.
const maxCookies = 200

// cookie is a cookie that came along.
type cookie struct{ name, value string }

// parseCookies reads the Cookie headers of a request. It never fails: what is no name=value is left out. Quotes around a value are not
// part of it.
func parseCookies(list []cookie, headers []string) []cookie {
	for _, line := range headers {
		for line != "" && len(list) < maxCookies {
			var pair string
			pair, line, _ = strings.Cut(line, ";")
			name, value, found := strings.Cut(strings.Trim(pair, " \t"), "=")
			name = strings.TrimRight(name, " \t")
			if !found || name == "" {
				continue
			}
			value = strings.TrimLeft(value, " \t")
			if len(value) >= 2 && value[0] == '"' && value[len(value)-1] == '"' {
				value = value[1 : len(value)-1]
			}
			list = append(list, cookie{name, value})
		}
	}
	return list
}

// noted are cookies as the journal keeps them.
func noted(list []cookie) []journal.Cookie {
	if len(list) == 0 {
		return nil
	}
	n := make([]journal.Cookie, len(list))
	for i, c := range list {
		n[i] = journal.Cookie{Name: brief(c.name, 128), Fingerprint: journal.FingerprintOf(c.value)}
	}
	return n
}
