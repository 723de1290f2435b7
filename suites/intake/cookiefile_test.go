package intake

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

var today = time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)

func readCookieSample(t *testing.T, name string) *CookieExport {
	t.Helper()
	x, err := ReadCookies(name, openSample(t, "cookies", name), today)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	kept := marshal(t, x)
	for _, secret := range []string{"TICKETSECRET", "PORTALSECRET", "STORAGESECRET"} {
		NewWithT(t).Expect(kept).NotTo(ContainSubstring(secret))
	}
	return x
}

func TestCookiesTxt(t *testing.T) {
	g := NewWithT(t)
	x := readCookieSample(t, "cookies.txt")
	g.Expect(x.Format).To(Equal("cookies.txt"))
	g.Expect(x.Cookies).To(HaveLen(3))
	ticket, portal, old := x.Cookies[0], x.Cookies[1], x.Cookies[2]
	g.Expect(ticket.Name).To(Equal("ticket"))
	g.Expect(ticket.Domain).To(Equal("webex.com"))
	g.Expect(ticket.HostOnly).To(BeFalse())
	g.Expect(ticket.Secure).To(BeTrue())
	g.Expect(ticket.Persistent).To(BeFalse())
	g.Expect(ticket.Fingerprint).NotTo(BeEmpty())
	g.Expect(portal.HTTPOnly).To(BeTrue(), "the mark is no comment")
	g.Expect(portal.HostOnly).To(BeTrue())
	g.Expect(portal.Expires).To(BeTemporally("==", time.Unix(1893700000, 0)))
	g.Expect(portal.Deletes).To(BeFalse())
	g.Expect(old.Deletes).To(BeTrue(), "it expired in 2001")
	g.Expect(old.Fingerprint).To(BeEmpty())
}

func TestCookiesOfExtensions(t *testing.T) {
	g := NewWithT(t)
	x := readCookieSample(t, "editthiscookie.json")
	g.Expect(x.Format).To(Equal("cookie list"))
	ticket, portal := x.Cookies[0], x.Cookies[1]
	g.Expect(ticket.SameSite).To(Equal(http.SameSiteNoneMode))
	g.Expect(ticket.Domain).To(Equal("webex.com"))
	g.Expect(ticket.HostOnly).To(BeFalse())
	g.Expect(ticket.Expires.IsZero()).To(BeTrue())
	g.Expect(portal.SameSite).To(Equal(http.SameSiteLaxMode))
	g.Expect(portal.Expires).To(BeTemporally("==", time.Unix(1893700000, 25e7)))
	g.Expect(portal.Partition).To(Equal("https://acme.example"))
	g.Expect(portal.Partitioned).To(BeTrue())
}

func TestStorageState(t *testing.T) {
	g := NewWithT(t)
	x := readCookieSample(t, "storage-state.json")
	g.Expect(x.Format).To(Equal("storage state"))
	g.Expect(x.Cookies).To(HaveLen(2))
	g.Expect(x.Cookies[0].Partition).To(Equal("https://acme.example"))
	g.Expect(x.Cookies[0].Persistent).To(BeFalse(), "-1 is a session cookie")
	g.Expect(x.Cookies[1].HostOnly).To(BeTrue(), "no dot before the domain")
}

func TestCookieFilesThatAreWrong(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "x:1: byte 0: the file is empty"},
		{"hello", "x:1: 1 cells; expected seven parted by tabs: domain, include subdomains, path, secure, expires, name, value"},
		{"# c\n.webex.com TRUE / TRUE 0 ticket abc", "x:2: 1 cells; expected seven parted by tabs: domain, include subdomains, path, secure, expires, name, value; the tabs have become spaces on the way"},
		{".webex.com\tyes\t/\tTRUE\t0\tticket\tabc", `x:1: include subdomains: expected TRUE or FALSE, found "yes"`},
		{".webex.com\tTRUE\t/\tTRUE\tsoon\tticket\tabc", `x:1: expires: expected seconds since 1970, or 0, found "soon"`},
		{"\t\n\tTRUE\t/\tTRUE\t0\tticket\tabc", "x:2: domain: expected a host name, found \"\""},
		{".\tTRUE\t/\tTRUE\t0\t\tabc", "x:1: domain: expected a host name, found \".\""},
		{"[{\"name\":\"a\",\n\"domain\":\".\"}]", `x:2: [0].domain: expected a host name, found "."`},
		{"[{", "x:1: byte 2: the file ends here, in the middle of a JSON value: it was cut off"},
		{`[{"domain":"a"}]`, `x:1: [0]: the key "name" is missing`},
		{"[{\"domain\":\"b\",\"name\":\"a\"},\n {\"name\":\"a\"}]", `x:2: [1]: the key "domain" is missing`},
		{`[{"name":"a","domain":"b","sameSite":"sometimes"}]`, `x:1: [0].sameSite: expected no_restriction, lax, strict or unspecified, found "sometimes"`},
		{`[{"name":"a","domain":"b","expirationDate":"soon"}]`, `x:1: [0].expires: expected seconds since 1970, found "soon"`},
		{`[{"name":"a","domain":"b","secure":"yes"}]`, "x:1: byte 40, secure: expected true or false, found a text"},
		{`{"origins":[]}`, `x: the key "cookies" is missing; expected a list of cookies or a storage state`},
		{`{"log":{}}`, "x: this is a HAR file; expected cookies"},
		{`[{"name":7,"domain":"b"}]`, "x:1: byte 10, name: expected a text, found a number"},
	} {
		_, err := ReadCookies("x", strings.NewReader(c.text), today)
		NewWithT(t).Expect(err).To(MatchError(c.want), c.text)
	}
}

func FuzzReadCookies(f *testing.F) {
	samples, err := os.ReadDir("testdata/cookies")
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range samples {
		data, err := os.ReadFile("testdata/cookies/" + s.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := cookieExport("x", data, today)
		if err != nil {
			if _, ok := asMistake(err); !ok || x != nil {
				t.Fatalf("not a mistake, or cookies beside it: %v", err)
			}
			return
		}
		for _, c := range x.Cookies {
			if c.Domain == "" && c.Name == "" || c.Deletes && c.Expires.After(today) {
				t.Fatalf("%+v", c)
			}
		}
		marshal(t, x)
	})
}
