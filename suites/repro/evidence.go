package repro

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/fixtures/integrations/portal"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/suites/intake"
	"github.com/cookiegate/cookiegate/suites/predict"
)

// contradicted says that what was sent speaks against the candidate, however much less it speaks for the others.
func (c Candidate) contradicted() bool { return c.fit <= -against }

// The weights of evidence, as logarithms of how much less likely a candidate is that it speaks against.
const (
	against = 6.0 // what was recorded cannot have been so
	doubt   = 3.0 // it can, but hardly
	detail  = .5  // a portal of the same kind may well do otherwise
)

// evidence is what a complaint shows of what happened.
type evidence struct {
	outcome fixtures.Outcome
	said    bool // the outcome is a person's word
	calls   []observed
	har     bool // a recording shows commands
	silent  bool // a recording shows none
	cookies bool
	alive   bool   // a command that needs the session was accepted
	access  string // Sec-Fetch-Storage-Access of the site's frames
	halted  bool
	open    bool            // the recording ends before anything was decided
	stopped bool            // it ends with an answer that the browser was not seen to follow
	late    bool            // it begins with a command that needs a session: whether anybody had logged in was not recorded
	own     intake.Tristate // a site's cookies come back in its own pages
	idle    time.Duration
	words   string // what is said of the network
	set     bool   // it is known what the setting does with cookies
	blocked bool   // something in the browser refused requests
	private bool
	// scriptless says that a setting blocks scripts at the site, scriptlessAll that it does so everywhere.
	scriptless, scriptlessAll bool
	// refusing says that the browser is known to refuse every cookie.
	refusing bool
}

// observed is one command of a recording.
type observed struct {
	intake.Call
	method        string
	sent, offered bool
	failed        bool // it got no answer of the URL API
}

func (c *Complaint) evidence() evidence {
	e := evidence{outcome: c.Outcome, said: true, idle: c.Idle, words: onTheWay(c.Report.Network), private: c.Report.PrivateWindow}
	e.refusing = c.Policy == "block-all" || c.Settings != nil && c.Settings.Policy.Base == policy.BlockAll
	e.set = c.Policy != "" || c.settingsDecide()
	setting, everywhere := c.blockedScripts()
	e.scriptless, e.scriptlessAll = setting != "", everywhere
	if c.Sequence == nil {
		return e
	}
	e.silent = len(c.Sequence.Calls) == 0
	e.har, e.cookies = len(c.Sequence.Calls) > 0, c.Sequence.Cookies == intake.CookiesRecorded
	e.said = c.Report.Symptom != ""
	_, first := firstMet(c.Sequence) // what comes before is the other's own visit
	for _, call := range c.Sequence.Calls[first:max(first, untilCured(c.Sequence))] {
		hop := c.Sequence.Hops[call.Hop]
		o := observed{Call: call, method: hop.Method, failed: unanswered(hop)}
		for _, k := range hop.Returned {
			o.sent = o.sent || k.Name == session.TicketName
		}
		for _, k := range hop.Offered {
			o.offered = o.offered || k.Name == session.TicketName && !k.Deletes
		}
		e.calls = append(e.calls, o)
		e.alive = e.alive || call.NeedsSession() && call.Answer.ST == "SUCCESS"
		if hop.StorageAccess != "" {
			e.access = hop.StorageAccess
		}
	}
	if n := len(e.calls); n > 0 {
		last := e.calls[n-1]
		e.halted = last.Followed == intake.No || last.Followed == intake.NotKnown && last.AT != "HM" && last.AT != "JM"
	}
	e.calls = story(e.calls, func(o observed) (string, string) { return o.AT, o.Answer.String() })
	e.stopped = stopsShort(c.Sequence)
	e.open, e.late = endsOpen(c.Sequence), beginsLate(c.Sequence)
	portal := ""
	if u, err := url.Parse(c.Portal); err == nil { // or any host may be it
		portal = strings.ToLower(u.Hostname())
	}
	e.own = ownCookies(c.Sequence.Hops, portal)
	for _, h := range c.Sequence.Hops {
		e.blocked = e.blocked || strings.Contains(h.Err, blockedByClient)
	}
	return e
}

// ownCookies says whether the browser sends a portal's cookies in the portal's own pages: one that came along with such a page shows it, and one that a page
// set at top level and that did not come back with the next request for the portal shows the opposite. Where the portal is not known, any host may be it.
func ownCookies(hops []intake.Entry, portal string) intake.Tristate {
	set := map[string]string{} // by host: the cookie that a page there set first
	shown := intake.NotKnown
	for _, h := range hops {
		if portal != "" && h.Host != portal {
			continue
		}
		own, page := h.FetchSite == "same-origin" || h.FetchSite == "none", h.FetchDest == "document"
		name, was := set[h.Host]
		switch {
		case own && page && len(h.Returned) > 0, own && was && slices.ContainsFunc(h.Returned, func(k network.Cookie) bool { return k.Name == name }):
			return intake.Yes
		case own && was:
			shown = intake.No
		}
		if !was && page && len(h.Offered) > 0 && !h.Offered[0].Deletes {
			set[h.Host] = h.Offered[0].Name
		}
	}
	return shown
}

// keepsOwn says whether the browser keeps the cookies of the portal's own pages.
func keepsOwn(w *weighted) bool {
	c := policy.Cookie{Name: "session", Path: "/", Secure: true, SameSite: policy.SameSiteLax}
	return w.model.Decide(c, policy.TopLevel(w.Case.Integration.Portal+"/")).Store.Action.Through()
}

