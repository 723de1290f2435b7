package testbed

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/browsers/network/realproxy"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/browsers/probe"
	"github.com/cookiegate/cookiegate/fixtures/proxies"
	"github.com/cookiegate/cookiegate/simulator"
	"github.com/cookiegate/cookiegate/suites/upstream"
)

// launchLimit is how long a browser may take to start and to show that its policy is in force.
const launchLimit = 60 * time.Second

// Station is one simulator, one front door and one browser process under one cookie policy. Cases run on it one after the other, each
// in a fresh context; stations share nothing, so any number of them work side by side.
type Station struct {
	driver     browsers.Driver
	policy     policy.Policy
	persistent bool
	headed     bool   // a person looks on
	allowed    string // origin of the site that the policy's exceptions are about
	dir        string

	site     *simulator.Server
	door     *network.Door
	portals  *upstream.Pool              // nil: cases have samples only
	proxies  map[string]*realproxy.Proxy // running, by the name of their set-up
	browser  browsers.Browser
	version  string // of the browser started last
	settings []browsers.Setting
	broken   error // the policy cannot be put in force; starting another process would not help
}

// OpenStation starts simulator, front door and browser for c and all cases that share its engine, policy and site, and proves that the
// policy is in force before it returns. Portals of a person's own come from the pool; nil will do where there are none. The error is a
// *browsers.NotInstalledError or *browsers.NotAvailableError where there is nothing to start.
func OpenStation(d browsers.Driver, c Case, portals *upstream.Pool) (_ *Station, err error) {
	p := c.Policy
	if err := d.Supports(p); err != nil {
		return nil, err
	}
	if _, err := d.Find(); err != nil {
		return nil, err
	}
	s := &Station{driver: d, policy: p, portals: portals, persistent: c.persistent(), allowed: "https://" + c.SiteHost()}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if s.site, err = simulator.New(simulator.Options{}); err != nil {
		return nil, err
	}
	var o network.Options
	if portals != nil {
		o.Authority = portals.Authority()
	}
	if s.door, err = network.Listen(o); err != nil {
		return nil, err
	}
	return s, nil
}

// launch starts the browser on a new profile and proves its policy.
func (s *Station) launch(ctx context.Context) (err error) {
	ctx, cancel := context.WithTimeout(ctx, launchLimit)
	defer cancel()
	defer func() {
		if err != nil {
			err = errors.Join(err, s.closeBrowser())
		}
	}()
	dir, err := os.MkdirTemp("", "cookiegate-"+string(s.driver.Engine())+"-")
	if err != nil {
		return err
	}
	s.dir = dir
	s.browser, err = s.driver.Launch(ctx, browsers.LaunchOptions{
		Policy:     s.policy,
		Proxy:      s.door.ProxyURL(),
		Dir:        dir,
		Persistent: s.persistent,
		Headed:     s.headed,
	})
	if err != nil {
		return fmt.Errorf("starting %s under %s: %w", s.driver.Engine(), s.policy.Name, err)
	}
	s.version = versionOf(s.browser, s.policy)
	if s.settings, err = s.browser.Settings(ctx); err != nil {
		return fmt.Errorf("reading back the settings of %s: %w", s.driver.Engine(), err)
	}
	var rules []network.Filter
	if settings := s.policy.InternetExplorer; settings != nil {
		f, err := newInternetExplorer(*settings)
		if err != nil {
			return err
		}
		rules = append(rules, f)
	}
	return probe.Prove(ctx, s.door, s.driver.Engine(), s.browser, s.policy, s.allowed, rules...)
}

// ready starts the browser where there is none that can take a case: at the first case, and after one in which it died.
func (s *Station) ready(ctx context.Context) error {
	if s.broken != nil {
		return s.broken
	}
	if s.browser != nil {
		select {
		case <-s.browser.Done():
		default:
			return nil
		}
	}
	if err := s.closeBrowser(); err != nil {
		return err
	}
	err := s.launch(ctx)
	if notInForce := (*probe.NotInForceError)(nil); errors.As(err, &notInForce) {
		s.broken = err
	}
	return err
}

func (s *Station) closeBrowser() error {
	var err error
	if s.browser != nil {
		err = s.browser.Close()
		s.browser = nil
	}
	if s.dir != "" {
		err = errors.Join(err, os.RemoveAll(s.dir))
		s.dir = ""
	}
	return err
}

// Close ends the browser, the front door and the simulator, and removes the profile.
func (s *Station) Close() error {
	err := s.closeBrowser()
	for _, p := range s.proxies {
		err = errors.Join(err, p.Close())
	}
	if s.door != nil {
		err = errors.Join(err, s.door.Close())
	}
	if s.site != nil {
		err = errors.Join(err, s.site.Close())
	}
	return err
}

// proxy is the real proxy of that set-up, which is started for the first case that wants it and ends with the station.
func (s *Station) proxy(ctx context.Context, name string) (*realproxy.Proxy, error) {
	if p, ok := s.proxies[name]; ok {
		return p, nil
	}
	setup, err := proxies.Find(name)
	if err != nil {
		return nil, err
	}
	p, err := setup.Start(ctx, s.door)
	if err != nil {
		return nil, err
	}
	if s.proxies == nil {
		s.proxies = map[string]*realproxy.Proxy{}
	}
	s.proxies[name] = p
	return p, nil
}

// versionOf is the browser as every result names it; rules in front of it are named before it.
func versionOf(b browsers.Browser, p policy.Policy) string {
	e := b.Executable()
	name := e.Name + " " + e.Version
	if p.InternetExplorer != nil {
		return "Internet Explorer " + p.InternetExplorer.Version + " rules, on " + name
	}
	return name
}
