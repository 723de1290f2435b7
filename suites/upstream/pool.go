package upstream

import (
	"context"
	"errors"
	"os"
	"sync"

	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/fixtures"
)

// Pool has the portals of a run. Every door that its portals are to be reached from must use its authority.
type Pool struct {
	size      int
	authority *network.Authority
	trust     trust

	mu      sync.Mutex
	changed chan struct{} // closed and replaced when a portal comes back
	kinds   map[string]*kind
}

// kind are the portals of one integration.
type kind struct {
	address string // where they must answer; empty: anywhere
	free    []*Portal
	count   int // free ones, lent ones and those that are starting
	failed  error
}

// NewPool makes an empty pool for that many cases side by side. Close it.
func NewPool(size int) (*Pool, error) {
	a, err := network.NewAuthority()
	if err != nil {
		return nil, err
	}
	t, err := newTrust(a)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(t.dir))
	}
	return &Pool{size: max(1, size), authority: a, trust: t, changed: make(chan struct{}), kinds: map[string]*kind{}}, nil
}

// Authority is that which the portals trust.
func (p *Pool) Authority() *network.Authority { return p.authority }

// Borrow gives a portal of in to a case, and leads what its server asks to that case's door. It is started where there is none at
// liberty; where there can be no more, Borrow waits. A portal that could not be started is not tried again: every case is told the same.
func (p *Pool) Borrow(ctx context.Context, in fixtures.Integration, d *network.Door) (*Portal, error) {
	for {
		found, other, begin, changed, err := p.take(in)
		switch {
		case err != nil:
			return nil, err
		case found != nil && found.Died() != nil: // while nobody had it
			if err := p.Return(found); err != nil {
				return nil, err
			}
			continue
		case begin:
			if other != nil {
				err = other.close()
			}
			if err == nil {
				found, err = start(ctx, in, p.trust)
			}
			if err != nil {
				p.gone(in.Name, err, ctx.Err() == nil)
				return nil, err
			}
		}
		if found != nil {
			found.lead(d)
			return found, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// take finds a portal that is at liberty, or says that one may be started, or what to wait for. Before one is started at an address, the other
// integration's that answers there must be closed.
func (p *Pool) take(in fixtures.Integration) (found, other *Portal, begin bool, changed <-chan struct{}, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	k := p.kinds[in.Name]
	if k == nil {
		k = &kind{address: in.Upstream}
		p.kinds[in.Name] = k
	}
	if k.failed != nil {
		return nil, nil, false, nil, k.failed
	}
	if n := len(k.free); n > 0 {
		found, k.free = k.free[n-1], k.free[:n-1]
		return found, nil, false, nil, nil
	}
	limit := p.size
	if in.Upstream != "" {
		limit = 1 // there is one such address
	}
	if k.count == limit {
		return nil, nil, false, p.changed, nil
	}
	if there := p.at(in.Upstream, k); there != nil {
		if len(there.free) == 0 {
			return nil, nil, false, p.changed, nil
		}
		other, there.free, there.count = there.free[0], nil, 0
	}
	k.count++
	return nil, other, true, nil, nil
}

// at is another integration than k whose portal answers at the address; nil: none does.
func (p *Pool) at(address string, k *kind) *kind {
	for _, o := range p.kinds {
		if address != "" && o != k && o.address == address && o.count > 0 {
			return o
		}
	}
	return nil
}

// Return takes a portal back from a case. One that has died is not lent again.
func (p *Pool) Return(one *Portal) error {
	one.lead(nil)
	if one.Died() != nil {
		p.gone(one.name, nil, false)
		return one.close()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	k := p.kinds[one.name]
	k.free = append(k.free, one)
	p.tell()
	return nil
}

// gone takes note that there is one portal less, and, where it is final, that there will be none.
func (p *Pool) gone(name string, why error, final bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	k := p.kinds[name]
	k.count--
	if final {
		k.failed = why
	}
	p.tell()
}

func (p *Pool) tell() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// Close ends every portal that was started; none may be lent any more.
func (p *Pool) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var ends sync.WaitGroup
	var mu sync.Mutex
	var err error
	for _, k := range p.kinds {
		for _, one := range k.free {
			ends.Go(func() {
				closed := one.close()
				mu.Lock()
				defer mu.Unlock()
				err = errors.Join(err, closed)
			})
		}
		k.free = nil
	}
	ends.Wait()
	return errors.Join(err, os.RemoveAll(p.trust.dir))
}
