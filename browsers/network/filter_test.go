package network

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

// filtered is what came of one request through filters, asked by a frame in the portal's page.
type filtered struct {
	exchange Exchange
	asked    http.Header // at the site; nil when the request did not get there
	response *http.Response
	body     string
}

// through asks the site in a frame of the portal's page. The site answers as h does.
func through(t testing.TB, h http.HandlerFunc, filters []Filter, header ...string) filtered {
	t.Helper()
	var f filtered
	d := listen(t, Options{})
	site := func(w http.ResponseWriter, r *http.Request) {
		f.asked = r.Header.Clone()
		h(w, r)
	}
	g := NewWithT(t)
	g.Expect(d.Route("acme.webex.com", http.HandlerFunc(site))).To(Succeed())
	g.Expect(d.Route("portal.acme.example", saying("portal"))).To(Succeed())
	l := d.Begin("filtered")
	d.Use(filters...)
	c := browser(t, d)
	get(t, c, "https://portal.acme.example/", "Sec-Fetch-Dest", "document")
	if !strings.Contains(strings.Join(header, " "), "Sec-Fetch-Dest") {
		header = append(header, "Sec-Fetch-Dest", "iframe", "Sec-Fetch-Site", "cross-site")
	}
	f.response, f.body = get(t, c, "https://acme.webex.com/frame", header...)
	f.exchange = finished(t, l, "/frame")
	return f
}

// offering answers with Set-Cookie headers.
func offering(lines ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { w.Header()["Set-Cookie"] = lines }
}

// page answers with a document of the type.
func page(kind, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", kind)
		io.WriteString(w, text)
	}
}

func cookieNames(cs []Cookie) []string {
	names := []string{}
	for _, c := range cs {
		names = append(names, c.Name)
	}
	return names
}

func TestStrippedCookies(t *testing.T) {
	frame := []string{"Sec-Fetch-Dest", "iframe", "Sec-Fetch-Site", "cross-site"}
	document := []string{"Sec-Fetch-Dest", "document", "Sec-Fetch-Site", "cross-site"}
	const gone, stays = false, true
	for _, c := range []struct {
		filter          Filter
		from            []string
		request, answer bool // whether the cookie gets through
	}{
		{StripThirdPartyCookies{OnBoth}, frame, gone, gone},
		{StripThirdPartyCookies{OnRequest}, frame, gone, stays},
		{StripThirdPartyCookies{OnResponse}, frame, stays, gone},
		{StripThirdPartyCookies{OnBoth}, document, stays, stays},
		{StripAllCookies{OnBoth}, document, gone, gone},
		{StripAllCookies{OnRequest}, frame, gone, stays},
		{StripAllCookies{OnResponse}, document, stays, gone},
	} {
		t.Run(fmt.Sprintf("%+v of %s", c.filter, c.from[1]), func(t *testing.T) {
			g := NewWithT(t)
			f := through(t, offering("ticket=new; Secure", "JSESSIONID=x"), []Filter{c.filter}, append(c.from, "Cookie", "ticket=old; a=b")...)
			x := f.exchange
			var notes []string
			g.Expect(cookieNames(x.Returned)).To(Equal([]string{"ticket", "a"}), "what the browser sent stays on record")
			g.Expect(cookieNames(x.Offered)).To(Equal([]string{"ticket", "JSESSIONID"}), "and what the site set")
			if c.request == stays {
				g.Expect(f.asked.Get("Cookie")).To(Equal("ticket=old; a=b"))
				g.Expect(x.Reached).To(BeNil())
				g.Expect(x.AtSite()).To(Equal(x.Returned))
			} else {
				g.Expect(f.asked["Cookie"]).To(BeEmpty())
				g.Expect(x.Reached).To(Equal([]Cookie{}))
				g.Expect(x.AtSite()).To(BeEmpty())
				notes = append(notes, c.filter.Name()+": removed ticket in the request", c.filter.Name()+": removed a in the request")
			}
			if c.answer == stays {
				g.Expect(f.response.Header["Set-Cookie"]).To(Equal([]string{"ticket=new; Secure", "JSESSIONID=x"}))
				g.Expect(x.Delivered).To(BeNil())
				g.Expect(x.AtBrowser()).To(Equal(x.Offered))
			} else {
				g.Expect(f.response.Header["Set-Cookie"]).To(BeEmpty())
				g.Expect(x.Delivered).To(Equal([]Cookie{}))
				notes = append(notes, c.filter.Name()+": removed ticket in the answer", c.filter.Name()+": removed JSESSIONID in the answer")
			}
			g.Expect(x.Filters).To(Equal(notes))
		})
	}
}

