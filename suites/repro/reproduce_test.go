package repro

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/predict"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// lost is the result of a case in which the ticket is missing at a command.
func lost(at string, reason fixtures.Reason, by testbed.Witness, detail string) testbed.Result {
	return testbed.Result{Outcome: fixtures.AccessDenied, Cause: &testbed.Cause{Cookie: "ticket", Hop: at, Reason: reason, Detail: detail, Witness: by}}
}

// What nobody saw is told as the rule that it was concluded from.
func TestWhatWasSeenAndTheRuleAreToldApart(t *testing.T) {
	predicted := Candidate{Prediction: predict.Prediction{Cause: &fixtures.Cause{Cookie: "ticket", Hop: "HM", Reason: fixtures.ThirdPartyBlocked}, Sentence: "As the model predicts."}}
	for name, c := range map[string]struct {
		result       testbed.Result
		detail, rule string
	}{
		"the browser's own word":    {lost("HM", fixtures.ThirdPartyBlocked, testbed.ByBrowser, "UserPreferences"), "UserPreferences", "As the model predicts."},
		"a word that no rule knows": {lost("HM", fixtures.RemovedOnTheWay, testbed.ByNetwork, "it never came"), "it never came", ""},
		"the model's":               {lost("HM", fixtures.ThirdPartyBlocked, testbed.ByModel, "Firefox does not send it"), "", "Firefox does not send it."},
		"Internet Explorer's rules": {lost("HM", fixtures.Leashed, testbed.ByRules, "it is leashed"), "", "it is leashed."},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			var a Answer
			a.tell(&Complaint{}, predicted, c.result)
			g.Expect(a.Cause).NotTo(BeNil())
			g.Expect(a.Cause.Detail).To(Equal(c.detail))
			g.Expect(a.Cause.Rule).To(Equal(c.rule))
		})
	}
}

func TestARemedyThatChangesNothingSaysSo(t *testing.T) {
	g := NewWithT(t)
	a := Answer{Cause: &Cause{Cookie: "ticket", Hop: "HM", Reason: fixtures.SameSite}}
	g.Expect(a.unhelped(lost("HM", fixtures.SameSite, testbed.ByBrowser, "SameSiteLax"))).To(Equal("access-denied, for the same reason: same-site."))
	g.Expect(a.unhelped(lost("SM", fixtures.SameSite, testbed.ByBrowser, "SameSiteLax"))).To(Equal("access-denied: ticket at SM: same-site (SameSiteLax)."))
	g.Expect(a.unhelped(lost("HM", fixtures.IdleExpired, testbed.BySite, ""))).To(Equal("access-denied: ticket at HM: idle-expired."))
	g.Expect(a.unhelped(testbed.Result{Outcome: fixtures.Stuck})).To(Equal("stuck: no lost cookie."))
}
