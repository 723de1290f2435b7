package repro

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/suites/intake"
)

// Questions to whoever made a recording.
const (
	whoAsk     = "Who is logged in at Webex in this browser before the portal is opened: the host himself, or somebody else? The site's own page shows the name."
	stoppedAsk = "Did the recording go on after the login page, and what did the window show then?"
)

// fromSequence takes from the recording the addresses and the symptom, where the report does not say them.
func (c *Complaint) fromSequence() {
	s := c.Sequence
	if len(s.Calls) == 0 {
		c.find(intake.Missing, "har", "No command of the URL API was found in the HAR file: it does not show what happened at the Webex site.",
			"Can it be recorded again, from before the login until it fails, with the log preserved from page to page?")
		return
	}
	for i, call := range s.Calls {
		hop := s.Hops[call.Hop]
		if i == 0 && hop.Host != "" {
			c.believeSite(hop.Host)
		}
		if u, err := url.Parse(hop.Command.Back); err == nil && c.Portal == "" && u.Scheme == "https" && u.Host != "" {
			c.Portal = u.Scheme + "://" + u.Host
		}
	}
	switch shown := symptomOf(s); {
	case c.Outcome == "":
		c.Outcome = shown
		if shown != "" {
			c.answered("symptom")
		}
		if shown == fixtures.Works {
			what := "the host's command is accepted: it does not show a failure."
			if _, i, refused := s.Denied(); refused {
				what = s.Calls[i].AT + " is refused first, and the host's command is accepted in the end: it does not show a failure that lasts."
			}
			c.find(intake.Note, "har", "In the HAR file "+what, "Can it be recorded again, when it fails?")
		}
	case shown == "" && c.Outcome != fixtures.WrongUser && hosted(s), shown == fixtures.Works && !(c.Outcome == fixtures.WrongUser && beginsLate(s)):
		c.find(intake.Contradiction, "symptom", fmt.Sprintf("The report says %s, and in the HAR file the host's command is accepted.", c.Outcome),
			"Can it be recorded again, when it fails?")
	}
	c.believeStyle()
	c.believeCookies()
	c.believeIdle()
	c.believeSetting()
	c.believeAccess()
	c.otherRefusals()
	if beginsLate(s) {
		c.find(intake.Missing, "har", fmt.Sprintf("The HAR file begins with %s: it does not show whether anybody had logged in before.", s.Calls[0].AT),
			"Can it be recorded again, from before the login until it fails?")
	}
	if alreadyIn(s) == unknowns && c.Outcome != fixtures.WrongUser {
		c.find(intake.Missing, "har", "In the HAR file the login is answered AlreadyLogon: somebody is logged in at the site in this browser, and it does not show who. "+
			"Where it is the host himself, by an earlier login or in another tab, nothing is wrong with that; where it is somebody else, the meeting is hosted in that person's name.", whoAsk)
	}
	if stopsShort(s) {
		c.find(intake.Missing, "har", fmt.Sprintf("After %s the HAR file shows no other page or command, not even the one that the answer sends the browser to: scripts may be blocked, or the recording was stopped there.", s.Calls[len(s.Calls)-1].AT),
			stoppedAsk)
	}
	if s.Cookies == intake.CookiesRemoved {
		c.find(intake.Note, "har", "The HAR file was sanitized: it shows no cookies. The answers tell enough for a diagnosis, a less certain one.",
			"Can the recording be exported with sensitive data? In Chrome: the arrow beside the export button of the Network panel. It then holds passwords and tickets: send it with care.")
	}
}

// believeStyle takes from the recording where the commands were sent from.
func (c *Complaint) believeStyle() {
	if said := c.Integration; said != "" && !c.mayBe(said) {
		c.find(intake.Contradiction, "style", fmt.Sprintf("The report says %s, and the login in the HAR file was sent from elsewhere, which is believed.", said),
			"Is the HAR file of this complaint, and recorded from before the login?")
		c.Integration = ""
	}
	if c.showsStyle() {
		c.answered("style")
	}
}

