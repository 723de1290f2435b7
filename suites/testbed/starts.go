package testbed

import (
	"errors"
	"fmt"
	"sync"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/probe"
)

// attempts is how often an engine is tried of which no browser was ready for a case in this run.
const attempts = 3

// starts remembers of a run whether its browsers got ready for a case. An engine of which none ever did is given up after some attempts: each case
// would wait as long for the same error, which can be a minute. A nil one gives nothing up.
type starts struct {
	mu     sync.Mutex
	ready  map[browsers.Engine]bool
	failed map[browsers.Engine][]error
}

func newStarts() *starts {
	return &starts{ready: map[browsers.Engine]bool{}, failed: map[browsers.Engine][]error{}}
}

// tell says why a browser did not get ready; err is nil where it did. A *probe.NotInForceError speaks against the policy, and not against the browser
// that answered the probe.
func (s *starts) tell(e browsers.Engine, err error) {
	if s == nil || browsers.IsNotAvailable(err) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil || errors.As(err, new(*probe.NotInForceError)) {
		s.ready[e] = true
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
	if s.ready[e] || len(s.failed[e]) < attempts {
		return nil
	}
	return fmt.Errorf("not tried: in %d attempts no %s got ready; the last: %w", len(s.failed[e]), e, s.failed[e][len(s.failed[e])-1])
}
