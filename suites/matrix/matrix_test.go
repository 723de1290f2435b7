package matrix_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/matrix"
)

func TestAPortalIsRunAtItsSiteAndInItsNetwork(t *testing.T) {
	g := NewWithT(t)
	file := filepath.Join(t.TempDir(), "integration.yaml")
	g.Expect(os.WriteFile(file, []byte(`name: mine
portal: https://portal.acme.example
upstream: http://127.0.0.1:3000
site: acme
host: alice
steps:
  - click: text=Host
    await: HM
policies: [allow-third-party, block-all]
site-settings:
  idle-limit: 20m
  csrf: true
network:
  filters:
    - strip-third-party-cookies: response
  proxy: squid-webex-cookies
`), 0o600)).To(Succeed())
	in, err := fixtures.LoadIntegration(file)
	g.Expect(err).NotTo(HaveOccurred())
	policies, err := in.Columns()
	g.Expect(err).NotTo(HaveOccurred())

	cases, err := matrix.Cases([]fixtures.Integration{in}, []browsers.Engine{browsers.Firefox}, policies)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(cases).To(HaveLen(2))
	for _, c := range cases {
		g.Expect(c.Site.IdleLimit).To(Equal(20 * time.Minute))
		g.Expect(c.Site.CSRF).To(BeTrue())
		g.Expect(c.Network).To(Equal(fixtures.Network{
			Filters: []network.FilterSpec{{StripThirdPartyCookies: network.OnResponse}}, Proxy: "squid-webex-cookies",
		}))
	}
}
