package session

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Clock is the time of a simulator. It stands still and moves only when told (Advance, Set) until Run makes it go at the machine's pace.
// It never goes back. It is safe for concurrent use; make one with NewClock.
type Clock struct {
	mu      sync.Mutex // held by writers
	reading atomic.Pointer[reading]
}

// reading is immutable: what the clock showed, and since when it has been running.
type reading struct {
	at    time.Time
	since time.Time // of the machine's monotonic clock; zero while the clock stands still
}

// NewClock is a clock that stands still at t.
func NewClock(t time.Time) *Clock {
	c := &Clock{}
	c.reading.Store(&reading{at: t.Round(0)})
	return c
}

// Now is what the clock shows.
func (c *Clock) Now() time.Time { return c.reading.Load().now() }

// Advance moves the clock by d, running or not. A negative d moves nothing: time does not go back.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d > 0 {
		c.jump(c.Now().Add(d))
	}
}

// Set moves the clock forward to t. Going back is an error, because sessions have been used at the times that the clock showed.
func (c *Clock) Set(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.Now(); t.Before(now) {
		return fmt.Errorf("the clock shows %s and cannot go back to %s", now.Format(time.RFC3339Nano), t.Format(time.RFC3339Nano))
	}
	c.jump(t)
	return nil
}

// Run lets the clock go at the machine's pace from what it shows.
func (c *Clock) Run() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.Running() {
		c.reading.Store(&reading{at: c.Now(), since: time.Now()})
	}
}

// Freeze stops the clock at what it shows.
func (c *Clock) Freeze() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reading.Store(&reading{at: c.Now()})
}

// Running says whether the clock goes by itself.
func (c *Clock) Running() bool { return !c.reading.Load().since.IsZero() }

func (c *Clock) jump(t time.Time) {
	r := reading{at: t.Round(0)}
	if c.Running() {
		r.since = time.Now()
	}
	c.reading.Store(&r)
}

func (r *reading) now() time.Time {
	if r.since.IsZero() {
		return r.at
	}
	return r.at.Add(time.Since(r.since))
}
