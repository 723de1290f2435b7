package network

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// browser is a client on the browsers' side. It offers HTTP/2, as browsers do.
func browser(t testing.TB, d *Door) *http.Client {
	t.Helper()
	proxy, err := url.Parse(d.ProxyURL())
	if err != nil {
		t.Fatal(err)
	}
	tr := &http.Transport{Proxy: http.ProxyURL(proxy), TLSClientConfig: &tls.Config{RootCAs: d.Authority().Pool()}, ForceAttemptHTTP2: true}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func TestAnExchangeIsRecordedOnBothSides(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	var id string
	g.Expect(d.Route("acme.webex.com", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id = r.Header.Get(RequestIDHeader)
		w.Header().Add("Set-Cookie", `ticket="abc="; Version=1; Domain=webex.com; Path=/; Secure`)
		w.Header().Add("Set-Cookie", "old=; Max-Age=0")
		w.Header().Set("Location", "https://portal.acme.example/back?TK=geheim")
		w.WriteHeader(http.StatusFound)
	}))).To(Succeed())
	l := d.Begin("redirect")
	res, _ := get(t, browser(t, d), "https://acme.webex.com/acme/p.php?AT=LI&PW=geheim",
		"Cookie", "a=1; a=2; secret=geheim", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "iframe",
		"Referer", "https://portal.acme.example/secret/path", "Origin", "https://portal.acme.example")
	g.Expect(res.Header["Set-Cookie"]).To(HaveLen(2))
	g.Expect(res.Header.Get("Location")).To(HaveSuffix("TK=geheim"), "only the record is redacted")

	x := finished(t, l, "/acme/p.php")
	g.Expect(x.ID).To(Equal(1))
	g.Expect(id).To(Equal("1"))
	g.Expect(x.Method).To(Equal("GET"))
	g.Expect(x.URL).To(Equal("https://acme.webex.com/acme/p.php?AT=LI&PW=***"))
	g.Expect(x.Host).To(Equal("acme.webex.com"))
	g.Expect([]string{x.FetchSite, x.FetchMode, x.FetchDest}).To(Equal([]string{"cross-site", "navigate", "iframe"}))
	g.Expect(x.Referer).To(Equal("https://portal.acme.example"))
	g.Expect(x.Origin).To(Equal("https://portal.acme.example"))
	g.Expect(x.Status).To(Equal(302))
	g.Expect(x.Location).To(Equal("https://portal.acme.example/back?TK=***"))
	g.Expect(x.Returned).To(Equal([]Cookie{
		{Name: "a", Fingerprint: d.prints.of("1")}, {Name: "a", Fingerprint: d.prints.of("2")}, {Name: "secret", Fingerprint: d.prints.of("geheim")},
	}))
	g.Expect(x.Offered).To(Equal([]Cookie{
		{Name: "ticket", Fingerprint: d.prints.of(`"abc="`), Domain: "webex.com", Path: "/", Secure: true},
		{Name: "old", Persistent: true, Deletes: true},
	}))
	g.Expect(x.Refused || x.Own || x.Server).To(BeFalse())
	g.Expect(x.Err).To(BeEmpty())
	g.Expect(fmt.Sprintf("%+v", x)).NotTo(ContainSubstring("geheim"))
}

func TestPlainHTTPIsProxiedAsWell(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	g.Expect(d.Route("portal.acme.example", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s %s %v", r.Host, r.URL, r.TLS != nil)
	}))).To(Succeed())
	l := d.Begin("plain")
	_, text := get(t, browser(t, d), "http://portal.acme.example/a%2Fb?x=1")
	g.Expect(text).To(Equal("portal.acme.example /a%2Fb?x=1 false"))
	g.Expect(finished(t, l, "/a/b").URL).To(Equal("http://portal.acme.example/a%2Fb?x=1"))
}

func TestBrowsersGetHTTP2AndMayGoWithout(t *testing.T) {
	for _, o := range []Options{{}, {HTTP1: true}} {
		g := NewWithT(t)
		d := listen(t, o)
		g.Expect(d.Route("acme.webex.com", saying("here"))).To(Succeed())
		res, text := get(t, browser(t, d), "https://acme.webex.com/")
		g.Expect(text).To(Equal("here"))
		g.Expect(res.ProtoMajor == 2).To(Equal(!o.HTTP1))
	}
}

