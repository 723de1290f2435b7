package urlapi

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/cookiegate/cookiegate/simulator/site"
)

// schedule is SM.
func schedule(c *call) answer {
	if c.form.get("MN") == "" {
		c.remark("MN is missing")
		return fail(scheduleFail)
	}
	meeting, reason := c.newMeeting()
	if reason != "" {
		return fail(reason)
	}
	return meetingAnswer(meeting.Key)
}

// newMeeting schedules the meeting that the parameters describe, for the host of the session.
func (c *call) newMeeting() (site.Meeting, string) {
	settings := site.MeetingSettings{Name: c.form.get("MN"), ServiceType: c.service(), Start: c.now.UTC(), Duration: c.site.DefaultDuration()}
	if reason := c.readSettings(&settings); reason != "" {
		return site.Meeting{}, reason
	}
	meeting, err := c.site.Meetings.Schedule(c.user.Index, settings)
	if err != nil {
		c.remark(err.Error())
		return site.Meeting{}, scheduleFail
	}
	return meeting, ""
}

// editMeeting is EM. What does not come stays as it is, and where something is wrong, all does.
func editMeeting(c *call) answer {
	reason := ""
	meeting, err := c.site.Meetings.Edit(c.user.Index, c.form.get("MK"), func(m *site.Meeting) {
		settings := m.MeetingSettings
		if reason = c.readSettings(&settings); reason == "" {
			m.MeetingSettings = settings
		}
	})
	if err != nil {
		c.remark(err.Error())
		return fail(invalidKey)
	}
	if reason != "" {
		return fail(reason)
	}
	return meetingAnswer(meeting.Key)
}

// deleteMeeting is DM.
func deleteMeeting(c *call) answer {
	key := c.form.get("MK")
	if err := c.site.Meetings.Delete(c.user.Index, key); err != nil {
		c.remark(err.Error())
		return fail(invalidKey)
	}
	return meetingAnswer(key)
}

func meetingAnswer(key string) answer { return answer{fields: []field{{"MK", key}}} }

// readSettings changes what the parameters say of a meeting. The reason is "" when they are right.
func (c *call) readSettings(s *site.MeetingSettings) string {
	replace(&s.Name, c.form.get("MN"))
	replace(&s.Password, c.form.get("PW"))
	if lf := c.form.get("LF"); lf != "" {
		s.Listed = lf == "1"
	}
	minutes := int(s.Duration / time.Minute)
	year, month, day := s.Start.Date()
	mo, hour, minute := int(month), s.Start.Hour(), s.Start.Minute()
	dated := false
	for _, n := range []struct {
		key  string
		into *int
	}{{"YE", &year}, {"MO", &mo}, {"DA", &day}, {"HO", &hour}, {"MI", &minute}, {"DU", &minutes}, {"TZ", &s.TimeZone}} {
		text := c.form.get(n.key)
		if text == "" {
			continue
		}
		value, err := strconv.Atoi(text)
		if err != nil && !errors.Is(err, strconv.ErrRange) || value < 0 { // one beyond the range is a number all the same, and the largest there is
			c.remark(fmt.Sprintf("%s is not a number", n.key))
			return scheduleFail
		}
		*n.into = value
		dated = dated || n.key != "DU" && n.key != "TZ"
	}
	if dated {
		s.Start = time.Date(year, time.Month(mo), day, hour, minute, 0, 0, time.UTC)
		y, m, d := s.Start.Date()
		const last = 9999 // the control API could not write a later year
		if y > last || y != year || int(m) != mo || d != day || s.Start.Hour() != hour || s.Start.Minute() != minute {
			c.remark("YE MO DA HO MI is no date and time")
			return scheduleFail
		}
	}
	switch {
	case minutes == 0:
		c.remark("DU is zero")
		return scheduleFail
	case minutes > int(c.site.MaxDuration()/time.Minute):
		return durationExceeded
	case c.site.Config.NoTeleconference && c.form.get("TC") != "" && c.form.get("TC") != "0":
		return lineReserveFail
	}
	s.Duration = time.Duration(minutes) * time.Minute
	return ""
}

// service is the service type of what follows in this browser session.
func (c *call) service() site.ServiceType {
	if t := c.site.Browsers.ServiceType(c.browserCame()); t != "" {
		return t
	}
	return c.site.DefaultService()
}

// hostMeeting is HM. What was hosted is the browser session's service type from then on, where it had chosen none.
func hostMeeting(c *call) answer {
	meeting, found := c.myMeeting()
	if !found {
		return fail(accessDenied)
	}
	if id := c.browserCame(); id != "" {
		switch c.site.Browsers.ServiceType(id) {
		case "":
			c.site.Browsers.Choose(id, meeting.ServiceType)
		case meeting.ServiceType:
		default:
			return fail(noTypeSupport)
		}
	}
	return c.enter(meeting.Key)
}

// instantMeeting is IM.
func instantMeeting(c *call) answer {
	meeting, reason := c.newMeeting()
	if reason != "" {
		return fail(reason)
	}
	return c.enter(meeting.Key)
}

// enter begins a meeting and shows its room.
func (c *call) enter(key string) answer {
	meeting, err := c.site.Meetings.Host(c.user.Index, key)
	if errors.Is(err, site.ErrNoMeeting) {
		c.remark(err.Error()) // deleted meanwhile
		return fail(accessDenied)
	}
	return answer{page: roomPage(newRoom(c, c.at, meeting))}
}
