package executable

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
)

func TestVersionIsReadFromTheAnswer(t *testing.T) {
	for out, want := range map[string]browsers.Executable{
		"Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)\n": {Path: "p", Name: "Chromium", Version: "156.0.8078.79"},
		"Mozilla Firefox 153.7.0esr\n":                                     {Path: "p", Name: "Firefox ESR", Version: "153.7.0"},
		"Mozilla Firefox 155.0\n":                                          {Path: "p", Name: "Firefox", Version: "155.0"},
		"Google Chrome 141.0.7390.54 \n":                                   {Path: "p", Name: "Google Chrome", Version: "141.0.7390.54"},
		"Brave Browser 141.1.83.108\n":                                     {Path: "p", Name: "Brave Browser", Version: "141.1.83.108"},
	} {
		g := NewWithT(t)
		got, err := parse("p", out)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(got).To(Equal(want))
	}
	_, err := parse("p", "Command '/usr/bin/chromium-browser' requires the chromium snap to be installed.\n")
	NewWithT(t).Expect(err).To(HaveOccurred())
}

func TestNoiseOnStderrIsNotTheVersion(t *testing.T) {
	g := NewWithT(t)
	path := filepath.Join(t.TempDir(), "browser")
	script := "#!/bin/sh\necho '/usr/bin/chromium: 9: [: 25276514304.5: unexpected operator' >&2\necho 'Chromium 1.2.3.4'\n"
	g.Expect(os.WriteFile(path, []byte(script), 0o755)).To(Succeed())
	t.Setenv("BROWSER_UNDER_TEST", path)
	x, err := Search{Env: "BROWSER_UNDER_TEST"}.Find()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(x).To(Equal(browsers.Executable{Path: path, Name: "Chromium", Version: "1.2.3.4"}))
}

func TestARelativePathInTheEnvironmentIsMadeAbsolute(t *testing.T) {
	g := NewWithT(t)
	dir, err := filepath.EvalSymlinks(t.TempDir())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(os.WriteFile(filepath.Join(dir, "browser"), []byte("#!/bin/sh\necho 'Chromium 1.2.3.4'\n"), 0o755)).To(Succeed())
	t.Chdir(dir)
	t.Setenv("BROWSER_UNDER_TEST", "./browser")
	x, err := Search{Env: "BROWSER_UNDER_TEST"}.Find()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(x.Path).To(Equal(filepath.Join(dir, "browser")))
}

func TestWhatTheEnvironmentNamesIsTakenOrNothing(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("BROWSER_UNDER_TEST", "/no/such/browser")
	_, err := Search{Engine: browsers.Chromium, Env: "BROWSER_UNDER_TEST", Commands: []string{"sh"}, Install: "install it"}.Find()
	var missing *browsers.NotInstalledError
	g.Expect(errors.As(err, &missing)).To(BeTrue())
	g.Expect(missing.Named).To(Equal("BROWSER_UNDER_TEST=/no/such/browser"))
	g.Expect(err).To(MatchError("BROWSER_UNDER_TEST=/no/such/browser: nothing there says which version of a browser it is; expected the path of a browser for chromium"))

	t.Setenv("BROWSER_UNDER_TEST", "")
	_, err = Search{Engine: browsers.Chromium, Env: "BROWSER_UNDER_TEST", Commands: []string{"no-such-browser"}, Install: "install it"}.Find()
	g.Expect(err).To(MatchError("no browser for chromium was found; install one with: install it"))
}