func TestUnknownHostsAreRefusedAndRecorded(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	g.Expect(d.Route("acme.webex.com", saying("here"))).To(Succeed())
	l := d.Begin("refused")
	c := browser(t, d)
	_, err := c.Get("https://cdn.example/lib.js")
	g.Expect(err).To(MatchError(ContainSubstring("Forbidden")))
	_, err = c.Get("https://acme.webex.com:8443/")
	g.Expect(err).To(HaveOccurred(), "a port that is not routed")
	res, text := get(t, c, "http://detectportal.firefox.com/success.txt")
	g.Expect(res.StatusCode).To(Equal(http.StatusForbidden))
	g.Expect(text).To(ContainSubstring("detectportal.firefox.com:80 was refused, because there is no route for it"))

	xs := l.Exchanges()
	g.Expect(xs).To(HaveLen(3))
	for _, x := range xs {
		g.Expect(x.Refused).To(BeTrue())
		g.Expect(x.Status).To(Equal(http.StatusForbidden))
	}
	g.Expect([]string{xs[0].Host, xs[1].Host, xs[2].Host}).To(Equal([]string{"cdn.example", "acme.webex.com:8443", "detectportal.firefox.com"}))
	g.Expect([]bool{xs[0].Own, xs[1].Own, xs[2].Own}).To(Equal([]bool{false, false, true}))
}

func TestAFaviconIsTheBrowsersOwn(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	g.Expect(d.Route("acme.webex.com", http.NotFoundHandler())).To(Succeed())
	l := d.Begin("favicon")
	get(t, browser(t, d), "https://acme.webex.com/favicon.ico")
	x := finished(t, l, "/favicon.ico")
	g.Expect(x.Own).To(BeTrue())
	g.Expect(x.Refused).To(BeFalse())
}

func TestATunnelServesOnlyTheHostItWasOpenedFor(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	g.Expect(d.Route("*.webex.com", saying("here"))).To(Succeed())
	c := connectRaw(t, d, "acme.webex.com:443")
	secure := tls.Client(c, &tls.Config{RootCAs: d.Authority().Pool(), ServerName: "acme.webex.com"})
	fmt.Fprint(secure, "GET / HTTP/1.1\r\nHost: beta.webex.com\r\n\r\n")
	res, err := http.ReadResponse(bufio.NewReader(secure), nil)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(res.StatusCode).To(Equal(http.StatusMisdirectedRequest))
	g.Expect(body(t, res)).To(ContainSubstring("beta.webex.com:443 was asked for in a tunnel to acme.webex.com:443"))
}

func TestPlainHTTPInATunnel(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	g.Expect(d.Route("acme.webex.com", saying("here"))).To(Succeed())
	l := d.Begin("ws://")
	c := connectRaw(t, d, "acme.webex.com:80")
	fmt.Fprint(c, "GET /plain HTTP/1.1\r\nHost: acme.webex.com\r\n\r\n")
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(body(t, res)).To(Equal("here"))
	g.Expect(finished(t, l, "/plain").URL).To(Equal("http://acme.webex.com/plain"))
}

