package setup

import (
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers/playwright"
)

// npm and node stand in for the real ones, which would ask a registry: what they lay out passes for a driver.
func npmAndNode(t *testing.T) {
	t.Helper()
	g := NewWithT(t)
	dir := t.TempDir()
	node := filepath.Join(dir, "node")
	for file, script := range map[string]string{
		node:                      "[ $# = 1 ] && echo v20.0.0 || echo Version " + playwright.Version,
		filepath.Join(dir, "npm"): `mkdir -p "$3/node_modules/playwright-core"`,
	} {
		g.Expect(os.WriteFile(file, []byte("#!/bin/sh\n"+script+"\n"), 0o755)).To(Succeed())
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	t.Setenv("PLAYWRIGHT_NODEJS_PATH", node)
}

func TestAFolderThatHoldsSomethingElseIsNotTakenForTheDriver(t *testing.T) {
	g := NewWithT(t)
	npmAndNode(t)
	dir := t.TempDir()
	t.Setenv("COOKIEGATE_DRIVER", dir)
	own := filepath.Join(dir, "thesis.txt")
	g.Expect(os.WriteFile(own, nil, 0o644)).To(Succeed())
	g.Expect(installDriver(t.Context(), func(string) {})).To(MatchError(ContainSubstring(dir + " holds thesis.txt")))
	g.Expect(own).To(BeAnExistingFile())

	g.Expect(os.Remove(own)).To(Succeed())
	for range 2 { // into an empty folder, and in the place of a driver
		g.Expect(installDriver(t.Context(), func(string) {})).To(Succeed())
		g.Expect(playwright.CheckDriver(dir)).To(Succeed())
	}
}
