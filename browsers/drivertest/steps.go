package drivertest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
)

// site is what both sites show in the table of steps.
var site = map[string]http.HandlerFunc{
	"/hop":    html(`<script>location.replace("/landed")</script>`),
	"/landed": html(`<h1>Landed</h1>`),
	"/late":   html(`<p id="p"></p><script>setTimeout(() => p.textContent = "Better   late", 100)</script>`),
	"/strict": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'")
		fmt.Fprint(w, `<!DOCTYPE html><p id="p"></p><button id="b">Go</button><script src="/late.js"></script>`)
	},
	"/late.js": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, `b.onclick = () => setTimeout(() => p.textContent = "Late and strict", 400)`)
	},
	"/onward": html(`<p>First</p><button onclick="setTimeout(() => location.href = '/landed', 100)">Go</button>`),
	"/form": html(`<p>Sign in</p><form action="/sent"><input name="user"><textarea name="note"></textarea>
		<input type="hidden" name="by" id="by"><button name="button" value="pressed">Sign in</button></form>
		<form id="bare" action="/sent"><input name="user" value="bare"><select name="kind"><option>a</option><option value="b">Second</option></select></form>`),
	"/sent":     html(`<p>Thank you</p>`),
	"/links":    html(`<a href="/landed">Sign in here</a> <a href="/sent">Sign in</a>`),
	"/framed":   html(`<p>Outside</p><iframe name="outer" src="` + third + `/nested"></iframe>`),
	"/nested":   html(`<p>Middle</p><iframe name="inner" src="` + top + `/form"></iframe>`),
	"/frameset": html(`<frameset cols="50%,50%"><frame name="left" src="/landed"><frame name="right" src="` + third + `/form"></frameset>`),
	"/replaced": html(`<div id="d"><iframe name="f" src="` + third + `/landed"></iframe></div><script>
		addEventListener("message", () => d.innerHTML = '<iframe name="f" src="` + third + `/sent"></iframe>')</script>
		<iframe name="g" src="` + third + `/knock"></iframe>`),
	"/knock":  html(`<button onclick="parent.postMessage(1, '*')">Knock</button>`),
	"/opener": html(`<button onclick="window.open('` + third + `/popup', 'popup', 'width=300,height=300')">Open</button><a target="_blank" href="` + third + `/form">Blank</a>`),
	"/popup":  html(`<p>Popped up</p><button onclick="opener.postMessage('x', '*'); window.close()">Close</button>`),
	"/hidden": html(`<p style="display:none">Nobody reads this</p><p>Somebody reads this</p>`),
	"/hide": html(`<p>Outside</p><iframe name="shown" src="/landed"></iframe><iframe name="none" style="display:none" src="/landed"></iframe>
		<iframe name="dot" width="1" height="1" src="` + third + `/landed"></iframe><div style="visibility:hidden"><iframe name="unseen" src="/landed"></iframe></div>
		<iframe name="away" style="position:absolute;left:-5000px" src="/landed"></iframe>`),
	"/component": html(`<my-card></my-card><script>
		document.querySelector("my-card").attachShadow({mode: "open"}).innerHTML = '<style>p { color: red }</style><p>In a component</p>' +
			'<p style="display:none">Nobody reads this</p><form action="/sent"><input name="user"><button>Send</button></form><my-part></my-part>';
		document.querySelector("my-card").shadowRoot.querySelector("my-part").attachShadow({mode: "open"}).innerHTML = '<style>:host { display: contents }</style><a href="/landed"><b>Go on</b></a>'
		</script>`),
	"/set":    setting(html(`<p>Set</p>`), "jar=1; Path=/"),
	"/topnav": html(`<a target="_top" href="` + top + `/landed">Leave</a>`),
	"/leave":  html(`<iframe name="f" src="` + third + `/topnav"></iframe>`),
}

