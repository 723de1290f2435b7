package webkit

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func TestTheScreenOnWhichTheVersionWasAskedForLeavesNothing(t *testing.T) {
	if _, err := (Driver{}).Find(); err != nil {
		t.Skip(err)
	}
	g := NewWithT(t)
	path := filepath.Join(t.TempDir(), "browser")
	g.Expect(os.WriteFile(path, []byte("#!/bin/sh\necho \"$DISPLAY\"\n"), 0o755)).To(Succeed())
	display, err := ask(path)
	g.Expect(err).NotTo(HaveOccurred())
	number := strings.TrimPrefix(strings.TrimSpace(display), ":")
	g.Expect(number).NotTo(BeEmpty())
	for _, left := range []string{"/tmp/.X" + number + "-lock", "/tmp/.X11-unix/X" + number} {
		g.Expect(left).NotTo(BeAnExistingFile())
	}
}

func TestWhatMiniBrowserLeavesBehindIsNotWaitedFor(t *testing.T) {
	if _, err := (Driver{}).Find(); err != nil {
		t.Skip(err)
	}
	g := NewWithT(t)
	path := filepath.Join(t.TempDir(), "browser")
	g.Expect(os.WriteFile(path, []byte("#!/bin/sh\nsleep 1000 &\necho $! >\"$0.left\"\necho 'WebKitGTK 1.2.3'\n"), 0o755)).To(Succeed())
	t.Cleanup(func() {
		left, err := os.ReadFile(path + ".left")
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(exec.Command("kill", strings.TrimSpace(string(left))).Run()).To(Succeed())
	})
	said := make(chan string, 1)
	go func() {
		out, _ := ask(path)
		said <- out
	}()
	g.Eventually(said, 15*time.Second).Should(Receive(Equal("WebKitGTK 1.2.3\n")))
}
