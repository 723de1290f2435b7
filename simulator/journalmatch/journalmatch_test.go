package journalmatch_test

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/cookiegate/cookiegate/simulator/journal"
	. "github.com/cookiegate/cookiegate/simulator/journalmatch"
	"github.com/cookiegate/cookiegate/simulator/session"
)

// written is a journal in which alice logs in, loses her cookie, and bob logs in and hosts.
func written() *journal.Journal {
	j := journal.New(journal.Limits{})
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	ticket := []journal.Cookie{{Name: "ticket", Fingerprint: 1}}
	for i, e := range []journal.Entry{
		{Page: "p.php", Command: "LI", Host: "alice", User: "alice", Result: journal.Success, Session: session.None, RequestID: "7",
			CookiesSet: []journal.Cookie{{Name: "ticket", Fingerprint: 1, Attributes: "Path=/; SameSite=None; Secure"}}},
		{Page: "m.php", Command: "HM", Result: journal.Fail, Reason: "AccessDenied", Session: session.None},
		{Page: "p.php", Command: "LI", Host: "bob", User: "bob", Result: journal.Success, Session: session.None},
		{Page: "m.php", Command: "HM", Host: "bob", User: "bob", Result: journal.Success, Session: session.Live, CookiesIn: ticket},
		{Page: "p.php", Command: "LO", Result: journal.Success, Session: session.Live,
			CookiesSet: []journal.Cookie{{Name: "ticket", Attributes: "Max-Age=0", Deletes: true}}},
	} {
		e.Site, e.Method, e.Time = "acme", "POST", at.Add(time.Duration(i)*time.Second)
		j.Add(&e)
	}
	return j
}

func TestConditions(t *testing.T) {
	for _, test := range []struct {
		condition Condition
		want      int // of the five entries
	}{
		{Page("m.php"), 2}, {Command("LI"), 2}, {Method("POST"), 5}, {Method("GET"), 0}, {Host("alice"), 1}, {User("bob"), 2}, {User(""), 2},
		{Succeeded(), 4}, {Failed(), 1}, {Result(journal.Fail), 1}, {Reason("AccessDenied"), 1}, {Denied(), 1}, {Session(session.Live), 2},
		{RequestID("7"), 1}, {Brought("ticket"), 1}, {Missed("ticket"), 4}, {Set("ticket"), 1}, {Set("ticket", "samesite=none", "Secure"), 1},
		{Set("ticket", "SameSite=Lax"), 0}, {Set("ticket", "Path"), 0}, {Deleted("ticket"), 1}, {After(3), 2},
		{Satisfying("odd", func(e journal.Entry) bool { return e.Seq%2 == 1 }), 3},
	} {
		t.Run(test.condition.String(), func(t *testing.T) {
			NewWithT(t).Expect(written()).To(HaveEntries(test.want, test.condition))
		})
	}
}

func TestMatchersTakeJournalsAndEntriesAndNothingElse(t *testing.T) {
	g := NewWithT(t)
	for _, m := range []types.GomegaMatcher{HaveEntry(Command("LI")), HaveEntries(2, Command("LI")), HaveSequence(Entry(Command("LI")))} {
		for _, actual := range []any{written(), written().Entries()} {
			g.Expect(m.Match(actual)).To(BeTrue())
		}
		_, err := m.Match("acme")
		g.Expect(err).To(MatchError("expected a *journal.Journal or a []journal.Entry, got string"))
		_, err = m.Match((*journal.Journal)(nil))
		g.Expect(err).To(MatchError("expected a journal, got none: is there such a site?"))
	}
}

func TestAFailurePrintsTheNearestEntriesAndWhatFails(t *testing.T) {
	g := NewWithT(t)
	m := HaveEntry(Command("HM"), User("alice"), Succeeded())
	g.Expect(m.Match(written())).To(BeFalse())
	g.Expect(m.FailureMessage(nil)).To(Equal(`Expected the journal to have an entry with
    command HM, user alice, result SUCCESS
Nearest of 5:
    #4 09:00:03.000 POST acme/m.php HM host bob → SUCCESS, session live of bob, came: ticket
        expected user alice, found bob
    #1 09:00:00.000 POST acme/p.php LI host alice → SUCCESS, session none of alice, set: ticket
        expected command HM, found LI
    #5 09:00:04.000 POST acme/p.php LO → SUCCESS, session live, set: ticket
        expected command HM, found LO
        expected user alice, found none`))

	m = HaveEntry(Command("LI"))
	g.Expect(m.Match(journal.New(journal.Limits{}))).To(BeFalse())
	g.Expect(m.FailureMessage(nil)).To(Equal("Expected the journal to have an entry with\n    command LI\nThe journal is empty."))
}

