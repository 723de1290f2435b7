package network

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"syscall"
	"time"

	"github.com/cookiegate/cookiegate/internal/redact"
)

// Upstream hands the requests for a host name to a server that runs on this machine, such as "http://127.0.0.1:3000". The pattern is that
// of Route. Host stays the name that was asked for; X-Forwarded-For, -Host and -Proto are set; bodies stream; WebSockets pass. An
// https upstream is not verified: it is on this machine, with a certificate of its own making. The error says when it is not.
func (d *Door) Upstream(pattern, target string) error {
	u, err := ParseUpstream(target)
	if err != nil {
		return fmt.Errorf("upstream of %s: %w", pattern, err)
	}
	return d.Route(pattern, d.reverseProxy(u))
}

// ParseUpstream reads the address of a server on this machine, such as "http://127.0.0.1:3000". The error says what is wrong with it.
func ParseUpstream(target string) (*url.URL, error) {
	u, err := url.Parse(target)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("expected an address such as http://127.0.0.1:3000, found %q", redact.Address(target))
	}
	port := u.Port()
	if port == "" {
		port = u.Scheme
	} else if _, err := strconv.ParseUint(port, 10, 16); err != nil || port == "0" {
		return nil, fmt.Errorf("port %s in %q; expected one of 1 to 65535", port, redact.Address(target))
	}
	if err := checkLoopback(net.JoinHostPort(u.Hostname(), port)); err != nil {
		return nil, err
	}
	return u, nil
}

func (d *Door) reverseProxy(target *url.URL) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			asIs(p)
			p.SetURL(target)
			p.Out.Host = p.In.Host
			p.SetXForwarded()
		},
		Transport:      d.upstreams,
		FlushInterval:  -1, // at once: what streams must stream
		ModifyResponse: told("upstream"),
		ErrorHandler:   upstreamFailed,
		ErrorLog:       d.server.ErrorLog,
	}
}

// asIs gives the request the query that was asked for: ReverseProxy takes out of it what net/url cannot read, such as a semicolon.
func asIs(p *httputil.ProxyRequest) { p.Out.URL.RawQuery = p.In.URL.RawQuery }

// told has the tap of a request know what ReverseProxy tells nobody: the header of a 101, which it writes to the hijacked connection, why the
// one who answers broke off, and that he did not say what he answers.
func told(who string) func(*http.Response) error {
	return func(r *http.Response) error {
		t, ok := tapOf(r.Request)
		switch {
		case !ok:
		case r.StatusCode == http.StatusSwitchingProtocols:
			t.switching = r.Header
		default:
			if len(r.Header["Content-Type"]) == 0 {
				t.Header()["Content-Type"] = nil // or net/http says what it guesses, now and then, and the page's own charset no longer counts
			}
			r.Body = breaking{r.Body, func(err error) {
				if r.Request.Context().Err() == nil { // or it was broken off from here
					t.fail(who + ": " + err.Error())
				}
			}}
		}
		return nil
	}
}

// breaking is a body that tells of an end before its time.
type breaking struct {
	io.ReadCloser
	tell func(error)
}

func (b breaking) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		b.tell(err)
	}
	return n, err
}

func upstreamFailed(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil { // who asked has gone: nobody failed, and nobody is answered
		return
	}
	if t, ok := tapOf(r); ok {
		t.fail("upstream: " + err.Error())
	}
	http.Error(w, fmt.Sprintf("cookiegate: %s is routed to a server on this machine that does not answer: %v", r.Host, err), http.StatusBadGateway)
}

// newUpstreams is the transport to servers on this machine, and to nowhere else: the check is made on the address that is dialed, after
// every name was resolved.
func newUpstreams() *http.Transport {
	dialer := &net.Dialer{
		Timeout: 10 * time.Second,
		ControlContext: func(_ context.Context, _, addr string, _ syscall.RawConn) error {
			return checkLoopback(addr)
		},
	}
	return &http.Transport{
		DialContext:        dialer.DialContext,
		TLSClientConfig:    &tls.Config{InsecureSkipVerify: true},
		DisableCompression: true, // bytes pass as they are
		DisableKeepAlives:  true, // a form sent over a connection that the server is just closing, as Node does after five seconds, would be lost
	}
}
