package urlapi

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

var rewrite = flag.Bool("rewrite", false, "write the tables of docs/url-api.md anew from the table of commands")

const (
	document   = "../../docs/url-api.md"
	tableBegin = "<!-- the commands, written by: go test ./simulator/urlapi -rewrite -->\n"
	tableEnd   = "<!-- end of the commands -->\n"
)

// The document lists every command as the table has it.
func TestTheDocumentListsEveryCommand(t *testing.T) {
	g := NewWithT(t)
	raw, err := os.ReadFile(document)
	g.Expect(err).NotTo(HaveOccurred())
	head, rest, found := strings.Cut(string(raw), tableBegin)
	g.Expect(found).To(BeTrue(), "%s has no line %q", document, tableBegin)
	tables, tail, found := strings.Cut(rest, tableEnd)
	g.Expect(found).To(BeTrue(), "%s has no line %q", document, tableEnd)
	if *rewrite {
		g.Expect(os.WriteFile(document, []byte(head+tableBegin+markdown(Commands())+tableEnd+tail), 0o644)).To(Succeed())
		return
	}
	want, got := strings.Split(markdown(Commands()), "\n"), strings.Split(tables, "\n")
	for i := range want {
		g.Expect(i).To(BeNumerically("<", len(got)), "the document ends before: %s", want[i])
		g.Expect(got[i]).To(Equal(want[i]))
	}
	g.Expect(got).To(HaveLen(len(want)), "the document has lines that the table does not have")
}

func markdown(list []Command) string {
	var b strings.Builder
	page := ""
	for _, c := range list {
		if c.Page != page {
			page = c.Page
			fmt.Fprintf(&b, "\n### %s\n\n| AT | what it does | needs | parameters | success | fails with | state |\n|---|---|---|---|---|---|---|\n", page)
		}
		at := "`" + c.AT + "`"
		if c.AT == AnyAT {
			at = "any"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", at, c.Purpose, needs(c), parameters(c), strings.Join(append([]string{"ST"}, c.Success...), ", "), reasons(c), state(c))
	}
	return b.String() + "\n"
}

func needs(c Command) string {
	if c.Needs == Nothing {
		return "nothing"
	}
	return string(c.Needs)
}

func parameters(c Command) string {
	s := "**" + strings.Join(c.Required, " ") + "** "
	if len(c.Required) == 0 {
		s = ""
	}
	if s += strings.Join(c.Optional, " "); s == "" {
		return "none"
	}
	return strings.TrimSpace(s)
}

func reasons(c Command) string {
	var list []string
	for _, r := range c.Reasons {
		mark := ""
		if r.Choice {
			mark = " °"
		}
		list = append(list, fmt.Sprintf("`%s`%s %s", r.Code, mark, r.When))
	}
	return strings.Join(list, "; ")
}

func state(c Command) string {
	const documented = "as documented"
	marked := false
	for _, r := range c.Reasons {
		marked = marked || r.Choice
	}
	switch {
	case c.Choice == "all of it":
		return "our choice"
	case c.Choice != "":
		return documented + "; our choice: " + c.Choice
	case marked:
		return documented + "; our choice: reasons marked °"
	}
	return documented
}
