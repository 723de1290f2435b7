package control

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/simulator/site"
)

func TestEveryRouteIsInTheDocumentAndTheOtherWayRound(t *testing.T) {
	g := NewWithT(t)
	doc, err := document()
	g.Expect(err).NotTo(HaveOccurred())
	var described, served []string
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			described = append(described, method+" "+path)
		}
	}
	for _, r := range routes {
		served = append(served, r.method+" "+r.path)
	}
	g.Expect(served).To(ConsistOf(described))
}

// Every operation is asked through the client, or as the console asks it, and what is sent and answered is as the document has it.
func TestEveryOperationIsAsTheDocumentSays(t *testing.T) {
	w := newWorld(t)
	w.login("acme", "alice")
	w.login("globex", "erin")
	ok := func(_ any, err error) { t.Helper(); w.Expect(err).NotTo(HaveOccurred()) }

	ok(nil, w.client.Health(w.ctx))
	ok(w.client.CA(w.ctx))
	ok(w.client.Clock(w.ctx))
	ok(w.client.Advance(w.ctx, time.Minute))
	ok(w.client.SetClock(w.ctx, start.Add(2*time.Minute)))
	ok(w.client.Run(w.ctx))
	ok(w.client.Freeze(w.ctx))
	ok(w.client.Journal(w.ctx, Filter{Sites: []string{"acme"}, Results: []journal.Result{journal.Success}, Sessions: []session.State{session.None}, After: 0, Limit: 5}))
	for _, err := range w.client.Follow(w.ctx, Filter{}) {
		ok(nil, err)
		break
	}
	ok(w.client.Sites(w.ctx))
	ok(w.client.Site(w.ctx, "globex"))
	ok(w.client.SetProfile(w.ctx, "acme", session.Partitioned))
	ok(w.client.Sessions(w.ctx, "acme"))
	ok(w.client.SessionsOf(w.ctx, "acme", "alice"))
	ok(nil, w.client.Expire(w.ctx, "acme", 1))
	ok(nil, w.client.Revoke(w.ctx, "globex", 1))
	ok(w.client.ExpireAll(w.ctx, "acme", "bob"))
	ok(w.client.RevokeAll(w.ctx, "acme", ""))
	ok(w.client.Accounts(w.ctx, "acme"))
	ok(w.client.AddAccount(w.ctx, "acme", NewAccount{WebExID: "carol", Password: "secret", Email: "carol@acme.example"}))
	locked := true
	ok(w.client.ChangeAccount(w.ctx, "acme", "carol", AccountChange{Locked: &locked}))
	ok(nil, w.client.IssueTicket(w.ctx, "acme", "bob", "once"))
	ok(w.client.Meetings(w.ctx, "acme"))
	ok(w.client.ChangeMeeting(w.ctx, "acme", "123456789", MeetingChange{Phase: site.Ended, Locked: &locked}))
	added, err := w.client.AddFault(w.ctx, Fault{
		Site: "acme", Page: "m.php", Command: "HM", Share: 0.5, Reason: "AccessDenied", Delay: Duration(time.Second), Ticket: "rotate",
		Cookies: map[string]Attributes{"ticket": {"SameSite": "None", "Secure": "false"}},
	})
	ok(added, err)
	ok(w.client.Faults(w.ctx))
	ok(nil, w.client.RemoveFault(w.ctx, added.ID))
	ok(w.client.ClearFaults(w.ctx, "acme"))
	ok(nil, w.client.Reset(w.ctx, "acme"))

	for _, path := range []string{"/", "/console/console.css", "/console/console.js", "/openapi.yaml", "/openapi.json", "/console/live"} {
		answer, err := w.client.HTTP.Get(w.URL() + path)
		ok(answer, err)
		w.Expect(answer.StatusCode).To(Equal(http.StatusOK))
		answer.Body.Close()
	}

	doc, err := document()
	ok(doc, err)
	var all []string
	for _, item := range doc.Paths.Map() {
		for _, operation := range item.Operations() {
			all = append(all, operation.OperationID)
		}
	}
	slices.Sort(all)
	w.Expect(w.seen.names()).To(Equal(all))
}

func TestErrorsAreAsTheDocumentSays(t *testing.T) {
	w := newWorld(t)
	_, err := w.client.Site(w.ctx, "initech")
	w.Expect(err).To(MatchError(&Error{Status: 404, Message: `no such site: "initech"`}))
	w.Expect(w.client.Revoke(w.ctx, "acme", 7)).To(MatchError(&Error{Status: 404, Message: "the site acme has no live session 7"}))
	w.Expect(w.client.RemoveFault(w.ctx, 7)).To(MatchError(&Error{Status: 404, Message: "there is no fault 7; one that is used up is gone"}))
}

func TestTheDocumentIsServedInBothForms(t *testing.T) {
	w := newWorld(t)
	_, _, text := w.raw("GET", "/openapi.yaml", "")
	w.Expect(text).To(Equal(string(Document)))
	_, _, text = w.raw("GET", "/openapi.json", "")
	var tree struct {
		OpenAPI string         `json:"openapi"`
		Paths   map[string]any `json:"paths"`
	}
	w.Expect(json.Unmarshal([]byte(text), &tree)).To(Succeed())
	w.Expect(tree.OpenAPI).To(Equal("3.0.3"))
	w.Expect(tree.Paths).To(HaveKey("/clock"))
}
