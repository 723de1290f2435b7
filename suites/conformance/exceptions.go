package conformance

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/internal/strictyaml"
)

// Exception is a disagreement between browser and model that is known and written down.
type Exception struct {
	Engine  browsers.Engine `yaml:"engine"`
	Version string          `yaml:"version"` // of the browser it was seen in, "156" or as much more of it as it holds for
	// Policies, Plants, Reads and Forms name cells; a list that is absent means any. Forms are written as Form.String does.
	Policies []string `yaml:"policies,omitempty"`
	Plants   []Place  `yaml:"plants,omitempty"`
	Reads    []Place  `yaml:"reads,omitempty"`
	Forms    []string `yaml:"forms,omitempty"`
	Reason   string   `yaml:"reason"`
}

//go:embed exceptions.yaml
var exceptionsFile []byte

// Exceptions are those written down in exceptions.yaml.
func Exceptions() ([]Exception, error) {
	var file struct {
		Exceptions []Exception `yaml:"exceptions,omitempty"`
	}
	v := strictyaml.Vocabulary{}
	strictyaml.Words(v, browsers.Chromium, browsers.Firefox, browsers.WebKit)
	strictyaml.Words(v, everywhere...)
	if _, err := strictyaml.Read("suites/conformance/exceptions.yaml", exceptionsFile, &file, v); err != nil {
		return nil, err
	}
	return file.Exceptions, nil
}

// Covers says whether the exception speaks of the cell.
func (e Exception) Covers(c Cell) bool {
	return e.Engine == c.Engine && strings.HasPrefix(c.Version+".", e.Version+".") && anyOf(e.Policies, c.Policy) && anyOf(e.Plants, c.Plant) && anyOf(e.Reads, c.Read) && anyOf(e.Forms, c.Form.String())
}

func anyOf[T comparable](list []T, x T) bool { return len(list) == 0 || slices.Contains(list, x) }
