package intake

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers/network"
)

// Sequence is what was asked of a Webex site and answered, in order: enough for a diagnosis where cookies cannot be seen.
type Sequence struct {
	Cookies Cookies `json:"cookies"`
	Hops    []Entry `json:"hops"`
	Calls   []Call  `json:"calls"`
}

// Call is a command with its answer, as far as either is known.
type Call struct {
	Hop       int           `json:"hop"` // in Sequence.Hops
	Time      time.Time     `json:"time"`
	Site      string        `json:"site"`
	Page      string        `json:"page"` // "p.php"
	AT        string        `json:"at"`   // empty where neither the request nor its answer shows it
	Host      string        `json:"host,omitempty"`
	Answer    Answer        `json:"answer"`
	KnownFrom KnownFrom     `json:"knownFrom,omitempty"`
	Where     Where         `json:"where"`
	CrossSite Tristate      `json:"crossSite"`      // some page of another site had a hand in it
	Idle      time.Duration `json:"idle,omitempty"` // since the command accepted last; 0 for the first
	// Followed says whether the browser went where the answer sent it. No, after an answer that a script carries out, is what a browser or
	// proxy without scripts looks like.
	Followed Tristate `json:"followed"`
	// PasswordInAddress says that a password or partner ID came in the query, which sites refuse since 2014.
	PasswordInAddress bool `json:"passwordInAddress,omitempty"`

	target string // where the answer sends the browser, as a whole address; empty where it sends it nowhere
}

// String is "LI SUCCESS".
func (c Call) String() string {
	at := c.AT
	if at == "" {
		at = c.Page
	}
	return at + " " + c.Answer.String()
}

// NeedsSession says whether the command is refused without a session.
func (c Call) NeedsSession() bool {
	return c.Page == "m.php" && slices.Contains([]string{"SM", "EM", "DM", "HM", "IM", "LM", "OM", "AA", "DA", "MD", "AP", "DP"}, c.AT)
}

// KnownFrom says how an answer is known.
type KnownFrom string

// The sources of an answer, the surest first.
const (
	FromAnswer  KnownFrom = "answer"       // it is written in the answer
	FromBackURL KnownFrom = "back-url"     // a later request brought it to the portal
	FromNext    KnownFrom = "next-command" // a command followed that only a success leads to
	FromSilence KnownFrom = "no-refusal"   // the browser stayed in the meeting: nothing refused
)

// Where is the place a request was made for.
type Where string

// The places.
const (
	TopLevel Where = "top-level"
	Frame    Where = "frame"
	Fetch    Where = "fetch" // by a script
	Part     Where = "part"  // an image, a script: part of a page
	Server   Where = "server"
	Unknown  Where = "unknown"
)

// Tristate is yes, no, or not known.
type Tristate string

// The three.
const (
	Yes      Tristate = "yes"
	No       Tristate = "no"
	NotKnown Tristate = "unknown"
)

// SequenceOf reads the commands and answers out of a recording.
func SequenceOf(h *HAR) Sequence {
	s := sequence(h.Entries, h.Cookies)
	accepted := func(c Call) bool { return c.AT == "LI" && c.Answer.ST == "SUCCESS" }
	if s.Cookies == CookiesAbsent && slices.ContainsFunc(s.Calls, accepted) {
		s.Cookies = CookiesRemoved // a login that only what followed shows to have succeeded
	}
	return s
}

// SequenceOfExchanges reads them out of what passed the front door. Bodies are not kept there, so an answer is known from where the browser
// went next.
func SequenceOfExchanges(exchanges []network.Exchange) Sequence {
	var hops []Entry
	for _, x := range exchanges {
		if !x.Own && !x.Refused {
			hops = append(hops, entryOfExchange(x))
		}
	}
	return sequence(hops, CookiesRecorded)
}

func entryOfExchange(x network.Exchange) Entry {
	e := Entry{
		Index: x.ID, Time: x.Start, Method: x.Method, URL: x.URL, Host: x.Host, Path: x.Path, Status: x.Status, Redirect: x.Location,
		FetchSite: x.FetchSite, FetchMode: x.FetchMode, FetchDest: x.FetchDest, Referer: x.Referer, Origin: x.Origin,
		ContentType: x.ContentType, Returned: x.Returned, Offered: x.Offered, Err: x.Err,
		Command: commandOf(x.Method, x.URL, ""),
	}
	if !x.End.IsZero() {
		e.Took = x.End.Sub(x.Start)
	}
	if x.Server {
		e.Initiator = string(Server)
	}
	if e.Command != nil && x.Location != "" {
		e.Command.Target = x.Location
		e.Command.readAnswer(nil)
	}
	return e
}

func sequence(hops []Entry, cookies Cookies) Sequence {
	hops = slices.Clone(hops)
	slices.SortStableFunc(hops, func(a, b Entry) int { return a.Time.Compare(b.Time) })
	s := Sequence{Cookies: cookies, Hops: hops}
	for i, e := range hops {
		if e.Command != nil {
			s.Calls = append(s.Calls, callOf(i, e))
		}
		s.learn(i, e)
	}
	s.conclude()
	return s
}

func callOf(i int, e Entry) Call {
	c := Call{
		Hop: i, Time: e.Time, Site: e.Command.Site, Page: e.Command.Page, AT: e.Command.AT, Host: e.Command.Host, Answer: e.Command.Answer,
		Where: e.where(), CrossSite: NotKnown, Followed: NotKnown, PasswordInAddress: e.Command.PasswordInAddress, target: e.target(),
	}
	switch e.FetchSite {
	case "cross-site":
		c.CrossSite = Yes
	case "same-site", "same-origin", "none":
		c.CrossSite = No
	}
	if c.Answer.ST != "" {
		c.KnownFrom = FromAnswer
	}
	return c
}

