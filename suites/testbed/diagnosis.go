package testbed

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/internal/redact"
	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/session"
)

// cause says which cookie was lost where and why. decided is the journal's entry that decided the outcome, nil where no command came.
func (e evidence) cause(decided *journal.Entry) *Cause {
	if decided == nil {
		if c := e.passwordRefused(); c != nil {
			return c
		}
		if c := e.halted(); c != nil {
			return c
		}
		return e.firstLoss()
	}
	at, ok := e.exchange(decided.RequestID)
	if !ok {
		return nil
	}
	if decided.Result == journal.Fail && decided.Reason == "NoMeetingTypeSupport" {
		return &Cause{Hop: label(at, *decided), HopID: at.ID, Reason: fixtures.OtherService, Witness: BySite,
			Detail: "the browser's session at the site is set to another service type than the meeting's"}
	}
	c := &Cause{Cookie: session.TicketName, Hop: label(at, *decided), HopID: at.ID, Witness: BySite}
	switch {
	case decided.Result == journal.Success && decided.Command != e.c.Integration.Goal:
		return e.halted()
	case decided.Result == journal.Success:
		c.Reason, c.Detail = fixtures.OtherHost, fmt.Sprintf("the ticket that came along belongs to %s, %s", decided.User, e.loggedIn(decided))
	case decided.Session == session.IdleExpired:
		c.Reason, c.Detail = fixtures.IdleExpired, "the ticket came along, but its session had been idle for longer than the site allows"
	case decided.Session == session.LoggedOut:
		c.Reason, c.Detail = fixtures.LoggedOut, "the ticket came along, but its session had been logged out"
	case decided.Session == session.Live:
		c.Cookie, c.Reason = "", Unexplained
		c.Detail = fmt.Sprintf("the ticket came along, and its session lives: the site answered %s for a reason of its own, and no cookie was lost", decided.Reason)
	case decided.Session != session.None:
		c.Reason, c.Detail = Unexplained, fmt.Sprintf("the ticket came along, and to the site it is %s", decided.Session)
	default:
		if e.missed(c, at); c.Reason != fixtures.NotOffered {
			break
		}
		if refused := e.passwordRefused(); refused != nil {
			return refused
		}
		if e.c.Site.LoginRequired && decided.Reason == "AccessDenied" && !hostCommands[decided.Command] {
			c.Cookie, c.Reason, c.Witness = "", fixtures.LoginRequired, BySite
			c.Detail = "the site lets nobody in who is not logged in, attendees included: no cookie was lost"
		}
	}
	return c
}

// loggedIn is how the host whose session it is came to be logged in: by the last login before, or before that one.
func (e evidence) loggedIn(decided *journal.Entry) string {
	for _, a := range slices.Backward(e.entries) {
		if a.Seq < decided.Seq && a.Command == "LI" {
			if a.Result == journal.Success && a.User == decided.User {
				return "as whom the last login was made"
			}
			break
		}
	}
	return "who was already logged in"
}

// passwordRefused is the cause of a login, the last one, that the site refused because a password came in its address, nil where there was none.
func (e evidence) passwordRefused() *Cause {
	for _, a := range slices.Backward(e.entries) {
		if a.Command != "LI" {
			continue
		}
		at, ok := e.exchange(a.RequestID)
		if !ok || a.Result != journal.Fail || !e.c.Site.Get2Post || !secretInAddress(at) {
			return nil
		}
		return &Cause{Hop: label(at, a), HopID: at.ID, Reason: fixtures.PasswordInAddress, Witness: BySite,
			Detail: "the site takes passwords from the body of a POST alone (Get2Post), and this one came in the address: no cookie was lost"}
	}
	return nil
}

// secretInAddress says whether a password or a partner id came in the address of x.
func secretInAddress(x network.Exchange) bool {
	u, err := url.Parse(x.URL)
	return err == nil && (u.Query().Has("PW") || u.Query().Has("PID"))
}

