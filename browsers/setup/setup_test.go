package setup

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers/network/realproxy"
)

func TestAProxyThatTheEnvironmentNamesAndThatIsNoneIsNotInstalledBesideIt(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("COOKIEGATE_SQUID", "/no/such")
	it := proxy(realproxy.Squid)
	g.Expect(it.Present).To(BeFalse())
	g.Expect(it.Detail).To(HavePrefix("COOKIEGATE_SQUID=/no/such: "))
	g.Expect(advice(it, distro{apt: true})).To(Equal("Name another in that variable, or unset it."))
}

func TestANodeThatTheEnvironmentNamesAndThatIsNoneIsNotInstalledBesideIt(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("PLAYWRIGHT_NODEJS_PATH", "/no/such")
	it := node()
	g.Expect(it.Present).To(BeFalse())
	g.Expect(it.Detail).To(HavePrefix("PLAYWRIGHT_NODEJS_PATH=/no/such: "))
	g.Expect(advice(it, distro{apt: true})).To(Equal("Name another in that variable, or unset it."))
}
