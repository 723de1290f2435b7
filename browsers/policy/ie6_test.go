package policy_test

import (
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers/policy"
)

// One compact policy of each class.
var p3pOf = map[policy.PolicyClass]string{
	policy.NoCompactPolicy:      "",
	policy.LacksImplicitConsent: `CP="NOI CON PHY OUR"`,
	policy.LacksExplicitConsent: `CP="NOI CONo PHY OUR"`,
	policy.Satisfactory:         `CP="CAO PSA OUR"`,
}

func underIE6(level policy.PrivacyLevel) *policy.Model {
	return policy.Under(policy.IE6, "", policy.Policy{InternetExplorer: &policy.InternetExplorer{Version: "6", Level: level}})
}

// What Microsoft's texts say of each level, a row a level.
func TestPrivacyLevels(t *testing.T) {
	const accept, leash, downgrade, reject = policy.Accepted, policy.Leashed, policy.SessionAccepted, policy.Blocked
	// Without a compact policy, lacking implicit consent, lacking only explicit consent; a satisfactory policy is its own column.
	classes := []policy.PolicyClass{policy.NoCompactPolicy, policy.LacksImplicitConsent, policy.LacksExplicitConsent, policy.Satisfactory}
	for _, row := range []struct {
		level                     policy.PrivacyLevel
		first, third              [4]policy.Action // persistent cookies
		firstSession, thirdSesson [4]policy.Action // session cookies
	}{
		{policy.LevelAcceptAll,
			[4]policy.Action{accept, accept, accept, accept}, [4]policy.Action{accept, accept, accept, accept},
			[4]policy.Action{accept, accept, accept, accept}, [4]policy.Action{accept, accept, accept, accept}},
		{policy.LevelLow,
			[4]policy.Action{leash, accept, accept, accept}, [4]policy.Action{downgrade, downgrade, accept, accept},
			[4]policy.Action{leash, accept, accept, accept}, [4]policy.Action{accept, accept, accept, accept}},
		{policy.LevelMedium,
			[4]policy.Action{leash, downgrade, accept, accept}, [4]policy.Action{reject, reject, accept, accept},
			[4]policy.Action{leash, accept, accept, accept}, [4]policy.Action{reject, reject, accept, accept}},
		{policy.LevelMediumHigh,
			[4]policy.Action{leash, reject, accept, accept}, [4]policy.Action{reject, reject, reject, accept},
			[4]policy.Action{leash, accept, accept, accept}, [4]policy.Action{reject, reject, reject, accept}},
		{policy.LevelHigh,
			[4]policy.Action{reject, reject, reject, accept}, [4]policy.Action{reject, reject, reject, accept},
			[4]policy.Action{reject, reject, reject, accept}, [4]policy.Action{reject, reject, reject, accept}},
		{policy.LevelBlockAll,
			[4]policy.Action{reject, reject, reject, reject}, [4]policy.Action{reject, reject, reject, reject},
			[4]policy.Action{reject, reject, reject, reject}, [4]policy.Action{reject, reject, reject, reject}},
	} {
		m := underIE6(row.level)
		for i, class := range classes {
			for _, cell := range []struct {
				persistent, third bool
				want              policy.Action
			}{{true, false, row.first[i]}, {true, true, row.third[i]}, {false, false, row.firstSession[i]}, {false, true, row.thirdSesson[i]}} {
				ctx := policy.TopLevel(site)
				if cell.third {
					ctx = policy.InFrame(site, portal)
				}
				v := m.Decide(policy.Cookie{Name: "ticket", ValueLength: 1, Persistent: cell.persistent, P3P: p3pOf[class]}, ctx).Store
				NewWithT(t).Expect(v.Action).To(Equal(cell.want), "%s, %s, persistent %v, third %v: %s", row.level, class, cell.persistent, cell.third, v.Sentence())
			}
		}
	}
}

