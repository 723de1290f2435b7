package testbed

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/simulator/journal"
)

// evidence is everything that was recorded of one case.
type evidence struct {
	c         Case
	exchanges []network.Exchange
	entries   []journal.Entry
	blocked   []browsers.BlockedCookie
	restart   time.Time // zero: the browser was not restarted
	version   string    // of the browser
}

// sendsOn says whether x is an answer after which a browser goes on by itself: a redirect, or a page of the site that navigates by script.
func (e evidence) sendsOn(x network.Exchange) bool {
	if x.Location != "" {
		return true
	}
	a, ok := e.answers()[x.ID]
	return ok && navigates(x) && a.SendsTo != ""
}

// lastAsked is the last exchange that a page of the case asked for.
func lastAsked(seen []network.Exchange) (network.Exchange, bool) {
	for _, x := range slices.Backward(seen) {
		if asked(x) {
			return x, true
		}
	}
	return network.Exchange{}, false
}

// astray is what else there is to say where a portal of a person's own came to nothing, each time as a half-sentence: its pages or its server asked for hosts
// that are none of the case, or the site knows no such host or another password.
func (e evidence) astray() []string {
	var hosts, told []string
	for _, x := range e.exchanges {
		if x.Refused && !x.Own && !slices.Contains(hosts, x.Host) {
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
		told = append(told, fmt.Sprintf("the portal leads to %s, and a case reaches no host but %s and %s", named, portal, e.c.SiteHost()))
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

// badLogin is the site's word for a login with a name or a password that it does not know.
const badLogin = "BadWebExIDorPassword"

// asked says whether a page of the case asked one of its hosts for x: no server did, nor the browser by itself.
func asked(x network.Exchange) bool { return !x.Refused && !x.Own && !x.Server }
