package network

import (
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

// foreign is a filtering proxy that knows nothing of d but its far side and its certificate authority: another door with filters of its own.
func foreign(t testing.TB, d *Door, filters ...Filter) *Door {
	t.Helper()
	p := listen(t, Options{})
	parent, err := url.Parse(d.FarURL())
	if err != nil {
		t.Fatal(err)
	}
	pass := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.Host, r.Out.URL.RawQuery = r.In.Host, r.In.URL.RawQuery
			r.Out.URL.Scheme, r.Out.URL.Host = "http", r.In.Host
			if r.In.TLS != nil {
				r.Out.URL.Scheme = "https"
			}
		},
		Transport: &http.Transport{Proxy: http.ProxyURL(parent), DisableKeepAlives: true, DisableCompression: true,
			TLSClientConfig: &tls.Config{RootCAs: d.Authority().Pool()}},
	}
	for _, host := range []string{"*.webex.com", "portal.acme.example"} {
		if err := p.Route(host, pass); err != nil {
			t.Fatal(err)
		}
	}
	p.Use(filters...)
	return p
}

// beyond asks the site through a foreign proxy.
func beyond(t testing.TB, h http.HandlerFunc, filters []Filter, address string, header ...string) (filtered, *Door) {
	t.Helper()
	g := NewWithT(t)
	var f filtered
	d := listen(t, Options{})
	g.Expect(d.Route("acme.webex.com", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.asked = r.Header.Clone()
		h(w, r)
	}))).To(Succeed())
	p := foreign(t, d, filters...)
	l := d.Begin("beyond")
	g.Expect(d.Through(Proxy{Name: "Sieve 1.0", URL: p.ProxyURL(), CA: p.Authority().PEM()})).To(Succeed())
	f.response, f.body = get(t, browser(t, d), address, header...)
	g.Expect(l.Exchanges()).To(HaveLen(1), "both sides are one exchange")
	f.exchange = finished(t, l, "/x")
	return f, d
}

func TestAForeignProxyThatChangesNothing(t *testing.T) {
	for _, scheme := range []string{"https", "http"} {
		g := NewWithT(t)
		f, _ := beyond(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Set-Cookie", "ticket=new")
			w.Header()["P3P"] = []string{`CP="CAO"`} // as sites write it
			body, _ := io.ReadAll(r.Body)
			io.WriteString(w, "hello "+r.Host+r.URL.String()+string(body))
		}, nil, scheme+"://acme.webex.com/x?a=b", "Cookie", "ticket=old")
		g.Expect(f.body).To(Equal("hello acme.webex.com/x?a=b"))
		g.Expect(f.asked.Get("Cookie")).To(Equal("ticket=old"))
		g.Expect(f.asked).NotTo(HaveKey(chainHeader))
		g.Expect(f.asked.Get(RequestIDHeader)).To(Equal("1"), "whatever the proxy made of it")
		x := f.exchange
		g.Expect(x.Filters).To(BeEmpty())
		g.Expect(x.AnsweredBy).To(BeEmpty())
		g.Expect(x.Reached).To(BeNil())
		g.Expect(x.Delivered).To(BeNil())
		g.Expect(cookieNames(x.Offered)).To(Equal([]string{"ticket"}))
	}
}

func TestAForeignProxyThatHasNoBodyToPassOnChangesNone(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	g.Expect(d.Route("acme.webex.com", saying("hello"))).To(Succeed())
	l := d.Begin("no body")
	g.Expect(d.Through(Proxy{Name: "Sieve 1.0", URL: foreign(t, d).ProxyURL()})).To(Succeed())
	res, err := browser(t, d).Head("http://acme.webex.com/x")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(res.Body.Close()).To(Succeed())
	g.Expect(finished(t, l, "/x").Filters).To(BeEmpty())
}

func TestAForeignProxyIsAskedForTheQueryLetterForLetter(t *testing.T) {
	const query = "b=1;c=2&discount=100%"
	f, _ := beyond(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.URL.RawQuery) }, nil, "https://acme.webex.com/x?"+query)
	NewWithT(t).Expect(f.body).To(Equal(query))
}

func TestTheWorkOfAForeignProxyIsItsOwn(t *testing.T) {
	g := NewWithT(t)
	f, d := beyond(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Set-Cookie"] = []string{"ticket=new; SameSite=None; Secure"}
		w.Header().Set("P3P", `CP="CAO"`)
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<p>Hi<object>")
	}, []Filter{RemoveP3P{}, RewriteSameSite{SameSiteLax}, StripAllCookies{OnRequest}, BlockActiveX{}}, "https://acme.webex.com/x", "Cookie", "ticket=old")
	x := f.exchange
	g.Expect(f.body).To(Equal("<p>Hi"))
	g.Expect(cookieNames(x.Returned)).To(Equal([]string{"ticket"}))
	g.Expect(x.Reached).To(Equal([]Cookie{}))
	g.Expect(x.Offered).To(Equal([]Cookie{{Name: "ticket", Fingerprint: d.prints.of("new"), SameSite: http.SameSiteNoneMode, Secure: true}}))
	g.Expect(x.Delivered).To(Equal([]Cookie{{Name: "ticket", Fingerprint: d.prints.of("new"), SameSite: http.SameSiteLaxMode, Secure: true}}))
	g.Expect(x.Filters).To(Equal([]string{
		"Sieve 1.0: removed ticket in the request",
		"Sieve 1.0: changed ticket (SameSite None to Lax) in the answer",
		"Sieve 1.0: removed P3p",
		"Sieve 1.0: changed the body",
	}))
	g.Expect(x.AnsweredBy).To(BeEmpty())
}

