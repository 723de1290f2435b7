package network

import (
	"bufio"
	"errors"
	"net"
	"net/http"
)

// tap is a ResponseWriter that shows what passes.
type tap struct {
	http.ResponseWriter
	header func(status int, h http.Header) int // sees the header when it is complete, may change it, and gives the status to be sent
	body   func(p []byte) (pass bool)          // sees the body and says whether it goes on
	fail   func(why string)                    // hears of what went wrong behind the handler

	switching http.Header // of a 101 that another server gave, and that goes past this writer
	decided   bool        // the header is complete
	hijacked  bool
	cut       bool // the client was gone before it had the whole answer
}

// tapKey finds the tap of a request in its context.
type tapKey struct{}

func tapOf(r *http.Request) (*tap, bool) {
	t, ok := r.Context().Value(tapKey{}).(*tap)
	return t, ok
}

// WriteHeader shows the header and sends it.
func (t *tap) WriteHeader(status int) {
	if t.decided {
		return
	}
	if status >= 100 && status < 200 && status != http.StatusSwitchingProtocols {
		t.ResponseWriter.WriteHeader(status)
		return
	}
	t.ResponseWriter.WriteHeader(t.decide(status, t.Header()))
}

// decide shows the header once.
func (t *tap) decide(status int, h http.Header) int {
	t.decided = true
	return t.header(status, h)
}

func (t *tap) Write(p []byte) (int, error) {
	t.sniff(p)
	if !t.body(p) {
		return len(p), nil
	}
	return t.send(p)
}

func (t *tap) send(p []byte) (int, error) {
	n, err := t.ResponseWriter.Write(p)
	if err != nil && !errors.Is(err, http.ErrBodyNotAllowed) { // a 304 is whole without
		t.cut = true
	}
	return n, err
}

// sniff does what net/http does at the first byte, early enough to be shown.
func (t *tap) sniff(p []byte) {
	if t.decided {
		return
	}
	h := t.Header()
	if _, set := h["Content-Type"]; !set && h.Get("Content-Encoding") == "" && len(p) > 0 {
		h.Set("Content-Type", http.DetectContentType(p))
	}
	t.WriteHeader(http.StatusOK)
}

// FlushError sends what was written so far; of a body that is held back, the header.
func (t *tap) FlushError() error {
	if !t.decided {
		t.WriteHeader(http.StatusOK)
	}
	return http.NewResponseController(t.ResponseWriter).Flush()
}

// Flush is FlushError for those who do not want to know.
func (t *tap) Flush() { _ = t.FlushError() }

// Hijack hands over the connection, for WebSockets.
func (t *tap) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	c, rw, err := http.NewResponseController(t.ResponseWriter).Hijack()
	if err == nil {
		t.hijacked = true
		h := t.switching
		if h == nil {
			h = t.Header()
		}
		if !t.decided {
			t.decide(http.StatusSwitchingProtocols, h)
		}
	}
	return c, rw, err
}

// Unwrap lets http.ResponseController set deadlines.
func (t *tap) Unwrap() http.ResponseWriter { return t.ResponseWriter }

var (
	_ http.Hijacker = (*tap)(nil)
	_ http.Flusher  = (*tap)(nil)
)
