package drivertest

import (
	"context"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/browsers/probe"
)

// The site that a policy's exceptions are about, and the page that the probe embeds it in.
const (
	allowed  = "https://acme.webex.com"
	probeTop = "probe-top.example"
)

// What the probe sees: of the page's own cookie, of somebody else's, of the named site's.
func seen(first, third, allowedSite policy.Seen) probe.Seen {
	return probe.Seen{FirstParty: first, ThirdParty: third, AllowedSite: allowedSite}
}

const (
	yes = policy.SeenAccepted
	own = policy.SeenPartitioned
	no  = policy.SeenRefused
)

// table is what each engine makes of a policy in a real browser. An engine that is not named has no such setting and must say so.
var table = []struct {
	name string
	p    policy.Policy
	want map[browsers.Engine]probe.Seen
}{
	{"all cookies", policy.Policy{Base: policy.AllowThirdParty}, all(seen(yes, yes, yes))},
	{"no third party", policy.Policy{Base: policy.BlockThirdParty}, all(seen(yes, no, no))},
	{"no cookies", policy.Policy{Base: policy.BlockAll}, all(seen(no, no, no))},
	{"a person allows the site", exception(policy.BlockThirdParty, policy.Exception{
		Site: "webex.com", Origins: []string{allowed}, Decision: policy.Allow, By: policy.Person,
	}), both(seen(yes, no, yes))},
	{"the IT department allows the site", exception(policy.BlockThirdParty, policy.Exception{
		Site: "webex.com", Origins: []string{allowed}, Decision: policy.Allow, By: policy.Managed,
	}), both(seen(yes, no, yes))},
	{"the full name typed by the IT department", exception(policy.BlockThirdParty, policy.Exception{
		Typed: allowed, Decision: policy.Allow, By: policy.Managed,
	}), both(seen(yes, no, yes))},
	{"the bare name typed by the IT department", exception(policy.BlockThirdParty, policy.Exception{
		Typed: "webex.com", Decision: policy.Allow, By: policy.Managed,
	}), both(seen(yes, no, no))},
	{"the bare name typed by a person", exception(policy.BlockThirdParty, policy.Exception{
		Typed: "webex.com", Decision: policy.Allow, By: policy.Person,
	}), map[browsers.Engine]probe.Seen{
		browsers.Chromium: seen(yes, no, no),  // the host alone
		browsers.Firefox:  seen(yes, no, yes), // its origins by http and by https, and every name below it
	}},
	{"the domain's own origin typed by a person", exception(policy.BlockThirdParty, policy.Exception{
		Typed: "https://webex.com", Decision: policy.Allow, By: policy.Person,
	}), map[browsers.Engine]probe.Seen{
		browsers.Chromium: seen(yes, no, no),  // the host alone
		browsers.Firefox:  seen(yes, no, yes), // and every name below it, of the same scheme and port
	}},
	{"the wrong scheme typed by a person", exception(policy.BlockThirdParty, policy.Exception{
		Typed: "http://acme.webex.com", Decision: policy.Allow, By: policy.Person,
	}), both(seen(yes, no, no))},
	{"the wrong port typed by a person", exception(policy.BlockThirdParty, policy.Exception{
		Typed: "https://acme.webex.com:8443", Decision: policy.Allow, By: policy.Person,
	}), both(seen(yes, no, no))},
	{"a person blocks the site", exception(policy.AllowThirdParty, policy.Exception{
		Site: "webex.com", Origins: []string{allowed}, Decision: policy.Block, By: policy.Person,
	}), both(seen(yes, yes, no))},
	{"the IT department blocks the site", exception(policy.AllowThirdParty, policy.Exception{
		Site: "webex.com", Origins: []string{allowed}, Decision: policy.Block, By: policy.Managed,
	}), both(seen(yes, yes, no))},
	{"a person keeps the site's for the session", exception(policy.BlockThirdParty, policy.Exception{
		Site: "webex.com", Origins: []string{allowed}, Decision: policy.SessionOnly, By: policy.Person,
	}), both(seen(yes, no, yes))},
	{"a person allows the site in one page", exception(policy.BlockThirdParty, policy.Exception{
		Site: "webex.com", EmbeddedIn: probeTop, Decision: policy.Allow, By: policy.Person,
	}), only(browsers.Chromium, seen(yes, no, yes))},
	{"a person allows everything in one page", exception(policy.BlockThirdParty, policy.Exception{
		EmbeddedIn: probeTop, Decision: policy.Allow, By: policy.Person,
	}), only(browsers.Chromium, seen(yes, yes, yes))},
	{"the IT department allows everything in one page", exception(policy.BlockThirdParty, policy.Exception{
		EmbeddedIn: probeTop, Decision: policy.Allow, By: policy.Managed,
	}), only(browsers.Chromium, seen(yes, yes, yes))},
	{"private windows, as Chrome and Firefox are shipped", policy.Policy{Base: policy.BrowserDefault, PrivateWindow: true}, map[browsers.Engine]probe.Seen{
		browsers.Chromium: seen(yes, no, no),
		browsers.Firefox:  seen(yes, own, own),
	}},
	{"private windows with all cookies", policy.Policy{Base: policy.AllowThirdParty, PrivateWindow: true}, map[browsers.Engine]probe.Seen{
		browsers.Chromium: seen(yes, no, no), // in Incognito only an exception lets them in
		browsers.Firefox:  seen(yes, yes, yes),
	}},
	{"storage access is granted", policy.Policy{Base: policy.BrowserDefault, StorageAccess: policy.StorageAccessGranted}, both(seen(yes, yes, yes))},
	{"storage access is denied", policy.Policy{Base: policy.BrowserDefault, StorageAccess: policy.StorageAccessDenied}, map[browsers.Engine]probe.Seen{
		browsers.Chromium: seen(yes, no, no),
		browsers.Firefox:  seen(yes, own, own),
	}},
	{"as shipped", policy.Policy{Base: policy.BrowserDefault}, map[browsers.Engine]probe.Seen{
		browsers.Chromium: seen(yes, no, no), // Debian's; Google's would allow
		browsers.Firefox:  seen(yes, own, own),
		browsers.WebKit:   seen(yes, no, no),
	}},
	{"a jar per page", policy.Policy{Base: policy.Partition}, only(browsers.Firefox, seen(yes, own, own))},
	{"a jar per page for those that ask for it", policy.Policy{Base: policy.PartitionOptIn}, only(browsers.Firefox, seen(yes, no, no))},
	{"only of sites that were visited", policy.Policy{Base: policy.VisitedOnly}, only(browsers.Firefox, seen(yes, no, no))},
	{"sent and not stored", policy.Policy{Base: policy.SendOnly}, only(browsers.WebKit, seen(yes, no, no))},
}

