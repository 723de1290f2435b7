package policy

import (
	"fmt"
	"testing"

	. "github.com/onsi/gomega"
)

// The behaviours of Firefox ESR 153, measured: which of the site's cookies, set by a visit, a third party sends; which it may store after that
// visit; and which of the latter are seen by the next visit.
func TestFirefoxBehaviours(t *testing.T) {
	const page, site = "https://portal.acme.example", "https://acme.webex.com/"
	forms := map[string]string{
		"plain": "a=1; SameSite=None; Secure",
		"part":  "b=1; SameSite=None; Secure; Partitioned",
		"dflt":  "c=1",
		"lax":   "d=1; SameSite=Lax",
	}
	type set map[string]bool
	of := func(names ...string) set {
		s := set{}
		for _, n := range names {
			s[n] = true
		}
		return s
	}
	for _, row := range []struct {
		behaviour           behaviour
		optIn               bool
		sent, stored, later set
	}{
		{0, false, of("plain", "dflt"), of("plain", "dflt", "part"), of("plain", "dflt")},
		{1, false, of(), of(), of()},
		{2, false, of(), of(), of()},
		{3, false, of("plain", "dflt"), of("plain", "dflt"), of("plain", "dflt")},
		{4, false, of("plain", "dflt"), of("plain", "dflt", "part"), of("plain", "dflt")},
		{5, false, of(), of("plain", "dflt", "part"), of()},
		{5, true, of(), of("part"), of()},
		{1, true, of(), of(), of()},
	} {
		t.Run(fmt.Sprintf("behaviour %d opt-in %v", row.behaviour, row.optIn), func(t *testing.T) {
			g := NewWithT(t)
			e, _ := newFirefox("153", Policy{})
			e.behaviour, e.optIn = row.behaviour, row.optIn
			m := &Model{engine: e}
			sent, stored, later := set{}, set{}, set{}
			for name, header := range forms {
				c := ParseSetCookie(header)
				frame := InFrame(site, page)
				frame.SiteHasCookies = true
				v := m.Decide(c, frame)
				if v.Send.Action.Through() {
					sent[name] = true
				}
				if !v.Store.Action.Through() {
					continue
				}
				stored[name] = true
				if m.Decide(c.KeptAs(v.Store, "acme.webex.com"), TopLevel(site)).Send.Action.Through() {
					later[name] = true
				}
				g.Expect(m.Decide(c.KeptAs(v.Store, "acme.webex.com"), frame).Send.Action.Through()).To(BeTrue(), "%s does not come back to the frame that set it", name)
			}
			g.Expect(sent).To(Equal(row.sent), "sent")
			g.Expect(stored).To(Equal(row.stored), "stored")
			g.Expect(later).To(Equal(row.later), "seen by the next visit")
			first := m.Decide(ParseSetCookie(forms["plain"]), TopLevel(site))
			g.Expect(first.Store.Action.Through()).To(Equal(row.behaviour != 2))
			g.Expect(first.Send.Action.Through()).To(Equal(row.behaviour != 2))
		})
	}
}

func TestFirefoxVisitedOnlyWantsACookieFirst(t *testing.T) {
	g := NewWithT(t)
	c := ParseSetCookie("a=1; SameSite=None; Secure")
	v := Decide(Firefox, "153", Policy{Base: VisitedOnly}, c, InFrame("https://acme.webex.com/", "https://portal.acme.example"))
	g.Expect(v.Store.Reason).To(Equal(ThirdPartyBlocked))
}

func TestWhatFirefoxMakesOfAnEntryThatWasTyped(t *testing.T) {
	for _, row := range []struct {
		typed   string
		by      By
		allowed bool
		ignored string // why; empty: it is heeded
	}{
		{"https://acme.webex.com", Managed, true, ""},
		{"https://acme.webex.com/", Managed, true, ""},
		{"https://acme.webex.com/acme", Managed, false, "an origin, without a path"},
		{"https://acme.webex.com/acme", Person, true, ""}, // the dialogue takes the origin out of an address
		{"https://webex.com", Managed, true, ""},
		{"https://acme.webex.com.", Person, false, "another host"}, // both measured on Firefox ESR 153
		{"https://acme.webex.com.", Managed, true, ""},
		{"https://acme.webex.com:0443", Person, true, ""},
		{"https://acme.webex.com:0443", Managed, true, ""},
		{"https://com", Managed, false, ""}, // a permission goes up to the registrable domain
		{"webex.com", Managed, false, "an exact origin"},
		{" https://acme.webex.com ", Person, true, ""},
		{"https://acme.webex.com ", Managed, true, ""},
		{" https://acme.webex.com", Managed, false, "an exact origin"},
		{"wss://acme.webex.com", Managed, false, "an exact origin"}, // a request for wss has the origin of https
		{"wss://acme.webex.com", Person, false, "an exact origin"},
		// Without a scheme the dialogue makes an origin of each of http and https.
		{"acme.webex.com", Person, true, ""},
		{"webex.com", Person, true, ""},
		{"//acme.webex.com/acme", Person, true, ""},
		{"acme.webex.com:443", Person, true, ""},
		{"acme.webex.com:8443", Person, false, ""},
		{"acme.webex.com.", Person, false, "entry acme.webex.com. for acme.webex.com.: with a dot"},
		{"*.webex.com", Person, false, "ignores the entry *.webex.com: a permission is an exact origin"},
		{"[*.]webex.com", Person, false, "an exact origin"},
		{"https://*", Person, false, "an exact origin"},
		{"https://acme.webex.com/*", Person, true, ""},
		{"acme webex.com", Person, false, "an exact origin"},
		{"acme%2ewebex.com", Person, true, ""},
		{"https://acme%2Ewebex.com", Managed, true, ""},
		{"https:acme.webex.com", Person, true, ""},
		{"https:///acme.webex.com", Person, true, ""},
		{"https:acme.webex.com", Managed, false, "an exact origin"},
		{"https://acme.webex.com..", Person, false, "another host"},
		{"https://acme.webex.com..", Managed, true, ""},
	} {
		t.Run(row.typed+" "+string(row.by), func(t *testing.T) {
			g := NewWithT(t)
			m := Under(Firefox, "", Policy{Base: BlockThirdParty, Exceptions: []Exception{{Typed: row.typed, Decision: Allow, By: row.by}}})
			v := m.Decide(ParseSetCookie("ticket=x; SameSite=None; Secure"), InFrame("https://acme.webex.com/", "https://portal.acme.example"))
			g.Expect(v.Store.Action.Through()).To(Equal(row.allowed), v.Store.Sentence())
			if row.ignored == "" {
				g.Expect(m.Ignored()).To(BeEmpty())
			} else {
				g.Expect(m.Ignored()).To(HaveLen(1))
				g.Expect(m.Ignored()[0].Why).To(ContainSubstring(row.ignored))
			}
		})
	}
}

func TestEachExceptionThatFirefoxIgnoresIsTold(t *testing.T) {
	g := NewWithT(t)
	m := Under(Firefox, "", Policy{Base: Partition, Exceptions: []Exception{
		{Site: "webex.com", EmbeddedIn: "acme.example", Decision: Block, By: Person},
		{Site: "other.example", EmbeddedIn: "acme.example", Decision: Block, By: Person},
	}})
	g.Expect(m.Ignored()).To(HaveLen(2))
	g.Expect(m.Ignored()[1].Exception.Site).To(Equal("other.example"))
}