func TestAForeignProxyThatAnswersItself(t *testing.T) {
	g := NewWithT(t)
	f, _ := beyond(t, offering("ticket=new"), []Filter{BlockJavaScript{}}, "https://acme.webex.com/x", "Sec-Fetch-Dest", "script", "Cookie", "ticket=old")
	x := f.exchange
	g.Expect(f.asked).To(BeNil())
	g.Expect(x.Status).To(Equal(http.StatusForbidden))
	g.Expect(x.AnsweredBy).To(Equal("Sieve 1.0"))
	g.Expect(x.Filters).To(Equal([]string{"Sieve 1.0: answered in the site's place"}))
	g.Expect(x.Reached).To(Equal([]Cookie{}), "nothing reached the site")
	g.Expect(x.Offered).To(BeEmpty())

	f, _ = beyond(t, page("text/javascript", "1"), []Filter{BlockJavaScript{}}, "https://acme.webex.com/x")
	g.Expect(f.asked).NotTo(BeNil())
	g.Expect(f.exchange.Filters).To(Equal([]string{
		"Sieve 1.0: answered 403 in place of the site's 200", "Sieve 1.0: changed Content-Type", "Sieve 1.0: changed the body"}))
}

func TestFiltersStandBetweenBrowserAndForeignProxy(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	g.Expect(d.Route("acme.webex.com", offering("a=1", "b=1"))).To(Succeed())
	p := foreign(t, d, StripAllCookies{OnRequest})
	l := d.Begin("both")
	d.Use(StripAllCookies{OnResponse})
	g.Expect(d.Through(Proxy{Name: "Sieve 1.0", URL: p.ProxyURL(), CA: p.Authority().PEM()})).To(Succeed())
	get(t, browser(t, d), "https://acme.webex.com/x", "Cookie", "a=1; b=1")
	x := finished(t, l, "/x")
	g.Expect(x.Reached).To(Equal([]Cookie{}))
	g.Expect(x.Filters).To(Equal([]string{
		"Sieve 1.0: removed a in the request", "Sieve 1.0: removed b in the request", "strip-all-cookies: removed a in the answer", "strip-all-cookies: removed b in the answer"}))
}

func TestAForeignProxyThatIsGone(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	g.Expect(d.Route("acme.webex.com", saying("here"))).To(Succeed())
	p := listen(t, Options{})
	g.Expect(p.Close()).To(Succeed())
	l := d.Begin("gone")
	g.Expect(d.Through(Proxy{Name: "Sieve 1.0", URL: p.ProxyURL(), CA: p.Authority().PEM()})).To(Succeed())
	res, text := get(t, browser(t, d), "https://acme.webex.com/x")
	g.Expect(res.StatusCode).To(Equal(http.StatusBadGateway))
	g.Expect(text).To(HavePrefix("cookiegate: Sieve 1.0 did not pass the request on: "))
	x := finished(t, l, "/x")
	g.Expect(x.Err).To(HavePrefix("Sieve 1.0: "))
	g.Expect(x.Filters).To(Equal([]string{"Sieve 1.0: gave no answer"}))

	d.Begin("next")
	_, text = get(t, browser(t, d), "https://acme.webex.com/x")
	g.Expect(text).To(Equal("here"), "the next case does not go through it")
}

func TestAForeignProxyThatDoesNotWaitForTheSiteAnswersInItsPlace(t *testing.T) {
	hang := func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	server := httptest.NewServer(http.HandlerFunc(hang))
	defer server.Close()
	for name, route := range map[string]func(*Door) error{
		"of a handler":   func(d *Door) error { return d.Route("acme.webex.com", http.HandlerFunc(hang)) },
		"of an upstream": func(d *Door) error { return d.Upstream("acme.webex.com", server.URL) },
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			d := listen(t, Options{})
			g.Expect(route(d)).To(Succeed())
			l := d.Begin("impatient")
			far, err := url.Parse(d.FarURL())
			g.Expect(err).NotTo(HaveOccurred())
			impatient := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				ctx, giveUp := context.WithCancel(r.Context())
				go func() {
					l.Wait(within(t), func(x Exchange) bool { return len(x.AtSite()) > 0 })
					giveUp()
				}()
				asked := r.Clone(ctx)
				asked.RequestURI = ""
				transport := &http.Transport{Proxy: http.ProxyURL(far), DisableKeepAlives: true}
				_, err := transport.RoundTrip(asked)
				g.Expect(err).To(MatchError(context.Canceled))
				w.WriteHeader(http.StatusGatewayTimeout)
			}))
			defer impatient.Close()
			g.Expect(d.Through(Proxy{Name: "Sieve 1.0", URL: impatient.URL})).To(Succeed())
			res, _ := get(t, browser(t, d), "http://acme.webex.com/x", "Cookie", "a=b")
			g.Expect(res.StatusCode).To(Equal(http.StatusGatewayTimeout))
			x := finished(t, l, "/x")
			g.Expect(x.Err).To(BeEmpty())
			g.Expect(x.AnsweredBy).To(Equal("Sieve 1.0"))
			g.Expect(x.Filters).To(Equal([]string{"Sieve 1.0: answered in the site's place"}))
		})
	}
}

