package drivertest

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/browsers/policy"
)

// patience is what a step may take at most. It is no measure of speed: a busy machine is no failure.
const patience = 60 * time.Second

// The two sites of the table.
const (
	top   = "https://top.example"
	third = "https://third.example"
)

// world is two sites behind a front door. What is asked of them is remembered.
type world struct {
	door *network.Door

	mu    sync.Mutex
	asked []string // "third.example /path?query cookie=value"
	more  chan struct{}
}

func newWorld(t *testing.T) *world {
	t.Helper()
	door, err := network.Listen(network.Options{})
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { _ = door.Close() })
	return &world{door: door, more: make(chan struct{})}
}

// serve answers for both sites.
func (w *world) serve(t *testing.T, handlers map[string]http.HandlerFunc) {
	t.Helper()
	w.forget()
	w.door.ClearRoutes()
	for _, host := range []string{"top.example", "third.example"} {
		NewWithT(t).Expect(w.door.Route(host, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/favicon.ico" { // which a browser asks for when it likes
				w.note(fmt.Sprintf("%s %s %s", host, r.URL, r.Header.Get("Cookie")))
			}
			rw.Header().Set("Cache-Control", "no-store")
			h := handlers[r.URL.Path]
			if h == nil {
				http.NotFound(rw, r)
				return
			}
			h(rw, r)
		}))).To(Succeed())
	}
}

func (w *world) note(asked string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, asked)
	close(w.more)
	w.more = make(chan struct{})
}

// html answers with a document.
func html(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!doctype html><title>A page</title>", body)
	}
}

// setting sets cookies and goes on.
func setting(next http.HandlerFunc, cookies ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, c := range cookies {
			w.Header().Add("Set-Cookie", c)
		}
		next(w, r)
	}
}

// wait returns when a request has come that satisfies match, at once when it has come already.
func (w *world) wait(ctx context.Context, match func(string) bool) error {
	for {
		w.mu.Lock()
		more := w.more
		for _, a := range w.asked {
			if match(a) {
				w.mu.Unlock()
				return nil
			}
		}
		w.mu.Unlock()
		select {
		case <-more:
		case <-ctx.Done():
			return fmt.Errorf("not asked for; asked were %q: %w", w.requests(), context.Cause(ctx))
		}
	}
}

func (w *world) requests() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.asked...)
}

func (w *world) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = nil
}

// launch starts a browser under a policy, and the test is skipped where its engine says that it cannot.
func (w *world) launch(t *testing.T, d browsers.Driver, p policy.Policy, persistent bool) (browsers.Browser, string) {
	t.Helper()
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	b, err := d.Launch(ctx, browsers.LaunchOptions{Policy: p, Proxy: w.door.ProxyURL(), Dir: dir, Persistent: persistent})
	if browsers.IsNotAvailable(err) {
		t.Skip(err)
	}
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { NewWithT(t).Expect(b.Close()).To(Succeed()) })
	return b, dir
}

// temporary makes a folder for temporary files, in which goes what a browser leaves outside the folder that it is given. Its name is short, for a
// socket's cannot be long.
func temporary(t *testing.T) string {
	t.Helper()
	_ = t.TempDir() // what the test itself wants lies elsewhere
	dir, err := os.MkdirTemp("", "")
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { NewWithT(t).Expect(os.RemoveAll(dir)).To(Succeed()) })
	t.Setenv("TMPDIR", dir)
	return dir
}

// person is a session with a test to report to.
type person struct {
	browsers.Session
	t *testing.T
}

func newPerson(t *testing.T, b browsers.Browser, o browsers.SessionOptions) person {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	s, err := b.NewSession(ctx, o)
	if browsers.IsNotAvailable(err) {
		t.Skip(err)
	}
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { _ = s.Close() })
	return person{s, t}
}

// does does steps, and the test ends with the first that fails.
func (p person) does(steps ...browsers.Step) {
	p.t.Helper()
	for _, step := range steps {
		ctx, cancel := context.WithTimeout(p.t.Context(), patience)
		err := p.Do(ctx, step)
		cancel()
		NewWithT(p.t).Expect(err).NotTo(HaveOccurred())
	}
}
