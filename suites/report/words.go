package report

import "github.com/cookiegate/cookiegate/suites/testbed"

// sign is how a cell looks: a glyph and a short word, which never stand for colour alone, and a phrase for legends and for
// screen readers.
type sign struct {
	Class  string // of style sheets
	Glyph  string
	Word   string // at most six letters
	Phrase string
}

var outcomeSigns = map[testbed.Outcome]sign{
	testbed.Works:        {"works", "✓", "works", "works: the host's command was accepted in his own session"},
	testbed.AccessDenied: {"denied", "⊘", "denied", "access denied: the host's command was refused"},
	testbed.LoginLoop:    {"loop", "↻", "loop", "login loop: login succeeded again and again, no command was accepted"},
	testbed.Stuck:        {"stuck", "‖", "stuck", "stuck: the host's command did not come, or failed for another reason"},
	testbed.WrongUser:    {"other", "≠", "other", "wrong user: the command was accepted in somebody else's session"},
}

// guidedSign is that of any outcome that does not work where the portal told the host what to do.
var guidedSign = sign{"guides", "☞", "guides", "guides: no command was accepted, and the portal's own page told the host what to do"}

var (
	errorSign        = sign{"error", "!", "error", "error: there is no outcome, the case could not be run to its end"}
	notAvailableSign = sign{"na", "–", "n/a", "not available: this engine or this machine has no such setting"}
	flakySign        = sign{"flaky", "≈", "flaky", "flaky: two runs of the case differed"}
	noOutcomeSign    = sign{"error", "?", "none", "none: no outcome was recorded"}
)

// legendOrder is the order in which signs are explained.
var legendOrder = []sign{
	outcomeSigns[testbed.Works], outcomeSigns[testbed.AccessDenied], outcomeSigns[testbed.LoginLoop], outcomeSigns[testbed.Stuck],
	outcomeSigns[testbed.WrongUser], guidedSign, flakySign, errorSign, notAvailableSign, noOutcomeSign,
}

// signOf is how a case is shown: by its outcome, and by its status where there is none.
func signOf(r testbed.Result) sign {
	switch r.Status {
	case testbed.Error:
		return errorSign
	case testbed.NotAvailable:
		return notAvailableSign
	case testbed.Flaky:
		return flakySign
	}
	if r.Guided != nil && r.Status == testbed.Passed {
		return guidedSign
	}
	if s, ok := outcomeSigns[r.Outcome]; ok {
		return s
	}
	return noOutcomeSign
}

// differs says whether a case is one that somebody must look at.
func differs(r testbed.Result) bool {
	if r.Known != nil {
		return r.Known.Red
	}
	return r.Status != testbed.Passed && r.Status != testbed.NotAvailable
}
