package policy_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers/policy"
)

const (
	site   = "https://acme.webex.com/acme/p.php?AT=LI"
	portal = "https://portal.acme.example"
)

// The forms of Set-Cookie on which Chromium 156, Firefox ESR 153 and WebKitGTK 2.50.6 were seen to differ, where third-party cookies are
// allowed: stored by a visit to the site itself; sent to a frame of somebody else's page, after that visit; stored by such a frame.
func TestFormsOfSetCookieWhereThirdPartiesAreAllowed(t *testing.T) {
	type seen struct{ first, sent, stored policy.Action }
	const yes, no, own = policy.Accepted, policy.Blocked, policy.Partitioned
	for _, row := range []struct {
		attributes                string
		chromium, firefox, webkit seen
	}{
		{"", seen{yes, no, no}, seen{yes, yes, yes}, seen{yes, yes, yes}},
		{"; SameSite=None", seen{no, no, no}, seen{no, no, no}, seen{yes, yes, yes}},
		{"; SameSite=None; Secure", seen{yes, yes, yes}, seen{yes, yes, yes}, seen{yes, yes, yes}},
		{"; SameSite=Lax", seen{yes, no, no}, seen{yes, no, no}, seen{yes, no, yes}},
		{"; SameSite=Strict", seen{yes, no, no}, seen{yes, no, no}, seen{yes, no, yes}},
		{"; Partitioned", seen{no, no, no}, seen{no, no, no}, seen{yes, yes, yes}},
		{"; Partitioned; Secure", seen{own, no, no}, seen{own, no, own}, seen{yes, yes, yes}},
		{"; Partitioned; SameSite=None; Secure", seen{own, no, own}, seen{own, no, own}, seen{yes, yes, yes}},
		{"; Partitioned; SameSite=Lax; Secure", seen{own, no, no}, seen{own, no, no}, seen{yes, no, yes}},
		{"; Domain=webex.com; Partitioned; SameSite=None; Secure", seen{own, no, own}, seen{own, no, own}, seen{yes, yes, yes}},
	} {
		for engine, want := range map[string]seen{policy.Chromium: row.chromium, policy.Firefox: row.firefox, policy.WebKit: row.webkit} {
			t.Run(engine+row.attributes, func(t *testing.T) {
				g := NewWithT(t)
				m := policy.Under(engine, "", policy.Policy{Base: policy.AllowThirdParty})
				c := policy.ParseSetCookie("ticket=x" + row.attributes)
				for _, ctx := range []policy.Context{policy.InFrame(site, portal), policy.Within(site, portal)} {
					got := seen{m.Decide(c, policy.TopLevel(site)).Store.Action, m.Decide(c, ctx).Send.Action, m.Decide(c, ctx).Store.Action}
					g.Expect(got).To(Equal(want))
				}
			})
		}
	}
}

func TestHostPrefixWithPartitioned(t *testing.T) {
	g := NewWithT(t)
	c := policy.ParseSetCookie("__Host-ticket=x; Path=/; Secure; SameSite=None; Partitioned")
	for engine, want := range map[string]policy.Action{policy.Chromium: policy.Partitioned, policy.Firefox: policy.Partitioned, policy.WebKit: policy.Accepted} {
		v := policy.Decide(engine, "", policy.Policy{Base: policy.AllowThirdParty}, c, policy.InFrame(site, portal))
		g.Expect(v.Store.Action).To(Equal(want), v.Store.Sentence())
	}
}

func TestWhatMakesASetCookieNone(t *testing.T) {
	for _, row := range []struct {
		header string
		url    string
		reason policy.Reason // in Chromium and Firefox; empty: stored
		webkit policy.Reason
	}{
		{`ticket="x"; Version=1; Domain=webex.com; Path=/; Secure`, site, "", ""},
		{"ticket=x; Domain=.webex.com", site, "", ""},
		{"ticket=x; Domain=WebEx.COM", site, "", policy.BadDomain},
		{"ticket=x; Domain=.", site, policy.BadDomain, policy.BadDomain},
		{"ticket=x; Domain=com", site, policy.BadDomain, policy.BadDomain},
		{"ticket=x; Domain=other.example", site, policy.BadDomain, policy.BadDomain},
		{"ticket=x; Domain=below.acme.webex.com", site, policy.BadDomain, policy.BadDomain},
		{`ticket=x; Domain="webex.com"`, site, policy.BadDomain, policy.BadDomain},
		{"__Host-ticket=x; Secure; Path=/", site, "", ""},
		{"__Host-ticket=x; Secure; Path=/; Domain=webex.com", site, policy.BadPrefix, ""},
		{"__Host-ticket=x; Secure; Path=/acme", site, policy.BadPrefix, ""},
		{"__Host-ticket=x; Path=/", site, policy.BadPrefix, ""},
		{"__host-ticket=x; Path=/", site, policy.BadPrefix, ""},
		{"__Http-ticket=x; Secure", site, policy.BadPrefix, ""},
		{"__Http-ticket=x; Secure; HttpOnly", site, "", ""},
		{"__Host-Http-ticket=x; Path=/; Secure", site, policy.BadPrefix, ""},
		{"__Host-Http-ticket=x; Path=/; Secure; HttpOnly", site, "", ""},
		{"__Secure-ticket=x", site, policy.BadPrefix, ""},
		{"__Secure-ticket=x; Secure", site, "", ""},
		{"ticket=x; Secure", "http://acme.webex.com/", policy.InsecureConnection, policy.InsecureConnection},
		{"ticket=x; Secure", "http://localhost/", "", policy.InsecureConnection},
		{"=", site, policy.Malformed, policy.Malformed},
		{"ticket=" + string(make([]byte, 4096)), site, policy.TooLarge, ""},
	} {
		for engine, want := range map[string]policy.Reason{policy.Chromium: row.reason, policy.Firefox: row.reason, policy.WebKit: row.webkit} {
			name := row.header
			t.Run(engine+" "+name[:min(len(name), 60)]+" "+row.url, func(t *testing.T) {
				g := NewWithT(t)
				v := policy.Decide(engine, "", policy.Policy{Base: policy.AllowThirdParty}, policy.ParseSetCookie(row.header), policy.TopLevel(row.url)).Store
				g.Expect(v.Reason).To(Equal(want), v.Sentence())
				g.Expect(v.Action.Through()).To(Equal(want == ""))
			})
		}
	}
}

func TestADigitInABrowsersNameIsNoVersion(t *testing.T) {
	c := policy.ParseSetCookie("ticket=x; Secure")
	for version, want := range map[string]policy.Action{
		"79.0.3945.88": policy.Accepted, "Chrome 79": policy.Accepted, "WebView2 79": policy.Accepted, "Brave (Chromium 79.0)": policy.Accepted,
		"WebView2 120": policy.Blocked, "WebView2": policy.Blocked, "Chrome 149": policy.Blocked, "": policy.Blocked,
	} {
		v := policy.Decide(policy.Chromium, version, policy.Policy{Base: policy.AllowThirdParty}, c, policy.InFrame(site, portal))
		NewWithT(t).Expect(v.Send.Action).To(Equal(want), version)
	}
}