func TestALeashedCookieStaysAtHome(t *testing.T) {
	for _, level := range []policy.PrivacyLevel{policy.LevelLow, policy.LevelMedium, policy.LevelMediumHigh} {
		for _, persistent := range []bool{true, false} {
			g := NewWithT(t)
			c := policy.Cookie{Name: "ticket", ValueLength: 1, Persistent: persistent}
			m := underIE6(level)
			g.Expect(m.Decide(c, policy.TopLevel(site)).Send.Action).To(Equal(policy.Accepted))
			g.Expect(m.Decide(c, policy.InFrame(site, "https://www.webex.com")).Send.Action).To(Equal(policy.Accepted), "another host of its own site")
			v := m.Decide(c, policy.InFrame(site, portal)).Send
			g.Expect(v.Reason).To(Equal(policy.OtherTopLevelExpected), v.Sentence())
		}
	}
}

func TestSessionCookiesOffTheLeash(t *testing.T) {
	g := NewWithT(t)
	m := policy.Under(policy.IE6, "", policy.Policy{InternetExplorer: &policy.InternetExplorer{Version: "6", UnleashedSession: true}})
	g.Expect(m.Decide(policy.Cookie{Name: "a"}, policy.TopLevel(site)).Store.Action).To(Equal(policy.Accepted))
	g.Expect(m.Decide(policy.Cookie{Name: "a", Persistent: true}, policy.TopLevel(site)).Store.Action).To(Equal(policy.Leashed))
}

// The policy that a cookie was stored with decides whether it is replayed in somebody else's page.
func TestReplayInThirdPartyContext(t *testing.T) {
	for _, row := range []struct {
		level policy.PrivacyLevel
		p3p   string
		sent  bool
	}{
		{policy.LevelMedium, `CP="CAO PSA OUR"`, true},
		{policy.LevelMedium, `CP="NOI CON PHY OUR"`, false}, // downgraded at home
		{policy.LevelMedium, `CP="NOI CONo PHY OUR"`, true},
		{policy.LevelMediumHigh, `CP="NOI CONo PHY OUR"`, false}, // accepted at home
		{policy.LevelLow, `CP="NOI CON PHY OUR"`, true},
		{policy.LevelHigh, `CP="CAO PSA OUR"`, true},
	} {
		v := underIE6(row.level).Decide(policy.Cookie{Name: "a", Persistent: true, P3P: row.p3p}, policy.InFrame(site, portal)).Send
		NewWithT(t).Expect(v.Action.Through()).To(Equal(row.sent), "%s %s: %s", row.level, row.p3p, v.Sentence())
	}
}

func TestLegacyCookies(t *testing.T) {
	g := NewWithT(t)
	frame := policy.InFrame(site, portal)
	legacy := policy.Cookie{Name: "id", Legacy: true, Persistent: true, P3P: `CP="CAO PSA OUR"`}
	g.Expect(policy.IsOptOut("id", "OPT_OUT")).To(BeTrue())
	g.Expect(policy.IsOptOut("AA002", "optout")).To(BeTrue())
	g.Expect(policy.IsOptOut("CyberGlobalAnonymous", "optout")).To(BeTrue())
	g.Expect(policy.IsOptOut("ID", "OPT_OUT")).To(BeFalse(), "letter case counts")
	for _, level := range []policy.PrivacyLevel{policy.LevelLow, policy.LevelMedium, policy.LevelMediumHigh, policy.LevelHigh} {
		v := underIE6(level).Decide(legacy, frame).Send
		g.Expect(v.Rule).To(Equal("ie6/legacy-leash"), string(level))
		out := legacy
		out.OptOut = true
		g.Expect(underIE6(level).Decide(out, frame).Send.Action).To(Equal(policy.Accepted), string(level))
	}
	g.Expect(underIE6(policy.LevelAcceptAll).Decide(legacy, frame).Send.Action).To(Equal(policy.Accepted))
}

