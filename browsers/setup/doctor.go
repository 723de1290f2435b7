package setup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
)

// Examination is what a machine has and what can be done with it.
type Examination struct {
	Items    []Item    `json:"items"`
	Policies []Ability `json:"policies"`
}

// Ability is whether an engine can be put under a policy here.
type Ability struct {
	Engine    browsers.Engine `json:"engine"`
	Policy    string          `json:"policy"`
	Available bool            `json:"available"`
	Why       string          `json:"why,omitempty"`    // it is not
	Advice    string          `json:"advice,omitempty"` // what to do about it; empty where nothing on this machine helps
}

// Examine looks for everything that driving browsers needs, asks every driver about every policy, and, where nothing is missing, starts each
// browser once, of which it tells progress first. It changes nothing.
func Examine(ctx context.Context, drivers []browsers.Driver, policies []policy.Policy, progress func(string)) Examination {
	e := examine(Check(), drivers, policies)
	if e.Well() {
		progress("starting each browser once")
		e.tryOut(ctx, drivers)
	}
	return e
}

// tryOut starts the browsers that are there, side by side.
func (e *Examination) tryOut(ctx context.Context, drivers []browsers.Driver) {
	var all sync.WaitGroup
	faults := make([]string, len(e.Items)) // apart from the items, which are looked through meanwhile
	for _, d := range drivers {
		i := slices.IndexFunc(e.Items, func(it Item) bool { return it.Present && it.engine == d.Engine() })
		if i < 0 {
			continue
		}
		all.Go(func() {
			if err := start(ctx, d); err != nil {
				faults[i] = "It does not start: " + err.Error()
			}
		})
	}
	all.Wait()
	for i, fault := range faults {
		e.Items[i].Fault = fault
	}
}

// start starts a browser that sees nothing of the world, opens a page, and ends it.
func start(ctx context.Context, d browsers.Driver) (err error) {
	const limit = time.Minute
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	dir, err := os.MkdirTemp("", "cookiegate-doctor-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b, err := d.Launch(ctx, browsers.LaunchOptions{
		Policy: policy.Policy{Name: "browser-default", Base: policy.BrowserDefault},
		Proxy:  "http://127.0.0.1:9", // discard: nobody listens
		Dir:    dir,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	s, err := b.NewSession(ctx, browsers.SessionOptions{})
	if err != nil {
		return err
	}
	return s.Close()
}

func examine(items []Item, drivers []browsers.Driver, policies []policy.Policy) Examination {
	e := Examination{Items: items}
	for _, d := range drivers {
		_, missing := d.Find()
		for _, p := range policies {
			e.Policies = append(e.Policies, ability(d, p, missing))
		}
	}
	return e
}

// ability asks for the engine first: that it has no such setting holds whether it is installed or not.
func ability(d browsers.Driver, p policy.Policy, missing error) Ability {
	a := Ability{Engine: d.Engine(), Policy: p.Name}
	err := d.Supports(p)
	no := (*browsers.NotAvailableError)(nil)
	switch {
	case errors.As(err, &no):
		a.Why, a.Advice = no.Sentence, no.Advice
	case err != nil:
		a.Why = err.Error()
	case missing != nil:
		a.Why = missing.Error() // which says how to install it
	default:
		a.Available = true
	}
	return a
}

// Well says whether nothing is missing or at fault that every run needs. What an engine or this machine cannot do is no illness: such cells are told as
// not available.
func (e Examination) Well() bool {
	return !slices.ContainsFunc(e.Items, func(it Item) bool { return !it.Optional && !it.fit() })
}

// fit says whether a thing is there and works, as far as is known.
func (it Item) fit() bool { return it.Present && it.Fault == "" }

// Write tells a person what the examination found.
func (e Examination) Write(w io.Writer) error {
	var b strings.Builder
	b.WriteString("Installed\n")
	width := 0
	for _, it := range e.Items {
		width = max(width, len(it.Name))
	}
	for _, it := range e.Items {
		mark := "yes"
		switch {
		case it.fit():
		case it.Optional:
			mark = "-"
		default:
			mark = "NO"
		}
		fmt.Fprintf(&b, "  %-3s  %-*s  %s\n", mark, width, it.Name, it.Detail)
		for _, more := range []string{it.Fault, it.Advice} {
			for line := range strings.Lines(more) {
				fmt.Fprintf(&b, "       %-*s  %s\n", width, "", strings.TrimRight(line, "\n"))
			}
		}
	}
	e.writePolicies(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// writePolicies has a line for each policy and a column for each engine; what is not possible is explained below, each reason once.
func (e Examination) writePolicies(b *strings.Builder) {
	var names, engines, notes []string
	cells := map[string]map[string]Ability{}
	width := len("policy")
	for _, a := range e.Policies {
		if cells[a.Policy] == nil {
			cells[a.Policy] = map[string]Ability{}
			names = append(names, a.Policy)
		}
		if !slices.Contains(engines, string(a.Engine)) {
			engines = append(engines, string(a.Engine))
		}
		width = max(width, len(a.Policy))
		cells[a.Policy][string(a.Engine)] = a
	}
	line := func(name string, texts []string) {
		text := fmt.Sprintf("%-*s", width, name)
		for _, t := range texts {
			text += fmt.Sprintf("  %-8s", t)
		}
		b.WriteString(strings.TrimRight(text, " ") + "\n")
	}
	b.WriteString("\n")
	line("policy", engines)
	for _, name := range names {
		var texts []string
		for _, engine := range engines {
			a := cells[name][engine]
			if a.Available {
				texts = append(texts, "yes")
				continue
			}
			note := strings.TrimSpace(a.Why + " " + a.Advice)
			if !slices.Contains(notes, note) {
				notes = append(notes, note)
			}
			texts = append(texts, fmt.Sprintf("no (%d)", slices.Index(notes, note)+1))
		}
		line(name, texts)
	}
	for i, note := range notes {
		if i == 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(b, "%4s %s\n", fmt.Sprintf("(%d)", i+1), note)
	}
}
