package network

import (
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// Options say how a door is made. The zero value works.
type Options struct {
	// Authority mints the certificates; nil: a new one.
	Authority *Authority
	// Address is where browsers reach the door; empty: a free port on 127.0.0.1. It must be loopback.
	Address string
	// HTTP1 keeps HTTP/2 from being offered to browsers.
	HTTP1 bool
	// Now is the wall clock of the ledgers; nil: time.Now.
	Now func() time.Time
	// ErrorLog receives what net/http has to say about connections; nil: nothing is logged.
	ErrorLog *log.Logger
}

// Door is the front door: one proxy on loopback through which browsers and servers reach the host names of a case.
type Door struct {
	authority *Authority
	prints    fingerprints
	now       func() time.Time
	caFile    string
	routes    routes
	server    *http.Server
	tls       *tls.Config
	tunnels   *tunnels
	browsers  net.Listener
	servers   net.Listener
	beyond    net.Listener // for proxies between browser and site
	client    *http.Client
	upstreams *http.Transport

	mu      sync.Mutex
	closed  bool
	ledger  *Ledger
	ledgers map[*Ledger]bool // begun and not ended
	conns   map[*conn]bool

	chains    map[string]*chain
	lastChain int

	serving sync.WaitGroup // listeners
	working sync.WaitGroup // requests
}

// Listen opens a front door. Close it.
func Listen(o Options) (*Door, error) {
	if o.Address == "" {
		o.Address = "127.0.0.1:0"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.ErrorLog == nil {
		o.ErrorLog = log.New(io.Discard, "", 0)
	}
	if err := checkLoopback(o.Address); err != nil {
		return nil, fmt.Errorf("front door: %w", err)
	}
	if o.Authority == nil {
		var err error
		if o.Authority, err = NewAuthority(); err != nil {
			return nil, fmt.Errorf("front door: %w", err)
		}
	}
	key := make([]byte, 32)
	rand.Read(key)
	d := &Door{
		authority: o.Authority,
		prints:    fingerprints{key},
		now:       o.Now,
		tunnels:   newTunnels(),
		upstreams: newUpstreams(),
		ledgers:   map[*Ledger]bool{},
		conns:     map[*conn]bool{},
		chains:    map[string]*chain{},
	}
	d.ledger = newLedger("", false, d.now, d.flush)
	d.tls = &tls.Config{
		GetCertificate: d.certificate,
		NextProtos:     []string{"h2", "http/1.1"},
	}
	if o.HTTP1 {
		d.tls.NextProtos = []string{"http/1.1"}
	}
	d.server = &http.Server{Handler: http.HandlerFunc(d.serve), ConnContext: connContext, ErrorLog: o.ErrorLog}
	if err := d.open(o.Address); err != nil {
		return nil, fmt.Errorf("front door: %w", err)
	}
	d.client = d.newClient()
	return d, nil
}

// open starts listening and writes the authority's certificate.
func (d *Door) open(addr string) (err error) {
	var opened []net.Listener
	defer func() {
		if err != nil {
			for _, l := range opened {
				l.Close()
			}
		}
	}()
	for _, l := range []struct {
		at   *net.Listener
		addr string
	}{{&d.browsers, addr}, {&d.servers, "127.0.0.1:0"}, {&d.beyond, "127.0.0.1:0"}} {
		if *l.at, err = net.Listen("tcp", l.addr); err != nil {
			return err
		}
		opened = append(opened, *l.at)
	}
	if d.caFile, err = writeCA(d.authority); err != nil {
		return err
	}
	for _, l := range []net.Listener{listener{d.browsers, d, browserSide}, listener{d.servers, d, serverSide}, listener{d.beyond, d, farSide}, d.tunnels} {
		d.serving.Go(func() { d.server.Serve(l) }) // always ends with ErrServerClosed
	}
	return nil
}

func writeCA(a *Authority) (string, error) {
	dir, err := os.MkdirTemp("", "cookiegate-ca-")
	if err != nil {
		return "", err
	}
	file, err := filepath.Abs(filepath.Join(dir, "ca.pem")) // servers of the case look for it from their own folders
	if err == nil {
		err = os.WriteFile(file, a.PEM(), 0o644)
	}
	if err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	return file, nil
}

// Close ends all requests and connections, and gives back when they are gone.
func (d *Door) Close() error {
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return nil
	}
	d.closed = true
	d.ledger.cancel()
	for l := range d.ledgers {
		l.cancel()
	}
	conns := keys(d.conns)
	d.mu.Unlock()

	err := d.server.Close()
	for _, c := range conns {
		c.Close()
	}
	d.client.CloseIdleConnections()
	d.serving.Wait()
	d.working.Wait()
	return errors.Join(err, os.RemoveAll(filepath.Dir(d.caFile)))
}

// ProxyURL is the proxy that browsers are told to use, "http://127.0.0.1:PORT".
func (d *Door) ProxyURL() string { return "http://" + d.browsers.Addr().String() }

// ServerURL is the proxy for servers of a case that run in processes of their own. What comes this way is recorded as asked by a server.
func (d *Door) ServerURL() string { return "http://" + d.servers.Addr().String() }

// CAFile is a PEM file with the certificate to be trusted. It is there until the door is closed.
func (d *Door) CAFile() string { return d.caFile }

// Authority is the authority that mints this door's certificates.
func (d *Door) Authority() *Authority { return d.authority }

// Client asks as a server of the case asks: through the door, by real names, over verified TLS. It has no cookie jar; to give it one,
// copy it.
func (d *Door) Client() *http.Client { return d.client }

func (d *Door) newClient() *http.Client {
	proxy, _ := url.Parse(d.ServerURL()) // made by us
	return &http.Client{Transport: &http.Transport{
		Proxy:               http.ProxyURL(proxy),
		TLSClientConfig:     &tls.Config{RootCAs: d.authority.Pool()},
		MaxIdleConnsPerHost: 8,
	}}
}

// Route hands the requests for a host name to h. The pattern is a host name, or "*." and a domain for every name below it, on the
// ports 80 and 443 or on the one port that is given: "acme.webex.com", "*.webex.com", "portal.acme.example:8443". The most
// specific pattern wins; an equal one is replaced.
func (d *Door) Route(pattern string, h http.Handler) error { return d.routes.put(pattern, h) }

// ClearRoutes forgets all routes.
func (d *Door) ClearRoutes() { d.routes.clear() }

// Begin starts a case: all exchanges that arrive from now on belong to it. A request that began under an earlier ledger stays there.
func (d *Door) Begin(name string) *Ledger {
	l := newLedger(name, true, d.now, d.flush)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		l.cancel()
		return l
	}
	d.ledger = l
	d.ledgers[l] = true
	return l
}

