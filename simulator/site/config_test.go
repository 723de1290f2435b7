package site

import (
	"fmt"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/session"
)

func TestEveryMistakeInAConfigurationIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Config)
		want   string
	}{
		"no name":                 {func(c *Config) { c.Name = "" }, `name: "" is not a host name label`},
		"a name in capitals":      {func(c *Config) { c.Name = "Acme" }, `name: "Acme" is not a host name label: expected lower-case letters, digits and hyphens, such as acme`},
		"a name that is too long": {func(c *Config) { c.Name = strings.Repeat("a", 64) }, `is not a host name label`},
		"a name that ends badly":  {func(c *Config) { c.Name = "acme-" }, `name: "acme-" is not a host name label`},
		"a name with a dot":       {func(c *Config) { c.Name = "a.b" }, `name: "a.b"`},
		"a profile":               {func(c *Config) { c.Profile = "x" }, `profile: unknown cookie profile "x": expected one of legacy`},
		"a cookie":                {func(c *Config) { c.Cookies = map[string]session.Attributes{"x": {}} }, `cookies: the site sets no cookie "x": expected one of ticket`},
		"a redirect":              {func(c *Config) { c.Redirect = "303" }, `redirect: unknown way "303": expected "script" or "302"`},
		"a limit":                 {func(c *Config) { c.IdleLimit = -time.Second }, `idle-limit: must not be negative`},
		"a lock":                  {func(c *Config) { c.LockAfter = -1 }, `lock-after: must not be negative`},
		"a site id":               {func(c *Config) { c.SiteID = -1 }, `site-id: must not be negative`},
		"a duration":              {func(c *Config) { c.MaxDuration = -1 }, `max-duration: must not be negative`},
		"a service":               {func(c *Config) { c.ServiceTypes = []ServiceType{"MC", "XC"} }, `service-types[1]: unknown service "XC": expected one of MC, TC, EC, SC`},
		"a nameless host":         {func(c *Config) { c.Hosts = []Host{{}} }, `hosts[0].webex-id: is missing`},
		"a host twice":            {func(c *Config) { c.Hosts = append(c.Hosts, c.Hosts[0]) }, `hosts[1].webex-id: "alice" is there twice`},
		"an address twice": {
			func(c *Config) { c.Hosts = append(c.Hosts, Host{WebExID: "b", Email: c.Hosts[0].Email}) }, `hosts[1].email: "a@x.example" is there twice`,
		},
		"an empty ticket": {func(c *Config) { c.Hosts[0].Tickets = []string{""} }, `hosts[0].tickets[0]: is empty`},
		"a ticket twice": {
			func(c *Config) {
				c.Hosts[0].Tickets = []string{"t"}
				c.Hosts = append(c.Hosts, Host{WebExID: "b", Tickets: []string{"u", "t"}})
			}, `hosts[1].tickets[1]: is there twice`,
		},
		"a duration below a minute": {func(c *Config) { c.MaxDuration = 30 * time.Second }, `max-duration: 30s: expected a minute or more`},
		"several cookies": {
			func(c *Config) { c.Cookies = map[string]session.Attributes{"z": {}, "y": {}, "x": {}} }, `the site sets no cookie "x"`,
		},
		"several attributes": {
			func(c *Config) { c.Cookies = map[string]session.Attributes{"ticket": {"b;": "", "a;": "", "c;": ""}} }, `ticket: attribute "a;"`,
		},
		"a key":         {func(c *Config) { c.Meetings[0].Key = "12345678" }, `meetings[0].key: "12345678": expected nine digits`},
		"a key twice":   {func(c *Config) { c.Meetings = append(c.Meetings, c.Meetings[0]) }, `meetings[1].key: "100000001" is there twice`},
		"whose meeting": {func(c *Config) { c.Meetings[0].Host = "bob" }, `meetings[0].host: the site has no host "bob"`},
		"a meeting's service": {
			func(c *Config) { c.ServiceTypes, c.Meetings[0].ServiceType = []ServiceType{"MC"}, "TC" },
			`meetings[0].service-type: the site has no service "TC": expected MC`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			config := Config{
				Name: "acme", Hosts: []Host{{WebExID: "alice", Email: "a@x.example"}},
				Meetings: []MeetingConfig{{Key: "100000001", Host: "alice"}},
			}
			g.Expect(config.Validate()).To(Succeed())
			c.change(&config)
			g.Expect(config.Validate()).To(MatchError(ContainSubstring(c.want)))
			_, err := New(config, session.NewClock(time.Time{}), journal.Limits{})
			g.Expect(err).To(HaveOccurred())
		})
	}
}