func TestAFailureOfTheOppositePrintsWhatIsThere(t *testing.T) {
	g := NewWithT(t)
	m := HaveEntry(Denied())
	g.Expect(m.Match(written())).To(BeTrue())
	g.Expect(m.NegatedFailureMessage(nil)).To(Equal(`Expected the journal to have no entry with
    reason AccessDenied
It has:
    #2 09:00:01.000 POST acme/m.php HM → FAIL AccessDenied, session none`))
}

func TestAFailureAboutCookiesShowsTheirAttributes(t *testing.T) {
	g := NewWithT(t)
	m := HaveEntry(Command("LI"), Host("alice"), Set("ticket", "Partitioned"))
	g.Expect(m.Match(written())).To(BeFalse())
	g.Expect(m.FailureMessage(nil)).To(ContainSubstring("expected cookie ticket set with Partitioned, found ticket; Path=/; SameSite=None; Secure"))
}

func TestTooFewAndTooMany(t *testing.T) {
	g := NewWithT(t)
	m := HaveEntries(3, Command("LI"))
	g.Expect(m.Match(written())).To(BeFalse())
	g.Expect(m.FailureMessage(nil)).To(And(
		HavePrefix("Expected the journal to have 3 entries with\n    command LI\nIt has 2:\n    #1 "), ContainSubstring("Nearest of 5:\n    #5 ")))
	m = HaveEntries(9)
	g.Expect(m.Match(written())).To(BeFalse())
	g.Expect(m.FailureMessage(nil)).To(HaveSuffix("\nThere are no others."))
	m = HaveEntries(1, Command("LI"))
	g.Expect(m.Match(written())).To(BeFalse())
	g.Expect(m.FailureMessage(nil)).NotTo(ContainSubstring("Nearest"))
	m = HaveEntries(2, Command("LI"))
	g.Expect(m.Match(written())).To(BeTrue())
	g.Expect(m.NegatedFailureMessage(nil)).To(HavePrefix("Expected the journal to have more or fewer than 2 entries with\n    command LI\nIt has:\n    #1 "))
}

func TestSequences(t *testing.T) {
	g := NewWithT(t)
	g.Expect(written()).To(HaveSequence(Entry(Command("LI"), Host("alice")), Entry(Denied()), Entry(Command("HM"), User("bob"))))
	g.Expect(written()).To(HaveSequence())

	m := HaveSequence(Entry(Command("LI"), Host("bob")), Entry(Command("HM"), Denied()))
	g.Expect(m.Match(written())).To(BeFalse())
	g.Expect(m.FailureMessage(nil)).To(Equal(`Expected the journal to have, one after the other,
    1. command LI, host bob
    2. command HM, reason AccessDenied
Step 2 found no entry after #3:
    command HM, reason AccessDenied
Nearest of 2:
    #4 09:00:03.000 POST acme/m.php HM host bob → SUCCESS, session live of bob, came: ticket
        expected reason AccessDenied, found none
    #5 09:00:04.000 POST acme/p.php LO → SUCCESS, session live, set: ticket
        expected command HM, found LO
        expected reason AccessDenied, found none`))

	m = HaveSequence(Entry(Command("LO")), Entry(Command("LI")))
	g.Expect(m.Match(written())).To(BeFalse())
	g.Expect(m.FailureMessage(nil)).To(HaveSuffix("Nothing follows."))
	m = HaveSequence(Entry(Command("LO")))
	g.Expect(m.Match(written())).To(BeTrue())
	g.Expect(m.NegatedFailureMessage(nil)).To(HavePrefix("Expected the journal not to have, one after the other,\n    1. command LO\nIt has:\n    #5 "))
}

// Each site counts its entries by itself.
func TestASequenceOverSeveralSitesTellsWhatFollows(t *testing.T) {
	g := NewWithT(t)
	m := HaveSequence(Entry(Command("LI")), Entry(Command("HM"), Denied()))
	g.Expect(m.Match([]journal.Entry{{Site: "acme", Seq: 3, Command: "LI"}, {Site: "globex", Seq: 1, Command: "HM"}})).To(BeFalse())
	g.Expect(m.FailureMessage(nil)).To(ContainSubstring("Step 2 found no entry after #3:\n    command HM, reason AccessDenied\nNearest of 1:\n    #1 "))
}

func TestAJournalThatGrowsIsReadAnew(t *testing.T) {
	g := NewWithT(t)
	j := journal.New(journal.Limits{})
	grown := make(chan struct{})
	go func() {
		defer close(grown)
		j.Add(&journal.Entry{Command: "LI"})
	}()
	g.Eventually(j).Should(HaveEntry(Command("LI")))
	<-grown
}
