package control

import (
	"net/url"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

var listOpen = url.Values{"AT": {"OM"}}

func TestSessionsHaveTheirTimeToLive(t *testing.T) {
	w := newWorld(t)
	w.login("acme", "alice")
	w.server.Advance(10 * time.Minute)

	found, err := w.client.Sessions(w.ctx, "acme")
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(found).To(Equal(Sessions{Total: 1, Sessions: []Session{{
		Site: "acme", ID: 1, Host: "alice", Created: start, Used: start, Expires: start.Add(30 * time.Minute), TTL: Duration(20 * time.Minute),
	}}}))
}

func TestSessionsOfAHostAndUpToALimit(t *testing.T) {
	w := newWorld(t)
	w.login("acme", "alice")
	w.login("acme", "bob")
	w.login("acme", "alice")

	found, err := w.client.SessionsOf(w.ctx, "acme", "alice")
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(found.Total).To(Equal(2))
	w.Expect(found.Sessions).To(HaveExactElements(HaveField("ID", BeEquivalentTo(1)), HaveField("ID", BeEquivalentTo(3))))

	_, _, body := w.raw("GET", "/sites/acme/sessions?limit=1", "")
	w.Expect(body).To(And(ContainSubstring(`"total":3`), ContainSubstring(`"id":1`), Not(ContainSubstring(`"id":2`))))
	_, _, body = w.raw("GET", "/sites/acme/sessions?limit=1&host=alice", "")
	w.Expect(body).To(And(ContainSubstring(`"total":2`), ContainSubstring(`"id":1`), Not(ContainSubstring(`"id":3`))))
}

func TestAnEndedSessionIsDeniedAndTheJournalSaysWhy(t *testing.T) {
	for _, test := range []struct {
		name  string
		end   func(*world) error
		state string
	}{
		{"expire", func(w *world) error { return w.client.Expire(w.ctx, "acme", 1) }, "idle-expired"},
		{"revoke", func(w *world) error { return w.client.Revoke(w.ctx, "acme", 1) }, "revoked"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			browser := w.login("acme", "alice")
			w.Expect(w.command(browser, "acme", "m.php", listOpen)).To(ContainSubstring("SUCCESS"))
			w.Expect(test.end(w)).To(Succeed())
			w.Expect(w.command(browser, "acme", "m.php", listOpen)).To(ContainSubstring("AccessDenied"))

			entries := w.server.Journal("acme").Entries()
			w.Expect(string(entries[len(entries)-1].Session)).To(Equal(test.state))
			w.Expect(test.end(w)).To(MatchError(ContainSubstring("no live session 1")))
		})
	}
}

func TestTheSessionsOfOneHostAreEnded(t *testing.T) {
	w := newWorld(t)
	w.login("acme", "alice")
	bob := w.login("acme", "bob")
	w.login("acme", "alice")
	w.login("globex", "erin")

	n, err := w.client.RevokeAll(w.ctx, "acme", "alice")
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(n).To(Equal(2))
	w.Expect(w.command(bob, "acme", "m.php", listOpen)).To(ContainSubstring("SUCCESS"))
	n, err = w.client.ExpireAll(w.ctx, "acme", "")
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(n).To(Equal(1))
	left, err := w.client.Sessions(w.ctx, "globex")
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(left.Total).To(Equal(1))
}

func TestSessionsThatAreNone(t *testing.T) {
	w := newWorld(t)
	status, _, body := w.raw("POST", "/sites/acme/sessions/first/expire", "")
	w.Expect(status).To(Equal(400))
	w.Expect(w.wrong(body).Expected).To(Equal("the number of a session"))
	_, err := w.client.ExpireAll(w.ctx, "acme", "erin")
	w.Expect(err).To(MatchError(&Error{Status: 400, Field: "host", Message: `the site acme has no account "erin"`, Expected: "the WebEx ID of an account"}))
	_, err = w.client.SessionsOf(w.ctx, "acme", "erin")
	w.Expect(err).To(MatchError(&Error{Status: 400, Field: "host", Message: `the site acme has no account "erin"`, Expected: "the WebEx ID of an account"}))
}
