package predict

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/publicsuffix"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/fixtures/integrations/portal"
	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/simulator/site"
	"github.com/cookiegate/cookiegate/simulator/urlapi"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Prediction is what the model says will become of a case.
type Prediction struct {
	Outcome fixtures.Outcome `json:"outcome"`
	Cause   *fixtures.Cause  `json:"cause,omitempty"` // nil where it works
	// LostAt is the AT of the command whose answer the cookie was lost from, where that is an earlier one than the cause's hop.
	LostAt string `json:"lostAt,omitempty"`
	// Sentence says it for a person, with the rule that decided and where it is known from.
	Sentence string `json:"sentence,omitempty"`
	Hops     []Hop  `json:"hops"`
}

// Hop is one command, as it will be answered.
type Hop struct {
	Command string `json:"command"` // AT
	Answer  string `json:"answer"`  // "SUCCESS", "FAIL AccessDenied"
	Where   string `json:"where"`   // "top-level", "frame", "fetch", "server"
	Method  string `json:"method"`
	Sent    bool   `json:"sent"`              // the browser sends the ticket along
	Offered bool   `json:"offered,omitempty"` // the answer that reaches the browser sets it
	Stored  bool   `json:"stored,omitempty"`  // and the browser keeps it
	Halted  bool   `json:"halted,omitempty"`  // the answer sends the browser on, and it does not go
}

// String is "LI SUCCESS".
func (h Hop) String() string { return h.Command + " " + h.Answer }

// Case predicts a case in a browser of that version, as people write it; empty: the one the rules were measured on.
func Case(c testbed.Case, version string) Prediction {
	return On(c, policy.Under(string(c.Engine), version, c.Policy))
}

// On predicts a case under a model that was made of its engine and policy before.
func On(c testbed.Case, m *policy.Model) Prediction {
	w := &world{
		c: c, model: m, jar: m.Jar(), tickets: map[string]*login{}, network: networkOf(c.Network),
		origin: "https://" + c.SiteHost(), limit: c.Site.IdleLimit,
	}
	if w.limit == 0 {
		w.limit = session.DefaultIdleLimit
	}
	w.ticket = policy.ParseSetCookie(tickets()[c.Site.Profile])
	if w.network.sameSite != nil {
		w.ticket.SameSite = *w.network.sameSite
	}
	if !w.network.noP3P {
		w.ticket.P3P = urlapi.CompactPolicy
	}
	w.steps()
	return w.concluded()
}

// tickets are the Set-Cookie lines of the ticket under each profile, made when a case is first predicted.
var tickets = sync.OnceValue(func() map[session.Profile]string {
	m := map[session.Profile]string{}
	for _, p := range append(session.Profiles(), "") {
		if cookies, err := session.NewCookies(0, p, nil); err == nil {
			m[p] = cookies.Ticket.Set("x")
		}
	}
	return m
})

// portalCookie is the portal's own.
var portalCookie = policy.Cookie{Name: portal.SessionCookie, Path: "/", Secure: true, HTTPOnly: true, SameSite: policy.SameSiteLax}

// login is a session at the site.
type login struct {
	user string
	used time.Duration
	out  bool
}

// world is a browser, a portal, a site and what is between them, while a case goes by.
type world struct {
	c       testbed.Case
	model   *policy.Model
	jar     *policy.Jar
	network effects
	origin  string
	limit   time.Duration

	ticket  policy.Cookie
	tickets map[string]*login // by the partition that the jar keeps the ticket in
	opened  *login            // the session opened last
	signed  bool              // at the portal
	typed   map[string]string // into the site's own sign-in page
	alive   bool              // the keep-alive page is open
	now     time.Duration
	service bool // the browser's session is set to another service type

	hops    []Hop
	entries []journal.Entry
	done    []exchange // one for each entry
	vain    int        // how many of the entries came before the steps that were after the goal in vain; 0: there are none, or nothing came before

	last      policy.Verdict // on the answer that set the ticket last
	lastAt    string         // its AT; empty: never set
	removed   bool           // it was taken out of that answer
	deleted   bool           // it was deleted since
	restarted bool           // since it was set
	halt      bool           // nothing goes on
	portal    *Prediction    // what ended the trip before anything was asked of the site
}

// exchange is how the ticket fared at one command.
type exchange struct {
	carried *policy.Verdict // nil: the jar had none
	removed bool            // on the way to the site
}

