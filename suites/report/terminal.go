package report

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/mattn/go-isatty"

	"github.com/cookiegate/cookiegate/suites/testbed"
)

// screen is how many lines the failures of a run may take.
const screen = 36

// IsTerminal says whether w is a terminal that a person reads.
func IsTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && isatty.IsTerminal(f.Fd()) && os.Getenv("TERM") != "dumb"
}

// Colourful says whether what is written to w may be coloured: w is a terminal, and NO_COLOR (no-color.org) is not set.
func Colourful(w io.Writer) bool {
	return IsTerminal(w) && os.Getenv("NO_COLOR") == ""
}

// Terminal writes the end of a run for a person: the tables, what is not available, what went wrong, and the totals. Lines
// have at most 100 characters, identifiers and commands aside, which are never cut. A run in which everything fails ends with
// less than a screen about it: equal failures are told once.
func Terminal(w io.Writer, run Run, colour bool) error {
	run = run.prepared()
	var b bytes.Buffer
	t := terminal{out: &b, paint: paint(colour)}
	for _, g := range grids(run.Results) {
		for _, table := range g.tables() {
			t.table(table)
		}
	}
	t.legend(run.Results)
	t.unavailable(run.Results)
	t.baseline(run)
	t.surprises(run.Results)
	t.unexplained(run.Results)
	t.failures(run.Results)
	t.slow(run.Results)
	t.totals(run)
	_, err := w.Write(b.Bytes())
	return err
}

type terminal struct {
	out   *bytes.Buffer
	paint paint
}

func (t terminal) line(format string, args ...any) {
	t.out.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " "))
	t.out.WriteByte('\n')
}

// wordWidth is the room for an outcome's word under its column's head.
const wordWidth = 6

// headLines breaks a policy's name after hyphens, so that it fits over its column.
func headLines(name string) []string {
	var lines []string
	for part := range strings.SplitAfterSeq(name, "-") {
		if n := len(lines); n > 0 && length(lines[n-1]+part) <= wordWidth {
			lines[n-1] += part
			continue
		}
		lines = append(lines, part)
	}
	return lines
}

// widest is the length of the longest text.
func widest(texts []string) int {
	n := 0
	for _, text := range texts {
		n = max(n, length(text))
	}
	return n
}

// table writes a table; what is too wide for the screen goes on in another table below it.
func (t terminal) table(p paperTable) {
	title, labels := p.Title, rowLabels(p.Rows)
	heads := make([][]string, len(p.Heads))
	for i, head := range p.Heads {
		heads[i] = headLines(head)
	}
	indent := widest(labels) + 1
	for first := 0; first < len(heads); {
		last, width, height := first, indent, 0
		for ; last < len(heads); last++ {
			column := 2 + max(wordWidth, widest(heads[last]))
			if last > first && width+column > columns {
				break
			}
			width += column
			height = max(height, len(heads[last]))
		}
		t.line("%s", t.paint.bold(title))
		for i := range height {
			line := strings.Repeat(" ", indent)
			for _, head := range heads[first:last] {
				text := ""
				if at := i - (height - len(head)); at >= 0 {
					text = head[at]
				}
				line += "  " + pad(text, max(wordWidth, widest(head)))
			}
			t.line("%s", t.paint.dim(strings.TrimRight(line, " ")))
		}
		for i, row := range p.Rows {
			line := pad(labels[i], indent)
			for c := first; c < last; c++ {
				line += " " + t.cell(p.cell(row, c), max(wordWidth, widest(heads[c])))
			}
			t.line("%s", line)
		}
		t.line("")
		first = last
		title += ", continued"
	}
}

// rowLabels are the heads of rows, their parts below one another; a name is not said again.
func rowLabels(rows []gridRow) []string {
	var names, policies, profiles []string
	for i, r := range rows {
		name := shorten(r.Name, columns/2)
		if i > 0 && rows[i-1].Name == r.Name {
			name = ""
		}
		names, policies, profiles = append(names, name), append(policies, r.Policy), append(profiles, r.Profile)
	}
	labels := make([]string, len(rows))
	for i := range rows {
		label := pad(names[i], widest(names))
		for _, part := range [][]string{policies, profiles} {
			if w := widest(part); w > 0 {
				label += "  " + pad(part[i], w)
			}
		}
		labels[i] = strings.TrimRight(label, " ")
	}
	return labels
}

// Marks before an outcome that is not the expected one: that closes the gate, and that is known.
const (
	differMark = "✗"
	knownMark  = "~"
)

