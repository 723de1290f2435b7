package intake

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers/network"
)

// The parts of an entry that are looked at, as they stand in the file.
type (
	rawEntry struct {
		started   moment
		took      millis
		page      loose
		frame     loose
		resource  loose
		initiator struct{ Type loose }
		request   rawRequest
		response  rawResponse
		timings   struct{ Blocked, DNS, Connect, Send, Wait, Receive millis }
	}
	rawRequest struct {
		Method   string `json:"method"`
		URL      string `json:"url"`
		Headers  []rawHeader
		Cookies  []rawCookie
		PostData rawPost
	}
	rawPost struct {
		MimeType loose
		Text     loose
		Params   []struct{ Name, Value loose }
	}
	rawResponse struct {
		Status      float64
		Headers     []rawHeader
		Cookies     []rawCookie
		RedirectURL loose
		Content     rawContent
		Err         loose `json:"_error"`
	}
	rawContent struct {
		MimeType loose
		Text     rawText
		Encoding loose
	}
	rawHeader struct{ Name, Value loose }
	rawText   []byte // as it stands in the file, quotes and escapes included
	rawCookie struct {
		Name, Value, Path, Domain, SameSite loose
		Expires                             loose
		HTTPOnly, Secure                    bool
	}
)

// one reads one entry, and keeps of it what may matter.
func (h *harReader) one(int) error {
	h.entry = h.whole + 1
	if h.entry > h.limits.Entries {
		return h.problem("more than %d entries", h.limits.Entries)
	}
	if err := h.parts(); err != nil {
		return err
	}
	h.whole, h.entry = h.entry, 0
	return nil
}

// parts reads the parts of an entry.
func (h *harReader) parts() error {
	h.clip.forget(h.dec.InputOffset())
	raw := &h.raw
	*raw = rawEntry{response: rawResponse{Content: rawContent{Text: raw.response.Content.Text[:0]}}}
	if err := h.object(func(key string) error {
		switch key {
		case "startedDateTime":
			return h.decode(&raw.started)
		case "time":
			return h.decode(&raw.took)
		case "pageref":
			return h.decode(&raw.page)
		case "_frameref":
			return h.decode(&raw.frame)
		case "_resourceType":
			return h.decode(&raw.resource)
		case "_initiator":
			return h.decode(&raw.initiator)
		case "request":
			return h.decode(&raw.request)
		case "response":
			return h.decode(&raw.response)
		case "timings":
			return h.decode(&raw.timings)
		}
		return h.skip()
	}); err != nil {
		return err
	}
	if raw.request.URL == "" {
		return h.problem("the entry has no request.url")
	}
	e := h.entryOf(raw)
	h.shown = h.shown || len(e.Returned) > 0 || len(e.Offered) > 0
	if !e.matters() {
		return nil
	}
	e.URL = redactShort(raw.request.URL)
	own(e.Returned)
	own(e.Offered)
	h.out.Entries = append(h.out.Entries, e)
	return h.keep(e.size())
}

// entryOf is what may be kept of an entry, but for its address.
func (h *harReader) entryOf(raw *rawEntry) Entry {
	e := Entry{
		Index:     h.entry,
		Time:      raw.started.Time,
		Took:      raw.took.duration(),
		Method:    short(raw.request.Method),
		Status:    int(raw.response.Status),
		Redirect:  redactShort(string(raw.response.RedirectURL)),
		Page:      short(string(raw.page)),
		Frame:     short(string(raw.frame)),
		Initiator: short(string(raw.initiator.Type)),
		Resource:  short(string(raw.resource)),
		Err:       short(string(raw.response.Err)),
		Timings: Timings{
			Blocked: raw.timings.Blocked.duration(), DNS: raw.timings.DNS.duration(), Connect: raw.timings.Connect.duration(),
			Send: raw.timings.Send.duration(), Wait: raw.timings.Wait.duration(), Receive: raw.timings.Receive.duration(),
		},
		ContentType: short(string(raw.response.Content.MimeType)),
	}
	if u, err := url.Parse(raw.request.URL); err == nil {
		e.Host, e.Path = strings.ToLower(cutTo(u.Hostname(), maxWord)), redactShort(u.Path)
	}
	userAgent := e.requestHeaders(h, &raw.request)
	e.responseHeaders(h, &raw.response)
	e.Command = commandOf(e.Method, raw.request.URL, raw.request.PostData.form())
	if h.commands == "" { // nobody looks any further once it is known who sends them
		browser := browserOf(userAgent)
		h.seenIn = cmp.Or(h.seenIn, browser)
		if e.Command != nil {
			h.commands = browser
		}
	}
	if e.Command != nil {
		e.Command.Target = e.Redirect
		var body string
		if len(raw.response.Content.Text) == 0 || json.Unmarshal(raw.response.Content.Text, &body) == nil {
			e.Command.readAnswer(decodeBody([]byte(body), string(raw.response.Content.Encoding)))
		}
	}
	return e
}

