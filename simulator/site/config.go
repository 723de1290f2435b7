package site

import (
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"github.com/cookiegate/cookiegate/internal/lazyregexp"
	"github.com/cookiegate/cookiegate/internal/wording"
	"github.com/cookiegate/cookiegate/simulator/session"
)

// Config is what is configured of a site. Only Name is required; it answers as https://NAME.webex.com/NAME/.
type Config struct {
	Name  string `yaml:"name"`
	Hosts []Host `yaml:"hosts,omitempty"`
	// Meetings exist from the start.
	Meetings []MeetingConfig `yaml:"meetings,omitempty"`
	// PartnerID is what PID must be for signing up, editing, activating and deactivating accounts. Empty: no PID is right.
	PartnerID string `yaml:"partner-id,omitempty"`

	// Profile says how cookies are set; empty is session.Legacy.
	Profile session.Profile `yaml:"profile,omitempty"`
	// Cookies changes any attribute of any cookie, by cookie name, after the profile.
	Cookies map[string]session.Attributes `yaml:"cookies,omitempty"`
	// SiteID is the number in the names of the preference cookies; zero is one made from the name.
	SiteID int `yaml:"site-id,omitempty"`
	// IdleLimit is how long a session lives without activity; zero is session.DefaultIdleLimit.
	IdleLimit time.Duration `yaml:"idle-limit,omitempty"`

	// Redirect says how the browser is sent to the back URL; empty is Script.
	Redirect Redirect `yaml:"redirect,omitempty"`
	// Get2Post refuses PW and PID outside of a POST body.
	Get2Post bool `yaml:"get2post,omitempty"`
	// LoginRequired lets nobody into a meeting who is not logged in.
	LoginRequired bool `yaml:"login-required,omitempty"`
	// CSRF adds the CSRF token to the login's answer, sets the cookie _csrf_ and serves w.php, as newer sites do.
	CSRF bool `yaml:"csrf,omitempty"`
	// LockAfter locks an account after so many failed logins in a row; zero never does.
	LockAfter int `yaml:"lock-after,omitempty"`
	// AutoLoginDisabled answers AutoLoginDisabled to LI, LO, SU and PL.
	AutoLoginDisabled bool `yaml:"auto-login-disabled,omitempty"`
	// APIDisabled answers DoNotSupportAPI to every command.
	APIDisabled bool `yaml:"api-disabled,omitempty"`
	// ServiceTypes are the services the site has, the default one first; empty: all, and MeetingCenter by default.
	ServiceTypes []ServiceType `yaml:"service-types,omitempty"`
	// MaxDuration is the longest meeting that can be scheduled; zero is DefaultMaxDuration.
	MaxDuration time.Duration `yaml:"max-duration,omitempty"`
	// NoTeleconference answers TeleConferenceLineReserveFail to a meeting scheduled with a teleconference.
	NoTeleconference bool `yaml:"no-teleconference,omitempty"`
}

// Host is an account that exists from the start.
type Host struct {
	WebExID string `yaml:"webex-id"`
	// Password logs the host in; empty: only a one-time ticket does.
	Password  string `yaml:"password"`
	FirstName string `yaml:"first-name,omitempty"`
	LastName  string `yaml:"last-name,omitempty"`
	Email     string `yaml:"email,omitempty"`
	// Tickets are one-time tickets (TK) with which the host can log in instead of the password.
	Tickets  []string `yaml:"tickets,omitempty"`
	Inactive bool     `yaml:"inactive,omitempty"`
	Locked   bool     `yaml:"locked,omitempty"`
}

// MeetingConfig is a meeting that exists from the start.
type MeetingConfig struct {
	Key      string `yaml:"key"`  // nine digits
	Host     string `yaml:"host"` // WebExID of the host
	Name     string `yaml:"name"`
	Password string `yaml:"password,omitempty"`
	// ServiceType is empty for the site's default.
	ServiceType ServiceType `yaml:"service-type,omitempty"`
	// Registration lets in only who has registered (RM) and brings the registration id (RID).
	Registration bool `yaml:"registration,omitempty"`
	// LoginRequired answers LoginRequired to who joins without being logged in.
	LoginRequired bool `yaml:"login-required,omitempty"`
	// Locked answers MeetingLocked to who joins.
	Locked bool `yaml:"locked,omitempty"`
	// InProgress has it begun already.
	InProgress bool `yaml:"in-progress,omitempty"`
}

// Redirect is a way of sending the browser on.
type Redirect string

// The ways.
const (
	Script Redirect = "script" // a page with status 200 whose script navigates, as recorded
	Found  Redirect = "302"    // a plain redirect
)

// ServiceType is one of the meeting services.
type ServiceType string