func (w *world) steps() {
	for i, s := range w.c.Steps {
		seen := len(w.entries)
		w.step(s)
		came := slices.ContainsFunc(w.entries[seen:], func(e journal.Entry) bool { return e.Command == s.Await })
		if s.Await != "" && !came && slices.ContainsFunc(w.c.Steps[i:], func(s fixtures.Step) bool { return s.Await == w.c.Integration.Goal }) {
			w.vain = seen
		}
		if w.halt || s.Await != "" && !came {
			return
		}
	}
}

func (w *world) step(s fixtures.Step) {
	switch {
	case s.AdvanceClock > 0:
		w.advance(s.AdvanceClock)
	case s.RestartBrowser:
		w.jar.Close()
		w.signed, w.alive, w.restarted = false, false, w.lastAt != ""
	case strings.HasSuffix(s.Visit, "/login.do"):
		w.typed = map[string]string{}
	case strings.HasPrefix(s.Visit, w.origin):
		w.visit(strings.TrimPrefix(s.Visit, w.origin))
	case s.Fill != "":
		if w.typed != nil {
			w.typed[s.Fill] = s.With
		}
	case s.Submit != "":
		w.signIn()
	case s.Visit != "":
		w.alive = w.alive && s.InTab != ""
	case s.Click != "":
		w.click(s.Click)
	}
}

// advance lets time pass, with the pings of a page that keeps the session alive.
func (w *world) advance(d time.Duration) {
	const every = 10 * time.Minute
	for ; w.alive && d >= every; d -= every {
		w.now += every
		w.command("OM", w.fetch("GET"))
	}
	w.now += d
}

// visit is an address of the site that a person types.
func (w *world) visit(address string) {
	_, query, _ := strings.Cut(address, "?")
	at := ""
	for field := range strings.SplitSeq(query, "&") {
		if v, ok := strings.CutPrefix(field, "AT="); ok {
			at = v
		}
	}
	if at != "" {
		w.command(at, place{ctx: policy.TopLevel(w.address(at)), where: "top-level"})
	}
}

// signIn is the site's own page, at top level.
func (w *world) signIn() {
	ctx := policy.TopLevel(w.origin + "/acme/mywebex/login.do")
	w.open(w.typed["#webex-id"], "login.do", ctx)
}

// trips are the commands that a click takes the browser to.
var trips = func() map[string][]string {
	m := map[string][]string{"#enter": {"LI", "SM", "HM"}, portal.StayAlive.Selector(): nil}
	for _, e := range portal.Errands {
		m[e.Selector()] = e.Commands
	}
	return m
}()

func (w *world) click(what string) {
	trip, known := trips[what]
	if !known || w.c.Integration.Name == fixtures.AskingPortal && what != "#enter" {
		return
	}
	style := w.c.Integration.Name
	if style == "server-to-server" {
		w.onServer("LI", "SM", "HM")
		return
	}
	if style != "frameset" && style != "chained" && !w.signInAtPortal() {
		return
	}
	switch {
	case what == portal.StayAlive.Selector():
		w.alive = true
		return
	case style == "logout-first":
		trip = append([]string{"LO"}, trip...)
	case style == "chained":
		w.onServer("LI", "SM")
		trip = []string{"LI", "HM"}
	}
	if w.network.noScripts && slices.Contains([]string{"background", "frameset", "form-post", "popup", fixtures.AskingPortal}, style) {
		w.halt = true // the portal's own page needs its script
		return
	}
	for i, at := range trip {
		if !w.command(at, w.place(at, i)) {
			return
		}
	}
}

// signInAtPortal says whether the portal's own session holds: the portal opens it and looks for it at once.
func (w *world) signInAtPortal() bool {
	if w.signed {
		return true
	}
	home := policy.TopLevel(w.c.Integration.Portal + "/host")
	v := w.jar.Set(portalCookie, home)
	gone := w.network.all.response || w.network.all.request
	if v.Action.Through() && !gone {
		w.signed = true
		return true
	}
	cause := &fixtures.Cause{Cookie: portal.SessionCookie, Hop: "/host", Reason: fixtures.Reason(v.Reason)}
	sentence := v.Sentence()
	if v.Action.Through() {
		cause.Reason, sentence = fixtures.RemovedOnTheWay, "Something between browser and portal takes every cookie out."
	}
	w.portal, w.halt = &Prediction{Outcome: fixtures.Stuck, Cause: cause, Sentence: sentence}, true
	return false
}

