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

func TestWhatIsOptionalAndCannotBeInstalledIsDoneWithout(t *testing.T) {
	g := NewWithT(t)
	dir := t.TempDir()
	for _, name := range []string{"apt-get", "sudo"} { // for root, and for anybody else
		g.Expect(os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\necho no network; exit 1\n"), 0o755)).To(Succeed())
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	if !thisDistro().apt {
		t.Skip("this system does not say which it is")
	}
	var told []string
	progress := func(line string) { told = append(told, line) }
	squid := Item{Name: "squid", Optional: true, packages: []string{"squid-openssl"}}
	_, err := install(t.Context(), []Item{squid}, distro{apt: true}, progress)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(told).To(ContainElement(HavePrefix("without squid-openssl: ")))
	_, err = install(t.Context(), []Item{squid, {Name: "Firefox", packages: []string{"firefox-esr"}}}, distro{apt: true}, progress)
	g.Expect(err).To(HaveOccurred())
}