func TestWhereNothingTellsWhosePageItIsNothingIsStripped(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	g.Expect(d.Route("acme.webex.com", offering("ticket=x"))).To(Succeed())
	l := d.Begin("unknown")
	d.Use(StripThirdPartyCookies{OnBoth})
	res, _ := get(t, browser(t, d), "http://acme.webex.com/x", "Cookie", "a=b")
	g.Expect(res.Header["Set-Cookie"]).To(HaveLen(1))
	const note = "strip-third-party-cookies: left the cookies alone, because nothing tells whose page it is"
	g.Expect(finished(t, l, "/x").Filters).To(Equal([]string{note, note}))
}

func TestServersAskPastTheFilters(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	g.Expect(d.Route("acme.webex.com", offering("ticket=x"))).To(Succeed())
	l := d.Begin("server")
	d.Use(StripAllCookies{OnBoth})
	res, _ := get(t, d.Client(), "https://acme.webex.com/x")
	g.Expect(res.Header["Set-Cookie"]).To(HaveLen(1))
	g.Expect(finished(t, l, "/x").Filters).To(BeEmpty())
}

func TestFiltersAreOfOneCase(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	g.Expect(d.Route("acme.webex.com", offering("ticket=x"))).To(Succeed())
	d.Begin("one")
	d.Use(StripAllCookies{OnBoth})
	res, _ := get(t, browser(t, d), "https://acme.webex.com/")
	g.Expect(res.Header["Set-Cookie"]).To(BeEmpty())
	d.Begin("two")
	res, _ = get(t, browser(t, d), "https://acme.webex.com/")
	g.Expect(res.Header["Set-Cookie"]).To(HaveLen(1))
}

func TestRewrittenSameSite(t *testing.T) {
	const legacy = `ticket="abc="; Version=1; Domain=webex.com; Path=/; Secure`
	for _, c := range []struct {
		to         SameSiteValue
		from, want string
		note       []string
	}{
		{SameSiteNone, legacy, legacy + "; SameSite=None", []string{"changed ticket (SameSite absent to None)"}},
		{SameSiteLax, "ticket=x; samesite=none; Secure", "ticket=x; Secure; SameSite=Lax", []string{"changed ticket (SameSite None to Lax)"}},
		{SameSiteStrict, "ticket=x; SameSite=odd", "ticket=x; SameSite=Strict", []string{"changed ticket (SameSite unknown to Strict)"}},
		{SameSiteAbsent, "ticket=x; SameSite=None;  Secure", "ticket=x; Secure", []string{"changed ticket (SameSite None to absent)"}},
		{SameSiteAbsent, legacy + ";  odd", legacy + ";  odd", nil}, // byte for byte
		{SameSiteLax, "ticket=x; SameSite=Lax", "ticket=x; SameSite=Lax", nil},
		{SameSiteLax, "=a=b", "=a=b; SameSite=Lax", []string{"changed  (SameSite absent to Lax)"}}, // one without a name
	} {
		g := NewWithT(t)
		f := through(t, offering(c.from), []Filter{RewriteSameSite{c.to}})
		g.Expect(f.response.Header["Set-Cookie"]).To(Equal([]string{c.want}))
		var notes []string
		for _, n := range c.note {
			notes = append(notes, "rewrite-same-site: "+n+" in the answer")
		}
		g.Expect(f.exchange.Filters).To(Equal(notes))
	}
}