// missed completes the cause of a cookie that did not come along at hop b.
func (e evidence) missed(c *Cause, b network.Exchange) {
	a, cookie, set := e.lastOffer(c.Cookie, b)
	c.Witness = ByNetwork
	switch {
	case !set && cookie.Deletes:
		c.Reason, c.Detail = fixtures.LoggedOut, fmt.Sprintf("%s deleted it", label(a, e.answers()[a.ID]))
	case !set:
		c.Reason, c.Detail = fixtures.NotOffered, "no answer before this hop set the cookie"
	default:
		l, at := e.loss(a, cookie, b)
		c.Reason, c.Detail, c.Witness = l.Reason, l.Words, l.Witness
		if at.ID != b.ID {
			c.LostAt, c.LostAtID = label(at, e.answers()[at.ID]), at.ID
		}
	}
}

// halted is the cause of a trip that ended at an answer whose script sends the browser on, nil where it did not, or where the browser went on to a
// host that is nobody's here.
func (e evidence) halted() *Cause {
	x, ok := lastAsked(e.exchanges)
	if !ok || x.Location != "" || !e.sendsOn(x) || e.leftFor(e.answers()[x.ID], x.ID) {
		return nil
	}
	detail := "the answer sends the browser on by a script, and the browser did not go"
	if len(x.Filters) > 0 {
		detail += "; on the way: " + strings.Join(x.Filters, "; ")
	}
	return &Cause{Hop: label(x, e.answers()[x.ID]), HopID: x.ID, Reason: fixtures.ScriptBlocked, Witness: ByNetwork, Detail: detail}
}

// leftFor says whether the browser asked, after the exchange after, for the host to which an answer of the site sends it, and was refused.
func (e evidence) leftFor(answered journal.Entry, after int) bool {
	to, err := url.Parse(answered.SendsTo)
	return err == nil && slices.ContainsFunc(e.exchanges, func(x network.Exchange) bool {
		return x.ID > after && strayed(x) && hostname(x) == to.Hostname()
	})
}

// firstLoss is the first cookie of the case that was set and did not come back: what a portal stumbles over before any command.
func (e evidence) firstLoss() *Cause {
	for _, b := range e.exchanges {
		if due := e.due(b); len(due) > 0 {
			c := &Cause{Cookie: due[0], Hop: label(b, e.answers()[b.ID]), HopID: b.ID}
			e.missed(c, b)
			return c
		}
	}
	return nil
}

// losses are the cookies that were set and did not come along where they should have, by the hop at which they were lost.
func (e evidence) losses() map[int][]Loss {
	m := map[int][]Loss{}
	for _, b := range e.exchanges {
		for _, name := range e.due(b) {
			offered, cookie, _ := e.lastOffer(name, b)
			l, at := e.loss(offered, cookie, b)
			if !slices.ContainsFunc(m[at.ID], func(o Loss) bool { return o.Cookie == l.Cookie }) {
				m[at.ID] = append(m[at.ID], l)
			}
		}
	}
	return m
}

// due are the names of the cookies that earlier answers set for the address of b and that did not come with it. What no page asked for owes none.
func (e evidence) due(b network.Exchange) []string {
	if !asked(b) {
		return nil
	}
	var due []string
	for _, x := range e.exchanges {
		if x.ID >= b.ID {
			break
		}
		for _, c := range x.Offered {
			if !reaches(x, c, b) || slices.Contains(due, c.Name) {
				continue
			}
			_, came := named(b.AtSite(), c.Name)
			if _, _, offered := e.lastOffer(c.Name, b); offered && !came {
				due = append(due, c.Name)
			}
		}
	}
	return due
}

