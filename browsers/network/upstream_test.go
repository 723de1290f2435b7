package network

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"
	. "github.com/onsi/gomega"
)

func TestAnUpstreamSeesTheNameThatWasAskedFor(t *testing.T) {
	for name, start := range map[string]func(http.Handler) *httptest.Server{"http": httptest.NewServer, "https": httptest.NewTLSServer} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			s := start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				fmt.Fprintln(w, r.Host, r.URL, r.Header.Get("X-Forwarded-Proto"), r.Header.Get("X-Forwarded-Host"), r.Header.Get("X-Request-Id"), r.Header.Get("Cookie"))
			}))
			defer s.Close()
			d := listen(t, Options{})
			g.Expect(d.Upstream("portal.acme.example", s.URL)).To(Succeed())
			d.Begin("upstream")
			_, text := get(t, browser(t, d), "https://portal.acme.example/a?b=c", "Cookie", "a=b", "X-Forwarded-Host", "forged")
			g.Expect(text).To(Equal("portal.acme.example /a?b=c https portal.acme.example 1 a=b\n"))
			_, text = get(t, browser(t, d), "http://portal.acme.example/")
			g.Expect(text).To(Equal("portal.acme.example / http portal.acme.example 2 \n"))
		})
	}
}

func TestNothingLeavesTheMachine(t *testing.T) {
	d := listen(t, Options{})
	for _, target := range []string{"http://192.0.2.1:80", "https://example.com", "http://0.0.0.0:3000", "ftp://127.0.0.1", "127.0.0.1:3000", "http://u:p@127.0.0.1", "http://127.0.0.1/?x=1", "::"} {
		NewWithT(t).Expect(d.Upstream("portal.acme.example", target)).To(MatchError(ContainSubstring("upstream of portal.acme.example")), target)
	}
	_, err := newUpstreams().RoundTrip(httptest.NewRequest("GET", "http://192.0.2.1/", nil))
	NewWithT(t).Expect(err).To(MatchError(ContainSubstring("not a loopback address")), "also when a name resolves to it")
}

func TestAnUpstreamThatIsDown(t *testing.T) {
	g := NewWithT(t)
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	d := listen(t, Options{})
	g.Expect(d.Upstream("portal.acme.example", s.URL)).To(Succeed())
	l := d.Begin("down")
	res, text := get(t, browser(t, d), "https://portal.acme.example/x")
	g.Expect(res.StatusCode).To(Equal(http.StatusBadGateway))
	g.Expect(text).To(ContainSubstring("portal.acme.example is routed to a server on this machine that does not answer"))
	g.Expect(finished(t, l, "/x").Err).To(HavePrefix("upstream: "))
}

// portal is a server that answers each connection's first request letter for letter, and then closes, whatever it said.
func portal(t testing.TB, answer string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if _, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
				io.WriteString(c, answer)
			}
			c.Close()
		}
	}()
	return "http://" + l.Addr().String()
}

func TestAnUpstreamThatBreaksOffIsOnRecord(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	g.Expect(d.Upstream("portal.acme.example", portal(t, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf a page"))).To(Succeed())
	l := d.Begin("broken off")
	r, err := http.NewRequestWithContext(within(t), http.MethodGet, "https://portal.acme.example/x", nil)
	g.Expect(err).NotTo(HaveOccurred())
	res, err := browser(t, d).Do(r)
	g.Expect(err).NotTo(HaveOccurred())
	defer res.Body.Close()
	_, err = io.ReadAll(res.Body)
	g.Expect(err).To(HaveOccurred())
	g.Expect(finished(t, l, "/x").Err).To(Equal("upstream: unexpected EOF"))
}

func TestAnUpstreamThatDoesNotSayWhatItAnswersIsNotMadeToSayIt(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	u, err := ParseUpstream(portal(t, "HTTP/1.1 200 OK\r\nContent-Length: 28\r\n\r\n<meta charset=iso-8859-1>\xe4\xf6\xfc"))
	g.Expect(err).NotTo(HaveOccurred())
	h := d.reverseProxy(u).(*httputil.ReverseProxy)
	h.FlushInterval = 0 // header and body go together, as they do now and then
	g.Expect(d.Route("portal.acme.example", h)).To(Succeed())
	for _, scheme := range []string{"http", "https"} {
		res, _ := get(t, browser(t, d), scheme+"://portal.acme.example/x")
		g.Expect(res.Header).NotTo(HaveKey("Content-Type"))
	}
}

// A page that is left takes back what it had asked for.
func TestABrowserThatGivesUpIsNotTheFaultOfWhoWasToAnswer(t *testing.T) {
	for name, route := range map[string]func(d *Door, server string) error{
		"an upstream": func(d *Door, server string) error { return d.Upstream("acme.webex.com", server) },
		"a foreign proxy": func(d *Door, server string) error {
			if err := d.Route("acme.webex.com", saying("here")); err != nil {
				return err
			}
			return d.Through(Proxy{Name: "Sieve 1.0", URL: server})
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			ctx, giveUp := context.WithCancel(within(t))
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				giveUp()
				<-r.Context().Done()
			}))
			defer s.Close()
			d := listen(t, Options{})
			l := d.Begin("left")
			g.Expect(route(d, s.URL)).To(Succeed())
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://acme.webex.com/x", nil)
			g.Expect(err).NotTo(HaveOccurred())
			_, err = browser(t, d).Do(r)
			g.Expect(err).To(MatchError(context.Canceled))
			x := finished(t, l, "/x")
			g.Expect(x.Err).To(Equal(cutShort))
			g.Expect(x.Status).To(BeZero())
			g.Expect(x.AnsweredBy).To(BeEmpty())
			g.Expect(x.Filters).To(BeEmpty())
		})
	}
}