// connectRaw opens a tunnel by hand.
func connectRaw(t testing.TB, d *Door, target string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(d.ProxyURL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	fmt.Fprintf(c, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n", target, target)
	line, err := bufio.NewReaderSize(io.LimitReader(c, int64(len("HTTP/1.1 200 Connection established\r\n\r\n"))), 64).ReadString('\n')
	if err != nil || !strings.Contains(line, " 200 ") {
		t.Fatalf("%q, %v", line, err)
	}
	return c
}

func TestMalformedRequestsAreAnsweredWithWhatWasExpected(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	for request, want := range map[string]string{
		"CONNECT a..b:443 HTTP/1.1\r\nHost: a..b:443\r\n\r\n":                  "400 Bad Request",
		"CONNECT acme.webex.com:0 HTTP/1.1\r\nHost: acme.webex.com:0\r\n\r\n":  "400 Bad Request",
		"GET https://acme.webex.com/ HTTP/1.1\r\nHost: acme.webex.com\r\n\r\n": "400 Bad Request",
		"GET ftp://acme.webex.com/ HTTP/1.1\r\nHost: acme.webex.com\r\n\r\n":   "400 Bad Request",
		"GET /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n":                     "404 Not Found",
	} {
		c, err := net.Dial("tcp", strings.TrimPrefix(d.ProxyURL(), "http://"))
		g.Expect(err).NotTo(HaveOccurred())
		fmt.Fprint(c, request)
		res, err := http.ReadResponse(bufio.NewReader(c), nil)
		g.Expect(err).NotTo(HaveOccurred(), request)
		g.Expect(res.Status).To(Equal(want), request)
		body(t, res)
		c.Close()
	}
}

func TestACaseKeepsWhatBeganInIt(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	release := make(chan struct{})
	g.Expect(d.Route("acme.webex.com", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			<-release
		}
	}))).To(Succeed())
	c := browser(t, d)
	get(t, c, "https://acme.webex.com/before") // belongs to no case
	first := d.Begin("first")
	var slow sync.WaitGroup
	slow.Go(func() { get(t, c, "https://acme.webex.com/slow") })
	_, err := first.Wait(within(t), func(x Exchange) bool { return x.Path == "/slow" })
	g.Expect(err).NotTo(HaveOccurred())
	second := d.Begin("second")
	get(t, c, "https://acme.webex.com/next")
	g.Expect(first.InFlight()).To(Equal(1))
	close(release)
	slow.Wait()
	g.Expect(first.End(within(t))).To(Succeed())
	get(t, c, "https://acme.webex.com/more")
	g.Expect(second.End(within(t))).To(Succeed())
	get(t, browser(t, d), "https://acme.webex.com/after")

	g.Expect(paths(first)).To(Equal([]string{"/slow"}))
	g.Expect(paths(second)).To(Equal([]string{"/next", "/more"}))
	g.Expect(second.Exchanges()[0].ID).To(Equal(1))
}

func paths(l *Ledger) (out []string) {
	for _, x := range l.Exchanges() {
		out = append(out, x.Path)
	}
	return out
}

func TestTheEndOfACaseCutsItsConnections(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	gone := make(chan struct{})
	g.Expect(d.Route("acme.webex.com", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/hangs" {
			w.(http.Flusher).Flush()
			<-r.Context().Done()
			close(gone)
		}
	}))).To(Succeed())
	l := d.Begin("hangs")
	res, err := browser(t, d).Get("https://acme.webex.com/hangs")
	g.Expect(err).NotTo(HaveOccurred())
	defer res.Body.Close()
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errors.New("out of time"))
	g.Expect(l.End(ctx)).To(MatchError(And(ContainSubstring("GET https://acme.webex.com/hangs"), ContainSubstring("out of time"))))
	<-gone
	_, err = io.ReadAll(res.Body)
	g.Expect(err).To(HaveOccurred(), "half an answer must not look like a whole one")
	g.Expect(l.Exchanges()[0].Err).To(ContainSubstring("cut"))
	d.mu.Lock()
	defer d.mu.Unlock()
	g.Expect(d.conns).To(BeEmpty())
}

func TestWhatAHandlerDoesWrongIsOnRecord(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	g.Expect(d.Route("acme.webex.com", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { panic("oops") }))).To(Succeed())
	l := d.Begin("panic")
	_, err := browser(t, d).Get("https://acme.webex.com/panics")
	g.Expect(err).To(HaveOccurred())
	x := finished(t, l, "/panics")
	g.Expect(x.Status).To(BeZero())
	g.Expect(x.Err).To(Equal("the handler gave up"))
}

func TestAClientThatDoesNotTrustUsIsOnRecord(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	g.Expect(d.Route("acme.webex.com", saying("here"))).To(Succeed())
	l := d.Begin("untrusted")
	c := browser(t, d)
	c.Transport.(*http.Transport).TLSClientConfig = &tls.Config{}
	_, err := c.Get("https://acme.webex.com/")
	g.Expect(err).To(HaveOccurred())
	x, err := l.Wait(within(t), func(x Exchange) bool { return x.Method == http.MethodConnect })
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(x.Err).To(ContainSubstring("does the client trust"))
}

