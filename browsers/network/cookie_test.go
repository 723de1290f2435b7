package network

import (
	"net/http"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

var noon = time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)

func TestOfferedCookiesAreReadAsBrowsersReadThem(t *testing.T) {
	value := fingerprints{[]byte("key")}.of
	for line, want := range map[string]Cookie{
		`ticket="abc="; Version=1; Domain=webex.com; Path=/; Secure`: {
			Name: "ticket", Fingerprint: value(`"abc="`), Domain: "webex.com", Path: "/", Secure: true},
		"a=b":     {Name: "a", Fingerprint: value("b")},
		"a=":      {Name: "a"},
		"a":       {Fingerprint: value("a")},
		"=b":      {Fingerprint: value("b")},
		" a = b ": {Name: "a", Fingerprint: value("b")},
		"a=b=c":   {Name: "a", Fingerprint: value("b=c")},
		`a="b;c"`: {Name: "a", Fingerprint: value(`"b`)}, // quotes protect nothing
		"a b=ü":   {Name: "a b", Fingerprint: value("ü")},
		"__Host-a=b; Path=/; SECURE; httponly; samesite=NONE; Partitioned": {
			Name: "__Host-a", Fingerprint: value("b"), Path: "/", Secure: true, HTTPOnly: true, SameSite: http.SameSiteNoneMode, Partitioned: true},
		"a=b; SameSite=Lax":                                     {Name: "a", Fingerprint: value("b"), SameSite: http.SameSiteLaxMode},
		"a=b; SameSite=Lax; SameSite=Strict":                    {Name: "a", Fingerprint: value("b"), SameSite: http.SameSiteStrictMode},
		"a=b; SameSite=Sometimes":                               {Name: "a", Fingerprint: value("b"), SameSite: http.SameSiteDefaultMode},
		"a=b; Domain=.Webex.COM":                                {Name: "a", Fingerprint: value("b"), Domain: "webex.com"},
		"a=b; Path=x":                                           {Name: "a", Fingerprint: value("b")},
		"a=b; Max-Age=1":                                        {Name: "a", Fingerprint: value("b"), Persistent: true},
		"a=b; Max-Age=99999999999999999999":                     {Name: "a", Fingerprint: value("b"), Persistent: true},
		"a=b; Max-Age=0":                                        {Name: "a", Fingerprint: value("b"), Persistent: true, Deletes: true},
		"a=; Max-Age=-1":                                        {Name: "a", Persistent: true, Deletes: true},
		"a=b; Max-Age=soon":                                     {Name: "a", Fingerprint: value("b")},
		"a=b; Expires=Wed, 01 May 2024 11:59:59 GMT":            {Name: "a", Fingerprint: value("b"), Persistent: true, Deletes: true},
		"a=b; Expires=Wed, 01-May-2024 12:00:01 GMT":            {Name: "a", Fingerprint: value("b"), Persistent: true},
		"a=b; Expires=Wed, 01 May 2024 11:00:00 GMT; Max-Age=9": {Name: "a", Fingerprint: value("b"), Persistent: true},
		"a=b; Expires=Thu, 1-Jan-1970 00:00:00 GMT":             {Name: "a", Fingerprint: value("b"), Persistent: true, Deletes: true},
		"a=b; Expires=Wed, 01 May 2024 11:59:59":                {Name: "a", Fingerprint: value("b"), Persistent: true, Deletes: true},
		"a=b; Expires=Wed May 01 2024 11:59:59 GMT+0000":        {Name: "a", Fingerprint: value("b"), Persistent: true, Deletes: true},
		"a=b; Expires=Wed, 01-May-69 11:59:59 GMT":              {Name: "a", Fingerprint: value("b"), Persistent: true},
		"a=b; Expires=whenever":                                 {Name: "a", Fingerprint: value("b")},
		"a=b;;; ;=; x=y":                                        {Name: "a", Fingerprint: value("b")},
	} {
		t.Run(line, func(t *testing.T) {
			g := NewWithT(t)
			got := fingerprints{[]byte("key")}.offered(http.Header{"Set-Cookie": {line}}, noon)
			g.Expect(got).To(Equal([]Cookie{want}))
		})
	}
}

func TestHeadersThatBrowsersIgnore(t *testing.T) {
	for _, line := range []string{"", "=", ";", " ; Secure", "a=b\x00", "a=b\r\n", "a=\x7f"} {
		_, ok := parseSetCookie(line)
		NewWithT(t).Expect(ok).To(BeFalse(), "%q", line)
	}
}

func TestReturnedCookies(t *testing.T) {
	g := NewWithT(t)
	f := fingerprints{[]byte("key")}
	got := f.returned(http.Header{"Cookie": {`a=1; ticket="x=y";; b=`, "c"}})
	g.Expect(got).To(Equal([]Cookie{
		{Name: "a", Fingerprint: f.of("1")},
		{Name: "ticket", Fingerprint: f.of(`"x=y"`)},
		{Name: "b"},
		{Fingerprint: f.of("c")},
	}))
}

func TestFingerprintsTellValuesApartAndTellNothingElse(t *testing.T) {
	g := NewWithT(t)
	one, other := fingerprints{[]byte("one door")}, fingerprints{[]byte("another")}
	g.Expect(one.of("secret")).To(Equal(one.of("secret")))
	g.Expect(one.of("secret")).NotTo(Equal(one.of("secret2")))
	g.Expect(one.of("secret")).NotTo(Equal(other.of("secret")), "a value could be looked up in a table")
	g.Expect(one.of("secret")).NotTo(ContainSubstring("secret"))
	g.Expect(one.of("")).To(BeEmpty())
}

func FuzzSetCookie(f *testing.F) {
	for _, s := range []string{`t="a"; Version=1; Path=/`, "a=b; Max-Age=-0", "a;=;==", "a=b; Expires=Wed, 01-May-24 12:00:01 GMT", "; ;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		cookies := fingerprints{[]byte("k")}.offered(http.Header{"Set-Cookie": {line}}, noon)
		if len(cookies) > 1 {
			t.Fatalf("%d cookies out of one header", len(cookies))
		}
		if len(cookies) == 1 && strings.ContainsAny(cookies[0].Name, ";=\x00\r\n") {
			t.Fatalf("name %q", cookies[0].Name)
		}
		fingerprints{[]byte("k")}.returned(http.Header{"Cookie": {line}})
	})
}
