package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// grid is one suite laid out as a table: cases down, browsers across, and policies too where the suite is a matrix.
type grid struct {
	Suite    string
	Policy   string // that all of it is under; empty where there are several, and columns or rows tell
	ByPolicy bool   // columns are policies of a browser; else a column is a browser and rows name their policy
	Browsers []browserColumns
	Rows     []gridRow
}

// browserColumns are the columns of one browser.
type browserColumns struct {
	Engine   browsers.Engine
	Title    string   // with its version, where the run knows it
	Policies []string // one empty string when not ByPolicy
}

// gridRow is a row; Cells[b][p] belongs to Browsers[b].Policies[p] and is nil where nothing was run.
type gridRow struct {
	Name    string
	Profile string // empty where the suite has only one
	Policy  string // empty where columns tell, or the suite has only one
	Cells   [][]*testbed.Result
}

// label is the row's head in one line.
func (r gridRow) label() string {
	parts := []string{r.Name}
	for _, p := range []string{r.Policy, r.Profile} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, " · ")
}

// tables are the grid for paper, which is narrow: a table per browser with policies across, or one with browsers across.
func (g grid) tables() []paperTable {
	if !g.ByPolicy {
		t := paperTable{Title: joined(" · ", g.Suite, g.Policy), cell: func(r gridRow, column int) *testbed.Result { return r.Cells[column][0] }}
		for _, b := range g.Browsers {
			t.Heads = append(t.Heads, string(b.Engine))
		}
		t.Rows = g.Rows
		return []paperTable{t}
	}
	var all []paperTable
	for i, b := range g.Browsers {
		all = append(all, paperTable{
			Title: g.Suite + " · " + b.Title, Heads: b.Policies, Rows: g.Rows,
			cell: func(r gridRow, column int) *testbed.Result { return r.Cells[i][column] },
		})
	}
	return all
}

type paperTable struct {
	Title string
	Heads []string
	Rows  []gridRow
	cell  func(row gridRow, column int) *testbed.Result
}

// grids lays out prepared results, a grid per suite.
func grids(results []testbed.Result) []grid {
	var all []grid
	for len(results) > 0 {
		n := 1
		for n < len(results) && results[n].Suite == results[0].Suite {
			n++
		}
		g := layOut(results[:n])
		if other := func(r testbed.Result) bool { return r.Policy != results[0].Policy }; !slices.ContainsFunc(results[:n], other) {
			g.Policy = results[0].Policy
		}
		all = append(all, g)
		results = results[n:]
	}
	return all
}

func layOut(results []testbed.Result) grid {
	policies, profiles := map[string]bool{}, map[string]bool{}
	for _, r := range results {
		policies[r.Policy], profiles[r.Profile] = true, true
	}
	row := func(name string, r testbed.Result, byPolicy bool) rowKey {
		k := rowKey{name: name}
		if len(profiles) > 1 {
			k.profile = r.Profile
		}
		if !byPolicy && len(policies) > 1 {
			k.policy = r.Policy
		}
		return k
	}
	// A suite is a matrix when its cells fill most of a table of three policies or more. Two cases never share a cell: where the
	// integration does not tell them apart, the identifier does.
	names := []func(testbed.Result) string{
		func(r testbed.Result) string { return r.Integration }, caseName, func(r testbed.Result) string { return r.ID },
	}
	for _, byPolicy := range []bool{true, false} {
		for _, name := range names {
			g, filled, ok := place(results, byPolicy, func(r testbed.Result) rowKey { return row(name(r), r, byPolicy) })
			if ok && (!byPolicy || len(policies) >= 3 && filled >= 0.5) {
				return g
			}
		}
	}
	g, _, _ := place(results, false, func(r testbed.Result) rowKey { return row(r.ID, r, false) })
	return g
}

type rowKey struct{ name, profile, policy string }

// place puts results into a grid. It says how much of the grid is filled, and false when two of them fall into one cell.
func place(results []testbed.Result, byPolicy bool, key func(testbed.Result) rowKey) (g grid, filled float64, ok bool) {
	g = grid{Suite: results[0].Suite, ByPolicy: byPolicy}
	for _, r := range results {
		policy := ""
		if byPolicy {
			policy = r.Policy
		}
		b := slices.IndexFunc(g.Browsers, func(c browserColumns) bool { return c.Engine == r.Browser })
		if b < 0 {
			b = len(g.Browsers)
			g.Browsers = append(g.Browsers, browserColumns{Engine: r.Browser})
		}
		if c := &g.Browsers[b]; !slices.Contains(c.Policies, policy) {
			c.Policies = append(c.Policies, policy)
		}
		if c := &g.Browsers[b]; c.Title == "" {
			c.Title = r.BrowserVersion
		}
	}
	slices.SortFunc(g.Browsers, func(a, b browserColumns) int { return cmp.Compare(a.Engine, b.Engine) })
	width := 0
	for b := range g.Browsers {
		slices.Sort(g.Browsers[b].Policies)
		width += len(g.Browsers[b].Policies)
		if g.Browsers[b].Title == "" {
			g.Browsers[b].Title = string(g.Browsers[b].Engine)
		}
	}
	rows := map[rowKey]int{}
	for i := range results {
		r := &results[i]
		k := key(*r)
		at, known := rows[k]
		if !known {
			at = len(g.Rows)
			rows[k] = at
			cells := make([][]*testbed.Result, len(g.Browsers))
			for b := range cells {
				cells[b] = make([]*testbed.Result, len(g.Browsers[b].Policies))
			}
			g.Rows = append(g.Rows, gridRow{Name: k.name, Profile: k.profile, Policy: k.policy, Cells: cells})
		}
		b := slices.IndexFunc(g.Browsers, func(c browserColumns) bool { return c.Engine == r.Browser })
		p := max(0, slices.Index(g.Browsers[b].Policies, r.Policy))
		if g.Rows[at].Cells[b][p] != nil {
			return g, 0, false
		}
		g.Rows[at].Cells[b][p] = r
	}
	slices.SortStableFunc(g.Rows, func(a, b gridRow) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Profile, b.Profile), strings.Compare(a.Policy, b.Policy))
	})
	return g, float64(len(results)) / float64(width*len(g.Rows)), true
}

// caseName is a case's identifier without the parts that columns and row heads tell already.
func caseName(r testbed.Result) string {
	known := []string{r.Suite, string(r.Browser), r.Policy, r.Profile}
	var parts []string
	id, remedy, tried := strings.Cut(r.ID, "/with/")
	for part := range strings.SplitSeq(id, "/") {
		if at := slices.Index(known, part); at >= 0 {
			known[at] = ""
			continue
		}
		parts = append(parts, part)
	}
	if tried {
		parts = append(parts, "with", remedy)
	}
	if len(parts) == 0 {
		return r.ID
	}
	return strings.Join(parts, "/")
}
