package suites

import (
	"context"
	"os"
	"sync"

	"github.com/cookiegate/cookiegate/suites/report"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Results runs cases, that many browsers at a time, and gives their results by ID. Progress goes to stderr; no report is made. The error is
// why ctx ended.
func Results(ctx context.Context, cases []testbed.Case, workers int) (map[string]testbed.Result, error) {
	c := &collector{progress: progressOn(os.Stderr, "", 1), results: make(map[string]testbed.Result, len(cases))}
	c.progress.Start(len(cases))
	testbed.Scheduler{Drivers: Drivers(), Workers: workers, Observe: c}.Run(ctx, cases)
	c.progress.Finish()
	return c.results, context.Cause(ctx)
}

// collector keeps the results of a run.
type collector struct {
	progress *report.Progress

	mu      sync.Mutex
	results map[string]testbed.Result
}

// CaseStarted implements testbed.Observer.
func (c *collector) CaseStarted(id string) { c.progress.CaseStarted(id) }

// CaseDone implements testbed.Observer.
func (c *collector) CaseDone(res testbed.Result) {
	c.mu.Lock()
	c.results[res.ID] = res
	c.mu.Unlock()
	c.progress.CaseDone(res)
}

var _ testbed.Observer = (*collector)(nil)
