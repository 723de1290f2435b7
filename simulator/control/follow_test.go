package control

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/simulator"
	"github.com/cookiegate/cookiegate/simulator/journal"
)

// following reads a stream of the journal; next gives its next event, name and data.
func (w *world) following(query string) (next func() (string, string)) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.ctx, "GET", w.URL()+"/journal?follow=true"+query, nil)
	w.Expect(err).NotTo(HaveOccurred())
	answer, err := w.seen.inner.RoundTrip(r)
	w.Expect(err).NotTo(HaveOccurred())
	w.t.Cleanup(func() { answer.Body.Close() })
	w.Expect(answer.Header.Get("Content-Type")).To(Equal("text/event-stream"))
	lines := bufio.NewScanner(answer.Body)
	return func() (name, data string) {
		w.t.Helper()
		for lines.Scan() {
			switch key, value, _ := strings.Cut(lines.Text(), ": "); key {
			case "event":
				name = value
			case "data":
				data = value
			case "":
				if name != "" {
					return name, data
				}
			}
		}
		w.t.Fatalf("the stream has ended: %v", lines.Err())
		return "", ""
	}
}

// Whoever asks again after the position that he was told misses nothing.
func TestThePositionIsThatOfTheEntriesGiven(t *testing.T) {
	w := newWorld(t)
	j := w.server.Journal("acme")
	ctx, stop := context.WithCancel(w.ctx)
	var adding sync.WaitGroup
	adding.Go(func() {
		for ctx.Err() == nil {
			j.Add(&journal.Entry{Site: "acme"})
		}
	})
	defer adding.Wait()
	defer stop()
	a := API{server: w.server}
	for after := uint64(0); after < 5_000; {
		found, _ := a.journal(Filter{Sites: []string{"acme"}, After: after})
		last := found.Sites[0].Last
		if n := len(found.Entries); n > 0 {
			w.Expect(last).To(Equal(found.Entries[n-1].Seq))
		}
		after = last
	}
}

func TestTheJournalIsFilteredAndOrderedByTheClock(t *testing.T) {
	w := newWorld(t)
	alice := w.login("acme", "alice")
	w.server.Advance(1)
	w.login("globex", "erin")
	w.server.Advance(1)
	w.command(alice, "acme", "m.php", listOpen)

	commands := func(f Filter) []string {
		t.Helper()
		found, err := w.client.Journal(w.ctx, f)
		w.Expect(err).NotTo(HaveOccurred())
		list := []string{}
		for _, e := range found.Entries {
			list = append(list, fmt.Sprint(e.Site, " ", e.Seq, " ", e.Command))
		}
		return list
	}
	w.Expect(commands(Filter{})).To(Equal([]string{"acme 1 LI", "globex 1 LI", "acme 2 OM"}))
	w.Expect(commands(Filter{Limit: 2})).To(Equal([]string{"globex 1 LI", "acme 2 OM"}))
	w.Expect(commands(Filter{Limit: -1})).To(BeEmpty())
	w.Expect(commands(Filter{Sites: []string{"acme"}, After: 1})).To(Equal([]string{"acme 2 OM"}))
	w.Expect(commands(Filter{Hosts: []string{"erin"}})).To(Equal([]string{"globex 1 LI"}))
	w.Expect(commands(Filter{Hosts: []string{"alice"}, Commands: []string{"OM", "SM"}})).To(Equal([]string{"acme 2 OM"}))
	w.Expect(commands(Filter{Pages: []string{"p.php"}, Sites: []string{"globex"}})).To(Equal([]string{"globex 1 LI"}))
	w.Expect(commands(Filter{Results: []journal.Result{journal.Fail}})).To(BeEmpty())
}

func TestTheJournalSaysWhatItHasDropped(t *testing.T) {
	w := newWorld(t)
	server := simulator.Run(t, simulator.Options{Sites: []simulator.Site{simulator.DefaultSite()}, Journal: journal.Limits{Entries: 1}})
	l, err := Listen("127.0.0.1:0", Options{Server: server})
	w.Expect(err).NotTo(HaveOccurred())
	defer l.Close()
	w.server = server
	w.login("acme", "alice")
	w.login("acme", "bob")
	found, err := l.Client().Journal(w.ctx, Filter{})
	http.DefaultClient.CloseIdleConnections()
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(found.Entries).To(HaveExactElements(HaveField("Host", "bob")))
	w.Expect(found.Sites).To(HaveExactElements(And(HaveField("Last", BeEquivalentTo(2)), HaveField("Dropped.Entries", BeEquivalentTo(1)))))
}

