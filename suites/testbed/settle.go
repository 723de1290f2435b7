package testbed

import (
	"context"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/simulator/journal"
)

// rest is how long nothing may pass the front door before the pages are asked whether they still want something.
const rest = 250 * time.Millisecond

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
		for _, e := range r.journal.Entries() {
			if e.Seq > seq && e.Command == command {
				return true, nil
			}
		}
		return false, nil
	}
}

// settle waits until nothing moves any more: no request is in flight, none came for a while, and every document answers when asked,
// which it can only do when its scripts have run.
func (r *run) settle(ctx context.Context) error {
	for {
		if err := r.ledger.Quiet(ctx, rest); err != nil {
			return err
		}
		before := len(r.ledger.Exchanges())
		if _, err := r.session.Documents(ctx); err != nil {
			return err
		}
		if err := r.ledger.Quiet(ctx, rest); err != nil {
			return err
		}
		if len(r.ledger.Exchanges()) == before {
			return nil
		}
	}
}
