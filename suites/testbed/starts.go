package testbed

import (
	"errors"
	"fmt"
	"sync"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/probe"
)

// attempts is how often a browser is tried that has not started in this run.
const attempts = 3

// starts remembers of a run how its browsers started. An engine that never did is given up after some attempts: each case would wait as long
// for the same error, which can be a minute. A nil one gives nothing up.
type starts struct {
	mu      sync.Mutex
	started map[browsers.Engine]bool
	failed  map[browsers.Engine][]error
}

func newStarts() *starts {
	return &starts{started: map[browsers.Engine]bool{}, failed: map[browsers.Engine][]error{}}
}

// tell says how a browser started, or that one is there: err is nil then, or a *probe.NotInForceError, which takes a browser that runs.
func (s *starts) tell(e browsers.Engine, err error) {
	if s == nil || browsers.IsNotAvailable(err) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil || errors.As(err, new(*probe.NotInForceError)) {
		s.started[e] = true
	} else {
		s.failed[e] = append(s.failed[e], err)
	}
}

// givenUp is why no more browser of e is started; nil: one may be.
func (s *starts) givenUp(e browsers.Engine) error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.started[e] || len(s.failed[e]) < attempts {
		return nil
	}
	return fmt.Errorf("not tried: no %s has started in %d attempts; the last: %w", e, len(s.failed[e]), s.failed[e][len(s.failed[e])-1])
}
