package main

import (
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"
)

func TestCheckNamesEveryMistakeOfEveryFile(t *testing.T) {
	g := NewWithT(t)
	dir := t.TempDir()
	good, bad, none := filepath.Join(dir, "good.yaml"), filepath.Join(dir, "bad.yaml"), filepath.Join(dir, "none.yaml")
	g.Expect(os.WriteFile(good, []byte("said: It does not work.\n"), 0o600)).To(Succeed())
	g.Expect(os.WriteFile(bad, []byte("name: My portal\nportal: https://portal.acme.example\nupstream: http://127.0.0.1:3000\nsite: acme\nhost: 3\nsteps: []\n"), 0o600)).To(Succeed())
	code, stdout, stderr := run(t, "check", bad, good, none)
	g.Expect(code).To(Equal(2))
	g.Expect(stdout).To(Equal("ok  report      " + good + "\n"))
	g.Expect(stderr).To(ContainSubstring(bad + ":5:7: host: expected a text, found the number 3"))
	g.Expect(stderr).To(ContainSubstring(bad + ":6:8: steps: is empty"))
	g.Expect(stderr).To(ContainSubstring("\n" + none + ": no such file or directory; expected a file written for cookiegate, such as integration.yaml\n"))

	code, _, _ = run(t, "check", good)
	g.Expect(code).To(Equal(0))
}

func TestCheckRefusesWhatItDoesNotKnow(t *testing.T) {
	for want, args := range map[string][]string{
		"expected one file or more":              {"check"},
		`--as: there is no format "integratio"`:  {"check", "--as", "integratio", "x.yaml"},
		`--schema: there is no format "polcy"; `: {"check", "--schema", "polcy"},
	} {
		g := NewWithT(t)
		code, stdout, stderr := run(t, args...)
		g.Expect(code).To(Equal(2))
		g.Expect(stdout).To(BeEmpty())
		g.Expect(stderr).To(ContainSubstring(want))
	}
	code, stdout, _ := run(t, "check", "--schema", "policy")
	NewWithT(t).Expect(code).To(Equal(0))
	NewWithT(t).Expect(stdout).To(ContainSubstring(`"title": "cookiegate: policy"`))
}
