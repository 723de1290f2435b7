package testbed

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/simulator/journal"
)

const (
	// rest is how long nothing may pass the front door before the pages are asked whether they still want something.
	rest = 250 * time.Millisecond
	// patience is how long a browser may take to follow an answer that sends it on. Where scripts are blocked it never does.
	patience = 3 * time.Second
)

// await waits until the site has answered command after seq, or everything has come to rest without it.
func (r *run) await(ctx context.Context, seq uint64, command string) (bool, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	came := make(chan error, 1)
	go func() {
		_, err := r.journal.Wait(ctx, seq, func(e journal.Entry) bool { return e.Command == command })
		came <- err
	}()
	settled := make(chan error, 1)
	go func() { settled <- r.settle(ctx) }()
	select {
	case err := <-came:
		return err == nil, err
	case <-r.station.browser.Done():
		return false, browsers.ErrCrashed
	case err := <-settled:
		if err != nil {
			return false, err
		}
		// The command may have been answered while the last of the pages came to rest.
		return slices.ContainsFunc(r.journal.After(seq), func(e journal.Entry) bool { return e.Command == command }), nil
	}
}

// settle waits until nothing moves any more: no request is in flight, none came for a while, and every document answers when asked,
// which it can only do when its scripts have run. Where the last answer sends the browser on, it gets more time to go.
func (r *run) settle(ctx context.Context) error {
	for {
		if err := r.ledger.Quiet(ctx, rest); err != nil {
			return err
		}
		before := r.ledger.Exchanges()
		if _, err := r.session.Documents(ctx); err != nil {
			return err
		}
		if err := r.onward(ctx, before); err != nil {
			return err
		}
		if err := r.ledger.Quiet(ctx, rest); err != nil {
			return err
		}
		if len(r.ledger.Exchanges()) == len(before) {
			return nil
		}
	}
}

// onward waits, patiently, for the request that the last of the exchanges sends the browser to, if it does.
func (r *run) onward(ctx context.Context, seen []network.Exchange) error {
	last, ok := lastAsked(seen)
	if e := (evidence{c: r.c, entries: r.journal.Entries()}); !ok || !e.sendsOn(last) {
		return nil
	}
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errPatience)
	defer cancel()
	_, err := r.ledger.Wait(ctx, func(x network.Exchange) bool { return x.ID > len(seen) })
	if errors.Is(err, errPatience) {
		return nil
	}
	return err
}

var errPatience = errors.New("the browser was not seen to go on")
