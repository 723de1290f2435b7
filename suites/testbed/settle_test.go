package testbed

import (
	"net/http"
	"net/url"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/simulator/journal"
)

func TestAPageHasArrivedWhenItIsThereAndComplete(t *testing.T) {
	page := func(url string) network.Exchange {
		return network.Exchange{URL: url, FetchDest: "document", Status: http.StatusOK}
	}
	redirect := network.Exchange{URL: "https://portal.acme.example/login", FetchDest: "document", Status: http.StatusFound}
	image := network.Exchange{URL: "https://portal.acme.example/logo", FetchDest: "image", Status: http.StatusOK}
	complete := func(url string) browsers.Document { return browsers.Document{URL: url, Complete: true} }
	const start, next = "https://portal.acme.example/", "https://portal.acme.example/next"

	for _, c := range []struct {
		name      string
		documents []browsers.Document
		seen      []network.Exchange
		want      bool
	}{
		{"nothing was asked for", []browsers.Document{complete("about:blank")}, nil, true},
		{"it is there", []browsers.Document{complete(start)}, []network.Exchange{page(start)}, true},
		{"with a fragment", []browsers.Document{complete(start + "#top")}, []network.Exchange{page(start)}, true},
		{"it still loads", []browsers.Document{{URL: start}}, []network.Exchange{page(start)}, false},
		{"the one before is there", []browsers.Document{complete(start)}, []network.Exchange{page(start), page(next)}, false},
		{"a frame of it still loads", []browsers.Document{complete(start), {URL: next}}, []network.Exchange{page(next), page(start)}, false},
		{"what came after it is no page", []browsers.Document{complete(start)}, []network.Exchange{page(start), redirect, image}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			NewWithT(t).Expect(arrived(c.documents, c.seen)).To(Equal(c.want))
		})
	}
}

func TestWhatTheBrowserAsksForItselfStirsNothing(t *testing.T) {
	g := NewWithT(t)
	icon, image := network.Exchange{URL: "https://portal.acme.example/favicon.ico", FetchDest: "image", Own: true}, network.Exchange{FetchDest: "image"}
	g.Expect(stirred(nil)).To(BeFalse())
	g.Expect(stirred([]network.Exchange{icon})).To(BeFalse())
	g.Expect(stirred([]network.Exchange{icon, image})).To(BeTrue(), "a script may wait for a page's own picture")
}

func TestABrowserHasNotGoneOnWhenItAsksForAnIcon(t *testing.T) {
	g := NewWithT(t)
	door, err := network.Listen(network.Options{})
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(door.Close()).To(Succeed()) })
	g.Expect(door.Route("portal.acme.example", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/away" {
			http.Redirect(w, r, "/next", http.StatusFound)
		}
	}))).To(Succeed())
	r := &run{journal: journal.New(journal.Limits{}), ledger: door.Begin("case")}
	proxy, err := url.Parse(door.ProxyURL())
	g.Expect(err).NotTo(HaveOccurred())
	browser := http.Transport{Proxy: http.ProxyURL(proxy)}
	ask := func(path string) {
		request, err := http.NewRequest(http.MethodGet, "http://portal.acme.example"+path, nil)
		g.Expect(err).NotTo(HaveOccurred())
		answer, err := browser.RoundTrip(request)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(answer.Body.Close()).To(Succeed())
	}

	ask("/away")
	seen := r.ledger.Exchanges()
	over := make(chan error, 1)
	go func() { over <- r.onward(t.Context(), nil, seen) }()
	ask("/favicon.ico")
	g.Consistently(over, rest).ShouldNot(Receive())
	ask("/next")
	g.Eventually(over).WithTimeout(patience / 2).Should(Receive(BeNil()))
}

func TestAPageThatIsCompleteIsWaitedForLess(t *testing.T) {
	g := NewWithT(t)
	const start, next = "https://acme.webex.com/acme/p.php?AT=LI", "https://portal.acme.example/next"
	page, redirect := network.Exchange{URL: start}, network.Exchange{URL: start, Location: next}
	complete, loading := browsers.Document{URL: start, Complete: true}, browsers.Document{URL: start}
	g.Expect(patienceWith(page, []browsers.Document{{URL: next, Complete: true}, complete})).To(Equal(departure))
	g.Expect(patienceWith(page, []browsers.Document{loading})).To(Equal(patience), "its script may not have run")
	g.Expect(patienceWith(page, []browsers.Document{{URL: next, Complete: true}})).To(Equal(patience), "it may not have come")
	g.Expect(patienceWith(redirect, []browsers.Document{complete})).To(Equal(patience), "no page sends the browser on here")
}

func TestADocumentThatMakesWayForAnotherHasMoved(t *testing.T) {
	g := NewWithT(t)
	first := browsers.Document{URL: "https://portal.acme.example/", Complete: true, Text: "Two o'clock"}
	later, loading, next := first, first, first
	later.Text = "Three o'clock"
	loading.Complete = false
	next.URL = "https://portal.acme.example/next"
	g.Expect(unmoved(first, later)).To(BeTrue())
	g.Expect(unmoved(first, loading)).To(BeFalse())
	g.Expect(unmoved(first, next)).To(BeFalse())
}
