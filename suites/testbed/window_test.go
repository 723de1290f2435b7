package testbed

import (
	"context"
	"os/exec"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/chromium"
	"github.com/cookiegate/cookiegate/browsers/screen"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/simulator/session"
)

// A screen that nobody sees, and a driver that clicks, stand in for a person.
func TestWhatIsDoneInAWindowBecomesTheStepsOfItsIntegration(t *testing.T) {
	if _, err := (chromium.Driver{}).Find(); err != nil {
		t.Skipf("not run: %v", err)
	}
	if _, err := exec.LookPath(screen.Program); err != nil {
		t.Skipf("not run: %v", err)
	}
	g := NewWithT(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	server, display, err := screen.Open(ctx)
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(server.Close()).To(Succeed()) })
	t.Setenv("DISPLAY", display)

	in, err := fixtures.IntegrationNamed("iframe")
	g.Expect(err).NotTo(HaveOccurred())
	p, err := fixtures.Policy("allow-third-party")
	g.Expect(err).NotTo(HaveOccurred())
	c := Case{ID: "window", Suite: "window", Integration: in, Engine: browsers.Chromium, Policy: p, Site: SiteOf(in, session.NoneSecure)}
	w, err := OpenWindow(ctx, chromium.Driver{}, c, nil, true)
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(w.Close()).To(Succeed()) })
	documents, err := w.run.session.Documents(ctx)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(documents).To(ContainElement(HaveField("Title", "cookiegate console")))

	g.Expect(w.run.session.Do(ctx, browsers.Step{Click: "text=Host a meeting", InTab: "portal"})).To(Succeed())
	g.Eventually(func() []fixtures.Step { steps, _ := w.Steps(); return steps }).WithContext(ctx).Should(Equal(in.Steps))
	_, notes := w.Steps()
	g.Expect(notes).To(BeEmpty())

	over := make(chan error, 1)
	waiting, end := context.WithCancel(ctx)
	go func() { over <- w.Wait(waiting) }()
	g.Consistently(over, 2*glance).ShouldNot(Receive())
	end()
	g.Eventually(over).WithContext(ctx).Should(Receive(BeNil()))
}