func TestP3PIsRemoved(t *testing.T) {
	g := NewWithT(t)
	for _, name := range []string{"P3P", "P3p"} { // as a handler writes it, and as http.Header does
		h := func(w http.ResponseWriter, r *http.Request) { w.Header()[name] = []string{`CP="CAO PSA OUR"`} }
		f := through(t, h, []Filter{RemoveP3P{}})
		g.Expect(f.response.Header).NotTo(HaveKey("P3p"))
		g.Expect(f.exchange.Filters).To(Equal([]string{"remove-p3p: removed P3P"}))
	}
	g.Expect(through(t, offering(), []Filter{RemoveP3P{}}).exchange.Filters).To(BeEmpty())
}

func TestBlockedJavaScript(t *testing.T) {
	t.Run("a script that says so in the request", func(t *testing.T) {
		g := NewWithT(t)
		f := through(t, offering("a=b"), []Filter{BlockJavaScript{}}, "Sec-Fetch-Dest", "script", "Cookie", "ticket=x")
		g.Expect(f.asked).To(BeNil(), "the site must not see it")
		g.Expect(f.response.StatusCode).To(Equal(http.StatusForbidden))
		g.Expect(f.body).To(Equal("cookiegate: block-javascript: refused a script\n"))
		g.Expect(f.exchange.AnsweredBy).To(Equal("block-javascript"))
		g.Expect(f.exchange.Filters).To(Equal([]string{"block-javascript: refused a script"}))
		g.Expect(f.exchange.AtSite()).To(BeEmpty(), "no cookie reached the site")
		g.Expect(cookieNames(f.exchange.Returned)).To(Equal([]string{"ticket"}))
	})
	t.Run("a script that turns out to be one", func(t *testing.T) {
		g := NewWithT(t)
		f := through(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "7")
			w.Header().Set("ETag", `"alert"`)
			w.Header().Set("Set-Cookie", "ticket=x; Secure")
			page("text/javascript; charset=utf-8", "alert()")(w, r)
		}, []Filter{BlockJavaScript{}})
		g.Expect(f.response.StatusCode).To(Equal(http.StatusForbidden))
		g.Expect(f.body).NotTo(ContainSubstring("alert"))
		g.Expect(f.exchange.AnsweredBy).To(Equal("block-javascript"))
		g.Expect(f.exchange.ContentType).To(Equal("text/javascript; charset=utf-8"), "as the site gave it")
		g.Expect(f.response.Header).To(And(Not(HaveKey("Etag")), Not(HaveKey("Set-Cookie"))), "its answer never comes out")
		g.Expect(cookieNames(f.exchange.Offered)).To(Equal([]string{"ticket"}))
		g.Expect(f.exchange.AtBrowser()).To(BeEmpty())
		g.Expect(f.exchange.Filters).To(Equal([]string{"block-javascript: refused a script", "block-javascript: removed ticket in the answer"}))
	})
	t.Run("a page", func(t *testing.T) {
		g := NewWithT(t)
		f := through(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Security-Policy", "frame-ancestors *")
			page("text/html", "<script>1</script>")(w, r)
		}, []Filter{BlockJavaScript{}})
		g.Expect(f.response.Header["Content-Security-Policy"]).To(Equal([]string{"frame-ancestors *", "script-src 'none'"}))
		g.Expect(f.body).To(Equal("<script>1</script>"))
	})
	t.Run("anything else", func(t *testing.T) {
		f := through(t, page("image/png", "x"), []Filter{BlockJavaScript{}})
		NewWithT(t).Expect(f.exchange.Filters).To(BeEmpty())
	})
}

func TestStrippedJavaScript(t *testing.T) {
	g := NewWithT(t)
	g.Expect(through(t, page("application/javascript", "alert()"), []Filter{StripJavaScript{}}).body).To(BeEmpty())
	f := through(t, func(w http.ResponseWriter, r *http.Request) {
		text := "<p>Hi<script>location.href='x'</script>"
		w.Header().Set("Content-Length", fmt.Sprint(len(text)))
		page("text/html", text)(w, r)
	}, []Filter{StripJavaScript{}}, "Accept-Encoding", "gzip, br")
	g.Expect(f.body).To(Equal("<p>Hi"))
	g.Expect(f.asked.Get("Accept-Encoding")).To(Equal("identity"))
	g.Expect(f.exchange.Filters).To(Equal([]string{"strip-javascript: took the scripts out of the page"}))
}

