package site

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// The ways in which a meeting operation fails. Package urlapi has a reason code for each.
var (
	ErrNoMeeting       = errors.New("the host has no such meeting")
	ErrNotInProgress   = errors.New("the meeting is not in progress")
	ErrMeetingPassword = errors.New("no such meeting, or not its password, or not registered for it")
	ErrMeetingLocked   = errors.New("the host has locked the meeting")
	ErrTooManyMeetings = errors.New("the site holds no more meetings")
	ErrTooManyPeople   = errors.New("the meeting holds no more people")
)

// maxMeetings bounds what a site remembers.
const maxMeetings = 1_000_000

// MaxPeople bounds each list of people of a meeting.
const MaxPeople = 10_000

// Phase is where a meeting stands.
type Phase string

// The phases.
const (
	Scheduled  Phase = "scheduled"
	InProgress Phase = "in-progress"
	Ended      Phase = "ended"
)

// Meeting is a meeting as it was at one moment.
type Meeting struct {
	Key   string // nine digits
	Owner uint32 // index of the host's account
	Phase Phase
	// Room is the secret with which the pages of the meeting's room speak for it; whoever holds it needs no session.
	Room string
	MeetingSettings
	Attendees     []Person
	Presenters    []Person
	Registrations []Registration

	number uint64 // in the order in which meetings came to be
}

// MeetingSettings are what a host decides about a meeting.
type MeetingSettings struct {
	Name          string
	Password      string
	ServiceType   ServiceType
	Start         time.Time // UTC
	Duration      time.Duration
	TimeZone      int // number, as in TZ
	Listed        bool
	Registration  bool
	LoginRequired bool
	Locked        bool
}

// Person is somebody invited.
type Person struct{ Name, Email string }

// Registration is somebody registered, and the id to bring when joining.
type Registration struct {
	Person
	ID string
}

// Meetings are the meetings of a site. Safe for concurrent use.
type Meetings struct {
	mu      sync.Mutex
	byKey   map[string]*Meeting
	byOwner map[uint32][]*Meeting // each in the order in which they came to be
	added   uint64
	keys    uint64 // given out
}

// newMeetings are those of a configuration; they start now, as one does that is scheduled without a date.
func newMeetings(c *Config, accounts *Accounts, now time.Time) *Meetings {
	m := &Meetings{byKey: map[string]*Meeting{}, byOwner: map[uint32][]*Meeting{}}
	for _, one := range c.Meetings {
		meeting := &Meeting{
			Key: one.Key, Owner: accounts.Find(one.Host).Index, Phase: Scheduled, Room: rand.Text(),
			MeetingSettings: MeetingSettings{
				Name: one.Name, Password: one.Password, ServiceType: one.ServiceType, Start: now.UTC(), Duration: c.duration(), Listed: true,
				Registration: one.Registration, LoginRequired: one.LoginRequired, Locked: one.Locked,
			},
		}
		if meeting.ServiceType == "" {
			meeting.ServiceType = c.services()[0]
		}
		if one.InProgress {
			meeting.Phase = InProgress
		}
		m.add(meeting)
	}
	return m
}

// Schedule adds a meeting and gives it a key.
func (m *Meetings) Schedule(owner uint32, s MeetingSettings) (Meeting, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.byKey) >= maxMeetings {
		return Meeting{}, ErrTooManyMeetings
	}
	meeting := &Meeting{Key: m.newKey(), Owner: owner, Phase: Scheduled, Room: rand.Text(), MeetingSettings: s}
	m.add(meeting)
	return meeting.copy(), nil
}

// Edit changes a meeting of owner's.
func (m *Meetings) Edit(owner uint32, key string, edit func(*Meeting)) (Meeting, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	meeting := m.byKey[key]
	if meeting == nil || meeting.Owner != owner {
		return Meeting{}, ErrNoMeeting
	}
	edit(meeting)
	return meeting.copy(), nil
}

