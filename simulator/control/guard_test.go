package control

import (
	"context"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"testing"

	. "github.com/onsi/gomega"
)

func TestWhoIsRefused(t *testing.T) {
	w := newWorld(t)
	own := w.URL()
	for _, test := range []struct {
		name   string
		header []string
		status int
	}{
		{"a program", nil, 200},
		{"the console's script", []string{"Origin", own, "Sec-Fetch-Site", "same-origin"}, 200},
		{"an address typed in", []string{"Sec-Fetch-Site", "none", "Sec-Fetch-Mode", "navigate"}, 200},
		{"localhost", []string{"Host", "localhost:8444"}, 200},
		{"IPv6", []string{"Host", "[::1]:8444"}, 200},
		{"another site's script", []string{"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"}, 403},
		{"another site's script in an old browser", []string{"Origin", "https://evil.example"}, 403},
		{"another site's link or image", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"}, 403},
		{"another port of this machine", []string{"Origin", "http://127.0.0.1:1", "Sec-Fetch-Site", "same-site"}, 403},
		{"a sandboxed frame", []string{"Origin", "null"}, 403},
		{"a name that was pointed here", []string{"Host", "evil.example:8444"}, 403},
		{"such a name, from its own page", []string{"Host", "evil.example:8444", "Origin", "http://evil.example:8444", "Sec-Fetch-Site", "same-origin"}, 403},
		{"a name that looks like an address", []string{"Host", "127.0.0.1.evil.example"}, 403},
		{"a Webex site", []string{"Host", "acme.webex.com"}, 403},
		{"through a proxy", []string{"Via", "1.1 squid"}, 403},
		{"through another one", []string{"X-Forwarded-For", "192.0.2.1"}, 403},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := NewWithT(t)
			for _, path := range []string{"/clock", "/", "/journal?limit=1", "/healthz"} {
				status, header, body := w.raw("GET", path, "", test.header...)
				g.Expect(status).To(Equal(test.status), path+" "+body)
				g.Expect(header.Get("Access-Control-Allow-Origin")).To(BeEmpty())
			}
		})
	}
}

func TestAPreflightIsRefused(t *testing.T) {
	w := newWorld(t)
	status, header, _ := w.raw("OPTIONS", "/clock", "", "Origin", "https://evil.example", "Access-Control-Request-Method", "POST")
	w.Expect(status).To(Equal(403))
	w.Expect(header).NotTo(HaveKey(HavePrefix("Access-Control-")))
}

func TestATokenHasToComeAlong(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Token = "sesame" })
	for _, test := range []struct {
		path   string
		header []string
		status int
	}{
		{"/clock", nil, 401},
		{"/clock", []string{"Authorization", "Bearer sesam"}, 401},
		{"/clock", []string{"Authorization", "sesame"}, 401},
		{"/clock?token=sesame", nil, 401}, // tokens in addresses end up in logs; only the console's own address takes one
		{"/clock", []string{"Authorization", "Bearer sesame"}, 200},
		{"/clock", []string{"Cookie", tokenCookie + "=sesame"}, 200},
		{"/clock", []string{"Authorization", "Bearer sesame", "Origin", "https://evil.example"}, 403},
		{"/clock", []string{"Authorization", "Bearer sesame", "Host", "build.example:8444"}, 200},
		{"/", nil, 401},
		{"/?token=sesam", nil, 401},
		{"/healthz", nil, 200},
	} {
		status, header, body := w.raw("GET", test.path, "", test.header...)
		w.Expect(status).To(Equal(test.status), test.path+" "+body)
		w.Expect(header.Get("WWW-Authenticate") != "").To(Equal(test.status == 401))
	}
	w.Expect(w.client.Clock(w.ctx)).To(HaveField("Running", false))
}

func TestTheConsolesTokenMovesIntoACookie(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Token = "sesame" })
	w.Expect(w.ConsoleURL()).To(Equal(w.URL() + "/?token=sesame"))
	status, header, _ := w.raw("GET", "/?token=sesame", "")
	w.Expect(status).To(Equal(303))
	w.Expect(header.Get("Location")).To(Equal("/"))
	w.Expect(header.Get("Set-Cookie")).To(Equal("cookiegate-token=sesame; Path=/; HttpOnly; SameSite=Strict"))
}

// As of openssl rand -base64, or one that a person made up.
func TestTheConsoleOpensWithAnyToken(t *testing.T) {
	for _, token := range []string{"q3+/Zw8=", "a b&c#d", `open; "sésame", \o/`} {
		w := newWorld(t, func(o *Options) { o.Token = token })
		jar, err := cookiejar.New(nil)
		w.Expect(err).NotTo(HaveOccurred())
		browser := &http.Client{Jar: jar, Transport: &http.Transport{DisableKeepAlives: true}}
		answer, err := browser.Get(w.ConsoleURL())
		w.Expect(err).NotTo(HaveOccurred())
		w.Expect(answer.Body.Close()).To(Succeed())
		w.Expect(answer.StatusCode).To(Equal(200), token)
		w.Expect(answer.Request.URL.String()).To(Equal(w.URL()+"/"), token)
	}
}

func TestAListenerThatOthersReachHasAToken(t *testing.T) {
	w := newWorld(t)
	l, err := Listen("0.0.0.0:0", Options{Server: w.server})
	w.Expect(err).NotTo(HaveOccurred())
	defer l.Close()
	w.Expect(len(l.Token())).To(BeNumerically(">=", 20))
	w.Expect(l.URL()).To(HavePrefix("http://127.0.0.1:"), "an address that can be asked")
	w.Expect(l.Client().Clock(t.Context())).NotTo(BeZero())
	w.Expect(w.Token()).To(BeEmpty())
}

// Also who puts the API behind a listener of his own is not left open.
func TestWithoutATokenOtherMachinesAreRefused(t *testing.T) {
	w := newWorld(t)
	a, err := New(Options{Server: w.server})
	w.Expect(err).NotTo(HaveOccurred())
	defer a.Close()
	for addr, status := range map[string]int{"127.0.0.1:8444": 200, "192.0.2.7:8444": 403} {
		r := httptest.NewRequest("GET", "http://127.0.0.1:8444/clock", nil)
		r = r.WithContext(contextWithLocalAddr(r, addr))
		answer := httptest.NewRecorder()
		a.ServeHTTP(answer, r)
		w.Expect(answer.Code).To(Equal(status), addr)
	}
}

func TestThePageCannotBeFramedAndRunsNoOtherScript(t *testing.T) {
	w := newWorld(t)
	_, header, _ := w.raw("GET", "/", "")
	w.Expect(header.Get("Content-Security-Policy")).To(And(
		ContainSubstring("default-src 'none'"), ContainSubstring("script-src 'self'"), ContainSubstring("frame-ancestors 'none'")))
	w.Expect(header.Get("X-Content-Type-Options")).To(Equal("nosniff"))
	w.Expect(header.Get("Cache-Control")).To(Equal("no-store"))
}

func contextWithLocalAddr(r *http.Request, addr string) context.Context {
	local, err := net.ResolveTCPAddr("tcp", addr)
	if err != nil {
		panic(err)
	}
	return context.WithValue(r.Context(), http.LocalAddrContextKey, local)
}
