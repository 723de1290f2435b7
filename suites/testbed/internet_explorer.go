package testbed

import (
	"strings"
	"sync"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/browsers/policy"
)

// internetExplorer puts an Internet Explorer's cookie rules in front of another browser, as a filter at the front door. What it takes out it
// reports as a browser reports its blocked cookies: to the case it is the browser's own doing.
type internetExplorer struct {
	wire *policy.Wire

	mu      sync.Mutex
	blocked []browsers.BlockedCookie
}

func newInternetExplorer(settings policy.InternetExplorer) (*internetExplorer, error) {
	wire, err := policy.NewWire(settings)
	if err != nil {
		return nil, err
	}
	return &internetExplorer{wire: wire}, nil
}

// Name is "internet-explorer".
func (*internetExplorer) Name() string { return "internet-explorer" }

// Request takes out the cookies that are not sent.
func (f *internetExplorer) Request(p *network.Passage) {
	came := strings.Join(p.Request.Header["Cookie"], "; ")
	if came == "" {
		return
	}
	header, cookies := f.wire.Request(hopOf(p), came)
	if header == "" {
		p.Request.Header.Del("Cookie")
	} else {
		p.Request.Header["Cookie"] = []string{header}
	}
	f.note(p, browsers.Send, cookies)
}

// Response takes out the cookies that are not stored, and hands the others on so that the browser's own third-party rules stand back.
func (f *internetExplorer) Response(p *network.Passage) {
	offered := p.Answer["Set-Cookie"]
	if len(offered) == 0 {
		return
	}
	cookies := f.wire.Answer(hopOf(p), p.Answer.Get("P3P"), offered)
	p.Answer.Del("Set-Cookie")
	for _, c := range cookies {
		if !c.Removed {
			p.Answer.Add("Set-Cookie", c.SetCookie)
		}
	}
	f.note(p, browsers.Store, cookies)
}

func (f *internetExplorer) note(p *network.Passage, d browsers.Direction, cookies []policy.WireCookie) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range cookies {
		if !c.Removed {
			continue
		}
		f.blocked = append(f.blocked, browsers.BlockedCookie{
			Name:      c.Name,
			URL:       p.URL.String(),
			Direction: d,
			Reasons:   []string{string(c.Verdict.Reason), phrase(c.Verdict)},
			Time:      time.Now(),
		})
	}
}

// removed are the cookies that were taken out so far; none of a filter that is not there.
func (f *internetExplorer) removed() []browsers.BlockedCookie {
	if f == nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]browsers.BlockedCookie(nil), f.blocked...)
}

// hopOf is the request as the rules take it: a navigation at top level has no page around it.
func hopOf(p *network.Passage) policy.Hop {
	h := policy.Hop{URL: p.URL.String(), Time: time.Now()}
	if p.TopLevel.From != network.FromDocument && p.TopLevel.Site != "" {
		h.Top = "https://" + p.TopLevel.Site
	}
	return h
}

// guard: the rules sit at the front door.
var _ network.Filter = (*internetExplorer)(nil)
