package control

import (
	"bytes"
	"cmp"
	"embed"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/simulator/site"
)

const (
	consoleSessions = 50  // of a site, those that expire first
	consoleAccounts = 100 // of a site, the oldest
	consoleEntries  = 200 // of the journal, the newest
)

//go:embed console
var consoleFiles embed.FS

// pages are parsed when the console is first looked at, so that importing costs nothing.
var pages = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{
		"clock": func(t time.Time) string { return t.UTC().Format("15:04:05") }, // as the page's script shows the clock
		"milli": func(t time.Time) int64 { return t.UnixMilli() },
		"iso":   func(t time.Time) string { return t.Format(time.RFC3339Nano) },
		"short": short,
		"lower": func(r journal.Result) string { return strings.ToLower(string(r)) },
	}).ParseFS(consoleFiles, "console/*.html"))
})

// short is a duration without the zeroes at its end: 30m.
func short(d Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// view is what the console shows.
type view struct {
	Clock   Clock
	Sites   []siteView
	Faults  []Fault
	Entries []journal.Entry // newest first
}

// siteView is a site in the console.
type siteView struct {
	Site
	Ticket   Cookie // the cookie that everything hangs on
	Hosts    []Account
	Live     Sessions // the first to expire; Total is all
	Profiles []session.Profile
}

func (a *API) view() view {
	v := view{Clock: a.clock(), Faults: a.faultsNow()}
	for _, name := range a.server.Sites() {
		if s, err := a.server.Site(name); err == nil {
			v.Sites = append(v.Sites, viewSite(s, v.Clock.Now))
		}
	}
	return v
}

func viewSite(s *site.Site, now time.Time) siteView {
	d := describeSite(s)
	hosts := accountsOf(s)
	v := siteView{
		Site: d, Ticket: d.Cookies[0], Hosts: hosts[:min(consoleAccounts, len(hosts))], Profiles: session.Profiles(),
		Live: Sessions{Sessions: sessionsOf(s, now, consoleSessions), Total: d.Sessions},
	}
	// In the order of login, so that a row stays where it is when its session is used.
	slices.SortFunc(v.Live.Sessions, func(x, y Session) int { return cmp.Compare(x.ID, y.ID) })
	return v
}

// render is a fragment of the console.
func render(name string, data any) []byte {
	var b bytes.Buffer
	if err := pages().ExecuteTemplate(&b, name, data); err != nil {
		panic(err) // the buffer takes everything, and the templates are ours
	}
	return b.Bytes()
}

// console is the page, complete without its script, which then keeps it up to date.
func (a *API) console(w http.ResponseWriter, r *http.Request) error {
	v := a.view()
	v.Entries, _ = a.newestEntries()
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; "+
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	w.Write(render("page.html", v))
	return nil
}

func (a *API) newestEntries() ([]journal.Entry, cursor) {
	found, at := a.journal(Filter{Limit: consoleEntries})
	slices.Reverse(found.Entries)
	return found.Entries, at
}

// consoleLive keeps a console up to date: "clock", "sites" and "faults" when they have changed, "journal" with all rows, "entries" with new ones.
func (a *API) consoleLive(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := a.streamContext(r)
	defer cancel()
	s := newStream(w)
	sent := map[string][]byte{}
	update := func(name string, content []byte) {
		if !bytes.Equal(sent[name], content) {
			sent[name] = content
			s.event(name, content)
		}
	}
	journalAnew := func() cursor {
		entries, at := a.newestEntries()
		s.event("journal", render("entries", entries))
		return at
	}
	following := a.follow(ctx, nil, journalAnew())
	beat := time.NewTicker(recheck)
	defer beat.Stop()
	for {
		changed := a.changed.wait()
		v := a.view()
		s.json("clock", clockView{v.Clock.Now.UnixMilli(), v.Clock.Running}) // also when nothing has changed, to learn who has gone
		update("sites", render("sites", v))
		update("faults", render("faults", v.Faults))
		if s.flush() != nil {
			return nil
		}
		select {
		case h, more := <-following:
			if !more {
				return nil
			}
			if h.Reset {
				journalAnew()
				continue
			}
			slices.Reverse(h.entries)
			s.event("entries", render("entries", h.entries[:min(consoleEntries, len(h.entries))]))
		case <-changed:
		case <-beat.C:
		}
	}
}

// clockView is the clock for a page that goes on counting by itself.
type clockView struct {
	Now     int64 `json:"now"` // milliseconds since 1970
	Running bool  `json:"running"`
}

func (a *API) consoleFile(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("file")
	kinds := map[string]string{"console.css": "text/css; charset=utf-8", "console.js": "text/javascript; charset=utf-8"}
	kind := kinds[name]
	if kind == "" {
		return notFound("the console has no file %q", name)
	}
	data, err := consoleFiles.ReadFile("console/" + name)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", kind)
	w.Write(data)
	return nil
}
