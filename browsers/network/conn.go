package network

import (
	"bufio"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"sync"
)

// conn is a connection that somebody made to the door.
type conn struct {
	net.Conn
	door   *Door
	server bool    // came in by the servers' side
	ledger *Ledger // of the last request; guarded by door.mu
}

// Close also takes the connection off the door's list.
func (c *conn) Close() error {
	c.door.mu.Lock()
	delete(c.door.conns, c)
	c.door.mu.Unlock()
	return c.Conn.Close()
}

// listener hands out connections that the door knows.
type listener struct {
	net.Listener
	door   *Door
	server bool
}

func (l listener) Accept() (net.Conn, error) {
	inner, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: inner, door: l.door, server: l.server}
	l.door.mu.Lock()
	c.ledger = l.door.ledger
	closed := l.door.closed
	if !closed {
		l.door.conns[c] = true
	}
	l.door.mu.Unlock()
	if closed {
		c.Conn.Close()
		return nil, http.ErrServerClosed
	}
	return c, nil
}

// tunnel is what flows over a connection after CONNECT.
type tunnel struct {
	*conn
	r      *bufio.Reader
	target address
}

func (t *tunnel) Read(p []byte) (int, error) { return t.r.Read(p) }

// tunnels is a listener whose connections are opened tunnels.
type tunnels struct {
	opened chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newTunnels() *tunnels {
	return &tunnels{opened: make(chan net.Conn), closed: make(chan struct{})}
}

func (t *tunnels) Accept() (net.Conn, error) {
	select {
	case c := <-t.opened:
		return c, nil
	case <-t.closed:
		return nil, net.ErrClosed
	}
}

// hand gives a connection to the server.
func (t *tunnels) hand(c net.Conn) {
	select {
	case t.opened <- c:
	case <-t.closed:
		c.Close()
	}
}

func (t *tunnels) Close() error {
	t.once.Do(func() { close(t.closed) })
	return nil
}

func (t *tunnels) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

type connKey struct{}

// connContext lets a handler know the connection that its request came on.
func connContext(ctx context.Context, c net.Conn) context.Context {
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	return context.WithValue(ctx, connKey{}, c)
}

// connOf is the connection of a request, and the tunnel in it, if there is one.
func connOf(r *http.Request) (*conn, *tunnel) {
	switch c := r.Context().Value(connKey{}).(type) {
	case *conn:
		return c, nil
	case *tunnel:
		return c.conn, c
	}
	panic("a request on a connection that is none of the door's")
}

var (
	_ net.Listener = listener{}
	_ net.Listener = (*tunnels)(nil)
)