// Delete removes a meeting of owner's.
func (m *Meetings) Delete(owner uint32, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	meeting := m.byKey[key]
	if meeting == nil || meeting.Owner != owner {
		return ErrNoMeeting
	}
	delete(m.byKey, key)
	m.byOwner[owner] = slices.DeleteFunc(m.byOwner[owner], func(one *Meeting) bool { return one == meeting })
	return nil
}

// Host begins a meeting of owner's, or goes back into it. An ended one begins again.
func (m *Meetings) Host(owner uint32, key string) (Meeting, error) {
	return m.Edit(owner, key, func(meeting *Meeting) { meeting.Phase = InProgress })
}

// Entry is what somebody brings who joins.
type Entry struct {
	Key, Password, RegistrationID string
}

// Join lets an attendee in. Whether one must be logged in is for the caller to look at, in the meeting that is returned with every error
// but ErrMeetingPassword.
func (m *Meetings) Join(e Entry) (Meeting, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	meeting := m.byKey[e.Key]
	if meeting == nil || meeting.Password != e.Password ||
		meeting.Registration && !slices.ContainsFunc(meeting.Registrations, func(r Registration) bool { return r.ID == e.RegistrationID }) {
		return Meeting{}, ErrMeetingPassword
	}
	switch {
	case meeting.Phase != InProgress:
		return meeting.copy(), ErrNotInProgress
	case meeting.Locked:
		return meeting.copy(), ErrMeetingLocked
	}
	return meeting.copy(), nil
}

// Register registers somebody for a meeting and returns the registration.
func (m *Meetings) Register(key string, p Person) (Registration, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	meeting := m.byKey[key]
	if meeting == nil {
		return Registration{}, ErrNoMeeting
	}
	if len(meeting.Registrations) >= MaxPeople {
		return Registration{}, ErrTooManyPeople
	}
	r := Registration{Person: p, ID: fmt.Sprintf("%s%04d", key, len(meeting.Registrations)+1)}
	meeting.Registrations = append(meeting.Registrations, r)
	return r, nil
}

// InRoom changes a meeting on the word of a page of its room.
func (m *Meetings) InRoom(key, room string, change func(*Meeting)) (Meeting, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	meeting := m.byKey[key]
	if meeting == nil || meeting.Room != room {
		return Meeting{}, ErrNoMeeting
	}
	change(meeting)
	return meeting.copy(), nil
}

// Find is the meeting of that key.
func (m *Meetings) Find(key string) (Meeting, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	meeting := m.byKey[key]
	if meeting == nil {
		return Meeting{}, false
	}
	return meeting.copy(), true
}

// Of are the meetings of owner's, in the order in which they came to be.
func (m *Meetings) Of(owner uint32) []Meeting {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := make([]Meeting, 0, len(m.byOwner[owner]))
	for _, meeting := range m.byOwner[owner] {
		list = append(list, meeting.copy())
	}
	return list
}

// List are the meetings that match, in the order in which they came to be.
func (m *Meetings) List(match func(*Meeting) bool) []Meeting {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []Meeting
	for _, meeting := range m.byKey {
		if match(meeting) {
			list = append(list, meeting.copy())
		}
	}
	slices.SortFunc(list, func(a, b Meeting) int { return cmp.Compare(a.number, b.number) })
	return list
}

func (m *Meetings) add(meeting *Meeting) {
	m.added++
	meeting.number = m.added
	m.byKey[meeting.Key] = meeting
	m.byOwner[meeting.Owner] = append(m.byOwner[meeting.Owner], meeting)
}

// newKey walks through the nine-digit numbers in a fixed, scattered order: no two meetings get the same key, and every run the same ones.
func (m *Meetings) newKey() string {
	const lowest, span, stride = 100_000_000, 900_000_000, 618_033_989 // the stride shares no divisor with the span
	for {
		m.keys++
		key := fmt.Sprint(lowest + m.keys*stride%span)
		if m.byKey[key] == nil {
			return key
		}
	}
}

func (m *Meeting) copy() Meeting {
	c := *m
	c.Attendees, c.Presenters, c.Registrations = slices.Clone(m.Attendees), slices.Clone(m.Presenters), slices.Clone(m.Registrations)
	return c
}