// requestHeaders returns the User-Agent, which is not kept.
func (e *Entry) requestHeaders(h *harReader, raw *rawRequest) (userAgent string) {
	var cookies []string
	for _, header := range raw.Headers {
		value := string(header.Value)
		switch strings.ToLower(string(header.Name)) {
		case "cookie":
			cookies = append(cookies, value)
		case "sec-fetch-site":
			e.FetchSite = short(value)
		case "sec-fetch-mode":
			e.FetchMode = short(value)
		case "sec-fetch-dest":
			e.FetchDest = short(value)
		case "sec-fetch-user":
			e.FetchUser = value == "?1"
		case "sec-fetch-storage-access":
			e.StorageAccess = short(value)
		case "referer":
			e.Referer = originOf(value)
		case "origin":
			e.Origin = originOf(value)
		case "user-agent":
			userAgent = cutTo(value, maxAddress)
		}
	}
	e.Returned = slices.DeleteFunc(h.cookies.Returned(cookies), nameless)
	h.masked = h.masked || len(cookies) > 0 && len(e.Returned) == 0
	for _, c := range raw.Cookies {
		if name := short(string(c.Name)); name != "" && len(cookies) == 0 {
			e.Returned = append(e.Returned, network.Cookie{Name: name, Fingerprint: h.cookies.Fingerprint(string(c.Value))})
		}
	}
	return userAgent
}

func (e *Entry) responseHeaders(h *harReader, raw *rawResponse) {
	var cookies []string
	for _, header := range raw.Headers {
		value := string(header.Value)
		switch strings.ToLower(string(header.Name)) {
		case "set-cookie":
			cookies = append(cookies, splitSetCookie(value, h.out.Creator)...)
		case "location":
			if e.Redirect == "" {
				e.Redirect = redactShort(value)
			}
		case "via":
			e.Via = short(value)
		case "p3p":
			e.CompactPolicy = cutTo(value, 4*maxWord)
		}
	}
	masked := len(cookies) > 0
	if len(cookies) == 0 {
		for _, c := range raw.Cookies {
			cookies = append(cookies, c.header())
		}
	}
	e.Offered = slices.DeleteFunc(h.cookies.Offered(cookies, e.Time), nameless)
	h.masked = h.masked || masked && len(e.Offered) == 0
}

// splitSetCookie parts the headers that developer tools write as one: Chromium's with a line break between them, WebKit's with a comma. As WebKit
// itself does, a comma before a digit is taken for one within a date.
func splitSetCookie(value, creator string) []string {
	if !strings.HasPrefix(creator, "WebKit Web Inspector") {
		return strings.Split(value, "\n")
	}
	var headers []string
	for i, part := range strings.Split(value, ", ") {
		if i > 0 && part != "" && '0' <= part[0] && part[0] <= '9' {
			headers[len(headers)-1] += ", " + part
		} else {
			headers = append(headers, part)
		}
	}
	return headers
}

// own lets go of the headers in which the cookies' names stood.
func own(cookies []network.Cookie) {
	for i := range cookies {
		c := &cookies[i]
		c.Name, c.Domain, c.Path = short(c.Name), short(c.Domain), cutTo(c.Path, maxAddress)
	}
}

// nameless says that it is no name=value: programs that take secrets out write some word instead.
func nameless(c network.Cookie) bool { return c.Name == "" }

// header is the Set-Cookie header that the fields describe.
func (c *rawCookie) header() string {
	s := string(c.Name) + "=" + string(c.Value)
	for _, a := range []struct{ name, value string }{{"Domain", string(c.Domain)}, {"Path", string(c.Path)}, {"SameSite", string(c.SameSite)}} {
		if a.value != "" {
			s += "; " + a.name + "=" + a.value
		}
	}
	if t, err := time.Parse(time.RFC3339, string(c.Expires)); err == nil {
		s += "; Expires=" + t.UTC().Format(time.RFC1123)
	}
	if c.Secure {
		s += "; Secure"
	}
	if c.HTTPOnly {
		s += "; HttpOnly"
	}
	return s
}

// form is what was posted, as a query. The text is what was sent; programs write the parameters beside it, or instead, decoded.
func (p *rawPost) form() string {
	if text := strings.TrimSpace(string(p.Text)); text != "" && !strings.HasPrefix(strings.ToLower(string(p.MimeType)), "multipart/") {
		return text[strings.LastIndexAny(text, "\r\n")+1:] // Firefox may write headers before it, a line each
	}
	var b strings.Builder
	for _, q := range p.Params {
		b.WriteString(url.QueryEscape(string(q.Name)) + "=" + url.QueryEscape(string(q.Value)) + "&")
	}
	return b.String()
}

