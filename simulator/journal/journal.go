package journal

import (
	"context"
	"errors"
	"sync"
)

// ErrClosed says that a journal gets no more entries, because its site was reset, replaced or shut down.
var ErrClosed = errors.New("the journal is closed: its site was reset, replaced or shut down")

// Limits bound a journal. A zero field is its default.
type Limits struct {
	Entries int // default 10,000
	Bytes   int // of the entries kept, approximately; default 16 MiB
}

// Dropped is what a journal no longer holds: the oldest entries, dropped to stay within the limits.
type Dropped struct {
	Entries uint64 `json:"entries"`
	Bytes   uint64 `json:"bytes"`
}

// Journal holds the newest entries of one site. It is safe for concurrent use; make one with New.
type Journal struct {
	limits Limits

	mu      sync.Mutex
	ring    []Entry // the entry of sequence number n stands at n modulo its length
	first   uint64  // sequence number of the oldest entry kept
	next    uint64  // of the entry to come
	bytes   int
	dropped Dropped
	closed  bool
	grown   chan struct{} // closed at the next entry; nil while nobody waits
}

// New is an empty journal.
func New(l Limits) *Journal {
	if l.Entries <= 0 {
		l.Entries = 10_000
	}
	if l.Bytes <= 0 {
		l.Bytes = 16 << 20
	}
	return &Journal{limits: l, first: 1, next: 1}
}

// Add appends an entry, gives it its sequence number and returns that. A closed journal takes nothing and returns 0.
func (j *Journal) Add(e *Entry) uint64 {
	size := e.size()
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return 0
	}
	kept := int(j.next - j.first)
	for kept > 0 && (kept >= j.limits.Entries || j.bytes+size > j.limits.Bytes) {
		j.drop()
		kept--
	}
	if kept >= len(j.ring) {
		j.grow()
	}
	e.Seq = j.next
	*j.at(j.next) = *e
	j.next++
	j.bytes += size
	if j.grown != nil {
		close(j.grown)
		j.grown = nil
	}
	return e.Seq
}

// Entries are the entries kept, oldest first.
func (j *Journal) Entries() []Entry { return j.After(0) }

// After are the entries kept whose sequence number is greater than seq, oldest first.
func (j *Journal) After(seq uint64) []Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.after(seq)
}

// Dropped says what the limits have cost.
func (j *Journal) Dropped() Dropped {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.dropped
}

// Last is the sequence number of the newest entry, 0 for none.
func (j *Journal) Last() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.next - 1
}

// Follow returns the entries after seq as soon as there are any. To follow a journal live, call it with the last sequence number seen.
// The error is the context's, or ErrClosed once a closed journal has nothing more to give.
func (j *Journal) Follow(ctx context.Context, seq uint64) ([]Entry, error) {
	for {
		j.mu.Lock()
		list, closed := j.after(seq), j.closed
		if len(list) > 0 || closed {
			j.mu.Unlock()
			if len(list) == 0 {
				return nil, ErrClosed
			}
			return list, nil
		}
		if j.grown == nil {
			j.grown = make(chan struct{})
		}
		grown := j.grown
		j.mu.Unlock()
		select {
		case <-grown:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Wait returns the first entry after seq that matches, now or when it comes. Its errors are those of Follow.
func (j *Journal) Wait(ctx context.Context, seq uint64, match func(Entry) bool) (Entry, error) {
	for {
		list, err := j.Follow(ctx, seq)
		if err != nil {
			return Entry{}, err
		}
		for _, e := range list {
			if match(e) {
				return e, nil
			}
			seq = e.Seq
		}
	}
}

// Close ends the journal: what it holds can still be read, and whoever waits learns that nothing more comes.
func (j *Journal) Close() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.closed = true
	if j.grown != nil {
		close(j.grown)
		j.grown = nil
	}
}

func (j *Journal) at(seq uint64) *Entry { return &j.ring[seq%uint64(len(j.ring))] }

func (j *Journal) drop() {
	e := j.at(j.first)
	size := e.size()
	j.bytes -= size
	j.dropped.Entries++
	j.dropped.Bytes += uint64(size)
	*e = Entry{}
	j.first++
}

// grow makes room for more entries, twice as many as before and never more than the limit.
func (j *Journal) grow() {
	ring := make([]Entry, min(max(64, 2*len(j.ring)), j.limits.Entries))
	for seq := j.first; seq < j.next; seq++ {
		ring[seq%uint64(len(ring))] = *j.at(seq)
	}
	j.ring = ring
}

func (j *Journal) after(seq uint64) []Entry {
	if seq >= j.next-1 {
		return nil
	}
	from := max(seq+1, j.first)
	list := make([]Entry, 0, j.next-from)
	for ; from < j.next; from++ {
		list = append(list, *j.at(from))
	}
	return list
}
