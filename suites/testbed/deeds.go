package testbed

import (
	"fmt"
	"sync"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/internal/redact"
	"github.com/cookiegate/cookiegate/simulator/journal"
)

// deeds are what a person did in a window.
type deeds struct {
	mu   sync.Mutex
	done []deed
}

// deed is one thing that a person did, and what the journal held last then.
type deed struct {
	browsers.Recorded
	seq uint64
}

func (r *deeds) add(d deed) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.done); n > 0 && d.Fill != "" && r.done[n-1].where() == d.where() {
		r.done[n-1].With = d.With // the same field, filled in anew
		return
	}
	r.done = append(r.done, d)
}

// where is the deed without what was typed.
func (d deed) where() browsers.Step {
	s := d.Step
	s.With = ""
	return s
}

// steps are the deeds as an integration's steps, from the portal's first page on, each awaiting the command that the site answered last before the next. Notes
// say what could not be written.
func (r *deeds) steps(in fixtures.Integration, entries []journal.Entry) (steps []fixtures.Step, notes []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := []deed{{Recorded: browsers.Recorded{Step: browsers.Step{Visit: "/"}}}}
	for _, d := range r.done {
		if d.InTab == "" && !d.InPopup {
			continue // the console
		}
		d.InTab = ""
		switch {
		case d.Nameless:
			notes = append(notes, fmt.Sprintf("%s: in a frame without a name, which no step can say; name the frame", d.Step))
			continue
		case d.Secret && d.With != in.Password:
			d.With = redact.Stars
			notes = append(notes, fmt.Sprintf("fill %s: a password was typed there that is not the host's; it is not written down, put it in the place of %s", d.Fill, redact.Stars))
		}
		list = append(list, d)
	}
	reached := false
	for i, d := range list {
		s := fixtures.Step{Step: d.Step}
		for _, e := range entries {
			if e.Command == "" || e.Seq <= d.seq || i+1 < len(list) && e.Seq > list[i+1].seq || s.Await == in.Goal {
				continue
			}
			s.Await = e.Command
		}
		reached = reached || s.Await == in.Goal
		steps = append(steps, s)
	}
	if !reached {
		notes = append(notes, fmt.Sprintf("nothing that was done led to %s, which the integration is after", in.Goal))
	}
	return steps, notes
}

// record has what the person does recorded, in the documents that are opened from now on.
func (w *Window) record() error {
	r, ok := w.run.session.(browsers.Recorder)
	if !ok {
		return &browsers.NotAvailableError{Engine: w.run.c.Engine, Policy: w.run.c.Policy.Name,
			Sentence: fmt.Sprintf("%s tells nobody what a person does in it; record in chromium or firefox.", w.run.c.Engine)}
	}
	return r.Record(func(did browsers.Recorded) { w.deeds.add(deed{did, w.run.journal.Last()}) })
}

// Steps are what the person has done so far, as the integration's steps, and notes on what could not be written. The window must have been opened to record.
func (w *Window) Steps() ([]fixtures.Step, []string) {
	return w.deeds.steps(w.run.c.Integration, w.run.journal.Entries())
}
