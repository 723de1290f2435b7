package testbed

import "fmt"

// Prediction is what the policy model says will become of a case, without a browser. It decides nothing: expectations are written by hand.
type Prediction struct {
	Outcome Outcome `json:"outcome"`
	// Cookie, Hop (an AT, or a path of the portal) and Reason are those of the cause, where it does not work.
	Cookie string `json:"cookie,omitempty"`
	Hop    string `json:"hop,omitempty"`
	Reason Reason `json:"reason,omitempty"`
	// Sentence says it for a person, with the rule that decides.
	Sentence string `json:"sentence,omitempty"`
}

// String is "access-denied: same-site".
func (p Prediction) String() string {
	if p.Reason == "" {
		return string(p.Outcome)
	}
	return fmt.Sprintf("%s: %s", p.Outcome, p.Reason)
}

// Surprising says whether the model predicted something else than what happened: one of the two is wrong.
func (res Result) Surprising() bool {
	p := res.Predicted
	if p == nil || res.Outcome == "" {
		return false
	}
	var reason Reason
	if res.Cause != nil {
		reason = res.Cause.Reason
	}
	return p.Outcome != res.Outcome || p.Reason != reason
}
