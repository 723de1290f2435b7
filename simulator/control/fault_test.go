package control

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func TestAFaultAnswersTheNextCommands(t *testing.T) {
	w := newWorld(t)
	browser := w.login("acme", "alice")
	_, err := w.client.AddFault(w.ctx, Fault{Site: "acme", Command: "OM", Next: 2, Reason: "AccessDenied"})
	w.Expect(err).NotTo(HaveOccurred())

	w.Expect(w.command(browser, "acme", "m.php", listOpen)).To(ContainSubstring("AccessDenied"))
	w.Expect(w.client.Faults(w.ctx)).To(HaveExactElements(And(HaveField("Next", 1), HaveField("Hits", 1))))
	w.Expect(w.command(browser, "acme", "m.php", listOpen)).To(ContainSubstring("AccessDenied"))
	w.Expect(w.command(browser, "acme", "m.php", listOpen)).To(ContainSubstring("SUCCESS"))
	w.Expect(w.client.Faults(w.ctx)).To(BeEmpty())
}

func TestEveryKindOfFault(t *testing.T) {
	list := func(w *world, browser *http.Client) (*http.Response, error) {
		return browser.PostForm("https://acme.webex.com/acme/m.php", listOpen)
	}
	ticketSet := func(w *world) []string {
		entries := w.server.Journal("acme").Entries()
		var attributes []string
		for _, c := range entries[len(entries)-1].CookiesSet {
			if c.Name == "ticket" {
				attributes = append(attributes, c.Attributes)
			}
		}
		return attributes
	}
	for _, test := range []struct {
		name  string
		fault Fault
		check func(*world, *http.Client, *http.Response, error)
	}{
		{"status", Fault{Status: 503}, func(w *world, _ *http.Client, r *http.Response, err error) {
			w.Expect(err).NotTo(HaveOccurred())
			w.Expect(r.StatusCode).To(Equal(503))
		}},
		{"cut", Fault{Cut: true}, func(w *world, _ *http.Client, r *http.Response, err error) {
			w.Expect(err).To(MatchError(ContainSubstring("EOF")))
		}},
		{"delay", Fault{Delay: Duration(time.Millisecond)}, func(w *world, _ *http.Client, r *http.Response, err error) {
			w.Expect(err).NotTo(HaveOccurred())
			w.Expect(r.StatusCode).To(Equal(200))
			entries := w.server.Journal("acme").Entries()
			w.Expect(entries[len(entries)-1].Note).To(ContainSubstring("scripted"))
		}},
		{"cookie without an attribute", Fault{Cookies: map[string]Attributes{"ticket": {"Secure": "false"}}}, func(w *world, _ *http.Client, r *http.Response, err error) {
			w.Expect(err).NotTo(HaveOccurred())
			w.Expect(ticketSet(w)).To(Equal([]string{"Version=1; Domain=webex.com; Path=/"}))
		}},
		{"dropped ticket", Fault{Ticket: "drop"}, func(w *world, _ *http.Client, r *http.Response, err error) {
			w.Expect(err).NotTo(HaveOccurred())
			w.Expect(ticketSet(w)).To(BeEmpty())
		}},
		{"rotated ticket", Fault{Ticket: "rotate"}, func(w *world, browser *http.Client, r *http.Response, err error) {
			w.Expect(err).NotTo(HaveOccurred())
			entries := w.server.Journal("acme").Entries()
			came, set := entries[1].CookiesIn, entries[1].CookiesSet
			w.Expect(set).NotTo(ContainElement(HaveField("Fingerprint", BeElementOf(came[0].Fingerprint, came[1].Fingerprint))))
			w.Expect(w.command(browser, "acme", "m.php", listOpen)).To(ContainSubstring("SUCCESS"))
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			browser := w.login("acme", "alice")
			_, err := w.client.AddFault(w.ctx, test.fault)
			w.Expect(err).NotTo(HaveOccurred())
			answer, err := list(w, browser)
			if err == nil {
				defer answer.Body.Close()
			}
			test.check(w, browser, answer, err)
		})
	}
}

func TestAttributesMayBeTrueOrFalseInJSON(t *testing.T) {
	w := newWorld(t)
	status, _, body := w.raw("POST", "/faults", `{"command":"LI","cookies":{"ticket":{"Secure":false,"HttpOnly":true,"SameSite":"None"}}}`)
	w.Expect(status).To(Equal(201), body)
	w.Expect(w.client.Faults(w.ctx)).To(HaveExactElements(
		HaveField("Cookies", map[string]Attributes{"ticket": {"Secure": "false", "HttpOnly": "true", "SameSite": "None"}})))
}

func TestFaultsThatCannotBe(t *testing.T) {
	w := newWorld(t)
	for _, test := range []struct{ body, field, expected string }{
		{`{}`, "reason", "one of reason, status, cut, delay, cookies, ticket"},
		{`{"site":"initech","cut":true}`, "site", "one of acme, globex"},
		{`{"cookies":{"tikcet":{"Secure":false}}}`, "cookies", "cookies that the site acme sets"},
		{`{"cookies":{"ticket":{"Secure":0}}}`, "cookies", "an object whose values are texts"},
		{`{"status":"500"}`, "status", "a whole number"},
		{`{"status":99}`, "status", "200 to 599"},
		{`{"share":2,"cut":true}`, "share", "more than 0 and at most 1"},
		{`{"delay":"1h"}`, "delay", "at most 10m0s"},
		{`{"ticket":"eat"}`, "ticket", `"drop" or "rotate"`},
		{`{"id":4,"cut":true}`, "id, hits", "neither"},
		{`{"sahre":0.5,"cut":true}`, "sahre", "one of id, site, page"},
	} {
		status, _, body := w.raw("POST", "/faults", test.body)
		w.Expect(status).To(Equal(400), test.body)
		e := w.wrong(body)
		w.Expect(e.Field).To(Equal(test.field), test.body)
		w.Expect(e.Expected).To(HavePrefix(test.expected), test.body)
	}
	w.Expect(w.client.Faults(w.ctx)).To(BeEmpty())
	status, _, _ := w.raw("DELETE", "/faults/first", "")
	w.Expect(status).To(Equal(400))
	_, err := w.client.ClearFaults(w.ctx, "initech")
	w.Expect(err).To(MatchError(&Error{Status: 400, Field: "site", Message: `there is no site "initech"`, Expected: "one of acme, globex"}))
}

func TestFaultsOfOneSiteLeaveTheOtherAlone(t *testing.T) {
	w := newWorld(t)
	_, err := w.client.AddFault(w.ctx, Fault{Site: "globex", Share: 1, Reason: "AccountLocked"})
	w.Expect(err).NotTo(HaveOccurred())
	w.login("acme", "alice")
	browser, err := w.server.Client()
	w.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(browser.CloseIdleConnections)
	login := url.Values{"AT": {"LI"}, "WID": {"erin"}, "PW": {"secret"}}
	w.Expect(w.command(browser, "globex", "p.php", login)).To(ContainSubstring("RS=AccountLocked"))
	n, err := w.client.ClearFaults(w.ctx, "globex")
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(n).To(Equal(1))
	w.Expect(w.command(browser, "globex", "p.php", login)).To(ContainSubstring("ST=SUCCESS"))
}
