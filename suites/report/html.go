package report

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// pictureBudget is how many bytes of screenshots a page may carry within it; those of the cases that come later stay files
// beside it.
const pictureBudget = 3 << 20

// HTMLOptions says what else goes into the page.
type HTMLOptions struct {
	// Dir is the folder that the page stands in, where Result.Screenshot is looked up; nil: no pictures.
	Dir fs.FS
	// Against is an earlier run to compare with, or nil.
	Against *Run
}

//go:embed page
var pageFiles embed.FS

// pageTemplate is parsed when a page is written: most commands write none.
var pageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{
		"dict":    dict,
		"isCause": isCause,
		"file":    file,
		"link":    link,
		"lost":    lostTogether,
		"orNone":  orNone,
		"plural":  plural,
		"split":   split,
		"failed":  func(answer string) bool { return strings.HasPrefix(answer, "FAIL") },
		"span":    span,
		"signOf":  signOf,
		"known":   KnownText,
		"command": RerunCommand,
	}).ParseFS(pageFiles, "page/*.html"))
})

// HTML writes a run as one page that needs no network: the matrix first, and behind each cell how it came about. It forbids
// its browser any connection and any script but its own.
func HTML(w io.Writer, run Run, o HTMLOptions) error {
	p, err := newPage(run.prepared(), o)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := pageTemplate().ExecuteTemplate(&b, "page.html", p); err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}

// page is what the template shows.
type page struct {
	Run         Run
	Policy      string // the page's content security policy
	Style       template.CSS
	Script      template.JS
	Totals      string
	Counts      Counts
	Different   int // cells to look at
	Surprises   int // cells that came out otherwise than predicted
	Started     string
	Browsers    []browsers.Engine
	Policies    []string
	Known       []byReason // cells that are known to fail
	New         []byReason // cells that work, and are recorded as failing
	Shown       []sign     // outcomes and states that occur
	States      []string   // statuses that occur, and what the baseline says
	Matrices    []table
	Lists       []table
	Groups      []groupView
	Unavailable []byReason
	Cases       []*caseView
	Changes     *Comparison
	AgainstName string
}

// caseView is a case as the page shows it.
type caseView struct {
	testbed.Result
	Sign    sign
	Differs bool
	Picture template.URL    // the screenshot itself
	First   template.URL    // that before the last step
	Before  *testbed.Result // in the run that is compared with, where it was otherwise
}

type groupView struct {
	Title string
	Cases []*caseView
}

// table is a grid with the policies over the browsers, so that engines stand side by side.
type table struct {
	Suite  string
	Policy string // that all of it is under, if it is one
	Wide   bool   // no policies across: there is room for words
	Heads  []tableHead
	Rows   []tableRow
}

type tableHead struct {
	Policy  string
	Engines []browsers.Engine
}

type tableRow struct {
	gridRow
	Again bool // the row above has the same name
	Cells []tableCell
}

type tableCell struct {
	Engine browsers.Engine
	Policy string
	First  bool      // of its policy
	Case   *caseView // nil where nothing was run
}

func newPage(run Run, o HTMLOptions) (*page, error) {
	style, err := pageFiles.ReadFile("page/page.css")
	if err != nil {
		return nil, err
	}
	script, err := pageFiles.ReadFile("page/page.js")
	if err != nil {
		return nil, err
	}
	p := &page{
		Run: run, Style: template.CSS(style), Script: template.JS(script),
		Policy: fmt.Sprintf("default-src 'none'; img-src data:; style-src '%s'; script-src '%s'", digest(style), digest(script)),
		Totals: Totals(run), Counts: run.Count(), Unavailable: unavailables(run.Results),
		Known: knownByReason(run.Results, isKnown), New: knownByReason(run.Results, isNew),
	}
	p.Started = when(run.Started)
	views := p.addCases(run, o)
	for _, g := range grids(run.Results) {
		t := transpose(g, views)
		if g.ByPolicy {
			p.Matrices = append(p.Matrices, t)
		} else {
			p.Lists = append(p.Lists, t)
		}
	}
	for _, g := range groups(run.Results) {
		view := groupView{Title: g.Title}
		for _, r := range g.Results {
			view.Cases = append(view.Cases, views[r.ID])
		}
		p.Groups = append(p.Groups, view)
	}
	if o.Against != nil {
		changes := Compare(*o.Against, run)
		p.Changes = &changes
		p.AgainstName = earlierName(*o.Against)
		for _, change := range slices.Concat(changes.Broken, changes.Mended, changes.Changed) {
			views[change.ID].Before = change.Before
		}
	}
	return p, nil
}