func TestTheJournalForPeople(t *testing.T) {
	w := newWorld(t)
	w.login("acme", "alice")
	_, header, body := w.raw("GET", "/journal", "", "Accept", "text/plain")
	w.Expect(header.Get("Content-Type")).To(Equal("text/plain; charset=utf-8"))
	w.Expect(body).To(HavePrefix("#1 09:00:00.000 POST acme/p.php LI host alice → SUCCESS, session none of alice, "))
}

func TestFiltersThatAreNone(t *testing.T) {
	w := newWorld(t)
	for _, test := range []struct{ query, field, expected string }{
		{"result=OK", "result", "one of SUCCESS, FAIL"},
		{"site=initech", "site", "one of acme, globex"},
		{"session=dead", "session", "one of none, live, idle-expired"},
		{"limit=-1", "limit", "a whole number, 0 or more"},
		{"limit=all", "limit", "a whole number, 0 or more"},
		{"after=3", "after", "it along with one site"},
		{"follow=yes", "follow", "one of true, false"},
		{"comand=LI", "comand", "one of site, page, command"},
		{"d=1&c=1&b=1&a=1&e=1", "a", "one of site, page, command"},
	} {
		status, _, body := w.raw("GET", "/journal?"+test.query, "")
		w.Expect(status).To(Equal(400), test.query)
		w.Expect(w.wrong(body).Field).To(Equal(test.field), test.query)
		w.Expect(w.wrong(body).Expected).To(HavePrefix(test.expected), test.query)
	}
}

func TestFollowingGivesWhatIsThereAndWhatComes(t *testing.T) {
	w := newWorld(t)
	alice := w.login("acme", "alice")
	next := w.following("&site=acme&host=alice")
	name, data := next()
	w.Expect(name).To(Equal("entry"))
	w.Expect(data).To(ContainSubstring(`"command":"LI"`))

	w.login("globex", "erin")
	w.login("acme", "bob")
	w.command(alice, "acme", "m.php", listOpen)
	name, data = next()
	w.Expect(name).To(Equal("entry"))
	w.Expect(data).To(And(ContainSubstring(`"command":"OM"`), ContainSubstring(`"seq":3`)))
}

func TestFollowingGoesOnAfterAReset(t *testing.T) {
	w := newWorld(t)
	next := w.following("&limit=0")
	w.login("acme", "alice")
	_, data := next()
	w.Expect(data).To(ContainSubstring(`"seq":1`))

	w.Expect(w.client.Reset(w.ctx, "acme")).To(Succeed())
	name, data := next()
	w.Expect(name).To(Equal("reset"))
	w.Expect(data).To(Equal(`{"site":"acme"}`))
	w.login("acme", "bob")
	name, data = next()
	w.Expect(name).To(Equal("entry"))
	w.Expect(data).To(And(ContainSubstring(`"seq":1`), ContainSubstring(`"host":"bob"`)))
}

// Whoever follows learns of what was asked until the reset, too.
func TestFollowingGivesWhatCameBeforeAReset(t *testing.T) {
	g := NewWithT(t)
	server := simulator.Run(t)
	a, err := New(Options{Server: server})
	g.Expect(err).NotTo(HaveOccurred())
	defer a.Close()
	ctx, cancel := context.WithCancel(context.Background())
	_, from := a.journal(Filter{})
	server.Journal("acme").Add(&journal.Entry{Command: "LO"})
	g.Expect(server.Reset("acme")).To(Succeed())
	following := a.follow(ctx, nil, from)
	g.Expect((<-following).entries).To(HaveExactElements(HaveField("Command", "LO")))
	g.Expect((<-following).Reset).To(BeTrue())
	cancel()
	g.Eventually(following).Should(BeClosed())
}

// A position is good for going on after a break, and then no less is told than to who has followed all the time.
func TestFollowingFromAPositionSaysWhatIsGone(t *testing.T) {
	w := newWorld(t)
	small := simulator.Run(t, simulator.Options{Journal: journal.Limits{Entries: 2}})
	l, err := Listen("127.0.0.1:0", Options{Server: small})
	w.Expect(err).NotTo(HaveOccurred())
	defer l.Close()
	for range 5 {
		small.Journal("acme").Add(&journal.Entry{Site: "acme"})
	}
	client := Client{URL: l.URL(), HTTP: &http.Client{Transport: w.seen.inner}}
	events := func(after uint64, n int) (got []string) {
		for e, err := range client.Follow(w.ctx, Filter{Sites: []string{"acme"}, After: after}) {
			if got = append(got, fmt.Sprint(e.Seq, " ", err)); len(got) == n {
				break
			}
		}
		return got
	}
	w.Expect(events(1, 3)).To(Equal([]string{"0 the journal of the site acme dropped 2 entries before they could be read", "4 <nil>", "5 <nil>"}))
	w.Expect(events(4, 1)).To(Equal([]string{"5 <nil>"}))

	w.Expect(small.Reset("acme")).To(Succeed())
	small.Journal("acme").Add(&journal.Entry{Site: "acme"})
	w.Expect(events(5, 1)).To(Equal([]string{"1 <nil>"}), "the site was reset meanwhile")
	found, err := client.Journal(w.ctx, Filter{Sites: []string{"acme"}, After: 5})
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(found.Entries).To(HaveExactElements(HaveField("Seq", BeEquivalentTo(1))), "and who asks again misses nothing")
}

