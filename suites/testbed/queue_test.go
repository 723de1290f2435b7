package testbed

import (
	"context"
	"errors"
	"sync"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/simulator/session"
)

// cell is a case of the iframe portal that is expected to be stuck.
func cell(t *testing.T, id, policy string, engine browsers.Engine, profile session.Profile) Case {
	t.Helper()
	c, err := CaseOf(fixtures.Run{Integration: "iframe", Policy: policy, Profile: string(profile), Outcome: Stuck}, engine, id, "matrix", "a reason")
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return c
}

func inOrder(ts []task) (all [][]string) {
	for _, t := range ts {
		one := []string{t.ID}
		for _, c := range t.twins {
			one = append(one, "twin "+c.ID)
		}
		for _, k := range t.kin {
			one = append(one, "kin "+k.ID)
		}
		all = append(all, one)
	}
	return all
}

func TestCasesThatMayComeToTheSameWaitForOneAnother(t *testing.T) {
	a := cell(t, "a", "block-all", browsers.Chromium, session.NoneSecure)
	twin := cell(t, "twin", "block-all", browsers.Chromium, session.NoneSecure)
	legacy := cell(t, "legacy", "block-all", browsers.Chromium, session.Legacy)
	other := cell(t, "other", "block-all", browsers.Chromium, session.Legacy)
	other.Steps = nil
	NewWithT(t).Expect(inOrder(group{a, legacy, twin, other, a, legacy}.tasks())).To(Equal([][]string{
		{"a", "twin twin", "kin legacy"},
		{"other"},
		{"a", "kin legacy"}, // a second run is not the first one's likeness
	}))
}

func TestAWorkerGoesOnThenTurnsThenStartsThenHelps(t *testing.T) {
	g := NewWithT(t)
	batch := func(n int, policy string, engine browsers.Engine) (gs group) {
		for range n {
			c := cell(t, policy, policy, engine, session.NoneSecure)
			c.Journal = []string{string(rune('a' + len(gs)))} // no twins
			gs = append(gs, c)
		}
		return gs
	}
	sameEngine := func(from, to Case) bool { return from.Engine == to.Engine }
	q := newQueue([]group{batch(15, "allow-third-party", browsers.Chromium), batch(2, "block-all", browsers.Firefox), batch(1, "block-all", browsers.Chromium)}, sameEngine)
	turns := func(e browsers.Engine) func(Case) bool { return func(c Case) bool { return c.Engine == e } }
	took := func(own *batchOf, e browsers.Engine) *batchOf {
		task, b, ok := q.next(own.batch, turns(e))
		if !ok {
			return &batchOf{}
		}
		return &batchOf{b, string(task.Engine) + " " + task.Policy.Name}
	}
	one := took(&batchOf{}, "")
	g.Expect(one.name).To(Equal("chromium allow-third-party"), "the largest")
	two := took(&batchOf{}, browsers.Chromium)
	g.Expect(two.name).To(Equal("chromium block-all"), "the one that it can be turned to")
	g.Expect(took(one, browsers.Chromium).name).To(Equal("chromium allow-third-party"), "its own")
	two = took(two, browsers.Chromium)
	g.Expect(two.name).To(Equal("firefox block-all"), "what nobody has begun, before what is under way")
	g.Expect(took(two, browsers.Firefox).name).To(Equal("firefox block-all"))
	two = took(two, browsers.Firefox)
	g.Expect(two.name).To(Equal("chromium allow-third-party"), "thirteen are left: a browser of its own pays")
	g.Expect(took(&batchOf{}, browsers.WebKit).name).To(Equal("chromium allow-third-party"))
	g.Expect(took(&batchOf{}, browsers.WebKit).name).To(BeEmpty(), "eleven are left: it does not pay any more")
	g.Expect(took(&batchOf{}, browsers.Chromium).name).To(Equal("chromium allow-third-party"), "but who needs none helps")
}

func TestWhatStartsWithEveryCaseIsSoonWorthStarting(t *testing.T) {
	for engine, helped := range map[browsers.Engine]bool{browsers.WebKit: true, browsers.Firefox: false} {
		var cases group
		for i := range 5 {
			c := cell(t, "one of five", "block-all", engine, session.NoneSecure)
			c.Journal = []string{string(rune('a' + i))} // no twins
			cases = append(cases, c)
		}
		q := newQueue([]group{cases}, func(_, _ Case) bool { return true })
		never := func(Case) bool { return false }
		_, _, ok := q.next(nil, never)
		NewWithT(t).Expect(ok).To(BeTrue())
		_, _, ok = q.next(nil, never)
		NewWithT(t).Expect(ok).To(Equal(helped), "four are left in %s", engine)
	}
}

