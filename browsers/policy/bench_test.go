package policy_test

import (
	"testing"

	"github.com/cookiegate/cookiegate/browsers/policy"
)

// cells is how many verdicts one turn of the benchmark gives, store and send each: 5 models × 8 contexts × 50 forms of cookie.
const cells = 2000

func BenchmarkDecide2000Cells(b *testing.B) {
	ie := policy.Policy{InternetExplorer: &policy.InternetExplorer{Version: "6"}}
	models := []*policy.Model{
		policy.Under(policy.Chromium, "156", policy.Policy{Base: policy.BlockThirdParty, Exceptions: []policy.Exception{{Site: "other.example", Decision: policy.Allow, By: policy.Person}}}),
		policy.Under(policy.Chromium, "156", policy.Policy{Base: policy.AllowThirdParty}),
		policy.Under(policy.Firefox, "153", policy.Policy{Base: policy.Partition}),
		policy.Under(policy.WebKit, "2.50.6", policy.Policy{Base: policy.BlockThirdParty}),
		policy.Under(policy.IE6, "", ie),
	}
	post := policy.TopLevel(site)
	post.Method, post.Initiator = "POST", portal
	link := policy.TopLevel(site)
	link.Initiator = portal
	contexts := []policy.Context{
		policy.TopLevel(site), link, post, policy.InFrame(site, portal), policy.InFrame(site, "https://acme.webex.com", portal),
		policy.Within(site, portal), policy.Within(site, "https://acme.webex.com"), policy.InFrame(site, "https://www.webex.com"),
	}
	var cookies []policy.Cookie
	for _, attributes := range []string{"", "; Secure", "; Domain=webex.com", "; Max-Age=60", "; Path=/acme"} {
		for _, same := range []string{"", "; SameSite=None", "; SameSite=Lax", "; SameSite=Strict", "; SameSite=None; Secure"} {
			for _, partitioned := range []string{"", "; Partitioned"} {
				cookies = append(cookies, policy.ParseSetCookie("ticket=x"+attributes+same+partitioned))
			}
		}
	}
	if n := len(models) * len(contexts) * len(cookies); n != cells {
		b.Fatal(n)
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, m := range models {
			for _, ctx := range contexts {
				place := m.In(ctx)
				for _, c := range cookies {
					if v := place.Decide(c); v.Send.Rule == "" {
						b.Fatal("no rule")
					}
				}
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "ms/2000-cells")
}
