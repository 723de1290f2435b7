package urlapi

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/simulator/session"
)

// Intervention changes how one command is answered, as a fault or a script asks for. The zero value changes nothing.
type Intervention struct {
	// Delay is how long the answer is held back, by the machine's time.
	Delay time.Duration
	// Cut closes the connection instead of answering. The command is not run, but the request counts as activity of its session.
	Cut bool
	// Status answers with this HTTP status and no page. The command is not run; as for Cut.
	Status int
	// Reason answers FAIL with this reason. The command is not run.
	Reason string
	// Cookies changes attributes of the cookies that this answer sets, by cookie name, on top of profile and configuration. A cookie that the site
	// does not set is ignored.
	Cookies map[string]session.Attributes
	// Ticket does something to the ticket that this answer would issue.
	Ticket TicketFault
}

// Clone is a copy that shares nothing with i.
func (i Intervention) Clone() Intervention {
	i.Cookies = session.CloneOverrides(i.Cookies)
	return i
}

// TicketFault is what happens to a ticket.
type TicketFault string

// The ticket faults.
const (
	DropTicket   TicketFault = "drop"   // the answer does not set it
	RotateTicket TicketFault = "rotate" // the session goes on under a new one, which the answer sets; the old one is dead
)

// Attempt is a command about to be answered.
type Attempt struct {
	Site    string
	Page    string
	Command string        // AT, as it came
	Request *http.Request // its form can be read
}

// Intervener looks at every command before it is answered and returns nil to let it be.
type Intervener func(Attempt) *Intervention

// intervene does what can be done before the command and says whether the command is still to be answered.
func (c *call) intervene(i *Intervention) bool {
	if i == nil {
		return true
	}
	switch {
	case i.Cut:
		c.remark("scripted: connection cut")
	case i.Status != 0:
		c.remark(fmt.Sprintf("scripted: status %d", i.Status))
	default:
		c.remark("scripted")
	}
	if i.Delay > 0 {
		timer := time.NewTimer(i.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-c.r.Context().Done():
		}
	}
	if len(i.Cookies) > 0 {
		c.changeCookies(i.Cookies)
	}
	c.ticketFault = i.Ticket
	if !i.Cut && i.Status == 0 {
		return true
	}
	c.identifyCaller()
	if i.Cut {
		c.write("", "")
		panic(http.ErrAbortHandler)
	}
	c.header(htmlType)
	c.w.WriteHeader(i.Status)
	c.write("", "")
	return false
}

// changeCookies has this answer set its cookies with other attributes.
func (c *call) changeCookies(changes map[string]session.Attributes) {
	merged := session.CloneOverrides(c.site.Config.Cookies)
	if merged == nil {
		merged = map[string]session.Attributes{}
	}
	for _, k := range c.jar.All() {
		if change := changes[k.Name]; change != nil {
			if merged[k.Name] == nil {
				merged[k.Name] = session.Attributes{}
			}
			for name := range change { // in whatever letter case the configuration has it
				maps.DeleteFunc(merged[k.Name], func(configured, _ string) bool { return strings.EqualFold(configured, name) })
			}
			maps.Copy(merged[k.Name], change)
		}
	}
	jar, err := c.site.CookiesWith(merged)
	if err != nil {
		c.remark("its cookies are as ever: " + err.Error())
		return
	}
	c.jar = jar
}
