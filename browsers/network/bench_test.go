package network

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// BenchmarkDoor reports what a request through the door costs against the same request straight to a TLS server with the same handler,
// both over connections that are open already: "door/straight".
func BenchmarkDoor(b *testing.B) {
	page := saying("<!doctype html><title>Acme</title>")
	straight := httptest.NewTLSServer(page)
	defer straight.Close()
	d := listen(b, Options{HTTP1: true})
	if err := d.Route("acme.webex.com", page); err != nil {
		b.Fatal(err)
	}
	l := d.Begin("bench")
	defer l.End(within(b))
	through := browser(b, d)
	ask := func(c *http.Client, url string) { get(b, c, url, "Cookie", "ticket=abc") }
	ask(through, "https://acme.webex.com/")
	ask(straight.Client(), straight.URL)
	var door, direct stopwatch
	for b.Loop() {
		door.time(func() { ask(through, "https://acme.webex.com/") })
		direct.time(func() { ask(straight.Client(), straight.URL) })
	}
	b.ReportMetric(door.total.Seconds()/direct.total.Seconds(), "door/straight")
}

// stopwatch adds up what it is told to time.
type stopwatch struct{ total time.Duration }

func (s *stopwatch) time(f func()) {
	start := time.Now()
	f()
	s.total += time.Since(start)
}
