package repro

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/intake"
)

func TestASiteOfAnotherFormIsToldToBeStoodInFor(t *testing.T) {
	g := NewWithT(t)
	c := reported(t, "webex: https://contoso.my.webex.com\nsymptom: access denied\n")
	g.Expect(problems(c.Findings)).To(ContainElement(ContainSubstring("https://contoso.my.webex.com is not of the form https://NAME.webex.com")))
	c = reported(t, "webex: https://contoso.webex.com\nsymptom: access denied\n")
	g.Expect(problems(c.Findings)).NotTo(ContainElement(ContainSubstring("not of the form")))
}

// Whatever the cause is, what was sent may still say that something else was so too.
func TestWhatItIsNotContradictsNothingThatWasSent(t *testing.T) {
	const (
		notThePassword = "It is not the password"
		notIdle        = "It is not idle time"
		notOnTheWay    = "It is not a proxy, a filter or an extension"
		notASetting    = "It is not a browser setting"
	)
	framed := "browser: Chrome 149\nstyle: iframe\nsymptom: access denied\n"
	for report, want := range map[string]struct {
		cause     fixtures.Reason
		said, not string
	}{
		framed + "setting: third-party cookies blocked\nidle: 45m\n":                    {fixtures.ThirdPartyBlocked, notThePassword, notIdle},
		framed + "setting: third-party cookies blocked\nidle: over the weekend\n":       {fixtures.ThirdPartyBlocked, notThePassword, notIdle},
		framed + "setting: third-party cookies blocked\nnetwork: uBlock extension\n":    {fixtures.ThirdPartyBlocked, notIdle, notOnTheWay},
		framed + "setting: third-party cookies blocked\nnetwork: Zscaler\n":             {fixtures.ThirdPartyBlocked, notIdle, notOnTheWay},
		framed + "setting: third-party cookies blocked\nnetwork: Zscaler strips them\n": {fixtures.RemovedOnTheWay, notIdle, notASetting},
		framed + "setting: third-party cookies allowed\nnetwork: Zscaler\n":             {fixtures.RemovedOnTheWay, notASetting, notOnTheWay},
		framed + "setting: extension-strips-third-party\n":                              {fixtures.RemovedByExtension, notIdle, notOnTheWay},
		"browser: Chrome 149\nsetting: all cookies are blocked\nsymptom: stuck\n":       {fixtures.AllBlocked, notOnTheWay, notThePassword},
	} {
		g := NewWithT(t)
		a := explain(t, reported(t, report))
		g.Expect(a.Cause).NotTo(BeNil())
		g.Expect(a.Cause.Reason).To(Equal(want.cause), report)
		g.Expect(a.Not).To(ContainElement(HavePrefix(want.said)), report)
		g.Expect(a.Not).NotTo(ContainElement(HavePrefix(want.not)), report)
	}
	g := NewWithT(t)
	a := explain(t, recorded(t, &Complaint{}, asked("p.php", "LI", intake.Answer{ST: "FAIL", RS: "BadWebExIDorPassword"}, 0)))
	g.Expect(a.Not).To(BeEmpty(), "the login was refused, and nothing known here goes so")

	for setting, not := range map[string]string{"ProxyMode": notOnTheWay, "AutoConfigURL": notOnTheWay, "ExtensionInstallForcelist": notOnTheWay} {
		c := reported(t, framed+"setting: third-party cookies blocked\n")
		c.Untranslated = []intake.Untranslated{{Setting: setting}}
		a := explain(t, c)
		g.Expect(a.Not).To(ContainElement(HavePrefix(notIdle)), setting)
		g.Expect(a.Not).NotTo(ContainElement(HavePrefix(not)), setting)
	}
}

// What is told as likely too is not denied.
func TestWhatItIsNotDeniesNoOtherLikelyCause(t *testing.T) {
	denies := map[fixtures.Reason]string{
		fixtures.IdleExpired: "It is not idle time", fixtures.RemovedOnTheWay: "It is not a proxy", fixtures.RemovedByExtension: "It is not a proxy",
		fixtures.OtherHost: "It is not somebody else's session", fixtures.ScriptBlocked: "It is not blocked scripts", fixtures.ThirdPartyBlocked: "It is not a browser setting",
		fixtures.LoginRequired: "It is not the portal's login", fixtures.PasswordInAddress: "It is not the password", fixtures.AllBlocked: "It is not a browser setting",
	}
	for report, likely := range map[string]fixtures.Reason{
		"style: redirect\nbrowser: Chrome 149\nsymptom: access denied\ncookies: none-secure\nsetting: third-party cookies are allowed\n":               fixtures.LoginRequired,
		"style: iframe\nbrowser: Chrome 149\nsymptom: access denied\nsetting: third-party cookies are blocked\nnetwork: a proxy that strips cookies\n": fixtures.ThirdPartyBlocked,
		"style: iframe\nbrowser: Chrome 149\nsymptom: access denied\nsetting: third-party cookies are allowed\n":                                       fixtures.SameSite,
		"style: iframe\nbrowser: Chrome 149\nsymptom: access denied\nidle: 31m\nnetwork: Zscaler\ncookies: none-secure\n":                              fixtures.IdleExpired,
	} {
		g := NewWithT(t)
		a := explain(t, reported(t, report))
		g.Expect(a.Causes).To(ContainElement(HaveField("Cause.Reason", likely)), report)
		for _, p := range a.Causes {
			if denied := denies[p.Cause.Reason]; denied != "" {
				g.Expect(a.Not).NotTo(ContainElement(HavePrefix(denied)), report)
			}
		}
	}
}

// Nothing follows from a case that may well not be the one that is meant.
func TestOfAnUncertainCaseNothingIsDenied(t *testing.T) {
	g := NewWithT(t)
	a := explain(t, reported(t, "symptom: access denied\nbrowser: Chrome 149\nstyle: iframe\n"))
	g.Expect(a.Confidence).To(Equal(Low))
	g.Expect(a.Not).To(BeEmpty())
}

func TestAnExtensionThatBlocksScriptsIsStoodInFor(t *testing.T) {
	for words, standsIn := range map[string]string{
		"NoScript add-on":                  "A filter on the way that takes scripts out stands in for the extension that blocks them.",
		"an extension that blocks scripts": "A filter on the way that takes scripts out stands in for the extension that blocks them.",
		"the firewall takes scripts out":   "",
	} {
		g := NewWithT(t)
		a := explain(t, reported(t, "browser: Chrome 149\nstyle: redirect\nsymptom: blank page\nnetwork: "+words+"\n"))
		g.Expect(a.Cause.Reason).To(Equal(fixtures.ScriptBlocked), words)
		g.Expect(a.StandsIn).To(Equal(standsIn), words)
	}
}

// That a firewall is there does not say that it takes cookies out.
func TestWhatIsOnlyNamedIsNotForSure(t *testing.T) {
	framed := "browser: Chrome 149\nstyle: iframe\nsymptom: access denied\nsetting: third-party cookies are allowed\ncookies: none-secure\nnetwork: "
	for network, want := range map[string]Confidence{"a new firewall": Medium, "Zscaler": Medium, "a firewall that strips the header": High} {
		g := NewWithT(t)
		a := explain(t, reported(t, framed+network+"\n"))
		g.Expect(a.Cause.Reason).To(Equal(fixtures.RemovedOnTheWay), network)
		g.Expect(a.Confidence).To(Equal(want), network)
	}
}
