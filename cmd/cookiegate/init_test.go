package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/formats"
)

// in has a description written into a folder of its own.
func in(t *testing.T, change func(*description)) (string, error) {
	t.Helper()
	d := description{File: filepath.Join(t.TempDir(), "integration.yaml")}
	for _, q := range questions {
		*q.of(&d) = q.usual
	}
	d.Name = "mine"
	change(&d)
	return d.File, d.write()
}

func TestWhatInitWritesIsAccepted(t *testing.T) {
	for name, change := range map[string]func(*description){
		"command":  func(d *description) { d.Command = "node portal.js" },
		"upstream": func(d *description) { d.Upstream = "http://127.0.0.1:3000" },
		"both":     func(d *description) { d.Command, d.Upstream = "node portal.js", "http://127.0.0.1:3000" },
		"everything else": func(d *description) {
			d.Command, d.Goal, d.Profile, d.Ready, d.Guides = "x", "IM", "lax", "/health", "Please allow"
		},
		"hard texts": func(d *description) {
			d.Command, d.Click, d.Guides, d.Host, d.Ready = `A=1 "b c": # d`, "#go > a[href='x: y']", "Bitte: «erlauben»\n# Cookies", "true", "- ready"
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			var want description
			file, err := in(t, func(d *description) { change(d); want = *d })
			g.Expect(err).NotTo(HaveOccurred())
			got, err := fixtures.LoadIntegration(file)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(description{File: file, Name: got.Name, Portal: got.Portal, Upstream: got.Upstream, Command: got.Command.Text, Ready: got.Ready, Site: got.Site,
				Host: got.Host, Profile: got.Profiles[0], Click: got.Steps[1].Click, Goal: got.Goal, Guides: got.Guides}).To(Equal(want))
			g.Expect(filepath.Join(filepath.Dir(file), ".cookiegate/integration.schema.json")).To(BeARegularFile())
		})
	}
}

// Every line that is commented out may be taken as it stands.
func TestWhatInitCommentsOutIsAcceptedToo(t *testing.T) {
	g := NewWithT(t)
	file, err := in(t, func(d *description) { d.Command = "node portal.js" })
	g.Expect(err).NotTo(HaveOccurred())
	text, err := os.ReadFile(file)
	g.Expect(err).NotTo(HaveOccurred())
	all := regexp.MustCompile(`(?m)^# ([a-z-]+: )`).ReplaceAllString(string(text), "$1")
	all = strings.Replace(all, "yaml-language-server: ", "# ", 1)
	g.Expect(all).To(ContainSubstring("\nexpect: "))
	g.Expect(os.WriteFile(file, []byte(all), 0o600)).To(Succeed())
	_, err = fixtures.LoadIntegration(file)
	g.Expect(err).NotTo(HaveOccurred())
}

func TestInitWritesALineForEveryKey(t *testing.T) {
	g := NewWithT(t)
	file, err := in(t, func(d *description) { d.Command, d.Upstream = "node portal.js", "http://127.0.0.1:3000" })
	g.Expect(err).NotTo(HaveOccurred())
	text, err := os.ReadFile(file)
	g.Expect(err).NotTo(HaveOccurred())
	f, err := formats.Named("integration")
	g.Expect(err).NotTo(HaveOccurred())
	for _, key := range f.Keys() {
		g.Expect(string(text)).To(MatchRegexp("(?m)^(# )?"+key+":"), key)
	}
}

func TestInitNamesTheFlagThatIsWrong(t *testing.T) {
	for flag, change := range map[string]func(*description){
		"--command, which starts": func(*description) {},
		"--name: is":              func(d *description) { d.Command, d.Name = "x", "My portal" },
		"--portal: is":            func(d *description) { d.Command, d.Portal = "x", "localhost" },
		"--upstream: portal":      func(d *description) { d.Upstream = "https://portal.acme.example" },
		"--site: is":              func(d *description) { d.Command, d.Site = "x", "acme.webex.com" },
		"--goal: is":              func(d *description) { d.Command, d.Goal = "x", "host" },
		"--profile: unknown":      func(d *description) { d.Command, d.Profile = "x", "none" },
		"--click: is empty; expected a CSS selector, or text= and the whole text": func(d *description) { d.Command, d.Click = "x", "" },
		"--host: is empty": func(d *description) { d.Command, d.Host = "x", "" },
		"--goal: is empty; expected the AT of a command, such as HM": func(d *description) { d.Command, d.Goal = "x", "" },
		"--guides: is blank": func(d *description) { d.Command, d.Guides = "x", "  " },
	} {
		g := NewWithT(t)
		file, err := in(t, change)
		g.Expect(err).To(MatchError(ContainSubstring(flag)))
		g.Expect(os.ReadDir(filepath.Dir(file))).To(BeEmpty(), "nothing half-done")
	}
}

