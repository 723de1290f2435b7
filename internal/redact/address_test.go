package network

import (
	"net/url"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

func TestSecretsAreTakenOutOfAddresses(t *testing.T) {
	r := newRedactor(nil)
	for in, want := range map[string]string{
		"/acme/p.php?AT=LI&WID=alice&PW=geheim":                  "/acme/p.php?AT=LI&WID=alice&PW=***",
		"/p?pw=a&Pw=b&%50W=c&PW=":                                "/p?pw=***&Pw=***&%50W=***&PW=",
		"/p?TK=a&CSRF=b&access_token=c&ticketId=d&X=1":           "/p?TK=***&CSRF=***&access_token=***&ticketId=***&X=1",
		"/p?b=2&a=1&b=3":                                         "/p?b=2&a=1&b=3",
		"/p;jsessionid=0A?x=1":                                   "/p;jsessionid=***?x=1",
		"/p?BU=https%3A%2F%2Fp.example%2Fback%3Ftoken%3Dabc%26n": "/p?BU=https%3A%2F%2Fp.example%2Fback%3Ftoken%3D***%26n",
		"/p?BU=https%3A%2F%2Fp.example%2Fback%3Fstate%3D2":       "/p?BU=https%3A%2F%2Fp.example%2Fback%3Fstate%3D2",
		"https://u:p@h.example/x":                                "https://u:***@h.example/x",
		"https://h.example/cb#access_token=abc&state=1":          "https://h.example/cb#access_token=***&state=1",
		"https://h.example/#/route?token=abc":                    "https://h.example/#/route?token=***",
		"/?%zz=1&PW=x":                                           "/?%zz=1&PW=***",
		"relative":                                               "relative",
		"":                                                       "",
	} {
		NewWithT(t).Expect(r.address(in)).To(Equal(want), in)
	}
}

func TestSecretsInAddressesInAddresses(t *testing.T) {
	g := NewWithT(t)
	r := newRedactor(nil)
	inner := "/acme/p.php?PW=hunter2"
	for depth := range 12 {
		inner = "/acme/m.php?AT=HM&BU=" + url.QueryEscape(inner)
		g.Expect(r.address(inner)).NotTo(ContainSubstring("hunter2"), "depth %d", depth)
	}
}

func TestTheListOfSecretsIsAnOption(t *testing.T) {
	g := NewWithT(t)
	r := newRedactor([]string{"MK", "x-*-y"})
	g.Expect(r.address("/p?mk=1&PW=2&x-a-y=3&x-y=4")).To(Equal("/p?mk=***&PW=2&x-a-y=***&x-y=4"))
	g.Expect(newRedactor([]string{}).address("/p?PW=2")).To(Equal("/p?PW=2"))
}

func TestOriginOnly(t *testing.T) {
	g := NewWithT(t)
	g.Expect(origin("https://u:p@portal.acme.example:8443/a?PW=x#y")).To(Equal("https://portal.acme.example:8443"))
	g.Expect(origin("")).To(BeEmpty())
	g.Expect(origin("://")).To(BeEmpty())
}

func FuzzRedact(f *testing.F) {
	for _, s := range []string{"", "p.php?AT=LI&PW=", "x?BU=%3FPW%3D", "https://a:b@c/;sid=1?", "x#y?z="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, prefix string) {
		const secret = "Zq7secretZq7"
		raw := "/p?" + strings.NewReplacer("#", "", "?", "").Replace(prefix) + "&PW=" + secret
		if got := newRedactor(nil).address(raw); strings.Contains(got, secret) {
			t.Fatalf("%q became %q", raw, got)
		}
	})
}
