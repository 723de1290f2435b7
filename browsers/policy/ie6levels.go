package policy

import "slices"

// levelTable is what each level does with persistent cookies: first party, then third party, each by class of compact policy.
//
// Source: Microsoft's texts on the privacy settings of Internet Explorer 6 (KB 283185), with what an evaluator of compact policies printed for each level.
// They agree but for first-party cookies without a policy, where the text of the KB is followed: leashed from Low to Medium High.
var levelTable = map[PrivacyLevel][2][4]CookieState{
	//                             satisfactory, lacks explicit, lacks implicit, no policy
	LevelAcceptAll:  {{StateAccept, StateAccept, StateAccept, StateAccept}, {StateAccept, StateAccept, StateAccept, StateAccept}},
	LevelLow:        {{StateAccept, StateAccept, StateAccept, StateLeash}, {StateAccept, StateAccept, StateDowngrade, StateDowngrade}},
	LevelMedium:     {{StateAccept, StateAccept, StateDowngrade, StateLeash}, {StateAccept, StateAccept, StateReject, StateReject}},
	LevelMediumHigh: {{StateAccept, StateAccept, StateReject, StateLeash}, {StateAccept, StateReject, StateReject, StateReject}},
	LevelHigh:       {{StateAccept, StateReject, StateReject, StateReject}, {StateAccept, StateReject, StateReject, StateReject}},
	LevelBlockAll:   {{StateReject, StateReject, StateReject, StateReject}, {StateReject, StateReject, StateReject, StateReject}},
}

// levelState is what a level does with a cookie. First-party session cookies are accepted from Low to Medium High whatever their policy, but for the
// leash on those without one; a downgrade has nothing to take from a session cookie.
func levelState(level PrivacyLevel, third bool, class PolicyClass, persistent, unleashedSession bool) CookieState {
	party := 0
	if third {
		party = 1
	}
	state := levelTable[level][party][class]
	if persistent {
		return state
	}
	switch {
	case state == StateDowngrade:
		return StateAccept
	case third || level == LevelHigh || level == LevelBlockAll:
		return state
	case state == StateLeash && !unleashedSession:
		return StateLeash
	}
	return StateAccept
}

// legacyOptOut are the cookies that the leash on cookies from before Internet Explorer 6 spares, letter for letter (KB 304531).
var legacyOptOut = []string{"AA002=optout", "id=OPT_OUT", "CyberGlobalAnonymous=optout"}

// IsOptOut says whether a cookie is one of those that the leash on cookies from before Internet Explorer 6 spares.
func IsOptOut(name, value string) bool { return slices.Contains(legacyOptOut, name+"="+value) }
