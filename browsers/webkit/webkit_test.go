package webkit

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers/drivertest"
)

func TestDriver(t *testing.T) { drivertest.Run(t, Driver{}) }

func TestATextWithQuotesIsOneString(t *testing.T) {
	g := NewWithT(t)
	g.Expect(xpathString(`Sign in`)).To(Equal(`"Sign in"`))
	g.Expect(xpathString(`the "host's" page`)).To(Equal(`concat("the ", '"', "host's", '"', " page")`))
}
