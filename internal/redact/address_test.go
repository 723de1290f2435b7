package redact

import (
	"net/url"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

func TestSecretsAreTakenOutOfAddresses(t *testing.T) {
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
		"/p?BU=https%3A%2F%2Fp%2F%3FPW%3Dgeheim%zz&x=1":          "/p?BU=https%3A%2F%2Fp%2F%3FPW%3D***&x=1",
		"/p?AT=LI;PW=geheim":                                     "/p?AT=LI%3BPW%3D***",
		"/p?state=%7B%22PW%22%3A%22geheim%22%2C%22n%22%3A1%7D":   "/p?state=%7B%22PW%22%3A***%2C%22n%22%3A1%7D",
		"relative": "relative",
		"":         "",
	} {
		NewWithT(t).Expect(Address(in)).To(Equal(want), in)
	}
}

func TestSecretsInAddressesInAddresses(t *testing.T) {
	g := NewWithT(t)
	inner := "/acme/p.php?PW=hunter2"
	for depth := range 12 {
		inner = "/acme/m.php?AT=HM&BU=" + url.QueryEscape(inner)
		g.Expect(Address(inner)).NotTo(ContainSubstring("hunter2"), "depth %d", depth)
	}
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{"", "p.php?AT=LI&PW=", "x?BU=%3FPW%3D", "https://a:b@c/;sid=1?", "x#y?z="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, prefix string) {
		const secret = "Zq7secretZq7"
		raw := "/p?" + strings.NewReplacer("#", "", "?", "").Replace(prefix) + "&PW=" + secret
		if got := Address(raw); strings.Contains(got, secret) {
			t.Fatalf("%q became %q", raw, got)
		}
	})
}