func TestAllMistakesAreReportedAtOnce(t *testing.T) {
	g := NewWithT(t)
	config := Config{
		Name: "!", Redirect: "x", LockAfter: -1, Hosts: []Host{{WebExID: "alice", Email: "a@x.example"}, {WebExID: "alice", Email: "a@x.example"}},
		Meetings: []MeetingConfig{{Key: "1", Host: "bob", ServiceType: "XC"}},
	}
	err := config.Validate()
	for _, field := range []string{"name", "redirect", "lock-after", "hosts[1].webex-id", "hosts[1].email", "meetings[0].key", "meetings[0].host", "meetings[0].service-type"} {
		g.Expect(err).To(MatchError(ContainSubstring(field + ": ")))
	}
}

func TestASiteIDIsMadeFromTheName(t *testing.T) {
	g := NewWithT(t)
	ids := map[int]bool{}
	for _, name := range []string{"acme", "bravo", "charlie"} {
		c := Config{Name: name}
		g.Expect(c.siteID()).To(And(BeNumerically(">=", 100_000), BeNumerically("<", 1_000_000)))
		ids[c.siteID()] = true
	}
	g.Expect(ids).To(HaveLen(3))
}

// Whoever configured a site may go on using what it was configured with.
func TestASiteSharesNothingWithItsConfiguration(t *testing.T) {
	g := NewWithT(t)
	config := Config{
		Name: "acme", Cookies: map[string]session.Attributes{"ticket": {"SameSite": "None"}}, ServiceTypes: []ServiceType{TrainingCenter, EventCenter},
		Hosts:    []Host{{WebExID: "alice", Password: "secret", Tickets: []string{"once"}}},
		Meetings: []MeetingConfig{{Key: "100000001", Host: "alice", Name: "Weekly"}},
	}
	s, err := New(config, session.NewClock(time.Time{}), journal.Limits{})
	g.Expect(err).NotTo(HaveOccurred())
	want, before := fmt.Sprintf("%+v", s.Config), s.Cookies().Ticket

	config.Cookies["ticket"]["SameSite"] = "Strict"
	config.Cookies["JSESSIONID"] = session.Attributes{"Secure": "true"}
	config.ServiceTypes[0] = SupportCenter
	config.Hosts[0].WebExID, config.Hosts[0].Tickets[0] = "mallory", "again"
	config.Meetings[0].Key = "100000002"

	g.Expect(fmt.Sprintf("%+v", s.Config)).To(Equal(want))
	g.Expect(s.DefaultService()).To(Equal(TrainingCenter))
	g.Expect(s.SetProfile(session.Legacy)).To(Succeed())
	g.Expect(s.Cookies().Ticket).To(Equal(before))
}

func TestCookiesAreNamedAsTheSiteSetsThem(t *testing.T) {
	g := NewWithT(t)
	c := Config{Name: "acme"}
	c.Cookies = map[string]session.Attributes{fmt.Sprintf("CK_LanguageID_%d", c.siteID()): {"Secure": "false"}}
	g.Expect(c.Validate()).To(Succeed())
}

func TestKeysAreNeverGivenTwice(t *testing.T) {
	g := NewWithT(t)
	accounts := newAccounts([]Host{{WebExID: "alice"}}, 0)
	// The first key that would be given is taken already.
	m := newMeetings(&Config{Meetings: []MeetingConfig{{Key: "718033989", Host: "alice"}}}, accounts, time.Time{})
	seen := map[string]bool{"718033989": true}
	for range 10_000 {
		meeting, err := m.Schedule(0, MeetingSettings{})
		g.Expect(err).NotTo(HaveOccurred())
		if !meetingKey.MatchString(meeting.Key) || seen[meeting.Key] {
			t.Fatalf("key %q", meeting.Key)
		}
		seen[meeting.Key] = true
	}
}

func TestBrowsersAreBounded(t *testing.T) {
	g := NewWithT(t)
	b := newBrowsers()
	b.Choose("first", TrainingCenter)
	b.Choose("second", EventCenter)
	for range maxBrowsers - 1 {
		b.Choose(b.NewID(), SupportCenter)
	}
	g.Expect(b.service).To(HaveLen(maxBrowsers))
	g.Expect(b.ServiceType("first")).To(BeEmpty(), "the oldest goes first")
	g.Expect(b.ServiceType("second")).To(Equal(EventCenter))
	b.Forget("second")
	g.Expect(b.ServiceType("second")).To(BeEmpty())
	b.Forget("unknown")
	g.Expect(b.service).To(HaveLen(maxBrowsers))
}
