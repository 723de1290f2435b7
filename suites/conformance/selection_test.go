package conformance_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"
)

func TestARunThatHoldsTheModelToNothingFails(t *testing.T) {
	g := NewWithT(t)
	self, err := os.Executable()
	g.Expect(err).NotTo(HaveOccurred())
	facts := filepath.Join(t.TempDir(), "facts.md")
	c := exec.CommandContext(t.Context(), self, "-test.run=^TestConformance$")
	c.Env = append(os.Environ(), "POLICIES=block-thrid-party", "FACTS="+facts)
	out, err := c.CombinedOutput()
	g.Expect(err).To(HaveOccurred(), "%s", out)
	g.Expect(string(out)).To(ContainSubstring("no cell is left: there is none for POLICIES=block-thrid-party "))
	g.Expect(facts).NotTo(BeAnExistingFile())
}