func TestAnEmptiedScriptIsNotCompressed(t *testing.T) {
	g := NewWithT(t)
	f := through(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "br")
		page("text/javascript", "compressed")(w, r)
	}, []Filter{StripJavaScript{}})
	g.Expect(f.body).To(BeEmpty())
	g.Expect(f.response.Header).NotTo(HaveKey("Content-Encoding"), "nothing is no compressed text")
}

func TestAnAnswerThatDoesNotSayWhatItIsIsWhatItWasAskedForAs(t *testing.T) {
	untyped := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Content-Type"] = nil
			io.WriteString(w, text)
		}
	}
	const html = "<p>Hi<script>1</script><object></object>"
	for _, c := range []struct {
		filter            Filter
		asked, text, want string
	}{
		{StripJavaScript{}, "iframe", html, "<p>Hi<object></object>"},
		{StripJavaScript{}, "document", html, "<p>Hi<object></object>"},
		{StripJavaScript{}, "empty", html, html},
		{StripJavaScript{}, "script", "alert()", ""},
		{BlockActiveX{}, "iframe", html, "<p>Hi<script>1</script>"},
	} {
		NewWithT(t).Expect(through(t, untyped(c.text), []Filter{c.filter}, "Sec-Fetch-Dest", c.asked).body).To(Equal(c.want), "%T %s", c.filter, c.asked)
	}
	g := NewWithT(t)
	f := through(t, untyped(html), []Filter{BlockJavaScript{}})
	g.Expect(f.response.Header.Get("Content-Security-Policy")).To(Equal("script-src 'none'"))
	g.Expect(through(t, page("text/plain", "alert()"), []Filter{StripJavaScript{}}, "Sec-Fetch-Dest", "script").body).To(BeEmpty(), "browsers run it")
	redirect := func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusFound) }
	g.Expect(through(t, redirect, []Filter{StripJavaScript{}, BlockJavaScript{}}).exchange.Filters).To(BeEmpty(), "shows no page")
}

func TestPagesWithoutScripts(t *testing.T) {
	for in, want := range map[string]string{
		"<P  Class=x>a<br/></P>":                                    "<P  Class=x>a<br/></P>", // what is no script stays byte for byte
		"a<script>x</script>b<SCRIPT src=y></SCRIPT>c":              "abc",
		"a<script><!-- </p><b> -->x<\\/script></script>b":           "ab",
		"a<script>never closed":                                     "a",
		"a<script/>x</script>b":                                     "ab",
		`<body onload="x()" class=y>`:                               `<body class="y">`,
		`<a href="javascript:x()">`:                                 `<a>`,
		"<a href='\tJava\nScript:x()' id=1>":                        `<a id="1">`,
		`<a href="/javascript:x">`:                                  `<a href="/javascript:x">`,
		`<iframe srcdoc="&lt;b&gt;&lt;script&gt;x&lt;/script&gt;">`: `<iframe srcdoc="&lt;b&gt;">`,
		"<textarea><script>x</script></textarea>":                   "<textarea><script>x</script></textarea>", // is text
		"<!-- <script>x</script> -->":                               "<!-- <script>x</script> -->",
		"":                                                          "",
	} {
		NewWithT(t).Expect(string(stripScripts([]byte(in)))).To(Equal(want), in)
	}
}

func TestBlockedActiveX(t *testing.T) {
	g := NewWithT(t)
	f := through(t, page("text/html; charset=utf-8",
		`<p><OBJECT classid="clsid:1"><param name=a value=b><embed src=x><b>without</b></OBJECT><applet code=y></applet>`), []Filter{BlockActiveX{}})
	g.Expect(f.body).To(Equal("<p><b>without</b>"))
	g.Expect(f.exchange.Filters).To(Equal([]string{"block-activex: took object, embed and applet elements out of the page"}))
	g.Expect(through(t, page("text/plain", "<object>"), []Filter{BlockActiveX{}}).body).To(Equal("<object>"))
}

