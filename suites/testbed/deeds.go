package testbed

import (
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/internal/redact"
	"github.com/cookiegate/cookiegate/simulator/journal"
)

// deeds are what a person did in a window.
type deeds struct {
	mu   sync.Mutex
	done []browsers.Recorded
}

func (r *deeds) add(d browsers.Recorded) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.done); n > 0 && d.Fill != "" && place(r.done[n-1]) == place(d) {
		r.done[n-1].With = d.With // the same field, filled in anew
		return
	}
	r.done = append(r.done, d)
}

// place is the step that d is, without what was typed.
func place(d browsers.Recorded) browsers.Step {
	s := d.Step
	s.With = ""
	return s
}

// command is a command by its AT, and when it was asked for by the machine's clock.
type command struct {
	name string
	at   time.Time
}

// commandsOf are the commands in a journal. What did not come through the front door came when the one before it did.
func commandsOf(entries []journal.Entry, exchanges []network.Exchange) []command {
	starts := map[string]time.Time{}
	for _, x := range exchanges {
		starts[strconv.Itoa(x.ID)] = x.Start
	}
	var list []command
	var at time.Time
	for _, e := range entries {
		if start, ok := starts[e.RequestID]; ok {
			at = start
		}
		if e.Command != "" {
			list = append(list, command{e.Command, at})
		}
	}
	return list
}

// steps are the deeds as an integration's steps, from the portal's first page on, each awaiting the command that was asked for last before the next. Notes
// say what could not be written.
func (r *deeds) steps(in fixtures.Integration, commands []command) (steps []fixtures.Step, notes []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := []browsers.Recorded{{Step: browsers.Step{Visit: "/"}}}
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
		for _, c := range commands {
			if c.at.Before(d.At) || i+1 < len(list) && !c.at.Before(list[i+1].At) || s.Await == in.Goal {
				continue
			}
			s.Await = c.name
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
	return r.Record(w.deeds.add)
}

// Steps are what the person has done so far, as the integration's steps, and notes on what could not be written. The window must have been opened to record.
func (w *Window) Steps() ([]fixtures.Step, []string) {
	return w.deeds.steps(w.run.c.Integration, commandsOf(w.run.journal.Entries(), w.run.ledger.Exchanges()))
}
