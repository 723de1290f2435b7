package docs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/fixtures/proxies"
	"github.com/cookiegate/cookiegate/suites/formats"
)

func TestEveryKeyOfAFileIsExplained(t *testing.T) {
	for format, page := range map[string]string{"integration": "integrations.md", "scenario": "scenarios.md"} {
		g := NewWithT(t)
		text, err := os.ReadFile(page)
		g.Expect(err).NotTo(HaveOccurred())
		f, err := formats.Named(format)
		g.Expect(err).NotTo(HaveOccurred())
		for _, key := range f.Keys() {
			g.Expect(string(text)).To(MatchRegexp("(?m)^\\| .*`"+key+"`.* \\|"), "%s of %s", key, format)
		}
	}
}

func TestEveryProxyThatANetworkMayHaveIsNamed(t *testing.T) {
	g := NewWithT(t)
	text, err := os.ReadFile("integrations.md")
	g.Expect(err).NotTo(HaveOccurred())
	setups, err := proxies.All()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(setups).NotTo(BeEmpty())
	for _, s := range setups {
		g.Expect(string(text)).To(MatchRegexp("(?m)^\\| .*`"+s.Name+"`.* \\|"), s.Name)
	}
}

// The first example is a whole file; the rows of the second belong to it.
func TestTheExamplesOfAnIntegrationAreAccepted(t *testing.T) {
	g := NewWithT(t)
	var whole string
	for _, b := range blocks(t, "integrations.md") {
		g.Expect(b.kind).To(Equal("yaml"))
		whole += b.text
		file := filepath.Join(t.TempDir(), "integration.yaml")
		g.Expect(os.WriteFile(file, []byte(whole), 0o600)).To(Succeed())
		_, err := formats.Check(file, "integration")
		g.Expect(err).NotTo(HaveOccurred())
	}
	g.Expect(strings.Count(whole, "\n")).To(BeNumerically(">=", 20))
}

func TestTheExampleOfAScenarioIsAccepted(t *testing.T) {
	g := NewWithT(t)
	all := blocks(t, "scenarios.md")
	g.Expect(all).To(HaveLen(1))
	file := filepath.Join(t.TempDir(), "scenario.yaml")
	g.Expect(os.WriteFile(file, []byte(all[0].text), 0o600)).To(Succeed())
	_, err := formats.Check(file, "scenario")
	g.Expect(err).NotTo(HaveOccurred())
}
