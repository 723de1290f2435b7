package setup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/chromium"
	"github.com/cookiegate/cookiegate/browsers/firefox"
	"github.com/cookiegate/cookiegate/browsers/network/realproxy"
	"github.com/cookiegate/cookiegate/browsers/playwright"
)

// Item is one thing that driving browsers needs.
type Item struct {
	Name    string // "Chromium"
	Present bool
	Detail  string // where it is and which version; or what is missing
	// optional things are done without where they cannot be had: the cases that need them say so.
	optional bool
	// packages are the names, in the distribution's words, that make it present; none for the driver, which npm brings.
	packages []string
}

// Check looks for everything and installs nothing.
func Check(ctx context.Context) []Item {
	distro := thisDistro()
	items := []Item{
		browser("Chromium", chromium.Driver{}, distro.chromium),
		browser("Firefox", firefox.Driver{}, distro.firefox),
	}
	node := Item{Name: "Node.js", packages: []string{"nodejs"}}
	path, version, err := findNode(ctx)
	if err == nil {
		node.Present, node.Detail = true, path+" "+version
	} else {
		node.Detail = err.Error()
	}
	driver := Item{Name: "Playwright driver " + playwright.Version}
	dir, err := playwright.DriverDir()
	if err == nil {
		err = playwright.CheckDriver(dir)
	}
	if err == nil {
		driver.Present, driver.Detail = true, dir
	} else {
		driver.Detail = err.Error()
		if !hasCommand("npm") {
			driver.packages = []string{"npm"}
		}
	}
	items = append(items, node, driver)
	for _, p := range realproxy.Products() {
		items = append(items, proxy(p))
	}
	return items
}

func proxy(p realproxy.Product) Item {
	it := Item{Name: string(p), optional: true}
	i, err := realproxy.Find(p)
	if missing := (*realproxy.NotInstalledError)(nil); errors.As(err, &missing) {
		it.packages = []string{missing.Package}
	}
	if err != nil {
		it.Detail = err.Error()
		return it
	}
	it.Present, it.Detail = true, i.Name()+" at "+i.Path
	return it
}

func browser(name string, d browsers.Driver, packages []string) Item {
	it := Item{Name: name, packages: packages}
	x, err := d.Find()
	if err != nil {
		it.Detail = err.Error()
		return it
	}
	it.Present, it.Detail = true, fmt.Sprintf("%s %s at %s", x.Name, x.Version, x.Path)
	return it
}

// Install makes everything present that Check finds missing, telling progress what it does. The error says what a person has to type
// where this program may not.
func Install(ctx context.Context, progress func(string)) error {
	var packages []string
	driver := false
	distro := thisDistro()
	for _, it := range Check(ctx) {
		if it.Present || it.optional && !distro.apt {
			continue
		}
		packages = append(packages, it.packages...)
		driver = driver || strings.HasPrefix(it.Name, "Playwright")
	}
	if len(packages) > 0 {
		if err := installPackages(ctx, packages, progress); err != nil {
			return err
		}
	}
	if driver {
		if err := installDriver(ctx, progress); err != nil {
			return err
		}
	}
	var missing []string
	for _, it := range Check(ctx) {
		if !it.Present && !it.optional {
			missing = append(missing, it.Name+": "+it.Detail)
		}
	}
	if len(missing) > 0 {
		return errors.New("still missing: " + strings.Join(missing, "; "))
	}
	return nil
}

// fontsFor is what a browser on a bare machine needs to show letters.
const fontsFor = "fonts-liberation"

// distro is how a Linux distribution names what we need.
type distro struct {
	apt               bool // packages come by apt-get
	chromium, firefox []string
}

func thisDistro() distro {
	release, err := os.ReadFile("/etc/os-release")
	if err != nil || !hasCommand("apt-get") {
		return distro{}
	}
	d := distro{apt: true, chromium: []string{"chromium", fontsFor}, firefox: []string{"firefox-esr"}}
	for line := range strings.Lines(string(release)) {
		if strings.TrimSpace(line) == "ID=ubuntu" {
			d.chromium, d.firefox = []string{"chromium-browser", fontsFor}, []string{"firefox"}
		}
	}
	return d
}