// The services.
const (
	MeetingCenter  ServiceType = "MC"
	TrainingCenter ServiceType = "TC"
	EventCenter    ServiceType = "EC"
	SupportCenter  ServiceType = "SC"
)

// ServiceTypes are all services.
func ServiceTypes() []ServiceType {
	return []ServiceType{MeetingCenter, TrainingCenter, EventCenter, SupportCenter}
}

// DefaultMaxDuration is the longest meeting where nothing else is configured.
const DefaultMaxDuration = 24 * time.Hour

var (
	siteName   = lazyregexp.New(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)
	meetingKey = lazyregexp.New(`^[0-9]{9}$`)
)

// Validate returns everything that is wrong with the configuration, each error naming its field.
func (c *Config) Validate() error {
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if !siteName.MatchString(c.Name) || len(c.Name) > 63 {
		fail("name: %q is not a host name label: expected lower-case letters, digits and hyphens, such as acme", c.Name)
	}
	if err := c.Profile.Validate(); err != nil {
		fail("profile: %w", err)
	} else if _, err := session.NewCookies(c.siteID(), c.Profile, c.Cookies); err != nil {
		fail("cookies: %w", err)
	}
	if c.Redirect != "" && c.Redirect != Script && c.Redirect != Found {
		fail("redirect: unknown way %q: expected %q or %q", c.Redirect, Script, Found)
	}
	for _, n := range []struct {
		field    string
		negative bool
	}{
		{"idle-limit", c.IdleLimit < 0}, {"lock-after", c.LockAfter < 0}, {"max-duration", c.MaxDuration < 0}, {"site-id", c.SiteID < 0},
	} {
		if n.negative {
			fail("%s: must not be negative", n.field)
		}
	}
	if c.MaxDuration > 0 && c.MaxDuration < time.Minute {
		fail("max-duration: %s: expected a minute or more, because DU counts minutes", c.MaxDuration)
	}
	for i, t := range c.ServiceTypes {
		if !slices.Contains(ServiceTypes(), t) {
			fail("service-types[%d]: unknown service %q: expected %s", i, t, wording.OneOf(ServiceTypes()))
		}
	}
	hosts, emails, tickets, keys := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i, h := range c.Hosts {
		switch {
		case h.WebExID == "":
			fail("hosts[%d].webex-id: is missing", i)
		case hosts[h.WebExID]:
			fail("hosts[%d].webex-id: %q is there twice", i, h.WebExID)
		}
		if h.Email != "" && emails[h.Email] {
			fail("hosts[%d].email: %q is there twice", i, h.Email)
		}
		hosts[h.WebExID], emails[h.Email] = true, true
		for j, t := range h.Tickets {
			switch {
			case t == "":
				fail("hosts[%d].tickets[%d]: is empty: expected a text", i, j)
			case tickets[t]:
				fail("hosts[%d].tickets[%d]: is there twice: expected a ticket of one host alone", i, j)
			}
			tickets[t] = true
		}
	}
	for i, m := range c.Meetings {
		switch {
		case !meetingKey.MatchString(m.Key):
			fail("meetings[%d].key: %q: expected nine digits", i, m.Key)
		case keys[m.Key]:
			fail("meetings[%d].key: %q is there twice", i, m.Key)
		}
		if !hosts[m.Host] {
			fail("meetings[%d].host: the site has no host %q", i, m.Host)
		}
		if m.ServiceType != "" && !slices.Contains(c.services(), m.ServiceType) {
			fail("meetings[%d].service-type: the site has no service %q: expected %s", i, m.ServiceType, wording.OneOf(c.services()))
		}
		keys[m.Key] = true
	}
	return errors.Join(errs...)
}

// clone is a copy that shares nothing with c.
func (c Config) clone() Config {
	c.Hosts, c.Meetings, c.ServiceTypes = slices.Clone(c.Hosts), slices.Clone(c.Meetings), slices.Clone(c.ServiceTypes)
	for i := range c.Hosts {
		c.Hosts[i].Tickets = slices.Clone(c.Hosts[i].Tickets)
	}
	c.Cookies = session.CloneOverrides(c.Cookies)
	return c
}

func (c *Config) services() []ServiceType {
	if len(c.ServiceTypes) == 0 {
		return ServiceTypes()
	}
	return c.ServiceTypes
}

func (c *Config) siteID() int {
	if c.SiteID != 0 {
		return c.SiteID
	}
	h := fnv.New32a()
	h.Write([]byte(c.Name))
	return 100_000 + int(h.Sum32()%900_000)
}

// duration is how long a meeting lasts of which nobody said it.
func (c *Config) duration() time.Duration { return min(time.Hour, c.maxDuration()) }

func (c *Config) maxDuration() time.Duration {
	if c.MaxDuration == 0 {
		return DefaultMaxDuration
	}
	return c.MaxDuration
}
