package redact

import (
	"net/url"
	"slices"
	"strings"
)

// Stars stand where a secret stood.
const Stars = "***"

// Names of secrets, in lower case: letter case does not count in any of them. They are the URL API's parameters (password, new password, login
// ticket, security key, partner ID) and its cookies, and what others call such things.
var (
	parameters = []string{"pw", "npw", "tk", "sk", "pid"}
	cookies    = []string{"ticket", "jsessionid", "_csrf_", "csrf"}
	passwords  = []string{"password", "passwd", "pwd"}
	// keys are secrets where they are names of parameters; in a text they are words.
	keys = []string{"code", "auth", "authorization", "sig", "signature", "key", "apikey", "api_key", "sid"}
	// words are secrets where a text says that they are something.
	words = []string{"pass", "pin", "token", "secret"}
	// within make a secret of every parameter in whose name they stand.
	within = []string{"passw", "token", "secret", "ticket", "csrf", "session"}
)

// exact are the names of parameters that hold secrets, beside those with one of within in them.
var exact = func() map[string]bool {
	m := map[string]bool{}
	for _, name := range slices.Concat(parameters, cookies, passwords, keys) {
		m[name] = true
	}
	return m
}()

// Secret says whether the value of a parameter, cookie or field of that name must not be written down. The name may be percent-encoded, and
// what comes before a semicolon in it is none of it.
func Secret(name string) bool {
	if plain, err := url.QueryUnescape(name); err == nil {
		name = plain
	}
	name = strings.ToLower(strings.TrimSuffix(name[strings.LastIndexByte(name, ';')+1:], "[]"))
	return exact[name] || slices.ContainsFunc(within, func(p string) bool { return strings.Contains(name, p) })
}
