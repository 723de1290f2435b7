// Package docs tests that what the documentation tells a reader to type does what it says.
package docs

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// block is a piece of the tutorial to act on.
type block struct{ kind, file, text string }

var (
	fenced = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")
	named  = regexp.MustCompile("`([a-z.]+)`:\n*$")
)

// blocks are those of a page in their order: a program, which the sentence before names a file for, lines for a shell, and what they print.
func blocks(t *testing.T, page string) []block {
	t.Helper()
	text, err := os.ReadFile(page)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	var list []block
	for _, at := range fenced.FindAllStringSubmatchIndex(string(text), -1) {
		b := block{kind: string(text[at[2]:at[3]]), text: string(text[at[4]:at[5]])}
		if name := named.FindSubmatch(text[:at[0]]); name != nil {
			b.file = string(name[1])
		}
		list = append(list, b)
	}
	return list
}

// patience is what the whole page may take at most. It is no measure of speed.
const patience = 10 * time.Minute

// The tutorial is done as it is written, from an empty folder, with a binary that knows nothing of this one.
func TestTheTutorialGoesAsItSays(t *testing.T) {
	for _, tool := range []string{"node", "sh", "sed", "go"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("not run: %v", err)
		}
	}
	g := NewWithT(t)
	bin, folder := t.TempDir(), t.TempDir()
	built, err := exec.Command("go", "build", "-o", filepath.Join(bin, "cookiegate"), "../cmd/cookiegate").CombinedOutput()
	g.Expect(err).NotTo(HaveOccurred(), string(built))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()

	page := blocks(t, "tutorial.md")
	runs, failed := 0, 0
	for i, b := range page {
		switch b.kind {
		case "js":
			g.Expect(b.file).NotTo(BeEmpty(), "no sentence says what to save this as:\n"+b.text)
			g.Expect(strings.Count(b.text, "\n")).To(BeNumerically("<=", 30), "a portal in 30 lines")
			g.Expect(os.WriteFile(filepath.Join(folder, b.file), []byte(b.text), 0o600)).To(Succeed())
		case "sh":
			runs++
			shell := exec.CommandContext(ctx, "sh", "-ec", b.text)
			shell.Dir = folder
			shell.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
			out, err := shell.Output()
			t.Logf("%s\n%s", b.text, out)
			if err != nil {
				g.Expect(err).To(MatchError("exit status 1"))
				failed++
			}
			if i+1 < len(page) && page[i+1].kind == "text" {
				shows(g, string(out), page[i+1].text)
			}
		}
	}
	g.Expect(runs).To(Equal(5), "every block is there")
	g.Expect(failed).To(Equal(2), "two runs are red")
}

// shows wants the lines of an example in an output: in its order, one after the other but where a line is "…", which stands for any lines. Within
// a line … stands for any text.
func shows(g Gomega, output, example string) {
	var pattern strings.Builder
	pattern.WriteString(`(?m)^`)
	for line := range strings.Lines(example) {
		line = strings.TrimRight(line, "\n")
		if line == "…" {
			pattern.WriteString(`(?s:.*?)^`)
			continue
		}
		pattern.WriteString(strings.ReplaceAll(regexp.QuoteMeta(strings.TrimRight(line, " ")), "…", ".*") + `[ ]*\n`)
	}
	g.ExpectWithOffset(1, output).To(MatchRegexp(pattern.String()))
}
