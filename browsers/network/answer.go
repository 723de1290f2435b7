package network

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"slices"
	"strings"
)

type answerKey struct{}

// answer is the way of an answer back through the door: it is noted as the site gave it, passes the filters, and goes to the browser.
type answer struct {
	http.ResponseWriter
	door     *Door
	ledger   *Ledger
	exchange *Exchange
	filters  []Filter // those that the request came through
	passage  *Passage // nil without filters

	page     []byte // a body that is to be rewritten
	decided  bool   // the header went out
	replaced bool   // the site's body goes nowhere
	hijacked bool
	returned bool // the handler came to its end
	cut      bool // the client was gone before it had the whole answer
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
	reached := a.door.prints.returned(r.Header)
	refused := a.passage.refused != ""
	if refused {
		reached = nil
	}
	a.ledger.update(x, func(x *Exchange) {
		if !slices.Equal(reached, x.Returned) {
			x.Reached = present(reached)
		}
		x.Filters = slices.Clone(a.passage.notes)
	})
	if refused {
		a.Header().Set("Content-Type", "text/plain; charset=utf-8")
		a.WriteHeader(a.passage.Status)
	}
	return !refused
}

// present is a list that is not nil.
func present(cookies []Cookie) []Cookie {
	if cookies == nil {
		return []Cookie{}
	}
	return cookies
}

// WriteHeader lets the header pass the filters and sends it.
func (a *answer) WriteHeader(status int) {
	if a.decided {
		return
	}
	if status >= 100 && status < 200 && status != http.StatusSwitchingProtocols {
		a.ResponseWriter.WriteHeader(status)
		return
	}
	status = a.decide(status, a.Header())
	a.ResponseWriter.WriteHeader(status)
	if a.replaced {
		a.ResponseWriter.Write([]byte("cookiegate: " + a.passage.refused + ": " + a.passage.refusal + "\n"))
	}
}

// decide notes the answer at the moment its header is complete, and gives the status that goes to the browser.
func (a *answer) decide(status int, h http.Header) int {
	a.decided = true
	prints, now := a.door.prints, a.door.now()
	offered := prints.offered(h, now)
	kind, location := h.Get("Content-Type"), h.Get("Location")
	if p := a.passage; p != nil {
		refusedBefore := p.refused != ""
		if refusedBefore {
			offered = nil
		}
		p.Status, p.Answer = status, h
		p.response(a.filters)
		status = p.Status
		a.replaced = p.refused != ""
		if a.replaced && !refusedBefore {
			h.Set("Content-Type", "text/plain; charset=utf-8")
			h.Del("Content-Encoding")
		}
		if a.replaced || len(p.rewrites) > 0 {
			h.Del("Content-Length")
		}
	}
	delivered := prints.offered(h, now)
	a.ledger.update(a.exchange, func(x *Exchange) {
		x.Status, x.ContentType, x.Offered = status, kind, offered
		if location != "" {
			x.Location = a.door.redactor.address(location)
		}
		if a.passage == nil {
			return
		}
		x.Filters = slices.Clone(a.passage.notes)
		x.AnsweredBy = a.passage.refused
		if !slices.Equal(delivered, offered) {
			x.Delivered = present(delivered)
		}
	})
	if status == http.StatusSwitchingProtocols || strings.HasPrefix(h.Get("Content-Type"), "text/event-stream") {
		a.ledger.stream(a.exchange)
	}
	return status
}

func (a *answer) Write(p []byte) (int, error) {
	a.sniff(p)
	switch {
	case a.replaced:
		return len(p), nil
	case a.rewriting():
		a.page = append(a.page, p...)
		return len(p), nil
	}
	return a.send(p)
}

func (a *answer) rewriting() bool { return a.passage != nil && len(a.passage.rewrites) > 0 }

func (a *answer) send(p []byte) (int, error) {
	n, err := a.ResponseWriter.Write(p)
	if err != nil {
		a.cut = true
	}
	return n, err
}

// sniff does what net/http does at the first byte, early enough for ledger and filters to see it.
func (a *answer) sniff(p []byte) {
	if a.decided {
		return
	}
	h := a.Header()
	if _, set := h["Content-Type"]; !set && h.Get("Content-Encoding") == "" && len(p) > 0 {
		h.Set("Content-Type", http.DetectContentType(p))
	}
	a.WriteHeader(http.StatusOK)
}

// FlushError sends what was written so far.
func (a *answer) FlushError() error {
	if !a.decided {
		a.WriteHeader(http.StatusOK)
	}
	return http.NewResponseController(a.ResponseWriter).Flush() // of a page that is rewritten, the header
}

// Flush is FlushError for those who do not want to know.
func (a *answer) Flush() { _ = a.FlushError() }

// Hijack hands over the connection, for WebSockets.
func (a *answer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	c, rw, err := http.NewResponseController(a.ResponseWriter).Hijack()
	if err == nil {
		a.hijacked = true
		if !a.decided {
			a.decide(http.StatusSwitchingProtocols, a.Header())
		}
	}
	return c, rw, err
}

// Unwrap lets http.ResponseController set deadlines.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// finish ends the exchange when the handler came back or panicked. That the client hung up counts only where it missed something: many
// hang up as soon as they have the whole answer.
func (a *answer) finish(ctx context.Context) {
	if a.returned && !a.hijacked && ctx.Err() == nil {
		a.complete()
	}
	switch {
	case a.hijacked:
	case a.cut || ctx.Err() != nil && !(a.returned && a.decided):
		a.ledger.update(a.exchange, func(x *Exchange) { x.fail(cutShort) })
	case !a.returned:
		a.ledger.update(a.exchange, func(x *Exchange) { x.fail("the handler gave up") })
	}
	a.ledger.finish(a.exchange)
}

// complete sends what the handler left to be sent.
func (a *answer) complete() {
	if !a.decided {
		a.WriteHeader(http.StatusOK)
	}
	if a.replaced || !a.rewriting() {
		return
	}
	for _, rewrite := range a.passage.rewrites {
		a.page = rewrite(a.page)
	}
	a.send(a.page)
}

// fail notes the first thing that went wrong.
func (x *Exchange) fail(why string) {
	if x.Err == "" {
		x.Err = why
	}
}

var (
	_ http.Hijacker = (*answer)(nil)
	_ http.Flusher  = (*answer)(nil)
)