// onServer are commands that the portal's server gives, whose cookies no browser has a part in.
func (w *world) onServer(commands ...string) {
	for _, at := range commands {
		w.entries = append(w.entries, journal.Entry{Page: page(at), Command: at, Result: journal.Success, Session: session.Live, User: w.c.Integration.Host})
		w.done = append(w.done, exchange{})
		w.hops = append(w.hops, Hop{Command: at, Answer: "SUCCESS", Where: "server", Method: "POST"})
	}
}

// place is where a command is sent from.
type place struct {
	ctx   policy.Context
	where string
}

func (p place) thirdParty(origin string) bool {
	return len(p.ctx.Ancestors) > 0 && registrable(p.ctx.Ancestors[0]) != registrable(origin)
}

// registrable is the registrable domain of an origin's host.
func registrable(origin string) string {
	_, host, _ := strings.Cut(origin, "://")
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return d
	}
	return host
}

func (w *world) address(at string) string {
	return w.origin + "/" + w.c.Site.Name + "/" + page(at) + "?AT=" + at
}

func page(at string) string {
	switch at {
	case "LI", "LO":
		return "p.php"
	case "ST":
		return "o.php"
	}
	return "m.php"
}

func (w *world) fetch(method string) place {
	ctx := policy.Within(w.address("OM"), w.c.Integration.Portal)
	ctx.Method = method
	return place{ctx, "fetch"}
}

// place is where a style of integration sends the nth command of a trip from.
func (w *world) place(at string, nth int) place {
	self := w.c.Integration.Portal
	switch style := w.c.Integration.Name; style {
	case "background":
		if at == "LI" {
			p := w.fetch("POST")
			p.ctx.URL = w.address(at)
			return p
		}
		return place{policy.InFrame(w.address(at), self), "frame"}
	case "iframe", "frameset", fixtures.AskingPortal:
		ctx := policy.InFrame(w.address(at), self)
		if style == "frameset" && at == "LI" {
			ctx.Method = "POST"
		}
		if style == fixtures.AskingPortal {
			ctx.Initiator = w.origin // its page that asks
			// Firefox gives it to what the document that asked fetches, and not to the page that its frame goes on to. Measured on Firefox ESR 153.
			ctx.StorageAccess = w.c.Policy.StorageAccess == policy.StorageAccessGranted && w.c.Engine != browsers.Firefox
		}
		return place{ctx, "frame"}
	default:
		ctx := policy.TopLevel(w.address(at))
		ctx.Initiator = self
		if nth > 0 && w.c.Site.Redirect != site.Found { // the script of the answer before went on, back to the portal or straight to the next
			ctx.Initiator = w.origin
			if style != "chained" {
				ctx.Redirects = []string{self + "/back"}
			}
		}
		if style == "form-post" && at == "LI" {
			ctx.Method = "POST"
		}
		return place{ctx, "top-level"}
	}
}

// command sends one, and says whether the portal goes on after its answer.
func (w *world) command(at string, p place) bool {
	method := p.ctx.Method
	if method == "" {
		method = "GET"
	}
	e := journal.Entry{Page: page(at), Command: at, Method: method, Session: session.None}
	found, x := w.carried(p)
	var user string
	if found != nil {
		switch {
		case found.out:
			e.Session = session.LoggedOut
		case w.now-found.used > w.limit:
			e.Session = session.IdleExpired
		default:
			e.Session, user = session.Live, found.user
		}
	}
	live := e.Session == session.Live
	e.Result, e.User = journal.Success, user
	switch {
	case at == "LI" && w.c.Site.Get2Post && method == "GET":
		e.Result, e.Reason = journal.Fail, "AccessDenied"
	case at == "LI" && live:
		e.Result, e.Reason = journal.Fail, "AlreadyLogon"
	case at == "LI", at == "LO", at == "ST":
	case at == "JM" && !w.c.Site.LoginRequired:
	case !live:
		e.Result, e.Reason = journal.Fail, "AccessDenied"
	case at == "HM" && w.service:
		e.Result, e.Reason = journal.Fail, "NoMeetingTypeSupport"
	}
	if e.Result == journal.Success && live {
		found.used = w.now
	}
	w.entries, w.done = append(w.entries, e), append(w.done, x)
	answer := strings.TrimSpace(string(e.Result) + " " + e.Reason)
	w.hops = append(w.hops, Hop{Command: at, Answer: answer, Where: p.where, Method: method, Sent: found != nil || x.removed})
	if e.Result == journal.Success {
		switch at {
		case "LI":
			w.entries[len(w.entries)-1].User = w.c.Integration.Host
			w.open(w.c.Integration.Host, at, p.ctx)
		case "LO":
			w.close(found, p.ctx)
		case "ST":
			w.service = true
		}
	}
	entered := at == "HM" && e.Result == journal.Success
	if w.network.noScripts && w.c.Site.Redirect != site.Found && p.where != "fetch" && !entered {
		w.halt, w.hops[len(w.hops)-1].Halted = true, true
		return false
	}
	return e.Result == journal.Success || e.Reason == "AlreadyLogon"
}

