package firefox

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	. "github.com/onsi/gomega"
	pw "github.com/playwright-community/playwright-go"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/browsers/playwright"
	"github.com/cookiegate/cookiegate/browsers/policy"
)

// scripted is an engine whose browser, when turned, runs a script in its own window instead.
type scripted struct {
	*engine
	script string
}

func (s scripted) Start(ctx context.Context) (playwright.Process, error) {
	p, err := s.engine.Start(ctx)
	return scriptedProcess{p, s.script}, err
}

type scriptedProcess struct {
	playwright.Process
	script string
}

func (p scriptedProcess) Turn(_ context.Context, b pw.Browser, _ policy.Policy) error {
	return inWindow(b, p.script, nil)
}

// Every five minutes a Firefox makes pictures of the pages in its history, for a new tab: it asks for them again, at top level and without cookies, which
// looks like a host who has lost his.
func TestNoPageIsAskedForToMakeAPictureOfIt(t *testing.T) {
	x, err := Driver{}.Find()
	if err != nil {
		t.Skip(err)
	}
	g := NewWithT(t)
	door, err := network.Listen(network.Options{})
	g.Expect(err).NotTo(HaveOccurred())
	defer door.Close()
	const page = "https://portal.example/schedule"
	g.Expect(door.Route("portal.example", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "<!doctype html>Scheduled")
	}))).To(Succeed())
	ledger := door.Begin("pictures")

	o := browsers.LaunchOptions{Policy: policy.Policy{Base: policy.AllowThirdParty}, Proxy: door.ProxyURL(), Dir: t.TempDir()}
	e, err := prepare(x, o)
	g.Expect(err).NotTo(HaveOccurred())
	const picture = `ChromeUtils.importESModule("resource://gre/modules/BackgroundPageThumbs.sys.mjs").BackgroundPageThumbs.captureIfMissing("` + page + `")`
	b, err := playwright.Open(t.Context(), scripted{e, picture}, o)
	g.Expect(err).NotTo(HaveOccurred())
	defer b.Close()
	s, err := b.NewSession(t.Context(), browsers.SessionOptions{})
	g.Expect(err).NotTo(HaveOccurred())
	defer s.Close()
	g.Expect(s.Do(t.Context(), browsers.Step{Visit: page})).To(Succeed())
	g.Expect(b.Turn(t.Context(), policy.Policy{})).To(Succeed())

	asked := 0
	for _, x := range ledger.Exchanges() {
		if x.URL == page {
			asked++
		}
	}
	g.Expect(asked).To(Equal(1))
}
