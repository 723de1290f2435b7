package network

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// RequestIDHeader carries Exchange.ID to the handler, so that what a handler noted and what the ledger noted can be joined.
const RequestIDHeader = "X-Request-Id"

// ServeHTTP answers everything that reaches the door: CONNECT, what flows in tunnels, plain http requests to a proxy, and requests for
// the door's own files.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !d.enter() {
		panic(http.ErrAbortHandler)
	}
	defer d.working.Done()
	c, t := connOf(r)
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	switch {
	case r.Method == http.MethodConnect && t == nil:
		d.connect(w, r, c)
		return
	case t == nil && r.URL.Host == "":
		d.files(w, r)
		return
	case t == nil && r.URL.Scheme != "http":
		http.Error(w, "cookiegate: expected http:// or CONNECT, found "+r.URL.Scheme, http.StatusBadRequest)
		return
	}
	asked, err := parseAddress(r.Host, defaultPort(scheme))
	if err != nil {
		http.Error(w, "cookiegate: "+err.Error(), http.StatusBadRequest)
		return
	}
	if t != nil && asked != t.target {
		http.Error(w, fmt.Sprintf("cookiegate: %s was asked for in a tunnel to %s", asked, t.target), http.StatusMisdirectedRequest)
		return
	}
	h := d.routes.find(asked)
	if h == nil {
		d.refuse(w, r, c, scheme, asked)
		return
	}
	d.pass(w, r, c, scheme, asked, h)
}

// enter counts a request in, unless the door is closed.
func (d *Door) enter() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return false
	}
	d.working.Add(1)
	return true
}

// pass hands a request to its handler and keeps the ledger.
func (d *Door) pass(w http.ResponseWriter, r *http.Request, c *conn, scheme string, asked address, h http.Handler) {
	l := d.current(c)
	x := d.exchange(r, c, scheme, asked)
	l.begin(x)

	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(l.ctx, cancel)()
	a := &answer{ResponseWriter: w, door: d, ledger: l, exchange: x}
	defer a.finish(ctx)

	r = r.WithContext(context.WithValue(ctx, answerKey{}, a))
	handed := *r.URL
	handed.Scheme, handed.Host = "", "" // as a server sees it, also when it was asked as a proxy
	r.URL = &handed
	r.Header.Set(RequestIDHeader, strconv.Itoa(x.ID))
	for _, name := range []string{"Proxy-Connection", "Proxy-Authorization"} {
		r.Header.Del(name)
	}
	h.ServeHTTP(a, r)
	a.returned = true
}

// refuse answers for a host that no route knows. Nothing leaves the machine.
func (d *Door) refuse(w http.ResponseWriter, r *http.Request, c *conn, scheme string, asked address) {
	l := d.current(c)
	x := d.exchange(r, c, scheme, asked)
	x.Refused = true
	x.Own = ownHost(asked.host)
	x.Status = http.StatusForbidden
	l.begin(x)
	defer l.finish(x)
	http.Error(w, fmt.Sprintf("cookiegate: no route for %s; nothing leaves this machine", asked), http.StatusForbidden)
}

// exchange notes what a request shows of itself.
func (d *Door) exchange(r *http.Request, c *conn, scheme string, asked address) *Exchange {
	host := asked.host
	if asked.port != defaultPort(scheme) {
		host = asked.String()
	}
	x := &Exchange{
		Method:    r.Method,
		Host:      host,
		FetchSite: r.Header.Get("Sec-Fetch-Site"),
		FetchMode: r.Header.Get("Sec-Fetch-Mode"),
		FetchDest: r.Header.Get("Sec-Fetch-Dest"),
		Referer:   origin(r.Header.Get("Referer")),
		Origin:    r.Header.Get("Origin"),
		Server:    c.server,
		Returned:  d.prints.returned(r.Header),
		URL:       scheme + "://" + host + "/",
	}
	if r.Method != http.MethodConnect {
		x.URL = scheme + "://" + host + d.redactor.address(requestURI(r.URL))
		x.Path = d.redactor.pathParameters(r.URL.Path)
		x.Own = r.URL.Path == "/favicon.ico" && !c.server
	}
	return x
}

// requestURI is the path and query as they were asked for, without scheme and host.
func requestURI(u *url.URL) string {
	bare := url.URL{Path: u.Path, RawPath: u.RawPath, RawQuery: u.RawQuery, ForceQuery: u.ForceQuery, Opaque: u.Opaque}
	return bare.RequestURI()
}

func defaultPort(scheme string) int {
	if scheme == "http" {
		return 80
	}
	return 443
}

type answerKey struct{}

// answer is the way of an answer back through the door.
type answer struct {
	http.ResponseWriter
	door     *Door
	ledger   *Ledger
	exchange *Exchange

	decided  bool // the status went out
	hijacked bool
	returned bool // the handler came to its end
	cut      bool // the client was gone before it had the whole answer
}

func (a *answer) WriteHeader(status int) {
	if a.decided {
		return
	}
	if status >= 100 && status < 200 && status != http.StatusSwitchingProtocols {
		a.ResponseWriter.WriteHeader(status)
		return
	}
	a.decide(status, a.Header())
	a.ResponseWriter.WriteHeader(status)
}

// decide notes the answer at the moment its header is complete.
func (a *answer) decide(status int, h http.Header) {
	a.decided = true
	offered := a.door.prints.offered(h, a.door.now())
	a.ledger.update(a.exchange, func(x *Exchange) {
		x.Status = status
		x.ContentType = h.Get("Content-Type")
		x.Offered = offered
		if location := h.Get("Location"); location != "" {
			x.Location = a.door.redactor.address(location)
		}
	})
	if status == http.StatusSwitchingProtocols || strings.HasPrefix(h.Get("Content-Type"), "text/event-stream") {
		a.ledger.stream(a.exchange)
	}
}

func (a *answer) Write(p []byte) (int, error) {
	a.sniff(p)
	n, err := a.ResponseWriter.Write(p)
	if err != nil {
		a.cut = true
	}
	return n, err
}

// sniff does what net/http does at the first byte, early enough for the ledger to see it.
func (a *answer) sniff(p []byte) {
	if a.decided {
		return
	}
	if h := a.Header(); h.Get("Content-Type") == "" && h.Get("Content-Encoding") == "" && len(p) > 0 {
		if _, set := h["Content-Type"]; !set {
			h.Set("Content-Type", http.DetectContentType(p))
		}
	}
	a.WriteHeader(http.StatusOK)
}

// FlushError sends what was written so far.
func (a *answer) FlushError() error {
	if !a.decided {
		a.WriteHeader(http.StatusOK)
	}
	return http.NewResponseController(a.ResponseWriter).Flush()
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
	switch {
	case a.hijacked:
	case a.cut || ctx.Err() != nil && !(a.returned && a.decided):
		a.ledger.update(a.exchange, func(x *Exchange) { x.fail(cutShort) })
	case !a.returned:
		a.ledger.update(a.exchange, func(x *Exchange) { x.fail("the handler gave up") })
	case !a.decided:
		a.WriteHeader(http.StatusOK)
	}
	a.ledger.finish(a.exchange)
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
