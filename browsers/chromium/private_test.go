package chromium

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
)

func TestSessionsInPrivateWindowsShareNothing(t *testing.T) {
	g := NewWithT(t)
	b := launch(t, policy.Policy{Name: "private-window", Base: policy.BrowserDefault, PrivateWindow: true}, map[string]http.HandlerFunc{
		"top.example": func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/favicon.ico" {
				return
			}
			_, err := r.Cookie("kept")
			w.Header().Add("Set-Cookie", "kept=1; Secure; SameSite=Lax; Path=/")
			w.Header().Add("Set-Cookie", "refused=1; SameSite=None")
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprintf(w, `<!doctype html><p>cookie %t</p><a target="_blank" href="/">Open</a><p id="year"></p>`, err == nil)
			fmt.Fprint(w, `<script>document.getElementById("year").textContent = "year " + new Date().getFullYear()</script>`)
		},
	})
	visit := browsers.Step{Visit: "https://top.example/"}
	for _, visitor := range []struct {
		options browsers.SessionOptions
		year    int
	}{
		{browsers.SessionOptions{}, time.Now().Year()},
		{browsers.SessionOptions{}, time.Now().Year()},
		{browsers.SessionOptions{Clock: time.Date(2040, 5, 1, 0, 0, 0, 0, time.UTC)}, 2040},
		{browsers.SessionOptions{}, time.Now().Year()},
	} {
		s, err := b.NewSession(t.Context(), visitor.options)
		g.Expect(err).NotTo(HaveOccurred())
		do(t, s, visit, browsers.Step{See: "cookie false"}, browsers.Step{See: fmt.Sprint("year ", visitor.year)},
			browsers.Step{Click: "text=Open"}, browsers.Step{See: "cookie true", InPopup: true})
		g.Expect(s.Blocked()).To(HaveLen(2), "one for each page of this session, none of others")
		g.Expect(s.Close()).To(Succeed())
		g.Expect(b.Settings(t.Context())).NotTo(BeEmpty(), "after a session too")
	}
}
