package network

import (
	"context"
	"crypto/tls"
	"fmt"
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
		ModifyResponse: noteSwitch,
		ErrorHandler:   upstreamFailed,
		ErrorLog:       d.server.ErrorLog,
	}
}

// asIs gives the request the query that was asked for: ReverseProxy takes out of it what net/url cannot read, such as a semicolon.
func asIs(p *httputil.ProxyRequest) { p.Out.URL.RawQuery = p.In.URL.RawQuery }

// noteSwitch shows the header of a 101, which ReverseProxy writes to the hijacked connection.
func noteSwitch(r *http.Response) error {
	if t, ok := tapOf(r.Request); ok && r.StatusCode == http.StatusSwitchingProtocols {
		t.decide(r.StatusCode, r.Header)
	}
	return nil
}

func upstreamFailed(w http.ResponseWriter, r *http.Request, err error) {
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
		DialContext:         dialer.DialContext,
		TLSClientConfig:     &tls.Config{InsecureSkipVerify: true},
		DisableCompression:  true, // bytes pass as they are
		MaxIdleConnsPerHost: 16,
	}
}
