package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Mode is how progress is shown.
type Mode int

// The modes.
const (
	Quiet Mode = iota // nothing
	Lines             // a line now and then, for logs
	Live              // one line that changes, for a terminal
)

// ProgressOptions says where and how progress is shown.
type ProgressOptions struct {
	Writer io.Writer
	Mode   Mode
	Colour bool
	Note   string           // of the run, told at its start: its seed
	Repeat int              // how often every case is run; 0: once
	Now    func() time.Time // nil: time.Now
	// Ticks redraws the live line between events, so that elapsed time runs on; nil: a ticker, twice a second.
	Ticks <-chan time.Time
	Width func() int // of the terminal in characters; nil, or 0, which a terminal says that was told no size: 100
}

// Progress shows how far a run is. Its methods may be called from any goroutine.
type Progress struct {
	o ProgressOptions

	mu       sync.Mutex
	started  time.Time
	total    int
	counts   Counts
	running  []string // in the order of their start
	told     int      // cases that went wrong and were named
	lastLine time.Time
	drawn    bool // a live line stands on the screen
	stop     chan struct{}
	stopped  chan struct{}
}

const (
	lineEvery   = 10 * time.Second // between two lines of a log
	namedAtOnce = 5                // cases that went wrong are named as they come, up to this many
)

// NewProgress makes a progress display.
func NewProgress(o ProgressOptions) *Progress {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Width == nil {
		o.Width = func() int { return columns }
	}
	return &Progress{o: o}
}

// Start begins a run in which cases are run that many times in all.
func (p *Progress) Start(total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.started, p.total = p.o.Now(), total
	p.lastLine = p.started
	switch p.o.Mode {
	case Lines:
		p.print(joined(", ", p.work(), p.o.Note) + "\n")
	case Live:
		if p.o.Note != "" { // stays on the screen
			p.print(joined(", ", p.work(), p.o.Note) + "\n")
		}
		p.draw()
		p.redraw()
	}
}

// work is what there is to run.
func (p *Progress) work() string {
	if p.o.Repeat > 1 {
		return fmt.Sprintf("%s to run, each %d times: %s", plural(p.total/p.o.Repeat, "case"), p.o.Repeat, plural(p.total, "run"))
	}
	return plural(p.total, "case") + " to run"
}

// redraw draws the live line at every tick until Finish.
func (p *Progress) redraw() {
	ticks, release := p.o.Ticks, func() {}
	if ticks == nil {
		t := time.NewTicker(500 * time.Millisecond)
		ticks, release = t.C, t.Stop
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	p.stop, p.stopped = stop, stopped
	go func() {
		defer close(stopped)
		defer release()
		for {
			select {
			case <-stop:
				return
			case <-ticks:
				p.mu.Lock()
				p.draw()
				p.mu.Unlock()
			}
		}
	}()
}

// CaseStarted says that a case begins.
func (p *Progress) CaseStarted(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running = append(p.running, id)
	if p.o.Mode == Live {
		p.draw()
	}
}

// CaseDone says that a case has ended, or will not be run.
func (p *Progress) CaseDone(r testbed.Result) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.counts.add(r)
	if at := slices.Index(p.running, r.ID); at >= 0 {
		p.running = slices.Delete(p.running, at, at+1)
	}
	if p.o.Mode == Quiet {
		return
	}
	if differs(r) {
		p.name(Redact(r))
	}
	now := p.o.Now()
	switch {
	case p.o.Mode == Live:
		p.draw()
	case now.Sub(p.lastLine) >= lineEvery && p.counts.Total < p.total: // the last line is Finish's
		p.lastLine = now
		p.print(p.state() + "\n")
	}
}

// Silence shows nothing more.
func (p *Progress) Silence() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
	p.o.Writer = io.Discard
}

// Finish ends the display: the live line is taken away, a log gets its last line.
func (p *Progress) Finish() {
	p.mu.Lock()
	stop, stopped := p.stop, p.stopped
	p.stop = nil
	p.mu.Unlock()
	if stop != nil {
		close(stop)
		<-stopped
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch p.o.Mode {
	case Live:
		p.erase()
	case Lines:
		p.print(p.state() + "\n")
	}
}

// name tells at once that a case went wrong, for the first few.
func (p *Progress) name(r testbed.Result) {
	p.told++
	if p.told > namedAtOnce+1 {
		return
	}
	p.erase()
	text := "more cases went wrong; they are told at the end"
	if p.told <= namedAtOnce {
		text = r.ID + ": " + problem(r)
	}
	p.print(paint(p.o.Colour).alarm(differMark) + " " + text + "\n")
}

func (p *Progress) draw() {
	text := p.state()
	if len(p.running) > 0 {
		text += "  " + p.running[0]
		if more := len(p.running) - 1; more > 0 {
			text += fmt.Sprintf(" +%d", more)
		}
	}
	width := p.o.Width()
	if width == 0 {
		width = columns
	}
	p.erase()
	p.print(shorten(text, max(20, width-1)))
	p.drawn = true
}

func (p *Progress) erase() {
	if p.drawn {
		p.print("\r\x1b[K")
		p.drawn = false
	}
}

// state is the counts, the time that has passed, and what is left of it.
func (p *Progress) state() string {
	c := p.counts
	parts := []string{fmt.Sprintf("%d/%d", c.Total, p.total)}
	for _, n := range []struct {
		n    int
		word string
	}{{c.Passed, "passed"}, {c.Failed, "failed"}, {c.Errors, "error"}, {c.Flaky, "flaky"}, {c.Known, "known"}, {c.New, "newly working"}, {c.NotAvailable, "n/a"}} {
		if n.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n.n, n.word))
		}
	}
	elapsed := p.o.Now().Sub(p.started)
	parts = append(parts, clock(elapsed))
	if left, ok := p.estimate(elapsed); ok {
		parts = append(parts, "about "+clock(left)+" left")
	}
	return strings.Join(parts, "  ")
}

// estimate is the time left. The first cases wait for browsers to start and tell nothing, and so do cases that were not run.
func (p *Progress) estimate(elapsed time.Duration) (time.Duration, bool) {
	done, left := p.counts.Total-p.counts.NotAvailable, p.total-p.counts.Total
	if left <= 0 || done < 5 {
		return 0, false
	}
	return elapsed / time.Duration(done) * time.Duration(left), true
}

// clock is a duration as minutes and seconds.
func clock(d time.Duration) string {
	return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}

func (p *Progress) print(text string) {
	// A terminal that is gone must not stop a run.
	_, _ = io.WriteString(p.o.Writer, text)
}
