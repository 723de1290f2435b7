package suites

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/cookiegate/cookiegate/suites/baseline"
	"github.com/cookiegate/cookiegate/suites/report"
	"github.com/cookiegate/cookiegate/suites/shard"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Options say how cases are run, what their results are held to, and what is written of them. The zero value runs every case once, in an
// order of its own, and writes nothing.
type Options struct {
	Workers  int         // browsers side by side; 0: one per processor
	Seed     int64       // of the order of the cases; 0: a new one
	Repeat   int         // how often every case is run; 0: once
	Shard    shard.Shard // the part of the cases that is run here
	Baseline string      // a file that says which cases are known to fail; empty: none
	Strict   bool        // cells of the baseline that work or are gone close the gate
	Publication
	FailOnFlaky bool
	Pictures    bool             // of every case, before its last step and at its end; else at the end of those that did not pass
	Traces      bool             // by Playwright, of every case
	Now         func() time.Time // nil: time.Now
}

// Publication says where a run's results go beside the terminal. Its zero value sends them nowhere else.
type Publication struct {
	Out     string // folder for results.json, junit.xml, report.html and, of a shard, the blob; empty: none
	TAP     string // file for the results in the Test Anything Protocol; empty: none
	Against string // results.json of an earlier run that report.html compares with; empty: none
	// Annotations are written to the terminal as GitHub workflow commands, and a summary is added to the file Summary; false and empty
	// anywhere else.
	Annotations bool
	Summary     string
}

// Check says what is wrong with the options.
func (o Options) Check() error {
	switch {
	case o.Workers < 0:
		return fmt.Errorf("--workers (WORKERS): %d; expected a whole number, 1 or more", o.Workers)
	case o.Seed < 0:
		return fmt.Errorf("--seed (SEED): %d; expected a whole number, 1 or more", o.Seed)
	case o.Repeat < 0:
		return fmt.Errorf("--repeat (REPEAT): %d; expected a whole number, 1 or more", o.Repeat)
	case o.Traces && o.Out == "":
		return errors.New("--traces (TRACES): expected a folder for reports with it (--out, OUT), in which they lie")
	case o.Strict && o.Baseline == "":
		return errors.New("--strict (STRICT): expected a baseline with it (--baseline, BASELINE), for it is about the cells that one lists")
	}
	return nil
}

// OnGitHub has results shown where GitHub shows them, when the environment is that of a step of a GitHub workflow.
func (p *Publication) OnGitHub(getenv func(string) string) {
	if getenv("GITHUB_ACTIONS") == "true" {
		p.Annotations, p.Summary = true, getenv("GITHUB_STEP_SUMMARY")
	}
}

// OptionsFromEnv reads what make e2e passes on: OUT, WORKERS, SEED, REPEAT, SHARD (or what GitLab and Kubernetes set), BASELINE, TAP and
// AGAINST (files), FAIL_ON_FLAKY, STRICT, PICTURES and TRACES (true or false), and what GitHub sets.
func OptionsFromEnv() (Options, error) {
	o := Options{Baseline: os.Getenv("BASELINE"), Publication: Publication{Out: os.Getenv("OUT"), TAP: os.Getenv("TAP"), Against: os.Getenv("AGAINST")}}
	o.OnGitHub(os.Getenv)
	var err error
	if o.Shard, err = shard.FromEnvironment(os.Getenv); err != nil {
		return o, err
	}
	var seed, repeat, workers int64
	for name, into := range map[string]*int64{"SEED": &seed, "REPEAT": &repeat, "WORKERS": &workers} {
		text := os.Getenv(name)
		if text == "" {
			continue
		}
		if *into, err = strconv.ParseInt(text, 10, 64); err != nil || *into < 1 {
			return o, fmt.Errorf("%s: %q; expected a whole number, 1 or more", name, text)
		}
	}
	o.Seed, o.Repeat, o.Workers = seed, int(repeat), int(workers)
	for name, into := range map[string]*bool{"FAIL_ON_FLAKY": &o.FailOnFlaky, "STRICT": &o.Strict, "PICTURES": &o.Pictures, "TRACES": &o.Traces} {
		text := os.Getenv(name)
		if text == "" {
			continue
		}
		if *into, err = strconv.ParseBool(text); err != nil {
			return o, fmt.Errorf("%s: %q; expected true or false", name, text)
		}
	}
	return o, o.Check()
}

// removeBlob takes away what an earlier run left for merge, which would take it for this run's where this one comes to no end.
func (o Options) removeBlob() error {
	if !o.Shard.Part() || o.Out == "" {
		return nil
	}
	err := os.Remove(filepath.Join(o.Out, shard.FileName(o.Shard)))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing the blob of an earlier run: %w", err)
	}
	return nil
}

// note is what to say of a run at its start, so that it can be repeated even where it does not come to its end.
func (o Options) note() string {
	note := fmt.Sprintf("seed %d", o.Seed)
	if o.Shard.Part() {
		note = "shard " + o.Shard.String() + ", " + note
	}
	return note
}

// kept is a case that keeps what the options want to have of it.
func (o Options) kept(c testbed.Case, round int) testbed.Case {
	c.Photograph = c.Photograph || o.Pictures
	if o.Traces {
		name := report.FileName(c.ID)
		if round > 0 {
			name += fmt.Sprintf(".%d", round+1)
		}
		c.Trace = filepath.Join(o.Out, report.Traces, name+".zip")
	}
	return c
}

// earlier is the run to compare with; nil where none is wanted.
func (p Publication) earlier() (*report.Run, error) {
	if p.Against == "" {
		return nil, nil
	}
	run, err := report.ReadJSON(p.Against)
	if err != nil {
		return nil, fmt.Errorf("--against (AGAINST): %w; expected the results.json of an earlier run", err)
	}
	return &run, nil
}

// workerCount is how many browsers run side by side.
func (o Options) workerCount() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.NumCPU()
}

// largestSeed keeps seeds short enough to be typed.
const largestSeed = 1_000_000

// settled are the options with a choice made wherever they leave one.
func (o Options) settled() Options {
	if o.Seed == 0 {
		o.Seed = 1 + rand.Int64N(largestSeed)
	}
	o.Repeat = max(1, o.Repeat)
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// gate is what the results of selected cases are held to.
func (o Options) gate(s Selection) (report.Gate, *baseline.Baseline, error) {
	g := report.Gate{FailOnFlaky: o.FailOnFlaky}
	if o.Baseline == "" {
		return g, &baseline.Baseline{}, nil
	}
	b, err := baseline.Load(o.Baseline)
	if unread := (*fs.PathError)(nil); errors.As(err, &unread) {
		err = fmt.Errorf("--baseline (BASELINE): %w; expected a file as cookiegate accept writes it", err)
	}
	if err != nil {
		return g, nil, err
	}
	var ids []string
	// An integration of a person's own may be run under policies that are not its usual ones.
	for _, wanted := range []Selection{s.whole(), s} {
		cases, err := Plan(wanted)
		if err != nil {
			return g, nil, err
		}
		for _, c := range cases {
			ids = append(ids, c.ID)
		}
	}
	g.Baseline, g.Strict, g.Gone = o.Baseline, o.Strict, b.Gone(ids)
	return g, b, nil
}
