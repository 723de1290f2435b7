package session

import (
	"sync"
	"time"
)

// DefaultIdleLimit is how long a session lives without activity. At exactly the limit it still lives.
const DefaultIdleLimit = 30 * time.Minute

// State says what a ticket that came along was.
type State string

// The states.
const (
	None        State = "none"         // no ticket came along
	Live        State = "live"         // its session is alive
	IdleExpired State = "idle-expired" // its session died of idleness
	LoggedOut   State = "logged-out"   // its session was logged out
	Revoked     State = "revoked"      // its session was ended from outside
	Replaced    State = "replaced"     // its session goes on under another ticket
	Unknown     State = "unknown"      // this site has not made it, or not since its last reset
)

// Session is a session as it was at one moment.
type Session struct {
	ID      uint64 // 1, 2, … in the order of login, where Replace counts as one; 0 without
	Owner   uint32 // as given to Open; also of a dead session
	State   State
	Created time.Time // zero unless alive
	Used    time.Time // the last activity; zero unless alive
	Expires time.Time // alive until then, and at that moment still; zero unless alive
}

// Store holds the sessions of one site. A session is a few words in an array, linked in the order of last activity, which is the order of
// expiry because all share one idle limit: opening, using and ending one is O(1), and expiring n of them is O(n). It is safe for concurrent use.
type Store struct {
	clock *Clock
	began time.Time // what the clock showed when the store was made
	seal  sealer

	mu     sync.Mutex
	limit  time.Duration
	slots  []slot // slots[0] is the head of the ring: its next was used last, its prev expires first
	free   uint32 // first of the unused slots, linked by next; 0 for none
	serial uint64 // of the session opened last
	live   int
	ends   ends
}

// slot is a session in the array.
type slot struct {
	serial        uint64 // 0 while unused
	created, used int64  // nanoseconds since the store began
	owner         uint32
	prev, next    uint32
}

// NewStore is an empty store. A limit of zero means DefaultIdleLimit.
func NewStore(clock *Clock, limit time.Duration) *Store {
	s := &Store{clock: clock, began: clock.Now(), seal: newSealer(), slots: make([]slot, 1)}
	s.SetIdleLimit(limit)
	return s
}

// SetIdleLimit changes the idle limit for all sessions, those that live now included. Zero means DefaultIdleLimit.
func (s *Store) SetIdleLimit(limit time.Duration) {
	if limit == 0 {
		limit = DefaultIdleLimit
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep(s.clock.Now())
	s.limit = limit
}

// IdleLimit is the idle limit in force.
func (s *Store) IdleLimit() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.limit
}

// Open begins a session and returns its ticket.
func (s *Store) Open(owner uint32) (ticket string, opened Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.Now()
	s.sweep(now)
	i := s.free
	if i != 0 {
		s.free = s.slots[i].next
	} else {
		i = uint32(len(s.slots))
		s.slots = append(s.slots, slot{})
	}
	s.serial++
	s.slots[i] = slot{serial: s.serial, owner: owner, created: s.since(now), used: s.since(now)}
	s.link(i)
	s.live++
	return s.seal.seal(identity{slot: i, owner: owner, serial: s.serial}), s.view(i)
}

// Use finds the session of a ticket and, where it is alive, renews it. The time is the moment at which that was decided.
func (s *Store) Use(ticket string) (Session, time.Time) {
	id, ours := s.seal.open(ticket)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.Now()
	if !ours || id.serial == 0 || id.serial > s.serial {
		return Session{State: Unknown}, now
	}
	if int(id.slot) >= len(s.slots) || s.slots[id.slot].serial != id.serial {
		return Session{ID: id.serial, Owner: id.owner, State: s.ends.get(id.serial)}, now
	}
	if s.expired(id.slot, now) {
		s.sweep(now)
		return Session{ID: id.serial, Owner: id.owner, State: IdleExpired}, now
	}
	s.slots[id.slot].used = s.since(now)
	s.unlink(id.slot)
	s.link(id.slot)
	return s.view(id.slot), now
}

