package control

import (
	"net/url"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/simulator/site"
)

func TestASiteIsDescribedWithTheCookiesItSets(t *testing.T) {
	w := newWorld(t)
	w.login("acme", "alice")
	acme, err := w.client.Site(w.ctx, "acme")
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(acme.Address).To(Equal("https://acme.webex.com/acme/"))
	w.Expect(acme.Profile).To(Equal(session.Legacy))
	w.Expect(acme.IdleLimit).To(Equal(Duration(30 * time.Minute)))
	running, err := w.server.Site("acme")
	w.Expect(err).NotTo(HaveOccurred())
	running.Sessions.SetIdleLimit(time.Hour)
	w.Expect(w.client.Site(w.ctx, "acme")).To(HaveField("IdleLimit", Duration(time.Hour)))
	w.Expect([]int{acme.Accounts, acme.Meetings, acme.Sessions}).To(Equal([]int{2, 1, 1}))
	w.Expect(acme.Journal.Last).To(BeEquivalentTo(1))
	w.Expect(acme.Cookies[0]).To(Equal(Cookie{"ticket", "Version=1; Domain=webex.com; Path=/; Secure"}))
	w.Expect(acme.Cookies).NotTo(ContainElement(HaveField("Name", "_csrf_")))

	globex, err := w.client.Site(w.ctx, "globex")
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(globex.Cookies).To(ContainElement(HaveField("Name", "_csrf_")))
}

func TestAnotherProfileHoldsForTheNextLogin(t *testing.T) {
	w := newWorld(t)
	changed, err := w.client.SetProfile(w.ctx, "acme", session.Partitioned)
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(changed.Cookies[0].Attributes).To(Equal("Version=1; Domain=webex.com; Path=/; Secure; SameSite=None; Partitioned"))
	w.login("acme", "alice")
	w.Expect(w.server.Journal("acme").Entries()[0].CookiesSet).To(ContainElement(And(
		HaveField("Name", "ticket"), HaveField("Attributes", HaveSuffix("SameSite=None; Partitioned")))))

	status, _, body := w.raw("PUT", "/sites/acme/profile", `{"profile":"loose"}`)
	w.Expect(status).To(Equal(400))
	w.Expect(w.wrong(body)).To(Equal(Error{
		Field: "profile", Message: `unknown cookie profile "loose"`, Expected: "one of legacy, none-secure, partitioned, lax, strict, none-insecure",
	}))
}

func TestResetForgetsWhatHappened(t *testing.T) {
	w := newWorld(t)
	w.login("acme", "alice")
	w.login("globex", "erin")
	w.server.Advance(time.Minute)
	_, err := w.client.SetProfile(w.ctx, "acme", session.Lax)
	w.Expect(err).NotTo(HaveOccurred())
	for _, site := range []string{"acme", "globex"} {
		_, err = w.client.AddFault(w.ctx, Fault{Site: site, Reason: "AccessDenied"})
		w.Expect(err).NotTo(HaveOccurred())
	}

	w.Expect(w.client.Reset(w.ctx, "acme")).To(Succeed())
	acme, err := w.client.Site(w.ctx, "acme")
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(acme.Sessions).To(BeZero())
	w.Expect(acme.Journal.Last).To(BeZero())
	w.Expect(acme.Profile).To(Equal(session.Legacy))
	w.Expect(w.client.Faults(w.ctx)).To(HaveExactElements(HaveField("Site", "globex")))
	w.Expect(w.client.Sessions(w.ctx, "globex")).To(HaveField("Total", 1))
	w.Expect(w.server.Clock().Now()).To(Equal(start.Add(time.Minute)))

	w.Expect(w.client.Reset(w.ctx, "")).To(Succeed())
	w.Expect(w.client.Faults(w.ctx)).To(BeEmpty())
	w.Expect(w.client.Sessions(w.ctx, "globex")).To(HaveField("Total", 0))
	w.Expect(w.client.Reset(w.ctx, "initech")).To(MatchError(&Error{Status: 404, Message: `no such site: "initech"`}))
}

