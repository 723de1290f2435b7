package simulator

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/cookiejar"
	"time"
)

// TB is what Run needs of a test: *testing.T, *testing.B, *testing.F and Ginkgo's GinkgoT() have it.
type TB interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Run starts a server for a test and closes it when the test ends. Without sites in the options it serves the site acme of DefaultSite.
func Run(t TB, o ...Options) *Server {
	t.Helper()
	options := Options{}
	if len(o) > 0 {
		options = o[0]
	}
	if len(options.Sites) == 0 {
		options.Sites = []Site{DefaultSite()}
	}
	s, err := Start(options)
	if err != nil {
		t.Fatalf("starting the simulator: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("closing the simulator: %v", err)
		}
	})
	return s
}

// DefaultSite is the site that is served where none is configured: acme, with the hosts alice and bob, password "secret", and the partner id
// "partner".
func DefaultSite() Site {
	return Site{
		Name: "acme", PartnerID: "partner",
		Hosts: []Host{
			{WebExID: "alice", Password: "secret", FirstName: "Alice", LastName: "Archer", Email: "alice@acme.example"},
			{WebExID: "bob", Password: "secret", FirstName: "Bob", LastName: "Baker", Email: "bob@acme.example"},
		},
	}
}

// Start makes a server and has it listen on loopback, with TLS.
func Start(o Options) (*Server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s, err := New(o)
	if err != nil {
		l.Close()
		return nil, err
	}
	s.Serve(l)
	return s, nil
}

// Serve has a server of New's listen, with TLS. It returns at once, and must be called once only.
func (s *Server) Serve(l net.Listener) {
	s.listener, s.served = l, make(chan error, 1)
	s.http = &http.Server{
		Handler: s, TLSConfig: s.certificates.TLS(), ReadHeaderTimeout: time.Minute,
		ErrorLog: log.New(io.Discard, "", 0), // what goes wrong in a handshake, the client says
	}
	go func() { s.served <- s.http.ServeTLS(l, "", "") }()
}

// Addr is where the server listens, "" without a listener.
func (s *Server) Addr() string {
	if s.listener == nil {
		return ""
	}
	return s.listener.Addr().String()
}

// Certificates are those that the server shows.
func (s *Server) Certificates() *Certificates { return s.certificates }

// Client is a client with an empty cookie jar that trusts the server and finds the host names of sites at it, so that https://acme.webex.com/ works;
// others, such as a portal's under test, it finds where they are. It follows redirects, and does not run the scripts of pages. Closing the server
// closes its connections.
func (s *Server) Client() (*http.Client, error) {
	ca, err := s.certificates.CA()
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AddCert(ca)
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: pool},
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			if siteOf(addr) != "" {
				addr = s.Addr()
			}
			var d net.Dialer
			return d.DialContext(ctx, network, addr)
		},
	}
	s.clients.Lock()
	defer s.clients.Unlock()
	s.clients.transports = append(s.clients.transports, transport)
	return &http.Client{Jar: jar, Transport: transport}, nil
}

// Shutdown stops listening, waits for what is under way until the context ends, and closes every journal.
func (s *Server) Shutdown(ctx context.Context) error {
	defer s.release()
	if s.http == nil {
		return nil
	}
	err := s.http.Shutdown(ctx)
	return errors.Join(err, s.ended())
}

// Close stops listening, cuts what is under way and closes every journal.
func (s *Server) Close() error {
	defer s.release()
	if s.http == nil {
		return nil
	}
	err := s.http.Close()
	return errors.Join(err, s.ended())
}

// ended waits until nothing is accepted any more.
func (s *Server) ended() error {
	err, first := <-s.served
	if first {
		close(s.served)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// release lets go of who waits for a journal, and of the connections of clients.
func (s *Server) release() {
	s.clients.Lock()
	for _, transport := range s.clients.transports {
		transport.CloseIdleConnections()
	}
	s.clients.Unlock()
	for _, one := range *s.sites.Load() {
		one.Journal.Close()
	}
}
