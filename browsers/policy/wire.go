package policy

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// Wire puts the rules of an Internet Explorer between a browser and its sites, for a proxy to call: it says which cookies to take out of an answer and out
// of a request, and rewrites those that pass so that the browser's own third-party rules stand back. It remembers how each cookie is kept, as the leash
// and the compact policy count when it is sent. Safe for use by several goroutines; one Wire for each browser profile.
//
// A cookie that a page's script writes does not pass the wire: it is known only when it is sent, and then counts as a session cookie without a
// compact policy, stored in first-party context.
type Wire struct {
	model  *Model
	answer Decision

	mu   sync.Mutex
	kept []onWire
}

// onWire is a cookie that was let through to the browser.
type onWire struct {
	cookie Cookie
	host   string // that set it
	path   string
}

// NewWire is a Wire under the settings. The error is that of InternetExplorer.Validate.
func NewWire(ie InternetExplorer) (*Wire, error) {
	if err := ie.Validate(); err != nil {
		return nil, err
	}
	rules, ignored := newInternetExplorer(ie)
	return &Wire{model: &Model{who: underRules(ie, "the browser"), engine: rules, ignored: ignored}, answer: ie.PromptAnswer}, nil
}

// Ignored are the entries of the zone map that Internet Explorer refuses, each with what a person is told.
func (w *Wire) Ignored() []Ignored { return w.model.Ignored() }

// Hop is one request and its answer, as a proxy knows them.
type Hop struct {
	URL string
	// Top is the origin of the top-level document; empty where the request itself loads it.
	Top string
	// Time is when it happens, by the clock of the browser behind the wire: a cookie that ends before is deleted.
	Time time.Time
}

func (h Hop) context() Context {
	ctx := Context{URL: h.URL, Navigation: true}
	if h.Top != "" {
		ctx.Ancestors = []string{h.Top}
	}
	return ctx
}

// WireCookie is what becomes of one cookie on the wire.
type WireCookie struct {
	Name    string
	Verdict Verdict
	// SetCookie is the header to hand on, of an answer's cookie; empty where it is to be taken out.
	SetCookie string
	// Removed says that the cookie is to be taken out.
	Removed bool
}

// Answer decides about the Set-Cookie headers of an answer, in their order; p3p is its P3P header.
func (w *Wire) Answer(h Hop, p3p string, setCookie []string) []WireCookie {
	p := w.model.In(h.context())
	f := &p.facts
	out := make([]WireCookie, 0, len(setCookie))
	for _, header := range setCookie {
		c := ParseSetCookieAt(header, h.Time)
		c.P3P = p3p
		v := p.store(&c)
		passes := v.Action.Through() || v.Action == Prompted && w.answer == Allow
		this := WireCookie{Name: c.Name, Verdict: v, Removed: !passes}
		if passes {
			this.SetCookie = rewriteSetCookie(header, f.url.scheme == "https", v.Action == SessionAccepted && !c.Deletes)
			w.keep(c, v, f)
		}
		out = append(out, this)
	}
	return out
}

// Request decides about the cookies of a request. The header is the Cookie header to hand on, empty where none is left.
func (w *Wire) Request(h Hop, cookie string) (header string, cookies []WireCookie) {
	p := w.model.In(h.context())
	f := &p.facts
	var left []string
	seen := map[string]int{}
	for pair := range strings.SplitSeq(cookie, ";") {
		if pair = trim(pair); pair == "" {
			continue
		}
		name, _, found := strings.Cut(pair, "=")
		if !found {
			name = ""
		}
		name = trim(name)
		c := w.find(name, seen[name], f)
		seen[name]++
		v := p.send(&c)
		this := WireCookie{Name: name, Verdict: v, Removed: !v.Action.Through() && (v.Action != Prompted || w.answer != Allow)}
		if !this.Removed {
			left = append(left, pair)
		}
		cookies = append(cookies, this)
	}
	return strings.Join(left, "; "), cookies
}

// keep remembers a cookie that goes through to the browser, or forgets one that is deleted.
func (w *Wire) keep(c Cookie, v Verdict, f *facts) {
	next := onWire{cookie: c.KeptAs(v, f.url.host), host: f.url.host, path: c.path(f.url.path)}
	next.cookie.Path = next.path
	w.mu.Lock()
	defer w.mu.Unlock()
	w.kept = slices.DeleteFunc(w.kept, func(o onWire) bool {
		return o.cookie.Name == c.Name && o.path == next.path && o.jar() == next.jar()
	})
	if !c.Deletes {
		w.kept = append(w.kept, next)
	}
}

// jar is the domain, or the host, the cookie is kept under.
func (o *onWire) jar() string {
	if d := o.cookie.domain(); d != "" {
		return "." + d
	}
	return o.host
}

// find is the cookie of that name which a request carries: the nth, a longer path first, as browsers order them.
func (w *Wire) find(name string, nth int, f *facts) Cookie {
	w.mu.Lock()
	defer w.mu.Unlock()
	var fit []*onWire
	for i := range w.kept {
		o := &w.kept[i]
		if o.cookie.Name == name && o.cookie.belongsTo(f.url.host) && onPath(o.path, f.url.path) {
			fit = append(fit, o)
		}
	}
	if len(fit) == 0 {
		return Cookie{Name: name, ValueLength: 1, Path: "/"} // a script's, or older than this Wire
	}
	slices.SortStableFunc(fit, func(a, b *onWire) int { return len(b.path) - len(a.path) })
	return fit[min(nth, len(fit)-1)].cookie
}

// rewriteSetCookie is the header as the browser behind the rules gets it (see rewritten); session takes its lifetime away.
func rewriteSetCookie(header string, https, session bool) string {
	parts := strings.Split(header, ";")
	kept := []string{trim(parts[0])}
	for _, p := range parts[1:] {
		key, _, _ := strings.Cut(p, "=")
		switch lower(trim(key)) {
		case "samesite", "partitioned":
			continue
		case "secure":
			if https {
				continue
			}
		case "expires", "max-age":
			if session {
				continue
			}
		}
		if p = trim(p); p != "" {
			kept = append(kept, p)
		}
	}
	if https {
		kept = append(kept, "SameSite=None", "Secure")
	}
	return strings.Join(kept, "; ")
}
