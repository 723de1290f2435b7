package testbed

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/simulator/journal"
)

// hops are the exchanges of the case, joined with what the journal knows of them and with the cookies that were lost there. What the
// browser asked on its own account, of hosts that are no part of the case, is left out.
func (e evidence) hops() []Hop {
	answers := e.answers()
	losses := e.losses()
	var hops []Hop
	for _, x := range e.exchanges {
		if x.Refused || x.Own {
			continue
		}
		h := Hop{
			ID:       x.ID,
			Method:   x.Method,
			URL:      x.URL,
			Where:    where(x),
			Status:   x.Status,
			Returned: names(x.Returned),
			Offered:  described(x.Offered),
			Lost:     losses[x.ID],
			Filters:  x.Filters,
		}
		if a, ok := answers[x.ID]; ok {
			h.At = a.Time
			h.Command = a.Command
			h.Answer = strings.TrimSpace(string(a.Result) + " " + a.Reason)
		}
		hops = append(hops, h)
	}
	return hops
}

// answers are the journal's entries by the number of their exchange.
func (e evidence) answers() map[int]journal.Entry {
	m := make(map[int]journal.Entry, len(e.entries))
	for _, a := range e.entries {
		if id, err := strconv.Atoi(a.RequestID); err == nil {
			m[id] = a
		}
	}
	return m
}

// where says in which kind of place the request was made, by the browser's own Sec-Fetch-Dest.
func where(x network.Exchange) string {
	switch {
	case x.Server:
		return "server"
	case x.FetchDest == "":
		return "unknown"
	}
	switch x.FetchDest {
	case "document":
		return "top-level"
	case "iframe", "frame":
		return "frame"
	case "empty":
		return "fetch"
	}
	return x.FetchDest
}

// navigates says whether the answer becomes a document, at top level or in a frame.
func navigates(x network.Exchange) bool {
	switch x.FetchDest {
	case "document", "iframe", "frame":
		return true
	}
	return false
}

func names(cs []network.Cookie) []string {
	var s []string
	for _, c := range cs {
		s = append(s, c.Name)
	}
	return s
}

// described are offered cookies with the attributes that decide about them.
func described(cs []network.Cookie) []string {
	var s []string
	for _, c := range cs {
		s = append(s, describe(c))
	}
	return s
}

func describe(c network.Cookie) string {
	if c.Deletes {
		return c.Name + " (deleted)"
	}
	var as []string
	if c.Domain != "" {
		as = append(as, "Domain="+c.Domain)
	}
	switch c.SameSite {
	case http.SameSiteNoneMode:
		as = append(as, "SameSite=None")
	case http.SameSiteLaxMode:
		as = append(as, "SameSite=Lax")
	case http.SameSiteStrictMode:
		as = append(as, "SameSite=Strict")
	default:
		as = append(as, "no SameSite")
	}
	if c.Secure {
		as = append(as, "Secure")
	}
	if c.Partitioned {
		as = append(as, "Partitioned")
	}
	return c.Name + " (" + strings.Join(as, "; ") + ")"
}

// label names a hop in a sentence: method, path and command, without the rest of the query.
func label(x network.Exchange, a journal.Entry) string {
	s := x.Method + " " + x.Host + x.Path
	if a.Command != "" {
		s += "?AT=" + a.Command
	}
	return s
}

// between reports whether t lies after from and not after to.
func between(t, from, to time.Time) bool { return t.After(from) && !t.After(to) }
