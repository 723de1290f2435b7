package testbed

// Known is what a baseline says of a case that it lists as failing.
type Known struct {
	State   KnownState `json:"state"`
	Outcome Outcome    `json:"outcome,omitempty"` // as it was when it was accepted
	Reason  string     `json:"reason"`            // why it fails, in the words of whoever accepted it
	Link    string     `json:"link,omitempty"`    // where more is said
	Until   string     `json:"until,omitempty"`   // a day, or an engine's version
	Red     bool       `json:"red"`               // whether the case closes the gate all the same
}

// KnownState is how a case compares with what a baseline says of it.
type KnownState string

// The states.
const (
	KnownFailing   KnownState = "known-failing"   // it fails as it did
	FailsOtherwise KnownState = "fails-otherwise" // it fails, with another outcome or cause
	NewlyWorking   KnownState = "newly-working"   // it passes
	Expired        KnownState = "expired"         // it fails as it did, and was to be mended by now
)