// showsStyle says whether the recording tells where a command was sent from: older browsers and proxies do not.
func (c *Complaint) showsStyle() bool {
	return c.Sequence != nil && slices.ContainsFunc(c.Sequence.Calls, func(call intake.Call) bool { return call.Where != intake.Unknown })
}

// believeCookies takes from the recording how the site sets its ticket.
func (c *Complaint) believeCookies() {
	shown := recordedProfile(c.Sequence)
	if said := c.Profile; said != "" && shown != "" && said != string(shown) {
		c.find(intake.Contradiction, "cookies", fmt.Sprintf("The report says that the site's cookies are %s, and in the HAR file the ticket is set as %s, which is believed.", said, shown),
			"Has the site been changed since?")
	}
	c.Profile = cmp.Or(string(shown), c.Profile)
}

// believeSetting drops a setting under which the ticket would not have come along as the recording shows it.
func (c *Complaint) believeSetting() {
	if c.Policy != "block-third-party" && c.Policy != "block-all" || c.Profile == string(session.Partitioned) {
		return
	}
	for _, call := range c.Sequence.Calls {
		hop := c.Sequence.Hops[call.Hop]
		third := hop.FetchSite == "cross-site" && (call.Where == intake.Frame || call.Where == intake.Fetch)
		sent := slices.ContainsFunc(hop.Returned, func(k network.Cookie) bool { return k.Name == session.TicketName })
		if sent && (third || c.Policy == "block-all") {
			c.find(intake.Contradiction, "setting", fmt.Sprintf("The report says %s, and in the HAR file the ticket comes along with %s, which is believed.", c.Policy, call.AT),
				"Was the setting changed before the recording, or is there an exception for the site?")
			c.Policy = ""
			return
		}
	}
}

// believeAccess drops a setting, said or exported, under which Chromium would not have said of the site's frames what it does in the recording: whether
// cookies that are not partitioned reach them.
func (c *Complaint) believeAccess() {
	if c.Engine != browsers.Chromium {
		return
	}
	says, expected := "The report says "+c.Policy, map[string]string{"block-third-party": "none", "block-all": "none", "browser-default": "active", "allow-third-party": "active"}[c.Policy]
	exported := c.exportedAccess()
	if exported != "" {
		says, expected = map[string]string{"active": "The exported settings let cookies into the site's frames", "none": "The exported settings keep cookies from the site's frames"}[exported], exported
	}
	for _, call := range c.Sequence.Calls {
		said := c.Sequence.Hops[call.Hop].StorageAccess
		if expected == "" || said == "" || (said == "active") == (expected == "active") {
			continue
		}
		does := "keeps cookies from the site's frames"
		if said == "active" {
			does = "lets cookies into the site's frames"
		}
		told := fmt.Sprintf("%s, and in the HAR file the browser %s (Sec-Fetch-Storage-Access: %s), which is believed.", says, does, said)
		if exported != "" {
			c.find(intake.Contradiction, "setting", told, "Are both from the same browser and profile, and which of them is the newer?")
			c.Settings, c.Untranslated = nil, nil
			c.believeAccess() // what the report says of it may be so
			return
		}
		c.find(intake.Contradiction, "setting", told, "What does the browser show under third-party cookies, and is there a policy (chrome://policy, edge://policy)?")
		c.Policy = ""
		return
	}
}

// exportedAccess is what Chromium says of the site's frames by the exported settings alone, "active" or "none"; empty where they do not decide it.
func (c *Complaint) exportedAccess() string {
	if c.Settings == nil || c.Settings.Policy.InternetExplorer != nil {
		return ""
	}
	bases := []policy.Base{c.Settings.Policy.Base}
	if !c.settingsDecide() {
		bases = []policy.Base{policy.AllowThirdParty, policy.BlockThirdParty}
	}
	says := ""
	for i, base := range bases {
		p := c.Settings.Policy
		p.Base = base
		access := "none"
		if lets(policy.Under(policy.Chromium, c.modelVersion(), p), c.site(), cmp.Or(c.Portal, "https://portal.example")) {
			access = "active"
		}
		if i > 0 && access != says {
			return ""
		}
		says = access
	}
	return says
}

