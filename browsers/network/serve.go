package network

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/cookiegate/cookiegate/internal/redact"
)

// RequestIDHeader carries Exchange.ID to the handler, so that what a handler noted and what the ledger noted can be joined.
const RequestIDHeader = "X-Request-Id"

// serve answers everything that reaches the door: CONNECT, what flows in tunnels, plain http requests to a proxy, and requests for
// the door's own files.
func (d *Door) serve(w http.ResponseWriter, r *http.Request) {
	if !d.enter() {
		panic(http.ErrAbortHandler)
	}
	defer d.working.Done()
	c, t := connOf(r)
	if r.URL.Path == "" {
		r.URL.Path = "/" // Python asks a proxy for http://host?query
	}
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
		d.refuse(w, r, c, scheme, asked, noRoute)
		return
	}
	if c.side == farSide {
		d.passFar(w, r, c, scheme, asked, h)
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

// pass takes a request to its handler and keeps the ledger.
func (d *Door) pass(w http.ResponseWriter, r *http.Request, c *conn, scheme string, asked address, h http.Handler) {
	x := d.exchange(r, c, scheme, asked)
	l, filters, through := d.arrive(c, r, x, asked.host)
	l.begin(x)
	c.open(x, l)
	defer c.done(x)

	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(l.ctx, cancel)()
	a := newAnswer(w, d, l, x)
	defer a.finish(ctx)

	r = handed(r, context.WithValue(ctx, tapKey{}, &a.tap), x.ID)
	if a.request(r, scheme, x, filters) {
		if through != nil {
			chain, forget := d.chained(through, a, r)
			defer forget()
			a.chain = chain
			l.update(x, func(x *Exchange) { x.setReached(nil) }) // until it comes out of the proxy
			h = through.send(chain, scheme, x.Host)
		}
		h.ServeHTTP(a, r)
	}
	a.returned = true
	if l.ctx.Err() != nil && !a.hijacked {
		panic(http.ErrAbortHandler) // or half an answer would look like a whole one
	}
}

// arrive finds the case that a request belongs to and whose page it was made from, and what a browser's has to pass; a server's passes nothing.
func (d *Door) arrive(c *conn, r *http.Request, x *Exchange, host string) (*Ledger, []Filter, *via) {
	d.mu.Lock()
	defer d.mu.Unlock()
	l := d.ledger
	c.ledger = l
	if c.side != browserSide {
		return l, nil, nil
	}
	x.TopLevel = l.topLevel(r, host)
	return l, l.filters, l.via
}

// handed is a request as a server sees it, also when it was asked of a proxy.
func handed(r *http.Request, ctx context.Context, id int) *http.Request {
	r = r.WithContext(ctx)
	u := *r.URL
	u.Scheme, u.Host = "", ""
	r.URL = &u
	for _, name := range []string{"Proxy-Connection", "Proxy-Authorization"} {
		r.Header.Del(name)
	}
	r.Header.Set(RequestIDHeader, strconv.Itoa(id))
	return r
}

// noRoute is the usual reason to refuse.
const noRoute = "there is no route for it"

// refuse answers for what goes nowhere. Nothing leaves the machine.
func (d *Door) refuse(w http.ResponseWriter, r *http.Request, c *conn, scheme string, asked address, why string) {
	l := d.current(c)
	x := d.exchange(r, c, scheme, asked)
	x.Refused = true
	x.Own = ownHost(asked.host)
	x.Status = http.StatusForbidden
	if why != noRoute {
		x.Err = why
	}
	l.begin(x)
	defer l.finish(x)
	http.Error(w, fmt.Sprintf("cookiegate: %s was refused, because %s; nothing leaves this machine", asked, why), http.StatusForbidden)
}

// exchange notes what a request shows of itself.
func (d *Door) exchange(r *http.Request, c *conn, scheme string, asked address) *Exchange {
	host := asked.name()
	if asked.port != defaultPort(scheme) {
		host = asked.String()
	}
	x := &Exchange{
		Method:    r.Method,
		Host:      host,
		FetchSite: r.Header.Get("Sec-Fetch-Site"),
		FetchMode: r.Header.Get("Sec-Fetch-Mode"),
		FetchDest: r.Header.Get("Sec-Fetch-Dest"), StorageAccess: r.Header.Get("Sec-Fetch-Storage-Access"),
		Referer:  origin(r.Header.Get("Referer")),
		Origin:   r.Header.Get("Origin"),
		Server:   c.side == serverSide,
		Returned: d.prints.returned(r.Header),
		URL:      scheme + "://" + host + "/",
	}
	if r.Method != http.MethodConnect {
		x.URL = scheme + "://" + host + redact.Address(requestURI(r.URL))
		x.Path = redact.PathParameters(r.URL.Path)
		x.Own = r.URL.Path == "/favicon.ico" && c.side == browserSide
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

// origin is the scheme and host of an address, without anything that could be a secret.
func origin(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
