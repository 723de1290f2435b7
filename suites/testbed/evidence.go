package testbed

import (
	"slices"
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

// asked says whether a page of the case asked one of its hosts for x: no server did, nor the browser by itself.
func asked(x network.Exchange) bool { return !x.Refused && !x.Own && !x.Server }
