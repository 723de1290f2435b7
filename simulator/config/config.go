package config

import (
	"fmt"
	"os"
	"reflect"
	"time"

	"github.com/cookiegate/cookiegate/internal/strictyaml"
	"github.com/cookiegate/cookiegate/simulator"
	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/simulator/site"
)

// Config is what a file says.
type Config struct {
	Sites   []simulator.Site
	Journal journal.Limits
	// Start is what the clock shows at first; zero: the machine's time.
	Start time.Time
	// Frozen has the clock stand still until it is told to run.
	Frozen bool
}

// file is the YAML document.
type file struct {
	Clock   clock            `yaml:"clock,omitempty"`
	Journal limits           `yaml:"journal,omitempty"`
	Sites   []simulator.Site `yaml:"sites"`
}

type clock struct {
	Start  string `yaml:"start,omitempty"`
	Frozen bool   `yaml:"frozen,omitempty"`
}

type limits struct {
	Entries int `yaml:"entries,omitempty"`
	Bytes   int `yaml:"bytes,omitempty"`
}

// words are those that a named type may be.
func words() strictyaml.Vocabulary {
	v := strictyaml.Vocabulary{}
	strictyaml.Words(v, session.Profiles()...)
	strictyaml.Words(v, site.Script, site.Found)
	strictyaml.Words(v, site.ServiceTypes()...)
	return v
}

// Format is the kind of file that Load reads.
func Format() strictyaml.Format {
	return strictyaml.Format{
		Name: "sites", About: "The fake Webex sites that cookiegate serve serves.", Type: reflect.TypeFor[file](), Words: words(),
		Check: func(name string, data []byte) error {
			_, err := Read(name, data)
			return err
		},
	}
}

// Default is what is served where no file says anything else: the site of simulator.DefaultSite, on a clock that runs.
func Default() Config { return Config{Sites: []simulator.Site{simulator.DefaultSite()}} }

// Options are those of a simulator that serves this.
func (c Config) Options() simulator.Options {
	return simulator.Options{Sites: c.Sites, Journal: c.Journal, Start: c.Start}
}

// Load reads a file.
func Load(path string) (Config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Config{}, err
	}
	return Read(path, data)
}

// Read reads the content of a file. The name is for errors, which are strictyaml.Mistakes: one for each thing wrong.
func Read(name string, data []byte) (Config, error) {
	var f file
	d, err := strictyaml.Read(name, data, &f, words())
	if err != nil {
		return Config{}, err
	}
	c := Config{Sites: f.Sites, Journal: journal.Limits(f.Journal), Frozen: f.Clock.Frozen}
	if d.Has("clock.start") {
		if c.Start, err = time.Parse(time.RFC3339Nano, f.Clock.Start); err != nil {
			d.Report("clock.start", "expected a time such as 2026-03-02T09:00:00Z, found %q", f.Clock.Start)
		} else if year := c.Start.UTC().Year(); year < 1970 || year > 2199 { // the clock ends with the latter
			d.Report("clock.start", "expected a time from 1970 to 2199, found %q", f.Clock.Start)
		}
	}
	for field, n := range map[string]int{"journal.entries": f.Journal.Entries, "journal.bytes": f.Journal.Bytes} {
		if n < 0 || n == 0 && d.Has(field) {
			d.Report(field, "expected a number above 0, found %d", n)
		}
	}
	checkSites(d, f.Sites)
	if err := d.Err(); err != nil {
		return Config{}, err
	}
	return c, nil
}

// checkSites holds every site against its own rules, and reports at the field that a rule's error names.
func checkSites(d *strictyaml.Document, sites []simulator.Site) {
	names := map[string]bool{}
	for i := range sites {
		at := fmt.Sprintf("sites[%d]", i)
		if name := sites[i].Name; names[name] {
			d.Report(at+".name", "the site %q is there twice", name)
		} else {
			names[name] = true
		}
		d.ReportEach(at, sites[i].Validate())
		for key, zero := range map[string]bool{
			"idle-limit": sites[i].IdleLimit == 0, "max-duration": sites[i].MaxDuration == 0, "site-id": sites[i].SiteID == 0,
		} {
			if field := at + "." + key; zero && d.Has(field) { // which would quietly be the default
				d.Report(field, "must be above 0; expected to be left out for the default")
			}
		}
	}
}
