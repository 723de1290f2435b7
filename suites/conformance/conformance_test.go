package conformance_test

import (
	"bytes"
	"context"
	"encoding/json"
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
	for _, engine := range suites.Engines {
		driver := drivers[engine]
		for _, p := range policies {
			// Internet Explorer's rules are no browser's; they are held to Microsoft's documents in package policy.
			if p.InternetExplorer != nil || len(selection.Policies) > 0 && !slices.Contains(selection.Policies, p.Name) ||
				len(selection.Browsers) > 0 && !slices.Contains(selection.Browsers, engine) {
				continue
			}
			ginkgo.It(fmt.Sprintf("says what %s does under %s", engine, p.Name), ginkgo.Label(string(engine), p.Name), func(ctx ginkgo.SpecContext) {
				if err := driver.Supports(p); err != nil {
					ginkgo.Skip(err.Error())
				}
				cells := observe(ctx, engine, driver, p)
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
			}, ginkgo.SpecTimeout(limit))
		}
	}
})

func observe(ctx context.Context, engine browsers.Engine, d browsers.Driver, p policy.Policy) []conformance.Cell {
	door, err := network.Listen(network.Options{})
	Expect(err).NotTo(HaveOccurred())
	ginkgo.DeferCleanup(door.Close)
	b, err := d.Launch(ctx, browsers.LaunchOptions{Policy: p, Proxy: door.ProxyURL(), Dir: ginkgo.GinkgoT().TempDir()})
	Expect(err).NotTo(HaveOccurred())
	ginkgo.DeferCleanup(b.Close)
	cells, err := conformance.Observe(ctx, door, engine, b, p, sites)
	Expect(err).NotTo(HaveOccurred())
	return cells
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
	if file == "" {
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
