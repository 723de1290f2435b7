package suites

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/cookiegate/cookiegate/suites/baseline"
	"github.com/cookiegate/cookiegate/suites/predict"
	"github.com/cookiegate/cookiegate/suites/report"
	"github.com/cookiegate/cookiegate/suites/shard"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Exit codes of every command that runs cases.
const (
	ExitPassed  = 0 // all as expected
	ExitDiffers = 1 // something differs from what was expected
	ExitNoRun   = 2 // the run could not be made
	// ExitUnread is what a shell shows of a program that SIGPIPE ended: nobody read what it printed.
	ExitUnread = 128 + 13
)

// Run is a run under way: cases are run in the background, and whoever needs a result waits for it.
type Run struct {
	options  Options
	gate     report.Gate
	baseline *baseline.Baseline
	against  *report.Run // nil: none
	progress *report.Progress
	started  time.Time
	plan     []string // all cases, those of other shards too
	order    []string // those that are run here
	results  map[string]*pending
	foretold map[string]*testbed.Prediction
	cancel   context.CancelCauseFunc
	ended    func() error // why, where it ends early
	finished chan struct{}
}

// pending is a result that comes.
type pending struct {
	mu     sync.Mutex
	runs   []testbed.Result // so far
	done   chan struct{}
	result testbed.Result
}

// Start begins to run those of the selected cases that belong to the shard. Progress goes to stderr; Finish makes the reports. An error is
// one in the options, or in a file that they name.
func Start(ctx context.Context, s Selection, cases []testbed.Case, options Options) (*Run, error) {
	return start(ctx, s, cases, options, func(ctx context.Context, cases []testbed.Case, observe testbed.Observer) {
		testbed.Scheduler{Drivers: Drivers(), Workers: options.workerCount(), Observe: observe}.Run(ctx, cases)
	})
}

// start is Start with whatever runs cases: it tells the observer of each case it was given exactly once.
func start(ctx context.Context, s Selection, cases []testbed.Case, options Options, runAll func(context.Context, []testbed.Case, testbed.Observer)) (*Run, error) {
	if err := options.Check(); err != nil {
		return nil, err
	}
	if err := options.writable(); err != nil {
		return nil, err
	}
	if err := options.removeBlob(); err != nil {
		return nil, err
	}
	options = options.settled()
	gate, known, err := options.gate(s)
	if err != nil {
		return nil, err
	}
	r := &Run{
		options:  options,
		gate:     gate,
		baseline: known,
		progress: progressOn(os.Stderr, options.note(), options.Repeat),
		started:  options.Now(),
		results:  make(map[string]*pending, len(cases)),
		foretold: make(map[string]*testbed.Prediction, len(cases)),
		finished: make(chan struct{}),
	}
	if r.against, err = options.earlier(); err != nil {
		return nil, err
	}
	ctx, r.cancel = context.WithCancelCause(ctx)
	r.ended = func() error { return context.Cause(ctx) }
	context.AfterFunc(ctx, func() {
		if errors.Is(context.Cause(ctx), ErrUnread) {
			r.progress.Silence()
		}
	})
	var own, rounds []testbed.Case
	for _, c := range cases {
		r.plan = append(r.plan, c.ID)
		if options.Shard.Holds(c.ID) {
			own = append(own, c)
			r.order = append(r.order, c.ID)
			r.results[c.ID] = &pending{done: make(chan struct{})}
			r.foretold[c.ID] = foretold(c)
		}
	}
	if options.Out != "" {
		if err := report.RemoveEarlier(options.Out, report.Traces); err != nil {
			return nil, fmt.Errorf("removing earlier traces: %w", err)
		}
	}
	for round := range options.Repeat {
		for _, c := range shuffled(own, options.Seed, round) {
			rounds = append(rounds, options.kept(c, round))
		}
	}
	r.progress.Start(len(rounds))
	go func() {
		defer close(r.finished)
		runAll(ctx, rounds, r)
	}()
	return r, nil
}

