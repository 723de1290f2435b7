package testbed

import (
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