// aboutSessions are the reasons that have to do with whether there is a session, and whose.
var aboutSessions = []string{"", "AccessDenied", "AlreadyLogon"}

// blockedByClient is in Chromium's error for a request that something in the browser forbade.
const blockedByClient = "BLOCKED_BY_CLIENT"

// otherRefusals tells of commands that failed for a reason that says nothing of cookies.
func (c *Complaint) otherRefusals() {
	for _, call := range c.Sequence.Calls {
		hop := c.Sequence.Hops[call.Hop]
		why := ""
		switch {
		case strings.Contains(hop.Err, blockedByClient):
			c.find(intake.Note, "har", fmt.Sprintf("In the HAR file the browser itself did not let %s out (%s): as a rule an extension forbids it.", cmp.Or(call.AT, call.Page), hop.Err),
				"Which extensions does the browser have, and does it work with all of them switched off?")
			return
		case unanswered(hop) && hop.Err != "":
			why = "got no answer: " + hop.Err
		case unanswered(hop):
			why = fmt.Sprintf("was answered with status %d", hop.Status)
		case call.Answer.ST == "FAIL" && !slices.Contains(aboutSessions, call.Answer.RS):
			why = "was refused: " + call.Answer.RS
		default:
			continue
		}
		c.find(intake.Note, "har", fmt.Sprintf("In the HAR file %s %s. That says nothing of cookies.", cmp.Or(call.AT, call.Page), why), "Does it fail at the same place each time?")
		return
	}
}

// unanswered says whether a request got no answer of the URL API.
func unanswered(hop intake.Entry) bool {
	return hop.Status >= 400 || hop.Status == 0 && hop.Err != "" && !strings.Contains(hop.Err, "ABORTED")
}

// believeIdle takes from the recording for how long nobody had done anything when a command was refused: the least, where several were. What passes
// before a login ends no session that is asked for afterwards.
func (c *Complaint) believeIdle() {
	var accepted time.Time // when one was last; a recording may leave out times
	known, shown := false, time.Duration(0)
	for _, call := range c.Sequence.Calls {
		if !accepted.IsZero() && !call.Time.IsZero() && call.NeedsSession() && call.Answer.RS == "AccessDenied" && (!known || call.Idle < shown) {
			known, shown = true, call.Idle
		}
		if call.Answer.ST == "SUCCESS" {
			accepted = call.Time
		}
	}
	if !known {
		return
	}
	if c.Idle > session.DefaultIdleLimit && shown <= session.DefaultIdleLimit {
		c.answered("idle")
		c.find(intake.Contradiction, "idle", fmt.Sprintf("The report says that nobody did anything for %v, and in the HAR file a command is refused %v after one was accepted, which is believed.",
			c.Idle, shown.Round(time.Second)), "Does it fail at once after a login too?")
	}
	c.Idle = shown
}

// believeSite takes the Webex site of the recording.
func (c *Complaint) believeSite(host string) {
	if u, err := url.Parse(c.Site); err == nil && c.Site != "" && u.Hostname() != host {
		c.find(intake.Contradiction, "webex", fmt.Sprintf("The report says %s, and the commands in the HAR file went to %s, which is believed.", c.Site, host),
			"Is the HAR file of this complaint?")
	}
	c.Site = "https://" + host
	c.answered("webex")
}

// endsOpen says whether a recording ends with a login after which a portal goes on: what came then was not recorded.
func endsOpen(s *intake.Sequence) bool {
	if len(s.Calls) == 0 {
		return false
	}
	c := s.Calls[len(s.Calls)-1]
	return c.Followed == intake.Yes && (c.Answer.ST == "SUCCESS" || c.Answer.RS == "AlreadyLogon")
}