// carried is the session whose ticket comes along, and how the ticket fared.
func (w *world) carried(p place) (*login, exchange) {
	var x exchange
	for _, c := range w.jar.Send(p.ctx) {
		if c.Cookie.Name != session.TicketName {
			continue
		}
		if x.carried == nil || c.Verdict.Action.Through() {
			x.carried = &c.Verdict
		}
		if !c.Verdict.Action.Through() {
			continue
		}
		if w.network.takesOut(p.thirdParty(w.origin), true) {
			x.removed = true
			return nil, x
		}
		return w.tickets[c.Cookie.Kept.Partition], x
	}
	return nil, x
}

// open is a login that succeeded: its answer sets the ticket.
func (w *world) open(user, at string, ctx policy.Context) {
	w.opened = &login{user: user, used: w.now}
	w.lastAt, w.deleted, w.restarted = at, false, false
	h := &Hop{}
	if n := len(w.hops); n > 0 && at == w.hops[n-1].Command {
		h = &w.hops[n-1]
	}
	third := place{ctx: ctx}.thirdParty(w.origin)
	if w.removed = w.network.takesOut(third, false); w.removed {
		return
	}
	h.Offered = true
	w.last = w.jar.Set(w.ticket, ctx)
	if w.last.Action.Through() {
		h.Stored = true
		w.tickets[w.last.Partition] = w.opened
	}
}

// close is a logout.
func (w *world) close(found *login, ctx policy.Context) {
	if found != nil {
		found.out = true
	}
	gone := w.ticket
	gone.Deletes = true
	w.jar.Set(gone, ctx)
	w.deleted, w.service = w.lastAt != "", false
}

// effects are what stands between browser and site does.
type effects struct {
	third, all directions
	webex      directions
	noScripts  bool
	noP3P      bool
	sameSite   *policy.SameSite
}

type directions struct{ request, response bool }

func (d *directions) add(n network.Direction) {
	d.request = d.request || n == network.OnRequest || n == network.OnBoth
	d.response = d.response || n == network.OnResponse || n == network.OnBoth
}

func (e effects) takesOut(third, request bool) bool {
	on := func(d directions) bool { return request && d.request || !request && d.response }
	return on(e.all) || on(e.webex) || third && on(e.third)
}

func networkOf(n fixtures.Network) effects {
	var e effects
	for _, f := range n.Filters {
		e.third.add(f.StripThirdPartyCookies)
		e.all.add(f.StripAllCookies)
		e.noScripts = e.noScripts || f.BlockJavaScript || f.StripJavaScript
		e.noP3P = e.noP3P || f.RemoveP3P
		if f.RewriteSameSite != "" {
			s := policy.SameSite(f.RewriteSameSite)
			if f.RewriteSameSite == network.SameSiteAbsent {
				s = policy.SameSiteUnset
			}
			e.sameSite = &s
		}
	}
	switch _, rules, _ := strings.Cut(n.Proxy, "-"); rules {
	case "webex-cookies":
		e.webex.add(network.OnBoth)
	case "third-party-cookies":
		e.third.add(network.OnBoth)
	case "scripts":
		e.noScripts = true
	}
	return e
}

