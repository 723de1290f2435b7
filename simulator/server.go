package simulator

import (
	"cmp"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cookiegate/cookiegate/internal/wording"
	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/simulator/site"
	"github.com/cookiegate/cookiegate/simulator/urlapi"
)

// ErrNoSite says that there is no site of that name.
var ErrNoSite = errors.New("no such site")

// Site is the configuration of one site, Host that of one of its accounts, and Meeting that of a meeting that exists from the start.
type (
	Site    = site.Config
	Host    = site.Host
	Meeting = site.MeetingConfig
)

// Options configure a server. The zero value is a server without sites.
type Options struct {
	Sites []Site
	// Start is what the clock shows at first; zero: the machine's time. The clock stands still until it is told to run.
	Start time.Time
	// Journal bounds each site's journal.
	Journal journal.Limits
	// Intervene, if not nil, looks at every command that no script answers (Server.Script), and may have it answered otherwise.
	Intervene urlapi.Intervener
	// Certificates, if not nil, replaces the certificate authority that the server makes for itself.
	Certificates *Certificates
}

// Server is any number of Webex sites. It is an http.Handler; sites are told apart by host name (SITE.webex.com), or by the first path segment
// where the request names another host. It is safe for concurrent use.
type Server struct {
	clock     *session.Clock
	limits    journal.Limits
	intervene atomic.Pointer[urlapi.Intervener]
	scripts   scripts

	mu    sync.Mutex // held by writers of sites and of their scripts
	sites atomic.Pointer[map[string]*site.Site]

	certificates *Certificates
	listener     net.Listener // nil without one
	http         *http.Server
	served       chan error

	clients struct {
		sync.Mutex
		transports []*http.Transport
	}
}

// New makes a server without a listener.
func New(o Options) (*Server, error) {
	if o.Start.IsZero() {
		o.Start = time.Now()
	}
	if o.Certificates == nil {
		o.Certificates = &Certificates{}
	}
	s := &Server{clock: session.NewClock(o.Start), limits: o.Journal, certificates: o.Certificates}
	s.sites.Store(&map[string]*site.Site{})
	s.SetIntervener(o.Intervene)
	for _, one := range o.Sites {
		if s.site(one.Name) != nil {
			return nil, fmt.Errorf("site %q: is there twice: expected a name of its own", one.Name)
		}
		if err := s.PutSite(one); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// PutSite adds a site, or replaces the one of that name; its state is as configured and its journal is empty then. A request that is still under way in
// the old one is answered by the old one and leaves no trace in the new.
func (s *Server) PutSite(c Site) error {
	made, err := site.New(c, s.clock, s.limits)
	if err != nil {
		return fmt.Errorf("site %q: %w", c.Name, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replace(c.Name, made)
	return nil
}

// RemoveSite takes a site away.
func (s *Server) RemoveSite(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.site(name) == nil {
		return fmt.Errorf("%w: %q", ErrNoSite, name)
	}
	s.replace(name, nil)
	return nil
}

// Reset puts a site back to its configuration: no sessions, the configured accounts and meetings, an empty journal, no script.
func (s *Server) Reset(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.site(name)
	if old == nil {
		return fmt.Errorf("%w: %q", ErrNoSite, name)
	}
	made, err := site.New(old.Config, s.clock, s.limits)
	if err != nil {
		return fmt.Errorf("site %q: %w", name, err)
	}
	s.replace(name, made)
	return nil
}

// ResetAll resets every site. The clock stays.
func (s *Server) ResetAll() error {
	var errs []error
	for _, name := range s.Sites() {
		if err := s.Reset(name); !errors.Is(err, ErrNoSite) { // removed meanwhile
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// replace swaps one site, under the lock. nil removes it.
func (s *Server) replace(name string, made *site.Site) {
	sites := map[string]*site.Site{}
	for key, one := range *s.sites.Load() {
		sites[key] = one
	}
	if old := sites[name]; old != nil {
		defer old.Journal.Close()
	}
	delete(sites, name)
	if made != nil {
		sites[name] = made
	}
	s.scripts.clear(name)
	s.sites.Store(&sites)
}

// Sites are the names of all sites, sorted.
func (s *Server) Sites() []string {
	var names []string
	for name := range *s.sites.Load() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Site is a site as it runs: its sessions, accounts, meetings and cookie profile. Resetting or replacing the site makes another one.
func (s *Server) Site(name string) (*site.Site, error) {
	if one := s.site(name); one != nil {
		return one, nil
	}
	return nil, fmt.Errorf("%w: %q", ErrNoSite, name)
}

func (s *Server) site(name string) *site.Site { return (*s.sites.Load())[name] }

// Journal is a site's journal, nil when there is no such site. Resetting or replacing the site closes it and begins another one.
func (s *Server) Journal(name string) *journal.Journal {
	if one := s.site(name); one != nil {
		return one.Journal
	}
	return nil
}

// Clock is the clock of all sites.
func (s *Server) Clock() *session.Clock { return s.clock }

// Advance moves the clock by d and forgets the sessions that have expired.
func (s *Server) Advance(d time.Duration) {
	s.clock.Advance(d)
	for _, one := range *s.sites.Load() {
		one.Sessions.Sweep()
	}
}

// SetIntervener has i look at every command that no script answers; nil takes it away.
func (s *Server) SetIntervener(i urlapi.Intervener) {
	if i == nil {
		s.intervene.Store(nil)
		return
	}
	s.intervene.Store(&i)
}

// ServeHTTP answers for all sites.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer tellPanic()
	segment, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	host := siteOf(r.Host)
	name := cmp.Or(host, strings.ToLower(segment))
	elsewhere := host != "" && segment != "" && !strings.EqualFold(segment, host)
	one := s.site(name)
	if one != nil && !elsewhere && path != "" {
		urlapi.Serve(one, path, w, r, s.intervener())
		return
	}
	urlapi.SetHeaders(w.Header())
	switch {
	case one == nil:
		http.Error(w, fmt.Sprintf("there is no site %q here: expected %s", name, wording.OneOf(s.Sites())), http.StatusNotFound)
	case elsewhere:
		http.Error(w, fmt.Sprintf("%s.%s has the site %s alone: expected an address below /%s/", name, session.Domain, name, name), http.StatusNotFound)
	default:
		http.Redirect(w, r, urlapi.FrontPage(name), http.StatusFound)
	}
}

// tellPanic logs a panic, as a rule an Intervener's: the servers around it keep to themselves what breaks a connection.
func tellPanic() {
	v := recover()
	if v == nil {
		return
	}
	if v != http.ErrAbortHandler {
		log.Printf("simulator: panic while a command was answered: %v\n%s", v, debug.Stack())
	}
	panic(v)
}

// intervener is what looks at commands now; nil for nothing.
func (s *Server) intervener() urlapi.Intervener {
	hook := s.intervene.Load()
	if s.scripts.empty() {
		if hook == nil {
			return nil
		}
		return *hook
	}
	return func(a urlapi.Attempt) *urlapi.Intervention {
		if i := s.scripts.take(a); i != nil || hook == nil {
			return i
		}
		return (*hook)(a)
	}
}

// siteOf is the site that a host name stands for, "" when it is no Webex site's.
func siteOf(host string) string {
	if i := strings.IndexByte(host, ':'); i >= 0 {
		host = host[:i]
	}
	if name, found := strings.CutSuffix(strings.ToLower(host), "."+session.Domain); found {
		return name
	}
	return ""
}

var _ http.Handler = (*Server)(nil)
