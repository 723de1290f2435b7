package conformance_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites"
	"github.com/cookiegate/cookiegate/suites/conformance"
)

// sites are the Webex site that the fixtures' policies name, and a portal.
var sites = conformance.Sites{Site: "https://acme.webex.com", Domain: "webex.com", Portal: "https://portal.acme.example"}

// limit is how long one browser may take over all its cells.
const limit = 3 * time.Minute

func TestConformance(t *testing.T) {
	if testing.Short() {
		t.Skip("every cell in every browser takes minutes: make conformance")
	}
	RegisterFailHandler(ginkgo.Fail)
	ginkgo.RunSpecs(t, "policy model against browsers")
}

var _ = ginkgo.Describe("the policy model", func() {
	policies, err := fixtures.Policies()
	if err != nil {
		panic(err)
	}
	selection, err := suites.SelectionFromEnv()
	if err != nil {
		panic(err)
	}
	drivers := suites.Drivers()
	specs := 0
	// says are the specs of an engine, for those of the policies that are turned to, or else for those that each want a browser of their own.
	says := func(engine browsers.Engine, turned bool) {
		for _, p := range policies {
			// Internet Explorer's rules are no browser's; they are held to Microsoft's documents in package policy.
			if p.InternetExplorer != nil || drivers[engine].Turns(p, p) != turned || len(selection.Policies) > 0 && !slices.Contains(selection.Policies, p.Name) ||
				len(selection.Browsers) > 0 && !slices.Contains(selection.Browsers, engine) {
				continue
			}
			specs++
			ginkgo.It("says what happens under "+p.Name, ginkgo.Label(string(engine), p.Name), func(ctx ginkgo.SpecContext) {
				hold(ctx, engine, drivers[engine], p)
			}, ginkgo.SpecTimeout(limit))
		}
	}
	for _, engine := range suites.Engines {
		// In one process, whose browser goes through them.
		ginkgo.Describe("for one "+string(engine), ginkgo.Ordered, ginkgo.ContinueOnFailure, func() { says(engine, true) })
	}
	// These fill up what those leave of the time of several processes.
	for _, engine := range suites.Engines {
		ginkgo.Describe("for "+string(engine), func() { says(engine, false) })
	}
	if specs == 0 { // a name with a slip in it
		ginkgo.It("is held to something", func() {
			var have []string
			for _, p := range policies {
				if p.InternetExplorer == nil {
					have = append(have, p.Name)
				}
			}
			ginkgo.Fail(fmt.Sprintf("no cell is left: there is none for POLICIES=%s and BROWSERS=%s; expected some of %s, and of %s, or nothing",
				strings.Join(selection.Policies, ","), joined(selection.Browsers), strings.Join(have, ", "), joined(suites.Engines)))
		})
	}
})

func joined(engines []browsers.Engine) string {
	var names []string
	for _, e := range engines {
		names = append(names, string(e))
	}
	return strings.Join(names, ",")
}

// hold holds the model to what an engine does under p.
func hold(ctx context.Context, engine browsers.Engine, d browsers.Driver, p policy.Policy) {
	if err := d.Supports(p); err != nil {
		ginkgo.Skip(err.Error())
	}
	cells := observe(ctx, engine, d, p)
	exceptions, err := conformance.Exceptions()
	Expect(err).NotTo(HaveOccurred())
	var wrong []string
	for _, c := range cells {
		if c.Came != c.Predicted && !slices.ContainsFunc(exceptions, func(e conformance.Exception) bool { return e.Covers(c) }) {
			wrong = append(wrong, fmt.Sprintf("%s: came %t, predicted %t: %s", c, c.Came, c.Predicted, c.Why))
		}
	}
	ginkgo.AddReportEntry(cellsEntry, observed{len(cells), conformance.Told(cells)}, ginkgo.ReportEntryVisibilityNever)
	fmt.Fprintf(ginkgo.GinkgoWriter, "%d cells, %d not as predicted\n", len(cells), len(wrong))
	Expect(wrong).To(BeEmpty(), "%d of %d cells are not as predicted:\n%s", len(wrong), len(cells), strings.Join(wrong, "\n"))
}

func observe(ctx context.Context, engine browsers.Engine, d browsers.Driver, p policy.Policy) []conformance.Cell {
	Expect(running.bring(ctx, d, p)).To(Succeed())
	cells, err := conformance.Observe(ctx, running.door, engine, running.browser, p, sites)
	if err != nil {
		Expect(running.Close()).To(Succeed()) // the next policy begins with another
	}
	Expect(err).NotTo(HaveOccurred())
	return cells
}

// running is the browser of this process, which goes from policy to policy where it can.
var running lasting

var _ = ginkgo.AfterSuite(func() { Expect(running.Close()).To(Succeed()) })

// lasting is a browser with its front door, or neither.
type lasting struct {
	driver  browsers.Driver
	policy  policy.Policy
	door    *network.Door
	browser browsers.Browser
	dir     string
}

// bring puts the browser under p, or another in its place.
func (l *lasting) bring(ctx context.Context, d browsers.Driver, p policy.Policy) error {
	if l.browser != nil && l.driver == d && d.Turns(l.policy, p) {
		l.policy = p
		return l.browser.Turn(ctx, p)
	}
	if err := l.Close(); err != nil {
		return err
	}
	var err error
	if l.door, err = network.Listen(network.Options{}); err != nil {
		return err
	}
	if l.dir, err = os.MkdirTemp("", "cookiegate-conformance-"); err != nil {
		return err
	}
	l.driver, l.policy = d, p
	l.browser, err = d.Launch(ctx, browsers.LaunchOptions{Policy: p, Proxy: l.door.ProxyURL(), Dir: l.dir})
	return err
}

// Close ends browser and door and removes the profile.
func (l *lasting) Close() error {
	var err error
	if l.browser != nil {
		err = l.browser.Close()
	}
	if l.door != nil {
		err = errors.Join(err, l.door.Close())
	}
	if l.dir != "" {
		err = errors.Join(err, os.RemoveAll(l.dir))
	}
	*l = lasting{}
	return err
}

var _ = ginkgo.ReportAfterSuite("cells", func(r ginkgo.Report) {
	var all observed
	for _, s := range r.SpecReports {
		for _, e := range s.ReportEntries {
			if e.Name != cellsEntry {
				continue
			}
			// Those of this process are as they were given, those of others what JSON makes of them.
			var o observed
			raw, err := json.Marshal(e.GetRawValue())
			Expect(err).NotTo(HaveOccurred())
			Expect(json.Unmarshal(raw, &o)).To(Succeed())
			all.Cells += o.Cells
			all.Told = append(all.Told, o.Told...)
		}
	}
	fmt.Printf("%d cells observed in real browsers\n", all.Cells)
	file := os.Getenv("FACTS")
	if file == "" || len(all.Told) == 0 {
		return
	}
	var page bytes.Buffer
	Expect(conformance.Facts(&page, time.Now(), all.Told)).To(Succeed())
	Expect(os.WriteFile(file, page.Bytes(), 0o644)).To(Succeed())
})

// cellsEntry is the name under which a spec reports what it observed. Specs run in several processes.
const cellsEntry = "cells"

type observed struct {
	Cells int
	Told  []conformance.Cell
}
