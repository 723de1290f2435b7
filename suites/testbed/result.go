package testbed

import (
	"time"

	"github.com/cookiegate/cookiegate/browsers"
)

// Outcome is what became of a case, decided by the simulator's journal.
type Outcome string

// The outcomes.
const (
	Works        Outcome = "works"         // the host's command was accepted in his own session
	AccessDenied Outcome = "access-denied" // the host's command was refused
	LoginLoop    Outcome = "login-loop"    // login succeeded again and again, and no command was accepted
	Stuck        Outcome = "stuck"         // no command came
	WrongUser    Outcome = "wrong-user"    // the command was accepted in somebody else's session
)

// Status is what a case means for the run.
type Status string

// The statuses. Only Passed is a pass.
const (
	Passed       Status = "passed"        // the outcome is the expected one
	Failed       Status = "failed"        // it is another
	Error        Status = "error"         // there is no outcome: the browser crashed, was not installed, a step timed out, the policy was not in force
	NotAvailable Status = "not-available" // the engine, or this machine, has no such setting; Result.Sentence says which
	Flaky        Status = "flaky"         // two runs of the case differed
)

// Cause is what the diagnosis found for an outcome that does not work.
type Cause struct {
	Cookie string `json:"cookie"` // its name, such as "ticket"
	Hop    string `json:"hop"`    // the request at which it was lost, such as "GET /acme/m.php?AT=HM"
	HopID  int    `json:"hopId"`  // Hop.ID, 0 when there is none
	Reason Reason `json:"reason"`
	// Detail is a sentence for a person: the setting, the rule and the engine's own words.
	Detail string `json:"detail"`
}

// Reason is why a cookie was lost, in words that are the same for every engine.
type Reason string

// The reasons.
const (
	ThirdPartyBlocked Reason = "third-party-blocked" // the setting refuses cookies in somebody else's page
	AllBlocked        Reason = "all-cookies-blocked" // the setting refuses every cookie
	SiteBlocked       Reason = "site-blocked"        // an exception refuses this site's
	SameSite          Reason = "same-site"           // SameSite, written or by default, keeps it out of somebody else's page
	NoneWithoutSecure Reason = "none-without-secure" // SameSite=None without Secure is rejected
	OtherPartition    Reason = "other-partition"     // it is kept under another top-level site
	IdleExpired       Reason = "idle-expired"        // it came, and its session was dead of idleness
	LoggedOut         Reason = "logged-out"          // it came, and its session had been logged out
	BrowserRestarted  Reason = "browser-restarted"   // a session cookie ends with the browser
	OtherHost         Reason = "other-host"          // somebody else is logged in
	NotOffered        Reason = "not-offered"         // the site never set it
	RemovedOnTheWay   Reason = "removed-on-the-way"  // a proxy or filter took it out
	Unexplained       Reason = "unexplained"         // it was lost, and nothing known says why
)

// Hop is one exchange of a case as a report shows it.
type Hop struct {
	ID       int       `json:"id"`
	At       time.Time `json:"at"` // the simulator's clock
	Method   string    `json:"method"`
	URL      string    `json:"url"`
	Where    string    `json:"where"` // "top-level", "frame", "fetch", "image", "server"
	Status   int       `json:"status"`
	Command  string    `json:"command,omitempty"` // AT, where the hop is a Webex command
	Answer   string    `json:"answer,omitempty"`  // "SUCCESS", "FAIL AccessDenied"
	Returned []string  `json:"returned,omitempty"`
	Offered  []string  `json:"offered,omitempty"` // with their attributes: "ticket (SameSite=None; Secure)"
	Lost     []Loss    `json:"lost,omitempty"`
	Filters  []string  `json:"filters,omitempty"`
}

// Loss is a cookie that should have been stored or sent at a hop and was not.
type Loss struct {
	Cookie    string             `json:"cookie"`
	Direction browsers.Direction `json:"direction"`
	Reason    Reason             `json:"reason"`
	Words     string             `json:"words,omitempty"` // the engine's own
}

// Result is one case that was run, or why it was not.
type Result struct {
	ID             string             `json:"id"`
	Suite          string             `json:"suite"`
	Integration    string             `json:"integration"`
	Browser        browsers.Engine    `json:"browser"`
	BrowserVersion string             `json:"browserVersion"` // "Chromium 156.0.8078.79"
	Policy         string             `json:"policy"`
	Profile        string             `json:"profile"`
	Expected       Outcome            `json:"expected"`
	Why            string             `json:"why,omitempty"` // why that is expected
	Outcome        Outcome            `json:"outcome,omitempty"`
	Status         Status             `json:"status"`
	Cause          *Cause             `json:"cause,omitempty"`
	Sentence       string             `json:"sentence,omitempty"` // of Error and NotAvailable
	Duration       time.Duration      `json:"-"`
	Hops           []Hop              `json:"hops,omitempty"`
	Settings       []browsers.Setting `json:"settings,omitempty"`
	Documents      []string           `json:"documents,omitempty"`  // what the person saw at the end, a line a document
	Screenshot     string             `json:"screenshot,omitempty"` // file beside the report, where there is one
}
