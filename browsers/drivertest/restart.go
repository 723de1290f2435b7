package drivertest

import (
	"context"
	"net/http"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
)

// restart: a cookie of the session ends with the browser, and one with a lifetime does not.
func restart(t *testing.T, d browsers.Driver) {
	g := NewWithT(t)
	w := newWorld(t)
	w.serve(t, map[string]http.HandlerFunc{
		"/set":  setting(html(`<p>Set</p>`), "session=1; Path=/; Secure", "lasting=1; Path=/; Secure; Max-Age=3600"),
		"/look": html(`<p>Looked</p>`),
	})
	b, _ := w.launch(t, d, allow, true)
	p := newPerson(t, b, browsers.SessionOptions{})
	p.does(browsers.Step{Visit: top + "/set"}, browsers.Step{Visit: top + "/look"})
	g.Expect(w.requests()).To(ContainElement("top.example /look session=1; lasting=1"))

	w.forget()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	g.Expect(b.Restart(ctx)).To(Succeed())
	g.Expect(b.Done()).NotTo(BeClosed())
	again := newPerson(t, b, browsers.SessionOptions{})
	again.does(browsers.Step{Visit: top + "/look"}, browsers.Step{See: "Looked"})
	g.Expect(w.requests()).To(Equal([]string{"top.example /look lasting=1"}))
}