// concluded decides outcome and cause as the testbed does of what it recorded.
func (w *world) concluded() Prediction {
	in := w.c.Integration
	outcome, decided := testbed.Decide(w.entries, in.Goal, in.Host)
	i := 0
	for decided != nil && &w.entries[i] != decided {
		i++
	}
	if outcome == fixtures.Works && i < w.vain {
		outcome, decided = fixtures.Stuck, nil
	}
	p := Prediction{Outcome: outcome, Hops: w.hops}
	if outcome == fixtures.Works {
		return p
	}
	if decided == nil {
		return w.undecided(p)
	}
	p.Cause = &fixtures.Cause{Cookie: session.TicketName, Hop: decided.Command}
	says := func(r fixtures.Reason, format string, args ...any) Prediction {
		p.Cause.Reason, p.Sentence = r, fmt.Sprintf(format, args...)
		return p
	}
	switch {
	case decided.Reason == "NoMeetingTypeSupport":
		p.Cause.Cookie = ""
		return says(fixtures.OtherService, "The browser's session at the site is set to another service type than the meeting's.")
	case w.c.Site.LoginRequired && decided.Command == "JM" && decided.Reason == "AccessDenied" && decided.Session == session.None && w.lastAt == "":
		p.Cause.Cookie = ""
		return says(fixtures.LoginRequired, "The site lets nobody in who is not logged in, attendees included: no cookie is lost.")
	case decided.Result == journal.Success && decided.Command != in.Goal:
		return w.undecided(p)
	case decided.Result == journal.Success:
		return says(fixtures.OtherHost, "The ticket that comes along belongs to somebody else, here %s, who is already logged in.", decided.User)
	case decided.Session == session.IdleExpired:
		return says(fixtures.IdleExpired, "The ticket comes along, but its session has been idle for longer than %v.", w.limit)
	case decided.Session == session.LoggedOut:
		return says(fixtures.LoggedOut, "The ticket comes along, but its session has been logged out.")
	}
	return w.missed(p, w.done[i])
}

// missed completes the cause of a ticket that did not come along.
func (w *world) missed(p Prediction, x exchange) Prediction {
	c := p.Cause
	switch {
	case w.lastAt == "":
		c.Reason, p.Sentence = fixtures.NotOffered, "Nobody logs in before, so the site never sets the ticket."
	case w.deleted:
		c.Reason, p.Sentence = fixtures.LoggedOut, "The logout deletes the ticket."
	case w.removed:
		c.Reason, p.LostAt, p.Sentence = fixtures.RemovedOnTheWay, w.lastAt, "Something between site and browser takes the ticket out of the answer."
	case !w.last.Action.Through():
		c.Reason, p.LostAt, p.Sentence = fixtures.Reason(w.last.Reason), w.lastAt, w.last.Sentence()
	case x.removed:
		c.Reason, p.Sentence = fixtures.RemovedOnTheWay, "Something between browser and site takes the ticket out of the request."
	case w.restarted:
		c.Reason, p.Sentence = fixtures.BrowserRestarted, "A cookie without Expires or Max-Age ends with the browser."
	case x.carried != nil && !x.carried.Action.Through():
		c.Reason, p.Sentence = fixtures.Reason(x.carried.Reason), x.carried.Sentence()
	default:
		c.Reason, p.Sentence = testbed.Unexplained, "Nothing in the model says why."
	}
	if p.LostAt == c.Hop {
		p.LostAt = ""
	}
	return p
}

// undecided is the cause of a trip that ended before a command of the host's decided.
func (w *world) undecided(p Prediction) Prediction {
	n := len(w.hops)
	switch {
	case w.portal != nil:
		w.portal.Hops = w.hops
		return *w.portal
	case n > 0 && w.hops[n-1].Command == "LI" && w.hops[n-1].Answer == "FAIL AccessDenied" && w.c.Site.Get2Post:
		p.Cause = &fixtures.Cause{Hop: "LI", Reason: fixtures.PasswordInAddress}
		p.Sentence = "The site takes passwords from the body of a POST alone (Get2Post), and this one comes in the address: no cookie is lost."
	case n > 0 && w.hops[n-1].Halted:
		p.Cause = &fixtures.Cause{Hop: w.hops[n-1].Command, Reason: fixtures.ScriptBlocked}
		p.Sentence = "The answer sends the browser on by a script, and scripts do not run: no cookie is lost."
	case w.halt:
		p.Cause = &fixtures.Cause{Hop: "/host", Reason: fixtures.ScriptBlocked}
		p.Sentence = "The portal's page goes on by a script, and scripts do not run: no cookie is lost."
	}
	return p
}
