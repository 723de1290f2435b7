package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/cookiegate/cookiegate/suites/testbed"
)

// GitHub shows at most ten annotations of a kind for a step, and at most a mebibyte of summary.
const (
	maxAnnotations = 10
	maxSummary     = 1 << 20
)

// Annotations writes a run as GitHub workflow commands, to be printed on standard output of a step: an error for each kind of
// failure, with the first case in full, and a warning for each kind of flaky case.
func Annotations(w io.Writer, run Run) error {
	run = run.prepared()
	var b bytes.Buffer
	written := map[string]int{}
	for _, g := range groups(run.Results) {
		command := "error"
		if g.Status == testbed.Flaky && !run.Gate.FailOnFlaky {
			command = "warning"
		}
		if written[command]++; written[command] > maxAnnotations {
			continue
		}
		title := plural(len(g.Results), "cell") + ": " + g.Title
		fmt.Fprintf(&b, "::%s title=%s::%s\n", command, propertyEscape.Replace(title), messageEscape.Replace(Explain(g.Results[0])))
	}
	for _, id := range run.Gate.Gone {
		command := "warning"
		if run.Gate.Strict {
			command = "error"
		}
		if written[command]++; written[command] <= maxAnnotations {
			fmt.Fprintf(&b, "::%s title=%s::%s\n", command, propertyEscape.Replace(goneTitle), messageEscape.Replace(id))
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

// Workflow commands end at a line's end, and their properties at a colon or a comma.
var (
	messageEscape  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscape = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// Summary writes a run as Markdown for a GitHub job summary or a comment: totals, what went wrong, and the tables. Where it
// would be too long for GitHub, what went wrong is cut, and it says so.
func Summary(w io.Writer, run Run) error {
	run = run.prepared()
	var b bytes.Buffer
	fmt.Fprintf(&b, "## %s cookiegate: %s\n\n", verdictGlyph(run), Totals(run))
	for _, browser := range run.Browsers {
		fmt.Fprintf(&b, "- %s %s\n", markdown(browser.Name), markdown(browser.Version))
	}
	if len(run.Browsers) > 0 {
		b.WriteByte('\n')
	}
	var tail bytes.Buffer
	for _, g := range grids(run.Results) {
		for _, t := range g.tables() {
			markdownTable(&tail, t)
		}
	}
	if len(run.Results) > 0 {
		tail.WriteString("❌ marks cells to look at: they are not as expected.\n\n")
	}
	for _, u := range unavailables(run.Results) {
		fmt.Fprintf(&tail, "- %s %s\n", markdown(u.Text), markdown(u.Where()))
	}
	markdownBaseline(&tail, run)
	for _, g := range groups(run.Results) {
		var one bytes.Buffer
		fmt.Fprintf(&one, "<details><summary><b>%s</b>: %s</summary>\n\n", plural(len(g.Results), "cell"), htmlText(g.Title))
		fmt.Fprintf(&one, "```text\n%s\n```\n", strings.ReplaceAll(Explain(g.Results[0]), "```", "'''"))
		for i, r := range g.Results[1:] {
			if i == 0 {
				one.WriteString("\nand\n\n")
			}
			fmt.Fprintf(&one, "- %s\n", code(r.ID))
		}
		one.WriteString("\n</details>\n\n")
		if b.Len()+tail.Len()+one.Len() > maxSummary-200 {
			b.WriteString("There is more than a summary can hold: see report.html.\n\n")
			break
		}
		b.Write(one.Bytes())
	}
	if b.Len()+tail.Len() > maxSummary {
		tail.Reset()
		tail.WriteString("The tables are more than a summary can hold: see report.html.\n")
	}
	b.Write(tail.Bytes())
	_, err := w.Write(b.Bytes())
	return err
}

func verdictGlyph(run Run) string {
	switch c := run.Count(); {
	case run.Red():
		return "❌"
	case c.Flaky > 0 || c.Passed == 0:
		return "⚠️"
	default:
		return "✅"
	}
}

func markdownTable(b *bytes.Buffer, t paperTable) {
	fmt.Fprintf(b, "### %s\n\n| |", markdown(t.Title))
	for _, head := range t.Heads {
		fmt.Fprintf(b, " %s |", markdown(head))
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(t.Heads)) + "\n")
	for _, row := range t.Rows {
		fmt.Fprintf(b, "| %s |", markdown(row.label()))
		for column := range t.Heads {
			b.WriteString(" " + markdownCell(t.cell(row, column)) + " |")
		}
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
}

// markdownBaseline lists what a baseline says of cells that close no gate, and the cells that it has too many.
func markdownBaseline(b *bytes.Buffer, run Run) {
	for _, list := range []struct {
		title string
		all   []byReason
	}{{"known to fail", knownByReason(run.Results, isKnown)}, {"newly working", knownByReason(run.Results, isNew)}} {
		for _, k := range list.all {
			fmt.Fprintf(b, "- %s, %s: %s\n", plural(len(k.Results), "cell"), list.title, markdown(k.Text))
		}
	}
	for _, id := range run.Gate.Gone {
		fmt.Fprintf(b, "- %s: %s\n", goneTitle, code(id))
	}
}

func markdownCell(r *testbed.Result) string {
	if r == nil {
		return ""
	}
	s := signOf(*r)
	switch {
	case differs(*r):
		return "❌ **" + s.Word + "**"
	case isKnown(*r):
		return knownMark + " " + s.Word
	}
	return s.Glyph + " " + s.Word
}

var markdownEscape = strings.NewReplacer(`\`, `\\`, "`", "\\`", "|", `\|`, "<", "&lt;", ">", "&gt;", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "\n", " ")

func markdown(text string) string { return markdownEscape.Replace(text) }

func htmlText(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

// code is a text in a code span; a backtick in it would end the span.
func code(text string) string { return "`" + strings.ReplaceAll(text, "`", "'") + "`" }
