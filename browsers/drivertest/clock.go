package drivertest

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
)

// clock: the pages' clock stands until it is moved, and then every timer fires at its time, in frames and popups too. Every document says when
// its first one will.
func clock(t *testing.T, w *world, b browsers.Browser) {
	g := NewWithT(t)
	beat := func(name string) string {
		return fmt.Sprintf(`<p id="p"></p><script>setInterval(() => fetch("/beat?%s=" + new Date().toISOString()), 10 * 60 * 1000); p.textContent = "at " + new Date().toISOString()</script>`, name)
	}
	w.serve(t, map[string]http.HandlerFunc{
		"/page":  html(beat("page") + `<iframe name="frame" src="` + third + `/frame"></iframe><button onclick="window.open('/popup')">Open</button>`),
		"/frame": html(beat("frame")),
		"/popup": html(beat("popup")),
		"/beat":  html(""),
	})
	start := time.Date(2030, 5, 17, 9, 0, 0, 0, time.UTC)
	p := newPerson(t, b, browsers.SessionOptions{Clock: start})
	p.does(browsers.Step{Visit: top + "/page"}, browsers.Step{See: "at 2030-05-17T09:00:00.000Z"},
		browsers.Step{See: "at 2030-05-17T09:00:00.000Z", InFrame: "frame"},
		browsers.Step{Click: "text=Open"}, browsers.Step{See: "at 2030-05-17T09:00:00.000Z", InPopup: true})

	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	due := func() (due []time.Duration) {
		documents, err := p.Documents(ctx)
		g.Expect(err).NotTo(HaveOccurred())
		for _, d := range documents {
			due = append(due, d.Timer)
		}
		return due
	}
	g.Expect(due()).To(HaveExactElements(10*time.Minute, 10*time.Minute, 10*time.Minute))
	g.Expect(p.AdvanceClock(ctx, 29*time.Minute+59*time.Second)).To(Succeed())
	g.Expect(due()).To(HaveExactElements(time.Second, time.Second, time.Second))
	for _, name := range []string{"page", "frame", "popup"} {
		for _, at := range []string{"09:10", "09:20"} {
			g.Expect(w.wait(ctx, func(asked string) bool {
				return strings.Contains(asked, name+"=2030-05-17T"+at+":00.000Z")
			})).To(Succeed())
		}
	}
	g.Expect(w.requests()).NotTo(ContainElement(ContainSubstring("09:30")))
	g.Expect(p.AdvanceClock(ctx, time.Second)).To(Succeed())
	g.Expect(w.wait(ctx, func(asked string) bool { return strings.Contains(asked, "page=2030-05-17T09:30:00.000Z") })).To(Succeed())
	p.does(browsers.Step{Visit: top + "/page", InTab: "later"}, browsers.Step{See: "at 2030-05-17T09:30:00.000Z", InTab: "later"})
}
