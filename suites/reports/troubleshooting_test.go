package reports

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/report"
)

// update writes docs/troubleshooting.md anew; with -results, from a run of this suite:
//
//	make e2e SUITES=reports && go test ./suites/reports -update -results ../../out/results.json
var (
	update  = flag.Bool("update", false, "write docs/troubleshooting.md anew")
	results = flag.String("results", "", "results.json of a run of this suite, as the new proof")
)

const (
	pageFile  = "../../docs/troubleshooting.md"
	proofFile = "testdata/proof.json"
)

func TestTheTroubleshootingPageIsThatOfTheLibraryAndOfItsProof(t *testing.T) {
	g := NewWithT(t)
	if *update && *results != "" {
		run, err := report.ReadJSON(*results)
		g.Expect(err).NotTo(HaveOccurred())
		p, err := ProofOf(run)
		g.Expect(err).NotTo(HaveOccurred())
		data, err := json.MarshalIndent(p, "", "  ")
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(os.WriteFile(proofFile, append(data, '\n'), 0o644)).To(Succeed())
	}
	data, err := os.ReadFile(proofFile)
	g.Expect(err).NotTo(HaveOccurred())
	var p Proof
	g.Expect(json.Unmarshal(data, &p)).To(Succeed())
	library, err := fixtures.Reports()
	g.Expect(err).NotTo(HaveOccurred())

	cases, err := Cases(library, fixtures.Engines())
	g.Expect(err).NotTo(HaveOccurred())
	for _, c := range cases {
		if p.NotAvailable[c.ID] == "" {
			g.Expect(p.Browsers).To(HaveKey(c.ID), "the library says more than was proven: run the suite, and this test with -update -results")
		}
	}
	g.Expect(len(p.Browsers) + len(p.NotAvailable)).To(Equal(len(cases)))

	var page bytes.Buffer
	g.Expect(Troubleshooting(&page, library, p)).To(Succeed())
	if *update {
		g.Expect(os.WriteFile(pageFile, page.Bytes(), 0o644)).To(Succeed())
	}
	stands, err := os.ReadFile(pageFile)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(stands)).To(Equal(page.String()))
}
