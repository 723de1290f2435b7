package policy_test

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers/policy"
)

const ticketHeader = `ticket="x"; Version=1; Domain=webex.com; Path=/; Secure`

func wireOf(g Gomega, ie policy.InternetExplorer) *policy.Wire {
	w, err := policy.NewWire(ie)
	g.Expect(err).NotTo(HaveOccurred())
	return w
}

func TestTheWireTakesAThirdPartysCookieOut(t *testing.T) {
	g := NewWithT(t)
	w := wireOf(g, policy.InternetExplorer{Version: "6"})
	got := w.Answer(policy.Hop{URL: site, Top: portal}, "", []string{ticketHeader})
	g.Expect(got).To(HaveLen(1))
	g.Expect(got[0].Removed).To(BeTrue())
	g.Expect(got[0].SetCookie).To(BeEmpty())
	g.Expect(got[0].Verdict.Reason).To(Equal(policy.ThirdPartyBlocked))
	g.Expect(got[0].Verdict.Sentence()).To(HavePrefix("Under Internet Explorer 6 rules, the browser does not store ticket from acme.webex.com in a page of portal.acme.example"))
}

func TestTheWireRewritesWhatPasses(t *testing.T) {
	g := NewWithT(t)
	w := wireOf(g, policy.InternetExplorer{Version: "6"})
	got := w.Answer(policy.Hop{URL: site, Top: portal}, `CP="CAO PSA OUR"`, []string{ticketHeader, "a=1; SameSite=Strict; Max-Age=60; Partitioned"})
	g.Expect(got[0].SetCookie).To(Equal(`ticket="x"; Version=1; Domain=webex.com; Path=/; SameSite=None; Secure`))
	g.Expect(got[1].SetCookie).To(Equal(`a=1; Max-Age=60; SameSite=None; Secure`))
	got = w.Answer(policy.Hop{URL: "http://acme.webex.com/"}, "", []string{"a=1; SameSite=Lax"})
	g.Expect(got[0].SetCookie).To(Equal("a=1"), "over http Secure cannot be had")
}

func TestTheWireDowngrades(t *testing.T) {
	g := NewWithT(t)
	w := wireOf(g, policy.InternetExplorer{Version: "6"})
	got := w.Answer(policy.Hop{URL: site}, `CP="NOI CON PHY OUR"`, []string{"a=1; Expires=Wed, 01 Jan 2042 00:00:00 GMT; Path=/; Max-Age=60", "b=; Max-Age=0"})
	g.Expect(got[0].SetCookie).To(Equal("a=1; Path=/; SameSite=None; Secure"))
	g.Expect(got[1].SetCookie).To(Equal("b=; Max-Age=0; SameSite=None; Secure"), "deleting must stay deleting")
}

// What ASP.NET writes to delete a cookie is past, and not 1970.
const aspNetDeletes = "ticket=; Path=/; Expires=Fri, 31-Dec-2010 23:59:59 GMT"

var afterwards = time.Date(2011, 1, 1, 0, 0, 0, 0, time.UTC)

func TestTheWireHandsADeletionOnAsOne(t *testing.T) {
	for _, hop := range []policy.Hop{{URL: site, Time: afterwards}, {URL: site, Top: portal, Time: afterwards}} {
		g := NewWithT(t)
		w := wireOf(g, policy.InternetExplorer{Version: "6", Level: policy.LevelLow})
		got := w.Answer(hop, "", []string{aspNetDeletes, "ticket=x; Path=/; Expires=Fri, 31-Dec-9999 23:59:59 GMT"})
		g.Expect(got[0].SetCookie).To(Equal(aspNetDeletes + "; SameSite=None; Secure"))
		if hop.Top != "" {
			g.Expect(got[1].SetCookie).To(Equal("ticket=x; Path=/; SameSite=None; Secure"), "one that lasts is kept until the browser closes")
		}
	}
}

func TestTheWireForgetsWhatIsDeleted(t *testing.T) {
	g := NewWithT(t)
	w := wireOf(g, policy.InternetExplorer{Version: "6"})
	w.Answer(policy.Hop{URL: site}, `CP="CAO PSA OUR"`, []string{"ticket=x; Path=/"})
	w.Answer(policy.Hop{URL: site, Time: afterwards}, `CP="CAO PSA OUR"`, []string{aspNetDeletes})
	header, cookies := w.Request(policy.Hop{URL: site, Top: portal}, "ticket=y")
	g.Expect(header).To(BeEmpty(), "a script's, which has no compact policy")
	g.Expect(cookies[0].Verdict.Reason).To(Equal(policy.OtherTopLevelExpected))
}

