package setup

import (
	"context"
	"errors"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
)

// driver of a machine that is made up.
type fake struct {
	engine    browsers.Engine
	installed bool
	refused   map[string]error
}

func (f fake) Engine() browsers.Engine { return f.engine }

func (f fake) Find() (browsers.Executable, error) {
	if !f.installed {
		return browsers.Executable{}, &browsers.NotInstalledError{Engine: f.engine, Command: "sudo apt-get install it"}
	}
	return browsers.Executable{}, nil
}

func (f fake) Turns(_, _ policy.Policy) bool { return false }

func (f fake) Supports(p policy.Policy) error { return f.refused[p.Name] }

func (f fake) Launch(context.Context, browsers.LaunchOptions) (browsers.Browser, error) {
	return nil, errors.New("it ended at its start; it said:\n  no memory")
}

func examined() Examination {
	noMounts := &browsers.NotAvailableError{Sentence: "This system refuses mount namespaces.", Advice: "Run as root."}
	noSetting := &browsers.NotAvailableError{Sentence: "Firefox has no such setting."}
	return examine([]Item{
		{Name: "Chromium", Present: true, Detail: "Chromium 156 at /usr/bin/chromium"},
		{Name: "Firefox", Detail: "no browser for firefox was found", Advice: adviceInstall},
		{Name: "squid", Optional: true, Detail: "squid is not installed", Advice: adviceInstall},
	}, []browsers.Driver{
		fake{engine: browsers.Chromium, installed: true, refused: map[string]error{"trusted-zone": noMounts}},
		fake{engine: browsers.Firefox, refused: map[string]error{"embedding-site-allow": noSetting, "trusted-zone": noMounts}},
	}, []policy.Policy{{Name: "block-all"}, {Name: "embedding-site-allow"}, {Name: "trusted-zone"}})
}

func TestExamine(t *testing.T) {
	g := NewWithT(t)
	const notInstalled = "no browser for firefox was found; install one with: sudo apt-get install it"
	g.Expect(examined().Policies).To(Equal([]Ability{
		{Engine: browsers.Chromium, Policy: "block-all", Available: true},
		{Engine: browsers.Chromium, Policy: "embedding-site-allow", Available: true},
		{Engine: browsers.Chromium, Policy: "trusted-zone", Why: "This system refuses mount namespaces.", Advice: "Run as root."},
		{Engine: browsers.Firefox, Policy: "block-all", Why: notInstalled},
		{Engine: browsers.Firefox, Policy: "embedding-site-allow", Why: "Firefox has no such setting."},
		{Engine: browsers.Firefox, Policy: "trusted-zone", Why: "This system refuses mount namespaces.", Advice: "Run as root."},
	}))
}

func TestAnExaminationIsToldOnOneScreen(t *testing.T) {
	g := NewWithT(t)
	var b strings.Builder
	g.Expect(examined().Write(&b)).To(Succeed())
	g.Expect(b.String()).To(Equal(`Installed
  yes  Chromium  Chromium 156 at /usr/bin/chromium
  NO   Firefox   no browser for firefox was found
                 cookiegate setup installs it.
  -    squid     squid is not installed
                 cookiegate setup installs it.

policy                chromium  firefox
block-all             yes       no (1)
embedding-site-allow  yes       no (2)
trusted-zone          no (3)    no (3)

 (1) no browser for firefox was found; install one with: sudo apt-get install it
 (2) Firefox has no such setting.
 (3) This system refuses mount namespaces. Run as root.
`))
}

func TestWellIsWhoMissesNothingThatEveryRunNeeds(t *testing.T) {
	g := NewWithT(t)
	e := examined()
	g.Expect(e.Well()).To(BeFalse())
	e.Items = append(e.Items[:1], e.Items[2])
	g.Expect(e.Well()).To(BeTrue(), "squid is optional")
}

func TestABrowserThatDoesNotStartIsAFault(t *testing.T) {
	g := NewWithT(t)
	e := Examination{Items: []Item{
		{Name: "Chromium", Present: true, Detail: "Chromium 156 at /usr/bin/chromium", engine: browsers.Chromium},
		{Name: "WebKitGTK", Present: true, Optional: true, Detail: "WebKitGTK 2.50 at /usr/bin/MiniBrowser", engine: browsers.WebKit},
		{Name: "squid", Present: true, Detail: "Squid 5.7 at /usr/sbin/squid"},
	}}
	g.Expect(e.Well()).To(BeTrue())
	e.tryOut(t.Context(), []browsers.Driver{fake{engine: browsers.Chromium}, fake{engine: browsers.Firefox}, fake{engine: browsers.WebKit}})
	g.Expect(e.Well()).To(BeFalse())
	var b strings.Builder
	g.Expect(e.Write(&b)).To(Succeed())
	g.Expect(b.String()).To(HavePrefix(`Installed
  NO   Chromium   Chromium 156 at /usr/bin/chromium
                  It does not start: it ended at its start; it said:
                    no memory
  -    WebKitGTK  WebKitGTK 2.50 at /usr/bin/MiniBrowser
                  It does not start: it ended at its start; it said:
                    no memory
  yes  squid      Squid 5.7 at /usr/sbin/squid
`))
	e.Items = e.Items[1:]
	g.Expect(e.Well()).To(BeTrue(), "WebKit is optional")
}

func TestAdviceKnowsWhoMayInstall(t *testing.T) {
	g := NewWithT(t)
	missing := Item{Name: "Chromium", packages: []string{"chromium", "fonts-liberation"}}
	g.Expect(advice(missing, distro{apt: true})).To(Equal("cookiegate setup installs it."))
	g.Expect(advice(missing, distro{})).To(Equal("Install it with the system's own means; Debian's packages are called chromium, fonts-liberation."))
	g.Expect(advice(Item{Name: "Playwright driver"}, distro{})).To(Equal("cookiegate setup installs it."))
	g.Expect(advice(Item{Name: "Chromium", named: true, packages: missing.packages}, distro{apt: true})).To(Equal("Name another in that variable, or unset it."))
	g.Expect(advice(Item{Present: true}, distro{apt: true})).To(BeEmpty())
}
