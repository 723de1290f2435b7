package testbed

import (
	"context"
	"fmt"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/suites/upstream"
)

// worker runs cases one after the other, on a station of its own.
type worker struct {
	Scheduler
	portals *upstream.Pool
	queue   *queue
	batch   *batch
	station *Station // nil: none is open
	err     error    // why there is none for the batch
}

func (w *worker) run(ctx context.Context) {
	defer w.close()
	for {
		t, b, ok := w.queue.next(w.batch, w.turns)
		if !ok {
			return
		}
		if b != w.batch {
			w.batch, w.err = b, w.move(t.Case)
		}
		res := w.try(ctx, t.Case)
		for _, c := range t.twins {
			if res.Status != Passed && res.Status != Failed {
				w.try(ctx, c)
				continue
			}
			w.Observe.CaseStarted(c.ID)
			w.Observe.CaseDone(res.of(c))
		}
	}
}

// try runs a case, and tells of it.
func (w *worker) try(ctx context.Context, c Case) Result {
	w.Observe.CaseStarted(c.ID)
	var res Result
	switch {
	case ctx.Err() != nil:
		res = c.result()
		res.fail(Error, "not run: "+context.Cause(ctx).Error())
	case w.err != nil:
		res = refusal(c, w.err)
	default:
		res = w.station.Run(ctx, c)
	}
	w.Observe.CaseDone(res)
	return res
}

func (w *worker) turns(c Case) bool { return w.station != nil && w.station.turns(c) }

// move makes a station for c of the one that there is, or opens another.
func (w *worker) move(c Case) error {
	if w.turns(c) {
		w.station.turn(c)
		return nil
	}
	w.close()
	d, ok := w.Drivers[c.Engine]
	if !ok {
		return fmt.Errorf("there is no driver for %s", c.Engine)
	}
	var err error
	w.station, err = OpenStation(d, c, w.portals)
	return err
}

// close ends the station. A browser that does not end in order is killed with everything it started; there is nothing to tell the cases.
func (w *worker) close() {
	if w.station != nil {
		_ = w.station.Close()
		w.station = nil
	}
}

// refusal is the result of a case whose station could not be opened.
func refusal(c Case, err error) Result {
	res := c.result()
	status := Error
	if browsers.IsNotAvailable(err) {
		status = NotAvailable
	}
	res.fail(status, err.Error())
	return res
}