// lastOffer is the last answer before b that set the cookie for b's address; not ok when it was never set, or deleted last.
func (e evidence) lastOffer(name string, b network.Exchange) (network.Exchange, network.Cookie, bool) {
	for _, x := range slices.Backward(e.exchanges) {
		// An answer that arrived after b was asked says nothing about b.
		if x.ID >= b.ID || x.End.IsZero() || x.End.After(b.Start) {
			continue
		}
		for _, c := range slices.Backward(x.Offered) {
			if c.Name == name && reaches(x, c, b) {
				return x, c, !c.Deletes
			}
		}
	}
	return network.Exchange{}, network.Cookie{}, false
}

// reaches says whether a cookie set by x is meant for the address of b, by domain, path and scheme. What a server was given no browser can send.
func reaches(x network.Exchange, c network.Cookie, b network.Exchange) bool {
	if x.Server != b.Server {
		return false
	}
	if c.Secure && !strings.HasPrefix(b.URL, "https:") {
		return false
	}
	host := hostname(b)
	if c.Domain == "" {
		if hostname(x) != host {
			return false
		}
	} else if d := strings.TrimPrefix(c.Domain, "."); host != d && !strings.HasSuffix(host, "."+d) {
		return false
	}
	path := c.Path
	if path == "" || path[0] != '/' {
		path = strings.TrimSuffix(x.Path[:strings.LastIndexByte(x.Path, '/')+1], "/")
	}
	return b.Path == path || strings.HasPrefix(b.Path, strings.TrimSuffix(path, "/")+"/")
}

// hostname is the host that x was asked of, without the port, which no cookie asks about.
func hostname(x network.Exchange) string {
	u := url.URL{Host: x.Host}
	return strings.TrimSuffix(x.Host, ":"+u.Port())
}

// loss explains why cookie, set at a, did not come along at b, and at which of the two it was lost. The engine's own word stands first,
// then a restart, then the policy model.
func (e evidence) loss(a network.Exchange, cookie network.Cookie, b network.Exchange) (Loss, network.Exchange) {
	lost := func(d browsers.Direction, by Witness, reason Reason, words string) Loss {
		return Loss{Cookie: cookie.Name, Direction: d, Reason: reason, Words: words, Witness: by}
	}
	if b.Server {
		return lost(browsers.Send, ByNetwork, Unexplained, "the portal's server was given it and did not send it, in which no browser has a part"), b
	}
	if w, ok := e.engineSays(browsers.Store, cookie.Name, a); ok {
		return e.refused(w), a
	}
	if w, ok := e.engineSays(browsers.Send, cookie.Name, b); ok {
		return e.refused(w), b
	}
	delivered, ok := named(a.AtBrowser(), cookie.Name)
	if !ok {
		return lost(browsers.Store, ByNetwork, fixtures.RemovedOnTheWay, "it left the site and never reached the browser: "+about(cookie.Name, a.Filters)), a
	}
	if _, sent := named(b.Returned, cookie.Name); sent {
		return lost(browsers.Send, ByNetwork, fixtures.RemovedOnTheWay, "it left the browser and never reached the site: "+about(cookie.Name, b.Filters)), b
	}
	cookie = delivered // with the attributes that the browser saw
	if !e.restart.IsZero() && between(e.restart, a.End, b.Start) {
		return lost(browsers.Send, ByNetwork, fixtures.BrowserRestarted, "a cookie without Expires or Max-Age ends with the browser, which was restarted"), b
	}
	stored := e.decide(a, e.modelled(a, cookie)).Store
	if !stored.Action.Through() {
		return lost(browsers.Store, ByModel, Reason(stored.Reason), phrase(stored)), a
	}
	sent := e.decide(b, e.modelled(a, cookie).KeptAs(stored, hostname(a))).Send
	if !sent.Action.Through() {
		return lost(browsers.Send, ByModel, Reason(sent.Reason), phrase(sent)), b
	}
	return lost(browsers.Send, ByNetwork, Unexplained, "nothing known says why"), b
}

