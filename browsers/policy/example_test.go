package policy_test

import (
	"fmt"

	"github.com/cookiegate/cookiegate/browsers/policy"
)

// Why did the ticket not come along with a frame's request in Firefox, which itself reports nothing?
func ExampleDecide() {
	v := policy.Decide(policy.Firefox, "Firefox ESR 153.7", policy.Policy{Base: policy.BlockThirdParty},
		policy.ParseSetCookie("ticket=secret; SameSite=None; Secure"),
		policy.InFrame("https://acme.webex.com/acme/m.php?AT=HM", "https://portal.acme.example"))
	fmt.Println(v.Send.Action, v.Send.Reason)
	fmt.Println(v.Send.Sentence())
	// Output:
	// block third-party-blocked
	// Firefox ESR 153.7 does not send ticket to acme.webex.com in a page of portal.acme.example: third-party cookies are refused, those with Partitioned too (cookieBehavior 1, BLOCKED_FOREIGN) (rule firefox/reject-foreign; toolkit/components/antitracking/StorageAccess.cpp; measured on Firefox ESR 153).
}
