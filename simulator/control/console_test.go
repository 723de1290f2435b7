package control

import (
	"bufio"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"golang.org/x/net/html"

	"github.com/cookiegate/cookiegate/simulator"
	"github.com/cookiegate/cookiegate/simulator/session"
)

func TestTheConsoleShowsSitesHostsSessionsAndTheJournalWithoutItsScript(t *testing.T) {
	w := newWorld(t)
	w.login("acme", "alice")
	status, header, page := w.raw("GET", "/", "")
	w.Expect(status).To(Equal(200))
	w.Expect(header.Get("Content-Type")).To(Equal("text/html; charset=utf-8"))
	for _, text := range []string{
		`id="site-acme"`, `id="site-globex"`, "https://acme.webex.com/acme/", "Version=1; Domain=webex.com; Path=/; Secure",
		`id="session-acme-1"`, "until 09:30:00", `id="entry-acme-1"`, "ticket_timeStamp", `id="site-acme-legacy" aria-pressed="true"`,
	} {
		w.Expect(page).To(ContainSubstring(text))
	}
	w.Expect(page).NotTo(ContainSubstring("Nothing was asked</p>"))
}

func TestTheConsoleTellsEveryTimeInOneZone(t *testing.T) {
	var elsewhere *simulator.Server
	w := newWorld(t, func(o *Options) {
		elsewhere = simulator.Run(t, simulator.Options{Start: start.In(time.FixedZone("", -5*60*60))})
		o.Server = elsewhere
	})
	w.server = elsewhere
	w.login("acme", "alice")
	_, _, page := w.raw("GET", "/", "")
	w.Expect(page).To(And(ContainSubstring(">2026-03-02 09:00:00</time>"), ContainSubstring("<td>09:00:00</td>"), ContainSubstring("until 09:30:00"), ContainSubstring(">09:00:00</time>")))
	w.Expect(page).NotTo(Or(ContainSubstring(">04:"), ContainSubstring("until 04:")))
}

func TestNothingThatStrangersSendBecomesMarkup(t *testing.T) {
	w := newWorld(t)
	browser, err := w.server.Client()
	w.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(browser.CloseIdleConnections)
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(2)>'`
	w.command(browser, "acme", "p.php", url.Values{"AT": {evil}, "WID": {evil}, "BU": {"javascript:alert(3)"}})
	_, err = w.client.AddAccount(w.ctx, "acme", NewAccount{WebExID: evil, Password: "x"})
	w.Expect(err).NotTo(HaveOccurred())

	_, _, page := w.raw("GET", "/", "")
	tree, err := html.Parse(strings.NewReader(page))
	w.Expect(err).NotTo(HaveOccurred())
	scripts := 0
	for n := range tree.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		w.Expect(n.Data).NotTo(Equal("img"))
		if n.Data == "script" {
			scripts++
		}
		for _, a := range n.Attr {
			w.Expect(strings.HasPrefix(a.Key, "on")).To(BeFalse(), a.Key)
		}
	}
	w.Expect(scripts).To(Equal(1))
	w.Expect(page).To(ContainSubstring("&lt;script&gt;"))
}

func TestEveryControlOfTheConsoleAsksForARoute(t *testing.T) {
	w := newWorld(t)
	w.login("acme", "alice")
	_, err := w.client.AddFault(w.ctx, Fault{Reason: "AccessDenied", Share: 0.5, Delay: Duration(time.Second), Ticket: "drop",
		Cookies: map[string]Attributes{"ticket": {"Secure": "false"}}})
	w.Expect(err).NotTo(HaveOccurred())
	_, _, page := w.raw("GET", "/", "")
	tree, err := html.Parse(strings.NewReader(page))
	w.Expect(err).NotTo(HaveOccurred())
	ids := map[string]bool{}
	calls := 0
	for n := range tree.Descendants() {
		attributes := map[string]string{}
		for _, a := range n.Attr {
			attributes[a.Key] = a.Val
		}
		if id := attributes["id"]; id != "" {
			w.Expect(ids[id]).To(BeFalse(), "the id %s is there twice", id)
			ids[id] = true
		}
		if call := attributes["data-call"]; call != "" {
			calls++
			w.Expect(attributes["id"]).NotTo(BeEmpty(), call)
			method, path, _ := strings.Cut(call, " ")
			r, err := http.NewRequest(method, w.URL()+path, nil)
			w.Expect(err).NotTo(HaveOccurred())
			all, err := router()
			w.Expect(err).NotTo(HaveOccurred())
			_, _, err = all.FindRoute(r)
			w.Expect(err).NotTo(HaveOccurred(), call)
		}
	}
	w.Expect(calls).To(BeNumerically(">=", 24))
}

func TestTheConsoleIsKeptUpToDate(t *testing.T) {
	w := newWorld(t)
	answer, err := w.seen.inner.RoundTrip(mustRequest(w.URL() + "/console/live"))
	w.Expect(err).NotTo(HaveOccurred())
	defer answer.Body.Close()
	lines := bufio.NewScanner(answer.Body)
	// until reads events until one of that name holds the text.
	until := func(name, text string) {
		t.Helper()
		event, data := "", ""
		for lines.Scan() {
			switch key, value, _ := strings.Cut(lines.Text(), ": "); key {
			case "event":
				event, data = value, ""
			case "data":
				data += value + "\n"
			case "":
				if event == name && strings.Contains(data, text) {
					return
				}
			}
		}
		t.Fatalf("no event %s with %q: %v", name, text, lines.Err())
	}
	until("journal", "")
	until("sites", "Nobody is logged in")
	w.login("acme", "alice")
	until("entries", `id="entry-acme-1"`)
	until("sites", `id="session-acme-1"`)
	_, err = w.client.Advance(w.ctx, 31*time.Minute)
	w.Expect(err).NotTo(HaveOccurred())
	until("clock", `{"now":`)
	until("sites", `id="site-acme-nobody"`)
	_, err = w.client.SetProfile(w.ctx, "acme", session.Lax)
	w.Expect(err).NotTo(HaveOccurred())
	until("sites", `id="site-acme-lax" aria-pressed="true"`)
	_, err = w.client.AddFault(w.ctx, Fault{Command: "HM", Cut: true})
	w.Expect(err).NotTo(HaveOccurred())
	until("faults", "connection cut")
	w.Expect(w.client.Reset(w.ctx, "acme")).To(Succeed())
	until("journal", "")
	w.login("acme", "bob")
	until("entries", "bob")
}
