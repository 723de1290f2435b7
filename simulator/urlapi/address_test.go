package urlapi

import (
	"net/http/httptest"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/simulator/site"
)

func TestTheBackURL(t *testing.T) {
	for name, c := range map[string]struct{ bu, target string }{
		"without a query":            {"https://p.example/back", "https://p.example/back?AT=LO&ST=SUCCESS"},
		"with a query":               {"https://p.example/back?state=1", "https://p.example/back?state=1&AT=LO&ST=SUCCESS"},
		"with an empty query":        {"https://p.example/back?", "https://p.example/back?AT=LO&ST=SUCCESS"},
		"with a fragment":            {"https://p.example/back?a=1#top", "https://p.example/back?a=1&AT=LO&ST=SUCCESS#top"},
		"without a path":             {"https://p.example", "https://p.example?AT=LO&ST=SUCCESS"},
		"with a port":                {"http://p.example:8080/x", "http://p.example:8080/x?AT=LO&ST=SUCCESS"},
		"in capitals":                {"HTTPS://P.example/", "HTTPS://P.example/?AT=LO&ST=SUCCESS"},
		"without a scheme":           {"localhost:4567", "http://localhost:4567/?AT=LO&ST=SUCCESS"},
		"without a scheme, a path":   {"localhost:4567/back?x=1", "http://localhost:4567/back?x=1&AT=LO&ST=SUCCESS"},
		"without a scheme, a query":  {"p.example?x=1", "http://p.example/?x=1&AT=LO&ST=SUCCESS"},
		"without a scheme or a port": {"p.example/back", "http://p.example/back?AT=LO&ST=SUCCESS"},
		"of the page's own scheme":   {"//p.example/back", "https://p.example/back?AT=LO&ST=SUCCESS"},
		"within the host":            {"/acme/x", "/acme/x?AT=LO&ST=SUCCESS"},
		"with escapes":               {"https://p.example/100%?q=%26", "https://p.example/100%?q=%26&AT=LO&ST=SUCCESS"},
		"with what must be escaped":  {"https://p.example/a b\"c<d>e\\f\ng\u00e9", "https://p.example/a%20b%22c%3Cd%3Ee%5Cf%0Ag%C3%A9?AT=LO&ST=SUCCESS"},
		"among spaces":               {" \t\nhttps://p.example/\r\n", "https://p.example/?AT=LO&ST=SUCCESS"},
		"that ends the script":       {"https://p.example/</script><script>alert(1)</script>", "https://p.example/%3C/script%3E%3Cscript%3Ealert(1)%3C/script%3E?AT=LO&ST=SUCCESS"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			got := w.post("p.php", "AT=LO&BU="+escapeAll(c.bu))
			w.Expect(got.target).To(Equal(c.target))
			w.Expect(w.last().Note).To(BeEmpty())
		})
	}
}

func TestABackURLThatIsNoWebAddressIsNotFollowed(t *testing.T) {
	for _, bu := range []string{
		"javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "ftp://p.example/", "file:///etc/passwd",
		"http:p.example", "http:/p.example", "https://", "http:///x", "https://?x", ":80", "http://:80/x", "https://@/x", "//user@:80", "user@", "?x=1", "#x", "vbscript:x", "view-source:https://p.example",
	} {
		t.Run(bu, func(t *testing.T) {
			w := newWorld(t)
			got := w.post("p.php", "AT=LO&BU="+escapeAll(bu))
			// "java\nscript:alert(1)" is "java%0Ascript:alert(1)" by then, which no scheme looks like: a strange host, and an address all the same.
			if bu == "java\nscript:alert(1)" {
				w.Expect(got.target).To(Equal("http://java%0Ascript:alert(1)/?AT=LO&ST=SUCCESS"))
				return
			}
			w.Expect(got.target).To(Equal("https://acme.webex.com/acme/mywebex/default.do?siteurl=acme&AT=LO&ST=SUCCESS"))
			w.Expect(w.last().Note).To(HavePrefix("BU is not followed: "))
		})
	}
}

func TestWithoutABackURLTheBrowserLandsOnTheSitesOwnPage(t *testing.T) {
	w := newWorld(t)
	w.Expect(w.post("p.php", "AT=LI&WID=alice&PW=secret").target).
		To(Equal("https://acme.webex.com/acme/mywebex/default.do?siteurl=acme&AT=LI&WID=alice&ST=SUCCESS"))
	got := w.get("mywebex/default.do", "siteurl=acme&AT=LI&WID=alice&ST=SUCCESS")
	w.Expect(got.Body.String()).To(And(ContainSubstring("LI: SUCCESS"), ContainSubstring("<h1>Welcome, Alice Archer</h1>")))
}

func TestAccessDeniedWithoutABackURLIsAPageOfTheSite(t *testing.T) {
	w := newWorld(t)
	got := w.get("m.php", "AT=HM&MK=100000001")
	w.Expect(got.Code).To(Equal(200))
	w.Expect(got.Body.String()).To(ContainSubstring("<h1>Access Denied</h1>"))
	w.Expect(got.target).To(BeEmpty())
	w.Expect(w.last().Reason).To(Equal("AccessDenied"))
}

