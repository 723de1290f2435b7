package suites

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/suites/report"
	"github.com/cookiegate/cookiegate/suites/shard"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

func TestAMergedRunKeepsNoTracesOfTheRunBefore(t *testing.T) {
	g := NewWithT(t)
	out := t.TempDir()
	traces := filepath.Join(out, report.Traces)
	g.Expect(os.MkdirAll(traces, 0o755)).To(Succeed())
	for _, name := range []string{"matrix_a.zip", "mine.zip"} {
		g.Expect(os.WriteFile(filepath.Join(traces, name), []byte("PK"), 0o600)).To(Succeed())
	}
	result := testbed.Result{ID: "matrix/a", Suite: "matrix", BrowserVersion: "Chromium 156", Expected: testbed.Works, Outcome: testbed.Works, Status: testbed.Passed, Trace: "traces/matrix_a.zip"}
	blob := shard.Blob{Shard: shard.Shard{Index: 1, Total: 1}, Plan: []string{"matrix/a"}, Repeat: 1, Run: report.Run{Results: []testbed.Result{result}}}
	g.Expect(shard.Write(out, blob)).To(Succeed())
	merge := func() {
		code, err := Merge(io.Discard, []string{out}, Publication{Out: out})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(code).To(Equal(ExitPassed))
	}
	merge()
	g.Expect(filepath.Join(traces, "matrix_a.zip")).To(BeARegularFile(), "which comes with the blob")
	blob.Run.Results[0].Trace = ""
	g.Expect(shard.Write(out, blob)).To(Succeed())
	merge()
	g.Expect(filepath.Join(traces, "matrix_a.zip")).NotTo(BeAnExistingFile())
	g.Expect(filepath.Join(traces, "mine.zip")).To(BeARegularFile(), "which no run wrote")
}

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
