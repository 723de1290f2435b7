package site

import (
	"slices"
	"sync/atomic"
	"time"

	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/session"
)

// Site is a site at run time. Nothing in it is shared with another site but the clock. Resetting a site makes a new one, so that a request
// that is still under way disturbs nobody.
type Site struct {
	Config   Config // as it was configured; not to be changed
	Clock    *session.Clock
	Sessions *session.Store
	Accounts *Accounts
	Meetings *Meetings
	Browsers *Browsers
	Journal  *journal.Journal

	cookies atomic.Pointer[profile]
}

type profile struct {
	name    session.Profile
	cookies *session.Cookies
}

// New makes a site from its configuration, which it validates and copies.
func New(c Config, clock *session.Clock, limits journal.Limits) (*Site, error) {
	c = c.clone()
	if err := c.Validate(); err != nil {
		return nil, err
	}
	accounts := newAccounts(c.Hosts, c.LockAfter)
	s := &Site{
		Config:   c,
		Clock:    clock,
		Sessions: session.NewStore(clock, c.IdleLimit),
		Accounts: accounts,
		Meetings: newMeetings(&c, accounts, clock.Now()),
		Browsers: newBrowsers(),
		Journal:  journal.New(limits),
	}
	return s, s.SetProfile(c.Profile)
}

// Cookies are those that the site sets now.
func (s *Site) Cookies() *session.Cookies { return s.cookies.Load().cookies }

// Profile is the cookie profile in force.
func (s *Site) Profile() session.Profile { return s.cookies.Load().name }

// SetProfile changes the cookie profile; what the configuration says of single cookies still comes on top of it.
func (s *Site) SetProfile(p session.Profile) error {
	cookies, err := session.NewCookies(s.Config.siteID(), p, s.Config.Cookies)
	if err != nil {
		return err
	}
	if p == "" {
		p = session.Legacy
	}
	s.cookies.Store(&profile{p, cookies})
	return nil
}

// CookiesWith are the cookies under the profile in force with other overrides than the configured ones.
func (s *Site) CookiesWith(overrides map[string]session.Attributes) (*session.Cookies, error) {
	return session.NewCookies(s.Config.siteID(), s.Profile(), overrides)
}

// ChangeAccount is Accounts.Change; the sessions of an account that is not active then are at their end.
func (s *Site) ChangeAccount(webExID string, change func(*Account)) (*Account, error) {
	account, err := s.Accounts.Change(webExID, change)
	if err == nil && !account.Active {
		s.Sessions.EndEach(func(one session.Session) bool { return one.Owner == account.Index }, session.Revoked)
	}
	return account, err
}

// HasService says whether the site has a service.
func (s *Site) HasService(t ServiceType) bool { return slices.Contains(s.Config.services(), t) }

// DefaultService is the service of who has chosen none.
func (s *Site) DefaultService() ServiceType { return s.Config.services()[0] }

// DefaultDuration is how long a meeting lasts of which nobody said it: an hour, or as long as the site allows.
func (s *Site) DefaultDuration() time.Duration { return s.Config.duration() }

// MaxDuration is the longest meeting that can be scheduled.
func (s *Site) MaxDuration() time.Duration { return s.Config.maxDuration() }
