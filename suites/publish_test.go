package suites

import (
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"
)

func TestTAPDoesNotTakeTheNameOfAnotherReport(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for tap, want := range map[string]string{
		"out/results.json":                     "--tap (TAP): out/results.json is one of the run's other reports; expected a file of its own",
		filepath.Join(dir, "out", "junit.xml"): "--tap (TAP): " + filepath.Join(dir, "out", "junit.xml") + " is one of the run's other reports; expected a file of its own",
		"./out/report.html":                    "--tap (TAP): ./out/report.html is one of the run's other reports; expected a file of its own",
		"results.json":                         "",
		"out/run.tap":                          "",
	} {
		g := NewWithT(t)
		err := Publication{Out: "out", TAP: tap}.writable()
		if want == "" {
			g.Expect(err).NotTo(HaveOccurred())
		} else {
			g.Expect(err).To(MatchError(want))
		}
	}
}
