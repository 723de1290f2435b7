package testbed

import (
	"slices"
	"sync"
)

// queue hands out the cases that wait.
type queue struct {
	mu      sync.Mutex
	waiting []*batch
}

// batch is a group of which some cases wait.
type batch struct {
	cases []task // guarded by the queue
	begun bool   // likewise
}

// task is a case and those whose result is its own.
type task struct {
	Case
	twins []Case // in any event
	kin   []task // where the site is not asked for anything
}

func newQueue(gs []group) *queue {
	q := &queue{}
	for _, g := range gs {
		q.waiting = append(q.waiting, &batch{cases: g.tasks()})
	}
	return q
}

// tasks are the cases that are run, in their order.
func (g group) tasks() []task {
	var own []task // one for each case that is no other's twin
	at := map[int]int{}
	for i, c := range g {
		if twin := g.twin(i); twin >= 0 {
			t := &own[at[twin]]
			t.twins = append(t.twins, c)
			continue
		}
		at[i] = len(own)
		own = append(own, task{Case: c})
	}
	var heads []task
	for _, t := range own {
		head := slices.IndexFunc(heads, func(h task) bool { return !h.holds(t.ID) && h.sameUnasked(t.Case) })
		if head < 0 {
			heads = append(heads, t)
			continue
		}
		heads[head].kin = append(heads[head].kin, t)
	}
	return heads
}

// holds says whether a case of that name is the task's own or one of its kin: its next run is another's.
func (t task) holds(id string) bool {
	return t.ID == id || slices.ContainsFunc(t.kin, func(k task) bool { return k.ID == id })
}

// next is the case that a worker runs next, and the batch it is of. It goes on with its own batch; then it begins one to which turns says that
// its browser can be turned, or else any; then it helps with what others have begun. Of several it takes the one with most cases left.
func (q *queue) next(own *batch, turns func(Case) bool) (task, *batch, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	b := own
	if b == nil || len(b.cases) == 0 {
		b = q.choose(turns)
	}
	if b == nil {
		return task{}, nil, false
	}
	t := b.cases[0]
	b.cases, b.begun = b.cases[1:], true
	return t, b, true
}

// worthStarting is how many cases must wait for it to pay that a browser is started to help with them.
const worthStarting = 6

func (q *queue) choose(turns func(Case) bool) *batch {
	var best *batch
	rank := 0
	for _, b := range q.waiting {
		if len(b.cases) == 0 {
			continue
		}
		r := 0
		switch turned := turns(b.cases[0].Case); {
		case !b.begun && turned:
			r = 4
		case !b.begun:
			r = 3
		case turned:
			r = 2
		case len(b.cases) >= worthStarting:
			r = 1
		}
		if r > rank || r == rank && r > 0 && len(b.cases) > len(best.cases) {
			best, rank = b, r
		}
	}
	return best
}
