package network

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Filter changes what passes between a browser and a site, as proxies, firewalls and security products do. It sits at the door, on the
// browsers' side: what servers of a case ask among themselves does not pass it. The door compares what went in with what came out and
// notes the difference of cookies in Exchange.Filters; what else a filter changes it notes itself.
//
// A filter may be used by several requests at once.
type Filter interface {
	// Name is the filter's name in YAML and in reports.
	Name() string
	// Request sees a request before the site does; it may change the request's header, or refuse.
	Request(p *Passage)
	// Response sees the header of an answer before the browser does; it may change it, ask for the body, or refuse.
	Response(p *Passage)
}

// Passage is one request and its answer on their way through a filter.
type Passage struct {
	// Request is what goes on to the site.
	Request *http.Request
	// URL is the whole address that was asked for.
	URL *url.URL
	// TopLevel is whose page it was asked from.
	TopLevel TopLevel
	// Status and Answer are what goes on to the browser; only in Filter.Response.
	Status int
	Answer http.Header

	door     *Door
	filter   string   // whose turn it is
	notes    []string // for Exchange.Filters
	refusal  string   // the body of an answer in the site's place
	refused  string   // the filter that refused
	rewrites []func([]byte) []byte
}

// Note says in the ledger what the filter did.
func (p *Passage) Note(what string) { p.notes = append(p.notes, p.filter+": "+what) }

// ThirdParty says whether the request goes to somebody else than the page's own site; known is false where nothing tells.
func (p *Passage) ThirdParty() (third, known bool) { return p.TopLevel.ThirdParty(p.URL.Hostname()) }

// Refuse answers in the site's place, with a text for the person who looks at it.
func (p *Passage) Refuse(status int, why string) {
	p.Status, p.refusal, p.refused = status, why, p.filter
	p.Note(why)
}

// Rewrite passes the answer's body through f, as a whole and not compressed. For Response only; a filter that rewrites calls Plain in
// Request.
func (p *Passage) Rewrite(f func([]byte) []byte) { p.rewrites = append(p.rewrites, f) }

// Plain asks the site not to compress its answer.
func (p *Passage) Plain() { p.Request.Header.Set("Accept-Encoding", "identity") }

// EditOffered shows each cookie that the answer sets to edit, which may change its attributes; one for which it is false is taken out.
func (p *Passage) EditOffered(edit func(*SetCookie) (keep bool)) {
	var kept []string
	for _, line := range p.Answer["Set-Cookie"] {
		parsed, ok := parseSetCookie(line)
		if !ok { // no browser reads it
			kept = append(kept, line)
			continue
		}
		c := &SetCookie{Cookie: p.door.prints.offer(parsed, p.door.now()), parsed: parsed}
		if !edit(c) {
			continue
		}
		if c.edited {
			line = c.parsed.String()
		}
		kept = append(kept, line)
	}
	if len(kept) == 0 {
		p.Answer.Del("Set-Cookie")
	} else {
		p.Answer["Set-Cookie"] = kept
	}
}

// SetCookie is a cookie on its way to the browser. Cookie is how it came.
type SetCookie struct {
	Cookie
	parsed setCookie
	edited bool
}

// Remove takes an attribute out, such as "SameSite".
func (c *SetCookie) Remove(attribute string) {
	n := len(c.parsed.attributes)
	c.parsed.attributes = slices.DeleteFunc(c.parsed.attributes, attributeNamed(attribute))
	c.edited = c.edited || len(c.parsed.attributes) != n
}

// Set gives an attribute a value, empty for one that has none, such as "Secure".
func (c *SetCookie) Set(name, value string) {
	c.Remove(name)
	c.parsed.attributes = append(c.parsed.attributes, attribute{name, value})
	c.edited = true
}

func attributeNamed(name string) func(attribute) bool {
	return func(a attribute) bool { return strings.EqualFold(a.name, name) }
}

// request takes p through the filters towards the site, and gives those that it came to.
func (p *Passage) request(filters []Filter) []Filter {
	for i, f := range filters {
		p.filter = f.Name()
		before := p.door.prints.returned(p.Request.Header)
		f.Request(p)
		p.noteChanges(before, p.door.prints.returned(p.Request.Header), "request")
		if p.refused != "" {
			return filters[:i]
		}
	}
	return filters
}

// response takes p through the filters towards the browser.
func (p *Passage) response(filters []Filter) {
	for _, f := range slices.Backward(filters) {
		p.filter = f.Name()
		before, refused := p.door.prints.offered(p.Answer, p.door.now()), p.refused
		f.Response(p)
		if p.refused != refused { // nothing of the site's answer comes out
			clear(p.Answer)
			p.Answer.Set("Content-Type", "text/plain; charset=utf-8")
		}
		p.noteChanges(before, p.door.prints.offered(p.Answer, p.door.now()), "answer")
	}
}

func (p *Passage) noteChanges(before, after []Cookie, in string) {
	for _, change := range changes(before, after) {
		p.Note(change + " in the " + in)
	}
}
