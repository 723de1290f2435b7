package testbed

import "github.com/cookiegate/cookiegate/simulator/journal"

// loopLogins is the number of successful logins without an accepted command from which on we speak of a loop.
const loopLogins = 3

// hostCommands are the commands of m.php that only a logged-in host may give.
var hostCommands = map[string]bool{
	"SM": true, "EM": true, "DM": true, "HM": true, "IM": true, "LM": true, "OM": true,
	"AA": true, "DA": true, "MD": true, "AP": true, "DP": true,
}

// Decide derives the outcome from what the journal saw: goal is the command the integration exists for, host the one who gives it. The
// entry is the one that decided, nil where nothing did.
func Decide(entries []journal.Entry, goal, host string) (Outcome, *journal.Entry) {
	var last, lastGoal *journal.Entry
	logins := 0 // since a command was accepted
	for i := range entries {
		e := &entries[i]
		switch {
		case e.Command == "LI" && e.Result == journal.Success:
			logins++
		case e.Page == "m.php" && e.Command == goal:
			last, lastGoal = e, e
		case e.Page == "m.php" && hostCommands[e.Command]:
			last = e
		}
		if last == e && e.Result == journal.Success {
			logins = 0
		}
	}
	switch {
	case last == nil:
		if logins >= loopLogins {
			return LoginLoop, nil
		}
		return Stuck, nil
	case last.Result == journal.Fail && last.Reason == "AccessDenied":
		if logins >= loopLogins {
			return LoginLoop, last
		}
		return AccessDenied, last
	case lastGoal != nil && lastGoal.Result == journal.Success: // whatever else the host then asked for
		if lastGoal.User != host && lastGoal.User != "" { // an attendee needs nobody's session
			return WrongUser, lastGoal
		}
		return Works, lastGoal
	}
	return Stuck, last
}