// where is the place e was made for, by the browser's word.
func (e *Entry) where() Where {
	if e.Initiator == string(Server) {
		return Server
	}
	switch e.FetchDest {
	case "document":
		return TopLevel
	case "iframe", "frame":
		return Frame
	case "empty":
		return Fetch
	case "":
		switch e.Resource {
		case "xhr", "fetch":
			return Fetch
		case "image", "script", "stylesheet", "font", "media":
			return Part
		}
		return Unknown // a browser's word "document" does not tell a frame from a window
	}
	return Part
}

// learn looks in hop i for what it tells of earlier calls.
func (s *Sequence) learn(i int, e Entry) {
	_, query := splitAddress(e.URL)
	at, st := strings.ToUpper(parameter(query, "AT")), parameter(query, "ST")
	if _, _, api := apiPath(e.Path); !api && st != "" && isCommand(at) {
		if c := s.pending(i, func(c *Call) bool { return c.AT == at || c.AT == "" && c.Page == "p.php" == accountCommand(at) }); c != nil {
			c.Followed = Yes
			if c.Answer.ST == "" {
				c.AT, c.Answer, c.KnownFrom = at, Answer{ST: strings.ToUpper(short(st)), RS: short(parameter(query, "RS"))}, FromBackURL
			}
		}
		return
	}
	if c := s.pending(i, func(c *Call) bool { return c.target != "" && c.target == e.URL }); c != nil {
		c.Followed = Yes
		return
	}
	if e.Command != nil && e.Referer == "https://"+e.Host {
		if c := s.pending(i, func(c *Call) bool { return c.AT == "LI" && c.Answer.ST == "" && s.Hops[c.Hop].Host == e.Host }); c != nil {
			c.Answer, c.KnownFrom, c.Followed = Answer{ST: "SUCCESS"}, FromNext, Yes // by its MU
		}
	}
}

// accountCommand says whether a command is one of p.php.
func accountCommand(at string) bool {
	return slices.Contains([]string{"LI", "LO", "SU", "EU", "AC", "IN", "PL"}, at)
}

// pending is the last call before hop i whose answer the browser has not been seen to follow and that matches. It looks at the latest alone: a browser
// goes where an answer sends it at once, and a recording may have many thousand calls.
func (s *Sequence) pending(i int, match func(*Call) bool) *Call {
	const latest = 200
	for j := len(s.Calls) - 1; j >= max(0, len(s.Calls)-latest); j-- {
		if c := &s.Calls[j]; c.Hop < i && c.Followed != Yes && match(c) {
			return c
		}
	}
	return nil
}

// target is where the answer of a command sends the browser, as a whole address; empty where it sends it nowhere.
func (e Entry) target() string {
	to, err := url.Parse(e.Command.Target)
	if err != nil || e.Command.Target == "" || to.IsAbs() {
		return e.Command.Target
	}
	from, err := url.Parse(e.URL)
	if err != nil {
		return e.Command.Target
	}
	return from.ResolveReference(to).String()
}

// conclude says what follows from what did not come.
func (s *Sequence) conclude() {
	var accepted time.Time
	for j := range s.Calls {
		c := &s.Calls[j]
		e := s.Hops[c.Hop]
		answered := e.Status >= 200 && e.Status < 400
		if c.Followed == NotKnown && answered && c.AT != "OM" && c.target != "" {
			c.Followed = No
		}
		if c.Answer.ST == "" && c.KnownFrom == "" && answered && c.target == "" && (c.AT == "HM" || c.AT == "IM" || c.AT == "JM") {
			c.Answer, c.KnownFrom = Answer{ST: "SUCCESS"}, FromSilence
		}
		if !accepted.IsZero() && !c.Time.IsZero() {
			c.Idle = max(0, c.Time.Sub(accepted))
		}
		if c.Answer.ST == "SUCCESS" {
			accepted = c.Time
		}
	}
}

// String is "LI SUCCESS, SM FAIL AccessDenied".
func (s Sequence) String() string {
	words := make([]string, len(s.Calls))
	for i, c := range s.Calls {
		words[i] = c.String()
	}
	return strings.Join(words, ", ")
}

// Denied is the first command that was refused although a login had succeeded and nobody had logged out since: the mark of a session that did not
// reach the site. Login is the index of that login in Calls.
func (s Sequence) Denied() (login, denied int, found bool) {
	login = -1
	for i, c := range s.Calls {
		switch {
		case c.AT == "LI" && (c.Answer.ST == "SUCCESS" || c.Answer.RS == "AlreadyLogon"):
			login = i
		case c.AT == "LO":
			login = -1
		case login >= 0 && c.Answer == Answer{ST: "FAIL", RS: "AccessDenied"}:
			return login, i, true
		}
	}
	return -1, -1, false
}

// Logins counts the logins that succeeded before any command that needs a session was accepted: two and more are a loop, in which the site
// never found anybody logged in. A logout in between is part of it: some portals begin every login with one.
func (s Sequence) Logins() int {
	n := 0
	for _, c := range s.Calls {
		switch {
		case c.AT == "LI" && c.Answer.ST == "SUCCESS":
			n++
		case c.NeedsSession() && c.Answer.ST == "SUCCESS":
			return n
		}
	}
	return n
}
