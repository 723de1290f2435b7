package reports

import (
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

func library(t *testing.T, id string) fixtures.Report {
	t.Helper()
	r, err := fixtures.ReportNamed(id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTheRunsOfAReportAndItsRemediesAreCases(t *testing.T) {
	g := NewWithT(t)
	cases, err := Cases([]fixtures.Report{library(t, "bigbluebutton-iframe")}, fixtures.Engines())
	g.Expect(err).NotTo(HaveOccurred())
	outcomes := map[string]fixtures.Outcome{}
	for _, c := range cases {
		g.Expect(c.Suite).To(Equal("reports"))
		outcomes[strings.TrimPrefix(c.ID, "reports/bigbluebutton-iframe/")] = c.Expect.Outcome
	}
	g.Expect(outcomes).To(Equal(map[string]fixtures.Outcome{
		"safari/webkit":                           fixtures.AccessDenied,
		"safari/webkit/with/popup":                fixtures.Works,
		"safari/webkit/with/top-level-redirect":   fixtures.Works,
		"safari/webkit/with/allow-third-party":    fixtures.Works,
		"firefox/firefox":                         fixtures.AccessDenied,
		"firefox/firefox/with/popup":              fixtures.Works,
		"firefox/firefox/with/top-level-redirect": fixtures.Works,
		"firefox/firefox/with/per-site-allow":     fixtures.Works,
		"firefox/firefox/with/partitioned":        fixtures.AccessDenied,
	}))
}

func TestTheWholeLibraryMakesCasesOfDifferentNames(t *testing.T) {
	g := NewWithT(t)
	all, err := fixtures.Reports()
	g.Expect(err).NotTo(HaveOccurred())
	cases, err := Cases(all, fixtures.Engines())
	g.Expect(err).NotTo(HaveOccurred())
	seen := map[string]testbed.Case{}
	for _, c := range cases {
		g.Expect(seen).NotTo(HaveKey(c.ID))
		seen[c.ID] = c
	}
	for _, r := range all {
		if len(r.Runs) > 0 {
			g.Expect(seen).To(HaveKey(HavePrefix("reports/" + r.ID + "/")))
		}
	}
}

func TestAClaimThatCannotBeIsAnError(t *testing.T) {
	for _, test := range []struct {
		change func(*fixtures.ReportRun)
		want   string
	}{
		{func(r *fixtures.ReportRun) { r.Helps = []fixtures.Remedy{fixtures.PerSiteAllow} }, "report jira-frame-safari, run safari in webkit: per-site-allow cannot help: WebKit"},
		{func(r *fixtures.ReportRun) { r.Helps = []fixtures.Remedy{fixtures.NoneSecure} }, "none-secure cannot help: The site sets its cookies so already."},
		{func(r *fixtures.ReportRun) { r.NotAvailable = []fixtures.Remedy{fixtures.InPopup} }, "popup is said not to be available"},
	} {
		r := library(t, "jira-frame-safari")
		run := r.Runs[0]
		test.change(&run)
		r.Runs = []fixtures.ReportRun{run}
		_, err := Cases([]fixtures.Report{r}, []browsers.Engine{browsers.WebKit})
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring(test.want)))
	}
}
