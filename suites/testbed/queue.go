package testbed

import (
	"slices"
	"sync"

	"github.com/cookiegate/cookiegate/browsers"
)

// queue hands out the cases that wait.
type queue struct {
	mu      sync.Mutex
	waiting []*batch
	at      map[int]int // workers, by the family of their batch
}

// batch is a group of which some cases wait.
type batch struct {
	family int    // what one browser can do, turned from one to the next
	cases  []task // guarded by the queue
	begun  bool   // likewise
}

// task is a case and those whose result is its own.
type task struct {
	Case
	twins []Case // in any event
	kin   []task // where the site is not asked for anything
}

// newQueue lets groups wait. Of two cases turns says whether the browser of the one can be turned to the other.
func newQueue(gs []group, turns func(from, to Case) bool) *queue {
	q := &queue{at: map[int]int{}}
	for i, g := range gs {
		family := i
		if like := slices.IndexFunc(gs[:i], func(o group) bool { return turns(o[0], g[0]) }); like >= 0 {
			family = q.waiting[like].family
		}
		q.waiting = append(q.waiting, &batch{family: family, cases: g.tasks()})
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
// its browser can be turned, or else one for which nobody has a browser; then it helps with what others have begun. Of several it takes the one with
// most cases left. A worker that gets nothing has ended.
func (q *queue) next(own *batch, turns func(Case) bool) (task, *batch, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	b := own
	if b == nil || len(b.cases) == 0 {
		b = q.choose(own, turns)
		if own != nil {
			q.at[own.family]--
		}
		if b == nil {
			return task{}, nil, false
		}
		q.at[b.family]++
	}
	t := b.cases[0]
	b.cases, b.begun = b.cases[1:], true
	return t, b, true
}

// worthStarting is how many cases must wait for it to pay that a browser is started where another will do: a start takes as long as five cases, and one
// browser alone keeps more than one processor busy. WebKit starts for every case anyway, and what is left to start takes as long as one.
func worthStarting(e browsers.Engine) int {
	if e == browsers.WebKit {
		return 4
	}
	return 12
}

func (q *queue) choose(own *batch, turns func(Case) bool) *batch {
	var best *batch
	rank := 0
	for _, b := range q.waiting {
		if len(b.cases) == 0 {
			continue
		}
		others := q.at[b.family] // who can take it
		if own != nil && own.family == b.family {
			others--
		}
		r := 0
		switch turned := turns(b.cases[0].Case); {
		case !b.begun && turned:
			r = 4
		case !b.begun && others == 0:
			r = 3
		case turned:
			r = 2
		case others == 0 || q.left(b.family) >= worthStarting(b.cases[0].Engine):
			r = 1
		}
		if r > rank || r == rank && r > 0 && len(b.cases) > len(best.cases) {
			best, rank = b, r
		}
	}
	return best
}

// left is how many cases of a family wait.
func (q *queue) left(family int) (n int) {
	for _, b := range q.waiting {
		if b.family == family {
			n += len(b.cases)
		}
	}
	return n
}
