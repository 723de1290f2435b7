package policy_test

import (
	"testing"

	"github.com/cookiegate/cookiegate/browsers/policy"
)

func FuzzDecide(f *testing.F) {
	f.Add("chromium", "156", "block-third-party", ticketHeader, `CP="CAO PSA OUR"`, site, portal, "https://[*.]webex.com,*", "POST", uint8(0))
	f.Add("firefox", "ESR 153", "partition", "a=1; Partitioned", "", "http://[::1]:80/x", "null", "https://acme.webex.com", "", uint8(255))
	f.Add("ie6", "", "", "=", "CP=", "https://.", "https://a..b", "", "GET", uint8(3))
	f.Fuzz(func(t *testing.T, engine, version, base, header, p3p, url, ancestor, typed, method string, flags uint8) {
		p := policy.Policy{Base: policy.Base(base)}
		if typed != "" && flags&1 != 0 {
			p.Exceptions = []policy.Exception{{Typed: typed, EmbeddedIn: ancestor, Decision: policy.Allow, By: policy.Managed}, {Site: typed, Decision: policy.Block}}
		}
		if flags&2 != 0 {
			p.InternetExplorer = &policy.InternetExplorer{Version: "6", Level: policy.PrivacyLevel(base), Import: typed, ZoneMap: []policy.ZoneEntry{{Site: typed, Zone: policy.TrustedZone}}}
		}
		c := policy.ParseSetCookie(header)
		c.P3P, c.Script = p3p, flags&4 != 0
		ctx := policy.Context{URL: url, Method: method, Navigation: flags&8 != 0, Script: flags&16 != 0, Sandboxed: flags&32 != 0, Redirects: []string{typed}, Initiator: typed}
		if flags&64 != 0 {
			ctx.Ancestors = []string{ancestor, typed, url}
		}
		for _, e := range append(everyEngine, engine) {
			m := policy.Under(e, version, p)
			both := m.Decide(c, ctx)
			for _, v := range []policy.Verdict{both.Store, both.Send} {
				if err := wellFormed(v); err != nil {
					t.Fatalf("%s: %v: %+v", e, err, v)
				}
				_ = v.Sentence()
			}
			j := m.Jar()
			j.Set(c, ctx)
			j.Send(ctx)
		}
	})
}

func FuzzPattern(f *testing.F) {
	for _, s := range []string{"[*.]webex.com", "https://[*.]webex.com:*", "*://*:8443", "[::1]:80", "http://a/path", "*,https://a.example", "[*.].a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if p, err := policy.ParsePattern(s); err == nil {
			again, err := policy.ParsePattern(p.String())
			if err != nil || again != p {
				t.Fatalf("%q is %q, which is %q: %v", s, p, again, err)
			}
			p.Matches("https://acme.webex.com/")
		}
		_, _ = policy.ParsePatternPair(s, true)
	})
}

func FuzzP3P(f *testing.F) {
	for class := range p3pOf {
		f.Add(p3pOf[class])
	}
	f.Add(`policyref="/w3c/p3p.xml", CP="NOI DSP`)
	f.Fuzz(func(t *testing.T, s string) {
		p := policy.ParseP3P(s)
		if p.Class() == policy.NoCompactPolicy && p.Present {
			t.Fatalf("%q has a compact policy and counts as having none", s)
		}
		for _, token := range p.Tokens {
			if again, ok := policy.ParseToken(token.String()); !ok || again != token {
				t.Fatalf("%q: token %q is not one", s, token)
			}
		}
	})
}

func FuzzPreference(f *testing.F) {
	f.Add("IE6-P3PSettings/V1: /FIN&CONi=a/ /FIN&!CON=r/ /UNR=p/ nopolicy=d session=a /=a/")
	f.Add("IE6-P3PV1/settings: always=l")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := policy.ParsePreference(s)
		if err != nil {
			return
		}
		again, err := policy.ParsePreference(p.String())
		if err != nil || again.String() != p.String() {
			t.Fatalf("%q is %q, which is %q: %v", s, p, again, err)
		}
		for _, header := range p3pOf {
			for _, persistent := range []bool{true, false} {
				if h := policy.ParseP3P(header); p.State(h, persistent) != again.State(h, persistent) {
					t.Fatalf("%q and %q differ about %q", s, p, header)
				}
			}
		}
	})
}

func FuzzPrivacyXML(f *testing.F) {
	f.Add([]byte(`<MSIEPrivacy><MSIEPrivacySettings formatVersion="6"><p3pCookiePolicy zone="internet"><firstParty noPolicyDefault="reject" noRuleDefault="accept" alwaysAllowSession="yes"><if expr="TEL" action="reject"/></firstParty></p3pCookiePolicy><flushSiteList/></MSIEPrivacySettings></MSIEPrivacy>`))
	f.Add([]byte(`<!DOCTYPE a [<!ENTITY b "c">]><MSIEPrivacy>&b;</MSIEPrivacy>`))
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := policy.ParsePrivacyXML(text)
		if err != nil {
			return
		}
		for _, z := range file.Zones {
			z.First.State(policy.ParseP3P(""), true)
		}
	})
}

func FuzzZonePattern(f *testing.F) {
	for _, s := range []string{"*://*.example.com", `file:\example\share`, "*://172.16-31.0.0.*", "ftp://*", "webex.com", "1-2-3.4.5.6"} {
		f.Add(s, "https://acme.webex.com/")
	}
	f.Fuzz(func(t *testing.T, s, url string) {
		var m policy.ZoneMap
		if _, err := policy.ParseZonePattern(s); (err == nil) != (m.Add(policy.ZoneEntry{Site: s, Zone: policy.TrustedZone}, false) == nil) {
			t.Fatalf("%q: the pattern and the map disagree: %v", s, err)
		}
		m.Lookup(url)
	})
}

func FuzzWire(f *testing.F) {
	f.Add(ticketHeader, "ticket=x; a", site, portal, "", true)
	f.Fuzz(func(t *testing.T, setCookie, cookie, url, top, p3p string, six bool) {
		ie := policy.InternetExplorer{Version: "5.5"}
		if six {
			ie.Version = "6"
		}
		w, err := policy.NewWire(ie)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range w.Answer(policy.Hop{URL: url, Top: top}, p3p, []string{setCookie}) {
			if c.Removed != (c.SetCookie == "") && setCookie != "" && c.Name != "" {
				t.Fatalf("%q: removed %v, handed on as %q", setCookie, c.Removed, c.SetCookie)
			}
			if !c.Removed && policy.ParseSetCookie(c.SetCookie).Name != c.Name {
				t.Fatalf("%q: the name changed: %q", setCookie, c.SetCookie)
			}
		}
		w.Request(policy.Hop{URL: url, Top: top}, cookie)
	})
}