// matters says whether an entry can have to do with a session: not a picture that brought and set no cookie.
func (e *Entry) matters() bool {
	if e.Command != nil || len(e.Returned) > 0 || len(e.Offered) > 0 || e.Redirect != "" || e.Err != "" {
		return true
	}
	if e.FetchDest != "" {
		return slices.Contains([]string{"document", "iframe", "frame", "empty"}, e.FetchDest)
	}
	switch e.Resource {
	case "image", "stylesheet", "font", "media", "script", "manifest", "texttrack":
		return false
	case "":
		kind, _, _ := strings.Cut(e.ContentType, ";")
		return kind == "" || strings.HasSuffix(kind, "html") || strings.HasSuffix(kind, "xml") || strings.HasSuffix(kind, "json")
	}
	return true
}

// size is what an entry costs in memory, in bytes, about.
func (e *Entry) size() int64 {
	const fixed, perCookie = 700, 160
	n := fixed + len(e.URL) + len(e.Path) + len(e.Redirect) + perCookie*(len(e.Returned)+len(e.Offered))
	for _, list := range [][]network.Cookie{e.Returned, e.Offered} {
		for _, c := range list {
			n += len(c.Name) + len(c.Domain) + len(c.Path)
		}
	}
	if e.Command != nil {
		n += 200 + len(e.Command.Back) + len(e.Command.Target)
	}
	return int64(n)
}

// evidence says what the recording shows of cookies.
func (h *harReader) evidence() Cookies {
	if h.shown {
		return CookiesRecorded
	}
	if h.masked {
		return CookiesRemoved
	}
	for _, e := range h.out.Entries {
		if e.Command != nil && e.Command.AT == "LI" && e.Command.Answer.ST == "SUCCESS" {
			return CookiesRemoved
		}
	}
	return CookiesAbsent
}

// originOf is the scheme and host of an address.
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return cutTo(strings.ToLower(u.Scheme+"://"+u.Host), maxWord)
}

// wanted are the headers that are looked at.
var wanted = []string{
	"Cookie", "Set-Cookie", "Location", "Via", "P3P", "Referer", "Origin", "User-Agent",
	"Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest", "Sec-Fetch-User", "Sec-Fetch-Storage-Access",
}

// UnmarshalJSON reads a header, if it is one that is looked at: most are not, and make up most of a recording.
func (h *rawHeader) UnmarshalJSON(b []byte) error {
	type plain rawHeader
	for rest := b; ; {
		i := bytes.IndexByte(rest, '"')
		if i < 0 {
			return nil
		}
		rest = rest[i+1:]
		j := closingQuote(rest)
		if j < 0 {
			return nil
		}
		if slices.ContainsFunc(wanted, func(name string) bool { return len(name) == j && strings.EqualFold(name, string(rest[:j])) }) {
			return json.Unmarshal(b, (*plain)(h))
		}
		rest = rest[j+1:]
	}
}

// UnmarshalJSON keeps a text until the next entry, in the same place.
func (t *rawText) UnmarshalJSON(b []byte) error {
	*t = append((*t)[:0], b...)
	return nil
}

// loose is a text that some programs write as a number, a truth value or null.
type loose string

func (l *loose) UnmarshalJSON(b []byte) error {
	switch {
	case bytes.Equal(b, []byte("null")):
		*l = ""
	case len(b) > 0 && b[0] == '"':
		return json.Unmarshal(b, (*string)(l))
	case len(b) > 0 && (b[0] == '{' || b[0] == '['):
		*l = ""
	default:
		*l = loose(b)
	}
	return nil
}

// moment is a time; one that nobody can read is zero.
type moment struct{ time.Time }

func (m *moment) UnmarshalJSON(b []byte) error {
	if t, err := time.Parse(`"`+time.RFC3339+`"`, string(b)); err == nil {
		m.Time = t
	}
	return nil
}

// millis is a duration in milliseconds; -1 stands for none.
type millis float64

func (m *millis) UnmarshalJSON(b []byte) error {
	var f float64
	if json.Unmarshal(b, &f) == nil {
		*m = millis(f)
	}
	return nil
}

func (m millis) duration() time.Duration {
	f := float64(m)
	if !(f > 0) || f > 1e12 { // not even a month, in milliseconds, is a recording's
		return 0
	}
	return time.Duration(math.Round(f * float64(time.Millisecond)))
}
