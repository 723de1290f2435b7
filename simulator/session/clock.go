package session

import (
	"fmt"
	"sync"
	"time"
)

// Clock is the time of a simulator. It stands still and moves only when told (Advance, Set) until Run makes it go at the machine's pace.
// It never goes back. It is safe for concurrent use; make one with NewClock.
type Clock struct {
	mu    sync.RWMutex // held for reading until the time is told: a reader that works out a later one while the clock stops would see it go back
	at    time.Time    // what the clock showed
	since time.Time    // and since when it has been running, of the machine's monotonic clock; zero while the clock stands still
}

// NewClock is a clock that stands still at t.
func NewClock(t time.Time) *Clock { return &Clock{at: t.Round(0)} }

// Now is what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.now()
}

// Advance moves the clock by d, running or not. A negative d moves nothing: time does not go back.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d > 0 {
		c.jump(c.now().Add(d))
	}
}

// Set moves the clock forward to t. Going back is an error, because sessions have been used at the times that the clock showed.
func (c *Clock) Set(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.now(); t.Before(now) {
		return fmt.Errorf("the clock shows %s and cannot go back to %s", now.Format(time.RFC3339Nano), t.Format(time.RFC3339Nano))
	}
	c.jump(t.In(c.at.Location())) // one zone for all that is read off it, or a line that tells the time alone would seem to go back
	return nil
}

// Run lets the clock go at the machine's pace from what it shows.
func (c *Clock) Run() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.running() {
		c.since = time.Now()
	}
}

// Freeze stops the clock at what it shows.
func (c *Clock) Freeze() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.since = c.now(), time.Time{}
}

// Running says whether the clock goes by itself.
func (c *Clock) Running() bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.running()
}

func (c *Clock) running() bool { return !c.since.IsZero() }

func (c *Clock) jump(t time.Time) {
	c.at = t.Round(0)
	if c.running() {
		c.since = time.Now()
	}
}

func (c *Clock) now() time.Time {
	if !c.running() {
		return c.at
	}
	return c.at.Add(time.Since(c.since))
}
