package testbed

import (
	"net/http"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
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
