package network

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"maps"
	"net"
	"net/http"
	"sync"
	"time"
)

// side is where a connection came in.
type side int

const (
	browserSide side = iota
	serverSide
	farSide // from a foreign proxy, on its way to the site
)

// conn is a connection that somebody made to the door.
type conn struct {
	net.Conn
	door *Door
	side side

	// Guarded by door.mu.
	ledger   *Ledger               // of the last request
	inFlight map[*Exchange]*Ledger // what is under way
	idle     *time.Timer           // of CutIdle
}

func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.stir()
	return n, err
}

func (c *conn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.stir()
	return n, err
}

// Close also takes the connection off the door's list.
func (c *conn) Close() error {
	c.door.mu.Lock()
	delete(c.door.conns, c)
	if c.idle != nil {
		c.idle.Stop()
	}
	c.door.mu.Unlock()
	return c.Conn.Close()
}

func (c *conn) open(x *Exchange, l *Ledger) {
	c.door.mu.Lock()
	defer c.door.mu.Unlock()
	c.inFlight[x] = l
}

func (c *conn) done(x *Exchange) {
	c.door.mu.Lock()
	defer c.door.mu.Unlock()
	delete(c.inFlight, x)
}

// stir says that something passed. Where a filter cuts silent connections, the time starts anew.
func (c *conn) stir() {
	if c.side != browserSide {
		return
	}
	c.door.mu.Lock()
	defer c.door.mu.Unlock()
	limit := c.door.ledger.idle
	switch {
	case !c.door.conns[c]: // closed
	case limit == 0 && c.idle != nil:
		c.idle.Stop()
	case limit == 0:
	case c.idle == nil:
		c.idle = time.AfterFunc(limit, c.cut)
	default:
		c.idle.Reset(limit)
	}
}

// cut ends a connection that was silent too long.
func (c *conn) cut() {
	c.door.mu.Lock()
	limit := c.door.ledger.idle
	under := maps.Clone(c.inFlight)
	c.door.mu.Unlock()
	if limit == 0 { // another case has begun
		return
	}
	for x, l := range under {
		l.update(x, func(x *Exchange) {
			x.Filters = append(x.Filters, fmt.Sprintf("%s: cut the connection after %v of silence", CutIdle{}.Name(), limit))
			x.fail(cutShort)
		})
		l.finish(x) // whatever the handler makes of it, nobody receives
	}
	c.Close()
}

// listener hands out connections that the door knows.
type listener struct {
	net.Listener
	door *Door
	side side
}

func (l listener) Accept() (net.Conn, error) {
	inner, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: inner, door: l.door, side: l.side, inFlight: map[*Exchange]*Ledger{}}
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
