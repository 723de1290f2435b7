package remedy

import (
	_ "embed"
	"fmt"
	"net/url"
	"strings"
	"sync"

	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/internal/strictyaml"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Remedy is one remedy as a person is told of it.
type Remedy struct {
	ID    fixtures.Remedy `yaml:"id" json:"id"`
	Title string          `yaml:"title" json:"title"`
	// By is who can do it: "the person at the browser", "the IT department", "the portal's developers", "the Webex site's operator".
	By string `yaml:"by" json:"by"`
	// How is what to do, browser by browser or product by product.
	How []Instruction `yaml:"how" json:"how"`
	// Warning is what it costs, where it makes a browser less private or a session less safe; empty: nothing.
	Warning string `yaml:"warning,omitempty" json:"warning,omitempty"`
}

// Instruction is what to do in one browser, proxy or program.
type Instruction struct {
	In    string   `yaml:"in" json:"in"` // "Chrome", "Internet Explorer 6", "Squid", "The portal"
	Steps []string `yaml:"steps" json:"steps"`
	// File is what is to be deployed, with its name and where it goes.
	File *File `yaml:"file,omitempty" json:"file,omitempty"`
}

// File is a file, or lines of one, that somebody deploys.
type File struct {
	Name string `yaml:"name" json:"name"` // with its folder
	Text string `yaml:"text" json:"text"`
}

//go:embed remedies.yaml
var texts []byte

var all = sync.OnceValues(func() ([]Remedy, error) {
	v := strictyaml.Vocabulary{}
	strictyaml.Words(v, fixtures.Remedies()...)
	var file struct {
		Remedies []Remedy `yaml:"remedies"`
	}
	d, err := strictyaml.Read("suites/remedy/remedies.yaml", texts, &file, v)
	if err != nil {
		return nil, err
	}
	return file.Remedies, d.Err()
})

// All are all remedies, in the order of fixtures.Remedies, as they are told where c is the case.
func All(c testbed.Case) ([]Remedy, error) {
	list, err := all()
	if err != nil {
		return nil, err
	}
	told := make([]Remedy, len(list))
	for i, r := range list {
		if told[i], err = r.told(c); err != nil {
			return nil, fmt.Errorf("remedy %s: %w", r.ID, err)
		}
	}
	return told, nil
}

// told is the remedy with the names of the case's hosts in its texts.
func (r Remedy) told(c testbed.Case) (Remedy, error) {
	portal, err := url.Parse(c.Integration.Portal)
	if err != nil {
		return Remedy{}, err
	}
	names := strings.NewReplacer("{{.Site}}", c.SiteHost(), "{{.Domain}}", domain, "{{.Portal}}", portal.Host)
	fill := func(text *string) {
		if *text = names.Replace(*text); strings.Contains(*text, "{{") {
			err = fmt.Errorf("%q has a name that is neither .Site nor .Domain nor .Portal", *text)
		}
	}
	how := make([]Instruction, len(r.How))
	for i, h := range r.How {
		h.Steps = append([]string(nil), h.Steps...)
		for _, first := range []string{besides(c, h.In), unblock(c, h.In)} {
			if first != "" && (r.ID == fixtures.ManagedPolicy || r.ID == fixtures.TrustedZoneHTTPS) {
				h.Steps = append([]string{first}, h.Steps...)
			}
		}
		for j := range h.Steps {
			fill(&h.Steps[j])
		}
		if h.File != nil {
			f := *h.File
			fill(&f.Text)
			h.File = &f
		}
		how[i] = h
	}
	r.How = how
	fill(&r.Warning)
	return r, err
}

// In are the instructions for one browser as people call it, and those for no browser in particular; all of them where that is empty or none
// is for it.
func (r Remedy) In(browser string) []Instruction {
	var list []Instruction
	for _, h := range r.How {
		if browser != "" && (h.In == browser || strings.HasPrefix(browser, h.In) || !isBrowser(h.In)) {
			list = append(list, h)
		}
	}
	if list == nil {
		return r.How
	}
	return list
}

// InsideProgram is where instructions are for what programs such as Teams show pages in.
const InsideProgram = "A browser inside a program"

func isBrowser(name string) bool {
	for _, b := range []string{"Chrome", "Edge", "Firefox", "Safari", "Internet Explorer", InsideProgram} {
		if strings.HasPrefix(name, b) {
			return true
		}
	}
	return false
}
