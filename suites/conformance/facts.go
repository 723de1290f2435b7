package conformance

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
)

// told are the forms whose fate the facts tell, host-only ones; the others make no difference to a reader.
var told = []string{
	"Secure; SameSite=None", "Secure; SameSite=None; Partitioned", "Secure", "Secure; SameSite=Lax", "Secure; SameSite=Strict", "SameSite=None",
}

// Told are those of the cells that the facts tell.
func Told(cells []Cell) []Cell {
	return slices.DeleteFunc(slices.Clone(cells), func(c Cell) bool { return !slices.Contains(told, c.Form.String()) })
}

// Facts writes what each browser was seen to do under each policy, as a page in Markdown. Policies under which a browser does the same are told
// once.
func Facts(w io.Writer, on time.Time, cells []Cell) error {
	p := &factsPage{w: w}
	p.line("# What browsers do with cookies")
	p.line("")
	p.line("Written by `make facts` on %s, from real browsers. `make conformance` holds the policy model to the same cells, and to those of more ways of writing", on.UTC().Format(time.DateOnly))
	p.line("a cookie.")
	p.line("")
	p.line("A cookie of `acme.webex.com` is set in one place and looked for in others; the portal is `portal.acme.example`, another site. ● it came, · it did")
	p.line("not.")
	for _, engine := range enginesOf(cells) {
		own := slices.DeleteFunc(slices.Clone(cells), func(c Cell) bool { return c.Engine != engine })
		p.line("")
		p.line("## %s %s", strings.ToUpper(string(engine[:1]))+string(engine[1:]), own[0].Version)
		for _, g := range alike(own) {
			p.line("")
			p.line("### %s", strings.Join(g.policies, ", "))
			p.line("")
			p.table("set at top level, and looked for", everywhere, func(form string, read Place) bool { return g.came[seen{form, TopLevel, read}] })
			p.line("")
			p.table("set there, and looked for there again", embedded, func(form string, place Place) bool { return g.came[seen{form, place, place}] })
			p.line("")
			p.table("set there, and looked for at top level", embedded, func(form string, place Place) bool { return g.came[seen{form, place, TopLevel}] })
		}
	}
	return p.err
}

// seen is one question of the page.
type seen struct {
	form        string
	plant, read Place
}

// group are the policies under which a browser does the same.
type group struct {
	policies []string
	came     map[seen]bool
}

func alike(cells []Cell) []*group {
	var groups []*group
	for _, name := range policiesOf(cells) {
		came := map[seen]bool{}
		for _, c := range cells {
			if c.Policy == name && c.Came {
				came[seen{c.Form.String(), c.Plant, c.Read}] = true
			}
		}
		i := slices.IndexFunc(groups, func(g *group) bool { return maps.Equal(g.came, came) })
		if i < 0 {
			i = len(groups)
			groups = append(groups, &group{came: came})
		}
		groups[i].policies = append(groups[i].policies, name)
	}
	return groups
}

func enginesOf(cells []Cell) []browsers.Engine {
	var engines []browsers.Engine
	for _, c := range cells {
		engines = append(engines, c.Engine)
	}
	slices.Sort(engines)
	return slices.Compact(engines)
}

func policiesOf(cells []Cell) []string {
	var names []string
	for _, c := range cells {
		names = append(names, c.Policy)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// factsPage writes lines until one cannot be written.
type factsPage struct {
	w   io.Writer
	err error
}

func (p *factsPage) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

func (p *factsPage) table(title string, places []Place, came func(string, Place) bool) {
	head := "| " + title + " |"
	for _, place := range places {
		head += " " + string(place) + " |"
	}
	p.line("%s", head)
	p.line("|---|%s", strings.Repeat(":-:|", len(places)))
	for _, form := range told {
		row := "| `" + form + "` |"
		for _, place := range places {
			if came(form, place) {
				row += " ● |"
			} else {
				row += " · |"
			}
		}
		p.line("%s", row)
	}
}
