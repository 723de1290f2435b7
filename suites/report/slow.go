package report

import (
	"cmp"
	"slices"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// A case is slow that takes several times as long as half of the cases in its browser, and long enough for a person to notice. The slowest
// few are named.
const (
	slowTimes = 3
	slowLeast = 5 * time.Second
	slowNamed = 5
)

// slowest are the cases that are slow, the slowest first.
func slowest(results []testbed.Result) []testbed.Result {
	took := map[browsers.Engine][]time.Duration{}
	for _, r := range results {
		if r.BrowserVersion != "" && r.SameAs == "" { // what was not run itself took no time
			took[r.Browser] = append(took[r.Browser], r.Duration)
		}
	}
	half := map[browsers.Engine]time.Duration{}
	for engine, all := range took {
		slices.Sort(all)
		half[engine] = all[(len(all)-1)/2]
	}
	var slow []testbed.Result
	for _, r := range results {
		if r.Duration >= slowLeast && r.Duration >= slowTimes*half[r.Browser] {
			slow = append(slow, r)
		}
	}
	slices.SortStableFunc(slow, func(a, b testbed.Result) int { return cmp.Compare(b.Duration, a.Duration) })
	return slow[:min(len(slow), slowNamed)]
}
