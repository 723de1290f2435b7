package firefox

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// agent answers as Firefox's remote agent does: to its own name only, and each message in two pieces, with Nagle's algorithm on.
func agent(t testing.TB) (endpoint string) {
	var s *httptest.Server
	s = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if "http://"+r.Host != s.URL || r.URL.Path != "/session" || r.Header.Get("Upgrade") != "websocket" {
			http.Error(w, "Bad request", http.StatusBadRequest)
			return
		}
		c, b, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer c.Close()
		_ = c.(*net.TCPConn).SetNoDelay(false)
		fmt.Fprint(c, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
		for {
			line, err := b.ReadString('\n')
			if err != nil {
				return
			}
			fmt.Fprint(c, "re: ")
			fmt.Fprint(c, line)
		}
	}))
	t.Cleanup(s.Close)
	return strings.Replace(s.URL, "http:", "ws:", 1) + "/session"
}

// address is where somebody listens for endpoint.
func address(endpoint string) string {
	return strings.TrimSuffix(strings.TrimPrefix(endpoint, "ws://"), "/session")
}

// talk is a conversation with the agent at endpoint: what is said to it, it answers.
func talk(t testing.TB, endpoint string) func(string) (string, error) {
	c, err := net.Dial("tcp", address(endpoint))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	answers := bufio.NewReader(c)
	fmt.Fprintf(c, "GET /session HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", address(endpoint))
	answer, err := http.ReadResponse(answers, nil)
	if err != nil || answer.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("%s: %v, %v", endpoint, answer, err)
	}
	return func(said string) (string, error) {
		if _, err := io.WriteString(c, said+"\n"); err != nil {
			return "", err
		}
		answer, err := answers.ReadString('\n')
		return strings.TrimSpace(answer), err
	}
}

func TestTheRelayPassesOnWhatBothSayUntilTheBrowserIsGone(t *testing.T) {
	g := NewWithT(t)
	done := make(chan struct{})
	endpoint, err := relay(agent(t), done)
	g.Expect(err).NotTo(HaveOccurred())

	say := talk(t, endpoint)
	g.Expect(say("hello")).To(Equal("re: hello"))
	g.Expect(say("and again")).To(Equal("re: and again"))

	close(done)
	g.Eventually(func() error {
		c, err := net.Dial("tcp", address(endpoint))
		if err == nil {
			_ = c.Close()
		}
		return err
	}).Should(HaveOccurred(), "nobody listens any more")
}

// BenchmarkRelay compares an answer through the relay with one of the agent itself.
func BenchmarkRelay(b *testing.B) {
	endpoint := agent(b)
	relayed, err := relay(endpoint, b.Context().Done())
	if err != nil {
		b.Fatal(err)
	}
	asking := func(say func(string) (string, error)) time.Duration {
		start := time.Now()
		for range 10 {
			if _, err := say("hello"); err != nil {
				b.Fatal(err)
			}
		}
		return time.Since(start)
	}
	through, straight := talk(b, relayed), talk(b, endpoint)
	var with, without time.Duration
	for b.Loop() {
		with, without = with+asking(through), without+asking(straight)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(with)/float64(without), "relay/direct")
}
