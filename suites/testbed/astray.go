package testbed

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/browsers/network"
)

// astray is what else there is to say where a portal of a person's own came to nothing, each time as a half-sentence: its pages or its server asked for hosts
// that are none of the case, or the site knows no such host or another password.
func (e evidence) astray() []string {
	var hosts, told []string
	for _, x := range e.exchanges {
		if strayed(x) && !x.Own && !slices.Contains(hosts, x.Host) {
			hosts = append(hosts, x.Host)
		}
	}
	if len(hosts) > 0 {
		const few = 3
		named := strings.Join(hosts[:min(few, len(hosts))], ", ")
		if more := len(hosts) - few; more > 0 {
			named += fmt.Sprintf(" and %d more", more)
		}
		portal := strings.TrimPrefix(strings.TrimPrefix(e.c.Integration.Portal, "https://"), "http://")
		reached := strings.Join(append(slices.Sorted(maps.Keys(e.c.Integration.Hosts)), portal), ", ")
		told = append(told, fmt.Sprintf("the portal leads to %s, and a case reaches no host but %s and %s; the key hosts says where others run", named, reached, e.c.SiteHost()))
	}
	for _, entry := range slices.Backward(e.entries) {
		if entry.Command != "LI" {
			continue
		}
		if entry.Reason == badLogin {
			told = append(told, fmt.Sprintf("the site refused to log %q in (%s), and the integration's host is %q, with the password that it says", entry.Host, entry.Reason, e.c.Integration.Host))
		}
		break
	}
	return told
}

// strayed says whether x was asked of a host that is none of the case, by its pages or its server: a proxy on the way may ask for something on its own
// account.
func strayed(x network.Exchange) bool { return x.Refused && x.Err == "" }

// badLogin is the site's word for a login with a name or a password that it does not know.
const badLogin = "BadWebExIDorPassword"
