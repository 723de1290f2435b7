package intake

import "github.com/cookiegate/cookiegate/internal/lazyregexp"

// userAgents are the browsers by what they call themselves. Each also names those that it is like, so the order counts.
var userAgents = []struct {
	name    string
	version *lazyregexp.Regexp
}{
	{"Firefox", lazyregexp.New(`\bFirefox/([0-9.]+)`)},
	{"Microsoft Edge", lazyregexp.New(`\bEdg/([0-9.]+)`)},
	{"Chrome", lazyregexp.New(`\bChrome/([0-9.]+)`)},
	{"Internet Explorer", lazyregexp.New(`\bMSIE ([0-9.]+)`)},
	{"Internet Explorer", lazyregexp.New(`\bTrident/.*\brv:([0-9.]+)`)},
	{"Safari", lazyregexp.New(`\bVersion/([0-9.]+) (?:Mobile/\w+ )?Safari/`)},
}

// browserOf is the browser of a User-Agent header with its version, such as "Firefox 140.0"; empty where it is none of those known.
func browserOf(userAgent string) string {
	for _, u := range userAgents {
		if m := u.version.FindStringSubmatch(userAgent); m != nil {
			return u.name + " " + m[1]
		}
	}
	if appleMobile.MatchString(userAgent) {
		return "WebKit on iOS" // whatever browser it is
	}
	return ""
}