func TestABatchThatABrowserAtWorkCanTakeIsLeftToItAndToItAlone(t *testing.T) {
	g := NewWithT(t)
	one := cell(t, "one", "allow-third-party", browsers.Chromium, session.NoneSecure)
	other := cell(t, "other", "block-all", browsers.Chromium, session.NoneSecure)
	q := newQueue([]group{{one}, {other}}, func(_, _ Case) bool { return true })
	never := func(Case) bool { return false }
	first, b, ok := q.next(nil, never)
	g.Expect(ok).To(BeTrue())
	g.Expect(first.ID).To(Equal("one"))
	_, _, ok = q.next(nil, never)
	g.Expect(ok).To(BeFalse(), "a browser for one case does not pay")
	second, b, ok := q.next(b, never)
	g.Expect(ok).To(BeTrue(), "whoever is the last takes it, whatever it costs")
	g.Expect(second.ID).To(Equal("other"))
	_, _, ok = q.next(b, never)
	g.Expect(ok).To(BeFalse())
}

type batchOf struct {
	*batch
	name string
}

// told collects what an observer is told.
type told struct {
	mu      sync.Mutex
	started []string
	done    []Result
}

func (o *told) CaseStarted(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.started = append(o.started, id)
}

func (o *told) CaseDone(res Result) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.done = append(o.done, res)
}

func TestAResultStandsForAnotherProfileOnlyWhereTheSiteWasNotAsked(t *testing.T) {
	a := cell(t, "a", "block-all", browsers.Chromium, session.NoneSecure)
	twin := cell(t, "twin", "block-all", browsers.Chromium, session.NoneSecure)
	legacy := cell(t, "legacy", "block-all", browsers.Chromium, session.Legacy)
	for name, c := range map[string]struct {
		res  Result
		want map[string]string // who is told of, and in whose stead
	}{
		"not asked":   {Result{ID: "a", Status: Passed, unasked: true}, map[string]string{"twin": "a", "legacy": "a"}},
		"asked":       {Result{ID: "a", Status: Passed}, map[string]string{"twin": "a", "legacy": ""}},
		"not decided": {Result{ID: "a", Status: Error, unasked: true}, map[string]string{"twin": "", "legacy": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			o := &told{}
			// The worker has no browsers: what it has to run itself is refused.
			w := worker{Scheduler: Scheduler{Observe: o}, err: context.Canceled}
			tasks := group{a, twin, legacy}.tasks()
			g.Expect(tasks).To(HaveLen(1))
			w.settle(t.Context(), c.res, tasks[0])
			got := map[string]string{}
			for _, res := range o.done {
				got[res.ID] = res.SameAs
				if res.ID == "legacy" && res.SameAs != "" {
					g.Expect(res.Profile).To(Equal("legacy"))
				}
			}
			g.Expect(got).To(Equal(c.want))
			g.Expect(o.started).To(HaveLen(len(o.done)))
		})
	}
}

// engineOf is a driver of which nothing is started.
type engineOf struct {
	browsers.Driver
	refuses string // a policy that it has not
}

func (engineOf) Engine() browsers.Engine            { return browsers.Chromium }
func (engineOf) Find() (browsers.Executable, error) { return browsers.Executable{}, nil }
func (engineOf) Turns(_, _ policy.Policy) bool      { return true }

func (e engineOf) Supports(p policy.Policy) error {
	if p.Name == e.refuses {
		return &browsers.NotAvailableError{Engine: browsers.Chromium, Policy: p.Name, Sentence: "There is no such setting."}
	}
	return nil
}

func TestAPolicyThatTheEngineHasNotIsNotTurnedTo(t *testing.T) {
	g := NewWithT(t)
	d := engineOf{refuses: "partition"}
	w := worker{Scheduler: Scheduler{Drivers: map[browsers.Engine]browsers.Driver{browsers.Chromium: d}}}
	defer w.close()
	g.Expect(w.move(cell(t, "one", "block-all", browsers.Chromium, session.NoneSecure))).To(Succeed())
	station := w.station
	g.Expect(browsers.IsNotAvailable(w.move(cell(t, "none", "partition", browsers.Chromium, session.NoneSecure)))).To(BeTrue())
	g.Expect(w.station).To(BeIdenticalTo(station), "the browser is kept")
	g.Expect(w.station.policy.Name).To(Equal("block-all"))
	g.Expect(w.move(cell(t, "next", "per-site-allow", browsers.Chromium, session.NoneSecure))).To(Succeed())
	g.Expect(w.station).To(BeIdenticalTo(station))
	g.Expect(w.station.policy.Name).To(Equal("per-site-allow"))
	g.Expect(w.station.allowed).To(Equal("https://acme.webex.com"))
}

func TestACaseOfAStoppedRunIsNotRun(t *testing.T) {
	g := NewWithT(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("interrupted"))
	o := &told{}
	res := (&worker{Scheduler: Scheduler{Observe: o}}).try(ctx, cell(t, "a", "block-all", browsers.Chromium, session.NoneSecure))
	g.Expect(res.Status).To(Equal(Error))
	g.Expect(res.Sentence).To(Equal("not run: interrupted"))
	g.Expect(res.Stopped()).To(BeTrue())
	g.Expect(o.done).To(HaveLen(1), "told of all the same")
	g.Expect(Result{Status: Error, Sentence: "the browser process died"}.Stopped()).To(BeFalse())
}
