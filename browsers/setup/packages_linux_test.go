package setup

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"golang.org/x/sys/unix"
)

func TestAnInstallationThatIsBrokenOffLeavesNoRuleForServices(t *testing.T) {
	g := NewWithT(t)
	dir := t.TempDir()
	rule, begun, end := filepath.Join(dir, "policy-rc.d"), filepath.Join(dir, "begun"), filepath.Join(dir, "end")
	g.Expect(unix.Mkfifo(end, 0o600)).To(Succeed())
	g.Expect(os.WriteFile(filepath.Join(dir, "apt-get"), []byte("#!/bin/sh\n: >"+begun+"\nread nothing <"+end+"\n"), 0o755)).To(Succeed())
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		ended <- quietly(ctx, "sh", "-c", strings.ReplaceAll(withoutServices, "/usr/sbin/policy-rc.d", rule), "sh")
	}()
	g.Eventually(begun, 10*time.Second).Should(BeAnExistingFile())
	cancel()
	g.Expect(rule).To(BeAnExistingFile(), "packages are still installed")
	g.Expect(os.WriteFile(end, []byte("now\n"), 0)).To(Succeed())
	g.Eventually(ended, 10*time.Second).Should(Receive(HaveOccurred()))
	g.Expect(rule).NotTo(BeAnExistingFile())
}