// End ends the session of a ticket, for a reason that is one of IdleExpired, LoggedOut and Revoked, and says whether it was alive.
func (s *Store) End(ticket string, reason State) bool {
	id, ours := s.seal.open(ticket)
	s.mu.Lock()
	defer s.mu.Unlock()
	return ours && s.end(id.slot, id.serial, reason)
}

// EndID is End for a session whose ticket one does not hold, as an administrator does it.
func (s *Store) EndID(id uint64, reason State) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.slots {
		if s.slots[i].serial == id {
			return s.end(uint32(i), id, reason)
		}
	}
	return false
}

// Replace gives a live session a new ticket; the old one is Replaced from now on.
func (s *Store) Replace(ticket string) (string, bool) {
	id, ours := s.seal.open(ticket)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !ours || !s.alive(id.slot, id.serial) {
		return "", false
	}
	s.ends.set(id.serial, Replaced)
	s.serial++
	id.serial = s.serial
	s.slots[id.slot].serial = s.serial
	return s.seal.seal(id), true
}

// Len is how many sessions are alive.
func (s *Store) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep(s.clock.Now())
	return s.live
}

// Next are the sessions that expire first, the very next one first, at most n of them.
func (s *Store) Next(n int) []Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep(s.clock.Now())
	list := make([]Session, 0, min(n, s.live))
	for i := s.slots[0].prev; i != 0 && len(list) < n; i = s.slots[i].prev {
		list = append(list, s.view(i))
	}
	return list
}

// Sweep forgets the sessions that have expired and says how many there were. Nobody needs to call it for correctness.
func (s *Store) Sweep() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sweep(s.clock.Now())
}

func (s *Store) sweep(now time.Time) int {
	n := 0
	for i := s.slots[0].prev; i != 0 && s.expired(i, now); i = s.slots[0].prev {
		s.remove(i)
		n++
	}
	return n
}

func (s *Store) expired(i uint32, now time.Time) bool {
	return s.since(now)-s.slots[i].used > int64(s.limit)
}

func (s *Store) since(now time.Time) int64 { return int64(now.Sub(s.began)) }

func (s *Store) alive(i uint32, serial uint64) bool {
	return serial != 0 && int(i) < len(s.slots) && s.slots[i].serial == serial && !s.expired(i, s.clock.Now())
}

func (s *Store) end(i uint32, serial uint64, reason State) bool {
	if !s.alive(i, serial) {
		return false
	}
	s.ends.set(serial, reason)
	s.remove(i)
	return true
}

func (s *Store) remove(i uint32) {
	s.unlink(i)
	s.slots[i] = slot{next: s.free}
	s.free = i
	s.live--
}

func (s *Store) link(i uint32) {
	first := s.slots[0].next
	s.slots[i].prev, s.slots[i].next = 0, first
	s.slots[first].prev = i
	s.slots[0].next = i
}

func (s *Store) unlink(i uint32) {
	prev, next := s.slots[i].prev, s.slots[i].next
	s.slots[prev].next, s.slots[next].prev = next, prev
}

func (s *Store) view(i uint32) Session {
	at := &s.slots[i]
	used := s.began.Add(time.Duration(at.used))
	return Session{
		ID: at.serial, Owner: at.owner, State: Live,
		Created: s.began.Add(time.Duration(at.created)), Used: used, Expires: used.Add(s.limit),
	}
}

// ends remembers, two bits a session, how those ended that did not just expire.
type ends []byte

var endStates = [4]State{IdleExpired, LoggedOut, Revoked, Replaced}

func (e *ends) set(serial uint64, reason State) {
	for code, state := range endStates {
		if state == reason && code > 0 {
			for uint64(len(*e)) <= serial/4 {
				*e = append(*e, 0)
			}
			(*e)[serial/4] |= byte(code) << (serial % 4 * 2)
		}
	}
}

func (e ends) get(serial uint64) State {
	if serial/4 >= uint64(len(e)) {
		return IdleExpired
	}
	return endStates[e[serial/4]>>(serial%4*2)&3]
}
