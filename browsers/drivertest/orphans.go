package drivertest

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
)

// orphanDir tells a copy of the test program to start a browser in that folder and wait for its own death.
const orphanDir = "DRIVERTEST_ORPHAN_DIR"

// orphans: when the program that started a browser is killed outright, the browser goes with it. The test program is started a second
// time for that, and is the program that is killed.
func orphans(t *testing.T, d browsers.Driver) {
	g := NewWithT(t)
	if dir := os.Getenv(orphanDir); dir != "" {
		_, err := d.Launch(t.Context(), browsers.LaunchOptions{Policy: allow, Proxy: "http://127.0.0.1:9", Dir: dir})
		g.Expect(err).NotTo(HaveOccurred())
		fmt.Println("launched")

		select {}
	}
	if _, err := os.Stat("/proc/self/cmdline"); err != nil {
		t.Skip("processes are looked for in /proc")
	}
	self, err := os.Executable()
	g.Expect(err).NotTo(HaveOccurred())
	temporary(t) // nobody is left to clean up
	dir := t.TempDir()
	program := exec.Command(self, "-test.run", "^"+strings.ReplaceAll(t.Name(), "/", "$/^")+"$")
	program.Env = append(os.Environ(), orphanDir+"="+dir)
	out, err := program.StdoutPipe()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(program.Start()).To(Succeed())
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != "launched" {
	}
	g.Expect(lines.Text()).To(Equal("launched"))
	g.Expect(processes(g, dir)).NotTo(BeEmpty())
	g.Expect(program.Process.Kill()).To(Succeed())
	_ = program.Wait()
	g.Eventually(func() []int { return processes(g, dir) }, patience).Should(BeEmpty())
}
