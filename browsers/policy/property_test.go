package policy_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers/policy"
)

// draws is how many cells each property is tried on.
const draws = 20000

func one[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func anyCookie(r *rand.Rand) policy.Cookie {
	name := one(r, "ticket", "__Host-ticket", "__Secure-ticket")
	return policy.Cookie{
		Name: name, ValueLength: 1, Domain: one(r, "", "", "webex.com", "acme.webex.com", "example"), Path: one(r, "/", "/acme", ""),
		Secure: r.IntN(2) == 0, HTTPOnly: r.IntN(4) == 0, SameSite: one(r, policy.SameSiteUnset, policy.SameSiteNone, policy.SameSiteLax, policy.SameSiteStrict),
		Partitioned: r.IntN(2) == 0, Persistent: r.IntN(2) == 0, Script: r.IntN(8) == 0,
		P3P: one(r, "", `CP="CAO PSA OUR"`, `CP="NOI CON PHY OUR"`, `CP="NOI CONo PHY OUR"`, `CP="Huh?"`),
	}
}

func anyContext(r *rand.Rand) policy.Context {
	origin := func() string {
		return one(r, portal, "https://other.example", "https://acme.webex.com", "https://www.webex.com", "http://acme.webex.com", "https://acme.webex.com:8443")
	}
	ctx := policy.Context{
		URL: one(r, "https://acme.webex.com/acme/p.php", "https://www.webex.com/acme/x", "http://acme.webex.com/acme/"), Navigation: r.IntN(2) == 0,
		Method: one(r, "", "POST"), Sandboxed: r.IntN(8) == 0, StorageAccess: r.IntN(8) == 0, SiteHasCookies: r.IntN(2) == 0, Script: r.IntN(8) == 0,
	}
	for range r.IntN(4) {
		ctx.Ancestors = append(ctx.Ancestors, origin())
	}
	if r.IntN(3) == 0 {
		ctx.Initiator = origin()
	}
	if r.IntN(4) == 0 {
		ctx.Redirects = []string{origin() + "/hop"}
	}
	return ctx
}

func anyPolicy(r *rand.Rand, engine string) policy.Policy {
	p := policy.Policy{Base: one(r, policy.BrowserDefault, policy.AllowThirdParty, policy.BlockThirdParty, policy.BlockAll, policy.Partition, policy.PartitionOptIn, policy.VisitedOnly, policy.SendOnly)}
	switch engine {
	case policy.IE6:
		p.InternetExplorer = &policy.InternetExplorer{Version: "6", UnleashedSession: r.IntN(2) == 0}
		if r.IntN(3) == 0 {
			p.InternetExplorer.Custom = &policy.CustomPrivacy{
				FirstParty: "IE6-P3PSettings/V1: nopolicy=" + one(r, "a", "l", "d", "r", "p") + " /PHY=" + one(r, "a", "l", "d", "r", "p") + "/",
				ThirdParty: "IE6-P3PSettings/V1: nopolicy=" + one(r, "a", "l", "d", "r", "p") + " /PHY=" + one(r, "a", "l", "d", "r", "p") + "/",
			}
		} else {
			p.InternetExplorer.Level = one(r, policy.LevelBlockAll, policy.LevelHigh, policy.LevelMediumHigh, policy.LevelMedium, policy.LevelLow, policy.LevelAcceptAll)
		}
	case policy.IE55:
		p.InternetExplorer = &policy.InternetExplorer{Version: "5.5", ZoneMap: []policy.ZoneEntry{{Site: "https://acme.webex.com", Zone: one(r, policy.TrustedZone, policy.RestrictedZone)}}}
	case policy.Chromium, policy.Firefox:
		if r.IntN(2) == 0 {
			p.Exceptions = []policy.Exception{{Site: "webex.com", Origins: []string{"https://acme.webex.com"}, Decision: one(r, policy.Allow, policy.Block, policy.SessionOnly), By: one(r, policy.Person, policy.Managed)}}
		}
	}
	return p
}

var everyEngine = []string{policy.Chromium, policy.Firefox, policy.WebKit, policy.IE6, policy.IE55}

// lets is how much an action lets through.
func lets(a policy.Action) int {
	return map[policy.Action]int{policy.Blocked: 0, policy.Prompted: 1, policy.Leashed: 2, policy.SessionAccepted: 2, policy.Partitioned: 2, policy.Accepted: 3}[a]
}

func TestAStricterPolicyNeverLetsMoreThrough(t *testing.T) {
	level := func(l policy.PrivacyLevel) policy.Policy {
		return policy.Policy{InternetExplorer: &policy.InternetExplorer{Version: "6", Level: l}}
	}
	zone := func(action policy.ZoneAction) policy.Policy {
		return policy.Policy{InternetExplorer: &policy.InternetExplorer{Version: "5.5", Zones: map[policy.Zone]policy.ZoneSettings{policy.InternetZone: {SessionCookies: action, PersistentCookies: action}}}}
	}
	base := func(b policy.Base) policy.Policy { return policy.Policy{Base: b} }
	except := func(b policy.Base, d policy.Decision) policy.Policy {
		return policy.Policy{Base: b, Exceptions: []policy.Exception{{Site: "webex.com", Origins: []string{"https://acme.webex.com", "https://www.webex.com"}, Decision: d, By: policy.Person}}}
	}
	for engine, chains := range map[string][][]policy.Policy{ // from lax to strict
		policy.Chromium: {
			{base(policy.AllowThirdParty), base(policy.BlockThirdParty), base(policy.BlockAll)},
			{except(policy.BlockThirdParty, policy.Allow), except(policy.BlockThirdParty, policy.SessionOnly), except(policy.BlockThirdParty, policy.Block)},
			{except(policy.BlockAll, policy.Allow), base(policy.BlockAll)},
			{except(policy.BlockThirdParty, policy.Allow), base(policy.BlockThirdParty)},
		},
		policy.Firefox: {
			{base(policy.AllowThirdParty), base(policy.Partition), base(policy.PartitionOptIn), base(policy.BlockThirdParty), base(policy.BlockAll)},
			{base(policy.AllowThirdParty), base(policy.VisitedOnly), base(policy.BlockThirdParty)},
			{except(policy.Partition, policy.Allow), except(policy.Partition, policy.SessionOnly), except(policy.Partition, policy.Block)},
			{except(policy.BlockThirdParty, policy.Allow), base(policy.BlockThirdParty)},
		},
		policy.WebKit: {{base(policy.AllowThirdParty), base(policy.SendOnly), base(policy.BlockThirdParty), base(policy.BlockAll)}},
		policy.IE6: {{
			level(policy.LevelAcceptAll), level(policy.LevelLow), level(policy.LevelMedium), level(policy.LevelMediumHigh), level(policy.LevelHigh), level(policy.LevelBlockAll),
		}},
		policy.IE55: {{zone(policy.ZoneEnable), zone(policy.ZonePrompt), zone(policy.ZoneDisable)}},
	} {
		for _, chain := range chains {
			r := rand.New(rand.NewPCG(1, 2))
			models := make([]*policy.Model, len(chain))
			for i, p := range chain {
				models[i] = policy.Under(engine, "", p)
			}
			for range draws / 4 {
				c, ctx := anyCookie(r), anyContext(r)
				if engine == policy.WebKit {
					ctx.StorageAccess = false // a grant lifts tracking prevention, and nothing else: it turns the order round
				}
				before := models[0].Decide(c, ctx)
				for i, m := range models[1:] {
					now := m.Decide(c, ctx)
					if lets(now.Store.Action) > lets(before.Store.Action) || lets(now.Send.Action) > lets(before.Send.Action) {
						t.Fatalf("%s, step %d lets more through\ncookie %+v\ncontext %+v\nbefore %s / %s\nnow %s / %s", engine, i+1, c, ctx,
							before.Store.Sentence(), before.Send.Sentence(), now.Store.Sentence(), now.Send.Sentence())
					}
					before = now
				}
			}
		}
	}
}

func TestAPartitionedCookieNeverCrossesTopLevelSites(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	tried := 0
	topSite := func(ctx policy.Context) string { // by hand: the sites of the draw
		top := ctx.URL
		if len(ctx.Ancestors) > 0 {
			top = ctx.Ancestors[0]
		}
		return map[bool]string{true: "webex", false: top}[top != portal && top != "https://other.example"]
	}
	for range draws {
		engine := one(r, policy.Chromium, policy.Firefox, policy.WebKit)
		version := ""
		if engine == policy.WebKit {
			version = "Safari 26"
		}
		j := policy.Under(engine, version, anyPolicy(r, engine)).Jar()
		here, there := anyContext(r), anyContext(r)
		there.URL = here.URL
		if j.Set(anyCookie(r), here).Action != policy.Partitioned || topSite(here) == topSite(there) {
			continue
		}
		tried++
		for _, c := range j.Send(there) {
			if c.Verdict.Action.Through() {
				t.Fatalf("%s: set in %+v, sent in %+v: %s", engine, here, there, c.Verdict.Sentence())
			}
		}
	}
	NewWithT(t).Expect(tried).To(BeNumerically(">", 100), "the draw must reach the case")
}

func TestALeashedCookieNeverGoesOutInAThirdPartyContext(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	tried := 0
	for range draws {
		j := policy.Under(policy.IE6, "", anyPolicy(r, policy.IE6)).Jar()
		if j.Set(anyCookie(r), anyContext(r)).Action != policy.Leashed {
			continue
		}
		ctx := anyContext(r)
		ctx.Ancestors = append([]string{one(r, portal, "https://other.example")}, ctx.Ancestors...)
		for _, c := range j.Send(ctx) {
			tried++
			if c.Verdict.Action.Through() {
				t.Fatalf("sent in %+v: %s", ctx, c.Verdict.Sentence())
			}
		}
	}
	NewWithT(t).Expect(tried).To(BeNumerically(">", 100), "the draw must reach the case")
}

func TestEveryVerdictSaysWhy(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range draws {
		engine := one(r, everyEngine...)
		both := policy.Decide(engine, one(r, "", "79", "156"), anyPolicy(r, engine), anyCookie(r), anyContext(r))
		for _, v := range []policy.Verdict{both.Store, both.Send} {
			if err := wellFormed(v); err != nil {
				t.Fatalf("%v: %+v", err, v)
			}
		}
	}
}

func wellFormed(v policy.Verdict) error {
	switch {
	case v.Rule == "" || v.Source == "":
		return fmt.Errorf("no rule or no source")
	case v.Action == policy.Blocked && v.Reason == "":
		return fmt.Errorf("refused without a reason")
	case v.Action == policy.Accepted && v.Reason != "":
		return fmt.Errorf("accepted, and a reason")
	case (v.Action == policy.Partitioned) != (v.Partition != ""):
		return fmt.Errorf("a partition without its key, or a key without a partition")
	case v.Also != "" && v.Action != policy.Blocked:
		return fmt.Errorf("not refused, and what else would refuse it")
	}
	return nil
}
