package testbed

import (
	"cmp"
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

// Scheduler runs cases on as many stations at a time as it has workers. All cases of one engine and policy run on one station; which
// group comes first is decided by size, so that no long group is left for the end. Of cases that differ in nothing but their names the first
// is run, and its result is that of the others.
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
	queue := make(chan group)
	var workers sync.WaitGroup
	for range max(1, s.Workers) {
		workers.Go(func() {
			for g := range queue {
				s.runGroup(ctx, g, portals)
			}
		})
	}
	for _, g := range groups(cases) {
		queue <- g
	}
	close(queue)
	workers.Wait()
}

// group is what shares a station: the cases of one engine, policy and site.
type group []Case

// groups puts the cases that share a station together, the largest group first; the order within a group stays.
func groups(cases []Case) []group {
	var gs []group
	index := map[string]int{}
	for _, c := range cases {
		key := fmt.Sprint(c.Engine, "/", c.Policy.Name, "/", c.Site.Name, "/", c.persistent())
		i, ok := index[key]
		if !ok {
			i = len(gs)
			index[key] = i
			gs = append(gs, nil)
		}
		gs[i] = append(gs[i], c)
	}
	slices.SortStableFunc(gs, func(a, b group) int { return cmp.Compare(b.cost(), a.cost()) })
	return gs
}

// cost is a guess at how long a group takes, in cases of Chromium.
func (g group) cost() int {
	start, each := 2, 1
	if g[0].Engine != browsers.Chromium {
		start, each = 5, 2
	}
	return start + each*len(g)
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

func (s Scheduler) runGroup(ctx context.Context, g group, portals *upstream.Pool) {
	station, err := s.open(g, portals)
	var ran []Result
	for i, c := range g {
		s.Observe.CaseStarted(c.ID)
		var res Result
		twin := g.twin(i)
		switch {
		case twin >= 0 && (ran[twin].Status == Passed || ran[twin].Status == Failed):
			res = ran[twin].of(c)
		case ctx.Err() != nil:
			res = c.result()
			res.fail(Error, "not run: "+context.Cause(ctx).Error())
		case err != nil:
			res = refusal(c, err)
		default:
			res = station.Run(ctx, c)
		}
		ran = append(ran, res)
		s.Observe.CaseDone(res)
	}
	if station != nil {
		// A browser that does not end in order is killed with everything it started; there is nothing to tell the cases.
		_ = station.Close()
	}
}

func (s Scheduler) open(g group, portals *upstream.Pool) (*Station, error) {
	d, ok := s.Drivers[g[0].Engine]
	if !ok {
		return nil, fmt.Errorf("there is no driver for %s", g[0].Engine)
	}
	return OpenStation(d, g[0], portals)
}

// refusal is the result of a case whose station could not be opened.
func refusal(c Case, err error) Result {
	res := c.result()
	status := Error
	if browsers.IsNotAvailable(err) {
		status = NotAvailable
	}
	res.fail(status, err.Error())
	return res
}
