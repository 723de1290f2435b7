package testbed

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
)

func TestWhatIsInForceByManagedPolicyIsNamed(t *testing.T) {
	g := NewWithT(t)
	g.Expect((&Station{}).managed()).To(BeEmpty())
	s := Station{settings: []browsers.Setting{
		{Name: "mode", Value: "1", Source: browsers.ManagedPolicy},
		{Name: "default", Value: "1", Source: "preference"},
		{Name: "blocked", Value: `["a"]`, Source: browsers.ManagedPolicy},
	}}
	g.Expect(s.managed()).To(Equal(`mode = 1, blocked = ["a"]`))
}
