package chromium

import (
	"sync"
	"time"

	pw "github.com/playwright-community/playwright-go"

	"github.com/cookiegate/cookiegate/browsers"
)

// hearing asks the driver process, which listens to every page, popup and frame of a context from its first request on, for what the
// browser said about that context's cookies.
type hearing struct {
	session pw.CDPSession

	mu   sync.Mutex
	last []browsers.BlockedCookie
}

// word is one event of the browser's, as the driver script keeps it.
type word struct {
	Request string // a chain of redirects has one id
	URL     string // where the next hop goes
	At      int64  // milliseconds since 1970
	Send    []blocked
	Store   []blocked
}

type blocked struct {
	Name    string
	Domain  string
	Reasons []string
}

// Blocked is what was heard until now; when the browser is gone, what was heard before the last call.
func (h *hearing) Blocked() []browsers.BlockedCookie {
	h.mu.Lock()
	defer h.mu.Unlock()
	answer, err := h.session.Send("Cookiegate.heard", map[string]any{})
	if err != nil {
		return h.last
	}
	var heard struct{ Words []word }
	if reread(answer, &heard) != nil {
		return h.last
	}
	h.last = gather(heard.Words)
	return h.last
}

// gather brings words and addresses together. Each hop of a redirect chain has its address in one event and the words about its cookies
// in two others, in no fixed order: the first words belong to the first address, and so on.
func gather(words []word) []browsers.BlockedCookie {
	urls := map[string][]string{}
	for _, w := range words {
		if w.URL != "" {
			urls[w.Request] = append(urls[w.Request], w.URL)
		}
	}
	sent, stored := map[string]int{}, map[string]int{}
	all := []browsers.BlockedCookie{} // not nil: this engine does report
	for _, w := range words {
		if w.URL != "" {
			continue
		}
		cookies, direction, hop := w.Send, browsers.Send, sent
		if w.Store != nil {
			cookies, direction, hop = w.Store, browsers.Store, stored
		}
		url := ""
		if i := hop[w.Request]; i < len(urls[w.Request]) {
			url = urls[w.Request][i]
		}
		hop[w.Request]++
		for _, c := range cookies {
			all = append(all, browsers.BlockedCookie{
				Name: c.Name, Domain: c.Domain, URL: url, Direction: direction, Reasons: c.Reasons, Time: time.UnixMilli(w.At),
			})
		}
	}
	return all
}
