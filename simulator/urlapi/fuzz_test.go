package urlapi

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/internal/redact"
	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/simulator/site"
)

// strangers is a site of which nothing is asked through the helpers of world: what comes is a stranger's.
func strangers(tb testing.TB, change ...func(*site.Config)) *site.Site {
	tb.Helper()
	c := config()
	for _, f := range change {
		f(&c)
	}
	s, err := site.New(c, session.NewClock(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)), journal.Limits{Entries: 10})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func asked(s *site.Site, page, method, query, body, cookies string) *httptest.ResponseRecorder {
	r := &http.Request{
		Method: method, Host: "acme.webex.com", URL: &url.URL{Path: "/acme/" + page, RawQuery: query}, Header: http.Header{},
		Body: http.NoBody, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	if body != "" {
		r = httptest.NewRequest(method, "/", strings.NewReader(body))
		r.Host, r.URL = "acme.webex.com", &url.URL{Path: "/acme/" + page, RawQuery: query}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if cookies != "" {
		r.Header["Cookie"] = []string{cookies}
	}
	rec := httptest.NewRecorder()
	Serve(s, page, rec, r, nil)
	return rec
}

// inScript returns where the page's script leads, and fails for anything in the page that is not the page's own.
func inScript(t *testing.T, page string) string {
	t.Helper()
	g := NewWithT(t)
	rest, found := strings.CutPrefix(page, beforeHref)
	g.Expect(found).To(BeTrue(), page)
	first, rest, found := strings.Cut(rest, betweenURL)
	g.Expect(found).To(BeTrue(), page)
	second, found := strings.CutSuffix(rest, afterURL)
	g.Expect(found).To(BeTrue(), page)
	g.Expect(second).To(Equal(first))
	g.Expect(escape.ReplaceAllString(first, "")).To(MatchRegexp(`^[A-Za-z0-9._-]*$`))
	return escape.ReplaceAllStringFunc(first, func(e string) string {
		return string([]byte{byte(unhex(e[2])<<4 | unhex(e[3]))})
	})
}

// FuzzBackURL: whatever BU is, the script's target is a web address, in one line, and the answer a redirect can carry.
func FuzzBackURL(f *testing.F) {
	for _, bu := range []string{
		"https://p.example/back?a=1#x", "localhost:4567", `"></script><script>alert(1)</script>`, "javascript:alert(1)", "JAVASCRIPT:alert(1)", "java\tscript:alert(1)",
		"\x01javascript:alert(1)", "data:text/html,x", "//p.example", `/\p.example`, "///p.example", "/acme", "https:p", "http://", "\u2028", "\r\nSet-Cookie: x=y", "%00", "é",
		"http://[::1]:80/", "mailto:a@b", "a:1", "a:1x", "https://https://x", "?", "#", ":", "x:", " ", "'", "`",
	} {
		f.Add(bu)
	}
	scripted := strangers(f)
	plain := strangers(f, func(c *site.Config) { c.Redirect = site.Found })
	web := regexp.MustCompile(`(?i)^(https?://[^/?#]|/[^/]|/$)`)
	f.Fuzz(func(t *testing.T, bu string) {
		g := NewWithT(t)
		target := inScript(t, asked(scripted, "p.php", "POST", "", "AT=LO&BU="+escapeAll(bu), "").Body.String())
		location := asked(plain, "p.php", "POST", "", "AT=LO&BU="+escapeAll(bu), "").Header().Get("Location")
		g.Expect(location).To(Equal(target))
		g.Expect(target).To(MatchRegexp(web.String()))
		for i := range len(target) {
			if c := target[i]; c <= ' ' || c > '~' || strings.IndexByte(`"<>\`, c) >= 0 {
				t.Fatalf("%q in %q", c, target)
			}
		}
		address, _, _ := strings.Cut(target, "#")
		g.Expect(address).To(HaveSuffix("AT=LO&ST=SUCCESS"))
	})
}

// FuzzMemberURL: whatever MU is, a login leads into the site or back, and nowhere else.
func FuzzMemberURL(f *testing.F) {
	for _, mu := range []string{
		"m.php?AT=HM&MK=1&BU=https%3A%2F%2Fp.example", "GoBack", "/acme/", "//acme.webex.com/acme/m.php", "https://acme.webex.com/acme/../x", "/acme/%2e%2e/x", `/acme/..\x`,
		"https://acme.webex.com@evil.example/acme/", "https://acme.webex.com:443/acme/", "javascript:alert(1)", "https:acme.webex.com/acme/", "", "..", "?", "#", ";//evil.example",
		"https://acme.webex.com\t.evil.example/acme/", "\u2028", "https://other.webex.com/acme/",
	} {
		f.Add(mu)
	}
	f.Fuzz(func(t *testing.T, mu string) {
		g := NewWithT(t)
		s := strangers(t)
		target := inScript(t, asked(s, "p.php", "POST", "", "AT=LI&WID=alice&PW=secret&BU="+portal+"&MU="+escapeAll(mu), "").Body.String())
		if target == portal+"?AT=LI&WID=alice&ST=SUCCESS" {
			return
		}
		u, err := url.Parse(target)
		g.Expect(err).NotTo(HaveOccurred(), "%q", target)
		g.Expect(u.Scheme).To(Equal("https"))
		g.Expect(strings.ToLower(u.Host)).To(Equal("acme.webex.com"))
		g.Expect(u.User).To(BeNil())
		g.Expect(strings.ToLower(u.Path)).To(Or(HavePrefix("/acme/"), Equal("/acme")))
		g.Expect(u.Path).NotTo(ContainSubstring("/.."))
		g.Expect(target).NotTo(ContainSubstring(`\`))
	})
}

// FuzzForm: parameters are read as the standard library reads them where it takes them at all, and no password reaches the journal.
func FuzzForm(f *testing.F) {
	for _, raw := range []string{"AT=LI&WID=a%20b+c", "&&=&a", "%", "%zz=%4", "MU=m.php%3FPW%3Dx", "P%57=x", "BU=%3F%3F%3F", "a=b=c", "AT=LI;x=y", "\xff=%ff", "MU=%253FPW%253Dx"} {
		f.Add(raw)
	}
	const hidden = "hunter2secret"
	f.Fuzz(func(t *testing.T, raw string) {
		g := NewWithT(t)
		var mine form
		mine.parse(raw, false)
		if theirs, err := url.ParseQuery(raw); err == nil && strings.Count(raw, "&") < maxParams {
			for key, values := range theirs {
				g.Expect(mine.get(key)).To(Equal(values[0]), "%q of %q", key, raw)
			}
		}
		if strings.Contains(raw, hidden) {
			return
		}
		for _, planted := range []string{
			raw + "&PW=" + hidden, "TK=" + hidden + "&" + raw, raw + "&BU=" + escapeAll("https://p.example/?NPW="+hidden+"&x"),
			"MU=" + url.QueryEscape("m.php?BU="+url.QueryEscape("https://p.example/?"+raw+"&PW="+hidden)),
		} {
			got := redact.Query(planted)
			for range 5 {
				g.Expect(got).NotTo(ContainSubstring(hidden), "%q", planted)
				got = unescape(got)
			}
		}
		g.Expect(redact.Query(redact.Query(raw))).To(Equal(redact.Query(raw)), "what is redacted stays as it is")
	})
}

// FuzzCookies: no cookie header makes anybody another host than the one whose ticket it holds.
func FuzzCookies(f *testing.F) {
	for _, header := range []string{"", "ticket=", `ticket="`, "ticket=a; ticket=b", "=;;=", "a=\x00", "TICKET=x", `x="ticket=y"`, "ticket", "JSESSIONID=x; _csrf_=y", strings.Repeat("a=b;", 300)} {
		f.Add(header, header)
	}
	s := strangers(f, token)
	alices, _ := s.Sessions.Open(s.Accounts.Find("alice").Index)
	s.Sessions.Open(s.Accounts.Find("bob").Index)
	f.Fuzz(func(t *testing.T, before, after string) {
		g := NewWithT(t)
		for _, header := range []string{before + after, before + alices + after, before + "; ticket=" + alices + "; " + after, `ticket="` + alices + `"` + after} {
			page := asked(s, "mywebex/default.do", "GET", "", "", header).Body.String()
			g.Expect(page).NotTo(ContainSubstring("bob"), "%q", header)
			list := s.Journal.Entries()
			e := list[len(list)-1]
			g.Expect(e.User).To(BeElementOf("", "alice"))
			g.Expect(strings.Contains(page, "Alice Archer")).To(Equal(e.Session == session.Live))
			g.Expect(len(e.CookiesIn)).To(BeNumerically("<=", maxCookies))
			asked(s, "m.php", "GET", "AT=HM&MK=100000001", "", header)
			asked(s, "w.php", "GET", "AT=KM&CSRF=y", "", header)
		}
		if before == "" { // the ticket comes first: nothing after it can take it away
			g.Expect(asked(s, "mywebex/default.do", "GET", "", "", "ticket="+alices+"; "+after).Body.String()).To(ContainSubstring("Alice Archer"))
		}
	})
}

// FuzzRequest: no request of any kind gets anything but an answer, one journal entry, and a page whose markup is the site's own.
func FuzzRequest(f *testing.F) {
	for i, r := range rows {
		page, at, _ := strings.Cut(r.command, " ")
		f.Add(page, []string{"GET", "POST"}[i%2], "AT="+at+"&"+r.form, r.form, "ticket=x")
	}
	f.Add("mywebex/login.do", "POST", "", "WID=alice&PW=secret", "")
	f.Add("mywebex/meeting.do", "POST", "", "AT=HM&MK=100000001&roomToken=x&action=end", "")
	f.Add("mywebex/default.do", "GET", "AT=<b>&ST=&RS=", "", "")
	f.Fuzz(func(t *testing.T, page, method, query, body, cookies string) {
		if method != "POST" && method != "GET" {
			method = "HEAD"
		}
		g := NewWithT(t)
		s := strangers(t, token)
		ticket, _ := s.Sessions.Open(s.Accounts.Find("alice").Index)
		for _, header := range []string{cookies, cookies + "; ticket=" + ticket} {
			before := s.Journal.Last()
			rec := asked(s, page, method, query, body, header)
			known := isAPIPage(page) || page == "mywebex/default.do" || page == "mywebex/login.do" || page == "mywebex/meeting.do"
			if rec.Code == http.StatusRequestEntityTooLarge {
				continue
			}
			g.Expect(s.Journal.Last()-before).To(Equal(map[bool]uint64{true: 1, false: 0}[known]), page)
			text := rec.Body.String()
			g.Expect(strings.Count(text, "<script")).To(BeNumerically("<=", 1))
			if strings.HasPrefix(text, beforeHref) {
				inScript(t, text)
			} else {
				g.Expect(text).NotTo(ContainSubstring("<script"))
			}
			for name, values := range rec.Header() {
				for _, value := range values {
					g.Expect(strings.ContainsAny(name+value, "\r\n\x00")).To(BeFalse(), "%s: %q", name, value)
				}
			}
			for _, e := range s.Journal.After(before) {
				g.Expect(e.User == "" || e.User == "alice" || s.Accounts.Find(e.User) != nil).To(BeTrue(), "%q is nobody", e.User)
				if utf8.ValidString(query + body) {
					g.Expect(e.String()).NotTo(BeEmpty())
				}
			}
		}
	})
}