func TestACompressedPageIsLeftAloneAndSaidSo(t *testing.T) {
	g := NewWithT(t)
	f := through(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "br")
		page("text/html", "<object>")(w, r)
	}, []Filter{BlockActiveX{}})
	g.Expect(f.body).To(Equal("<object>"))
	g.Expect(f.exchange.Filters).To(Equal([]string{"block-activex: left the page alone, because it came compressed (br)"}))
}

func TestAnAnswerThatHasNoBodyIsWholeThroughFilters(t *testing.T) {
	for _, status := range []int{http.StatusNoContent, http.StatusNotModified} {
		f := through(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(status)
		}, []Filter{StripJavaScript{}})
		g := NewWithT(t)
		g.Expect(f.response.StatusCode).To(Equal(status))
		g.Expect(f.exchange.Err).To(BeEmpty())
	}
}

// marking writes into a header in which order filters are passed.
type marking string

func (m marking) Name() string        { return string(m) }
func (m marking) Request(p *Passage)  { p.Request.Header.Add("Way", string(m)) }
func (m marking) Response(p *Passage) { p.Answer.Add("Way", string(m)) }

func TestTheFirstFilterIsNearestToTheBrowser(t *testing.T) {
	g := NewWithT(t)
	f := through(t, offering(), []Filter{marking("a"), marking("b")})
	g.Expect(f.asked["Way"]).To(Equal([]string{"a", "b"}))
	g.Expect(f.response.Header["Way"]).To(Equal([]string{"b", "a"}))

	f = through(t, offering(), []Filter{marking("a"), refusing{"no"}, marking("b")})
	g.Expect(f.response.Header["Way"]).To(Equal([]string{"a"}), "an answer begins where it was refused")
}

// refusing refuses everything.
type refusing struct{ marking }

func (f refusing) Request(p *Passage) { p.Refuse(http.StatusForbidden, "refused") }

func TestFiltersMayEditSingleCookies(t *testing.T) {
	g := NewWithT(t)
	f := through(t, offering("keep=1; Max-Age=60", "drop=1", "\x01bad"), []Filter{downgrade{}})
	g.Expect(f.response.Header["Set-Cookie"]).To(Equal([]string{"keep=1"}))
	g.Expect(f.exchange.Filters).To(Equal([]string{
		"downgrade: changed keep (persistent on to off) in the answer", "downgrade: removed drop in the answer",
	}))
}

// downgrade makes cookies last no longer than the browser.
type downgrade struct{}

func (downgrade) Name() string     { return "downgrade" }
func (downgrade) Request(*Passage) {}
func (downgrade) Response(p *Passage) {
	p.EditOffered(func(c *SetCookie) bool {
		c.Remove("max-age")
		return c.Name != "drop"
	})
}

func TestAHangingRequestIsCut(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	g.Expect(d.Route("acme.webex.com", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))).To(Succeed())
	l := d.Begin("hangs")
	d.Use(CutIdle{100 * time.Millisecond})
	c := browser(t, d)
	_, err := c.Get("https://acme.webex.com/hangs")
	g.Expect(err).To(HaveOccurred())
	x := finished(t, l, "/hangs")
	g.Expect(x.Filters).To(ContainElement("cut-idle: cut the connection after 100ms of silence"))
	g.Expect(x.Err).To(Equal(cutShort))
}

