package control

import (
	"cmp"
	"net/http"
	"slices"
	"time"
)

// Clock is the clock of all sites.
type Clock struct {
	Now     time.Time `json:"now"`
	Running bool      `json:"running"` // by itself, at the machine's pace
	// Next are the sessions that expire first, of all sites, the very next one first; at most ten.
	Next []Session `json:"next"`
}

// clockMove is what POST /clock takes: one of the four.
type clockMove struct {
	Advance *Duration `json:"advance,omitempty"`
	Set     string    `json:"set,omitempty"`
	Freeze  bool      `json:"freeze,omitempty"`
	Run     bool      `json:"run,omitempty"`
}

// latest is where the clock ends: beyond it, times could no longer be told from each other.
var latest = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)

func (a *API) getClock(*http.Request) (any, error) { return a.clock(), nil }

func (a *API) clock() Clock {
	const most = 10
	clock := a.server.Clock()
	c := Clock{Now: clock.Now(), Running: clock.Running(), Next: []Session{}}
	for _, name := range a.server.Sites() {
		if s, err := a.server.Site(name); err == nil {
			c.Next = append(c.Next, sessionsOf(s, c.Now, most)...)
		}
	}
	slices.SortStableFunc(c.Next, func(x, y Session) int { return cmp.Compare(x.TTL, y.TTL) })
	c.Next = c.Next[:min(most, len(c.Next))]
	return c
}

func (a *API) moveClock(r *http.Request) (any, error) {
	move, err := read[clockMove](r)
	if err != nil {
		return nil, err
	}
	if err := a.move(move); err != nil {
		return nil, err
	}
	return a.clock(), nil
}

func (a *API) move(m clockMove) error {
	asked := 0
	for _, is := range []bool{m.Advance != nil, m.Set != "", m.Freeze, m.Run} {
		if is {
			asked++
		}
	}
	if asked != 1 {
		return invalid("", `one of {"advance":"30m1s"}, {"set":"2026-03-02T09:00:00Z"}, {"freeze":true}, {"run":true}`, "the body asks for %d moves", asked)
	}
	clock := a.server.Clock()
	now := clock.Now()
	switch {
	case m.Freeze:
		clock.Freeze()
	case m.Run:
		clock.Run()
	case m.Advance != nil:
		d := time.Duration(*m.Advance)
		if d <= 0 || now.Add(d).After(latest) {
			return invalid("advance", `a duration above 0 such as "30m1s", not beyond the year 2199`, "the clock cannot be moved by %s", d)
		}
		a.server.Advance(d)
	default:
		to, err := time.Parse(time.RFC3339Nano, m.Set)
		if err != nil {
			return invalid("set", "a time such as 2026-03-02T09:00:00Z", "%q is no time", m.Set)
		}
		if to.After(latest) {
			return invalid("set", "a time not beyond the year 2199", "%s is too late", m.Set)
		}
		if err := clock.Set(to); err != nil {
			return invalid("set", "a time not before "+now.Format(time.RFC3339Nano), "%v", err)
		}
	}
	return nil
}
