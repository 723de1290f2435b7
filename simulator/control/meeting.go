package control

import (
	"net/http"
	"slices"
	"time"

	"github.com/cookiegate/cookiegate/internal/wording"
	"github.com/cookiegate/cookiegate/simulator/site"
)

// Meeting is a meeting.
type Meeting struct {
	Key           string           `json:"key"`
	Host          string           `json:"host"` // WebEx ID
	Name          string           `json:"name"`
	Phase         site.Phase       `json:"phase"`
	ServiceType   site.ServiceType `json:"serviceType"`
	Start         time.Time        `json:"start,omitzero"`
	Duration      Duration         `json:"duration"`
	Listed        bool             `json:"listed"`
	Registration  bool             `json:"registration"`
	LoginRequired bool             `json:"loginRequired"`
	Locked        bool             `json:"locked"`
	Attendees     int              `json:"attendees"`
	Presenters    int              `json:"presenters"`
	Registered    int              `json:"registered"`
}

// MeetingChange is what is to be changed of a meeting; the zero value of a field leaves it as it is.
type MeetingChange struct {
	Phase  site.Phase `json:"phase,omitempty"`
	Locked *bool      `json:"locked,omitempty"`
}

func describeMeeting(s *site.Site, m site.Meeting) Meeting {
	host := ""
	if account := s.Accounts.Owner(m.Owner); account != nil {
		host = account.WebExID
	}
	return Meeting{
		Key: m.Key, Host: host, Name: m.Name, Phase: m.Phase, ServiceType: m.ServiceType, Start: m.Start, Duration: Duration(m.Duration),
		Listed: m.Listed, Registration: m.Registration, LoginRequired: m.LoginRequired, Locked: m.Locked,
		Attendees: len(m.Attendees), Presenters: len(m.Presenters), Registered: len(m.Registrations),
	}
}

func (a *API) listMeetings(r *http.Request) (any, error) {
	s, err := a.siteOf(r)
	if err != nil {
		return nil, err
	}
	list := []Meeting{}
	for _, one := range s.Meetings.List(func(*site.Meeting) bool { return true }) {
		list = append(list, describeMeeting(s, one))
	}
	return list, nil
}

func (a *API) changeMeeting(r *http.Request) (any, error) {
	s, err := a.siteOf(r)
	if err != nil {
		return nil, err
	}
	change, err := read[MeetingChange](r)
	if err != nil {
		return nil, err
	}
	phases := []site.Phase{site.Scheduled, site.InProgress, site.Ended}
	if change.Phase != "" && !slices.Contains(phases, change.Phase) {
		return nil, invalid("phase", wording.OneOf(phases), "unknown phase %q", change.Phase)
	}
	meeting, found := s.Meetings.Find(r.PathValue("key"))
	if !found {
		return nil, notFound("the site %s has no meeting %q", s.Config.Name, r.PathValue("key"))
	}
	meeting, err = s.Meetings.Edit(meeting.Owner, meeting.Key, func(m *site.Meeting) {
		if change.Phase != "" {
			m.Phase = change.Phase
		}
		set(&m.Locked, change.Locked)
	})
	if err != nil {
		return nil, err
	}
	return describeMeeting(s, meeting), nil
}
