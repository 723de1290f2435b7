package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/cookiegate/cookiegate/suites/testbed"
)

// TAP writes a run in the Test Anything Protocol, version 14. A case that is not available is skipped; a flaky one is a TODO
// item, which a harness shows without failing, unless flaky cases fail the run. So is one that is known to fail. Cells of the
// baseline that are no case any more are points of their own where they close the gate.
func TAP(w io.Writer, run Run) error {
	run = run.prepared()
	var b bytes.Buffer
	gone := run.closingGone()
	fmt.Fprintf(&b, "TAP version 14\n1..%d\n", len(run.Results)+len(gone))
	for i, r := range run.Results {
		point := fmt.Sprintf("%d - %s", i+1, tapEscape(r.ID))
		switch {
		case isKnown(r):
			fmt.Fprintf(&b, "not ok %s # TODO %s\n", point, tapEscape(KnownText(*r.Known)))
		case r.Status == testbed.Flaky && !run.Gate.FailOnFlaky:
			fmt.Fprintf(&b, "not ok %s # TODO %s\n", point, tapEscape(Wrong(r)))
		case r.Status == testbed.Passed && !differs(r):
			fmt.Fprintf(&b, "ok %s\n", point)
		case r.Status == testbed.NotAvailable:
			fmt.Fprintf(&b, "ok %s # SKIP %s\n", point, tapEscape(r.Sentence))
		default:
			fmt.Fprintf(&b, "not ok %s\n", point)
		}
		if differs(r) {
			b.WriteString("  ---\n  message: |\n")
			for line := range strings.SplitSeq(Explain(r), "\n") {
				b.WriteString("    " + strings.TrimRight(line, " ") + "\n") // also where it is empty: Perl's reader takes a line without the indentation for the end
			}
			b.WriteString("  ...\n")
		}
	}
	for i, id := range gone {
		fmt.Fprintf(&b, "not ok %d - %s\n  ---\n  message: |\n    %s\n  ...\n", len(run.Results)+i+1, tapEscape(id), goneTitle)
	}
	fmt.Fprintf(&b, "# %s\n", Totals(run))
	_, err := w.Write(b.Bytes())
	return err
}

// tapEscape keeps a text on its line and from being read as a directive.
func tapEscape(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	return strings.NewReplacer(`\`, `\\`, `#`, `\#`).Replace(text)
}
