package policy_test

import (
	"os"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers/policy"
)

// The example of Microsoft's page on PrivacySetZonePreferenceW, and what its text says of it.
func TestThePagesExampleOfAPreference(t *testing.T) {
	for _, signature := range []string{"IE6-P3PSettings/V1:", "IE6-P3PV1/settings:"} {
		p, err := policy.ParsePreference(signature + " /FIN&CONi=a/ /FIN&CONo=r/ /FIN&CONa=r/ /FIN&CON=r/ /GOV&PUB=r/ /TEL=r/ /UNR=p/ nopolicy=d /=a/")
		g := NewWithT(t)
		g.Expect(err).NotTo(HaveOccurred())
		for header, want := range map[string]policy.CookieState{
			`CP="FIN CONi TEL"`: policy.StateAccept, // the first that matches counts
			`CP="FIN CONo"`:     policy.StateReject,
			`CP="FIN CONa"`:     policy.StateReject,
			`CP="FIN CON"`:      policy.StateReject,
			`CP="GOV PUB"`:      policy.StateReject,
			`CP="GOV"`:          policy.StateAccept,
			`CP="TEL"`:          policy.StateReject,
			`CP="UNR"`:          policy.StatePrompt,
			`CP="CUR OUR"`:      policy.StateAccept,
			``:                  policy.StateDowngrade,
		} {
			g.Expect(p.State(policy.ParseP3P(header), true)).To(Equal(want), header)
		}
		g.Expect(p.State(policy.ParseP3P(""), false)).To(Equal(policy.StateAccept), "a session cookie cannot be downgraded")
		g.Expect(p.State(policy.ParseP3P(`CP="TEL"`), false)).To(Equal(policy.StateReject), "without session=a session cookies follow the same rules")
	}
}

func TestPreferenceRules(t *testing.T) {
	for _, row := range []struct {
		rules, header string
		persistent    bool
		want          policy.CookieState
	}{
		{"/DEM=d/", `CP="DEM"`, true, policy.StateDowngrade},
		{"/CON&!TEL=r/", `CP="CON"`, true, policy.StateReject},
		{"/CON&!TEL=r/", `CP="CON TEL"`, true, policy.StateAccept},
		{"always=r", `CP="CUR OUR"`, true, policy.StateReject},
		{"always=r", ``, true, policy.StateReject},
		{"always=r session=a", ``, false, policy.StateAccept},
		{"nopolicy=l", ``, true, policy.StateLeash},
		{"nopolicy=l", `CP="CUR"`, true, policy.StateAccept},
		{"/=p/", `CP="CUR"`, true, policy.StatePrompt},
		{"/=p/", ``, true, policy.StateAccept},
	} {
		g := NewWithT(t)
		p, err := policy.ParsePreference("IE6-P3PSettings/V1: " + row.rules)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(p.State(policy.ParseP3P(row.header), row.persistent)).To(Equal(row.want), "%s with %s", row.rules, row.header)
	}
}

func TestBadPreferences(t *testing.T) {
	for text, says := range map[string]string{
		"":                                    "must begin with",
		"/=a/":                                "must begin with",
		"IE6-P3PSettings/V1: /CON=x/":         `decision "x"`,
		"IE6-P3PSettings/V1: /CON=a":          "ends with /",
		"IE6-P3PSettings/V1: /con=a/":         `"con" is no P3P token`,
		"IE6-P3PSettings/V1: CON":             "expected EXPRESSION=DECISION",
		"IE6-P3PSettings/V1: /CON/":           "expected EXPRESSION=DECISION",
		"IE6-P3PSettings/V1: session=r":       "session can only be a",
		"IE6-P3PSettings/V1: never=r":         "expected nopolicy, session or always",
		"IE6-P3PSettings/V1: /=a/ /CON&&=r/":  "rule 2",
		"IE6-P3PSettings/V1: nopolicy=accept": `decision "accept"`,
	} {
		_, err := policy.ParsePreference(text)
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring(says)), text)
	}
}