func TestAnAnswerToACutRequestIsReceivedByNobody(t *testing.T) {
	hang := func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	server := httptest.NewServer(http.HandlerFunc(hang))
	defer server.Close()
	for name, route := range map[string]func(*Door) error{
		"of a handler": func(d *Door) error {
			return d.Route("acme.webex.com", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				hang(w, r)
				offering("ticket=new")(w, r)
				io.WriteString(w, "late")
			}))
		},
		"for an upstream": func(d *Door) error { return d.Upstream("acme.webex.com", server.URL) },
		"for a foreign proxy": func(d *Door) error {
			if err := d.Route("acme.webex.com", offering()); err != nil {
				return err
			}
			return d.Through(Proxy{Name: "Sieve 1.0", URL: server.URL})
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			d := listen(t, Options{})
			l := d.Begin("cut")
			g.Expect(route(d)).To(Succeed())
			d.Use(CutIdle{100 * time.Millisecond})
			r, err := http.NewRequestWithContext(within(t), http.MethodGet, "http://acme.webex.com/cut", nil)
			g.Expect(err).NotTo(HaveOccurred())
			r.Header.Set("Cookie", "ticket=old")
			_, err = browser(t, d).Do(r)
			g.Expect(err).To(HaveOccurred())
			g.Expect(d.Shutdown(within(t))).To(Succeed(), "the handler is done")
			x := finished(t, l, "/cut")
			g.Expect(x.Filters).To(Equal([]string{"cut-idle: cut the connection after 100ms of silence"}))
			g.Expect(x.Err).To(Equal(cutShort))
			g.Expect(x.Status).To(BeZero())
			g.Expect(x.Offered).To(BeEmpty())
			g.Expect(x.AnsweredBy).To(BeEmpty())
			if name == "for a foreign proxy" {
				g.Expect(x.AtSite()).To(BeEmpty(), "it never came out of the proxy")
			}
		})
	}
}

func TestOnlySilenceIsCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		d := &Door{now: time.Now, conns: map[*conn]bool{}}
		d.ledger = newLedger("", true, time.Now, nil)
		d.Use(CutIdle{10 * time.Second})
		near, far := net.Pipe()
		defer near.Close()
		c := &conn{Conn: far, door: d, inFlight: map[*Exchange]*Ledger{}}
		d.conns[c] = true
		go io.Copy(io.Discard, near)
		for range 10 {
			_, err := c.Write([]byte("x"))
			g.Expect(err).NotTo(HaveOccurred())
			passing(9 * time.Second)
		}
		passing(2 * time.Second)
		_, err := c.Write([]byte("x"))
		g.Expect(err).To(MatchError(io.ErrClosedPipe))
	})
}

// passing lets time pass in a bubble.
func passing(d time.Duration) { <-time.After(d) }

func TestAServersConnectionIsNotCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		d := &Door{now: time.Now, conns: map[*conn]bool{}}
		d.ledger = newLedger("", true, time.Now, nil)
		d.Use(CutIdle{10 * time.Second})
		near, far := net.Pipe()
		defer near.Close()
		c := &conn{Conn: far, door: d, side: serverSide}
		d.conns[c] = true
		go io.Copy(io.Discard, near)
		for range 2 {
			_, err := c.Write([]byte("x"))
			g.Expect(err).NotTo(HaveOccurred())
			passing(time.Minute)
		}
		c.Close()
	})
}

func TestACaseWithoutTheFilterIsNotCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		d := &Door{now: time.Now, conns: map[*conn]bool{}, ledgers: map[*Ledger]bool{}}
		d.Begin("cut")
		d.Use(CutIdle{10 * time.Second})
		near, far := net.Pipe()
		defer near.Close()
		c := &conn{Conn: far, door: d}
		d.conns[c] = true
		go io.Copy(io.Discard, near)
		_, err := c.Write([]byte("x"))
		g.Expect(err).NotTo(HaveOccurred())
		d.Begin("not cut")
		passing(time.Minute)
		_, err = c.Write([]byte("x"))
		g.Expect(err).NotTo(HaveOccurred())
		c.Close()
	})
}

func TestAnUpstreamsWebSocketPassesTheFilters(t *testing.T) {
	g := NewWithT(t)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Set-Cookie", "ticket=x")
		echo(w, r)
	}))
	defer s.Close()
	d := listen(t, Options{})
	g.Expect(d.Upstream("acme.webex.com", s.URL)).To(Succeed())
	l := d.Begin("ws")
	d.Use(StripAllCookies{OnBoth})
	c, res := dial(t, d, "wss://acme.webex.com/socket")
	defer c.CloseNow()
	g.Expect(res.Header["Set-Cookie"]).To(BeEmpty())
	x := l.Exchanges()[0]
	g.Expect(cookieNames(x.Offered)).To(Equal([]string{"ticket"}))
	g.Expect(x.Delivered).To(Equal([]Cookie{}))
}