// when is a time as people say it; empty where it is not known.
func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2 January 2006, 15:04 MST")
}

func (p *page) addCases(run Run, o HTMLOptions) map[string]*caseView {
	views := map[string]*caseView{}
	budget := pictureBudget
	for _, r := range run.Results {
		view := &caseView{Result: r, Sign: signOf(r), Differs: differs(r)}
		if view.Differs {
			p.Different++
		}
		if r.Surprising() {
			p.Surprises++
		}
		view.First, budget = picture(o.Dir, r.Earlier, budget)
		view.Picture, budget = picture(o.Dir, r.Screenshot, budget)
		views[r.ID] = view
		p.Cases = append(p.Cases, view)
		if !slices.Contains(p.Browsers, r.Browser) {
			p.Browsers = append(p.Browsers, r.Browser)
		}
		if r.Policy != "" && !slices.Contains(p.Policies, r.Policy) {
			p.Policies = append(p.Policies, r.Policy)
		}
		if state := view.State(); !slices.Contains(p.States, state) {
			p.States = append(p.States, state)
		}
	}
	slices.Sort(p.Browsers)
	slices.Sort(p.Policies)
	slices.Sort(p.States)
	for _, s := range legendOrder {
		if slices.ContainsFunc(p.Cases, func(c *caseView) bool { return c.Sign == s }) {
			p.Shown = append(p.Shown, s)
		}
	}
	return views
}

