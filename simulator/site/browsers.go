package site

import (
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"sync"
)

// maxBrowsers bounds how many browser sessions a site remembers; the oldest goes first.
const maxBrowsers = 65_536

// Browsers are the browser sessions of a site, known by the cookie JSESSIONID. They hold the service type that a browser has chosen, whether a
// host is logged in or not. Safe for concurrent use.
type Browsers struct {
	mu      sync.Mutex
	service map[string]ServiceType
	order   []string // ids, a ring once it is full
	oldest  int
}

func newBrowsers() *Browsers { return &Browsers{service: map[string]ServiceType{}} }

// NewID is a fresh id. It is remembered only when a service type is chosen under it.
func (b *Browsers) NewID() string {
	var id [16]byte
	binary.NativeEndian.PutUint64(id[:8], rand.Uint64())
	binary.NativeEndian.PutUint64(id[8:], rand.Uint64())
	return hex.EncodeToString(id[:])
}

// ServiceType is what was chosen under an id; empty when nothing was.
func (b *Browsers) ServiceType(id string) ServiceType {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.service[id]
}

// Choose sets the service type of an id.
func (b *Browsers) Choose(id string, t ServiceType) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, known := b.service[id]; !known {
		id = strings.Clone(id) // or it would keep the request in memory that it came with
		if len(b.order) < maxBrowsers {
			b.order = append(b.order, id)
		} else {
			delete(b.service, b.order[b.oldest])
			b.order[b.oldest] = id
			b.oldest = (b.oldest + 1) % maxBrowsers
		}
	}
	b.service[id] = t
}

// Forget goes back to the site's default.
func (b *Browsers) Forget(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, known := b.service[id]; known {
		b.service[id] = ""
	}
}