// The goal stands in the file twice: as a key, and as what the click awaits.
func TestInitNamesAWrongGoalOnceAndNoOtherFlag(t *testing.T) {
	g := NewWithT(t)
	_, err := in(t, func(d *description) { d.Command, d.Goal = "x", "host" })
	g.Expect(err).To(MatchError(HavePrefix(`--goal: is "host"; expected the AT of a command`)))
	g.Expect(err.Error()).NotTo(ContainSubstring("\n"))
}

func TestInitNamesTheFlagOfAFolderThatIsNotThere(t *testing.T) {
	g := NewWithT(t)
	missing := filepath.Join(t.TempDir(), "missing")
	file := filepath.Join(missing, "integration.yaml")
	for _, change := range []func(*description){
		func(d *description) { d.Command, d.File = "x", file },
		func(d *description) { d.Upstream, d.File = "http://127.0.0.1:3000", file },
	} {
		_, err := in(t, change)
		g.Expect(err).To(MatchError("--out: there is no folder " + missing))
		g.Expect(missing).NotTo(BeADirectory())
	}
	_, err := in(t, func(d *description) { d.Command, d.File = "x", "" })
	g.Expect(err).To(MatchError("--out: is empty; expected the file to write, such as integration.yaml"))
}

func TestInitAsksForWhatNoFlagSays(t *testing.T) {
	g := NewWithT(t)
	d := description{Name: "folder", Portal: "https://portal.acme.example", Site: "acme", Host: "alice", Click: "text=Host a meeting"}
	var asked strings.Builder
	g.Expect(d.ask(t.Context(), func(flag string) bool { return flag == "site" }, strings.NewReader("\nhttps://me.example\n\n\nbob\n#go\nPlease allow\n"), &asked)).To(Succeed())
	g.Expect(d).To(Equal(description{Name: "folder", Portal: "https://me.example", Upstream: "http://127.0.0.1:3000", Site: "acme", Host: "bob", Click: "#go", Guides: "Please allow"}))
	g.Expect(asked.String()).To(ContainSubstring("Name of the integration [folder]: "))
	g.Expect(asked.String()).NotTo(ContainSubstring("Webex site"))
	g.Expect(d.ask(t.Context(), func(string) bool { return false }, strings.NewReader("one\n"), &asked)).To(MatchError("the answers ended; nothing was written"))
}

func TestInitCanBeInterruptedWhileItAsks(t *testing.T) {
	g := NewWithT(t)
	never, more := io.Pipe()
	defer more.Close()
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("interrupted"))
	g.Expect((&description{}).ask(ctx, func(string) bool { return false }, never, io.Discard)).To(MatchError("interrupted; nothing was written"))
}

func TestInitLeavesAFileAlone(t *testing.T) {
	g := NewWithT(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "integration.yaml")
	g.Expect(os.WriteFile(file, []byte("mine"), 0o600)).To(Succeed())
	code, _, stderr := run(t, "init", "--command", "x", "-o", file)
	g.Expect(code).To(Equal(2))
	g.Expect(stderr).To(ContainSubstring("is there already"))
	g.Expect(os.ReadFile(file)).To(BeEquivalentTo("mine"))
	code, stdout, _ := run(t, "init", "--command", "x", "-o", file, "--force")
	g.Expect(code).To(Equal(0))
	g.Expect(stdout).To(ContainSubstring("cookiegate run " + file))
	g.Expect(os.ReadFile(file)).To(ContainSubstring("command: x"))

	code, _, stderr = run(t, "init", "--command", "x", "-o", dir)
	g.Expect(code).To(Equal(2))
	g.Expect(stderr).To(Equal("cookiegate: --out: " + dir + " is a folder; expected the file to write, such as " + file + "\n"))

	other := filepath.Join(t.TempDir(), "integration.yaml")
	g.Expect(os.WriteFile(filepath.Join(filepath.Dir(other), ".cookiegate"), nil, 0o600)).To(Succeed())
	code, _, stderr = run(t, "init", "--command", "x", "-o", other)
	g.Expect(code).To(Equal(2))
	g.Expect(stderr).To(MatchRegexp("^cookiegate: --out: mkdir .*/.cookiegate: not a directory; expected a file that can be written"))
	g.Expect(other).NotTo(BeAnExistingFile())
}
