package setup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/chromium"
	"github.com/cookiegate/cookiegate/browsers/firefox"
	"github.com/cookiegate/cookiegate/browsers/network/realproxy"
	"github.com/cookiegate/cookiegate/browsers/playwright"
	"github.com/cookiegate/cookiegate/browsers/webkit"
)

// Item is one thing that driving browsers needs.
type Item struct {
	Name    string `json:"name"` // "Chromium"
	Present bool   `json:"present"`
	Detail  string `json:"detail"` // where it is and which version; or what is missing
	// Optional things are done without where they cannot be had: the cases that need them say so.
	Optional bool   `json:"optional,omitempty"`
	Advice   string `json:"advice,omitempty"` // what to do about it; empty where it is there
	// Fault is what is wrong with a thing that is there; only an examination finds any.
	Fault string `json:"fault,omitempty"`
	// engine is that of a browser.
	engine browsers.Engine
	// packages are the names, in the distribution's words, that make it present; none for the driver, which npm brings.
	packages []string
	// named says that the environment names the program, and names none: no package mends that.
	named bool
}

// Check looks for everything and installs nothing.
func Check() []Item {
	distro := thisDistro()
	checks := []func() Item{
		func() Item { return browser("Chromium", chromium.Driver{}, distro.chromium) },
		func() Item { return browser("Firefox", firefox.Driver{}, distro.firefox) },
		func() Item {
			it := browser("WebKitGTK", webkit.Driver{}, distro.webkit)
			it.Optional = true // there is none but on Linux
			return it
		},
		node,
		driver,
	}
	for _, p := range realproxy.Products() {
		checks = append(checks, func() Item { return proxy(p) })
	}
	items := make([]Item, len(checks))
	var all sync.WaitGroup
	for i, check := range checks { // side by side: each asks a program for its version
		all.Go(func() { items[i] = check() })
	}
	all.Wait()
	for i := range items {
		items[i].Advice = advice(items[i], distro)
	}
	return items
}

const adviceInstall = "cookiegate setup installs it."

// advice is what to do about an item that is not there.
func advice(it Item, d distro) string {
	switch {
	case it.Present:
		return ""
	case it.named:
		return "Name another in that variable, or unset it."
	case d.apt || len(it.packages) == 0:
		return adviceInstall
	}
	return "Install it with the system's own means; Debian's packages are called " + strings.Join(it.packages, ", ") + "."
}

func node() Item {
	it := Item{Name: "Node.js", packages: []string{"nodejs"}}
	path, version, err := findNode()
	if err != nil {
		it.Detail, it.named = err.Error(), os.Getenv(nodeVariable) != ""
		return it
	}
	it.Present, it.Detail = true, path+" "+version
	return it
}

func driver() Item {
	it := Item{Name: "Playwright driver " + playwright.Version}
	dir, err := playwright.DriverDir()
	if err == nil {
		err = playwright.CheckDriver(dir)
	}
	if err != nil {
		it.Detail = err.Error()
		if !hasCommand("npm") {
			it.packages = []string{"npm"}
		}
		return it
	}
	it.Present, it.Detail = true, dir
	return it
}

func proxy(p realproxy.Product) Item {
	it := Item{Name: string(p), Optional: true}
	i, err := realproxy.Find(p)
	if missing := (*realproxy.NotInstalledError)(nil); errors.As(err, &missing) {
		it.packages, it.named = []string{missing.Package}, missing.Named != ""
	}
	if err != nil {
		it.Detail = err.Error()
		return it
	}
	it.Present, it.Detail = true, i.Name()+" at "+i.Path
	return it
}

func browser(name string, d browsers.Driver, packages []string) Item {
	it := Item{Name: name, packages: packages, engine: d.Engine()}
	x, err := d.Find()
	if err != nil {
		it.Detail = err.Error()
		if missing := (*browsers.NotInstalledError)(nil); errors.As(err, &missing) && missing.Named != "" {
			it.named = true
		}
		return it
	}
	it.Present, it.Detail = true, fmt.Sprintf("%s %s at %s", x.Name, x.Version, x.Path)
	return it
}

// Install makes everything present that Check finds missing, telling progress what it does. The error says what a person has to type
// where this program may not.
func Install(ctx context.Context, progress func(string)) error {
	changed, err := install(ctx, Check(), thisDistro(), progress)
	if err != nil || !changed {
		return err
	}
	var still []string
	for _, it := range Check() {
		if !it.Present && !it.Optional {
			still = append(still, it.Name+": "+it.Detail)
		}
	}
	if len(still) > 0 {
		return errors.New("still missing: " + strings.Join(still, "; "))
	}
	return nil
}

// install installs what is missing of items, and says whether it did anything.
func install(ctx context.Context, items []Item, d distro, progress func(string)) (changed bool, err error) {
	var packages []string
	needed, driver := false, false
	for _, it := range items {
		if it.Present {
			continue
		}
		if it.named {
			return false, errors.New(it.Name + ": " + it.Detail)
		}
		if it.Optional && !d.apt {
			progress("without " + it.Name + ": " + it.Detail)
			continue
		}
		changed, needed = true, needed || !it.Optional
		packages = append(packages, it.packages...)
		driver = driver || strings.HasPrefix(it.Name, "Playwright")
	}
	if len(packages) > 0 {
		if err := installPackages(ctx, packages, progress); err != nil {
			if needed || ctx.Err() != nil {
				return false, err
			}
			progress("without " + strings.Join(packages, ", ") + ": " + err.Error())
		}
	}
	if driver {
		err = installDriver(ctx, progress)
	}
	return changed, err
}

// fontsFor is what a browser on a bare machine needs to show letters.
const fontsFor = "fonts-liberation"

// distro is how a Linux distribution names what we need.
type distro struct {
	apt                       bool // packages come by apt-get
	chromium, firefox, webkit []string
}

func thisDistro() distro {
	release, err := os.ReadFile("/etc/os-release")
	if err != nil || !hasCommand("apt-get") {
		return distro{}
	}
	d := distro{
		apt: true, chromium: []string{"chromium", fontsFor}, firefox: []string{"firefox-esr"},
		webkit: []string{"webkit2gtk-driver", "libwebkit2gtk-4.1-0", "xvfb"},
	}
	for line := range strings.Lines(string(release)) {
		if strings.TrimSpace(line) == "ID=ubuntu" {
			d.chromium, d.firefox = []string{"chromium-browser", fontsFor}, []string{"firefox"}
		}
	}
	return d
}