func TestFollowingFindsASiteThatIsAddedLater(t *testing.T) {
	w := newWorld(t)
	next := w.following("")
	w.login("acme", "alice")
	next() // it has looked for sites already
	w.Expect(w.server.PutSite(simulator.Site{Name: "initech", Hosts: []simulator.Host{{WebExID: "peter", Password: "secret"}}})).To(Succeed())
	w.login("initech", "peter")
	_, data := next()
	w.Expect(data).To(ContainSubstring(`"site":"initech"`))
}

func TestFollowingSaysWhatCameTooFast(t *testing.T) {
	g := NewWithT(t)
	server := simulator.Run(t, simulator.Options{Journal: journal.Limits{Entries: 2}})
	a, err := New(Options{Server: server})
	g.Expect(err).NotTo(HaveOccurred())
	defer a.Close()
	ctx, cancel := context.WithCancel(context.Background())
	_, from := a.journal(Filter{})
	for range 5 {
		server.Journal("acme").Add(&journal.Entry{})
	}
	following := a.follow(ctx, nil, from)
	h := <-following
	g.Expect(h.Missed).To(BeEquivalentTo(3))
	g.Expect(h.entries).To(HaveLen(2))
	cancel()
	g.Eventually(following).Should(BeClosed())
}

func TestTheClientFollowsUntilTheLoopIsLeftOrTheContextEnds(t *testing.T) {
	w := newWorld(t)
	w.login("acme", "alice")
	w.login("acme", "bob")
	var hosts []string
	for e, err := range w.client.Follow(w.ctx, Filter{Sites: []string{"acme"}}) {
		w.Expect(err).NotTo(HaveOccurred())
		if hosts = append(hosts, e.Host); len(hosts) == 2 {
			break
		}
	}
	w.Expect(hosts).To(Equal([]string{"alice", "bob"}))

	ctx, cancel := context.WithCancel(w.ctx)
	defer cancel()
	for _, err := range w.client.Follow(ctx, Filter{}) {
		if cancel(); err != nil {
			w.Expect(err).To(MatchError(context.Canceled))
		}
	}
}

func TestTheClientTellsWhatWasMissedAndGoesOn(t *testing.T) {
	g := NewWithT(t)
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s := newStream(w)
		s.json("missed", happening{Site: "acme", Missed: 3})
		s.json("entry", journal.Entry{Seq: 4})
		s.flush()
	}))
	defer api.Close()
	client := Client{URL: api.URL, HTTP: api.Client()}
	var got []string
	for e, err := range client.Follow(t.Context(), Filter{}) {
		got = append(got, fmt.Sprint(e.Seq, " ", err))
	}
	g.Expect(got).To(Equal([]string{
		"0 the journal of the site acme dropped 3 entries before they could be read", "4 <nil>", "0 following the journal: EOF",
	}))
	for _, err := range client.Follow(t.Context(), Filter{}) {
		var missed *Missed
		g.Expect(errors.As(err, &missed)).To(BeTrue())
		g.Expect(*missed).To(Equal(Missed{Site: "acme", Entries: 3}))
		break
	}
}

func TestStreamsEndWhenTheListenerIsShutDown(t *testing.T) {
	w := newWorld(t)
	l, err := Listen("127.0.0.1:0", Options{Server: w.server})
	w.Expect(err).NotTo(HaveOccurred())
	answer, err := w.seen.inner.RoundTrip(mustRequest(l.URL() + "/journal?follow=true"))
	w.Expect(err).NotTo(HaveOccurred())
	defer answer.Body.Close()
	w.Expect(l.Shutdown(w.ctx)).To(Succeed())
}

func mustRequest(address string) *http.Request {
	r, err := http.NewRequest("GET", address, nil)
	if err != nil {
		panic(err)
	}
	return r
}