func TestPrivacyXML(t *testing.T) {
	g := NewWithT(t)
	text, err := os.ReadFile("testdata/privacy.xml")
	g.Expect(err).NotTo(HaveOccurred())
	file, err := policy.ParsePrivacyXML(text)
	g.Expect(err).NotTo(HaveOccurred())
	z := file.Zones[policy.InternetZone]
	g.Expect(z.First.State(policy.ParseP3P(""), true)).To(Equal(policy.StateReject))
	g.Expect(z.First.State(policy.ParseP3P(""), false)).To(Equal(policy.StateAccept), "alwaysAllowSession")
	g.Expect(z.First.State(policy.ParseP3P(`CP="TEL"`), true)).To(Equal(policy.StateReject))
	g.Expect(z.First.State(policy.ParseP3P(`CP="FIN CON"`), true)).To(Equal(policy.StateDowngrade))
	g.Expect(z.First.State(policy.ParseP3P(`CP="PHY TEL"`), true)).To(Equal(policy.StateReject))
	g.Expect(z.First.State(policy.ParseP3P(`CP="PHY"`), true)).To(Equal(policy.StateLeash), "PHY,!TEL")
	g.Expect(z.Third.State(policy.ParseP3P(""), true)).To(Equal(policy.StatePrompt))
	g.Expect(file.ReplayLegacy).To(BeTrue())
	g.Expect(file.FlushCookies).To(BeTrue())
	g.Expect(file.FlushSites).To(BeFalse())
	g.Expect(file.Sites).To(Equal([]policy.PrivacySite{{Site: "webex.com", Action: policy.Allow}, {Site: "other.example", Action: policy.Block}}))
}

func TestBadPrivacyXML(t *testing.T) {
	in := func(inner string) string {
		return "<MSIEPrivacy>\n<MSIEPrivacySettings formatVersion=\"6\">\n" + inner + "\n</MSIEPrivacySettings>\n</MSIEPrivacy>"
	}
	party := func(inner string) string {
		return in(`<p3pCookiePolicy zone="internet"><firstParty noPolicyDefault="accept" noRuleDefault="accept" alwaysAllowSession="no">` + inner + `</firstParty></p3pCookiePolicy>`)
	}
	for text, says := range map[string]string{
		``:                                      "expected the element MSIEPrivacy",
		`<MSIEPrivacy>`:                         "unexpected EOF",
		`<Privacy/>`:                            "no element Privacy here",
		`<MSIEPrivacy><if/></MSIEPrivacy>`:      "no element MSIEPrivacy>if here",
		in(`<p3pCookiePolicy zone="moon"/>`):    `line 3, column`,
		in(`<p3pCookiePolicy/>`):                "attribute zone is missing",
		in(`hello`):                             "between the elements",
		party(`<if expr="PHY" action="deny"/>`): `action="deny"`,
		party(`<if expr="phy" action="reject"/>`):                                                                             "no P3P token",
		party(`<if action="reject"/>`):                                                                                        "attribute expr is missing",
		in(`<p3pCookiePolicy zone="internet"><firstParty/></p3pCookiePolicy>`):                                                "attribute noPolicyDefault is missing",
		`<MSIEPrivacy><MSIEPrivacySettings/></MSIEPrivacy>`:                                                                   "attribute formatVersion is missing",
		`<MSIEPrivacy><MSIEPrivacySettings formatVersion="6.0"/></MSIEPrivacy>`:                                               "expected 6",
		`<MSIEPrivacy><MSIESiteRules formatVersion="6"><site domain="a.example" action="ask"/></MSIESiteRules></MSIEPrivacy>`: `action="ask"`,
	} {
		_, err := policy.ParsePrivacyXML([]byte(text))
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring(says)), text)
		NewWithT(t).Expect(err).NotTo(MatchError(ContainSubstring("\n")), "one mistake, in one line")
	}
}
