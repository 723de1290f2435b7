package network

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/internal/redact"
)

// answer is the way of an answer back through the door: it is noted as the site gave it, passes the filters, and goes to the browser.
type answer struct {
	tap
	door     *Door
	ledger   *Ledger
	exchange *Exchange
	filters  []Filter // those that the request came through
	passage  *Passage // nil without filters
	chain    *chain   // nil without a foreign proxy

	page     []byte // a body that is to be rewritten
	replaced bool   // the site's body goes nowhere
	returned bool   // the handler came to its end
}

func newAnswer(w http.ResponseWriter, d *Door, l *Ledger, x *Exchange) *answer {
	a := &answer{door: d, ledger: l, exchange: x}
	a.tap = tap{ResponseWriter: w, header: a.decide, body: a.hold, fail: func(why string) {
		l.update(x, func(x *Exchange) { x.fail(why) })
	}}
	return a
}

// request takes a request through the filters. It is false when one of them refused; the answer has then been given.
func (a *answer) request(r *http.Request, scheme string, x *Exchange, filters []Filter) bool {
	if len(filters) == 0 {
		return true
	}
	u := *r.URL
	u.Scheme, u.Host = scheme, x.Host
	a.passage = &Passage{Request: r, URL: &u, TopLevel: x.TopLevel, door: a.door}
	a.filters = a.passage.request(filters)
	refused := a.passage.refused != ""
	var reached []Cookie
	if !refused {
		reached = a.door.prints.returned(r.Header)
	}
	a.ledger.update(x, func(x *Exchange) {
		x.setReached(reached)
		x.Filters = a.notes()
	})
	if refused {
		a.Header().Set("Content-Type", "text/plain; charset=utf-8")
		a.WriteHeader(a.passage.Status)
	}
	return !refused
}

// decide notes the answer at the moment its header is complete, and gives the status that goes to the browser.
func (a *answer) decide(status int, h http.Header) int {
	came := a.door.prints.offered(h, a.door.now())
	offered := came // by the site
	if a.chain != nil {
		offered = a.chain.answerCame(status, h, came)
	}
	kind, location := h.Get("Content-Type"), h.Get("Location")
	if a.passage != nil {
		if a.passage.refused != "" {
			offered = nil
		}
		status = a.filter(status, h)
	}
	delivered := a.door.prints.offered(h, a.door.now())
	a.ledger.update(a.exchange, func(x *Exchange) {
		x.Status, x.ContentType, x.Offered = status, kind, offered
		if location != "" {
			x.Location = redact.Address(location)
		}
		if !slices.Equal(delivered, offered) {
			x.Delivered = present(delivered)
		}
		x.Filters, x.AnsweredBy = a.notes(), a.by()
	})
	if status == http.StatusSwitchingProtocols || strings.HasPrefix(h.Get("Content-Type"), "text/event-stream") {
		a.ledger.stream(a.exchange)
	}
	return status
}

// filter takes the header through the filters.
func (a *answer) filter(status int, h http.Header) int {
	p := a.passage
	canonicalize(h)
	p.Status, p.Answer = status, h
	p.response(a.filters)
	a.replaced = p.refused != ""
	if a.replaced || len(p.rewrites) > 0 {
		h.Del("Content-Length")
	}
	return p.Status
}

// canonicalize writes the names in h as http.Header looks them up: a handler may have written "P3P", and no filter would find it.
func canonicalize(h http.Header) {
	for name, values := range h {
		if c := http.CanonicalHeaderKey(name); c != name {
			delete(h, name)
			h[c] = append(h[c], values...)
		}
	}
}

// notes are what filters and proxies did so far.
func (a *answer) notes() []string {
	var notes []string
	if a.chain != nil {
		notes = a.chain.heard()
	}
	if a.passage != nil {
		notes = append(notes, a.passage.notes...)
	}
	return notes
}

// by names who answered in the site's place.
func (a *answer) by() string {
	switch {
	case a.passage != nil && a.passage.refused != "":
		return a.passage.refused
	case a.chain != nil && !a.chain.answered():
		return a.chain.name
	}
	return ""
}

// hold keeps a body back that is to be rewritten or goes nowhere.
func (a *answer) hold(p []byte) (pass bool) {
	if a.chain != nil {
		a.chain.came.Write(p)
	}
	if a.replaced {
		return false
	}
	if a.rewriting() {
		a.page = append(a.page, p...)
		return false
	}
	return true
}

func (a *answer) rewriting() bool { return a.passage != nil && len(a.passage.rewrites) > 0 }

// finish ends the exchange when the handler came back or panicked. That the client hung up counts only where it missed something: many
// hang up as soon as they have the whole answer.
func (a *answer) finish(ctx context.Context) {
	if a.returned && !a.hijacked && (a.decided || ctx.Err() == nil) {
		a.complete()
	}
	switch {
	case a.hijacked:
	case a.cut || ctx.Err() != nil && !(a.returned && a.decided):
		a.fail(cutShort)
	case !a.returned:
		a.fail("the handler gave up")
	}
	a.ledger.finish(a.exchange)
}

// complete sends what the handler left to be sent.
func (a *answer) complete() {
	if !a.decided {
		a.WriteHeader(http.StatusOK)
	}
	if a.chain != nil {
		a.chain.bodyCame()
		a.ledger.update(a.exchange, func(x *Exchange) { x.Filters = a.notes() })
	}
	if a.replaced {
		a.send([]byte("cookiegate: " + a.passage.refused + ": " + a.passage.refusal + "\n"))
		return
	}
	if !a.rewriting() {
		return
	}
	for _, rewrite := range a.passage.rewrites {
		a.page = rewrite(a.page)
	}
	a.send(a.page)
}
