package network

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
)

// tlsHandshake is the first byte of every TLS connection.
const tlsHandshake = 0x16

// connect answers CONNECT: it opens a tunnel to a routed host, which ends here. Browsers use tunnels for https and also for ws://, so the
// first byte tells what is spoken in it.
func (d *Door) connect(w http.ResponseWriter, r *http.Request, c *conn) {
	target, err := parseAddress(r.Host, 443)
	if err != nil {
		http.Error(w, "cookiegate: CONNECT: "+err.Error(), http.StatusBadRequest)
		return
	}
	if d.routes.find(target) == nil {
		d.refuse(w, r, c, "https", target, noRoute)
		return
	}
	if _, ok := w.(http.Hijacker); !ok {
		http.Error(w, "cookiegate: CONNECT is understood in HTTP/1.1 only", http.StatusHTTPVersionNotSupported)
		return
	}
	_, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return // the client is gone
	}
	t := &tunnel{conn: c, r: rw.Reader, target: target}
	if _, err := io.WriteString(c, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		t.Close()
		return
	}
	first, err := t.r.Peek(1)
	if err != nil { // opened in advance and never used
		t.Close()
		return
	}
	if first[0] != tlsHandshake {
		d.tunnels.hand(t)
		return
	}
	secure := tls.Server(t, d.tls)
	if err := secure.HandshakeContext(d.current(c).ctx); err != nil {
		t.Close()
		d.handshakeFailed(r, c, target, err)
		return
	}
	d.tunnels.hand(secure)
}

// handshakeFailed records that the client did not want our certificate, which is otherwise hard to find out. A connection that the
// client opened in advance and gave up is not worth a word.
func (d *Door) handshakeFailed(r *http.Request, c *conn, target address, err error) {
	if remote := (*net.OpError)(nil); !errors.As(err, &remote) || remote.Op != "remote error" {
		return
	}
	l := d.current(c)
	x := d.exchange(r, c, "https", target)
	x.Err = fmt.Sprintf("TLS: %v; does the client trust the door's certificate authority?", err)
	l.begin(x)
	l.finish(x)
}
