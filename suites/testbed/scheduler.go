package testbed

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/suites/upstream"
)

// Observer is told how a run goes. Its methods are called from several goroutines.
type Observer interface {
	CaseStarted(id string)
	CaseDone(Result)
}

// Scheduler runs cases on as many stations at a time as it has workers. A station takes the cases of one engine and policy, the largest group first,
// and then those of another policy to which its browser can be turned; whoever has nothing left to begin helps with what others have begun where the
// start of another browser pays. Of cases that cannot come to anything else the first is run, and its result is that of the others.
type Scheduler struct {
	Drivers map[browsers.Engine]browsers.Driver
	Workers int // at least 1
	Observe Observer
}

// Run runs every case and tells the observer of each exactly once. When ctx ends, what has not been run is told as an error, and no
// browser is left behind.
func (s Scheduler) Run(ctx context.Context, cases []Case) {
	portals, err := poolFor(cases, s.Workers)
	if err != nil {
		for _, c := range cases {
			s.Observe.CaseStarted(c.ID)
			s.Observe.CaseDone(refusal(c, err))
		}
		return
	}
	if portals != nil {
		// A portal that does not end in order is killed with everything it started.
		defer portals.Close()
	}
	q := newQueue(groups(cases), s.turns)
	begun := newStarts()
	var workers sync.WaitGroup
	for range max(1, s.Workers) {
		workers.Go(func() {
			w := worker{Scheduler: s, portals: portals, queue: q, starts: begun}
			w.run(ctx)
		})
	}
	workers.Wait()
}

// turns says whether the browser of one case can be turned to another's.
func (s Scheduler) turns(from, to Case) bool {
	d := s.Drivers[from.Engine]
	return d != nil && from.Engine == to.Engine && !from.persistent() && d.Supports(from.Policy) == nil && turnable(d, from.Policy, to)
}

// group is what shares a station: the cases of one engine and policy, and of one site where the policy names one.
type group []Case

// groups puts the cases that share a station together; the order within a group stays.
func groups(cases []Case) []group {
	var gs []group
	index := map[string]int{}
	for _, c := range cases {
		key := fmt.Sprint(c.Engine, "/", c.Policy.Name, "/", allowedOf(c), "/", c.persistent())
		i, ok := index[key]
		if !ok {
			i = len(gs)
			index[key] = i
			gs = append(gs, nil)
		}
		gs[i] = append(gs[i], c)
	}
	return gs
}

// twin is the place of the case that was run already, and that case i need not repeat; -1 where there is none. A case that is there several
// times is to be run several times: each of its runs has a twin only in a run of another case that was not taken yet.
func (g group) twin(i int) int {
	again := 0
	for _, o := range g[:i] {
		if o.ID == g[i].ID {
			again++
		}
	}
	seen := map[string]int{}
	for j, o := range g[:i] {
		if !o.sameAs(g[i]) {
			continue
		}
		if seen[o.ID] == again {
			return j
		}
		seen[o.ID]++
	}
	return -1
}

// poolFor is what starts portals, nil where all of them are samples.
func poolFor(cases []Case, workers int) (*upstream.Pool, error) {
	if !slices.ContainsFunc(cases, func(c Case) bool { return c.Integration.Own() }) {
		return nil, nil
	}
	return upstream.NewPool(workers)
}
