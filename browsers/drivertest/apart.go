package drivertest

import (
	"net/http"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
)

// apart: a browser as shipped may let a site have its cookies in somebody else's page once a person has gone from the one to the other and back.
// What one session won so, the next has not.
func apart(t *testing.T, d browsers.Driver) {
	g := NewWithT(t)
	w := newWorld(t)
	w.serve(t, map[string]http.HandlerFunc{
		"/set":   setting(html(`<p>set</p><a href="`+top+`/from">Back</a>`), "c=1; Secure; SameSite=None; Path=/"),
		"/from":  html(`<a href="` + third + `/set">Go</a>`),
		"/page":  html(`<iframe name="frame" src="` + third + `/frame"></iframe>`),
		"/frame": html("framed"),
	})
	b, _ := w.launch(t, d, policy.Policy{Name: "browser-default", Base: policy.BrowserDefault}, false)
	visitor := func() (came bool) {
		w.forget()
		p := newPerson(t, b, browsers.SessionOptions{})
		p.does(browsers.Step{Visit: third + "/set"}, browsers.Step{See: "set"}, browsers.Step{Visit: top + "/page"}, browsers.Step{See: "framed", InFrame: "frame"})
		g.Expect(w.wait(t.Context(), func(asked string) bool {
			came = strings.HasSuffix(asked, "c=1")
			return strings.HasPrefix(asked, "third.example /frame")
		})).To(Succeed())
		g.Expect(p.Close()).To(Succeed())
		return came
	}
	before := visitor()

	p := newPerson(t, b, browsers.SessionOptions{})
	p.does(browsers.Step{Visit: third + "/set"}, browsers.Step{Click: "text=Back"}, browsers.Step{Click: "text=Go"}, browsers.Step{Click: "text=Back"},
		browsers.Step{See: "Go"}, browsers.Step{Visit: top + "/page"}, browsers.Step{See: "framed", InFrame: "frame"})
	g.Expect(p.Close()).To(Succeed())

	g.Expect(visitor()).To(Equal(before))
}
