package probe

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
)

// cookie is the probe cookie's name on each site.
const cookie = "probe"

// visit is one place on one site.
type visit struct{ what, origin string }

// server answers for all three sites and remembers with which requests the probe cookie came.
type server struct {
	question Question

	mu   sync.Mutex
	came map[visit]bool
	more chan struct{} // closed and replaced at every visit
}

func newServer(q Question) *server {
	return &server{question: q, came: map[visit]bool{}, more: make(chan struct{})}
}

// origins are the three sites.
func (s *server) origins() []string { return []string{s.question.Top, third, s.question.Allowed} }

// frames are the page's frames, one per site.
func (s *server) frames() string {
	var b strings.Builder
	for _, origin := range s.origins() {
		fmt.Fprintf(&b, `<iframe name="%s" src="%s/set"></iframe>`, origin, origin)
	}
	return b.String()
}

// What a frame does once it had its cookie set: it looks for it; or, where storage access is asked for, waits for a click, has the cookie set once
// more and looks for it from the document that was given access.
const (
	goOn = `<script>fetch("/back")</script>`
	ask  = `<button onclick="document.requestStorageAccess().catch(() => {}).then(() => fetch('/set')).then(() => fetch('/back'))">Ask</button>`
)

// leave takes the whole window to the next site that is to be seen at top level, once it is known which, and says so where there is none any more.
const (
	leave = `<p id="state"></p><script>
fetch("/next").then(answer => answer.text()).then(next => {
	if (next) location.href = next
	else document.getElementById("state").textContent = "` + atRest + `"
})
</script>`
	atRest = "all is seen"
)

// handler answers for one site: "/" is the page, "/set" sets the cookie, "/back" sees whether it came; "/alone" looks for it at top level. "/next" is
// where the window goes from there.
func (s *server) handler(origin string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { page(w, s.frames()+leave) })
	mux.HandleFunc("GET /set", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Set-Cookie", cookie+"=1; Path=/; Secure; SameSite=None")
		if s.question.AskAccess {
			page(w, ask)
			return
		}
		page(w, goOn)
	})
	note := func(what, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			_, err := r.Cookie(cookie)
			s.mu.Lock()
			s.came[visit{what, origin}] = err == nil
			close(s.more)
			s.more = make(chan struct{})
			s.mu.Unlock()
			page(w, body)
		}
	}
	mux.HandleFunc("GET /back", note("back", ""))
	mux.HandleFunc("GET /alone", note("alone", leave))
	mux.HandleFunc("GET /next", func(w http.ResponseWriter, r *http.Request) {
		// The only error is a window that is gone.
		if next, err := s.next(r.Context()); err == nil && next != "" {
			fmt.Fprint(w, next+"/alone")
		}
	})
	return mux
}

// next waits until it is known of every frame whether its cookie came back, and is a site of which it did and that was not seen at top level yet;
// empty where there is none.
func (s *server) next(ctx context.Context) (string, error) {
	next := ""
	for _, origin := range s.origins() {
		came, err := s.wait(ctx, "back", origin)
		if err != nil {
			return "", err
		}
		if came && origin != s.question.Top && !s.visited("alone", origin) {
			next = origin
		}
	}
	return next, nil
}

func (s *server) visited(what, origin string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.came[visit{what, origin}]
	return ok
}

// wait waits for a visit and says whether the cookie came with it.
func (s *server) wait(ctx context.Context, what, origin string) (bool, error) {
	for {
		s.mu.Lock()
		came, ok := s.came[visit{what, origin}]
		more := s.more
		s.mu.Unlock()
		if ok {
			return came, nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return false, fmt.Errorf("%s%s was not visited: %w", origin, "/"+what, context.Cause(ctx))
		}
	}
}

func page(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	fmt.Fprint(w, `<!doctype html><meta charset="utf-8"><title>probe</title>`, body)
}
