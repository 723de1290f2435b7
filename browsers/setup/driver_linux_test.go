package setup

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
	"golang.org/x/sys/unix"

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

func TestANodeThatLeavesSomethingRunningIsNotWaitedFor(t *testing.T) {
	g := NewWithT(t)
	npmAndNode(t)
	t.Setenv("COOKIEGATE_DRIVER", t.TempDir())
	g.Expect(installDriver(t.Context(), func(string) {})).To(Succeed())
	dir, err := playwright.DriverDir()
	g.Expect(err).NotTo(HaveOccurred())
	node := os.Getenv("PLAYWRIGHT_NODEJS_PATH")
	pids := filepath.Join(t.TempDir(), "left")
	t.Cleanup(func() {
		left, _ := os.ReadFile(pids)
		for pid := range strings.FieldsSeq(string(left)) {
			if n, err := strconv.Atoi(pid); err == nil {
				_ = unix.Kill(n, unix.SIGKILL)
			}
		}
	})
	// Its child holds the output.
	g.Expect(os.WriteFile(node, []byte("#!/bin/sh\nsleep 1000 &\necho $! >>"+pids+"\n[ $# = 1 ] && echo v20.0.0 || echo Version "+playwright.Version+"\n"), 0o755)).To(Succeed())
	_, version, err := findNode()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(version).To(Equal("20.0.0"))
	g.Expect(playwright.CheckDriver(dir)).To(Succeed())
}

func TestTheDriverFindsANodeThatIsNamedFromElsewhere(t *testing.T) {
	g := NewWithT(t)
	npmAndNode(t)
	node := os.Getenv("PLAYWRIGHT_NODEJS_PATH")
	t.Chdir(filepath.Dir(node))
	for _, named := range []string{"node", "./node"} { // as in PATH, and as from here
		t.Setenv("PLAYWRIGHT_NODEJS_PATH", named)
		t.Setenv("COOKIEGATE_DRIVER", filepath.Join(t.TempDir(), "driver"))
		g.Expect(installDriver(t.Context(), func(string) {})).To(Succeed(), named)
	}
}
