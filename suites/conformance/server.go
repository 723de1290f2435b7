package conformance

import (
	"context"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"sync"
)

// deed is what a request of the cookie's host is for.
type deed struct {
	do string // "plant" or "read"
	at Place
}

// server answers for both hosts and remembers which cookies came along.
type server struct {
	site, portal string // origins
	forms        []Form

	mu   sync.Mutex
	seen map[deed]map[string]bool // the names of the cookies that came along
	came chan struct{}            // closed and replaced whenever one is seen
}

func newServer(site, portal string, forms []Form) *server {
	return &server{site: site, portal: portal, forms: forms, seen: map[deed]map[string]bool{}, came: make(chan struct{})}
}

// forget begins anew.
func (s *server) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = map[deed]map[string]bool{}
}

// note remembers which cookies came with a request.
func (s *server) note(r *http.Request, d deed) {
	names := map[string]bool{}
	for _, c := range r.Cookies() {
		names[c.Name] = true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen[d] = names
	close(s.came)
	s.came = make(chan struct{})
}

// wait waits for the request of d and returns the names of the cookies that came with it.
func (s *server) wait(ctx context.Context, d deed) (map[string]bool, error) {
	for {
		s.mu.Lock()
		names, ok := s.seen[d]
		came := s.came
		s.mu.Unlock()
		if ok {
			return names, nil
		}
		select {
		case <-came:
		case <-ctx.Done():
			return nil, fmt.Errorf("the request that is to %s at %s did not come: %w", d.do, d.at, context.Cause(ctx))
		}
	}
}

// siteHandler answers for the cookie's host: it plants, or notes what came along.
func (s *server) siteHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/plant/{place}", func(w http.ResponseWriter, r *http.Request) {
		place := Place(r.PathValue("place"))
		for _, f := range s.forms {
			w.Header().Add("Set-Cookie", f.headerAt(place))
		}
		s.note(r, deed{"plant", place})
		s.answer(w, r)
	})
	mux.HandleFunc("/read/{place}", func(w http.ResponseWriter, r *http.Request) {
		s.note(r, deed{"read", Place(r.PathValue("place"))})
		s.answer(w, r)
	})
	mux.HandleFunc("/nested/{do}", func(w http.ResponseWriter, r *http.Request) {
		page(w, fmt.Sprintf(`<iframe src="%s" onload="done()"></iframe>`, s.portal+embedding(r.PathValue("do"), inNested)), 1)
	})
	mux.HandleFunc("/over", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, s.portal+"/over", http.StatusFound)
	})
	mux.HandleFunc("/script-over", func(w http.ResponseWriter, _ *http.Request) {
		page(w, fmt.Sprintf(`<script>location.href = "%s/script-over"</script>`, s.portal), 0)
	})
	return mux
}

// answer suits the place: an image, a CORS answer, or a page.
func (s *server) answer(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	switch Place(r.PathValue("place")) {
	case Image:
		w.Header().Set("Content-Type", "image/svg+xml")
		fmt.Fprint(w, `<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>`)
	case Fetch:
		w.Header().Set("Access-Control-Allow-Origin", s.portal)
		w.Header().Set("Access-Control-Allow-Credentials", "true")
		fmt.Fprint(w, "fetched")
	default:
		page(w, "<p>"+answered+"</p>", 0)
	}
}

// portalHandler answers for somebody else's page.
func (s *server) portalHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/embed/{do}/{places}", func(w http.ResponseWriter, r *http.Request) {
		var b strings.Builder
		places := strings.Split(r.PathValue("places"), "+")
		for _, place := range places {
			address := fmt.Sprintf("%s/%s/%s", s.site, r.PathValue("do"), place)
			switch Place(place) {
			case Image:
				fmt.Fprintf(&b, `<img src="%s" onload="done()">`, address)
			case Fetch:
				fmt.Fprintf(&b, `<script>fetch("%s", {credentials: "include"}).then(done)</script>`, address)
			case Sandboxed:
				fmt.Fprintf(&b, `<iframe src="%s" sandbox="allow-scripts" onload="done()"></iframe>`, address)
			default:
				fmt.Fprintf(&b, `<iframe src="%s" onload="done()"></iframe>`, address)
			}
		}
		page(w, b.String(), len(places))
	})
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) { s.redirect(w, r, LinkRedirected) })
	mux.HandleFunc("/over", func(w http.ResponseWriter, r *http.Request) { s.redirect(w, r, RedirectChain) })
	mux.HandleFunc("/script-over", func(w http.ResponseWriter, _ *http.Request) {
		page(w, fmt.Sprintf(`<script>location.href = "%s/read/%s"</script>`, s.site, ScriptRedirect), 0)
	})
	mux.HandleFunc("/doors", func(w http.ResponseWriter, _ *http.Request) {
		var b strings.Builder
		fmt.Fprintf(&b, `<a id="%s" href="%s/read/%[1]s">link</a> `, Link, s.site)
		fmt.Fprintf(&b, `<a id="%s" href="/away">link away</a> `, LinkRedirected)
		fmt.Fprintf(&b, `<form method="post" action="%s/read/%s"><button id="%[2]s">post</button></form> `, s.site, Post)
		fmt.Fprintf(&b, `<button id="%s" onclick="window.open('%s/read/%[1]s')">popup</button>`, Popup, s.site)
		page(w, b.String(), 0)
	})
	return mux
}

func (s *server) redirect(w http.ResponseWriter, r *http.Request, p Place) {
	http.Redirect(w, r, fmt.Sprintf("%s/read/%s", s.site, p), http.StatusFound)
}

// embedding is the path of the portal's page in which the site is embedded in several ways.
func embedding(do string, at stop) string { return fmt.Sprintf("/embed/%s/%s", do, at) }

var frameOfPage = template.Must(template.New("page").Parse(`<!doctype html><meta charset="utf-8"><title>conformance</title>
<script>let left = {{.Parts}}; function done() { if (--left == 0) document.getElementById("state").textContent = "everything is here" }</script>
<p id="state">…</p>
{{.Body}}
`))

// page writes a small page; body is ours, and calls done for each of its parts.
func page(w http.ResponseWriter, body string, parts int) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	// The only error is a browser that went away.
	_ = frameOfPage.Execute(w, struct {
		Body  template.HTML
		Parts int
	}{template.HTML(body), parts})
}

// What a page of the portal shows when everything in it is there, and a page of the site shows.
const (
	arrived  = "everything is here"
	answered = "this is the site"
)
