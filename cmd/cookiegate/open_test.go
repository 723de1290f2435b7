package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers/chromium"
	"github.com/cookiegate/cookiegate/browsers/screen"
)

func TestOpenRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	for want, args := range map[string][]string{
		"expected one integration": {"open"},
		`did you mean "iframe"?`:   {"open", "ifram"},
		`integration is no file such as integration.yaml, and among the samples: unknown integration`: {"open", "integration"},
		"none.yaml: no such file or directory; expected an integration, as cookiegate init writes it": {"open", "none.yaml"},
		`--browser: there is no browser "safari"`:                                                     {"open", "--browser", "safari", "iframe"},
		`--policy: unknown policy "block-3rd-party"`:                                                  {"open", "--policy", "block-3rd-party", "iframe"},
		`--profile: there is no profile "none"; expected on`:                                          {"open", "--profile", "none", "iframe"},
		"there is no display to open a window on":                                                     {"open", "iframe"},
	} {
		g := NewWithT(t)
		code, stdout, stderr := run(t, args...)
		g.Expect(code).To(Equal(2))
		g.Expect(stdout).To(BeEmpty())
		g.Expect(stderr).To(ContainSubstring(want))
	}
}

// A screen that nobody sees stands in for a person's.
func TestOpenShowsThePortalAndEndsWithEverything(t *testing.T) {
	if _, err := (chromium.Driver{}).Find(); err != nil {
		t.Skipf("not run: %v", err)
	}
	if _, err := exec.LookPath(screen.Program); err != nil {
		t.Skipf("not run: %v", err)
	}
	g := NewWithT(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	server, display, err := screen.Open(ctx)
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(server.Close()).To(Succeed()) })
	t.Setenv("DISPLAY", display)

	file := filepath.Join(t.TempDir(), "integration.yaml")
	self, err := os.Executable()
	g.Expect(err).NotTo(HaveOccurred())
	code, _, stderr := run(t, "init", "--name", "mine", "--command", `"`+self+`" serve --addr 127.0.0.1:0 --control "127.0.0.1:$PORT"`, "-o", file)
	g.Expect(code).To(Equal(0), stderr)
	text, err := os.ReadFile(file)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(os.WriteFile(file, append(text, "policies: [desktops.yaml]\n"...), 0o600)).To(Succeed())
	g.Expect(os.WriteFile(filepath.Join(filepath.Dir(file), "desktops.yaml"), []byte("name: desktops\ntitle: Ours\nbase: block-third-party\n"+
		"probe: [{first-party: accepted, third-party: refused, allowed-site: refused}]\n"), 0o600)).To(Succeed())
	r := start(t, "open", "--policy", "desktops", file)
	g.Expect(r.said["portal"]).To(HavePrefix("https://portal.acme.example/   it runs at http://127.0.0.1:"))
	g.Expect(r.said["console"]).To(ContainSubstring("https://console.cookiegate.example/"))
	g.Expect(r.said["setting"]).To(ContainSubstring("profile.cookie_controls_mode = 1 (preference)"))
	g.Expect(r.end()).To(Equal(0))
	g.Expect(r.left()).To(BeEmpty(), "its own folders, the browser's, and those of the portal, which was asked to end")
}
