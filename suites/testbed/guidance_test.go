package testbed

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/fixtures"
)

func TestGuidanceIsWhatAPersonReadsOnAPageOfThePortals(t *testing.T) {
	const portal, text = "https://portal.acme.example", "Please allow cookies of webex.com"
	in := fixtures.Integration{Portal: portal, Guides: text, Server: fixtures.Server{Hosts: map[string]string{
		"login.acme.example": fixtures.AtPortal, "*.apps.example": fixtures.AtPortal,
	}}}
	for name, c := range map[string]struct {
		document browsers.Document
		want     *Guidance
	}{
		"on its page":             {browsers.Document{URL: portal + "/back?PW=secret", Text: "Sorry.\nPlease  allow\ncookies of webex.com!"}, &Guidance{text, portal + "/back?PW=***"}},
		"in a frame":              {browsers.Document{URL: portal + "/back", Frame: "webex", Text: text}, &Guidance{text, portal + "/back"}},
		"in a hidden frame":       {browsers.Document{URL: portal + "/back", Frame: "webex", Text: text, Hidden: true}, nil},
		"on Webex's page":         {browsers.Document{URL: "https://acme.webex.com/acme/", Text: text}, nil},
		"on another port":         {browsers.Document{URL: portal + ":8443/", Text: text}, nil},
		"something else":          {browsers.Document{URL: portal + "/back", Text: "Access Denied"}, nil},
		"not on a page ever":      {browsers.Document{URL: "about:blank", Text: text}, nil},
		"on another of its hosts": {browsers.Document{URL: "https://login.acme.example/", Text: text}, &Guidance{text, "https://login.acme.example/"}},
		"below one of its hosts":  {browsers.Document{URL: "https://a.apps.example/", Text: text}, &Guidance{text, "https://a.apps.example/"}},
		"on the one above it":     {browsers.Document{URL: "https://apps.example/", Text: text}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			NewWithT(t).Expect(guidance([]browsers.Document{{URL: portal + "/", Text: "Welcome"}, c.document}, in)).To(Equal(c.want))
		})
	}
}

func TestAnIntegrationMustWorkOrGuide(t *testing.T) {
	told := &Guidance{"Please allow cookies", "https://portal.acme.example/back"}
	for _, c := range []struct {
		outcome Outcome
		guided  *Guidance
		want    Status
	}{
		{Works, nil, Passed},
		{AccessDenied, nil, Failed}, {AccessDenied, told, Passed},
		{Stuck, nil, Failed}, {Stuck, told, Passed},
		{LoginLoop, nil, Failed}, {LoginLoop, told, Passed},
		{WrongUser, nil, Failed}, {WrongUser, told, Failed},
	} {
		res := Result{Expected: WorksOrGuides, Outcome: c.outcome, Guided: c.guided}
		res.settleStatus(Case{Integration: fixtures.Integration{Guides: "Please allow cookies"}}, nil)
		g := NewWithT(t)
		g.Expect(res.Status).To(Equal(c.want), "%s, guided %v", c.outcome, c.guided)
		if c.want == Failed {
			g.Expect(res.Sentence).NotTo(BeEmpty())
		}
	}
}
