package journal

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/simulator/session"
)

func fill(j *Journal, commands ...string) {
	for _, c := range commands {
		j.Add(&Entry{Command: c})
	}
}

func commands(list []Entry) string {
	var b strings.Builder
	for _, e := range list {
		b.WriteString(e.Command)
	}
	return b.String()
}

func TestEntriesAreNumberedInOrder(t *testing.T) {
	g := NewWithT(t)
	j := New(Limits{})
	g.Expect(j.Last()).To(BeZero())
	g.Expect(j.Entries()).To(BeEmpty())
	fill(j, "A", "B", "C")
	list := j.Entries()
	g.Expect(commands(list)).To(Equal("ABC"))
	g.Expect([]uint64{list[0].Seq, list[1].Seq, list[2].Seq}).To(Equal([]uint64{1, 2, 3}))
	g.Expect(j.Last()).To(Equal(uint64(3)))
	g.Expect(commands(j.After(1))).To(Equal("BC"))
	g.Expect(j.After(3)).To(BeEmpty())
	g.Expect(j.After(math.MaxUint64)).To(BeEmpty())
	g.Expect(j.Dropped()).To(Equal(Dropped{}))
}

func TestAJournalIsBoundedByCount(t *testing.T) {
	g := NewWithT(t)
	j := New(Limits{Entries: 100})
	for i := range 1000 {
		j.Add(&Entry{Command: string(rune('0' + i%10))})
	}
	list := j.Entries()
	g.Expect(list).To(HaveLen(100))
	g.Expect(list[0].Seq).To(Equal(uint64(901)))
	g.Expect(list[99].Seq).To(Equal(uint64(1000)))
	g.Expect(list[99].Command).To(Equal("9"))
	g.Expect(j.Dropped().Entries).To(Equal(uint64(900)))
	g.Expect(j.After(0)).To(HaveLen(100), "what was dropped is left out")
}

func TestAJournalIsBoundedByBytes(t *testing.T) {
	g := NewWithT(t)
	j := New(Limits{Bytes: 100_000})
	for range 500 {
		j.Add(&Entry{Params: strings.Repeat("x", 1000)})
	}
	kept := len(j.Entries())
	g.Expect(kept).To(And(BeNumerically(">", 70), BeNumerically("<=", 100)))
	d := j.Dropped()
	g.Expect(d.Entries).To(Equal(uint64(500 - kept)))
	g.Expect(d.Bytes).To(BeNumerically(">", 1000*(500-kept)))
}

// Whatever a stranger can make long counts.
func TestEveryTextOfAnEntryCountsAmongItsBytes(t *testing.T) {
	long := strings.Repeat("x", 1000)
	for name, e := range map[string]Entry{
		"page": {Page: long}, "command": {Command: long}, "method": {Method: long}, "request id": {RequestID: long}, "host": {Host: long}, "user": {User: long},
		"params": {Params: long}, "sends to": {SendsTo: long}, "note": {Note: long}, "cookie": {CookiesIn: []Cookie{{Name: long}}},
	} {
		g := NewWithT(t)
		j := New(Limits{Bytes: 10_000})
		for range 50 {
			j.Add(&e)
		}
		g.Expect(len(j.Entries())).To(BeNumerically("<=", 10), name)
	}
}

func TestFollowWaitsForWhatComes(t *testing.T) {
	g := NewWithT(t)
	j := New(Limits{})
	got := make(chan string)
	go func() {
		var seq uint64
		for {
			list, err := j.Follow(t.Context(), seq)
			if err != nil {
				got <- err.Error()
				return
			}
			for _, e := range list {
				seq = e.Seq
				got <- e.Command
			}
		}
	}()
	fill(j, "A")
	g.Expect(<-got).To(Equal("A"))
	fill(j, "B", "C")
	g.Expect(<-got).To(Equal("B"))
	g.Expect(<-got).To(Equal("C"))
	j.Close()
	g.Expect(<-got).To(Equal(ErrClosed.Error()))
	g.Expect(j.Add(&Entry{Command: "D"})).To(BeZero())
	g.Expect(commands(j.Entries())).To(Equal("ABC"), "a closed journal can still be read")
}

func TestWaitFindsTheFirstMatchAfterASequenceNumber(t *testing.T) {
	g := NewWithT(t)
	j := New(Limits{})
	fill(j, "A", "B")
	is := func(command string) func(Entry) bool { return func(e Entry) bool { return e.Command == command } }
	e, err := j.Wait(t.Context(), 0, is("B"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(e.Seq).To(Equal(uint64(2)))

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = j.Wait(ended, 2, is("B"))
	g.Expect(err).To(MatchError(context.Canceled))

	found := make(chan Entry)
	go func() {
		e, _ := j.Wait(t.Context(), 2, is("B"))
		found <- e
	}()
	fill(j, "C", "B")
	g.Expect((<-found).Seq).To(Equal(uint64(4)))
}

func TestAnEntryReadsAsALine(t *testing.T) {
	g := NewWithT(t)
	e := Entry{
		Seq: 7, Time: time.Date(2026, 3, 1, 12, 30, 0, 1e6, time.UTC), Site: "acme", Page: "m.php", Command: "HM", Method: "GET", Host: "alice",
		Result: Fail, Reason: "AccessDenied", Session: session.IdleExpired, Note: "why",
		CookiesIn: []Cookie{{Name: "ticket"}, {Name: "JSESSIONID"}}, CookiesSet: []Cookie{{Name: "x"}},
	}
	g.Expect(e.String()).To(Equal(
		"#7 12:30:00.001 GET acme/m.php HM host alice → FAIL AccessDenied, session idle-expired, came: ticket JSESSIONID, set: x (why)"))
}

func TestNobodyForgesALineOrMovesTheCursor(t *testing.T) {
	g := NewWithT(t)
	e := Entry{
		Seq: 7, Time: time.Date(2026, 3, 1, 12, 30, 0, 1e6, time.UTC), Site: "acme", Page: "p.php", Command: "LI\n#8 forged", Method: "POST",
		Host: "a\x1b[2Jb", User: "c\r\nd", Result: Success, Session: session.Live,
		CookiesIn: []Cookie{{Name: "e\u2028#8"}, {Name: "f\u009b2J"}},
	}
	g.Expect(e.String()).To(Equal(`#7 12:30:00.001 POST acme/p.php "LI\n#8 forged" host "a\x1b[2Jb" → SUCCESS, session live of "c\r\nd", came: "e\u2028#8" "f\u009b2J"`))
}

func TestFingerprintsTellValuesApartAndGiveNothingAway(t *testing.T) {
	g := NewWithT(t)
	g.Expect(FingerprintOf("a")).To(Equal(FingerprintOf("a")))
	g.Expect(FingerprintOf("a")).NotTo(Equal(FingerprintOf("b")))
	g.Expect(FingerprintOf("").String()).To(Equal("-"))
	b, err := json.Marshal(Cookie{Name: "ticket", Fingerprint: FingerprintOf("hush")})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(b)).To(MatchRegexp(`^\{"name":"ticket","fingerprint":"[0-9a-f]{8}"\}$`))
}