func TestAFormThatBreaksOffIsNotTheFaultOfWhoWasToReadIt(t *testing.T) {
	g := NewWithT(t)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) }))
	defer s.Close()
	d := listen(t, Options{})
	g.Expect(d.Upstream("acme.webex.com", s.URL)).To(Succeed())
	l := d.Begin("broken off")
	c, err := net.Dial("tcp", strings.TrimPrefix(d.ProxyURL(), "http://"))
	g.Expect(err).NotTo(HaveOccurred())
	defer c.Close()
	io.WriteString(c, "POST http://acme.webex.com/x HTTP/1.1\r\nHost: acme.webex.com\r\nContent-Length: 100\r\n\r\nhalf a form")
	g.Expect(c.(*net.TCPConn).CloseWrite()).To(Succeed())
	x := finished(t, l, "/x")
	g.Expect(x.Err).To(Equal(cutShort))
	g.Expect(x.Status).To(BeZero())
}

// A server closes a silent connection when it likes, Node after five seconds; what is asked over it at that moment finds nobody.
func TestAnUpstreamThatAnswersOnceAConnectionAnswersAll(t *testing.T) {
	g := NewWithT(t)
	var asked sync.Map
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, again := asked.LoadOrStore(r.RemoteAddr, true); again {
			panic(http.ErrAbortHandler)
		}
		io.Copy(w, r.Body)
	}))
	defer s.Close()
	d := listen(t, Options{})
	g.Expect(d.Upstream("portal.acme.example", s.URL)).To(Succeed())
	for range 2 {
		res, err := browser(t, d).Post("https://portal.acme.example/", "text/plain", strings.NewReader("form"))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(body(t, res)).To(Equal("form"))
	}
}

func TestAnUpstreamThatSwitchesToWhatNobodyAskedForIsOnRecordAsItWasAnswered(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	g.Expect(d.Upstream("portal.acme.example", portal(t, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\nSet-Cookie: a=b\r\n\r\n"))).To(Succeed())
	l := d.Begin("switch")
	res, _ := get(t, browser(t, d), "https://portal.acme.example/x")
	g.Expect(res.StatusCode).To(Equal(http.StatusBadGateway))
	x := finished(t, l, "/x")
	g.Expect(x.Status).To(Equal(http.StatusBadGateway))
	g.Expect(x.Offered).To(BeEmpty())
	g.Expect(x.Err).To(HavePrefix("upstream: "))
}

// streaming answers with one line, waits until it was read, and answers with the next.
func streaming(next <-chan struct{}) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for i := range 3 {
			fmt.Fprintf(w, "data: %d\n", i)
			http.NewResponseController(w).Flush()
			<-next
		}
	})
}

