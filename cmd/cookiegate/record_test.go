package main

import (
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/fixtures"
)

var recordedSteps = []fixtures.Step{
	{Step: browsers.Step{Visit: "/"}},
	{Step: browsers.Step{Fill: "#user", With: "yes", InFrame: "login"}},
	{Step: browsers.Step{Fill: "#note"}}, // cleared
	{Step: browsers.Step{Click: "text=Host: a meeting", InPopup: true}, Await: "HM"},
}

const recordedText = `steps:
  - visit: /
  - fill: "#user"
    with: "yes"
    in-frame: login
  - fill: "#note"
    with: ""
  - click: "text=Host: a meeting"
    await: HM
    in-popup: true
`

func TestRecordedStepsAreReadAgain(t *testing.T) {
	g := NewWithT(t)
	text, err := stepsText(recordedSteps)
	g.Expect(err).NotTo(HaveOccurred())
	file, err := in(t, func(d *description) { d.Command = "node portal.js" })
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(writeSteps(file, text)).To(Succeed())
	got, err := fixtures.LoadIntegration(file)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(got.Steps).To(Equal(recordedSteps))
}

func TestTheRestOfTheFileStaysAsItIs(t *testing.T) {
	for name, c := range map[string]struct{ before, after string }{
		"in the middle": {"name: x\n\n# what is done\n", "\n# the goal\ngoal: HM\n"},
		"at the end":    {"name: x\n", ""},
		"with a remark": {"name: x\n", "\n# end\n"},
	} {
		for _, old := range []string{"steps:\n  - visit: /old\n\n  # then\n  - click: a\n    await: HM\n", "steps: [{visit: /old}]\n", "steps:\n- visit: /old\n"} {
			NewWithT(t).Expect(withSteps(c.before+old+c.after, recordedText)).To(Equal(c.before+recordedText+c.after), name)
		}
	}
}

func TestAFileWhoseStepsAreNotFoundIsRefusedBeforeAnythingIsRecorded(t *testing.T) {
	file := filepath.Join(t.TempDir(), "integration.yaml")
	for text, found := range map[string]bool{
		"name: x\nsteps:\n  - visit: /\n": true, "steps: [{visit: /}]\n": true, "\"steps\":\n  - visit: /\n": false, "  name: x\n  steps:\n": false,
	} {
		g := NewWithT(t)
		g.Expect(os.WriteFile(file, []byte(text), 0o600)).To(Succeed())
		if found {
			g.Expect(rewritable(file)).To(Succeed(), text)
			continue
		}
		g.Expect(rewritable(file)).To(MatchError(file+" has no line that begins with steps:; expected one, in whose place the recorded steps go"), text)
	}
}

func TestStepsThatLeadNowhereAreNotWritten(t *testing.T) {
	g := NewWithT(t)
	file, err := in(t, func(d *description) { d.Command = "node portal.js" })
	g.Expect(err).NotTo(HaveOccurred())
	before, err := os.ReadFile(file)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(writeSteps(file, "steps:\n  - visit: /\n")).To(MatchError(And(ContainSubstring("the file is as it was"), ContainSubstring("no step awaits the goal"))))
	g.Expect(os.ReadFile(file)).To(Equal(before))
	g.Expect(writeSteps(filepath.Join(t.TempDir(), "none.yaml"), recordedText)).To(MatchError(os.ErrNotExist))
}

// The old text has a second name, by which it would be seen to be written over, as a full disk leaves half of it.
func TestAFileIsReplacedWhole(t *testing.T) {
	g := NewWithT(t)
	file, err := in(t, func(d *description) { d.Command = "node portal.js" })
	g.Expect(err).NotTo(HaveOccurred())
	for name, write := range map[string]func() error{
		"record": func() error { return writeSteps(file, recordedText) },
		"init": func() error {
			_, err := in(t, func(d *description) { d.Command, d.File = "node other.js", file })
			return err
		},
	} {
		old, err := os.ReadFile(file)
		g.Expect(err).NotTo(HaveOccurred())
		other := filepath.Join(t.TempDir(), name)
		g.Expect(os.Link(file, other)).To(Succeed())
		g.Expect(write()).To(Succeed())
		g.Expect(os.ReadFile(file)).NotTo(Equal(old))
		g.Expect(os.ReadFile(other)).To(BeEquivalentTo(string(old)), name)
	}
}

func TestRecordRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	for want, args := range map[string][]string{
		"expected one integration": {"record"},
		"none.yaml: no such file":  {"record", "none.yaml"},
		"--browser: webkit tells nobody what a person does in it; expected chromium or firefox": {"record", "--browser", "webkit", "iframe"},
		`--browser: there is no browser "safari"`:                                               {"record", "--browser", "safari", "iframe"},
		"there is no display to open a window on":                                               {"record", "iframe"},
		"--write: a sample integration is comp":                                                 {"record", "--write", "iframe"},
		`--policy: unknown policy "allow-all-of-"`:                                              {"record", "--policy", "allow-all-of-", "iframe"},
	} {
		g := NewWithT(t)
		code, stdout, stderr := run(t, args...)
		g.Expect(code).To(Equal(2))
		g.Expect(stdout).To(BeEmpty())
		g.Expect(stderr).To(ContainSubstring(want))
	}
}
