package repro

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/simulator"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

func TestTheCaseIsRunAtTheCustomersAddressesWhereTheyCanBeRouted(t *testing.T) {
	sample := testbed.Case{Site: simulator.Site{Name: "acme"}}
	sample.Integration.Portal = "https://portal.acme.example"
	for _, test := range []struct{ portal, site, wantPortal, wantSite string }{
		{"https://intranet.contoso.com", "https://contoso.webex.com", "https://intranet.contoso.com", "contoso.webex.com"},
		{"http://intranet.contoso.com", "https://contoso.webex.com", "https://portal.acme.example", "contoso.webex.com"},
		{"https://intranet.contoso.com:8443", "", "https://portal.acme.example", "acme.webex.com"},
		{"https://localhost", "", "https://portal.acme.example", "acme.webex.com"},
		{"https://app.localhost", "", "https://portal.acme.example", "acme.webex.com"},
		{"https://127.0.0.1", "", "https://portal.acme.example", "acme.webex.com"},
		{"https://intranet", "", "https://portal.acme.example", "acme.webex.com"},
		{"https://contoso.webex.com", "https://contoso.webex.com", "https://portal.acme.example", "contoso.webex.com"},
		{"", "https://meet.contoso.com", "https://portal.acme.example", "acme.webex.com"},
		{`https://a".contoso.com`, `https://x"y.webex.com`, "https://portal.acme.example", "acme.webex.com"},
		{"", "https://a.b.webex.com", "https://portal.acme.example", "acme.webex.com"},
	} {
		g := NewWithT(t)
		c := &Complaint{}
		c.Portal, c.Site = test.portal, test.site
		one := c.named(sample)
		g.Expect(one.Integration.Portal).To(Equal(test.wantPortal), test.portal)
		g.Expect(one.SiteHost()).To(Equal(test.wantSite), test.site)
		g.Expect(sample.Integration.Portal).To(Equal("https://portal.acme.example"))
	}
}
