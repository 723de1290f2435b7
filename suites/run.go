package suites

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/cookiegate/cookiegate/suites/report"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Exit codes of every command that runs cases.
const (
	ExitPassed  = 0 // all as expected
	ExitDiffers = 1 // something differs from what was expected
	ExitNoRun   = 2 // the run could not be made
)

// Run is a run under way: cases are run in the background, and whoever needs a result waits for it.
type Run struct {
	out      string
	progress *report.Progress
	started  time.Time
	order    []string
	results  map[string]*pending
	cancel   context.CancelCauseFunc
	finished chan struct{}
}

// pending is a result that comes.
type pending struct {
	done   chan struct{}
	result testbed.Result
}

// Start begins to run cases, that many browsers at a time. Progress goes to stderr; Finish writes the reports into the folder out, or none
// where out is empty.
func Start(ctx context.Context, cases []testbed.Case, workers int, out string) *Run {
	ctx, cancel := context.WithCancelCause(ctx)
	r := &Run{
		out:      out,
		progress: progressOn(os.Stderr),
		started:  time.Now(),
		results:  make(map[string]*pending, len(cases)),
		cancel:   cancel,
		finished: make(chan struct{}),
	}
	for _, c := range cases {
		r.order = append(r.order, c.ID)
		r.results[c.ID] = &pending{done: make(chan struct{})}
	}
	r.progress.Start(len(cases))
	go func() {
		defer close(r.finished)
		testbed.Scheduler{Drivers: Drivers(), Workers: workers, Observe: r}.Run(ctx, cases)
	}()
	return r
}

// progressOn shows progress as f can show it: a line that changes on a terminal, a line now and then in a log.
func progressOn(f *os.File) *report.Progress {
	o := report.ProgressOptions{Writer: f, Mode: report.Lines, Colour: report.Colourful(f)}
	if report.IsTerminal(f) {
		o.Mode = report.Live
		o.Width = func() int {
			w, _, err := term.GetSize(int(f.Fd()))
			if err != nil {
				return 100
			}
			return w
		}
	}
	return report.NewProgress(o)
}

// CaseStarted implements testbed.Observer.
func (r *Run) CaseStarted(id string) { r.progress.CaseStarted(id) }

// CaseDone implements testbed.Observer.
func (r *Run) CaseDone(res testbed.Result) {
	p := r.results[res.ID]
	p.result = res
	close(p.done)
	r.progress.CaseDone(res)
}

// Await waits for the result of the case id.
func (r *Run) Await(ctx context.Context, id string) (testbed.Result, error) {
	p, ok := r.results[id]
	if !ok {
		return testbed.Result{}, fmt.Errorf("%s is no case of this run", id)
	}
	select {
	case <-p.done:
		return p.result, nil
	case <-ctx.Done():
		return testbed.Result{}, context.Cause(ctx)
	}
}

// Stop ends the run early: the cases under way are given up, the browsers ended.
func (r *Run) Stop(why error) { r.cancel(why) }

// Finish waits until every browser has ended, writes the reports, prints the matrix to w and returns the exit code.
func (r *Run) Finish(w io.Writer) (int, error) {
	<-r.finished
	r.progress.Finish()
	run := report.Run{Started: r.started, Duration: time.Since(r.started)}
	for _, id := range r.order {
		run.Results = append(run.Results, r.results[id].result)
	}
	run.Browsers = drivenBy(run.Results)
	if r.out != "" {
		if err := report.Write(r.out, &run, nil); err != nil {
			return ExitNoRun, err
		}
	}
	if err := report.Terminal(w, run, report.Colourful(w)); err != nil {
		return ExitNoRun, err
	}
	return exitCode(run.Results), nil
}

// drivenBy are the browsers that results name.
func drivenBy(results []testbed.Result) []report.Browser {
	var driven []report.Browser
	for _, res := range results {
		name, version, ok := cutLast(res.BrowserVersion, " ")
		if b := (report.Browser{Name: name, Version: version}); ok && !slices.Contains(driven, b) {
			driven = append(driven, b)
		}
	}
	return driven
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// exitCode is what the results mean for whoever called.
func exitCode(results []testbed.Result) int {
	ran, differs := false, false
	for _, res := range results {
		switch res.Status {
		case testbed.Passed:
			ran = true
		case testbed.Failed, testbed.Flaky:
			ran, differs = true, true
		case testbed.Error:
			ran = ran || res.BrowserVersion != ""
			differs = true
		case testbed.NotAvailable:
		}
	}
	switch {
	case !ran:
		return ExitNoRun
	case differs:
		return ExitDiffers
	}
	return ExitPassed
}

// guard: a run is told how its cases go.
var _ testbed.Observer = (*Run)(nil)