// Use puts filters between browser and site for the case that began last, the first nearest to the browser, in the place of those it had.
// A case begins without any.
func (d *Door) Use(filters ...Filter) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ledger.filters = slices.Clone(filters)
	d.ledger.idle = idleLimit(filters)
}

// current is the ledger for what arrives on c. A connection belongs to the case that used it last.
func (d *Door) current(c *conn) *Ledger {
	d.mu.Lock()
	defer d.mu.Unlock()
	c.ledger = d.ledger
	return d.ledger
}

// flush lets go of the connections that only l used. What arrives from now on belongs to no case until the next one begins.
func (d *Door) flush(l *Ledger) {
	d.mu.Lock()
	delete(d.ledgers, l)
	if d.ledger == l {
		d.ledger = newLedger("", false, d.now, d.flush)
	}
	var used []*conn
	for c := range d.conns {
		if c.ledger == l {
			used = append(used, c)
		}
	}
	d.mu.Unlock()
	// The door's own client goes first: a connection closed under it would fail a request that it does not repeat.
	d.client.CloseIdleConnections()
	for _, c := range used {
		c.Close()
	}
}

// certificate serves the name that the client asks for in its greeting, or else the one it gave to the proxy.
func (d *Door) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if t, ok := hello.Conn.(*tunnel); ok {
		return d.authority.Certificate(t.target.host)
	}
	return nil, errors.New("not in a tunnel")
}

func keys[K comparable](m map[K]bool) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	return out
}

// checkLoopback refuses an address that other machines could reach.
func checkLoopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	if host == "localhost" {
		return nil
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("%s is not a loopback address: everything stays on this machine", addr)
	}
	return nil
}
