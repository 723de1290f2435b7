package conformance

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/browsers/policy"
)

// Cell is one question: a form planted in one place and looked for in another, in a browser under a policy.
type Cell struct {
	Engine  browsers.Engine
	Version string
	Policy  string
	Form    Form
	Plant   Place
	Read    Place
	// Came says whether the browser sent the cookie.
	Came bool
	// Predicted says whether the policy model expected it, and Why.
	Predicted bool
	Why       string
}

// String names the cell.
func (c Cell) String() string {
	return fmt.Sprintf("%s × %s × [%s] planted %s, read %s", c.Engine, c.Policy, c.Form, c.Plant, c.Read)
}

// Sites are the two hosts between which a cookie travels.
type Sites struct {
	Site   string // origin of the cookie's host, such as "https://acme.webex.com"
	Domain string // its registrable domain
	Portal string // origin of somebody else's page
}

// Observe asks a browser under p every question, through door. Each journey gets a fresh context.
func Observe(ctx context.Context, door *network.Door, engine browsers.Engine, b browsers.Browser, p policy.Policy, sites Sites) ([]Cell, error) {
	s := newServer(sites.Site, sites.Portal, Forms(sites.Domain))
	if err := s.serve(door); err != nil {
		return nil, err
	}
	version := b.Executable().Version
	model := policy.Under(string(engine), version, p)
	var cells []Cell
	for _, j := range journeys {
		came, err := s.travel(ctx, b, j)
		if err != nil {
			return nil, fmt.Errorf("planting %s: %w", j.plants, err)
		}
		for _, plant := range slices.Concat(j.plants...) {
			for _, read := range slices.Concat(j.reads...) {
				for _, f := range s.forms {
					c := Cell{Engine: engine, Version: version, Policy: p.Name, Form: f, Plant: plant, Read: read, Came: came[read][f.plantedAs(plant)]}
					c.Predicted, c.Why = predict(model, f, plant, read, sites)
					cells = append(cells, c)
				}
			}
		}
	}
	return cells, nil
}

func (s *server) serve(door *network.Door) error {
	site, err := url.Parse(s.site)
	if err != nil {
		return err
	}
	portal, err := url.Parse(s.portal)
	if err != nil {
		return err
	}
	door.ClearRoutes()
	if err := door.Route(site.Hostname(), s.siteHandler()); err != nil {
		return err
	}
	return door.Route(portal.Hostname(), s.portalHandler())
}

// travel goes on a journey in a fresh context and returns, for each place where cookies are looked for, the names of those that came.
func (s *server) travel(ctx context.Context, b browsers.Browser, j journey) (_ map[Place]map[string]bool, err error) {
	s.forget()
	session, err := b.NewSession(ctx, browsers.SessionOptions{})
	if err != nil {
		return nil, err
	}
	defer func() {
		if e := session.Close(); err == nil {
			err = e
		}
	}()
	for _, stop := range j.plants {
		if _, err := s.do(ctx, session, stop, "plant"); err != nil {
			return nil, err
		}
	}
	came := map[Place]map[string]bool{}
	for _, stop := range j.reads {
		names, err := s.do(ctx, session, stop, "read")
		if err != nil {
			return nil, err
		}
		maps.Copy(came, names)
	}
	return came, nil
}

// do goes to a stop, stays until everything there has been loaded, and returns the names of the cookies that came at each of its places.
func (s *server) do(ctx context.Context, session browsers.Session, at stop, what string) (map[Place]map[string]bool, error) {
	var steps []browsers.Step
	switch p := at[0]; p {
	case TopLevel:
		steps = []browsers.Step{{Visit: fmt.Sprintf("%s/%s/%s", s.site, what, p)}, {See: answered}}
	case Nested:
		steps = []browsers.Step{{Visit: fmt.Sprintf("%s/nested/%s", s.site, what)}, {See: arrived}}
	case Frame:
		steps = []browsers.Step{{Visit: s.portal + embedding(what, at)}, {See: arrived}}
	case RedirectChain:
		steps = []browsers.Step{{Visit: s.site + "/over"}, {See: answered}}
	case ScriptRedirect:
		steps = []browsers.Step{{Visit: s.site + "/script-over"}, {See: answered}}
	case Link, LinkRedirected, Post:
		steps = []browsers.Step{{Visit: s.portal + "/doors"}, {Click: "#" + string(p)}, {See: answered}}
	case Popup:
		steps = []browsers.Step{{Visit: s.portal + "/doors"}, {Click: "#" + string(p)}, {See: answered, InPopup: true}}
	}
	for _, step := range steps {
		if err := session.Do(ctx, step); err != nil {
			return nil, err
		}
	}
	came := map[Place]map[string]bool{}
	for _, p := range at {
		var err error
		if came[p], err = s.wait(ctx, deed{what, p}); err != nil {
			return nil, err
		}
	}
	return came, nil
}

// predict is what the policy model says of a form that is planted and read.
func predict(m *policy.Model, f Form, plant, read Place, sites Sites) (bool, string) {
	c := f.Cookie()
	site, err := url.Parse(sites.Site)
	if err != nil {
		return false, err.Error()
	}
	stored := m.Decide(c, plant.context(fmt.Sprintf("%s/plant/%s", sites.Site, plant), sites.Site, sites.Portal)).Store
	if !stored.Action.Through() {
		return false, stored.Sentence()
	}
	c = c.KeptAs(stored, site.Hostname())
	sent := m.Decide(c, read.context(fmt.Sprintf("%s/read/%s", sites.Site, read), sites.Site, sites.Portal)).Send
	return sent.Action.Through(), sent.Sentence()
}
