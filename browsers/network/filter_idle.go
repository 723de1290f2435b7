package network

import "time"

// CutIdle cuts a browser's connection over which nothing has passed for After, as firewalls do that forget silent connections: a hanging
// request, a silent WebSocket. It is noted at the requests that were under way; that a connection between requests was cut, nobody
// notices, for the browser opens another.
type CutIdle struct{ After time.Duration }

// Name is "cut-idle".
func (CutIdle) Name() string { return "cut-idle" }

// Request does nothing: the filter sits at the connection.
func (CutIdle) Request(*Passage) {}

// Response does nothing.
func (CutIdle) Response(*Passage) {}

// idleLimit is the shortest limit among filters, 0 without one.
func idleLimit(filters []Filter) time.Duration {
	var limit time.Duration
	for _, f := range filters {
		if cut, ok := f.(CutIdle); ok && (limit == 0 || cut.After < limit) {
			limit = cut.After
		}
	}
	return limit
}

var _ Filter = CutIdle{}