// progressOn shows progress as f can show it: a line that changes on a terminal, a line now and then in a log.
func progressOn(f *os.File, note string, repeat int) *report.Progress {
	o := report.ProgressOptions{Writer: f, Mode: report.Lines, Colour: report.Colourful(f), Note: note, Repeat: repeat}
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
	r.progress.CaseDone(r.judged(res))
	p := r.results[res.ID]
	p.mu.Lock()
	defer p.mu.Unlock()
	p.runs = append(p.runs, res)
	if len(p.runs) == r.options.Repeat {
		p.result = r.judged(testbed.Combine(p.runs))
		close(p.done)
	}
}

// judged is a result with what the policy model and the baseline say of it.
func (r *Run) judged(res testbed.Result) testbed.Result {
	res.Predicted = r.foretold[res.ID]
	res.Known = r.baseline.Judge(res, r.options.Now(), r.options.Strict)
	return res
}

// foretold is what the policy model says of c; nil for a portal of a person's own, of which it knows nothing.
func foretold(c testbed.Case) *testbed.Prediction {
	if c.Integration.Own() {
		return nil
	}
	p := predict.Case(c, "")
	told := testbed.Prediction{Outcome: p.Outcome, Sentence: p.Sentence}
	if p.Cause != nil {
		told.Cookie, told.Hop, told.Reason = p.Cause.Cookie, p.Cause.Hop, p.Cause.Reason
	}
	return &told
}

// ErrOtherShard says that a case belongs to another shard than the one that is run here.
var ErrOtherShard = errors.New("the case belongs to another shard")

// Await waits for the result of the case id.
func (r *Run) Await(ctx context.Context, id string) (testbed.Result, error) {
	p, ok := r.results[id]
	if !ok && !r.options.Shard.Holds(id) {
		return testbed.Result{}, ErrOtherShard
	}
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

// Closes says whether a result of the run closes its gate.
func (r *Run) Closes(res testbed.Result) bool { return report.Run{Gate: r.gate}.Closes(res) }

// Stop ends the run early: the cases under way are given up, the browsers ended.
func (r *Run) Stop(why error) { r.cancel(why) }

// Finish waits until every browser has ended, writes the reports, prints the matrix to w and returns the exit code.
func (r *Run) Finish(w io.Writer) (int, error) {
	<-r.finished
	r.progress.Finish()
	run := report.Run{Started: r.started, Duration: r.options.Now().Sub(r.started), Seed: r.options.Seed, Shard: r.options.Shard.String(), Gate: r.gate}
	for _, id := range r.order {
		run.Results = append(run.Results, r.results[id].result)
	}
	run.Browsers = drivenBy(run.Results)
	unwritten := r.options.write(&run, r.against)
	last := ""
	if s := r.options.Shard; s.Part() {
		if r.options.Out != "" {
			unwritten = errors.Join(unwritten, shard.Write(r.options.Out, shard.Blob{Shard: s, Plan: r.plan, Repeat: r.options.Repeat, Run: run}))
		}
		last = fmt.Sprintf("shard %s: %d of the run's %d cases\n", s, len(run.Results), len(r.plan))
	}
	if errors.Is(r.ended(), ErrUnread) {
		return published(unwritten, nil, ExitUnread)
	}
	return published(unwritten, r.options.print(w, &run, r.against, last), exitCode(run, r.options.Shard.Part()))
}

// published is how a run ends whose reports were written and whose tables were printed, or could not be. A reader who has gone away is no mistake of
// the run's, but he did not see the end of it either.
func published(unwritten, err error, code int) (int, error) {
	switch {
	case unwritten != nil:
		return ExitNoRun, unwritten
	case errors.Is(err, syscall.EPIPE):
		return ExitUnread, nil
	case err != nil:
		return ExitNoRun, err
	}
	return code, nil
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

// exitCode is what a run means for whoever called. A shard need hold no case that can be run here: the merged run shows whether any was.
func exitCode(run report.Run, isShard bool) int {
	ran, unmade := false, false
	for _, res := range run.Results {
		switch res.Status {
		case testbed.Error:
			ran = ran || res.BrowserVersion != ""
			unmade = unmade || res.BrowserVersion == ""
		case testbed.NotAvailable:
		default:
			ran = true
		}
	}
	switch {
	case !ran && (!isShard || unmade):
		return ExitNoRun
	case run.Red():
		return ExitDiffers
	}
	return ExitPassed
}

// guard: a run is told how its cases go.
var _ testbed.Observer = (*Run)(nil)
