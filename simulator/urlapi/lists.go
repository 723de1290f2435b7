package urlapi

import (
	"strings"

	"github.com/cookiegate/cookiegate/simulator/site"
)

// mine are the meetings of the session's host.
func (c *call) mine() []site.Meeting { return c.site.Meetings.Of(c.user.Index) }

// myMeeting is the meeting MK, if it is the session's host's.
func (c *call) myMeeting() (site.Meeting, bool) {
	meeting, found := c.site.Meetings.Find(c.form.get("MK"))
	if !found || meeting.Owner != c.user.Index {
		c.remark(site.ErrNoMeeting.Error())
		return site.Meeting{}, false
	}
	return meeting, true
}

// listMeetings is LM.
func listMeetings(c *call) answer { return answer{page: meetingsPage(c.mine())} }

// listOpenMeetings is OM.
func listOpenMeetings(c *call) answer {
	var keys strings.Builder
	for _, m := range c.mine() {
		if m.Phase == site.InProgress {
			keys.WriteString(m.Key + ";")
		}
	}
	return answer{xml: "<Status>SUCCESS</Status><MeetingKeys>" + keys.String() + "</MeetingKeys>"}
}

// meetingDetails is MD.
func meetingDetails(c *call) answer {
	meeting, found := c.myMeeting()
	if !found {
		return fail(accessDenied)
	}
	return answer{page: detailsPage(meeting)}
}
