package testbed

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers/network"
)

// A login of another host is no host of the case: the browser was refused, and nothing in the hops says so.
func TestHostsThatAreNoneOfTheCaseAreNamed(t *testing.T) {
	g := NewWithT(t)
	refused := func(host string) network.Exchange { return network.Exchange{Host: host, Refused: true} }
	e := evidence{exchanges: []network.Exchange{
		{Host: "portal.acme.example"}, refused("login.acme.example"), refused("login.acme.example"), {Host: "update.browser.example", Refused: true, Own: true},
	}}
	g.Expect(elsewhere(e.outside())).To(Equal("the portal leads to login.acme.example, and a case reaches no host but the portal's and the site's"))
	e.exchanges = append(e.exchanges, refused("a.example"), refused("b.example"), refused("c.example"))
	g.Expect(elsewhere(e.outside())).To(ContainSubstring("login.acme.example, a.example, b.example and 1 more"))
	g.Expect(elsewhere(evidence{}.outside())).To(BeEmpty())
}
