package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/suites"
)

func TestRunRefusesFilesThatAreWrongBeforeAnythingStarts(t *testing.T) {
	good, err := in(t, func(d *description) { d.Command = "node portal.js" })
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	bad := filepath.Join(t.TempDir(), "bad.yaml")
	NewWithT(t).Expect(os.WriteFile(bad, []byte("name: mine\nportl: x\n"), 0o600)).To(Succeed())
	for want, args := range map[string][]string{
		"none.yaml: no such file or directory; expected an integration, as cookiegate init writes it": {"run", good, "none.yaml"},
		bad + ":2:1: portl: unknown key": {"run", good, bad},
		`both have the name "mine"`:      {"run", good, good},
		`no case is left: there is none for --suites (SUITES) lifecycle; expected some of matrix`: {"run", good, "--suites", "lifecycle"},
		"--policies (POLICIES) leaves 1, --suites (SUITES) leaves ":                               {"run", "--suites", "matrix", "--policies", "ie6-high"},
		"no case is left: no name matches --focus (FOCUS) 'nothing'; expected a regular expression for names such as matrix/mine/none-secure/chromium/allow-third-party; they begin with matrix/": {"run", good, "--focus", "nothing"},
		`did you mean "matrix/mine/none-secure/chromium/block-third-party"?`:                                     {"run", good, "--focus", "^matrix/mine/none-secure/chrome/block-third-party$"},
		", and they have none in common":                                                                         {"run", good, "--browsers", "firefox", "--focus", "webkit"},
		`--focus: '(' is no regular expression: missing closing ); expected one such as '^matrix/iframe/'`:       {"run", good, "--focus", "("},
		`--policies (POLICIES): there is no policy "block-3rd"; expected some of allow-third-party, block-all, `: {"run", good, "--policies", "block-3rd"},
		`did you mean "per-site-allow"?`:                                                                         {"run", good, "--policies", "persite-allow"},
		`--browsers (BROWSERS): there is no browser "ie"; expected some of chromium, firefox, webkit`:            {"run", good, "--browsers", "ie"},
	} {
		g := NewWithT(t)
		code, stdout, stderr := run(t, args...)
		g.Expect(code).To(Equal(2), strings.Join(args, " "))
		g.Expect(stdout).To(BeEmpty())
		g.Expect(stderr).To(ContainSubstring(want))
	}
}

// make e2e INTEGRATION=… is the same, by the environment.
func TestIntegrationsAreNamedByTheEnvironmentToo(t *testing.T) {
	g := NewWithT(t)
	file, err := in(t, func(d *description) { d.Command = "node portal.js" })
	g.Expect(err).NotTo(HaveOccurred())
	t.Setenv("INTEGRATION", " "+file+" ,")
	s, err := suites.SelectionFromEnv()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(s.Integrations).To(Equal([]string{file}))
	cases, err := suites.Plan(s)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(len(cases)).To(BeNumerically(">=", 3*7), "every browser, every policy")
	for _, c := range cases {
		g.Expect(c.ID).To(HavePrefix("matrix/mine/none-secure/"))
		g.Expect(string(c.Expect.Outcome)).To(Equal("works-or-guides"))
	}
}

// As with cookiegate run | true.
func TestARunWithoutAReaderEndsQuietly(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("COOKIEGATE_CHROMIUM", filepath.Join(t.TempDir(), "none"))
	reader, writer, err := os.Pipe()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(reader.Close()).To(Succeed())
	var stderr strings.Builder
	command := cookiegate(t, "run", "--browsers", "chromium", "--focus", "matrix/iframe")
	command.Stdout, command.Stderr = writer, &stderr
	g.Expect(command.Start()).To(Succeed())
	g.Expect(writer.Close()).To(Succeed())
	command.Wait()
	g.Expect(command.ProcessState.ExitCode()).To(Equal(141), stderr.String())
	g.Expect(stderr.String()).NotTo(ContainSubstring("broken pipe"))
	g.Expect(filepath.Join(command.Dir, "out", "results.json")).To(BeAnExistingFile())
}
