package webkit

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/process"
)

// dying is a session whose browser process dies before its start is over, between two answers of its driver.
func dying(t *testing.T) *Session {
	g := NewWithT(t)
	driver, _, err := process.Start(t.Context(), process.Options{Path: "/bin/sh", Args: []string{"-c", "sleep 1000 & echo started; wait; sleep 1000"}},
		func(line string) (string, bool) { return "", line == "started" })
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(driver.Close()).To(Succeed()) })
	answers := http.NewServeMux()
	answers.HandleFunc("POST /session", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"value": {"sessionId": "1"}}`) })
	answers.HandleFunc("GET /session/1/window/handles", func(w http.ResponseWriter, _ *http.Request) {
		child, _ := process.Child(driver.PID())
		if p, err := os.FindProcess(child); err == nil {
			_ = p.Kill()
		}
		<-process.Gone(child)
		fmt.Fprint(w, `{"value": ["first"]}`)
	})
	server := httptest.NewServer(answers)
	t.Cleanup(server.Close)
	s := &Session{
		browser: &Browser{done: make(chan struct{}), sessions: map[*Session]bool{}}, driver: driver, wire: newWire(server.URL), tabs: map[string]string{},
	}
	t.Cleanup(s.wire.http.CloseIdleConnections)
	s.alive, s.end = context.WithCancelCause(context.Background())
	return s
}

func TestABrowserThatDiesWhileItIsStartedIsMissed(t *testing.T) {
	g := NewWithT(t)
	s := dying(t)
	_ = s.startBrowser(t.Context(), browsers.SessionOptions{}) // which may notice, or not
	g.Eventually(s.browser.Done()).Should(BeClosed())
}

func TestTheDriverOfABrowserThatDiedEndsWithTheScreen(t *testing.T) {
	g := NewWithT(t)
	s := dying(t)
	s.browser.sessions[s] = true
	_ = s.startBrowser(t.Context(), browsers.SessionOptions{})
	g.Eventually(s.browser.Done()).Should(BeClosed())
	g.Expect(s.driver.Done()).NotTo(BeClosed())
	g.Expect(s.browser.Close()).To(Succeed())
	g.Expect(s.driver.Done()).To(BeClosed())
}
