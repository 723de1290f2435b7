package control

import (
	"net/http"
	"strconv"
	"time"

	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/simulator/site"
)

// Session is a live session.
type Session struct {
	Site    string    `json:"site"`
	ID      uint64    `json:"id"`   // 1, 2, … in the order of login; a rotated ticket gives its session the next
	Host    string    `json:"host"` // its owner's WebEx ID
	Created time.Time `json:"created"`
	Used    time.Time `json:"used"`    // the last activity
	Expires time.Time `json:"expires"` // at that moment it still lives
	TTL     Duration  `json:"ttl"`     // until then
}

// Sessions are the live sessions of a site, those that expire first, first.
type Sessions struct {
	Sessions []Session `json:"sessions"`
	Total    int       `json:"total"` // also of those that a limit left out
}

// owner names the host whose sessions are meant; "" for everybody's.
type owner struct {
	Host string `json:"host,omitempty"`
}

// Ended says how many sessions were ended.
type Ended struct {
	Ended int `json:"ended"`
}

// sessionsOf are the sessions of a site that expire first, at most n.
func sessionsOf(s *site.Site, now time.Time, n int) []Session {
	list := []Session{}
	for _, one := range s.Sessions.Next(n) {
		host := ""
		if account := s.Accounts.Owner(one.Owner); account != nil {
			host = account.WebExID
		}
		list = append(list, Session{
			Site: s.Config.Name, ID: one.ID, Host: host, Created: one.Created, Used: one.Used, Expires: one.Expires,
			TTL: Duration(one.Expires.Sub(now)),
		})
	}
	return list
}

// accountNamed is the account of the host that a body or a query names; nil where it names none.
func accountNamed(s *site.Site, host string) (*site.Account, error) {
	if host == "" {
		return nil, nil
	}
	account := s.Accounts.Find(host)
	if account == nil {
		return nil, invalid("host", "the WebEx ID of an account", "the site %s has no account %q", s.Config.Name, host)
	}
	return account, nil
}

func (a *API) listSessions(r *http.Request) (any, error) {
	s, err := a.siteOf(r)
	if err != nil {
		return nil, err
	}
	q := query{r: r}
	host, limit := q.text("host"), q.number("limit", 1000)
	if err := q.err(); err != nil {
		return nil, err
	}
	if _, err := accountNamed(s, host); err != nil {
		return nil, err
	}
	found := Sessions{Sessions: []Session{}, Total: s.Sessions.Len()}
	if host == "" {
		found.Sessions = sessionsOf(s, s.Clock.Now(), limit)
		return found, nil
	}
	found.Total = 0
	for _, one := range sessionsOf(s, s.Clock.Now(), s.Sessions.Len()) {
		if one.Host == host {
			if found.Total++; found.Total <= limit {
				found.Sessions = append(found.Sessions, one)
			}
		}
	}
	return found, nil
}

func (a *API) expireSessions(r *http.Request) (any, error) {
	return a.endSessions(r, session.IdleExpired)
}
func (a *API) revokeSessions(r *http.Request) (any, error) { return a.endSessions(r, session.Revoked) }
func (a *API) expireSession(r *http.Request) (any, error) {
	return a.endSession(r, session.IdleExpired)
}
func (a *API) revokeSession(r *http.Request) (any, error) { return a.endSession(r, session.Revoked) }

// endSessions ends those of a host, or all of a site.
func (a *API) endSessions(r *http.Request, reason session.State) (any, error) {
	s, err := a.siteOf(r)
	if err != nil {
		return nil, err
	}
	whose, err := read[owner](r)
	if err != nil {
		return nil, err
	}
	account, err := accountNamed(s, whose.Host)
	if err != nil {
		return nil, err
	}
	return Ended{s.Sessions.EndEach(func(one session.Session) bool { return account == nil || one.Owner == account.Index }, reason)}, nil
}

func (a *API) endSession(r *http.Request, reason session.State) (any, error) {
	s, err := a.siteOf(r)
	if err != nil {
		return nil, err
	}
	id, err := strconv.ParseUint(r.PathValue("session"), 10, 64)
	if err != nil {
		return nil, invalid("session", "the number of a session", "%q is no number", r.PathValue("session"))
	}
	if !s.Sessions.EndID(id, reason) {
		return nil, notFound("the site %s has no live session %d", s.Config.Name, id)
	}
	return Ended{1}, nil
}