// fits says how well a candidate's prediction fits what was seen: 0 as well as can be, below zero the worse.
func (e evidence) fits(w *weighted) float64 {
	s := 0.0
	switch {
	case e.outcome == "" || e.alike(w.Prediction):
	case e.said && e.outcome == fixtures.AccessDenied && (e.refusing || strings.Contains(e.words, "cookie")) && ownLost(w.Prediction):
		s -= doubt / 2 // it may be the portal that denies it
	default:
		s -= against
	}
	switch {
	case e.har:
		s += e.follows(w.Prediction.Hops)
	case e.silent && len(byBrowser(w.Prediction.Hops)) > 0:
		s -= doubt // or the recording is of something else
	}
	if e.access != "" && w.Case.Engine == browsers.Chromium && framed(w.Prediction.Hops) {
		if (e.access == "active") != thirdPartiesSend(w) {
			s -= against
		}
	}
	if e.own != intake.NotKnown && e.own != "" && (e.own == intake.Yes) != keepsOwn(w) {
		s -= against
	}
	long := e.idle > session.DefaultIdleLimit
	switch expires := w.Prediction.Cause != nil && w.Prediction.Cause.Reason == fixtures.IdleExpired; {
	case long && !expires:
		s -= doubt
	case !long && expires && e.har && !e.late:
		s -= against
	}
	filters, extension := w.Case.Network.Filters, w.Case.Policy.Extension != ""
	if p := w.Prediction.Cause; p != nil && !slices.Contains([]fixtures.Reason{fixtures.RemovedOnTheWay, fixtures.RemovedByExtension, fixtures.ScriptBlocked}, p.Reason) {
		filters, extension = nil, false // something else comes first
	}
	if e.blocked && !extension {
		s -= doubt
	}
	scripts := len(filters) > 0 && filters[0].StripJavaScript
	switch {
	case e.words == "":
	case strings.Contains(e.words, "script") && !strings.Contains(e.words, "cookie"):
		if !scripts {
			s -= doubt // what blocks scripts in the browser is stood in for by what takes them out on the way
		}
	case !inside.MatchString(e.words) && len(filters) == 0 && !takes.MatchString(e.words) && e.set && refused(w.Prediction):
		s -= doubt / 2 // the setting alone explains it, and many a proxy takes nothing out
	case inside.MatchString(e.words) && !extension, !inside.MatchString(e.words) && len(filters) == 0:
		s -= doubt
	case strings.Contains(e.words, "script") && len(filters) > 0 && !scripts:
		s -= doubt
	}
	if e.scriptless && !e.withoutScripts(w) {
		s -= doubt * 3 / 2 // only a site that redirects without a script goes on
	}
	if e.private != w.Case.Policy.PrivateWindow && e.private {
		s -= 1
	}
	return s
}

// withoutScripts says whether a candidate goes as it does under a setting that blocks scripts: something that takes them out on the way stands in for it.
// That concerns the portal's own pages too, which the setting may not.
func (e evidence) withoutScripts(w *weighted) bool {
	p := w.Prediction.Cause
	return p != nil && p.Reason == fixtures.ScriptBlocked && (e.scriptlessAll || len(w.Prediction.Hops) > 0)
}

// alike says whether the prediction comes to the outcome. Real portals log in again and again where the sample portals stop at the first refusal, show an
// empty frame where those say what the site answered, and send whoever has lost their own cookie back to their own login. Where a recording shows that it was the
// login that was refused, for the password in its address, a portal that shows the site's answer shows AccessDenied.
func (e evidence) alike(p predict.Prediction) bool {
	switch {
	case p.Outcome == e.outcome:
		return true
	case e.outcome == fixtures.LoginLoop && p.Outcome == fixtures.AccessDenied:
		return true
	case e.said && e.outcome == fixtures.LoginLoop:
		return (e.refusing || e.silent) && ownLost(p)
	case e.said && e.har && e.outcome == fixtures.AccessDenied:
		return p.Outcome == fixtures.Stuck && p.Cause != nil && p.Cause.Reason == fixtures.PasswordInAddress
	case !e.said && e.har:
		return false
	case e.outcome == fixtures.Stuck:
		return p.Outcome == fixtures.AccessDenied && p.Cause != nil && p.Cause.Reason != fixtures.IdleExpired
	}
	return false
}

// refused says whether a setting of the browser's is what loses the ticket.
func refused(p predict.Prediction) bool {
	return p.Cause != nil && slices.Contains([]fixtures.Reason{fixtures.ThirdPartyBlocked, fixtures.AllBlocked, fixtures.SiteBlocked}, p.Cause.Reason)
}

// ownLost says whether the portal's own cookie is the one that is lost.
func ownLost(p predict.Prediction) bool {
	return p.Outcome == fixtures.Stuck && p.Cause != nil && p.Cause.Cookie == portal.SessionCookie
}

func framed(hops []predict.Hop) bool {
	return slices.ContainsFunc(hops, func(h predict.Hop) bool { return h.Where == "frame" || h.Where == "fetch" })
}

// thirdPartiesSend says whether the browser's settings let unpartitioned cookies from the portal's page to the site: what an extension takes out the browser
// does not know.
func thirdPartiesSend(w *weighted) bool {
	m := w.model
	if p := w.Case.Policy; p.Extension != "" {
		p.Extension = ""
		m = policy.Under(string(w.Case.Engine), "", p)
	}
	return lets(m, "https://"+w.Case.SiteHost(), w.Case.Integration.Portal)
}

// lets says whether a browser sends an unpartitioned cookie of a site from a frame in a page.
func lets(m *policy.Model, site, page string) bool {
	c := policy.Cookie{Name: session.TicketName, Domain: session.Domain, Path: "/", Secure: true, SameSite: policy.SameSiteNone}
	return m.Decide(c, policy.InFrame(site+"/", page)).Send.Action == policy.Accepted
}
