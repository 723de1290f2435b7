package control

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Listener is an API on a listener of its own.
type Listener struct {
	api    *API
	http   *http.Server
	addr   net.Addr
	served chan error
}

// Listen opens an API on an address, such as "127.0.0.1:0". Where other machines reach the address and the options have no token, it makes one.
func Listen(addr string, o Options) (*Listener, error) {
	in, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	if o.Token == "" && !isLoopback(in.Addr().String()) {
		o.Token = rand.Text()
	}
	a, err := New(o)
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	l := &Listener{
		api: a, addr: in.Addr(), served: make(chan error, 1),
		http: &http.Server{Handler: a, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0)},
	}
	l.http.RegisterOnShutdown(a.Close)
	go func() { l.served <- l.http.Serve(in) }()
	return l, nil
}

// URL is the API's address, and the console's, at which this machine reaches it.
func (l *Listener) URL() string {
	at := *l.addr.(*net.TCPAddr)
	if at.IP.IsUnspecified() { // every address; none that can be asked
		at.IP = net.IPv4(127, 0, 0, 1)
	}
	return "http://" + at.String()
}

// ConsoleURL is the console's address with the token in it, if there is one.
func (l *Listener) ConsoleURL() string {
	if l.api.token == "" {
		return l.URL() + "/"
	}
	return l.URL() + "/?token=" + url.QueryEscape(l.api.token)
}

// Token is what requests have to bring, "" for nothing.
func (l *Listener) Token() string { return l.api.token }

// Client is a client of this API.
func (l *Listener) Client() *Client { return &Client{URL: l.URL(), Token: l.api.token} }

// Shutdown stops listening, ends the streams and waits for what is under way until the context ends.
func (l *Listener) Shutdown(ctx context.Context) error { return l.ended(l.http.Shutdown(ctx)) }

// Close stops listening and cuts what is under way.
func (l *Listener) Close() error {
	l.api.Close()
	return l.ended(l.http.Close())
}

// ended waits until nothing is accepted any more.
func (l *Listener) ended(err error) error {
	served, first := <-l.served
	if first {
		close(l.served)
	}
	if errors.Is(served, http.ErrServerClosed) {
		served = nil
	}
	return errors.Join(err, served)
}

var _ io.Closer = (*Listener)(nil)
