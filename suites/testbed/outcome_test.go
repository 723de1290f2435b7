package testbed

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/simulator/journal"
)

func TestDecide(t *testing.T) {
	login := journal.Entry{Page: "p.php", Command: "LI", Result: journal.Success, User: "alice"}
	again := journal.Entry{Page: "p.php", Command: "LI", Result: journal.Fail, Reason: "AlreadyLogon"}
	schedule := journal.Entry{Page: "m.php", Command: "SM", Result: journal.Success, User: "alice"}
	host := journal.Entry{Page: "m.php", Command: "HM", Result: journal.Success, User: "alice"}
	bobs := journal.Entry{Page: "m.php", Command: "HM", Result: journal.Success, User: "bob"}
	noSchedule := journal.Entry{Page: "m.php", Command: "SM", Result: journal.Fail, Reason: "AccessDenied"}
	noHost := journal.Entry{Page: "m.php", Command: "HM", Result: journal.Fail, Reason: "AccessDenied"}
	noKey := journal.Entry{Page: "m.php", Command: "HM", Result: journal.Fail, Reason: "InvalidMeetingKey"}
	list := journal.Entry{Page: "m.php", Command: "LM", Result: journal.Success, User: "alice"}
	noList := journal.Entry{Page: "m.php", Command: "LM", Result: journal.Fail, Reason: "AccessDenied"}
	noDelete := journal.Entry{Page: "m.php", Command: "DM", Result: journal.Fail, Reason: "InvalidMeetingKey", User: "alice"}
	join := journal.Entry{Page: "m.php", Command: "JM", Result: journal.Success}

	for name, c := range map[string]struct {
		entries []journal.Entry
		want    Outcome
		decided bool
	}{
		"nothing was asked":                            {nil, Stuck, false},
		"a login proves nothing":                       {[]journal.Entry{login}, Stuck, false},
		"an attendee needs no session":                 {[]journal.Entry{login, join}, Stuck, false},
		"the goal is accepted":                         {[]journal.Entry{login, schedule, host}, Works, true},
		"the goal is accepted, and so is another":      {[]journal.Entry{login, host, list}, Works, true},
		"the goal is accepted, another makes no sense": {[]journal.Entry{login, host, noDelete}, Works, true},
		"the goal is accepted, another is refused":     {[]journal.Entry{login, host, noList}, AccessDenied, true},
		"the goal fails, another is accepted":          {[]journal.Entry{login, noKey, list}, Stuck, true},
		"in somebody else's session, and another":      {[]journal.Entry{again, bobs, list}, WrongUser, true},
		"in somebody else's session":                   {[]journal.Entry{again, bobs}, WrongUser, true},
		"the goal is refused":                          {[]journal.Entry{login, schedule, noHost}, AccessDenied, true},
		"a command on the way is refused":              {[]journal.Entry{login, noSchedule}, AccessDenied, true},
		"refused, then cured by a new login":           {[]journal.Entry{login, noHost, login, host}, Works, true},
		"accepted, then refused after idle time":       {[]journal.Entry{login, host, noHost}, AccessDenied, true},
		"on the way, but not there":                    {[]journal.Entry{login, schedule}, Stuck, true},
		"refused for a reason that is not a cookie":    {[]journal.Entry{login, noKey}, Stuck, true},
		"accepted each time but the last":              {[]journal.Entry{login, host, login, host, login, noHost}, AccessDenied, true},
		"logins without end":                           {[]journal.Entry{login, noHost, login, noHost, login, noHost}, LoginLoop, true},
		"logins without end and without a command":     {[]journal.Entry{login, login, login}, LoginLoop, false},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			got, decided := Decide(c.entries, "HM", "alice")
			g.Expect(got).To(Equal(c.want))
			g.Expect(decided != nil).To(Equal(c.decided))
		})
	}
	got, _ := Decide([]journal.Entry{join}, "JM", "alice")
	NewWithT(t).Expect(got).To(Equal(Works), "an attendee's goal needs nobody's session")
}
