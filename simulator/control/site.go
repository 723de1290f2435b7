package control

import (
	"net/http"

	"github.com/cookiegate/cookiegate/internal/wording"
	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/simulator/site"
)

// Site is a site as it runs.
type Site struct {
	Name      string          `json:"name"`
	Address   string          `json:"address"` // https://NAME.webex.com/NAME/
	Profile   session.Profile `json:"profile"` // of its cookies, now
	IdleLimit Duration        `json:"idleLimit"`
	Accounts  int             `json:"accounts"`
	Meetings  int             `json:"meetings"`
	Sessions  int             `json:"sessions"`
	// Cookies are those that the site sets, with the attributes that they have now.
	Cookies []Cookie        `json:"cookies"`
	Journal JournalPosition `json:"journal"`
}

// Cookie is a cookie without a value.
type Cookie struct {
	Name       string `json:"name"`
	Attributes string `json:"attributes"` // as on the wire: "Path=/; Secure"
}

// JournalPosition says how far a site's journal has come, and what it no longer holds.
type JournalPosition struct {
	Site    string          `json:"site"`
	Last    uint64          `json:"last"` // sequence number of the newest entry, 0 for none
	Dropped journal.Dropped `json:"dropped"`
}

func (a *API) siteOf(r *http.Request) (*site.Site, error) { return a.server.Site(r.PathValue("site")) }

func (a *API) listSites(*http.Request) (any, error) { return a.sites(), nil }

func (a *API) sites() []Site {
	list := []Site{}
	for _, name := range a.server.Sites() {
		if s, err := a.server.Site(name); err == nil { // else removed meanwhile
			list = append(list, describeSite(s))
		}
	}
	return list
}

func (a *API) getSite(r *http.Request) (any, error) {
	s, err := a.siteOf(r)
	if err != nil {
		return nil, err
	}
	return describeSite(s), nil
}

func describeSite(s *site.Site) Site {
	name := s.Config.Name
	meetings := 0
	s.Meetings.List(func(*site.Meeting) bool { meetings++; return false }) // counted without copying any
	d := Site{
		Name: name, Address: "https://" + name + "." + session.Domain + "/" + name + "/",
		Profile: s.Profile(), IdleLimit: Duration(s.Sessions.IdleLimit()),
		Accounts: len(s.Accounts.List()), Meetings: meetings, Sessions: s.Sessions.Len(),
		Journal: position(name, s.Journal),
	}
	jar := s.Cookies()
	for _, c := range jar.All() {
		if c != jar.CSRF || s.Config.CSRF {
			d.Cookies = append(d.Cookies, Cookie{c.Name, c.Attributes})
		}
	}
	return d
}

func position(name string, j *journal.Journal) JournalPosition {
	return JournalPosition{Site: name, Last: j.Last(), Dropped: j.Dropped()}
}

type profile struct {
	Profile session.Profile `json:"profile"`
}

func (a *API) setProfile(r *http.Request) (any, error) {
	s, err := a.siteOf(r)
	if err != nil {
		return nil, err
	}
	to, err := read[profile](r)
	if err != nil {
		return nil, err
	}
	if to.Profile == "" || to.Profile.Validate() != nil {
		return nil, invalid("profile", wording.OneOf(session.Profiles()), "unknown cookie profile %q", to.Profile)
	}
	if err := s.SetProfile(to.Profile); err != nil {
		return nil, err
	}
	return describeSite(s), nil
}

// reset is what POST /reset takes.
type reset struct {
	Site string `json:"site,omitempty"` // "" for all
}

// Reset says which sites were put back to their configuration.
type Reset struct {
	Reset []string `json:"reset"`
}

func (a *API) reset(r *http.Request) (any, error) {
	which, err := read[reset](r)
	if err != nil {
		return nil, err
	}
	names := []string{which.Site}
	if which.Site == "" {
		names = a.server.Sites()
		err = a.server.ResetAll()
	} else {
		err = a.server.Reset(which.Site)
	}
	if err != nil {
		return nil, err
	}
	a.faults.Clear(which.Site)
	return Reset{names}, nil
}
