package testbed

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
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

// Station is one simulator, one front door and one browser process, under one cookie policy at a time. Cases run on it one after the other, each
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
	version  string        // of the browser started last, once it is known
	set      policy.Policy // the one that the browser was started under, or turned to
	settings []browsers.Setting
	proven   bool    // the policy is in force
	broken   error   // the policy cannot be put in force; starting another process would not help
	starts   *starts // of the run; nil: the station is the only one
}

// OpenStation starts simulator and front door for c and all cases that share its engine, policy and site. The browser starts with the first of them,
// and the policy is proven to be in force before. Portals of a person's own come from the pool; nil will do where there are none. The error is a
// *browsers.NotInstalledError or *browsers.NotAvailableError where there is nothing to start.
func OpenStation(d browsers.Driver, c Case, portals *upstream.Pool) (_ *Station, err error) {
	if err := available(d, c); err != nil {
		return nil, err
	}
	s := &Station{driver: d, policy: c.Policy, portals: portals, persistent: c.persistent(), allowed: allowedOf(c)}
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

// available says why there is nothing to start for c.
func available(d browsers.Driver, c Case) error {
	if err := d.Supports(c.Policy); err != nil {
		return err
	}
	_, err := d.Find()
	return err
}

// turns says whether the station can be had for c without another browser.
func (s *Station) turns(c Case) bool {
	return s.driver.Engine() == c.Engine && !s.persistent && turnable(s.driver, s.policy, c)
}

// turnable says whether a browser of d under a policy can be turned to c's.
func turnable(d browsers.Driver, from policy.Policy, c Case) bool {
	return !c.persistent() && d.Supports(c.Policy) == nil && (reflect.DeepEqual(from, c.Policy) || d.Turns(from, c.Policy))
}

// turn makes the station one for c and all cases that share its policy and site. The browser is turned before the first of them.
func (s *Station) turn(c Case) {
	allowed := allowedOf(c)
	if s.allowed == allowed && reflect.DeepEqual(s.policy, c.Policy) {
		return
	}
	s.policy, s.allowed, s.proven, s.broken = c.Policy, allowed, false, nil
}

// ready brings the station where it can take a case, unless it is known that this cannot be done.
func (s *Station) ready(ctx context.Context) error {
	if s.broken != nil {
		return s.broken
	}
	if err := s.starts.givenUp(s.driver.Engine()); err != nil {
		return err
	}
	err := s.bring(ctx)
	s.starts.tell(s.driver.Engine(), err)
	return err
}

// bring has the browser run, and the policy in force. A browser that died in the case before is replaced, and so is one that cannot be turned:
// its settings may be half the old and half the new.
func (s *Station) bring(ctx context.Context) error {
	if !s.alive() || !s.proven && s.turnBrowser(ctx) != nil {
		s.proven = false
		if err := s.launch(ctx); err != nil {
			return err
		}
	}
	if s.proven {
		return nil
	}
	err := s.prove(ctx)
	if notInForce := (*probe.NotInForceError)(nil); errors.As(err, &notInForce) {
		s.broken = err
	}
	if err != nil {
		return errors.Join(err, s.closeBrowser())
	}
	s.proven = true
	return nil
}

// allowedOf is the origin of the site that the exceptions of c's policy are about. Where there are none, it is any.
func allowedOf(c Case) string {
	if len(c.Policy.Exceptions) == 0 && c.Policy.InternetExplorer == nil {
		return "https://any.webex.com"
	}
	return "https://" + c.SiteHost()
}

func (s *Station) alive() bool { return s.browser != nil && !ended(s.browser.Done()) }

// ended says whether the process of that Done is gone.
func ended(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}

// launch starts the browser on a new profile.
func (s *Station) launch(ctx context.Context) error {
	s.version, s.settings = "", nil // of the browser before
	if err := s.closeBrowser(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, launchLimit)
	defer cancel()
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
		return errors.Join(fmt.Errorf("starting %s: %w", s.driver.Engine(), err), s.closeBrowser())
	}
	s.set = s.policy
	return nil
}

// turnBrowser puts the running browser under the station's policy. Of one that is enforced in front of the browser it needs no turn to the
// next.
func (s *Station) turnBrowser(ctx context.Context) error {
	if reflect.DeepEqual(inBrowser(s.set), inBrowser(s.policy)) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, launchLimit)
	defer cancel()
	if err := s.browser.Turn(ctx, s.policy); err != nil {
		return err
	}
	s.set, s.settings = s.policy, nil
	return nil
}

// inBrowser is what of a policy is the browser's own.
func inBrowser(p policy.Policy) policy.Policy {
	p.Name, p.Title, p.InternetExplorer, p.Probe = "", "", nil, nil
	return p
}

// prove reads the settings back and proves that the policy is in force.
func (s *Station) prove(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, launchLimit)
	defer cancel()
	s.version = versionOf(s.browser, s.policy)
	if s.settings == nil {
		var err error
		if s.settings, err = s.browser.Settings(ctx); err != nil {
			return err
		}
	}
	var rules []network.Filter
	if settings := s.policy.InternetExplorer; settings != nil {
		f, err := newInternetExplorer(*settings)
		if err != nil {
			return err
		}
		rules = append(rules, f)
	}
	err := probe.Prove(ctx, s.door, s.driver.Engine(), s.browser, s.policy, s.allowed, rules...)
	if managed := s.managed(); managed != "" && errors.As(err, new(*probe.NotInForceError)) {
		err = fmt.Errorf("%w; in force by managed policy: %s", err, managed)
	}
	return err
}

// managed are the settings that are in force by managed policy, the case's own or the machine's.
func (s *Station) managed() string {
	var all []string
	for _, setting := range s.settings {
		if setting.Source == browsers.ManagedPolicy {
			all = append(all, setting.Name+" = "+setting.Value)
		}
	}
	return strings.Join(all, ", ")
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

// proxy is the real proxy of that set-up, which is started for the first case that wants it and ends with the station. One that died before that is
// replaced.
func (s *Station) proxy(ctx context.Context, name string) (*realproxy.Proxy, error) {
	if p, ok := s.proxies[name]; ok {
		if !ended(p.Done()) {
			return p, nil
		}
		delete(s.proxies, name)
		if err := p.Close(); err != nil {
			return nil, err
		}
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
