package control

import (
	"cmp"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/session"
)

// Journal is what was asked and answered.
type Journal struct {
	Entries []journal.Entry   `json:"entries"` // in the order of the clock
	Sites   []JournalPosition `json:"sites"`   // of the sites that were asked for
}

// Filter chooses entries. An empty field lets everything pass; of several values, one has to be the entry's.
type Filter struct {
	Sites    []string
	Pages    []string
	Commands []string
	Hosts    []string // who the command names, or in whose live session it was answered
	Results  []journal.Result
	Reasons  []string
	Sessions []session.State
	// After leaves out entries up to this sequence number. It counts within one site, so Sites must name that site alone. One that the journal has not
	// reached is of before a reset, and leaves out nothing.
	After uint64
	// Limit is how many of the newest entries are wanted; 0 is DefaultLimit, a negative one none.
	Limit int
}

// DefaultLimit is how many of the journal's entries are given where nothing else is asked for.
const DefaultLimit = 1000

// match says whether an entry passes, apart from After and Limit.
func (f *Filter) match(e *journal.Entry) bool {
	return pass(f.Sites, e.Site) && pass(f.Pages, e.Page) && pass(f.Commands, e.Command) && pass(f.Results, e.Result) &&
		pass(f.Reasons, e.Reason) && pass(f.Sessions, e.Session) && (pass(f.Hosts, e.Host) || pass(f.Hosts, e.User))
}

func pass[T comparable](allowed []T, value T) bool {
	return len(allowed) == 0 || slices.Contains(allowed, value)
}

// readFilter reads a filter, and whether the journal is to be followed.
func (a *API) readFilter(r *http.Request) (Filter, bool, error) {
	q := &query{r: r}
	f := Filter{
		Sites: words[string](q, "site", a.server.Sites()...), Pages: words[string](q, "page"), Commands: words[string](q, "command"),
		Hosts: words[string](q, "host"), Results: words(q, "result", journal.Success, journal.Fail), Reasons: words[string](q, "reason"),
		Sessions: words(q, "session", session.None, session.Live, session.IdleExpired, session.LoggedOut, session.Revoked, session.Replaced, session.Unknown),
		After:    uint64(q.number("after", 0)), Limit: q.number("limit", DefaultLimit),
	}
	if f.Limit == 0 {
		f.Limit = -1
	}
	follow := words(q, "follow", "true", "false")
	if err := q.err(); err != nil {
		return Filter{}, false, err
	}
	if f.After > 0 && len(f.Sites) != 1 {
		return Filter{}, false, invalid("after", "it along with one site, in whose journal it counts", "the request names %d sites", len(f.Sites))
	}
	return f, slices.Contains(follow, "true") || accepts(r, eventStream), nil
}

func (a *API) getJournal(w http.ResponseWriter, r *http.Request) error {
	f, follow, err := a.readFilter(r)
	if err != nil {
		return err
	}
	if follow {
		return a.followJournal(w, r, f)
	}
	found, _ := a.journal(f)
	if accepts(r, "text/plain") {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		for _, e := range found.Entries {
			fmt.Fprintln(w, e)
		}
		return nil
	}
	writeJSON(w, http.StatusOK, found)
	return nil
}

// journal is what passes a filter now, and from where on to follow each site.
func (a *API) journal(f Filter) (Journal, cursor) {
	found, at := Journal{Entries: []journal.Entry{}, Sites: []JournalPosition{}}, cursor{}
	for _, name := range a.server.Sites() {
		j := a.server.Journal(name)
		if j == nil || !pass(f.Sites, name) {
			continue
		}
		where := position(name, j)
		m := mark{journal: j, seq: f.After, reset: f.After > where.Last}
		if m.reset {
			m.seq = 0
		}
		list := j.After(m.seq)
		if len(list) > 0 { // some may have come since where was asked
			where.Last = list[len(list)-1].Seq
			if m.seq > 0 {
				m.missed = list[0].Seq - m.seq - 1
			}
			m.seq = where.Last
		}
		at[name] = m
		for i := range list {
			if f.match(&list[i]) {
				found.Entries = append(found.Entries, list[i])
			}
		}
		found.Sites = append(found.Sites, where)
	}
	slices.SortStableFunc(found.Entries, func(x, y journal.Entry) int { return cmp.Or(x.Time.Compare(y.Time), cmp.Compare(x.Site, y.Site)) })
	limit := f.Limit
	if limit == 0 {
		limit = DefaultLimit
	}
	found.Entries = found.Entries[len(found.Entries)-min(max(limit, 0), len(found.Entries)):]
	return found, at
}

// accepts says whether a request asks for a type of content by name.
func accepts(r *http.Request, kind string) bool {
	for _, accepted := range strings.Split(r.Header.Get("Accept"), ",") {
		if given, _, _ := mime.ParseMediaType(accepted); given == kind {
			return true
		}
	}
	return false
}
