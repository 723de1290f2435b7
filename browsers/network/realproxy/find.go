package realproxy

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/cookiegate/cookiegate/browsers/process"
	"github.com/cookiegate/cookiegate/internal/wording"
)

// Product is a filtering proxy.
type Product string

// The products.
const (
	Privoxy Product = "privoxy"
	Squid   Product = "squid"
)

// Products are all that there are.
func Products() []Product { return []Product{Privoxy, Squid} }

// product is what one product needs to be found and started.
type product struct {
	title   string
	command string
	env     string // names another executable
	pkg     string // Debian's package
	version []string
	// lacks says, from what the program answers to version, what it was built without; empty: nothing.
	lacks func(answer string) string
	// ready says whether a line of its output means that it serves.
	ready func(line string) (string, bool)
	args  func(s settings) []string
	// prepare does what has to be done in the working folder before the start.
	prepare func(ctx context.Context, i Installed, s settings, as user) error
	// clean removes what it leaves outside of the working folder.
	clean func(s settings) error
}

var products = map[Product]product{Privoxy: privoxy, Squid: squid}

// Installed is a product found on this machine.
type Installed struct {
	Product Product
	Path    string
	Version string // "3.0.34"
	answer  string // to the question for its version
}

// Name is the product as people say it: "Privoxy 3.0.34".
func (i Installed) Name() string { return products[i.Product].title + " " + i.Version }

// NotInstalledError says that a product was not found, or not in a build that can do the work.
type NotInstalledError struct {
	Product Product
	Package string // Debian's
	Looked  []string
	Lacks   string // what the one that was found cannot do
	// Named is the environment variable that names the executable, such as "COOKIEGATE_SQUID=/no/such"; empty: none does.
	Named string
}

func (e *NotInstalledError) Error() string {
	if e.Lacks != "" && e.Named != "" {
		return fmt.Sprintf("%s was built without %s; expected the path of a %s with it", e.Named, e.Lacks, e.Product)
	}
	if e.Lacks != "" {
		return fmt.Sprintf("%s was built without %s; install one with: apt-get install %s", strings.Join(e.Looked, ", "), e.Lacks, e.Package)
	}
	if e.Named != "" {
		return fmt.Sprintf("%s: no program is there; expected the path of %s", e.Named, e.Product)
	}
	return fmt.Sprintf("%s is not installed (looked for %s); install it with: apt-get install %s", e.Product, strings.Join(e.Looked, ", "), e.Package)
}

// places are where Debian puts servers, which are not in everybody's PATH.
var places = []string{"/usr/sbin", "/usr/local/sbin"}

// Find looks for a product: what COOKIEGATE_PRIVOXY or COOKIEGATE_SQUID names, else in PATH, else where Debian puts it. The error is
// a *NotInstalledError.
func Find(p Product) (Installed, error) {
	spec, known := products[p]
	if !known {
		return Installed{}, fmt.Errorf("unknown proxy %q; expected %s", string(p), wording.OneOf(Products()))
	}
	missing := &NotInstalledError{Product: p, Package: spec.pkg}
	candidates := []string{spec.command}
	for _, dir := range places {
		candidates = append(candidates, filepath.Join(dir, spec.command))
	}
	if named := os.Getenv(spec.env); named != "" {
		candidates, missing.Named = []string{named}, spec.env+"="+named
	}
	for _, c := range candidates {
		missing.Looked = append(missing.Looked, c)
		path, err := exec.LookPath(c)
		if err != nil {
			continue
		}
		if path, err = filepath.Abs(path); err != nil { // it starts in a folder of its own
			return Installed{}, err
		}
		i, err := ask(p, spec, path)
		if err != nil {
			return Installed{}, err
		}
		if missing.Lacks = spec.lacks(i.answer); missing.Lacks != "" {
			missing.Looked = []string{path}
			return Installed{}, missing
		}
		return i, nil
	}
	return Installed{}, missing
}

var number = regexp.MustCompile(`(?i)version:? (\d+(?:\.\d+)+)`)

func ask(p Product, spec product, path string) (Installed, error) {
	out, err := process.Answer(path, nil, spec.version...)
	if err != nil {
		return Installed{}, err
	}
	m := number.FindStringSubmatch(out)
	if m == nil {
		return Installed{}, fmt.Errorf("%s %s says no version: %q", path, strings.Join(spec.version, " "), out)
	}
	return Installed{Product: p, Path: path, Version: m[1], answer: out}, nil
}

var _ error = (*NotInstalledError)(nil)
