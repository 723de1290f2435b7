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
	starts  *starts
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
		w.do(ctx, t)
	}
}

// do runs a case, and settles those that may come to the same.
func (w *worker) do(ctx context.Context, t task) { w.settle(ctx, w.try(ctx, t.Case), t) }

// settle tells of t's likes, and runs those for which the result of t does not stand.
func (w *worker) settle(ctx context.Context, res Result, t task) {
	w.share(ctx, res, t.twins)
	for _, k := range t.kin {
		if res.decided() && res.unasked {
			w.share(ctx, res, append([]Case{k.Case}, k.twins...))
		} else {
			w.do(ctx, k)
		}
	}
}

// share tells of cases whose result is res. One that decided nothing is nobody else's.
func (w *worker) share(ctx context.Context, res Result, cases []Case) {
	for _, c := range cases {
		if !res.decided() {
			w.try(ctx, c)
			continue
		}
		w.Observe.CaseStarted(c.ID)
		w.Observe.CaseDone(res.of(c))
	}
}

// try runs a case, and tells of it.
func (w *worker) try(ctx context.Context, c Case) Result {
	w.Observe.CaseStarted(c.ID)
	var res Result
	switch {
	case ctx.Err() != nil:
		res = c.result()
		res.stopped(ctx, "")
	case w.err != nil:
		res = refusal(c, w.err)
	default:
		if res = w.station.Run(ctx, c); ctx.Err() != nil && res.Status == Error {
			res.stopped(ctx, " to its end")
		}
	}
	w.Observe.CaseDone(res)
	return res
}

func (w *worker) turns(c Case) bool { return w.station != nil && w.station.turns(c) }

// move makes a station for c of the one that there is, or opens another in its place. Where c is not available the one that there is stays.
func (w *worker) move(c Case) error {
	d, ok := w.Drivers[c.Engine]
	if !ok {
		return fmt.Errorf("there is no driver for %s", c.Engine)
	}
	err := available(d, c)
	switch {
	case err != nil:
		return err
	case w.turns(c):
		w.station.turn(c)
		return nil
	}
	w.close()
	if w.station, err = OpenStation(d, c, w.portals); err != nil {
		return err
	}
	w.station.starts = w.starts
	return nil
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