func steps(t *testing.T, w *world, b browsers.Browser) {
	w.serve(t, site)
	somebody := newPerson(t, b, browsers.SessionOptions{})

	for _, c := range []struct {
		name  string
		steps []browsers.Step
		asked string // with which request it must end, empty: none in particular
	}{
		{"a visit that a script leads on is no error", []browsers.Step{
			{Visit: top + "/hop"}, {See: "Landed"},
		}, ""},
		{"what comes late is waited for, and white space does not count", []browsers.Step{
			{Visit: top + "/late"}, {See: "Better late"}, {See: "Better\n  late\n"},
		}, ""},
		{"a page that lets no script be evaluated is waited for too", []browsers.Step{
			{Visit: top + "/strict"}, {Click: "#b"}, {See: "Late and strict"},
		}, ""},
		{"what is on the next page is waited for", []browsers.Step{
			{Visit: top + "/onward"}, {See: "First"}, {Click: "text=Go"}, {See: "Landed"}, {NotSee: "First"},
		}, ""},
		{"what is hidden is not seen", []browsers.Step{
			{Visit: top + "/hidden"}, {See: "Somebody reads this"}, {NotSee: "Nobody reads this"},
		}, ""},
		{"an address is waited for, and is the document's own", []browsers.Step{
			{Visit: top + "/onward"}, {Click: "text=Go"}, {URL: top + "/landed"}, {Visit: top + "/framed"}, {URL: third + "/nest", InFrame: "outer"},
		}, ""},
		{"an expression is waited for", []browsers.Step{
			{Visit: top + "/late"}, {Script: "document.querySelector('p').textContent.length > 5 // not yet"},
		}, ""},
		{"a component's own tree is read and used like the rest", []browsers.Step{
			{Visit: top + "/component"}, {See: "In a component"}, {See: "Go on"}, {NotSee: "Nobody reads this"}, {NotSee: "color"},
			{Click: "text=Go on"}, {See: "Landed"}, {Visit: top + "/component"}, {Fill: "input", With: "ann"}, {Click: "form button"}, {See: "Thank you"},
		}, "top.example /sent?user=ann "},
		{"a form goes out by its button, with what was filled in", []browsers.Step{
			{Visit: top + "/form"}, {Fill: "[name=user]", With: "ann & bob"}, {Fill: "textarea", With: "é"}, {Submit: "form"}, {See: "Thank you"},
		}, "top.example /sent?user=ann+%26+bob&note=%C3%A9&by=&button=pressed "},
		{"a form without a button goes out too", []browsers.Step{
			{Visit: top + "/form"}, {Fill: "select", With: "b"}, {Submit: "#bare"}, {See: "Thank you"},
		}, "top.example /sent?user=bare&kind=b "},
		{"a text is the whole text", []browsers.Step{
			{Visit: top + "/links"}, {Click: "text=Sign in"}, {See: "Thank you"},
		}, "top.example /sent "},
		{"a frame in a frame of another site", []browsers.Step{
			{Visit: top + "/framed"}, {See: "Middle", InFrame: "outer"}, {Fill: "input", With: "ann", InFrame: "inner"},
			{Click: "button", InFrame: "inner"}, {See: "Thank you", InFrame: "inner"}, {See: "Outside"}, {NotSee: "Thank you"},
		}, "top.example /sent?user=ann&note=&by=&button=pressed "},
		{"a frameset", []browsers.Step{
			{Visit: top + "/frameset"}, {See: "Landed", InFrame: "left"}, {Fill: "input", With: "ann", InFrame: "right"},
			{Submit: "form", InFrame: "right"}, {See: "Thank you", InFrame: "right"},
		}, "third.example /sent?user=ann&note=&by=&button=pressed "},
		{"a frame that is put in again is the frame of its name", []browsers.Step{
			{Visit: top + "/replaced"}, {See: "Landed", InFrame: "f"}, {Click: "button", InFrame: "g"}, {See: "Thank you", InFrame: "f"},
		}, ""},
		{"a link in a frame that leads the whole page away", []browsers.Step{
			{Visit: top + "/leave"}, {Click: "text=Leave", InFrame: "f"}, {See: "Landed"},
		}, ""},
		{"a popup", []browsers.Step{
			{Visit: top + "/opener"}, {Click: "text=Open"}, {See: "Popped up", InPopup: true}, {Click: "text=Close", InPopup: true}, {See: "Open"},
		}, ""},
		{"a new window by a link, with a form in it", []browsers.Step{
			{Visit: top + "/opener"}, {Click: "text=Blank"}, {Fill: "input", With: "ann", InPopup: true},
			{Submit: "form", InPopup: true}, {See: "Thank you", InPopup: true},
		}, "third.example /sent?user=ann&note=&by=&button=pressed "},
		{"two tabs share the cookies and nothing else", []browsers.Step{
			{Visit: top + "/set"}, {Visit: top + "/landed", InTab: "second"}, {See: "Landed", InTab: "second"}, {See: "Set"}, {NotSee: "Landed"},
		}, "top.example /landed jar=1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.forget()
			p := person{somebody.Session, t}
			if slices.ContainsFunc(c.steps, func(s browsers.Step) bool { return s.InPopup || s.InTab != "" }) {
				p = newPerson(t, b, browsers.SessionOptions{}) // other windows stay
			}
			p.does(c.steps...)
			if c.asked != "" {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				NewWithT(t).Expect(w.wait(ctx, func(asked string) bool { return asked == c.asked })).To(Succeed())
			}
		})
	}

	t.Run("sessions share nothing", func(t *testing.T) {
		one, other := newPerson(t, b, browsers.SessionOptions{}), newPerson(t, b, browsers.SessionOptions{})
		one.does(browsers.Step{Visit: top + "/set"})
		w.forget()
		other.does(browsers.Step{Visit: top + "/landed"})
		NewWithT(t).Expect(w.requests()).To(Equal([]string{"top.example /landed "}))
	})

	t.Run("a step that fails says what was there, in time", func(t *testing.T) {
		g := NewWithT(t)
		p := newPerson(t, b, browsers.SessionOptions{})
		p.does(browsers.Step{Visit: top + "/landed?secret=1"})
		for _, step := range []browsers.Step{
			{See: "Nothing of the kind"}, {NotSee: "Landed"}, {URL: top + "/sent"}, {Script: "false"}, {Script: "nothing.of.the.kind"}, {Click: "#none"}, {See: "Landed", InFrame: "none"}, {See: "Landed", InPopup: true},
		} {
			ctx, cancel := context.WithTimeout(t.Context(), 700*time.Millisecond)
			err := p.Do(ctx, step)
			cancel()
			var failed *browsers.StepError
			g.Expect(errors.As(err, &failed)).To(BeTrue(), step.String())
			g.Expect(failed.Step).To(Equal(step))
			g.Expect(err).To(MatchError(ContainSubstring(`showed: "Landed"`)))
			g.Expect(err.Error()).NotTo(ContainSubstring("secret"))
			g.Expect(err).NotTo(MatchError(browsers.ErrCrashed))
		}
	})

	t.Run("the documents are what a person reads", func(t *testing.T) {
		g := NewWithT(t)
		p := newPerson(t, b, browsers.SessionOptions{})
		p.does(browsers.Step{Visit: top + "/framed"}, browsers.Step{See: "Sign in", InFrame: "inner"},
			browsers.Step{Visit: top + "/landed", InTab: "second"})
		g.Eventually(func() ([]browsers.Document, error) {
			documents, err := p.Documents(t.Context())
			for i := range documents {
				documents[i].Text, _, _ = strings.Cut(documents[i].Text, "\n")
			}
			return documents, err
		}).WithTimeout(patience).Should(ConsistOf(
			browsers.Document{URL: top + "/framed", Title: "A page", Text: "Outside", Complete: true},
			browsers.Document{URL: third + "/nested", Title: "A page", Text: "Middle", Frame: "outer", Complete: true},
			browsers.Document{URL: top + "/form", Title: "A page", Text: "Sign in", Frame: "inner", Complete: true},
			browsers.Document{URL: top + "/landed", Title: "A page", Text: "Landed", Page: 1, Complete: true},
		))
	})

	t.Run("a frame that nobody sees is told as such", func(t *testing.T) {
		p := newPerson(t, b, browsers.SessionOptions{})
		hidden := func() (map[string]bool, error) {
			hidden := map[string]bool{}
			documents, err := p.Documents(t.Context())
			for _, d := range documents {
				if d.Complete {
					hidden[d.Frame] = d.Hidden
				}
			}
			return hidden, err
		}
		for path, want := range map[string]map[string]bool{
			"/hide":     {"": false, "shown": false, "none": true, "dot": true, "unseen": true, "away": true},
			"/frameset": {"": false, "left": false, "right": false},
		} {
			p.does(browsers.Step{Visit: top + path})
			NewWithT(t).Eventually(hidden).WithTimeout(patience).Should(Equal(want))
		}
	})

	t.Run("a screenshot is a picture", func(t *testing.T) {
		p := newPerson(t, b, browsers.SessionOptions{})
		p.does(browsers.Step{Visit: top + "/landed"})
		png, err := p.Screenshot(t.Context())
		NewWithT(t).Expect(err).NotTo(HaveOccurred())
		NewWithT(t).Expect(http.DetectContentType(png)).To(Equal("image/png"))
	})
}