func TestBodiesStream(t *testing.T) {
	for _, behind := range []string{"handler", "upstream"} {
		t.Run(behind, func(t *testing.T) {
			g := NewWithT(t)
			next := make(chan struct{})
			d := listen(t, Options{})
			if behind == "handler" {
				g.Expect(d.Route("acme.webex.com", streaming(next))).To(Succeed())
			} else {
				s := httptest.NewServer(streaming(next))
				defer s.Close()
				g.Expect(d.Upstream("acme.webex.com", s.URL)).To(Succeed())
			}
			l := d.Begin("stream")
			res, err := browser(t, d).Get("https://acme.webex.com/events")
			g.Expect(err).NotTo(HaveOccurred())
			defer res.Body.Close()
			g.Expect(l.InFlight()).To(BeZero(), "a stream is not waited for")
			lines := bufio.NewReader(res.Body)
			for i := range 3 {
				line, err := lines.ReadString('\n')
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(line).To(Equal(fmt.Sprintf("data: %d\n", i)))
				next <- struct{}{}
			}
			_, err = lines.ReadByte()
			g.Expect(err).To(Equal(io.EOF))
		})
	}
}

func TestRequestBodiesStream(t *testing.T) {
	g := NewWithT(t)
	got := make(chan string)
	d := listen(t, Options{})
	g.Expect(d.Route("acme.webex.com", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		lines := bufio.NewReader(r.Body)
		for range 2 {
			line, _ := lines.ReadString('\n')
			got <- line
		}
	}))).To(Succeed())
	body, write := io.Pipe()
	done := make(chan error)
	go func() {
		res, err := browser(t, d).Post("https://acme.webex.com/", "text/plain", body)
		if err == nil {
			err = res.Body.Close()
		}
		done <- err
	}()
	for _, line := range []string{"a\n", "b\n"} {
		io.WriteString(write, line)
		g.Expect(<-got).To(Equal(line))
	}
	write.Close()
	g.Expect(<-done).To(Succeed())
}

func echo(w http.ResponseWriter, r *http.Request) {
	c, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return
	}
	defer c.CloseNow()
	for {
		kind, data, err := c.Read(r.Context())
		if err != nil {
			return
		}
		if err := c.Write(r.Context(), kind, data); err != nil {
			return
		}
	}
}

// dial opens a WebSocket as a browser does: over HTTP/1.1.
func dial(t testing.TB, d *Door, url string) (*websocket.Conn, *http.Response) {
	t.Helper()
	client := browser(t, d)
	client.Transport.(*http.Transport).ForceAttemptHTTP2 = false
	c, res, err := websocket.Dial(within(t), url, &websocket.DialOptions{HTTPClient: client})
	if err != nil {
		t.Fatal(err)
	}
	return c, res
}

func TestWebSocketsPass(t *testing.T) {
	for _, behind := range []string{"handler", "upstream"} {
		for _, scheme := range []string{"wss", "ws"} {
			t.Run(behind+" "+scheme, func(t *testing.T) {
				g := NewWithT(t)
				d := listen(t, Options{})
				if behind == "handler" {
					g.Expect(d.Route("acme.webex.com", http.HandlerFunc(echo))).To(Succeed())
				} else {
					s := httptest.NewServer(http.HandlerFunc(echo))
					defer s.Close()
					g.Expect(d.Upstream("acme.webex.com", s.URL)).To(Succeed())
				}
				l := d.Begin("ws")
				c, _ := dial(t, d, scheme+"://acme.webex.com/socket")
				defer c.CloseNow()
				g.Expect(c.Write(within(t), websocket.MessageText, []byte("hello"))).To(Succeed())
				_, data, err := c.Read(within(t))
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(string(data)).To(Equal("hello"))

				g.Expect(l.InFlight()).To(BeZero(), "an open socket is not waited for")
				g.Expect(l.Exchanges()[0].Status).To(Equal(http.StatusSwitchingProtocols))
				g.Expect(l.End(within(t))).To(Succeed())
				_, _, err = c.Read(within(t))
				g.Expect(err).To(HaveOccurred(), "the end of a case ends its sockets")
				x := finished(t, l, "/socket")
				g.Expect(x.Err).To(BeEmpty())
			})
		}
	}
}

func TestAnUpstreamIsAskedForTheQueryLetterForLetter(t *testing.T) {
	g := NewWithT(t)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.URL.RawQuery) }))
	defer s.Close()
	d := listen(t, Options{})
	g.Expect(d.Upstream("portal.acme.example", s.URL)).To(Succeed())
	for _, query := range []string{"b=1;c=2&a=3", "discount=100%&a=3", "b&a"} {
		_, text := get(t, browser(t, d), "https://portal.acme.example/?"+query)
		g.Expect(text).To(Equal(query))
	}
}
