package main

import (
	"os"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// pages are the commands that have a page of their own about their flags.
var pages = map[string]string{
	"init": "init.md", "check": "check.md", "open": "open.md", "record": "record.md", "run": "ci.md", "accept": "accept.md", "merge": "merge.md", "doctor": "doctor.md",
}

func TestEveryFlagIsOnItsCommandsPage(t *testing.T) {
	for name, page := range pages {
		g := NewWithT(t)
		text, err := os.ReadFile("../../docs/" + page)
		g.Expect(err).NotTo(HaveOccurred())
		c, _, err := root().Find([]string{name})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(c.Example).To(ContainSubstring("cookiegate " + name))
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Name != "help" {
				g.Expect(string(text)).To(ContainSubstring("| `--"+f.Name+"` |"), page)
			}
		})
	}
}

func TestEveryCommandOnAPageCanBeTyped(t *testing.T) {
	for _, page := range []string{"init.md", "check.md", "open.md", "record.md", "accept.md", "merge.md", "doctor.md", "ci.md"} {
		g := NewWithT(t)
		text, err := os.ReadFile("../../docs/" + page)
		g.Expect(err).NotTo(HaveOccurred())
		found := 0
		for line := range strings.Lines(string(text)) {
			if command, ok := strings.CutPrefix(line, "    cookiegate "); ok {
				found++
				g.Expect(typed(command)).To(Succeed(), page+": "+line)
			}
		}
		g.Expect(found).To(BeNumerically(">", 0), page)
	}
}

// typed says what is wrong with the words of a command: that there is none, or no such flag. Quotes hold no blanks here that would matter.
func typed(line string) error {
	var c *cobra.Command
	c, rest, err := root().Find(strings.Fields(line))
	if err != nil {
		return err
	}
	return c.ParseFlags(rest)
}
