package network

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"hash"
	"hash/fnv"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"sync"
)

// chainHeader goes with a request through a foreign proxy, so that it is known again on the other side. The site does not see it.
const chainHeader = "X-Cookiegate-Chain"

// Proxy is a real filtering proxy to go through.
type Proxy struct {
	Name string // in Exchange.Filters and Exchange.AnsweredBy, such as "Privoxy 3.0.34"
	URL  string // "http://127.0.0.1:8118"
	CA   []byte // PEM of the authority with which it mints certificates for https; none: the door's own
}

// Through sends what browsers ask through a real filtering proxy before it reaches its handler, for the case that began last:
//
//	browser → door → proxy → door (FarURL) → handler
//
// Both sides are recorded in one exchange: what the browser sent and what reached the site, what the site set and what came out of the
// proxy. The proxy has to use FarURL as its parent for http and https, to inspect https, to trust CAFile, and to let unknown headers
// pass. Filters, if there are any too, stand between browser and proxy.
//
// The request's Accept-Encoding is set to identity, so that the bodies on both sides can be compared.
func (d *Door) Through(p Proxy) error {
	u, err := url.Parse(p.URL)
	if err != nil || u.Scheme != "http" || u.Port() == "" {
		return fmt.Errorf("proxy %s: expected an address such as http://127.0.0.1:8118, found %q", p.Name, p.URL)
	}
	if err := checkLoopback(u.Host); err != nil {
		return fmt.Errorf("proxy %s: %w", p.Name, err)
	}
	roots := d.authority.Pool()
	if len(p.CA) > 0 && !roots.AppendCertsFromPEM(p.CA) {
		return fmt.Errorf("proxy %s: its certificate authority is not a PEM certificate", p.Name)
	}
	v := &via{name: p.Name, door: d, transport: &http.Transport{
		Proxy:              http.ProxyURL(u),
		TLSClientConfig:    &tls.Config{RootCAs: roots},
		DisableCompression: true,
		DisableKeepAlives:  true, // a connection that the proxy drops between two requests would fail the second
	}}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ledger.via = v
	return nil
}

// FarURL is the side of the door for a proxy that stands between browser and site: the parent that the proxy must be told to use.
func (d *Door) FarURL() string { return "http://" + d.beyond.Addr().String() }

// via is a foreign proxy that requests go through.
type via struct {
	name      string
	door      *Door
	transport *http.Transport
}

// send is the handler that hands a request to the proxy.
func (v *via) send(c *chain, scheme, host string) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			asIs(p)
			p.Out.URL.Scheme, p.Out.URL.Host = scheme, host
			p.Out.Host = p.In.Host
			p.Out.Header.Set(chainHeader, c.token)
			p.Out.Header.Set("Accept-Encoding", "identity")
		},
		Transport:      v.transport,
		FlushInterval:  -1,
		ModifyResponse: told(v.name),
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			if r.Context().Err() != nil { // as of an upstream
				return
			}
			c.near.fail(v.name + ": " + err.Error())
			c.silent = true
			http.Error(w, fmt.Sprintf("cookiegate: %s did not pass the request on: %v", v.name, err), http.StatusBadGateway)
		},
		ErrorLog: v.door.server.ErrorLog,
	}
}

// chain is one exchange on both sides of a foreign proxy.
type chain struct {
	name   string // the proxy's
	token  string
	near   *answer
	silent bool        // the proxy gave no answer
	sent   []Cookie    // what went into the proxy on the browser's side
	came   hash.Hash32 // the body that came out there

	mu      sync.Mutex
	notes   []string
	status  int
	header  http.Header
	offered []Cookie
	gave    hash.Hash32 // the body that the site gave
}

// chained makes the two sides of an exchange known to each other. The returned function forgets them.
func (d *Door) chained(v *via, a *answer, r *http.Request) (*chain, func()) {
	c := &chain{name: v.name, near: a, sent: d.prints.returned(r.Header), came: fnv.New32a(), gave: fnv.New32a()}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lastChain++
	c.token = strconv.Itoa(d.lastChain)
	d.chains[c.token] = c
	return c, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.chains, c.token)
	}
}

// passFar takes a request that came out of a proxy on to its handler.
func (d *Door) passFar(w http.ResponseWriter, r *http.Request, conn *conn, scheme string, asked address, h http.Handler) {
	d.mu.Lock()
	c := d.chains[r.Header.Get(chainHeader)]
	d.mu.Unlock()
	if c == nil {
		d.refuse(w, r, conn, scheme, asked, "a proxy asked for it on its own account")
		return
	}
	l := c.near.ledger
	d.mu.Lock()
	conn.ledger = l
	d.mu.Unlock()
	c.requestCame(d.prints.returned(r.Header))
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(l.ctx, cancel)()
	r.Header.Del(chainHeader)
	t := &tap{ResponseWriter: w, header: c.siteAnswered, body: c.siteGave, fail: c.near.fail}
	if r.Method == http.MethodHead { // a handler may write a body, which goes nowhere
		t.body = func([]byte) bool { return true }
	}
	h.ServeHTTP(t, handed(r, context.WithValue(ctx, tapKey{}, t), c.near.exchange.ID))
	if !t.decided && !t.hijacked && ctx.Err() == nil { // a proxy that has gone gets no answer
		t.WriteHeader(http.StatusOK)
	}
}

// requestCame notes the request on the site's side.
func (c *chain) requestCame(reached []Cookie) {
	c.mu.Lock()
	for _, change := range changes(c.sent, reached) {
		c.note(change + " in the request")
	}
	c.mu.Unlock()
	c.near.ledger.update(c.near.exchange, func(x *Exchange) { x.setReached(reached) })
}

// siteAnswered notes the header that the site gave.
func (c *chain) siteAnswered(status int, h http.Header) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.status, c.header = status, h.Clone()
	canonicalize(c.header)
	c.offered = c.near.door.prints.offered(h, c.near.door.now())
	return status
}

// siteGave notes the body that the site gave, before it goes on: when all of it has come out of the proxy, all of it is noted.
func (c *chain) siteGave(p []byte) (pass bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gave.Write(p)
	return true
}

func (c *chain) note(what string) { c.notes = append(c.notes, c.name+": "+what) }

// telling are the headers of an answer in which a proxy's work matters here.
var telling = []string{"P3p", "Location", "Content-Type", "Content-Security-Policy", "X-Frame-Options", "Refresh"}

// answerCame compares the answer on the browser's side with the one that the site gave, and gives the cookies that the site set.
func (c *chain) answerCame(status int, h http.Header, came []Cookie) (offered []Cookie) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.silent:
		c.note("gave no answer")
		return c.offered
	case c.status == 0:
		c.note("answered in the site's place")
		return nil
	}
	if status != c.status {
		c.note(fmt.Sprintf("answered %d in place of the site's %d", status, c.status))
	}
	for _, change := range changes(c.offered, came) {
		c.note(change + " in the answer")
	}
	for _, name := range telling {
		switch before, after := c.header[name], h[name]; {
		case slices.Equal(before, after):
		case len(after) == 0:
			c.note("removed " + name)
		case len(before) == 0:
			c.note("added " + name)
		default:
			c.note("changed " + name)
		}
	}
	return c.offered
}

// bodyCame compares the bodies once both are complete.
func (c *chain) bodyCame() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.status != 0 && !c.silent && !bytes.Equal(c.came.Sum(nil), c.gave.Sum(nil)) {
		c.note("changed the body")
	}
}

// answered says whether the site's answer came at all.
func (c *chain) answered() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.status != 0
}

// heard are the notes so far.
func (c *chain) heard() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.notes)
}
