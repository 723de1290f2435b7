package fault

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/cookiegate/cookiegate/simulator/urlapi"
)

// Set is the faults in force. The zero value is none of them. It is safe for concurrent use.
type Set struct {
	some atomic.Bool // so that nobody locks for nothing

	mu     sync.Mutex
	list   []*Fault
	serial int
}

// Add puts a fault in force and returns it with its ID. The error is Validate's.
func (s *Set) Add(f Fault) (Fault, error) {
	if err := f.Validate(); err != nil {
		return Fault{}, err
	}
	if f.Next == 0 && f.Share == 0 {
		f.Next = 1
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	f.ID, f.Hits, f.seen = s.serial, 0, 0
	s.list = append(s.list, f.clone())
	s.some.Store(true)
	return f, nil
}

// List are the faults in force, the oldest first.
func (s *Set) List() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Fault, len(s.list))
	for i, f := range s.list {
		list[i] = *f.clone()
	}
	return list
}

// Remove takes a fault away and says whether it was there.
func (s *Set) Remove(id int) bool { return s.remove(func(f *Fault) bool { return f.ID == id }) > 0 }

// Clear takes the faults of a site away, or all for "", and says how many there were. Those for every site stay when one site's are cleared.
func (s *Set) Clear(site string) int {
	return s.remove(func(f *Fault) bool { return site == "" || f.Site == site })
}

func (s *Set) remove(which func(*Fault) bool) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.list)
	s.list = slices.DeleteFunc(s.list, which)
	s.some.Store(len(s.list) > 0)
	return before - len(s.list)
}

// Intervene answers a command with the oldest fault that hits it. It is an urlapi.Intervener.
func (s *Set) Intervene(a urlapi.Attempt) *urlapi.Intervention {
	if !s.some.Load() {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.list {
		if !f.isFor(a) || !f.hits() {
			continue
		}
		if f.Next > 0 {
			if f.Next--; f.Next == 0 {
				s.list = slices.Delete(s.list, i, i+1)
				s.some.Store(len(s.list) > 0)
			}
		}
		found := f.Intervention
		return &found
	}
	return nil
}

var _ urlapi.Intervener = (*Set)(nil).Intervene