func TestServersAskThroughTheDoor(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	g.Expect(d.Route("acme.webex.com", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "ticket", Value: "x", Secure: true})
	}))).To(Succeed())
	for i := range 3 {
		l := d.Begin("server")
		c := *d.Client()
		c.Jar, _ = cookiejar.New(nil)
		for range 2 {
			res, err := c.Post("https://acme.webex.com/p", "text/plain", strings.NewReader("x"))
			g.Expect(err).NotTo(HaveOccurred(), "case %d", i)
			res.Body.Close()
		}
		g.Expect(l.End(within(t))).To(Succeed())
		xs := l.Exchanges()
		g.Expect(xs).To(HaveLen(2))
		g.Expect(xs[0].Server && xs[1].Server).To(BeTrue())
		g.Expect(xs[0].Returned).To(BeEmpty())
		g.Expect(xs[1].Returned).To(HaveLen(1))
	}
	g.Expect(d.Client().Jar).To(BeNil())
}

func TestAClosedDoorIsClosed(t *testing.T) {
	g := NewWithT(t)
	d, err := Listen(Options{})
	g.Expect(err).NotTo(HaveOccurred())
	started := make(chan struct{})
	g.Expect(d.Route("acme.webex.com", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(started)
		<-r.Context().Done()
	}))).To(Succeed())
	l := d.Begin("close")
	idle := connectRaw(t, d, "acme.webex.com:443")
	var hanging sync.WaitGroup
	hanging.Go(func() { browser(t, d).Get("https://acme.webex.com/") })
	<-started
	g.Expect(d.CAFile()).To(BeAnExistingFile())
	g.Expect(d.Close()).To(Succeed())
	g.Expect(d.Close()).To(Succeed())
	hanging.Wait()
	g.Expect(l.InFlight()).To(BeZero())
	_, err = idle.Read(make([]byte, 1))
	g.Expect(err).To(HaveOccurred())
	_, err = net.DialTimeout("tcp", strings.TrimPrefix(d.ProxyURL(), "http://"), time.Second)
	g.Expect(err).To(HaveOccurred())
	_, err = os.Stat(d.CAFile())
	g.Expect(err).To(MatchError(os.ErrNotExist))
	g.Expect(d.Begin("late").Quiet(within(t), time.Millisecond)).To(Succeed())
}

func TestTheDoorOpensOnLoopbackOnly(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "example.com:0", "nonsense"} {
		_, err := Listen(Options{Address: addr})
		NewWithT(t).Expect(err).To(HaveOccurred(), addr)
	}
}

func TestTheAuthoritysFileIsFoundFromElsewhere(t *testing.T) {
	g := NewWithT(t)
	t.Chdir(t.TempDir())
	g.Expect(os.Mkdir("temporary", 0o755)).To(Succeed())
	t.Setenv("TMPDIR", "temporary")
	d := listen(t, Options{})
	t.Chdir("/")
	g.Expect(d.CAFile()).To(BeARegularFile())
}

func TestTheDoorsOwnFiles(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	g.Expect(d.PAC()).To(ContainSubstring("if (false)"))
	for _, p := range []string{"*.webex.com", "portal.acme.example:8443"} {
		g.Expect(d.Route(p, saying(""))).To(Succeed())
	}
	res, pac := get(t, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, d.ProxyURL()+"/proxy.pac")
	g.Expect(res.Header.Get("Content-Type")).To(Equal("application/x-ns-proxy-autoconfig"))
	g.Expect(pac).To(Equal(`function FindProxyForURL(url, host) {
  host = host.toLowerCase();
  if (dnsDomainIs(host, ".webex.com") ||
      host == "portal.acme.example")
    return "PROXY ` + strings.TrimPrefix(d.ProxyURL(), "http://") + `";
  return "DIRECT";
}
`))
	_, pem := get(t, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, d.ProxyURL()+"/ca.pem")
	onDisk, err := os.ReadFile(d.CAFile())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(pem).To(Equal(string(onDisk)))
}

func TestHalfAnAnswerDoesNotLookLikeAWholeOne(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	g.Expect(d.Route("acme.webex.com", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}))).To(Succeed())
	l := d.Begin("half")
	res, err := browser(t, d).Get("https://acme.webex.com/")
	g.Expect(err).NotTo(HaveOccurred())
	defer res.Body.Close()
	l.cancel() // and the connection stays
	_, err = io.ReadAll(res.Body)
	g.Expect(err).To(HaveOccurred())
}
