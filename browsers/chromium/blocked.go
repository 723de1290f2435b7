package chromium

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	pw "github.com/playwright-community/playwright-go"

	"github.com/cookiegate/cookiegate/browsers"
)

// observer listens to all pages, frames and popups of a browser from their first request on: each new target is held until it is
// listened to. What it hears is kept for the contexts that are watched.
type observer struct {
	conn    *conn
	version string

	mu       sync.Mutex
	sessions map[string]string  // DevTools session to browser context
	watched  map[string]*hearing // by browser context
}

// observe connects to a browser and listens to it until close.
func observe(ctx context.Context, endpoint string) (*observer, error) {
	o := &observer{sessions: map[string]string{}, watched: map[string]*hearing{}}
	var err error
	if o.conn, err = dial(ctx, endpoint, o.hear); err != nil {
		return nil, err
	}
	var v struct{ Product string }
	if err := o.conn.call(ctx, "", "Browser.getVersion", nil, &v); err != nil {
		o.close()
		return nil, err
	}
	_, o.version, _ = strings.Cut(v.Product, "/")
	if err := o.conn.call(ctx, "", "Target.setAutoAttach", autoAttach, nil); err != nil {
		o.close()
		return nil, err
	}
	return o, nil
}

var autoAttach = map[string]any{"autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true}

func (o *observer) close() { o.conn.close() }

// watch begins to keep what is heard of page's context.
func (o *observer) watch(ctx context.Context, page pw.Page) (*hearing, error) {
	session, err := page.Context().NewCDPSession(page)
	if err != nil {
		return nil, fmt.Errorf("ask a page for its context: %w", err)
	}
	info, err := session.Send("Target.getTargetInfo", nil)
	if err != nil {
		return nil, fmt.Errorf("ask a page for its context: %w", err)
	}
	if err := session.Detach(); err != nil {
		return nil, err
	}
	m, _ := info.(map[string]any)
	if inner, ok := m["targetInfo"].(map[string]any); ok {
		m = inner
	}
	id, _ := m["browserContextId"].(string)
	if id == "" {
		return nil, fmt.Errorf("a page does not tell its context: %v", info)
	}
	h := &hearing{observer: o, context: id, requests: map[string]*request{}}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.watched[id] = h
	return h, nil
}

// hear is called for one event after the other.
func (o *observer) hear(e event) {
	switch e.Method {
	case "Target.attachedToTarget":
		var p struct {
			SessionID  string
			TargetInfo struct {
				Type             string
				BrowserContextID string `json:"browserContextId"`
			}
		}
		if json.Unmarshal(e.Params, &p) != nil {
			return
		}
		o.mu.Lock()
		id := p.TargetInfo.BrowserContextID
		if id == "" {
			id = o.sessions[e.Session] // of the page that the frame is in
		}
		o.sessions[p.SessionID] = id
		o.mu.Unlock()
		o.conn.send(p.SessionID, "Network.enable", nil)
		o.conn.send(p.SessionID, "Target.setAutoAttach", autoAttach) // frames in processes of their own
		o.conn.send(p.SessionID, "Runtime.runIfWaitingForDebugger", nil)
	case "Target.detachedFromTarget":
		var p struct{ SessionID string }
		if json.Unmarshal(e.Params, &p) == nil {
			o.mu.Lock()
			delete(o.sessions, p.SessionID)
			o.mu.Unlock()
		}
	default:
		if strings.HasPrefix(e.Method, "Network.") {
			o.mu.Lock()
			h := o.watched[o.sessions[e.Session]]
			o.mu.Unlock()
			if h != nil {
				h.hear(e)
			}
		}
	}
}

// hearing is what one context's requests were said to have lost.
type hearing struct {
	observer *observer
	context  string

	mu       sync.Mutex
	requests map[string]*request
	order    []string
}

// request is a chain of redirects: all of its hops have one id. The address of a hop and the word about its cookies come in events of
// their own, in no fixed order, so the first word belongs to the first address, and so on.
type request struct {
	urls           []string
	sent, received [][]browsers.BlockedCookie
}

type cookie struct {
	Name   string
	Domain string
}

func (h *hearing) hear(e event) {
	var p struct {
		RequestID string
		Request   struct{ URL string }
		// requestWillBeSentExtraInfo
		AssociatedCookies []struct {
			BlockedReasons []string
			Cookie         cookie
		}
		// responseReceivedExtraInfo
		BlockedCookies []struct {
			BlockedReasons []string
			CookieLine     string
			Cookie         *cookie
		}
	}
	switch e.Method {
	case "Network.requestWillBeSent", "Network.requestWillBeSentExtraInfo", "Network.responseReceivedExtraInfo":
		if json.Unmarshal(e.Params, &p) != nil || p.RequestID == "" {
			return
		}
	default:
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.requests[p.RequestID]
	if r == nil {
		r = &request{}
		h.requests[p.RequestID] = r
		h.order = append(h.order, p.RequestID)
	}
	now := time.Now()
	var blocked []browsers.BlockedCookie
	switch e.Method {
	case "Network.requestWillBeSent":
		r.urls = append(r.urls, p.Request.URL)
	case "Network.requestWillBeSentExtraInfo":
		for _, c := range p.AssociatedCookies {
			if len(c.BlockedReasons) > 0 {
				blocked = append(blocked, browsers.BlockedCookie{
					Name: c.Cookie.Name, Domain: c.Cookie.Domain, Direction: browsers.Send, Reasons: c.BlockedReasons, Time: now,
				})
			}
		}
		r.sent = append(r.sent, blocked)
	case "Network.responseReceivedExtraInfo":
		for _, c := range p.BlockedCookies {
			b := browsers.BlockedCookie{Direction: browsers.Store, Reasons: c.BlockedReasons, Time: now}
			if c.Cookie != nil {
				b.Name, b.Domain = c.Cookie.Name, c.Cookie.Domain
			} else { // not a cookie that could be read
				b.Name, _, _ = strings.Cut(c.CookieLine, "=")
			}
			blocked = append(blocked, b)
		}
		r.received = append(r.received, blocked)
	}
}

// Blocked is what was heard until now, in the order of the requests.
func (h *hearing) Blocked() []browsers.BlockedCookie {
	h.mu.Lock()
	defer h.mu.Unlock()
	blocked := []browsers.BlockedCookie{} // not nil: the engine does report
	for _, id := range h.order {
		r := h.requests[id]
		for hop := range max(len(r.sent), len(r.received)) {
			for _, words := range [][][]browsers.BlockedCookie{r.sent, r.received} {
				if hop >= len(words) {
					continue
				}
				for _, b := range words[hop] {
					if hop < len(r.urls) {
						b.URL = r.urls[hop]
					}
					b.Reasons = slices.Clone(b.Reasons)
					blocked = append(blocked, b)
				}
			}
		}
	}
	return blocked
}

// Close ends the listening.
func (h *hearing) Close() error {
	h.observer.mu.Lock()
	defer h.observer.mu.Unlock()
	if h.observer.watched[h.context] == h {
		delete(h.observer.watched, h.context)
	}
	return nil
}
