package report

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

func rowsOf(g grid) []string {
	var labels []string
	for _, r := range g.Rows {
		labels = append(labels, r.label())
	}
	return labels
}

func TestAMatrixHasIntegrationsDownAndPoliciesAcross(t *testing.T) {
	g := NewWithT(t)
	all := grids(sampleRun().prepared().Results)
	g.Expect(all).To(HaveLen(2))
	g.Expect(all[0].ByPolicy).To(BeTrue())
	g.Expect(all[0].Browsers).To(HaveLen(3))
	g.Expect(all[0].Browsers[1].Engine).To(Equal(browsers.Firefox))
	g.Expect(all[0].Browsers[1].Title).To(Equal("Firefox ESR 153.7.0"))
	g.Expect(all[0].Browsers[1].Policies).To(HaveLen(7))
	g.Expect(all[0].Rows).To(HaveLen(18))
	g.Expect(rowsOf(all[0])[:2]).To(Equal([]string{"background · legacy", "background · none-secure"}))
	cell := all[0].Rows[9].Cells[1][3]
	g.Expect(cell.ID).To(Equal("matrix/iframe/none-secure/firefox/per-site-allow"))

	g.Expect(all[0].Policy).To(BeEmpty(), "columns tell")
	g.Expect(all[1].ByPolicy).To(BeFalse())
	g.Expect(all[1].Policy).To(Equal("allow-third-party"), "no column and no row does")
	g.Expect(rowsOf(all[1])[2]).To(Equal("idle-30m01s"))
}

func TestNoCellIsShownTwiceOrLost(t *testing.T) {
	result := func(id, integration string, browser browsers.Engine, policy, profile string) testbed.Result {
		return testbed.Result{ID: id, Suite: "s", Integration: integration, Browser: browser, Policy: policy, Profile: profile}
	}
	for name, c := range map[string]struct {
		results []testbed.Result
		rows    []string
	}{
		"told apart by integration": {
			[]testbed.Result{result("s/1", "b", "x", "p", "n"), result("s/2", "a", "x", "p", "n")}, []string{"a", "b"},
		},
		"by profile": {
			[]testbed.Result{result("s/1", "a", "x", "p", "n"), result("s/2", "a", "x", "p", "m")}, []string{"a · m", "a · n"},
		},
		"by policy": {
			[]testbed.Result{result("s/1", "a", "x", "p", "n"), result("s/2", "a", "x", "q", "n")}, []string{"a · p", "a · q"},
		},
		"by their names": {
			[]testbed.Result{result("s/one/x", "a", "x", "p", "n"), result("s/two/x", "a", "x", "p", "n")}, []string{"one", "two"},
		},
		"by nothing but the identifier": {
			[]testbed.Result{result("x/one/p", "a", "x", "p", "n"), result("s/one/n", "a", "x", "p", "n")}, []string{"s/one/n", "x/one/p"},
		},
		"a thin matrix is a list": {
			[]testbed.Result{
				result("s/1", "a", "x", "p", "n"), result("s/2", "b", "x", "q", "n"), result("s/3", "c", "x", "r", "n"),
			}, []string{"a · p", "b · q", "c · r"},
		},
		"browsers with policies of their own": {
			[]testbed.Result{
				result("s/1", "a", "x", "p", "n"), result("s/2", "a", "x", "q", "n"), result("s/3", "a", "y", "r", "n"),
			}, []string{"a"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			laidOut := layOut(c.results)
			g.Expect(rowsOf(laidOut)).To(Equal(c.rows))
			var ids []string
			for _, row := range laidOut.Rows {
				for _, cells := range row.Cells {
					for _, cell := range cells {
						if cell != nil {
							ids = append(ids, cell.ID)
						}
					}
				}
			}
			var want []string
			for _, r := range c.results {
				want = append(want, r.ID)
			}
			g.Expect(ids).To(ConsistOf(want))
		})
	}
}