func exception(base policy.Base, e policy.Exception) policy.Policy {
	return policy.Policy{Base: base, Exceptions: []policy.Exception{e}}
}

func all(s probe.Seen) map[browsers.Engine]probe.Seen {
	return map[browsers.Engine]probe.Seen{browsers.Chromium: s, browsers.Firefox: s, browsers.WebKit: s}
}

func both(s probe.Seen) map[browsers.Engine]probe.Seen {
	return map[browsers.Engine]probe.Seen{browsers.Chromium: s, browsers.Firefox: s}
}

func only(e browsers.Engine, s probe.Seen) map[browsers.Engine]probe.Seen {
	return map[browsers.Engine]probe.Seen{e: s}
}

// short is how many of the table's policies a short run turns a browser to: those that every other is made of.
const short = 5

func policies(t *testing.T, d browsers.Driver) {
	for _, c := range table {
		t.Run(c.name, func(t *testing.T) {
			g := NewWithT(t)
			p := c.p
			p.Name = c.name
			err := d.Supports(p)
			want, has := c.want[d.Engine()]
			if !has {
				g.Expect(browsers.IsNotAvailable(err)).To(BeTrue(), "%v", err)
				return
			}
			if testing.Short() {
				t.Skip("a run of the suites proves every policy too")
			}
			if browsers.IsNotAvailable(err) {
				t.Skip(err) // of this machine, which refuses namespaces
			}
			g.Expect(err).NotTo(HaveOccurred())
			w := newWorld(t)
			b, _ := w.launch(t, d, p, false)
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			got, err := probe.Ask(ctx, w.door, b, probe.Question{Allowed: allowed, AskAccess: p.StorageAccess != ""})
			g.Expect(err).NotTo(HaveOccurred())
			settings, err := b.Settings(ctx)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(got).To(Equal(want), "with %v", settings)
			g.Expect(settings).NotTo(BeEmpty())
		})
	}
}
