package simulator

import (
	"fmt"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/cookiegate/cookiegate/simulator/fault"
	"github.com/cookiegate/cookiegate/simulator/urlapi"
)

// Scripted is the next answer to a command.
type Scripted struct {
	Command string // AT; "" for whichever comes next
	urlapi.Intervention
}

// Script queues answers for a site: each is used once, by the next command that it is for. Resetting the site empties the queue. What cannot be
// answered is an error, as of a fault, and then nothing is queued; an answer that changes nothing lets a command pass.
func (s *Server) Script(site string, next ...Scripted) error {
	for i, one := range next {
		f := fault.Fault{Intervention: one.Intervention}
		if err := f.Validate(); err != nil && !reflect.ValueOf(one.Intervention).IsZero() {
			return fmt.Errorf("answer %d: %w", i+1, err)
		}
	}
	s.mu.Lock() // or the site could go meanwhile, and leave its queue to the next of that name
	defer s.mu.Unlock()
	if s.site(site) == nil {
		return fmt.Errorf("%w: %q", ErrNoSite, site)
	}
	s.scripts.add(site, next)
	return nil
}

// scripts are the queues of all sites.
type scripts struct {
	queued atomic.Int64 // in all queues, so that nobody locks for nothing

	mu     sync.Mutex
	bySite map[string][]Scripted
}

func (q *scripts) empty() bool { return q.queued.Load() == 0 }

func (q *scripts) add(site string, next []Scripted) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.bySite == nil {
		q.bySite = map[string][]Scripted{}
	}
	for _, one := range next {
		one.Intervention = one.Intervention.Clone()
		q.bySite[site] = append(q.bySite[site], one)
	}
	q.queued.Add(int64(len(next)))
}

func (q *scripts) clear(site string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.queued.Add(-int64(len(q.bySite[site])))
	delete(q.bySite, site)
}

// take takes the first answer that is for a command out of its site's queue; nil when there is none.
func (q *scripts) take(a urlapi.Attempt) *urlapi.Intervention {
	q.mu.Lock()
	defer q.mu.Unlock()
	queue := q.bySite[a.Site]
	i := slices.IndexFunc(queue, func(s Scripted) bool { return s.Command == "" || s.Command == a.Command })
	if i < 0 {
		return nil
	}
	found := queue[i].Intervention
	q.bySite[a.Site] = slices.Delete(queue, i, i+1)
	q.queued.Add(-1)
	return &found
}
