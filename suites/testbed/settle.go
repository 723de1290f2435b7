package testbed

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/internal/redact"
	"github.com/cookiegate/cookiegate/simulator/journal"
)

const (
	// rest is how long nothing may pass the front door between two looks that show the same documents. Each look goes through every
	// process of the browser that has one, and so takes as long as they are busy.
	rest = 100 * time.Millisecond
	// nextLook is how soon a page is looked at again that has not come yet.
	nextLook = 20 * time.Millisecond
	// patience is how long a browser may take to show a page that it was sent, or to follow an answer that sends it on.
	patience = 3 * time.Second
	// departure is how long a page that is there and complete may take to go where its script sends it, which has run by then. Where scripts are
	// blocked it never does.
	departure = time.Second
)

// await waits until the site has answered command after seq, or everything has come to rest without it.
func (r *run) await(ctx context.Context, seq uint64, command string) (bool, error) {
	ctx, cancel := context.WithCancel(ctx)
	came := make(chan error, 1)
	go func() {
		_, err := r.journal.Wait(ctx, seq, func(e journal.Entry) bool { return e.Command == command })
		came <- err
	}()
	settled := make(chan error, 1)
	go func() {
		defer close(settled)
		settled <- r.settle(ctx)
	}()
	defer func() {
		cancel()
		for range settled { // nobody settles any more once this returns
		}
	}()
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

// settle waits until nothing moves any more: no request is in flight, the page that was sent last is there, every document is complete, and
// no request came for a while after that. Where the last answer sends the browser on, it gets more time to go. Nothing is waited for where
// nothing was done since the last time, nor for the end of what has none.
func (r *run) settle(ctx context.Context) error {
	if r.endless {
		return nil
	}
	ctx, cancel := context.WithCancelCause(ctx)
	var watching sync.WaitGroup
	from := r.journal.Last() // logins that the steps before have led to are no loop
	watching.Go(func() {
		logins := 0
		_, err := r.journal.Wait(ctx, from, func(e journal.Entry) bool {
			if e.Command == "LI" {
				logins++
			}
			return logins == endlessLogins
		})
		if err == nil {
			cancel(errEndless)
		}
	})
	err := r.atRest(ctx)
	if errors.Is(context.Cause(ctx), errEndless) {
		r.endless, err = true, nil
	}
	cancel(nil)
	watching.Wait()
	return err
}

// endlessLogins is the number of login commands, while nobody does anything, after which nobody waits for a portal's last.
const endlessLogins = 12

var errEndless = errors.New("the portal logs in again and again")

// atRest waits for what settle waits for, where it comes.
func (r *run) atRest(ctx context.Context) error {
	var seen int        // exchanges, when something came last
	var since time.Time // then
	for !r.settled {
		if err := r.ledger.Quiet(ctx, 0); err != nil {
			return err
		}
		before := r.ledger.Exchanges()
		if since.IsZero() || len(before) > seen {
			seen, since = len(before), time.Now()
		}
		documents, err := r.session.Documents(ctx)
		if err != nil {
			return err
		}
		if !arrived(documents, before) && time.Since(since) < patience {
			if err := r.ledger.Quiet(ctx, nextLook); err != nil {
				return err
			}
			continue
		}
		if err := r.onward(ctx, documents, before); err != nil {
			return err
		}
		if err := r.ledger.Quiet(ctx, rest); err != nil {
			return err
		}
		after, err := r.session.Documents(ctx)
		if err != nil {
			return err
		}
		r.settled = !stirred(r.ledger.Exchanges()[len(before):]) && slices.EqualFunc(documents, after, unmoved)
	}
	return nil
}

// stirred says whether something came that a document may follow with more. What the browser asks for itself is nothing to a document: a page's
// icon comes when the page has long been there.
func stirred(came []network.Exchange) bool {
	return slices.ContainsFunc(came, func(x network.Exchange) bool { return !x.Own })
}

// unmoved says whether two looks have shown one document in one state.
func unmoved(a, b browsers.Document) bool {
	return a.URL == b.URL && a.Complete == b.Complete && a.Page == b.Page
}

// arrived says whether every document is complete, and the page that was sent last is one of them. A page may have come and gone without
// one, such as an answer without a body.
func arrived(documents []browsers.Document, seen []network.Exchange) bool {
	last, ok := lastAsked(slices.DeleteFunc(slices.Clone(seen), func(x network.Exchange) bool { return !navigates(x) || x.Status != http.StatusOK }))
	there := !ok
	for _, d := range documents {
		if !d.Complete {
			return false
		}
		there = there || shows(d, last)
	}
	return there
}

// shows says whether d is the document that the answer of x was.
func shows(d browsers.Document, x network.Exchange) bool {
	url, _, _ := strings.Cut(redact.Address(d.URL), "#")
	return url == x.URL
}

// onward waits, patiently, for the request that the last of the exchanges sends the browser to, if it does.
func (r *run) onward(ctx context.Context, documents []browsers.Document, seen []network.Exchange) error {
	last, ok := lastAsked(seen)
	if e := (evidence{c: r.c, entries: r.journal.Entries()}); !ok || !e.sendsOn(last) {
		return nil
	}
	ctx, cancel := context.WithTimeoutCause(ctx, patienceWith(last, documents), errPatience)
	defer cancel()
	_, err := r.ledger.Wait(ctx, func(x network.Exchange) bool { return x.ID > len(seen) && asked(x) })
	if errors.Is(err, errPatience) {
		return nil
	}
	return err
}

// patienceWith is how long x, the answer that sends the browser on, may take to do so with those documents there.
func patienceWith(x network.Exchange, documents []browsers.Document) time.Duration {
	if x.Location == "" && slices.ContainsFunc(documents, func(d browsers.Document) bool { return d.Complete && shows(d, x) }) {
		return departure
	}
	return patience
}

var errPatience = errors.New("the browser was not seen to go on")
