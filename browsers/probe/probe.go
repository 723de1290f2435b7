package probe

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/browsers/policy"
)

// The probe's own sites. They differ in registrable domain.
const (
	ownTop = "https://probe-top.example"
	third  = "https://probe-third.example"
)

// Question is what a probe asks.
type Question struct {
	// Allowed is an origin of the site that the policy's exceptions are about.
	Allowed string
	// Top is the origin of the page; empty: one of the probe's own. An exception may be limited to the pages of a site.
	Top string
	// AskAccess has the frames ask for storage access, each after a click.
	AskAccess bool
}

// question is the one that p's probe expectations are answers to.
func question(p policy.Policy, allowed string) Question {
	q := Question{Allowed: allowed, AskAccess: p.StorageAccess != ""}
	for _, e := range p.Exceptions {
		if e.EmbeddedIn != "" {
			q.Top = "https://" + e.EmbeddedIn
		}
	}
	return q
}

// Seen is what became of the three probe cookies.
type Seen struct {
	FirstParty, ThirdParty, AllowedSite policy.Seen
}

// NotInForceError says that a policy's settings do not do what they are meant to.
type NotInForceError struct {
	Policy string
	Engine browsers.Engine
	Cookie string // which of the three: "third-party"
	Page   string // origin of the page, where the policy's exceptions are for others; empty: they are for it, or for every page
	Want   policy.Seen
	Got    policy.Seen
}

func (e *NotInForceError) Error() string {
	where := ""
	if e.Page != "" {
		where = " in a page of " + e.Page
	}
	return fmt.Sprintf("policy %s is not in force in %s: the %s probe cookie was %s%s, expected %s", e.Policy, e.Engine, e.Cookie, e.Got, where, e.Want)
}

// Prove asks the browser and compares what it saw with what p.Probe expects of the engine. allowed is an origin of the site that the
// policy's exceptions are about. It lays its own routes at the door; whoever comes next lays theirs. Filters are put there that make the
// policy in the browser's stead. Where exceptions are for the pages of one site, it asks in another page too. The error is a
// *NotInForceError where the policy is not in force.
func Prove(ctx context.Context, door *network.Door, engine browsers.Engine, b browsers.Browser, p policy.Policy, allowed string, filters ...network.Filter) error {
	want, err := expectation(engine, p)
	if err != nil {
		return err
	}
	q := question(p, allowed)
	prove := func(want policy.ProbeExpectation, page string) error {
		got, err := Ask(ctx, door, b, q, filters...)
		if err != nil {
			return fmt.Errorf("probe of policy %s: %w", p.Name, err)
		}
		for _, c := range []struct {
			cookie    string
			want, got policy.Seen
		}{
			{"first-party", want.FirstParty, got.FirstParty},
			{"third-party", want.ThirdParty, got.ThirdParty},
			{"allowed-site", want.AllowedSite, got.AllowedSite},
		} {
			if c.want != c.got {
				return &NotInForceError{Policy: p.Name, Engine: engine, Cookie: c.cookie, Page: page, Want: c.want, Got: c.got}
			}
		}
		return nil
	}
	if err := prove(want, ""); err != nil || q.Top == "" {
		return err
	}
	// In the pages that exceptions are limited to, a browser that allows everything everywhere looks the same.
	q.Top = ownTop
	return prove(predict(string(engine), p, q), ownTop)
}

// expectation is the row for the engine, or the one for all others.
func expectation(engine browsers.Engine, p policy.Policy) (policy.ProbeExpectation, error) {
	for _, named := range []bool{true, false} {
		for _, e := range p.Probe {
			if named && slices.Contains(e.Engines, string(engine)) || !named && len(e.Engines) == 0 {
				return e, nil
			}
		}
	}
	return policy.ProbeExpectation{}, fmt.Errorf("policy %s does not say what the probe must see in %s", p.Name, engine)
}

// Ask sets the three cookies in a fresh context and says what became of them.
func Ask(ctx context.Context, door *network.Door, b browsers.Browser, q Question, filters ...network.Filter) (_ Seen, err error) {
	if q.Top == "" {
		q.Top = ownTop
	}
	s := newServer(q)
	door.ClearRoutes()
	for _, origin := range s.origins() {
		u, err := url.Parse(origin)
		if err != nil {
			return Seen{}, err
		}
		if err := door.Route(u.Hostname(), s.handler(origin)); err != nil {
			return Seen{}, err
		}
	}
	ledger := door.Begin("probe")
	defer func() {
		if e := ledger.End(ctx); err == nil {
			err = e
		}
	}()
	door.Use(filters...)
	session, err := b.NewSession(ctx, browsers.SessionOptions{})
	if err != nil {
		return Seen{}, err
	}
	defer func() {
		if e := session.Close(); err == nil {
			err = e
		}
	}()
	if err := session.Do(ctx, browsers.Step{Visit: q.Top + "/"}); err != nil {
		return Seen{}, err
	}
	framed := map[string]bool{}
	for _, origin := range s.origins() {
		if q.AskAccess {
			if err := session.Do(ctx, browsers.Step{Click: "button", InFrame: origin}); err != nil {
				return Seen{}, err
			}
		}
		if framed[origin], err = s.wait(ctx, "back", origin); err != nil {
			return Seen{}, err
		}
	}
	// A session is not closed while its window is on its way: browsers have hung then.
	if err := session.Do(ctx, browsers.Step{See: atRest}); err != nil {
		return Seen{}, err
	}
	seen := Seen{FirstParty: policy.SeenRefused, ThirdParty: policy.SeenRefused, AllowedSite: policy.SeenRefused}
	if framed[q.Top] {
		seen.FirstParty = policy.SeenAccepted
	}
	for origin, into := range map[string]*policy.Seen{third: &seen.ThirdParty, q.Allowed: &seen.AllowedSite} {
		if !framed[origin] {
			continue
		}
		came, err := s.wait(ctx, "alone", origin)
		if err != nil {
			return Seen{}, err
		}
		*into = policy.SeenPartitioned
		if came {
			*into = policy.SeenAccepted
		}
	}
	return seen, nil
}