func TestRulesBeforeAChromium(t *testing.T) {
	p := policy.Policy{Base: policy.AllowThirdParty, InternetExplorer: &policy.InternetExplorer{Version: "6", Level: policy.LevelLow}}
	ticket := policy.ParseSetCookie(`ticket="x"; Version=1; Domain=webex.com; Path=/; Secure`)
	g := NewWithT(t)
	v := policy.Decide(policy.Chromium, "156", p, ticket, policy.InFrame(site, portal))
	g.Expect(v.Store.Action).To(Equal(policy.Accepted), "the browser's own SameSite must not show through: "+v.Store.Sentence())
	g.Expect(v.Store.Sentence()).To(HavePrefix("Under Internet Explorer 6 rules, Chromium 156 stores ticket"))
	p.InternetExplorer.Level = policy.LevelMedium
	v = policy.Decide(policy.Chromium, "156", p, ticket, policy.InFrame(site, portal))
	g.Expect(v.Store.Rule).To(Equal("ie6/medium/third-party/no-policy"))
	g.Expect(policy.Decide(policy.Firefox, "", p, ticket, policy.InFrame(site, portal)).Store.Action).To(Equal(policy.Undecided))
}

func TestInternetExplorerSettingsAreChecked(t *testing.T) {
	for _, row := range []struct {
		ie   policy.InternetExplorer
		says string
	}{
		{policy.InternetExplorer{Version: "6", Level: "middling"}, "level: \"middling\"; expected one of"},
		{policy.InternetExplorer{Version: "7"}, "version: \"7\""},
		{policy.InternetExplorer{Version: "5.5", Level: policy.LevelHigh}, "level: Internet Explorer 5.5 has no privacy settings"},
		{policy.InternetExplorer{Version: "6", Level: policy.LevelHigh, Custom: &policy.CustomPrivacy{}}, "give one of"},
		{policy.InternetExplorer{Version: "6", Custom: &policy.CustomPrivacy{FirstParty: "IE6-P3PSettings/V1: /=a/", ThirdParty: "nonsense"}}, "custom.third-party"},
		{policy.InternetExplorer{Version: "6", Advanced: &policy.AdvancedPrivacy{FirstParty: "accept", ThirdParty: "deny"}}, "advanced.third-party: \"deny\""},
		{policy.InternetExplorer{Version: "6", Import: "<a/>"}, "import: privacy file: line 1"},
		{policy.InternetExplorer{Version: "6", Sites: []policy.PrivacySite{{Site: "webex.com", Action: "maybe"}}}, "sites[0].action"},
		{policy.InternetExplorer{Version: "6", Sites: []policy.PrivacySite{{Site: "", Action: policy.Allow}}}, "sites[0].site"},
		{policy.InternetExplorer{Version: "5.5", Zones: map[policy.Zone]policy.ZoneSettings{"inner": {}}}, "zones.inner"},
		{policy.InternetExplorer{Version: "5.5", Zones: map[policy.Zone]policy.ZoneSettings{policy.InternetZone: {SessionCookies: "off"}}}, "zones.internet.session-cookies"},
		{policy.InternetExplorer{Version: "5.5", ZoneMap: []policy.ZoneEntry{{Site: "webex.com", Zone: "trustworthy"}}}, "zone-map[0].zone"},
	} {
		NewWithT(t).Expect(row.ie.Validate()).To(MatchError(ContainSubstring(row.says)))
	}
	NewWithT(t).Expect(policy.InternetExplorer{Version: "6"}.Validate()).To(Succeed())
}

func TestTheErrorsOfSettingsComeInOneOrder(t *testing.T) {
	ie := policy.InternetExplorer{
		Version: "5.5", Level: policy.LevelLow, Import: "<Privacy/>", Sites: []policy.PrivacySite{{Site: "webex.com", Action: policy.Allow}},
		Zones: map[policy.Zone]policy.ZoneSettings{"moon": {}, "mars": {}, policy.InternetZone: {Level: "higher"}},
	}
	var fields []string
	for line := range strings.Lines(ie.Validate().Error()) {
		fields = append(fields, strings.Fields(line)[0])
	}
	NewWithT(t).Expect(fields).To(Equal([]string{"level:", "import:", "sites:", "level:", "import:", "zones.internet.level:", "zones.mars:", "zones.moon:"}))
}
