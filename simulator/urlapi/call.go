package urlapi

import (
	"bytes"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/cookiegate/cookiegate/internal/redact"
	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/simulator/site"
)

// call is one request to a site, from its parameters to its answer. Calls are pooled: nothing of one may be kept.
type call struct {
	site *site.Site
	w    http.ResponseWriter
	r    *http.Request
	page string
	at   string

	form    form
	cookies []cookie
	raw     []byte // buffer for the body
	body    string // what came in it
	out     bytes.Buffer
	result  []byte // the result's fields, as in a query
	target  []byte

	now    time.Time
	came   session.Session // the session whose ticket came along, in its state then
	ticket string          // its ticket
	user   *site.Account   // of the live session in which the answer is given
	host   string          // who the command names
	back   string          // where the browser goes; "" for the site's own page
	sentTo string          // the origin of where the answer sends the browser
	note   string
	jar    *session.Cookies // the cookies that the site sets
	lines  []byte           // Set-Cookie, one line after the other
	ends   []int            // where each of them ends
	set    []journal.Cookie
	over   bool // the session ends with this answer: its ticket is not issued again

	ticketFault TicketFault
}

var calls = sync.Pool{New: func() any { return new(call) }}

func newCall(s *site.Site, page string, w http.ResponseWriter, r *http.Request) *call {
	c := calls.Get().(*call)
	c.site, c.page, c.w, c.r, c.jar = s, page, w, r, s.Cookies()
	return c
}

// release gives the call back, without what it held.
func (c *call) release() {
	const large = 64 << 10
	if c.out.Cap() > large || cap(c.raw) > large {
		return
	}
	clear(c.form.params)
	clear(c.cookies)
	c.out.Reset()
	*c = call{
		form: form{params: c.form.params[:0]}, cookies: c.cookies[:0], raw: c.raw[:0], out: c.out, result: c.result[:0], target: c.target[:0],
		lines: c.lines[:0], ends: c.ends[:0],
	}
	calls.Put(c)
}

// answer is what a command says.
type answer struct {
	reason string  // "" for success
	fields []field // of the result, after ST
	// to is where the browser goes instead of back, with nothing appended.
	to string
	// page is shown instead of sending the browser anywhere.
	page page
	// xml is the body instead of anything else.
	xml string
}

type field struct{ name, value string }

func done(*call) answer { return answer{} }

func fail(reason string) answer { return answer{reason: reason} }

// setCookie has the answer set a cookie.
func (c *call) setCookie(k session.Cookie, value string) {
	c.lines = k.AppendSet(c.lines, value)
	c.ends = append(c.ends, len(c.lines))
	c.set = append(c.set, journal.Cookie{Name: k.Name, Fingerprint: journal.FingerprintOf(value), Attributes: k.Attributes})
}

// deleteCookie has the answer delete a cookie.
func (c *call) deleteCookie(k session.Cookie) {
	c.lines = append(c.lines, k.Delete()...)
	c.ends = append(c.ends, len(c.lines))
	c.set = append(c.set, journal.Cookie{Name: k.Name, Attributes: k.Deletion, Deletes: true})
}

// setCookieHeader are the lines of all cookies that the answer sets or deletes.
func (c *call) setCookieHeader() []string {
	all, from := string(c.lines), 0
	header := make([]string, len(c.ends))
	for i, to := range c.ends {
		header[i], from = all[from:to], to
	}
	return header
}

// cookie is the value of the first cookie of that name that came along.
func (c *call) cookie(name string) string {
	for _, k := range c.cookies {
		if k.name == name {
			return k.value
		}
	}
	return ""
}

// identify finds out in whose session the request comes, and renews that session. Where several tickets came along, such as a partitioned one
// and another, the first live one counts, or else the first that the site has made: those of other sites come along, too.
func (c *call) identify() {
	c.came.State = session.None
	for _, k := range c.cookies {
		if k.name != c.jar.Ticket.Name {
			continue
		}
		found, now := c.site.Sessions.Use(k.value)
		if c.came.State == session.None || c.came.State == session.Unknown || found.State == session.Live {
			c.came, c.ticket, c.now = found, k.value, now
		}
		if found.State == session.Live {
			break
		}
	}
	if c.came.State == session.None {
		c.now = c.site.Clock.Now()
		return
	}
	owner := c.site.Accounts.Owner(c.came.Owner)
	if owner == nil || c.came.State == session.Unknown {
		return
	}
	c.host = owner.WebExID
	if c.came.State != session.Live {
		return
	}
	if !owner.Active {
		c.site.Sessions.End(c.ticket, session.Revoked)
		c.came.State = session.Revoked
		return
	}
	c.user = owner
}

// identifyCaller is identify for a command, which may name a host itself.
func (c *call) identifyCaller() {
	c.identify()
	if wid := c.form.get("WID"); wid != "" && c.at != "LO" {
		c.host = wid
	}
}

// live says whether a live session came along.
func (c *call) live() bool { return c.came.State == session.Live }

// browserCame is the id of the browser session that came along, "" for none. One that is too long is none of ours.
func (c *call) browserCame() string {
	if id := c.cookie(c.jar.SessionID.Name); len(id) <= 64 {
		return id
	}
	return ""
}

// browser is the id of the browser session, new if none came along.
func (c *call) browser() string {
	if id := c.browserCame(); id != "" {
		return id
	}
	id := c.site.Browsers.NewID()
	c.setCookie(c.jar.SessionID, id)
	return id
}

// remark adds to the note.
func (c *call) remark(text string) {
	if c.note != "" {
		c.note += "; "
	}
	c.note += text
}

// write journals the call.
func (c *call) write(result journal.Result, reason string) {
	params := c.r.URL.RawQuery
	if c.body != "" {
		if params != "" {
			params += "&"
		}
		params += c.body
	}
	params = redact.Query(params)
	user := ""
	if c.user != nil {
		user = c.user.WebExID
	}
	c.site.Journal.Add(&journal.Entry{
		Time: c.now, Site: c.site.Config.Name, Page: brief(c.page, 64), Command: brief(redact.Assigned(c.at), 64), Method: brief(c.r.Method, 64),
		RequestID: brief(c.r.Header.Get("X-Request-Id"), 64), Host: brief(redact.Assigned(c.host), 256), User: user, Result: result, Reason: reason,
		Session: c.came.State, Params: brief(params, 4096), SendsTo: brief(c.sentTo, 256), Note: c.note,
		CookiesIn: noted(c.cookies), CookiesSet: c.set,
	})
}

// brief is what the journal keeps of a text that a stranger sent: a copy, or a word would keep in memory the request that it stood in.
func brief(s string, longest int) string {
	if len(s) <= longest {
		return strings.Clone(s)
	}
	return s[:longest] + "…"
}
