package network

import (
	"net/http"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

// named is a handler that can be told from others.
type named string

func (named) ServeHTTP(http.ResponseWriter, *http.Request) {}

func TestTheMostSpecificRouteWins(t *testing.T) {
	g := NewWithT(t)
	var r routes
	for _, p := range []string{"acme.webex.com", "*.webex.com", "*.eu.webex.com", "*.com", "portal.acme.example", "portal.acme.example:8443", "bücher.example", "[::1]:80"} {
		g.Expect(r.put(p, named(p))).To(Succeed())
	}
	for asked, want := range map[string]string{
		"acme.webex.com:443":        "acme.webex.com",
		"acme.webex.com:80":         "acme.webex.com",
		"ACME.webex.com.:443":       "acme.webex.com",
		"beta.webex.com:443":        "*.webex.com",
		"a.b.webex.com:443":         "*.webex.com",
		"acme.eu.webex.com:443":     "*.eu.webex.com",
		"eu.webex.com:443":          "*.webex.com",
		"webex.com:443":             "*.com", // a wildcard does not stand for nothing
		"xwebex.com:443":            "*.com",
		"portal.acme.example:443":   "portal.acme.example",
		"portal.acme.example:8443":  "portal.acme.example:8443",
		"xn--bcher-kva.example:443": "bücher.example",
		"[0:0:0:0:0:0:0:1]:80":      "[::1]:80",
		"acme.webex.com:8443":       "",
		"acme.example:443":          "",
		"com:443":                   "",
		"[::1]:443":                 "",
		"portal.acme.example:1":     "",
		"evil-acme.webex.org:443":   "",
	} {
		a, err := parseAddress(asked, 0)
		g.Expect(err).NotTo(HaveOccurred())
		if h := r.find(a); want == "" {
			g.Expect(h).To(BeNil(), asked)
		} else {
			g.Expect(h).To(Equal(named(want)), asked)
		}
	}
	r.clear()
	g.Expect(r.find(address{"acme.webex.com", 443})).To(BeNil())
}

func TestAnEqualRouteIsReplaced(t *testing.T) {
	g := NewWithT(t)
	var r routes
	g.Expect(r.put("Acme.webex.com", named("old"))).To(Succeed())
	g.Expect(r.put("acme.webex.com.", named("new"))).To(Succeed())
	g.Expect(r.find(address{"acme.webex.com", 443})).To(Equal(named("new")))
	g.Expect(r.patterns()).To(HaveLen(1))
}

func TestBadRoutesAreRefused(t *testing.T) {
	for _, p := range []string{"", "*", "*.", "*.*.com", "https://acme.webex.com", "acme.webex.com/x", "a b", "host:0", "host:99999", "host:x", "a..b", strings.Repeat("a", 64) + ".com"} {
		var r routes
		NewWithT(t).Expect(r.put(p, named(""))).To(MatchError(ContainSubstring("expected a host name")), "%q", p)
	}
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{"acme.webex.com:443", "[::1]:80", "a:b:c", "*.x", "xn--", "ü.example.", "[", "a:0", "0\x8b", "ü.."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := parseAddress(s, 443)
		if err != nil {
			return
		}
		again, err := parseAddress(a.String(), 443)
		if err != nil || again != a {
			t.Fatalf("%q is %v, and again %v, %v", s, a, again, err)
		}
		var r routes
		if r.put(a.String(), named("x")) == nil && r.find(a) == nil {
			t.Fatalf("%q is routed and not found", s)
		}
	})
}

func TestAHostIsCoveredAsItWouldBeRouted(t *testing.T) {
	patterns := []string{"login.acme.example", "*.apps.example", "dev.acme.example:8443", "https://no.pattern.example"}
	for host, want := range map[string]bool{
		"login.acme.example": true, "LOGIN.acme.example": true, "login.acme.example:443": true, "login.acme.example:8443": false,
		"a.apps.example": true, "a.b.apps.example": true, "apps.example": false,
		"dev.acme.example:8443": true, "dev.acme.example": false, "no.pattern.example": false, "": false,
	} {
		NewWithT(t).Expect(Covers(patterns, host)).To(Equal(want), host)
	}
}

func TestAnIPv6AddressIsWrittenWithItsBrackets(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	g.Expect(d.Route("[::1]", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte(r.Header.Get("Cookie")))
	}))).To(Succeed())
	g.Expect(d.PAC()).To(ContainSubstring(`host == "::1"`), "there, browsers leave them out")
	for _, scheme := range []string{"http", "https"} {
		l := d.Begin(scheme)
		d.Use(StripThirdPartyCookies{OnBoth})
		_, text := get(t, browser(t, d), scheme+"://[::1]/page", "Sec-Fetch-Dest", "document", "Cookie", "a=b")
		g.Expect(text).To(Equal("a=b"), "it is nobody else's page")
		x := finished(t, l, "/page")
		g.Expect(x.URL).To(Equal(scheme + "://[::1]/page"))
		g.Expect(x.Host).To(Equal("[::1]"))
	}
}
