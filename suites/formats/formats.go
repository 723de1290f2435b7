// Package formats knows every kind of YAML file that a person may write for cookiegate: which kind a file is of, what is wrong with it, and the JSON
// Schema by which an editor helps to write it.
package formats

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/internal/strictyaml"
	"github.com/cookiegate/cookiegate/internal/wording"
	"github.com/cookiegate/cookiegate/simulator/config"
	"github.com/cookiegate/cookiegate/suites/baseline"
)

//go:embed schemas/*.json
var schemas embed.FS

// All are the formats.
func All() ([]strictyaml.Format, error) {
	all, err := fixtures.Formats()
	return append(all, baseline.Format(), config.Format()), err
}

// Named is the format of that name. The error names those there are.
func Named(name string) (strictyaml.Format, error) {
	all, err := All()
	if err != nil {
		return strictyaml.Format{}, err
	}
	var names []string
	for _, f := range all {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return strictyaml.Format{}, fmt.Errorf("there is no format %q; expected %s%s", name, wording.OneOf(names), wording.DidYouMean(name, names))
}

// Schema is the JSON Schema of the format of that name.
func Schema(name string) ([]byte, error) {
	if _, err := Named(name); err != nil {
		return nil, err
	}
	return schemas.ReadFile("schemas/" + name + ".schema.json")
}

// Check reads a file, of that kind, or, without one, of the kind whose keys it has, and returns the kind. The error is strictyaml.Mistakes, or that of
// reading the file.
func Check(file, kind string) (strictyaml.Format, error) {
	data, err := strictyaml.ReadFile(file)
	if err != nil {
		return strictyaml.Format{}, fmt.Errorf("%w; expected a file written for cookiegate, such as integration.yaml", err)
	}
	var f strictyaml.Format
	if kind != "" {
		f, err = Named(kind)
	} else {
		f, err = of(file, data)
	}
	if err != nil {
		return f, err
	}
	return f, f.Check(file, data)
}

// of is the format whose keys a file has most of; of several, the one that knows fewest others.
func of(file string, data []byte) (strictyaml.Format, error) {
	keys, err := strictyaml.TopKeys(file, data)
	if err != nil {
		return strictyaml.Format{}, err
	}
	all, err := All()
	if err != nil {
		return strictyaml.Format{}, err
	}
	var best strictyaml.Format
	most := 0
	var names []string
	for _, f := range all {
		known := f.Keys()
		names = append(names, f.Name)
		n := 0
		for _, k := range keys {
			if slices.Contains(known, k) {
				n++
			}
		}
		if n > most || n > 0 && n == most && len(known) < len(best.Keys()) {
			best, most = f, n
		}
	}
	if most == 0 {
		return strictyaml.Format{}, strictyaml.Mistakes{{File: file, Line: 1, Column: 1,
			Problem: "no key in it is of a file that cookiegate reads; expected one of these: " + strings.Join(names, ", ")}}
	}
	return best, nil
}
