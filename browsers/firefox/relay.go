package firefox

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
)

// relay gives another address to what Firefox listens for at endpoint, one at which its messages come without delay, until done is closed.
//
// Firefox sends a message in pieces, and on this connection each piece but the first waits until the one before it was acknowledged (Nagle's
// algorithm, RFC 896). A receiver that has nothing to say at that moment puts that off, on Linux for 40 ms, and most of what a step waits for
// would be that. What comes here is acknowledged at once.
func relay(endpoint string, done <-chan struct{}) (string, error) {
	u, err := url.Parse(endpoint)
	if err != nil {
		return "", fmt.Errorf("the address that Firefox listens at: %w", err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("relay Firefox's messages: %w", err)
	}
	firefox := &url.URL{Scheme: "http", Host: u.Host}
	u.Host = l.Addr().String()
	// That a connection breaks is told by those who wait for an answer.
	silent := log.New(io.Discard, "", 0)
	s := &http.Server{ErrorLog: silent, Handler: &httputil.ReverseProxy{
		ErrorLog: silent,
		// Firefox answers those who call it by its own name and port.
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(firefox) },
		Transport: &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := new(net.Dialer).DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return atOnce{c.(*net.TCPConn)}, nil
		}},
	}}
	go func() { _ = s.Serve(l) }() // until it is closed
	go func() {
		<-done
		_ = s.Close()
	}()
	return u.String(), nil
}

// atOnce is a connection of which all that is read is acknowledged at once.
type atOnce struct{ *net.TCPConn }

func (c atOnce) Read(b []byte) (int, error) {
	n, err := c.TCPConn.Read(b)
	if err == nil {
		acknowledge(c.TCPConn)
	}
	return n, err
}