// about is what filters did to a cookie; all that they did, where they say nothing of it.
func about(cookie string, did []string) string {
	to := slices.DeleteFunc(slices.Clone(did), func(note string) bool { return !slices.Contains(strings.Fields(note), cookie) })
	if len(to) == 0 {
		to = did
	}
	return strings.Join(to, "; ")
}

// phrase is the sentence of a verdict, to be put into another.
func phrase(v policy.Verdict) string { return strings.TrimSuffix(v.Sentence(), ".") }

func named(cookies []network.Cookie, name string) (network.Cookie, bool) {
	for _, c := range cookies {
		if c.Name == name {
			return c, true
		}
	}
	return network.Cookie{}, false
}

// engineSays looks for the engine's own word on the cookie at hop x. Of several hops of one address, a word is about the one that was under way when it
// was said, or that was nearest to it: an engine says a moment before or after what it does.
func (e evidence) engineSays(d browsers.Direction, name string, x network.Exchange) (browsers.BlockedCookie, bool) {
	for _, w := range e.blocked {
		if w.Direction == d && w.Name == name && redact.Address(w.URL) == x.URL && !e.nearer(w.Time, x) {
			return w, true
		}
	}
	return browsers.BlockedCookie{}, false
}

// nearer says whether the browser asked for the address of x another time that is nearer to at.
func (e evidence) nearer(at time.Time, x network.Exchange) bool {
	return slices.ContainsFunc(e.exchanges, func(o network.Exchange) bool {
		return o.URL == x.URL && !o.Server && away(o, at) < away(x, at)
	})
}

// away is how far x is from a moment; nothing, while it is under way.
func away(x network.Exchange, at time.Time) time.Duration {
	switch {
	case at.Before(x.Start):
		return x.Start.Sub(at)
	case !x.End.IsZero() && at.After(x.End):
		return at.Sub(x.End)
	}
	return 0
}

// refused is a loss in the engine's own words, or in those of the rules in front of it.
func (e evidence) refused(w browsers.BlockedCookie) Loss {
	l := Loss{Cookie: w.Name, Direction: w.Direction, Reason: e.reason(w.Reasons)}
	if ours(w.Reasons[0]) {
		l.Words, l.Witness = strings.Join(w.Reasons[1:], ", "), ByRules
	} else {
		l.Words, l.Witness = fmt.Sprintf("%s did not %s it: %s", e.c.Engine, w.Direction, strings.Join(w.Reasons, ", ")), ByBrowser
	}
	return l
}

// ours says whether a reason is one of our words, which rules in front of an engine speak.
func ours(reason string) bool { return slices.Contains(fixtures.Reasons(), Reason(reason)) }

// reason puts Chromium's blocked reasons into our words. Where the setting and SameSite both refuse, the setting comes first: that is the
// order in which the engine asks (components/content_settings before net/cookies).
func (e evidence) reason(engine []string) Reason {
	has := func(part string) bool {
		return slices.ContainsFunc(engine, func(r string) bool { return strings.Contains(r, part) })
	}
	switch {
	case ours(engine[0]):
		return Reason(engine[0])
	case has("UserPreferences"), has("ThirdPartyPhaseout"), has("ThirdPartyBlockedInFirstPartySet"):
		return e.setting()
	case has("SameSiteNoneInsecure"):
		return fixtures.NoneWithoutSecure
	case has("SameSite"):
		return fixtures.SameSite
	}
	return Unexplained
}

// setting is the reason that the policy itself gives where the engine only says "the user's preferences".
func (e evidence) setting() Reason {
	p := e.c.Policy
	switch {
	case p.Base == policy.BlockAll:
		return fixtures.AllBlocked
	case p.Base == policy.AllowThirdParty && slices.ContainsFunc(p.Exceptions, func(x policy.Exception) bool { return x.Decision == policy.Block }):
		return fixtures.SiteBlocked
	}
	return fixtures.ThirdPartyBlocked
}

