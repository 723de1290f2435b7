package testbed

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/internal/redact"
	"github.com/cookiegate/cookiegate/simulator/journal"
)

// Recording is what passed between the browser of a case and its sites, as the front door saw it: what the developer tools of that browser
// would have recorded, secrets redacted.
type Recording struct {
	browser   string // "Chromium 156.0.8078.79"
	exchanges []network.Exchange
	answers   map[int]journal.Entry
}

func (e evidence) recording(browser string) *Recording {
	return &Recording{browser: browser, exchanges: e.exchanges, answers: e.answers()}
}

// The parts of a HAR file, version 1.2 (http://www.softwareishard.com/blog/har-12-spec/).
type (
	harFile struct {
		Log harLog `json:"log"`
	}
	harLog struct {
		Version string     `json:"version"`
		Creator harAgent   `json:"creator"`
		Browser harAgent   `json:"browser"`
		Pages   []struct{} `json:"pages"`
		Entries []harEntry `json:"entries"`
	}
	harAgent struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	harEntry struct {
		Started  time.Time          `json:"startedDateTime"`
		Time     float64            `json:"time"` // milliseconds
		Request  harRequest         `json:"request"`
		Response harResponse        `json:"response"`
		Cache    struct{}           `json:"cache"`
		Timings  map[string]float64 `json:"timings"`
	}
	harRequest struct {
		Method      string    `json:"method"`
		URL         string    `json:"url"`
		HTTPVersion string    `json:"httpVersion"`
		Cookies     []harPair `json:"cookies"`
		Headers     []harPair `json:"headers"`
		QueryString []harPair `json:"queryString"`
		PostData    *harPost  `json:"postData,omitempty"`
		HeadersSize int       `json:"headersSize"`
		BodySize    int       `json:"bodySize"`
	}
	harPost struct {
		MimeType string `json:"mimeType"`
		Text     string `json:"text"`
	}
	harResponse struct {
		Status      int        `json:"status"`
		StatusText  string     `json:"statusText"`
		HTTPVersion string     `json:"httpVersion"`
		Cookies     []harPair  `json:"cookies"`
		Headers     []harPair  `json:"headers"`
		Content     harContent `json:"content"`
		RedirectURL string     `json:"redirectURL"`
		HeadersSize int        `json:"headersSize"`
		BodySize    int        `json:"bodySize"`
		Err         string     `json:"_error,omitempty"`
	}
	harContent struct {
		Size     int    `json:"size"`
		MimeType string `json:"mimeType"`
	}
	harPair struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
)

// WriteHAR writes the recording as a HAR file. Values of cookies are fingerprints, secrets in addresses and forms "***"; of bodies there is only
// what a form posted. Sanitized leaves out every Cookie and Set-Cookie, as browsers do unless told otherwise.
func (r *Recording) WriteHAR(w io.Writer, sanitized bool) error {
	name, version, _ := cutLastWord(r.browser)
	log := harLog{Version: "1.2", Creator: harAgent{"cookiegate", "1"}, Browser: harAgent{name, version}, Pages: []struct{}{}, Entries: []harEntry{}}
	for _, x := range r.exchanges {
		if !x.Own && !x.Server {
			log.Entries = append(log.Entries, r.entry(x, sanitized))
		}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(harFile{log})
}

func cutLastWord(s string) (before, last string, ok bool) {
	i := strings.LastIndexByte(s, ' ')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

func (r *Recording) entry(x network.Exchange, sanitized bool) harEntry {
	took := 0.0
	if !x.End.IsZero() {
		took = float64(x.End.Sub(x.Start).Microseconds()) / 1000
	}
	q := harRequest{Method: x.Method, URL: x.URL, HTTPVersion: "HTTP/1.1", Cookies: []harPair{}, Headers: []harPair{}, QueryString: []harPair{}, HeadersSize: -1, BodySize: -1}
	header(&q.Headers, "Sec-Fetch-Site", x.FetchSite)
	header(&q.Headers, "Sec-Fetch-Mode", x.FetchMode)
	header(&q.Headers, "Sec-Fetch-Dest", x.FetchDest)
	header(&q.Headers, "Sec-Fetch-Storage-Access", x.StorageAccess)
	header(&q.Headers, "Referer", x.Referer)
	header(&q.Headers, "Origin", x.Origin)
	if a, ok := r.answers[x.ID]; ok && x.Method == http.MethodPost {
		// The site's journal hides the secrets of its own commands; a form may hold others, as addresses do.
		q.PostData = &harPost{"application/x-www-form-urlencoded", redact.Query(a.Params)}
	}
	p := harResponse{
		Status: x.Status, StatusText: http.StatusText(x.Status), HTTPVersion: "HTTP/1.1", Cookies: []harPair{}, Headers: []harPair{},
		Content: harContent{MimeType: x.ContentType}, RedirectURL: x.Location, HeadersSize: -1, BodySize: -1, Err: x.Err,
	}
	if !sanitized {
		var sent []string
		for _, c := range x.Returned {
			sent = append(sent, c.Name+"="+c.Fingerprint)
		}
		header(&q.Headers, "Cookie", strings.Join(sent, "; "))
		for _, c := range x.AtBrowser() {
			header(&p.Headers, "Set-Cookie", setCookie(c))
		}
	}
	return harEntry{
		Started: x.Start.UTC(), Time: took, Request: q, Response: p,
		Timings: map[string]float64{"send": 0, "wait": took, "receive": 0},
	}
}

func header(to *[]harPair, name, value string) {
	if value != "" {
		*to = append(*to, harPair{name, value})
	}
}

// setCookie is the header that the fields describe.
func setCookie(c network.Cookie) string {
	s := c.Name + "=" + c.Fingerprint
	for _, a := range []struct {
		name, value string
		given       bool
	}{
		{"Domain", c.Domain, c.Domain != ""}, {"Path", c.Path, c.Path != ""}, {"Max-Age", "0", c.Deletes},
		{"Max-Age", "86400", c.Persistent && !c.Deletes}, {"Secure", "", c.Secure}, {"HttpOnly", "", c.HTTPOnly},
		{"SameSite", "None", c.SameSite == http.SameSiteNoneMode}, {"SameSite", "Lax", c.SameSite == http.SameSiteLaxMode},
		{"SameSite", "Strict", c.SameSite == http.SameSiteStrictMode}, {"Partitioned", "", c.Partitioned},
	} {
		if a.given {
			s += strings.TrimSuffix("; "+a.name+"="+a.value, "=")
		}
	}
	return s
}
