package report

import (
	"os"
	"testing"
	"testing/fstest"
)

// TestWritePage writes the sample as a page to the file that the environment names, for looking at it.
func TestWritePage(t *testing.T) {
	path := os.Getenv("REPORT_PAGE")
	if path == "" {
		t.Skip("REPORT_PAGE names no file")
	}
	run := sampleRun()
	for i := range run.Results {
		if differs(run.Results[i]) {
			run.Results[i].Screenshot = "shots/denied.png"
		}
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	dir := fstest.MapFS{"shots/denied.png": {Data: samplePicture()}}
	if err := HTML(f, run, HTMLOptions{Dir: dir}); err != nil {
		t.Fatal(err)
	}
	if err := Terminal(os.Stdout, run, false); err != nil {
		t.Fatal(err)
	}
}
