package urlapi

import (
	"errors"
	"strings"

	"github.com/cookiegate/cookiegate/simulator/site"
)

// numeric says whether MK is a number.
func numeric(key string) bool { return key != "" && strings.Trim(key, "0123456789") == "" }

// barred says whether the site lets this caller in at all.
func (c *call) barred() bool { return c.site.Config.LoginRequired && !c.live() }

// joinMeeting is JM.
func joinMeeting(c *call) answer {
	key := c.form.get("MK")
	switch {
	case c.barred():
		c.remark("the site requires login before access")
		return fail(accessDenied)
	case !numeric(key):
		return fail(invalidFormat)
	case len(key) != 9:
		return fail(invalidKey)
	}
	meeting, err := c.site.Meetings.Join(site.Entry{Key: key, Password: c.form.get("PW"), RegistrationID: c.form.get("RID")})
	switch {
	case errors.Is(err, site.ErrMeetingPassword):
		return fail(invalidKeyOrPassword)
	case meeting.LoginRequired && !c.live():
		return fail(loginRequired)
	case errors.Is(err, site.ErrNotInProgress):
		return fail(notInProgress)
	case errors.Is(err, site.ErrMeetingLocked):
		return fail(meetingLocked)
	}
	r := newRoom(c, c.at, meeting)
	r.Attendee = c.form.get("AN")
	return answer{page: roomPage(r)}
}

// meetingOf finds the meeting of a command that needs no session.
func (c *call) meetingOf() (site.Meeting, string) {
	key := c.form.get("MK")
	if c.barred() {
		c.remark("the site requires login before access")
		return site.Meeting{}, accessDenied
	}
	if !numeric(key) {
		return site.Meeting{}, invalidFormat
	}
	meeting, found := c.site.Meetings.Find(key)
	if !found {
		c.remark("there is no such meeting")
		return site.Meeting{}, invalidFormat
	}
	return meeting, ""
}

// registrationForm is GF.
func registrationForm(c *call) answer {
	meeting, reason := c.meetingOf()
	if reason != "" {
		return fail(reason)
	}
	return answer{page: registrationPage(meeting, c.back)}
}

// register is RM.
func register(c *call) answer {
	meeting, reason := c.meetingOf()
	if reason != "" {
		return fail(reason)
	}
	p := site.Person{Name: strings.TrimSpace(c.form.get("FN") + " " + c.form.get("LN")), Email: strings.Clone(c.form.get("EM"))}
	if _, err := c.site.Meetings.Register(meeting.Key, p); err != nil {
		c.remark(err.Error())
		return fail(invalidFormat) // deleted meanwhile, or full
	}
	return answer{}
}

// recordingEntry is CR.
func recordingEntry(c *call) answer {
	if !numeric(c.form.get("MK")) {
		return fail(invalidFormat)
	}
	return answer{}
}
