package remedy

import (
	"errors"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/chromium"
	"github.com/cookiegate/cookiegate/browsers/firefox"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/browsers/probe"
	"github.com/cookiegate/cookiegate/browsers/webkit"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// caseOf is an integration's plain case.
func caseOf(t *testing.T, engine browsers.Engine, integration, policy, profile string) testbed.Case {
	t.Helper()
	c, err := testbed.CaseOf(fixtures.Run{Integration: integration, Policy: policy, Profile: profile}, engine, "test", "test", "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryRemedyIsToldInItsOrder(t *testing.T) {
	g := NewWithT(t)
	list, err := All(caseOf(t, browsers.Chromium, "iframe", "block-third-party", "none-secure"))
	g.Expect(err).NotTo(HaveOccurred())
	var ids []fixtures.Remedy
	for _, r := range list {
		ids = append(ids, r.ID)
		g.Expect(remedies).To(HaveKey(r.ID))
	}
	g.Expect(ids).To(Equal(fixtures.Remedies()))
	g.Expect(list[0].How[0].Steps[2]).To(ContainSubstring("[*.]webex.com"))
	last := list[len(list)-1]
	g.Expect(last.ID).To(Equal(fixtures.AllowThirdParties))
	g.Expect(last.Warning).NotTo(BeEmpty())
}

func TestBrowsersHaveTheirOwnClicks(t *testing.T) {
	g := NewWithT(t)
	list, err := All(caseOf(t, browsers.Chromium, "iframe", "block-third-party", "none-secure"))
	g.Expect(err).NotTo(HaveOccurred())
	for _, id := range []fixtures.Remedy{fixtures.PerSiteAllow, fixtures.AllowThirdParties} {
		for _, r := range list {
			if r.ID != id {
				continue
			}
			for _, b := range []string{"Chrome", "Edge", "Firefox", "Safari", "Internet Explorer 5.5", "Internet Explorer 6", InsideProgram} {
				in := r.In(b)
				g.Expect(in).To(HaveLen(1), "%s in %s", id, b)
				g.Expect(in[0].In).To(Equal(b))
			}
		}
	}
}

// What a policy's author wrote by hand of the probe, the model must say too: remedies have no author.
func TestTheModelPredictsEveryHandWrittenProbe(t *testing.T) {
	g := NewWithT(t)
	all, err := fixtures.Policies()
	g.Expect(err).NotTo(HaveOccurred())
	for _, p := range all {
		for _, d := range []browsers.Driver{chromium.Driver{}, firefox.Driver{}, webkit.Driver{}} {
			e := d.Engine()
			if d.Supports(p) != nil {
				continue
			}
			var want *policy.ProbeExpectation
			for i, w := range p.Probe {
				if len(w.Engines) == 0 && want == nil {
					want = &p.Probe[i]
				}
				for _, name := range w.Engines {
					if name == string(e) {
						want = &p.Probe[i]
					}
				}
			}
			if want == nil {
				continue
			}
			got := probe.Predict(string(e), p, "https://acme.webex.com")
			got.Engines = want.Engines
			g.Expect(got).To(Equal(*want), "%s in %s", p.Name, e)
		}
	}
}

func TestARemedyThatIsAPolicyCompiledInIsThatPolicy(t *testing.T) {
	for _, test := range []struct {
		policy string
		remedy fixtures.Remedy
		want   string
	}{
		{"block-third-party", fixtures.PerSiteAllow, "per-site-allow"},
		{"block-third-party", fixtures.ManagedPolicy, "trusted-zone"},
		{"trusted-zone-bare-name", fixtures.ManagedPolicy, "trusted-zone"},
		{"trusted-zone-bare-name", fixtures.TrustedZoneHTTPS, "trusted-zone-https"},
		{"block-third-party", fixtures.AllowThirdParties, "allow-third-party"},
		{"per-site-block", fixtures.PerSiteAllow, "allow-third-party+per-site-allow"},
		{"ie6-third-party-blocked", fixtures.PerSiteAllow, "ie6-site-allowed"},
		{"ie5.5-trusted-bare-name", fixtures.TrustedZoneHTTPS, "ie5.5-trusted-https"},
		{"partition", fixtures.PerSiteAllow, "partition+per-site-allow"},
	} {
		t.Run(test.policy+" with "+string(test.remedy), func(t *testing.T) {
			g := NewWithT(t)
			engine := browsers.Chromium
			if test.policy == "partition" {
				engine = browsers.Firefox
			}
			c, err := Apply(test.remedy, caseOf(t, engine, "iframe", test.policy, "none-secure"))
			g.Expect(err).NotTo(HaveOccurred())
			if test.policy == "per-site-block" {
				g.Expect(c.Policy.Exceptions).To(HaveLen(1))
				g.Expect(c.Policy.Exceptions[0].Decision).To(Equal(policy.Allow))
				return
			}
			g.Expect(c.Policy.Name).To(Equal(test.want))
			g.Expect(c.Policy.Probe).NotTo(BeEmpty())
			g.Expect(c.ID).To(Equal("test/with/" + string(test.remedy)))
		})
	}
}

func TestWhatABrowserDoesNotHave(t *testing.T) {
	for _, test := range []struct {
		engine browsers.Engine
		policy string
		remedy fixtures.Remedy
		says   string
	}{
		{browsers.WebKit, "block-third-party", fixtures.PerSiteAllow, "WebKit"},
		{browsers.WebKit, "block-third-party", fixtures.ManagedPolicy, "WebKit"},
		{browsers.Chromium, "ie5.5-trusted-bare-name", fixtures.PerSiteAllow, "zones"},
		{browsers.Chromium, "ie6-medium", fixtures.StorageAccess, "Internet Explorer"},
		{browsers.Chromium, "block-all", fixtures.StorageAccess, "the portal's own cookie"},
	} {
		g := NewWithT(t)
		_, err := Apply(test.remedy, caseOf(t, test.engine, "iframe", test.policy, "none-secure"))
		missing := (*NotAvailableError)(nil)
		g.Expect(errors.As(err, &missing)).To(BeTrue())
		g.Expect(missing.Sentence).To(ContainSubstring(test.says))
	}
}

func TestNothingToChange(t *testing.T) {
	for _, m := range []fixtures.Remedy{
		fixtures.AllowThirdParties, fixtures.NoneSecure, fixtures.ProxyException, fixtures.TopLevelRedirect, fixtures.KeepAlive,
	} {
		_, err := Apply(m, caseOf(t, browsers.Chromium, "redirect", "allow-third-party", "none-secure"))
		so := (*AlreadyError)(nil)
		NewWithT(t).Expect(errors.As(err, &so)).To(BeTrue(), "%s: %v", m, err)
	}
}

func TestAPortalThatMovesIsNamedByItsNewAddressEverywhere(t *testing.T) {
	g := NewWithT(t)
	c := caseOf(t, browsers.Chromium, "redirect", "allow-third-party", "none-secure")
	visit := func(address string) []fixtures.Step { return []fixtures.Step{{Step: browsers.Step{Visit: address}}} }
	c.Steps = visit("https://acme.webex.com/acme/m.php?AT=JM&BU=https%3A%2F%2Fportal.acme.example%2Fback")
	moved, err := Apply(fixtures.SameSiteDomain, c)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(moved.Integration.Portal).To(Equal("https://portal.webex.com"))
	g.Expect(moved.Steps).To(Equal(visit("https://acme.webex.com/acme/m.php?AT=JM&BU=https%3A%2F%2Fportal.webex.com%2Fback")))
}

// A remedy changes its own case and not the one it was made from.
func TestTheCaseItselfStaysAsItIs(t *testing.T) {
	g := NewWithT(t)
	for _, name := range []string{"block-third-party", "ie6-third-party-blocked", "trusted-zone-bare-name"} {
		c, before := caseOf(t, browsers.Chromium, "iframe", name, "legacy"), caseOf(t, browsers.Chromium, "iframe", name, "legacy")
		for _, m := range fixtures.Remedies() {
			_, _ = Apply(m, c)
			g.Expect(c).To(Equal(before), "%s", m)
		}
	}
}

// A remedy that ends in a policy compiled in is tried in the browser that runs under it anyway.
func TestOutcomesAreThePoliciesInWhichARemedyCanEnd(t *testing.T) {
	g := NewWithT(t)
	known, err := fixtures.Policies()
	g.Expect(err).NotTo(HaveOccurred())
	met := map[string]bool{}
	for _, p := range known {
		for _, engine := range []browsers.Engine{browsers.Chromium, browsers.Firefox, browsers.WebKit} {
			for _, m := range fixtures.Remedies() {
				cured, err := Apply(m, caseOf(t, engine, "iframe", p.Name, "none-secure"))
				if err != nil {
					continue
				}
				for _, k := range known {
					if cured.Policy.Name != p.Name && same(k, cured.Policy) {
						g.Expect(outcomes).To(ContainElement(k.Name), "%s under %s in %s", m, p.Name, engine)
						g.Expect(cured.Policy.Name).To(Equal(k.Name))
						met[k.Name] = true
					}
				}
			}
		}
	}
	for _, name := range outcomes {
		g.Expect(met).To(HaveKey(name))
	}
}

// The remedy is tried with the entry gone, and says so.
func TestAManagedBlockOfTheSiteIsTakenOut(t *testing.T) {
	blocked := policy.Policy{Name: "exported", Base: policy.BlockThirdParty, Exceptions: []policy.Exception{
		{Typed: "[*.]webex.com", Decision: policy.Block, By: policy.Managed}, {Typed: "https://ads.example", Decision: policy.Block, By: policy.Managed},
	}}
	for browser, want := range map[string]string{
		"Chrome":              "First take [*.]webex.com out of the managed list CookiesBlockedForUrls, which refuses the site's cookies",
		"Edge":                "First take [*.]webex.com out of the managed list CookiesBlockedForUrls, which refuses the site's cookies",
		"Firefox":             "First take [*.]webex.com out of the managed list Cookies, Block, which refuses the site's cookies",
		"Safari":              "",
		"Internet Explorer 6": "",
	} {
		g := NewWithT(t)
		c := caseOf(t, browsers.Chromium, "iframe", "block-third-party", "none-secure")
		c.Policy = blocked
		list, err := All(c)
		g.Expect(err).NotTo(HaveOccurred())
		for _, r := range list {
			first := r.In(browser)[0].Steps[0]
			if want != "" && (r.ID == fixtures.ManagedPolicy || r.ID == fixtures.TrustedZoneHTTPS) {
				g.Expect(first).To(Equal(want), "%s in %s", r.ID, browser)
			} else {
				g.Expect(first).NotTo(HavePrefix("First take"), "%s in %s", r.ID, browser)
			}
		}
		cured, err := Apply(fixtures.ManagedPolicy, c)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(cured.Policy.Exceptions).NotTo(ContainElement(HaveField("Typed", "[*.]webex.com")))
		g.Expect(cured.Policy.Exceptions).To(ContainElement(HaveField("Typed", "https://ads.example")))
	}
}

// A list that is deployed beside another takes its place, in Chromium and in Firefox, and on Windows the value 1 that of the first.
func TestAManagedListOfOtherSitesIsAddedTo(t *testing.T) {
	const told = "has entries of other sites already: add the new one to them"
	others := policy.Exception{Typed: "https://sso.contoso.com", Decision: policy.Allow, By: policy.Managed}
	for name, test := range map[string]struct {
		exception policy.Exception
		want      bool
	}{
		"others are allowed": {others, true},
		"others are refused": {policy.Exception{Typed: "https://ads.example", Decision: policy.Block, By: policy.Managed}, false},
		"the person's own":   {policy.Exception{Typed: "[*.]contoso.com", Decision: policy.Allow, By: policy.Person}, false},
		"the site itself":    {policy.Exception{Typed: "webex.com", Decision: policy.Allow, By: policy.Managed}, false},
	} {
		g := NewWithT(t)
		c := caseOf(t, browsers.Chromium, "iframe", "block-third-party", "none-secure")
		c.Policy = policy.Policy{Name: "exported", Base: policy.BlockThirdParty, Exceptions: []policy.Exception{test.exception}}
		list, err := All(c)
		g.Expect(err).NotTo(HaveOccurred())
		for _, r := range list {
			for browser, managed := range map[string]string{"Chrome": "CookiesAllowedForUrls", "Edge": "CookiesAllowedForUrls", "Firefox": "Cookies, Allow"} {
				first := r.In(browser)[0].Steps[0]
				if test.want && r.ID == fixtures.ManagedPolicy {
					g.Expect(first).To(HavePrefix("The managed list "+managed+" "+told), browser)
				} else if r.ID != fixtures.TrustedZoneHTTPS {
					g.Expect(first).NotTo(ContainSubstring(told), "%s, %s in %s", name, r.ID, browser)
				}
			}
		}
	}
}