// cell is a mark, and a word of at most width characters.
func (t terminal) cell(r *testbed.Result, width int) string {
	if r == nil {
		return strings.Repeat(" ", width+1)
	}
	s := signOf(*r)
	text := pad(s.Word, width)
	switch {
	case differs(*r):
		return t.paint.alarm(differMark + text)
	case isKnown(*r):
		return t.paint.plain(knownMark + text)
	case r.Status == testbed.NotAvailable:
		return " " + t.paint.dim(text)
	case r.Outcome == testbed.Works:
		return " " + t.paint.good(text)
	default:
		return " " + t.paint.plain(text)
	}
}

func (t terminal) legend(results []testbed.Result) {
	used := map[sign]bool{}
	different, expected := false, false
	for _, r := range results {
		used[signOf(r)] = true
		different = different || differs(r)
		expected = expected || isKnown(r)
	}
	for _, s := range legendOrder {
		if used[s] {
			t.line("  %s%s", pad(s.Word, 8), s.Phrase[strings.Index(s.Phrase, ": ")+2:])
		}
	}
	if expected {
		t.line("%s", t.paint.plain("  "+pad(knownMark, 8)+"known to fail, as the baseline says"))
	}
	if different {
		t.line("%s", t.paint.alarm("  "+pad(differMark, 8)+"look at this cell: it is not as expected"))
	}
	t.line("")
}

func (t terminal) unavailable(results []testbed.Result) {
	all := unavailables(results)
	if len(all) == 0 {
		return
	}
	t.line("%s", t.paint.bold("Not available here"))
	for _, u := range all {
		for _, line := range wrap(u.Text, columns-2) {
			t.line("  %s", line)
		}
		for _, line := range wrap(u.Where(), columns-4) {
			t.line("%s", t.paint.dim("    "+line))
		}
	}
	t.line("")
}

// goneTitle is said of a cell that a baseline has, and no plan.
const goneTitle = "in the baseline, and no case any more"

// maxNamed is how many cells are named below one another where a report can be read for more.
const maxNamed = 5

// baseline tells what the baseline says of cells that close no gate, and which cells it has too many.
func (t terminal) baseline(run Run) {
	t.byReason("Known to fail", knownByReason(run.Results, isKnown))
	t.byReason("Newly working: cookiegate accept takes them out of the baseline", knownByReason(run.Results, isNew))
	if gone := run.Gate.Gone; len(gone) > 0 {
		title := plural(len(gone), "cell") + " " + goneTitle + ": after a whole run, cookiegate accept --prune takes them out"
		if run.Gate.Strict {
			title = t.paint.alarm(differMark + " " + title)
		}
		t.line("%s", t.paint.bold(title))
		t.names(gone, maxNamed)
		t.line("")
	}
}

// surprises are the cases that passed and of which the policy model said something else. What failed is told at length below.
func (t terminal) surprises(results []testbed.Result) {
	var all []remark
	for _, r := range results {
		if r.Surprising() && r.Status == testbed.Passed {
			all = append(all, remark{r.ID, fmt.Sprintf("predicted %s; happened %s", r.Predicted, happened(r))})
		}
	}
	t.remarks("Not as the policy model predicts: one of the two is wrong", all)
}

// unexplained are the cookies that were lost on the way for a reason that nobody knows, in cases of which the policy model speaks, passed or not. Of a
// person's own portal nothing is told: its scripts may do with its cookies what they like.
func (t terminal) unexplained(results []testbed.Result) {
	var all []remark
	for _, r := range results {
		for _, h := range r.Hops {
			for _, l := range h.Lost {
				if r.Predicted != nil && l.Reason == testbed.Unexplained {
					all = append(all, remark{r.ID, fmt.Sprintf("%s, at hop %d", l.Cookie, h.ID)})
				}
			}
		}
	}
	t.remarks("Lost for a reason that nothing here knows", all)
}

// remark is something to be said of a case.
type remark struct{ id, text string }

func (t terminal) remarks(title string, all []remark) {
	if len(all) == 0 {
		return
	}
	t.line("%s", t.paint.bold(title))
	const few = 10
	for _, r := range all[:min(few, len(all))] {
		t.line("  %s", r.id)
		t.line("    %s", r.text)
	}
	if more := len(all) - few; more > 0 {
		t.line("  and %d more", more)
	}
	t.line("")
}

// happened is what happened in the words of a prediction.
func happened(r testbed.Result) testbed.Prediction {
	p := testbed.Prediction{Outcome: r.Outcome}
	if r.Cause != nil {
		p.Reason = r.Cause.Reason
	}
	return p
}

func (t terminal) byReason(title string, all []byReason) {
	if len(all) == 0 {
		return
	}
	t.line("%s", t.paint.bold(title))
	shown := all[:min(len(all), maxNamed)]
	for _, k := range shown {
		for _, line := range wrap(cut(k.Text, 2*columns), columns-2) {
			t.line("  %s", line)
		}
		var ids []string
		for _, r := range k.Results {
			ids = append(ids, r.ID)
		}
		t.names(ids, max(1, maxNamed/len(shown)))
	}
	if more := len(all) - len(shown); more > 0 {
		t.line("%s", t.paint.dim(fmt.Sprintf("  and %s; report.html has them all", plural(more, "more reason"))))
	}
	t.line("")
}

