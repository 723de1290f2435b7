package webkit

import (
	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
)

// flags are MiniBrowser's words for a policy. Intelligent Tracking Prevention is what makes it refuse third-party cookies as Safari does;
// the accept policy no-third-party, which is also its default, refuses to store and goes on to send.
func flags(p policy.Policy) []string {
	switch p.Base {
	case policy.AllowThirdParty:
		return []string{"--cookies-policy=always"}
	case policy.BlockThirdParty:
		return []string{"--cookies-policy=always", "--enable-itp"}
	case policy.BlockAll:
		return []string{"--cookies-policy=never"}
	case policy.SendOnly:
		return []string{"--cookies-policy=no-third-party"}
	}
	return nil // browser-default
}

// Supports says whether WebKit, on this machine, can be put under p.
func (Driver) Supports(p policy.Policy) error {
	sentence := policy.NotAvailable(policy.WebKit, p)
	switch {
	case sentence != "":
	case p.PrivateWindow:
		sentence = "WebKit's automation has private windows only, so that there is nothing to compare."
	case p.StorageAccess != "":
		sentence = "WebKit's storage-access prompt cannot be answered by automation."
	}
	if sentence != "" {
		return &browsers.NotAvailableError{Engine: browsers.WebKit, Policy: p.Name, Sentence: sentence}
	}
	return nil
}

// Turns is true: every session is a process of its own.
func (Driver) Turns(_, _ policy.Policy) bool { return true }
