package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/simulator"
	"github.com/cookiegate/cookiegate/simulator/config"
	"github.com/cookiegate/cookiegate/simulator/control"
)

// usualProxy is where the proxy is where nothing else is asked for and nobody else is there.
const usualProxy = "127.0.0.1:8445"

type serviceOptions struct {
	sites, control, proxy string // addresses
	authority             string // folder, "" for an authority that ends with the service
	token                 string // of the control API
	config                config.Config
}

// service is a simulator as it is served: to programs with TLS, to browsers through a proxy, and to who controls it.
type service struct {
	config  config.Config
	server  *simulator.Server
	sites   *secureServer
	door    *network.Door
	control *control.Listener
	caFile  string
	failed  chan error // gets what ends a listener before its time
}

// startService starts everything or nothing.
func startService(o serviceOptions) (_ *service, err error) {
	s := &service{config: o.config, failed: make(chan error, 1)}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	authority, err := openAuthority(o.authority)
	if err != nil {
		return nil, err
	}
	if s.server, err = simulator.New(o.config.Options()); err != nil {
		return nil, err
	}
	if !o.config.Frozen {
		s.server.Clock().Run()
	}
	if s.sites, err = serveSecurely(o.sites, s.server, authority, s.failed); err != nil {
		return nil, explain("addr", o.sites, err)
	}
	if s.control, err = control.Listen(o.control, control.Options{Server: s.server, CA: authority.PEM(), Token: o.token}); err != nil {
		return nil, explain("control", o.control, err)
	}
	if s.door, err = openDoor(o.proxy, authority); err != nil {
		return nil, err
	}
	for _, name := range s.server.Sites() {
		if err := s.door.Route(name+".webex.com", s.server); err != nil {
			return nil, err
		}
	}
	s.caFile = s.door.CAFile()
	if o.authority != "" {
		s.caFile = filepath.Join(o.authority, caFile)
	}
	return s, nil
}

// openDoor opens the proxy where it was asked for, or else at the usual address, or else anywhere.
func openDoor(addr string, authority *network.Authority) (*network.Door, error) {
	if addr != "" {
		door, err := network.Listen(network.Options{Address: addr, Authority: authority})
		return door, explain("proxy", addr, err)
	}
	door, err := network.Listen(network.Options{Address: usualProxy, Authority: authority})
	if errors.Is(err, syscall.EADDRINUSE) {
		door, err = network.Listen(network.Options{Authority: authority})
	}
	return door, err
}

// explain says which flag an address came from.
func explain(flag, addr string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("--%s %s: somebody else listens there; expected a free address, such as 127.0.0.1:0 for any free port", flag, addr)
	}
	return fmt.Errorf("--%s %s: %w; expected %s", flag, addr, err, anAddress)
}

// The files of an authority that is kept.
const (
	caFile  = "ca.pem"
	keyFile = "ca-key.pem"
)

// openAuthority reads the authority that a folder keeps, or makes one and keeps it there. Without a folder it makes one.
func openAuthority(folder string) (*network.Authority, error) {
	if folder == "" {
		return network.NewAuthority()
	}
	certificate, key := filepath.Join(folder, caFile), filepath.Join(folder, keyFile)
	missing := 0
	for _, file := range []string{certificate, key} {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			missing++
		}
	}
	if missing < 2 {
		a, err := network.LoadAuthority(certificate, key)
		if err != nil {
			return nil, fmt.Errorf("--ca %s: %w; expected %s and %s of an earlier run, or neither", folder, err, caFile, keyFile)
		}
		return a, nil
	}
	a, err := network.NewAuthority()
	if err != nil {
		return nil, err
	}
	if err = os.MkdirAll(folder, 0o700); err == nil {
		if err = a.Save(certificate, key); err != nil {
			_, _ = os.Remove(certificate), os.Remove(key) // half of it would be refused from now on
		}
	}
	if err != nil {
		return nil, fmt.Errorf("--ca: %w; expected a folder that can be made and written to", err)
	}
	return a, nil
}

// secureServer is an HTTP server with TLS.
type secureServer struct {
	http *http.Server
	addr net.Addr
	done chan struct{}
}

// serveSecurely serves the sites of a simulator with certificates of an authority.
func serveSecurely(addr string, sites *simulator.Server, authority *network.Authority, failed chan<- error) (*secureServer, error) {
	in, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	s := &secureServer{addr: in.Addr(), done: make(chan struct{}), http: &http.Server{
		Handler: sites, ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0), // what goes wrong in a handshake, the client says
		TLSConfig: &tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			return certificate(hello, sites, authority)
		}},
	}}
	go func() {
		defer close(s.done)
		if err := s.http.ServeTLS(in, "", ""); !errors.Is(err, http.ErrServerClosed) {
			failed <- fmt.Errorf("serving the sites: %w", err)
		}
	}()
	return s, nil
}

// certificate is that of the site, or of this machine, that a client asks for. Others are refused, so that nobody has certificates minted without end.
func certificate(hello *tls.ClientHelloInfo, sites *simulator.Server, authority *network.Authority) (*tls.Certificate, error) {
	name := hello.ServerName
	if name == "" {
		local, _, err := net.SplitHostPort(hello.Conn.LocalAddr().String())
		if err != nil {
			return nil, err
		}
		return authority.Certificate(local)
	}
	machine, _ := os.Hostname() // one that has no name is not asked for by it
	known := []string{"localhost", machine}
	for _, site := range sites.Sites() {
		known = append(known, site+".webex.com")
	}
	if !slices.Contains(known, name) {
		return nil, fmt.Errorf("no site has the name %q", name)
	}
	return authority.Certificate(name)
}

// shutdown takes nothing new, finishes what is under way until the context ends, and closes everything.
func (s *service) shutdown(ctx context.Context) error {
	err := errors.Join(s.sites.http.Shutdown(ctx), s.door.Shutdown(ctx), s.control.Shutdown(ctx))
	if errors.Is(err, context.DeadlineExceeded) {
		err = errors.New("what was under way did not end in time and was cut")
	}
	return errors.Join(err, s.close())
}

// close cuts what is under way.
func (s *service) close() error {
	var errs []error
	if s.sites != nil {
		errs = append(errs, s.sites.http.Close())
		<-s.sites.done
	}
	if s.door != nil {
		errs = append(errs, s.door.Close())
	}
	if s.control != nil {
		errs = append(errs, s.control.Close())
	}
	if s.server != nil {
		errs = append(errs, s.server.Close())
	}
	return errors.Join(errs...)
}
