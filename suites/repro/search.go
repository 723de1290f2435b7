package repro

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
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

// Group are the candidates that come to the same cause.
type Group struct {
	Cause *fixtures.Cause // nil: it works
	Share float64         // of all likelihood, of 1
	// Candidates are sorted, the likeliest first.
	Candidates []*Candidate
}

// Question is what to ask the customer next.
type Question struct {
	About string `json:"about"`
	Ask   string `json:"ask"`
}

// Search finds what the complaint can mean, the likeliest cause first, and the question whose answer would tell most; nil where no answer would.
func (c *Complaint) Search() ([]Group, *Question, error) {
	list, err := c.candidates()
	if err != nil {
		return nil, nil, err
	}
	for _, w := range list {
		w.Prediction = predict.On(w.Case, w.model)
	}
	list = slices.DeleteFunc(list, func(w *weighted) bool { return w.moot() })
	e := c.evidence()
	best := math.Inf(-1)
	scores := make([]float64, len(list))
	for i, w := range list {
		w.fit = e.fits(w)
		scores[i] = math.Log(w.weight) + w.fit
		best = max(best, scores[i])
	}
	total := 0.0
	for i := range list {
		list[i].Share = math.Exp(scores[i] - best)
		total += list[i].Share
	}
	index := map[string]int{}
	var groups []Group
	for _, w := range list {
		w.Share /= total
		key := w.Situation
		if p := w.Prediction.Cause; p != nil {
			key = fmt.Sprint(*p)
		}
		i, ok := index[key]
		if !ok {
			i = len(groups)
			index[key] = i
			groups = append(groups, Group{Cause: w.Prediction.Cause})
		}
		groups[i].Share += w.Share
		groups[i].Candidates = append(groups[i].Candidates, &w.Candidate)
	}
	for _, g := range groups {
		slices.SortStableFunc(g.Candidates, func(a, b *Candidate) int { return cmp.Compare(b.Share, a.Share) })
	}
	slices.SortStableFunc(groups, func(a, b Group) int { return cmp.Compare(b.Share, a.Share) })
	q, err := c.question(groups)
	return groups, q, err
}

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
	noScript,
	noScripts bool // a setting blocks scripts at the site; and everywhere
	blocked bool // something in the browser refused requests
	private bool
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
	e.noScript, e.noScripts = setting != "", everywhere
	if c.Sequence == nil {
		return e
	}
	e.silent = len(c.Sequence.Calls) == 0
	e.har, e.cookies = len(c.Sequence.Calls) > 0, c.Sequence.Cookies == intake.CookiesRecorded
	e.said = c.Report.Symptom != ""
	for _, call := range c.Sequence.Calls[:untilCured(c.Sequence)] {
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
	e.own = ownCookies(c.Sequence.Hops)
	for _, h := range c.Sequence.Hops {
		e.blocked = e.blocked || strings.Contains(h.Err, "BLOCKED_BY_CLIENT")
	}
	return e
}

// takers are the words for what may take cookies or scripts out between site and page.
const takers = `(prox(y|ies)|filter|firewall|extension|add-?on|plug-?in|blocker|anti-?virus|gateway|zscaler|strip|remov)`

var (
	taker   = regexp.MustCompile(takers)
	takes   = regexp.MustCompile(`strip|remov|tak(e|es|en|ing)\b|cookie|script`)
	inside  = regexp.MustCompile(`extension|add-?on|plug-?in|blocker`) // the browser
	denies  = regexp.MustCompile(`^\s*(none|no|nothing|direct)\b`)
	noTaker = regexp.MustCompile(`\b(no|not|none|nothing|nobody|neither|without)\b[^,;.]*` + takers + `|` + takers + `\w*\s*[:=]\s*(no|none)\b`)
)

// onTheWay are the words about the network, in lower case; empty where they name nothing that may take cookies or scripts out, or say that there
// is none.
func onTheWay(words string) string {
	words = noTaker.ReplaceAllString(strings.ReplaceAll(strings.ToLower(words), " but ", ", "), "")
	if !taker.MatchString(words) {
		return ""
	}
	return words
}

