package control

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/cookiegate/cookiegate/simulator/journal"
)

// recheck is how often one looks for what nobody tells: sites that a program adds to the server, sessions that expire while the clock runs.
const recheck = time.Second

// cursor says from where on to follow each site.
type cursor map[string]mark

type mark struct {
	journal *journal.Journal
	seq     uint64 // the last entry seen
	missed  uint64 // entries before those seen, after the one that was asked for
	reset   bool   // the one that was asked for is of a former journal: the site was reset
}

// happening is something that happened in a site's journal: new entries, or a new beginning.
type happening struct {
	Site    string          `json:"site"`
	Reset   bool            `json:"-"` // the site was reset: its journal begins again
	Missed  uint64          `json:"missed,omitempty"`
	entries []journal.Entry // after those that were missed, because they were dropped before they were read
}

// follow follows journals until the context ends. Only the sites that are named, or all, those included that come later.
func (a *API) follow(ctx context.Context, only []string, from cursor) <-chan happening {
	out := make(chan happening)
	var all sync.WaitGroup
	begin := func(name string, at mark) {
		all.Go(func() { a.followSite(ctx, name, at, out) })
	}
	go func() {
		defer close(out)
		defer all.Wait()
		followed := map[string]bool{}
		for {
			changed := a.changed.wait()
			for _, name := range a.server.Sites() {
				if !followed[name] && pass(only, name) {
					followed[name] = true
					begin(name, from[name])
				}
			}
			if !pause(ctx, changed) {
				return
			}
		}
	}()
	return out
}

// followSite follows one site from journal to journal.
func (a *API) followSite(ctx context.Context, name string, at mark, out chan<- happening) {
	send := func(h happening) {
		select {
		case out <- h:
		case <-ctx.Done():
		}
	}
	for ctx.Err() == nil {
		changed := a.changed.wait()
		if at.journal != nil {
			if list, err := at.journal.Follow(ctx, at.seq); err == nil {
				h := happening{Site: name, Missed: list[0].Seq - at.seq - 1, entries: list}
				at.seq = list[len(list)-1].Seq
				send(h)
				continue
			}
		}
		// There is no journal, or it is closed and all of it was told, or the context has ended.
		now := a.server.Journal(name)
		if now == nil || now == at.journal {
			pause(ctx, changed)
			continue
		}
		if at.journal != nil {
			send(happening{Site: name, Reset: true})
		}
		at = mark{journal: now}
	}
}

// pause waits until something has changed or it is time to look again, and says false when the context has ended.
func pause(ctx context.Context, changed <-chan struct{}) bool {
	timer := time.NewTimer(recheck)
	defer timer.Stop()
	select {
	case <-changed:
	case <-timer.C:
	case <-ctx.Done():
		return false
	}
	return true
}

// followJournal streams what passes a filter as server-sent events: "entry" with an entry, "reset" when a site's journal begins again, and "missed" with
// how many entries were dropped before they could be sent.
func (a *API) followJournal(w http.ResponseWriter, r *http.Request, f Filter) error {
	ctx, cancel := a.streamContext(r)
	defer cancel()
	kept, at := a.journal(f)
	s := newStream(w)
	s.comment("following")
	for name, m := range at {
		switch {
		case m.reset:
			s.json("reset", happening{Site: name})
		case m.missed > 0:
			s.json("missed", happening{Site: name, Missed: m.missed})
		}
	}
	for i := range kept.Entries {
		s.json("entry", &kept.Entries[i])
	}
	s.flush()
	for h := range a.follow(ctx, f.Sites, at) {
		switch {
		case h.Reset:
			s.json("reset", h)
		case h.Missed > 0:
			s.json("missed", h)
		}
		for i := range h.entries {
			if f.match(&h.entries[i]) {
				s.json("entry", &h.entries[i])
			}
		}
		if s.flush() != nil {
			cancel()
		}
	}
	return nil
}

// streamContext ends with the request, and with the API.
func (a *API) streamContext(r *http.Request) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(r.Context())
	stop := context.AfterFunc(a.ctx, cancel)
	return ctx, func() { stop(); cancel() }
}