// stopsShort says whether a recording ends with a command whose answer sends the browser on, and nothing was asked for after it: scripts may be blocked,
// or nobody recorded any further.
func stopsShort(s *intake.Sequence) bool {
	if len(s.Calls) == 0 {
		return false
	}
	c := s.Calls[len(s.Calls)-1]
	return c.Followed == intake.No && c.Hop == len(s.Hops)-1 && (c.Answer.ST == "SUCCESS" || c.Answer.RS == "AlreadyLogon")
}

// hosted says whether the last command of a recording that shows whether it works is the host's, and accepted.
func hosted(s *intake.Sequence) bool {
	at := ""
	for _, c := range s.Calls {
		if c.NeedsSession() || c.AT == "JM" {
			at = c.AT + " " + c.Answer.ST
		}
	}
	return at == "HM SUCCESS" || at == "JM SUCCESS"
}

// beginsLate says whether a recording begins with a command that needs a session: a login before it was not recorded, or never was.
func beginsLate(s *intake.Sequence) bool { return len(s.Calls) > 0 && s.Calls[0].NeedsSession() }

// untilCured is how many commands of a recording tell of its failure: those until one is refused after the idle limit, where the same works after
// another login.
func untilCured(s *intake.Sequence) int {
	_, i, refused := s.Denied()
	if refused && s.Calls[i].Idle > session.DefaultIdleLimit && slices.ContainsFunc(s.Calls[i+1:], func(c intake.Call) bool { return c.NeedsSession() && c.Answer.ST == "SUCCESS" }) {
		return i + 1
	}
	return len(s.Calls)
}

// symptomOf is the outcome that a recording shows; empty where it ends too early, or does not show whose session it is.
func symptomOf(s *intake.Sequence) fixtures.Outcome {
	if untilCured(s) < len(s.Calls) {
		return fixtures.AccessDenied
	}
	var last *intake.Call
	for i := range s.Calls {
		if c := &s.Calls[i]; c.NeedsSession() || c.AT == "JM" {
			last = c
		}
	}
	switch {
	case s.Logins() >= 3:
		return fixtures.LoginLoop
	case last == nil && (endsOpen(s) || stopsShort(s)):
		return "" // the recording ends before anything was decided
	case last == nil:
		return fixtures.Stuck
	case last.Answer.RS == "AccessDenied":
		return fixtures.AccessDenied
	case last.Answer.ST == "SUCCESS" && alreadyIn(s) == anothers:
		return fixtures.WrongUser
	case last.Answer.ST == "SUCCESS" && alreadyIn(s) == unknowns:
		return "" // the host's own meeting, or another's
	case last.Answer.ST == "SUCCESS" && (last.AT == "HM" || last.AT == "JM"):
		return fixtures.Works
	}
	return fixtures.Stuck
}

// whose is whose session a login meets that is answered AlreadyLogon.
type whose string

const (
	nobodys  whose = ""        // no login is so answered, or the host's own session, as recorded before
	anothers whose = "another" // that of another host who logged in before
	unknowns whose = "unknown" // one from before the recording, or since a logout: the host's own, or anothers
)

// alreadyIn is whose session the logins of a recording meet.
func alreadyIn(s *intake.Sequence) whose {
	met, _ := firstMet(s)
	return met
}

// firstMet is that with the index of the login that meets another's session; 0 where none does.
func firstMet(s *intake.Sequence) (met whose, login int) {
	host, known := "", false
	for i, c := range s.Calls {
		switch {
		case c.AT == "LO":
			known = false
		case c.AT != "LI":
		case c.Answer.ST == "SUCCESS":
			host, known = c.Host, true
		case c.Answer.RS == "AlreadyLogon" && !known:
			met = unknowns
		case c.Answer.RS == "AlreadyLogon" && c.Host != host:
			return anothers, i
		}
	}
	return met, 0
}