func TestTheWireKeepsTheLeash(t *testing.T) {
	g := NewWithT(t)
	w := wireOf(g, policy.InternetExplorer{Version: "6"})
	got := w.Answer(policy.Hop{URL: site}, "", []string{ticketHeader})
	g.Expect(got[0].Verdict.Action).To(Equal(policy.Leashed))
	w.Answer(policy.Hop{URL: site}, `CP="CAO PSA OUR"`, []string{"free=1; Path=/"})

	header, cookies := w.Request(policy.Hop{URL: site}, `ticket="x"; free=1`)
	g.Expect(header).To(Equal(`ticket="x"; free=1`))
	g.Expect(cookies).To(HaveLen(2))

	header, cookies = w.Request(policy.Hop{URL: site, Top: portal}, `ticket="x"; free=1; script=2`)
	g.Expect(header).To(Equal("free=1"))
	g.Expect(cookies[0].Removed).To(BeTrue())
	g.Expect(cookies[0].Verdict.Reason).To(Equal(policy.OtherTopLevelExpected))
	g.Expect(cookies[2].Removed).To(BeTrue(), "a script's cookie has no compact policy")

	// Set again with a satisfactory policy, it is off the leash.
	w.Answer(policy.Hop{URL: site}, `CP="CAO PSA OUR"`, []string{ticketHeader})
	header, _ = w.Request(policy.Hop{URL: site, Top: portal}, `ticket="x"`)
	g.Expect(header).To(Equal(`ticket="x"`))

	// Deleted, it is forgotten: the next of its name is a stranger's.
	w.Answer(policy.Hop{URL: site}, `CP="CAO PSA OUR"`, []string{ticketHeader + "; Max-Age=0"})
	header, _ = w.Request(policy.Hop{URL: site, Top: portal}, `ticket="y"`)
	g.Expect(header).To(BeEmpty())
}

func TestTheWireTellsCookiesOfOneNameApart(t *testing.T) {
	g := NewWithT(t)
	w := wireOf(g, policy.InternetExplorer{Version: "6"})
	w.Answer(policy.Hop{URL: site}, `CP="CAO PSA OUR"`, []string{"a=1; Path=/acme"})
	w.Answer(policy.Hop{URL: site}, "", []string{"a=2; Path=/"})
	header, _ := w.Request(policy.Hop{URL: site, Top: portal}, "a=1; a=2")
	g.Expect(header).To(Equal("a=1"))
}

func TestTheWireAsksThePerson(t *testing.T) {
	for answer, removed := range map[policy.Decision]bool{"": true, policy.Block: true, policy.Allow: false} {
		g := NewWithT(t)
		w := wireOf(g, policy.InternetExplorer{Version: "5.5", PromptAnswer: answer, Zones: map[policy.Zone]policy.ZoneSettings{policy.InternetZone: {SessionCookies: policy.ZonePrompt}}})
		got := w.Answer(policy.Hop{URL: site}, "", []string{ticketHeader})
		g.Expect(got[0].Verdict.Action).To(Equal(policy.Prompted))
		g.Expect(got[0].Removed).To(Equal(removed))
	}
}

func TestTheWireKnowsTheEntriesThatWereRefused(t *testing.T) {
	g := NewWithT(t)
	w := wireOf(g, policy.InternetExplorer{
		Version: "5.5", Zones: map[policy.Zone]policy.ZoneSettings{policy.InternetZone: {Level: policy.ZoneHigh}},
		ZoneMap: []policy.ZoneEntry{{Site: "webex.com", Zone: policy.TrustedZone}},
	})
	g.Expect(w.Ignored()).To(HaveLen(1))
	g.Expect(w.Ignored()[0].Why).To(ContainSubstring("requires server verification"))
	g.Expect(w.Answer(policy.Hop{URL: site}, "", []string{ticketHeader})[0].Verdict.Reason).To(Equal(policy.ZoneBlocked))
	_, err := policy.NewWire(policy.InternetExplorer{Version: "4"})
	g.Expect(err).To(MatchError(ContainSubstring("version")))
}