// ownCookies says whether a cookie that a page set at top level came back with the next request of that page for its own site.
func ownCookies(hops []intake.Entry) intake.Tristate {
	for i, set := range hops {
		if set.FetchDest != "document" || len(set.Offered) == 0 || set.Offered[0].Deletes {
			continue
		}
		for _, h := range hops[i+1:] {
			if h.Host != set.Host || h.FetchSite != "same-origin" && h.FetchSite != "none" {
				continue
			}
			if slices.ContainsFunc(h.Returned, func(k network.Cookie) bool { return k.Name == set.Offered[0].Name }) {
				return intake.Yes
			}
			return intake.No
		}
	}
	return intake.NotKnown
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
	if e.noScript && !e.withoutScripts(w) {
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
	return p != nil && p.Reason == fixtures.ScriptBlocked && (e.noScripts || len(w.Prediction.Hops) > 0)
}

// alike says whether the prediction comes to the outcome. Real portals log in again and again where the sample portals stop at the first refusal, show an
// empty frame where those say what the site answered, and send whoever has lost their own cookie back to their own login.
func (e evidence) alike(p predict.Prediction) bool {
	switch {
	case p.Outcome == e.outcome:
		return true
	case e.outcome == fixtures.LoginLoop && p.Outcome == fixtures.AccessDenied:
		return true
	case e.said && e.outcome == fixtures.LoginLoop:
		return (e.refusing || e.silent) && ownLost(p)
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

// follows compares the commands of a recording with those predicted, one by one.
func (e evidence) follows(hops []predict.Hop) float64 {
	accepted := func(h predict.Hop) bool { return needsSession(h.Command) && h.Answer == "SUCCESS" }
	hops = byBrowser(hops)
	alive := slices.ContainsFunc(hops, accepted)
	hops = story(hops, func(h predict.Hop) (string, string) { return h.Command, h.Answer })
	if e.late {
		hops = hops[max(0, slices.IndexFunc(hops, func(h predict.Hop) bool { return needsSession(h.Command) })):]
	}
	s := -against * math.Abs(float64(len(hops)-len(e.calls)))
	if (e.open || e.stopped) && len(hops) > len(e.calls) {
		s = 0 // what is missing was not recorded
	}
	if e.alive && !alive {
		s -= against // the story leaves it out
	}
	for i, o := range e.calls[:min(len(hops), len(e.calls))] {
		h := hops[i]
		switch {
		case o.AT == "" || o.AT == h.Command:
		case needsSession(o.AT) && needsSession(h.Command):
			s -= detail
		default:
			s -= against
		}
		if o.failed || o.Answer.ST != "" && o.Answer.String() != h.Answer {
			s -= against
		}
		if o.Where != intake.Unknown && string(o.Where) != h.Where {
			s -= against
		}
		switch {
		case o.method == h.Method:
		case h.Command == "LI" && h.Answer == "FAIL AccessDenied":
			s -= against // that is what the refused login's method is about
		default:
			s -= doubt
		}
		if e.cookies && o.sent != h.Sent {
			s -= against
		}
		if e.cookies && h.Command == "LI" && h.Answer == "SUCCESS" && o.offered != h.Offered {
			s -= against
		}
	}
	if len(hops) > 0 && halts(hops) != e.halted && !e.open {
		s -= doubt
	}
	return s
}

// halts says whether the browser does not go where the last answer sends it.
func halts(hops []predict.Hop) bool { return len(hops) > 0 && hops[len(hops)-1].Halted }

// byBrowser are the commands that a browser sends itself.
func byBrowser(hops []predict.Hop) []predict.Hop {
	return slices.DeleteFunc(slices.Clone(hops), func(h predict.Hop) bool { return h.Where == "server" })
}

func needsSession(at string) bool { return intake.Call{Page: "m.php", AT: at}.NeedsSession() }

// story leaves out of commands and their answers what portals differ in though the same happens to them: an accepted command that needs the session,
// where another such follows, and the rounds of a loop after the first.
func story[T any](list []T, of func(T) (at, answer string)) []T {
	var kept []T
	for i, one := range list {
		at, answer := of(one)
		if i+1 < len(list) && answer == "SUCCESS" && needsSession(at) {
			if next, _ := of(list[i+1]); needsSession(next) {
				continue
			}
		}
		kept = append(kept, one)
		for _, round := range []int{1, 2} {
			n := len(kept)
			if n >= 2*round && slices.EqualFunc(kept[n-round:], kept[n-2*round:n-round], func(a, b T) bool {
				aAT, aAnswer := of(a)
				bAT, bAnswer := of(b)
				return aAT == bAT && aAnswer == bAnswer && aAnswer != "?"
			}) {
				kept = kept[:n-round]
			}
		}
	}
	return kept
}

func framed(hops []predict.Hop) bool {
	return slices.ContainsFunc(hops, func(h predict.Hop) bool { return h.Where == "frame" || h.Where == "fetch" })
}

// thirdPartiesSend says whether the browser sends unpartitioned cookies from the portal's page to the site.
func thirdPartiesSend(w *weighted) bool {
	c := policy.Cookie{Name: session.TicketName, Domain: session.Domain, Path: "/", Secure: true, SameSite: policy.SameSiteNone}
	return w.model.Decide(c, policy.InFrame("https://"+w.Case.SiteHost()+"/", w.Case.Integration.Portal)).Send.Action == policy.Accepted
}

// worthAsking is the least that an answer must tell to be worth a letter, in bits.
const worthAsking = .02

// question is the one whose answer tells most about the cause: the greatest mutual information between what it asks for and the cause.
func (c *Complaint) question(groups []Group) (*Question, error) {
	_, findings, err := intake.Interpret(fixtures.Report{Browser: c.Understood.Browser}, time.Time{})
	if err != nil {
		return nil, err
	}
	ask := map[string]string{
		"cookies": "What does the site's login answer say in Set-Cookie? A HAR file exported with sensitive data shows it.",
		"network": c.specialAsk(),
	}
	for _, f := range findings {
		ask[f.Field] = f.Ask
	}
	if c.guessed {
		return &Question{"browser", whichAsk}, nil
	}
	goesOn := func(k *Candidate) string { return strconv.FormatBool(!halts(k.Prediction.Hops)) }
	if c.Sequence != nil && stopsShort(c.Sequence) && tells(groups, goesOn) > worthAsking {
		return &Question{"recording", stoppedAsk}, nil // what else is asked, whoever recorded it knows this at once
	}
	if situation := func(k *Candidate) string { return k.Situation }; c.Sequence != nil && alreadyIn(c.Sequence) == unknowns && c.Outcome != fixtures.WrongUser && tells(groups, situation) > worthAsking {
		return &Question{"network", whoAsk}, nil
	}
	var best *Question
	most := worthAsking
	for _, about := range []struct {
		name  string
		value func(*Candidate) string
	}{
		{"browser", func(k *Candidate) string { return string(k.Case.Engine) }},
		{"setting", func(k *Candidate) string { return k.Case.Policy.Name }},
		{"style", func(k *Candidate) string { return k.Case.Integration.Name }},
		{"network", func(k *Candidate) string { return k.Situation }},
		{"cookies", func(k *Candidate) string { return string(k.Case.Site.Profile) }},
	} {
		if bits := tells(groups, about.value); bits > most {
			most, best = bits, &Question{about.name, ask[about.name]}
		}
	}
	return best, nil
}

// specialAsk is the question about the situation, without what was answered already.
func (c *Complaint) specialAsk() string {
	var parts []string
	if c.Idle == 0 && c.Report.Idle == "" && (c.Sequence == nil || len(c.Sequence.Calls) == 0 || beginsLate(c.Sequence)) {
		parts = append(parts, "was nobody active for more than 30 minutes")
	}
	if c.Outcome != fixtures.WrongUser {
		parts = append(parts, "was somebody else logged in at Webex in this browser")
	}
	if said := c.Report.Network; onTheWay(said) == "" && !denies.MatchString(strings.ToLower(said)) && !noTaker.MatchString(strings.ToLower(said)) {
		parts = append(parts, "is there a proxy, a filter or an extension")
	} else if words := onTheWay(said); words != "" && !takes.MatchString(words) {
		parts = append(parts, "what does the proxy, filter or extension take out")
	}
	return "What else is special: " + strings.Join(append(parts, "does it fail in another network too"), ", ") + "?"
}

// tells is the mutual information between a value and the cause, in bits.
func tells(groups []Group, value func(*Candidate) string) float64 {
	byValue := map[string]float64{}
	both := map[string][]float64{}
	for i, g := range groups {
		for _, k := range g.Candidates {
			v := value(k)
			byValue[v] += k.Share
			if both[v] == nil {
				both[v] = make([]float64, len(groups))
			}
			both[v][i] += k.Share
		}
	}
	bits := 0.0
	for _, v := range slices.Sorted(maps.Keys(both)) { // a sum of floats depends on its order
		for i, s := range both[v] {
			if s > 0 {
				bits += s * math.Log2(s/(byValue[v]*groups[i].Share))
			}
		}
	}
	return bits
}