// decide asks the policy model.
func (e evidence) decide(x network.Exchange, c policy.Cookie) policy.Verdicts {
	return policy.Decide(string(e.c.Engine), e.version, e.c.Policy, c, e.context(x))
}

// modelled is a cookie offered by x as the policy model takes it.
func (e evidence) modelled(x network.Exchange, c network.Cookie) policy.Cookie {
	return policy.Cookie{
		Name:        c.Name,
		Domain:      c.Domain,
		Path:        c.Path,
		Secure:      c.Secure,
		HTTPOnly:    c.HTTPOnly,
		SameSite:    sameSite(c.SameSite),
		Partitioned: c.Partitioned,
		Persistent:  c.Persistent,
		SetPath:     x.Path,
	}
}

// context is where the request was made, as far as the wire shows it: a frame's top-level page is the portal's, and a navigation from
// elsewhere was begun by the page that the browser names as its referrer, and came by the redirects that lead there.
func (e evidence) context(x network.Exchange) policy.Context {
	ctx := policy.Context{URL: strings.SplitN(x.URL, "?", 2)[0], Method: x.Method}
	switch x.FetchDest {
	case "document":
		ctx.Navigation = true
	case "iframe", "frame":
		ctx.Navigation = true
		ctx.Ancestors = []string{e.c.Integration.Portal}
	default:
		ctx.Ancestors = []string{e.c.Integration.Portal}
	}
	if ctx.Navigation && x.FetchSite == "cross-site" {
		ctx.Initiator, ctx.Redirects = x.Referer, e.redirects(x)
	}
	return ctx
}

// redirects are the addresses that the browser was redirected from on its way to x, first one first. A redirect leads to the first request for its
// address that follows, and to no later one.
func (e evidence) redirects(x network.Exchange) []string {
	for _, p := range slices.Backward(e.exchanges) {
		switch {
		case p.ID >= x.ID || p.FetchDest != x.FetchDest:
		case redirected(p) == x.URL:
			return append(e.redirects(p), p.URL)
		case p.URL == x.URL:
			return nil
		}
	}
	return nil
}

// redirected is the address to which the answer of x redirects, without a fragment, which is not asked for; empty where it does not.
func redirected(x network.Exchange) string {
	if x.Location == "" {
		return ""
	}
	from, err := url.Parse(x.URL)
	if err != nil {
		return ""
	}
	to, err := from.Parse(x.Location)
	if err != nil {
		return ""
	}
	to.Fragment, to.RawFragment = "", ""
	return to.String()
}

func sameSite(s http.SameSite) policy.SameSite {
	switch s {
	case http.SameSiteNoneMode:
		return policy.SameSiteNone
	case http.SameSiteLaxMode:
		return policy.SameSiteLax
	case http.SameSiteStrictMode:
		return policy.SameSiteStrict
	}
	return policy.SameSiteUnset
}

func (e evidence) exchange(requestID string) (network.Exchange, bool) {
	id, err := strconv.Atoi(requestID)
	if err != nil {
		return network.Exchange{}, false
	}
	for _, x := range e.exchanges {
		if x.ID == id {
			return x, true
		}
	}
	return network.Exchange{}, false
}

// matches says whether the cause is the one written down, where a hop is named by its command or by its path.
func (c *Cause) matches(want fixtures.Cause) bool {
	return c != nil && c.Cookie == want.Cookie && c.Reason == want.Reason &&
		(strings.HasSuffix(c.Hop, "?AT="+want.Hop) || strings.HasSuffix(c.Hop, want.Hop))
}

// String is the cause in a line.
func (c *Cause) String() string {
	if c == nil {
		return "no lost cookie"
	}
	text := fmt.Sprintf("%s at %s", c.Reason, c.Hop)
	if c.Cookie != "" {
		text = fmt.Sprintf("%s at %s: %s", c.Cookie, c.Hop, c.Reason)
	}
	if told := c.Told(); told != "" {
		text += " (" + told + ")"
	}
	return text
}