func (t terminal) names(ids []string, most int) {
	for _, id := range ids[:min(len(ids), most)] {
		t.line("%s", t.paint.dim("    "+id))
	}
	if more := len(ids) - most; more > 0 {
		t.line("%s", t.paint.dim(fmt.Sprintf("    and %d more", more)))
	}
}

// slow names the cases that took much longer than their like.
func (t terminal) slow(results []testbed.Result) {
	all := slowest(results)
	if len(all) == 0 {
		return
	}
	t.line("%s", t.paint.bold("Slow"))
	for _, s := range all {
		t.line("  %s  %s", pad(span(s.Duration), 8), s.ID)
	}
	t.line("")
}

// failures tells few failures in full. Of many it lists the kinds, with the first case of each, and tells as many kinds in
// full as a screen holds, one at least. Of what was stopped there is nothing to tell but how many.
func (t terminal) failures(results []testbed.Result) {
	all := groups(results)
	whole := len(all)
	if at := slices.IndexFunc(all, group.stopped); at >= 0 {
		whole = at
	}
	t.wrong(all[:whole])
	for _, g := range all[whole:] {
		t.line("%s", t.paint.alarm(differMark+" "+plural(len(g.Results), "cell")+": "+g.Title))
	}
	if len(all) > whole {
		t.line("")
	}
}

func (t terminal) wrong(all []group) {
	if len(all) == 0 {
		return
	}
	total := 0
	for _, g := range all {
		total += len(g.Results)
	}
	if total <= 3 {
		for _, g := range all {
			for _, r := range g.Results {
				t.explain(Explain(r))
			}
		}
		return
	}
	const listed = 4
	room := screen - 2*min(len(all), listed) - 3
	for i, g := range all[:min(len(all), 3)] {
		text := explainInBrief(g.Results[0])
		height := strings.Count(text, "\n") + 3
		if i > 0 && height > room {
			break
		}
		room -= height
		t.explain(text)
	}
	t.line("%s", t.paint.bold(plural(total, "cell")+" to look at, "+plural(len(all), "cause")))
	for _, g := range all[:min(len(all), listed)] {
		t.line("  %s  %s", t.paint.alarm(fmt.Sprintf("%5d", len(g.Results))), shorten(g.Title, columns-9))
		t.line("%s", t.paint.dim("         first: "+g.Results[0].ID))
	}
	if more := len(all) - listed; more > 0 {
		t.line("%s", t.paint.dim(fmt.Sprintf("         and %s; report.html has them all", plural(more, "more cause"))))
	}
	t.line("")
}

func (t terminal) explain(text string) {
	head, rest, _ := strings.Cut(text, "\n")
	t.line("%s", t.paint.alarm(differMark+" "+head))
	t.line("%s", rest)
	t.line("")
}

func (t terminal) totals(run Run) {
	t.line("%s", t.paint.bold(Totals(run)))
}

// Totals is a run in a line: "63 cases: 60 passed, 2 failed, 1 not available, in 1m 02s (seed 42)".
func Totals(run Run) string {
	c := run.Count()
	var parts []string
	for _, p := range []struct {
		n    int
		word string
	}{{c.Passed, "passed"}, {c.Failed, "failed"}, {c.Errors, "error"}, {c.Flaky, "flaky"}, {c.Known, "known to fail"}, {c.New, "newly working"}, {c.NotAvailable, "not available"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.word))
		}
	}
	if len(parts) == 0 {
		parts = []string{"nothing was run"}
	}
	text := plural(c.Total, "case") + ": " + strings.Join(parts, ", ") + ", in " + span(run.Duration)
	var of []string
	if run.Shard != "" {
		of = append(of, "shard "+run.Shard)
	}
	if run.Seed != 0 {
		of = append(of, fmt.Sprintf("seed %d", run.Seed))
	}
	if len(of) > 0 {
		text += " (" + strings.Join(of, ", ") + ")"
	}
	return text
}

// paint colours texts when it is true. Colours only repeat what marks and words say.
type paint bool

func (p paint) with(code, text string) string {
	if !p || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (p paint) bold(text string) string  { return p.with("1", text) }
func (p paint) dim(text string) string   { return p.with("2", text) }
func (p paint) good(text string) string  { return p.with("32", text) }
func (p paint) plain(text string) string { return p.with("36", text) }
func (p paint) alarm(text string) string { return p.with("1;31", text) }