// picture is a screenshot as a data address, and what is left of the budget. A picture that is missing, too large for the
// budget or no PNG stays a file name.
func picture(dir fs.FS, name string, budget int) (template.URL, int) {
	if dir == nil || name == "" {
		return "", budget
	}
	data, err := fs.ReadFile(dir, path.Clean(strings.ReplaceAll(name, `\`, "/")))
	if err != nil || len(data) > budget || !bytes.HasPrefix(data, []byte("\x89PNG")) {
		return "", budget
	}
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(data)), budget - len(data)
}

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

func transpose(g grid, views map[string]*caseView) table {
	t := table{Suite: g.Suite, Policy: g.Policy, Wide: !g.ByPolicy}
	type column struct {
		b, p  int
		first bool
	}
	var columns []column
	var policies []string
	for _, b := range g.Browsers {
		for _, policy := range b.Policies {
			if !slices.Contains(policies, policy) {
				policies = append(policies, policy)
			}
		}
	}
	slices.Sort(policies)
	for _, policy := range policies {
		head := tableHead{Policy: policy}
		for b, c := range g.Browsers {
			if at := slices.Index(c.Policies, policy); at >= 0 {
				columns = append(columns, column{b, at, len(head.Engines) == 0})
				head.Engines = append(head.Engines, c.Engine)
			}
		}
		t.Heads = append(t.Heads, head)
	}
	for i, row := range g.Rows {
		r := tableRow{gridRow: row, Again: i > 0 && g.Rows[i-1].Name == row.Name}
		for _, c := range columns {
			cell := tableCell{Engine: g.Browsers[c.b].Engine, Policy: g.Browsers[c.b].Policies[c.p], First: c.first}
			if result := row.Cells[c.b][c.p]; result != nil {
				cell.Case, cell.Policy = views[result.ID], result.Policy
			}
			r.Cells = append(r.Cells, cell)
		}
		t.Rows = append(t.Rows, r)
	}
	return t
}

// Headline is the run in a few words. What could not be run is never said to be as expected.
func (p *page) Headline() string {
	c := p.Counts
	switch {
	case c.Total == 0:
		return "Nothing was run"
	case p.Different > 0:
		return fmt.Sprintf("%d of %s to look at", p.Different, plural(c.Total, "case"))
	case c.Passed+c.Known == 0:
		return plural(c.Total, "case") + ", and none could be run here"
	case p.Run.Red(): // and no case is why
		return fmt.Sprintf("%s %s", plural(len(p.Run.Gate.Gone), "cell"), goneTitle)
	case c.NotAvailable+c.Known > 0:
		text := fmt.Sprintf("%d of %s as expected", c.Passed, plural(c.Total, "case"))
		if c.Known > 0 {
			text += fmt.Sprintf(", %d known to fail", c.Known)
		}
		if c.NotAvailable > 0 {
			text += fmt.Sprintf(", %d not available", c.NotAvailable)
		}
		return text
	case c.Total == 1:
		return "One case as expected"
	default:
		return fmt.Sprintf("All %d cases as expected", c.Total)
	}
}

// Short is an engine's name where there is little room.
func (tableHead) Short(e browsers.Engine) string {
	switch e {
	case browsers.Chromium:
		return "Chr"
	case browsers.Firefox:
		return "Fx"
	case browsers.WebKit:
		return "WK"
	}
	return string(e)
}

// Spoken is a cell as a screen reader says it.
func (c *caseView) Spoken() string {
	name := c.Heading() // of several cases with one integration each has its own
	if c.Integration != name {
		name = joined(", ", name, c.Integration)
	}
	text := joined(", ", name, c.Profile, string(c.Browser), c.Policy) + ": "
	switch {
	case c.Status == testbed.NotAvailable:
		return text + "not available"
	case c.Status == testbed.Error || c.Status == testbed.Flaky:
		return text + string(c.Status)
	case c.KnownToFail():
		return text + c.instead() + ", known to fail"
	case isNew(c.Result):
		return text + string(orNone(c.Outcome)) + ", as expected, and recorded as failing"
	case c.Differs:
		return text + c.instead()
	case c.Guided != nil:
		return text + string(orNone(c.Outcome)) + ", and the portal told the host what to do, as expected"
	default:
		return text + string(orNone(c.Outcome)) + ", as expected"
	}
}

// instead is what a failure came to.
func (c *caseView) instead() string {
	if c.Outcome == c.Expected {
		return orNone(c.Outcome) + ", as expected, and for another reason"
	}
	return orNone(c.Outcome) + ", expected " + orNone(c.Expected)
}

// Failed says whether the cell closes the gate, and shows an outcome all the same.
func (c *caseView) Failed() bool {
	return c.Differs && (c.Status == testbed.Failed || c.Status == testbed.Passed)
}

// KnownToFail says whether the cell fails, and is known to.
func (c *caseView) KnownToFail() bool { return isKnown(c.Result) }

// Class is how the cell looks.
func (c *caseView) Class() string {
	class := c.Sign.Class
	if c.Failed() {
		class = "differs"
	}
	if c.KnownToFail() {
		class += " known"
	}
	if c.Before != nil {
		class += " changed"
	}
	return class
}

// State is the word by which the cell is filtered.
func (c *caseView) State() string {
	if c.Known != nil {
		return string(c.Known.State)
	}
	return string(c.Status)
}

// Took is the case's duration.
func (c *caseView) Took() string { return span(c.Duration.Round(time.Millisecond)) }

// Heading is the case's name without what stands below it.
func (c *caseView) Heading() string { return caseName(c.Result) }

// Version is the browser as people say it.
func (c *caseView) Version() string {
	if c.BrowserVersion != "" {
		return c.BrowserVersion
	}
	return string(c.Browser)
}

// dict makes a map of names and values, for templates that take more than one.
func dict(pairs ...any) map[string]any {
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i].(string)] = pairs[i+1]
	}
	return m
}

// link is the address of a case within the page.
func link(id string) template.URL {
	return template.URL((&url.URL{Fragment: id}).String())
}

// file is the address of a file beside the page, whose name may have a % in it.
func file(name string) string { return (&url.URL{Path: name}).EscapedPath() }

// parts are an address taken apart, so that its host stands out.
type parts struct{ Scheme, Host, Path, Query string }

func split(raw string) parts {
	var p parts
	rest := raw
	if scheme, after, ok := strings.Cut(raw, "://"); ok {
		p.Scheme, rest = scheme+"://", after
		end := strings.IndexAny(rest, "/?#")
		if end < 0 {
			end = len(rest)
		}
		p.Host, rest = rest[:end], rest[end:]
	}
	p.Path = rest
	if at := strings.IndexByte(rest, '?'); at >= 0 {
		p.Path, p.Query = rest[:at], rest[at:]
	}
	return p
}