func TestAccountsAreMadeChangedAndGivenTickets(t *testing.T) {
	w := newWorld(t)
	made, err := w.client.AddAccount(w.ctx, "acme", NewAccount{WebExID: "carol", Password: "secret", FirstName: "Carol", Email: "carol@acme.example"})
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(made).To(Equal(Account{WebExID: "carol", FirstName: "Carol", Email: "carol@acme.example", Active: true}))
	browser := w.login("acme", "carol")

	_, err = w.client.AddAccount(w.ctx, "acme", NewAccount{WebExID: "carol", Password: "other"})
	w.Expect(err).To(MatchError(&Error{Status: 409, Field: "webexId", Message: "another account has this WebEx ID", Expected: "one that is free"}))

	no, lastName := false, "Cole"
	changed, err := w.client.ChangeAccount(w.ctx, "acme", "carol", AccountChange{Active: &no, LastName: &lastName})
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(changed).To(Equal(Account{WebExID: "carol", FirstName: "Carol", LastName: "Cole", Email: "carol@acme.example"}))
	w.Expect(w.command(browser, "acme", "m.php", listOpen)).To(ContainSubstring("AccessDenied"))

	w.Expect(w.client.IssueTicket(w.ctx, "acme", "bob", "once")).To(Succeed())
	w.Expect(w.command(browser, "acme", "p.php", url.Values{"AT": {"LI"}, "WID": {"bob"}, "TK": {"once"}})).To(ContainSubstring("ST=SUCCESS"))
	w.Expect(w.client.IssueTicket(w.ctx, "acme", "zoe", "once")).To(MatchError(&Error{Status: 404, Message: `the site acme has no account "zoe"`}))
	_, err = w.client.ChangeAccount(w.ctx, "acme", "zoe", AccountChange{})
	w.Expect(err).To(MatchError(&Error{Status: 404, Message: `the site acme has no account "zoe"`}))
	taken := "alice@acme.example"
	_, err = w.client.ChangeAccount(w.ctx, "acme", "bob", AccountChange{Email: &taken})
	w.Expect(err).To(MatchError(&Error{Status: 409, Field: "email", Message: "another account has this e-mail address", Expected: "one that is free"}))
	w.Expect(w.client.IssueTicket(w.ctx, "acme", "bob", "bobs")).To(Succeed())
	w.Expect(w.client.IssueTicket(w.ctx, "acme", "bob", "bobs")).To(Succeed(), "it is his already")
	w.Expect(w.client.IssueTicket(w.ctx, "acme", "alice", "bobs")).
		To(MatchError(&Error{Status: 409, Field: "ticket", Message: "another account has this one-time ticket", Expected: "one that is free"}))
}

func TestUnlockingAnAccountForgetsItsFailures(t *testing.T) {
	w := newWorld(t)
	s, err := w.server.Site("acme")
	w.Expect(err).NotTo(HaveOccurred())
	_, err = s.Accounts.Login("alice", "wrong")
	w.Expect(err).To(MatchError(site.ErrBadPassword))
	w.Expect(w.client.Accounts(w.ctx, "acme")).To(ContainElement(And(HaveField("WebExID", "alice"), HaveField("Failures", 1))))
	no := false
	w.Expect(w.client.ChangeAccount(w.ctx, "acme", "alice", AccountChange{Locked: &no})).To(HaveField("Failures", 0))
}

func TestTheSessionsOfADeactivatedAccountEnd(t *testing.T) {
	w := newWorld(t)
	w.login("acme", "alice")
	no := false
	w.Expect(w.client.ChangeAccount(w.ctx, "acme", "alice", AccountChange{Active: &no})).To(HaveField("Active", false))
	w.Expect(w.client.Sessions(w.ctx, "acme")).To(HaveField("Total", 0))
}

func TestAccountsThatCannotBe(t *testing.T) {
	w := newWorld(t)
	for _, test := range []struct{ method, path, body, field string }{
		{"POST", "/sites/acme/accounts", `{"webexId":"zoe"}`, "password"},
		{"POST", "/sites/acme/accounts", `{"password":"secret"}`, "webexId"},
		{"POST", "/sites/acme/accounts", `{}`, "webexId"},
		{"PATCH", "/sites/acme/accounts/bob", `{"password":""}`, "password"},
		{"POST", "/sites/acme/accounts/bob/tickets", `{}`, "ticket"},
	} {
		status, _, body := w.raw(test.method, test.path, test.body)
		w.Expect(status).To(Equal(400), test.body)
		w.Expect(w.wrong(body).Field).To(Equal(test.field), test.body)
	}
}

func TestNoPasswordIsEverAnswered(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/sites", "/sites/acme", "/sites/acme/accounts", "/sites/acme/meetings", "/journal", "/"} {
		_, _, body := w.raw("GET", path, "")
		w.Expect(body).NotTo(ContainSubstring("secret"), path)
	}
}

func TestAMeetingIsEndedAndLocked(t *testing.T) {
	w := newWorld(t)
	yes := true
	changed, err := w.client.ChangeMeeting(w.ctx, "acme", "123456789", MeetingChange{Locked: &yes})
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(changed.Phase).To(Equal(site.InProgress))
	browser, err := w.server.Client()
	w.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(browser.CloseIdleConnections)
	join := url.Values{"AT": {"JM"}, "MK": {"123456789"}}
	w.Expect(w.command(browser, "acme", "m.php", join)).To(ContainSubstring("RS=MeetingLocked"))

	_, err = w.client.ChangeMeeting(w.ctx, "acme", "123456789", MeetingChange{Phase: site.Ended})
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(w.command(browser, "acme", "m.php", join)).To(ContainSubstring("RS=MeetingNotInProgress"))
	w.Expect(w.client.Meetings(w.ctx, "acme")).To(HaveExactElements(And(
		HaveField("Key", "123456789"), HaveField("Host", "alice"), HaveField("Phase", site.Ended), HaveField("Locked", true))))

	_, err = w.client.ChangeMeeting(w.ctx, "acme", "000000000", MeetingChange{Phase: site.Ended})
	w.Expect(err).To(MatchError(&Error{Status: 404, Message: `the site acme has no meeting "000000000"`}))
	status, _, body := w.raw("PATCH", "/sites/acme/meetings/123456789", `{"phase":"over"}`)
	w.Expect(status).To(Equal(400))
	w.Expect(w.wrong(body).Expected).To(Equal("one of scheduled, in-progress, ended"))
}