func TestWhereALoginLeads(t *testing.T) {
	const bu = "&BU=https%3A%2F%2Fportal.acme.example%2Fback"
	const back = portal + "?AT=LI&WID=alice&ST=SUCCESS"
	for name, c := range map[string]struct {
		mu, target string
		ignored    bool
	}{
		"nowhere in particular":        {"", back, false},
		"GoBack":                       {"GoBack", back, false},
		"goback":                       {"goback", back, false},
		"GOBACK":                       {"GOBACK", back, false},
		"a command, relative":          {"m.php?AT=HM&MK=100000001&BU=https%3A%2F%2Fp.example%2F%3Fa%3D1", "https://acme.webex.com/acme/m.php?AT=HM&MK=100000001&BU=https%3A%2F%2Fp.example%2F%3Fa%3D1", false},
		"a command, from the root":     {"/acme/m.php?AT=SM", "https://acme.webex.com/acme/m.php?AT=SM", false},
		"a command, whole":             {"https://acme.webex.com/acme/m.php?AT=HM&MK=100000001", "https://acme.webex.com/acme/m.php?AT=HM&MK=100000001", false},
		"the segment in other letters": {"https://ACME.webex.com/Acme/m.php", "https://ACME.webex.com/Acme/m.php", false},
		"the port that is https's own": {"https://acme.webex.com:443/acme/m.php", "https://acme.webex.com/acme/m.php", false},
		"a port of its own":            {"https://acme.webex.com:8443/acme/m.php", back, true},
		"a dot segment within":         {"./x/../m.php", "https://acme.webex.com/acme/m.php", false},
		"another host":                 {"https://evil.example/acme/m.php", back, true},
		"another site":                 {"https://other.webex.com/other/m.php", back, true},
		"another segment":              {"/other/m.php", back, true},
		"out of the segment":           {"/acme/../other/m.php", back, true},
		"out of it, escaped":           {"/acme/%2e%2e/other/m.php", back, true},
		"a host without a scheme":      {"//evil.example/acme/m.php", back, true},
		"a backslash":                  {`/\evil.example/acme/m.php`, back, true},
		"plain http":                   {"http://acme.webex.com/acme/m.php", back, true},
		"a script":                     {"javascript:alert(1)//acme", back, true},
		"with a user":                  {"https://acme.webex.com@evil.example/acme/", back, true},
		"with a user of this host":     {"https://x@acme.webex.com/acme/", back, true},
		"a control character":          {"m.php?\x00", back, true},
		"a broken escape":              {"%zz", back, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			got := w.post("p.php", "AT=LI&WID=alice&PW=secret"+bu+"&MU="+escapeAll(c.mu))
			w.Expect(got.target).To(Equal(c.target))
			w.Expect(w.last().Note != "").To(Equal(c.ignored), w.last().Note)
		})
	}
}

func TestAFailedLoginGoesBackAndNotToMU(t *testing.T) {
	w := newWorld(t)
	got := w.post("p.php", "AT=LI&WID=alice&PW=wrong&MU=m.php%3FAT%3DSM&BU="+portal)
	w.Expect(got.result).To(Equal("AT=LI&WID=alice&ST=FAIL&RS=BadWebExIDorPassword"))
}

func TestAPlainRedirectIsASetting(t *testing.T) {
	w := newWorld(t, func(c *site.Config) { c.Redirect = site.Found })
	got := w.post("p.php", "AT=LI&WID=alice&PW=secret&BU=https://p.example/a%0D%0ASet-Cookie:x")
	w.Expect(got.Code).To(Equal(302))
	w.Expect(got.Header().Get("Location")).To(Equal("https://p.example/a%0D%0ASet-Cookie:x?AT=LI&WID=alice&ST=SUCCESS"))
	w.Expect(got.Header()["Set-Cookie"]).To(HaveLen(6))
	w.Expect(got.Body.String()).To(BeEmpty())
}

func TestAddressesOfTheSiteAreThoseTheBrowserUsed(t *testing.T) {
	g := NewWithT(t)
	for address, want := range map[string]string{
		"http://127.0.0.1:8080/acme/p.php":   "http://127.0.0.1:8080",
		"https://127.0.0.1:8443/acme/p.php":  "https://127.0.0.1:8443",
		"http://acme.webex.com/acme/p.php":   "https://acme.webex.com", // TLS ended at a front
		"https://ACME.webex.com:8443/x":      "https://ACME.webex.com:8443",
		"http://notwebex.com.example/acme/x": "http://notwebex.com.example",
	} {
		g.Expect(origin(httptest.NewRequest("GET", address, nil))).To(Equal(want))
	}
}

// escapeAll percent-encodes every byte.
func escapeAll(s string) string {
	const digits = "0123456789abcdef"
	var b []byte
	for i := range len(s) {
		b = append(b, '%', digits[s[i]>>4], digits[s[i]&15])
	}
	return string(b)
}