func TestWhatAForeignProxyAsksForItselfIsRefused(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	g.Expect(d.Route("acme.webex.com", saying("here"))).To(Succeed())
	l := d.Begin("itself")
	far, err := url.Parse(d.FarURL())
	g.Expect(err).NotTo(HaveOccurred())
	c := &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(far), DisableKeepAlives: true}}
	for _, address := range []string{"http://acme.webex.com/update", "http://unknown.example/"} {
		res, _ := get(t, c, address)
		g.Expect(res.StatusCode).To(Equal(http.StatusForbidden))
	}
	g.Expect(l.Exchanges()).To(HaveLen(2))
	g.Expect(l.Exchanges()[0].Refused).To(BeTrue())
	g.Expect(l.Exchanges()[0].Err).To(ContainSubstring("on its own account"))
}

func TestServersDoNotAskThroughTheForeignProxy(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	g.Expect(d.Route("acme.webex.com", saying("here"))).To(Succeed())
	d.Begin("server")
	g.Expect(d.Through(Proxy{Name: "Sieve 1.0", URL: "http://127.0.0.1:1"})).To(Succeed())
	_, text := get(t, d.Client(), "https://acme.webex.com/x")
	g.Expect(text).To(Equal("here"))
}

func TestProxiesElsewhereAreRefused(t *testing.T) {
	d := listen(t, Options{})
	for _, u := range []string{"http://192.0.2.1:3128", "http://proxy.example:3128", "https://127.0.0.1:3128", "http://127.0.0.1", "127.0.0.1:3128", ":"} {
		NewWithT(t).Expect(d.Through(Proxy{Name: "Sieve 1.0", URL: u})).To(MatchError(ContainSubstring("proxy Sieve 1.0")), u)
	}
}

func TestAProxysAuthorityMustBeOne(t *testing.T) {
	d := listen(t, Options{})
	err := d.Through(Proxy{Name: "Sieve 1.0", URL: "http://127.0.0.1:1", CA: []byte("nonsense")})
	NewWithT(t).Expect(err).To(MatchError(ContainSubstring("not a PEM certificate")))
}

func TestLongBodiesPassAForeignProxyWhole(t *testing.T) {
	g := NewWithT(t)
	long := strings.Repeat("0123456789abcdef", 1<<16)
	f, _ := beyond(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, long) }, nil, "https://acme.webex.com/x")
	g.Expect(f.body == long).To(BeTrue())
	g.Expect(f.exchange.Filters).To(BeEmpty())
}

func TestWebSocketsPassAForeignProxy(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	g.Expect(d.Route("acme.webex.com", http.HandlerFunc(echo))).To(Succeed())
	p := foreign(t, d)
	l := d.Begin("ws")
	g.Expect(d.Through(Proxy{Name: "Sieve 1.0", URL: p.ProxyURL(), CA: p.Authority().PEM()})).To(Succeed())
	c, _ := dial(t, d, "wss://acme.webex.com/x")
	defer c.CloseNow()
	g.Expect(c.Write(within(t), 1, []byte("hello"))).To(Succeed())
	_, data, err := c.Read(within(t))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(data)).To(Equal("hello"))
	g.Expect(l.End(within(t))).To(Succeed())
	g.Expect(finished(t, l, "/x").Filters).To(BeEmpty())
}

func TestAClientThatHangsUpAtOnceDoesNotHideWhatTheProxyDid(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	l := d.Begin("hangs up")
	x := &Exchange{Path: "/x"}
	l.begin(x)
	a := newAnswer(httptest.NewRecorder(), d, l, x)
	a.chain, _ = d.chained(&via{name: "Sieve 1.0"}, a, httptest.NewRequest("GET", "/x", nil))
	a.chain.siteAnswered(http.StatusOK, http.Header{})
	a.chain.siteGave([]byte("whole"))
	a.Write([]byte("half"))
	a.returned = true
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	a.finish(ctx)
	g.Expect(finished(t, l, "/x").Filters).To(ContainElement("Sieve 1.0: changed the body"))
}
