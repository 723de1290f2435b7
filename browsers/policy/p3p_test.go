package policy_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers/policy"
)

func TestClassesOfCompactPolicies(t *testing.T) {
	for header, want := range map[string]policy.PolicyClass{
		``:                                     policy.NoCompactPolicy,
		`policyref="/w3c/p3p.xml"`:             policy.NoCompactPolicy,
		`CP="CAO PSA OUR"`:                     policy.Satisfactory,
		`CP="NOI CON PHY OUR"`:                 policy.LacksImplicitConsent,
		`CP="NOI CONa PHY OUR"`:                policy.LacksImplicitConsent,
		`CP="NOI CONo PHY OUR"`:                policy.LacksExplicitConsent,
		`CP="NOI CONi PHY SAMi"`:               policy.Satisfactory,
		`CP="NOI CONi PHY SAMo"`:               policy.LacksExplicitConsent,
		`CP="NOI CONo PHY SAM"`:                policy.LacksImplicitConsent,
		`CP="PHY"`:                             policy.LacksImplicitConsent,
		`CP="PHY CUR"`:                         policy.LacksImplicitConsent, // no recipient stated
		`CP="PHY OUR"`:                         policy.LacksImplicitConsent, // no purpose stated
		`CP="PHY CUR OUR"`:                     policy.Satisfactory,
		`CP="PHY CUS OUR"`:                     policy.Satisfactory, // the candidate recommendation's purpose
		`CP="con phy our"`:                     policy.Satisfactory, // letter case counts
		`CP="CON SAM UNR"`:                     policy.Satisfactory, // no personal data
		`CP="This is not a P3P policy!"`:       policy.Satisfactory,
		`CP=""`:                                policy.Satisfactory,
		`policyref="/p.xml", CP="NOI ONL TEL"`: policy.LacksImplicitConsent,
		`cp=FIN CON OUR`:                       policy.LacksImplicitConsent,
		`CP="GOV OTP PUB`:                      policy.LacksImplicitConsent, // the quote is not closed
	} {
		NewWithT(t).Expect(policy.ParseP3P(header).Class()).To(Equal(want), header)
	}
}

func TestTokens(t *testing.T) {
	for word, ok := range map[string]bool{
		"CON": true, "CONa": true, "CONi": true, "CONo": true, "SAMo": true, "CUR": true, "OUR": true, "NOI": true, "TST": true, "CUS": true,
		"CONx": false, "CURa": false, "OURi": false, "PHYo": false, "con": false, "CO": false, "CONoo": false, "": false, "XXX": false,
	} {
		_, got := policy.ParseToken(word)
		NewWithT(t).Expect(got).To(Equal(ok), word)
	}
}
