package network

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Ledger keeps the exchanges of one case. It is safe for use by several goroutines.
type Ledger struct {
	// Name is the case's name, as given to Door.Begin.
	Name string

	keep  bool // false: exchanges outside of any case are counted, not kept
	now   func() time.Time
	flush func(*Ledger) // lets go of the connections of this case

	ctx    context.Context // of all its requests
	cancel context.CancelFunc

	// Guarded by the door's lock.
	filters []Filter
	via     *via          // a foreign proxy to go through
	idle    time.Duration // after which a silent connection is cut; 0 never
	site    string        // of the last navigation of a page

	mu        sync.Mutex
	last      int
	exchanges []*Exchange
	inFlight  map[*Exchange]bool // true: a stream, which ends with the page and not by itself
	changed   chan struct{}      // closed and replaced at every change
}

func newLedger(name string, keep bool, now func() time.Time, flush func(*Ledger)) *Ledger {
	l := &Ledger{Name: name, keep: keep, now: now, flush: flush, inFlight: map[*Exchange]bool{}, changed: make(chan struct{})}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	return l
}

// Exchanges are all exchanges that arrived so far, in the order of arrival, those in flight included.
func (l *Ledger) Exchanges() []Exchange {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]Exchange, len(l.exchanges))
	for i, x := range l.exchanges {
		out[i] = x.copy()
	}
	return out
}

// InFlight is the number of requests that wait for the end of their answer. WebSockets and event streams are not counted once they are
// open: they end with their page.
func (l *Ledger) InFlight() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.waiting()
}

func (l *Ledger) waiting() int {
	n := 0
	for _, stream := range l.inFlight {
		if !stream {
			n++
		}
	}
	return n
}

// Wait returns the first exchange, in the order of arrival, that matches. It looks again whenever an exchange arrives, is answered or
// ends; match therefore sees exchanges in flight, with Status 0 and a zero End.
func (l *Ledger) Wait(ctx context.Context, match func(Exchange) bool) (Exchange, error) {
	for {
		l.mu.Lock()
		changed := l.changed
		l.mu.Unlock()
		for _, x := range l.Exchanges() {
			if match(x) {
				return x, nil
			}
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return Exchange{}, fmt.Errorf("no exchange of %q matched: %w", l.Name, context.Cause(ctx))
		}
	}
}

// Quiet returns when nothing is in flight and nothing has arrived or ended for idle, counted from the call at the earliest: what was
// done just before the call has that long to reach the door.
func (l *Ledger) Quiet(ctx context.Context, idle time.Duration) error {
	timer := time.NewTimer(idle)
	defer timer.Stop()
	for {
		l.mu.Lock()
		changed, waiting := l.changed, l.waiting()
		l.mu.Unlock()
		due := timer.C
		if waiting > 0 {
			due = nil
		}
		select {
		case <-due:
			return nil
		case <-changed:
			timer.Reset(idle)
		case <-ctx.Done():
			if waiting == 0 {
				return fmt.Errorf("the network of %q has not been quiet for %v: %w", l.Name, idle, context.Cause(ctx))
			}
			return fmt.Errorf("the network of %q is not quiet, in flight: %s: %w", l.Name, l.list(), context.Cause(ctx))
		}
	}
}

// End waits for the requests in flight; when ctx ends before they do, it cuts them and says so. Streams are cut in any case. The
// connections that the case used are closed, so that none of its pages can reach into the next case through them.
func (l *Ledger) End(ctx context.Context) error {
	err := l.drain(ctx)
	l.close() // before the handlers hear of it and end as if they were done
	l.cancel()
	l.flush(l)
	return err
}

func (l *Ledger) drain(ctx context.Context) error {
	for {
		l.mu.Lock()
		changed, waiting := l.changed, l.waiting()
		l.mu.Unlock()
		if waiting == 0 {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("cut at the end of %q: %s: %w", l.Name, l.list(), context.Cause(ctx))
		}
	}
}

// close ends what is still in flight, for the record: nothing changes after the end of a case.
func (l *Ledger) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for x, stream := range l.inFlight {
		x.End = l.now()
		if !stream {
			x.fail(cutShort)
		}
	}
	clear(l.inFlight)
	l.notify()
}

// cutShort is the error of an exchange that was ended from outside.
const cutShort = "cut before the end of the answer"

// list names the requests in flight.
func (l *Ledger) list() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var hops []string
	for x, stream := range l.inFlight {
		if !stream {
			hops = append(hops, x.Method+" "+x.URL)
		}
	}
	slices.Sort(hops)
	return strings.Join(hops, ", ")
}

// begin enters an exchange and gives it its number.
func (l *Ledger) begin(x *Exchange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	x.ID, x.Start = l.last, l.now()
	l.inFlight[x] = false
	if l.keep && l.ctx.Err() == nil {
		l.exchanges = append(l.exchanges, x)
	}
	l.notify()
}

// update changes an exchange in flight; one that has ended stays as it is.
func (l *Ledger) update(x *Exchange, change func(*Exchange)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, open := l.inFlight[x]; !open {
		return
	}
	change(x)
	l.notify()
}

// stream says that x goes on for as long as its page lives.
func (l *Ledger) stream(x *Exchange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, open := l.inFlight[x]; open {
		l.inFlight[x] = true
		l.notify()
	}
}

// finish ends an exchange.
func (l *Ledger) finish(x *Exchange) {
	l.update(x, func(x *Exchange) {
		x.End = l.now()
		delete(l.inFlight, x)
	})
}

func (l *Ledger) notify() {
	close(l.changed)
	l.changed = make(chan struct{})
}

// copy is a value that shares nothing that may still change.
func (x *Exchange) copy() Exchange {
	c := *x
	c.Filters = slices.Clone(x.Filters)
	return c
}
