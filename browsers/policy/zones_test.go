package policy_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers/policy"
)

// The patterns of Microsoft's page on SetZoneMapping, valid and not, then some that people type.
func TestZonePatterns(t *testing.T) {
	for pattern, valid := range map[string]bool{
		`*://*.example.com`:           true,
		`http://*.contoso.co.uk`:      true,
		`*://server.contoso.com`:      true,
		`ftp://192.168.0.0/`:          true,
		`https://example/`:            true,
		`file:\example\share`:         true,
		`*://172.16-31.0.0.*`:         true,
		`http://*.server.example.com`: false,
		`ftp://*`:                     false,

		`webex.com`:                         true,
		`*.webex.com`:                       true,
		`https://acme.webex.com`:            true,
		`10.0.0.1-9`:                        true,
		`*://10.*.*.*`:                      true,
		``:                                  false,
		`*`:                                 false,
		`https://`:                          false,
		`*.com`:                             false,
		`acme.*.com`:                        false,
		`gopher://example.com`:              false,
		`https://acme.webex.com/acme/m.php`: false,
		`https://acme.webex.com:8443`:       false,
		`*://10.0.0.9-1`:                    false,
		`*://10.0.0.256`:                    false,
		`*://10.0`:                          false,
		`a..example`:                        false,
		`file:\`:                            false,
	} {
		_, err := policy.ParseZonePattern(pattern)
		NewWithT(t).Expect(err == nil).To(Equal(valid), "%s: %v", pattern, err)
	}
}

func TestLookupOfZones(t *testing.T) {
	for _, row := range []struct {
		entries []policy.ZoneEntry
		url     string
		want    policy.Zone
	}{
		{nil, "https://acme.webex.com/", policy.InternetZone},
		{nil, "http://intranet/", policy.IntranetZone},
		{[]policy.ZoneEntry{{"webex.com", policy.TrustedZone}}, "https://acme.webex.com/", policy.TrustedZone},
		{[]policy.ZoneEntry{{"webex.com", policy.TrustedZone}}, "http://webex.com/", policy.TrustedZone},
		{[]policy.ZoneEntry{{"webex.com", policy.TrustedZone}}, "http://notwebex.com/", policy.InternetZone},
		{[]policy.ZoneEntry{{"https://acme.webex.com", policy.TrustedZone}}, "https://acme.webex.com/", policy.TrustedZone},
		{[]policy.ZoneEntry{{"https://acme.webex.com", policy.TrustedZone}}, "http://acme.webex.com/", policy.InternetZone}, // the scheme counts
		{[]policy.ZoneEntry{{"https://acme.webex.com", policy.TrustedZone}}, "https://other.webex.com/", policy.InternetZone},
		{[]policy.ZoneEntry{{"*://*.webex.com", policy.IntranetZone}}, "https://a.b.webex.com/", policy.IntranetZone},
		{[]policy.ZoneEntry{{"webex.com", policy.TrustedZone}, {"acme.webex.com", policy.RestrictedZone}}, "https://acme.webex.com/", policy.RestrictedZone},
		{[]policy.ZoneEntry{{"acme.webex.com", policy.IntranetZone}, {"webex.com", policy.TrustedZone}}, "https://acme.webex.com/", policy.TrustedZone},
		{[]policy.ZoneEntry{{"*://172.16-31.0.*", policy.TrustedZone}}, "http://172.20.0.9/", policy.TrustedZone},
		{[]policy.ZoneEntry{{"*://172.16-31.0.*", policy.TrustedZone}}, "http://172.32.0.9/", policy.InternetZone},
		{[]policy.ZoneEntry{{"*://172.16-31.0.0.*", policy.TrustedZone}}, "http://172.16.0.0/", policy.InternetZone},
		{[]policy.ZoneEntry{{"intranet", policy.RestrictedZone}}, "http://intranet/", policy.RestrictedZone},
	} {
		g := NewWithT(t)
		var m policy.ZoneMap
		for _, e := range row.entries {
			g.Expect(m.Add(e, false)).To(Succeed())
		}
		got, ok := m.Lookup(row.url)
		g.Expect(ok).To(BeTrue())
		g.Expect(got).To(Equal(row.want), "%v %s", row.entries, row.url)
	}
}

func TestEntriesThatInternetExplorerRefuses(t *testing.T) {
	g := NewWithT(t)
	var m policy.ZoneMap
	code := func(e policy.ZoneEntry, requireHTTPS bool) string {
		err := m.Add(e, requireHTTPS)
		var refused *policy.ZoneError
		if err == nil {
			return ""
		}
		g.Expect(err).To(BeAssignableToTypeOf(refused))
		refused = err.(*policy.ZoneError)
		g.Expect(refused.Sentence).To(ContainSubstring(e.Site))
		return refused.Code
	}
	g.Expect(code(policy.ZoneEntry{Site: "webex.com", Zone: policy.TrustedZone}, true)).To(Equal("E_ACCESSDENIED"))
	g.Expect(code(policy.ZoneEntry{Site: "http://webex.com", Zone: policy.TrustedZone}, true)).To(Equal("E_ACCESSDENIED"))
	g.Expect(code(policy.ZoneEntry{Site: "https://acme.webex.com", Zone: policy.TrustedZone}, true)).To(BeEmpty())
	g.Expect(code(policy.ZoneEntry{Site: "https://acme.webex.com", Zone: policy.TrustedZone}, true)).To(Equal("E_FAIL"))
	g.Expect(code(policy.ZoneEntry{Site: "https://acme.webex.com", Zone: policy.RestrictedZone}, false)).To(Equal("ERROR_FILE_EXISTS"))
	g.Expect(code(policy.ZoneEntry{Site: "ftp://*", Zone: policy.TrustedZone}, false)).To(Equal("E_INVALIDARG"))
}

// The levels of the zones as shipped: the Restricted zone alone refuses cookies; a page's own zone does not count.
func TestZonesAsShipped(t *testing.T) {
	for zone, want := range map[policy.Zone]policy.Action{
		policy.MyComputerZone: policy.Accepted, policy.IntranetZone: policy.Accepted, policy.TrustedZone: policy.Accepted,
		policy.InternetZone: policy.Accepted, policy.RestrictedZone: policy.Blocked,
	} {
		for _, persistent := range []bool{true, false} {
			p := policy.Policy{InternetExplorer: &policy.InternetExplorer{Version: "5.5", ZoneMap: []policy.ZoneEntry{{Site: "https://acme.webex.com", Zone: zone}}}}
			for _, ctx := range []policy.Context{policy.TopLevel(site), policy.InFrame(site, portal)} {
				v := policy.Decide(policy.IE55, "", p, policy.Cookie{Name: "a", Persistent: persistent}, ctx)
				NewWithT(t).Expect(v.Store.Action).To(Equal(want), v.Store.Sentence())
				NewWithT(t).Expect(v.Send.Action).To(Equal(want), v.Send.Sentence())
			}
		}
	}
}

func TestIDsOfZones(t *testing.T) {
	g := NewWithT(t)
	g.Expect(policy.MyComputerZone.ID()).To(Equal(0))
	g.Expect(policy.IntranetZone.ID()).To(Equal(1))
	g.Expect(policy.TrustedZone.ID()).To(Equal(2))
	g.Expect(policy.InternetZone.ID()).To(Equal(3))
	g.Expect(policy.RestrictedZone.ID()).To(Equal(4))
}
