package testbed

import (
	"context"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/fixtures"
)

// Outcome is what became of a case, decided by the simulator's journal.
type Outcome = fixtures.Outcome

// The outcomes.
const (
	Works        = fixtures.Works
	AccessDenied = fixtures.AccessDenied
	LoginLoop    = fixtures.LoginLoop
	Stuck        = fixtures.Stuck
	WrongUser    = fixtures.WrongUser

	WorksOrGuides = fixtures.WorksOrGuides // expected, and never what came out
)

// Status is what a case means for the run.
type Status string

// The statuses. Only Passed is a pass.
const (
	Passed       Status = "passed"        // the outcome is the expected one
	Failed       Status = "failed"        // it is another
	Error        Status = "error"         // there is no outcome: browser, portal or proxy ended, a step timed out, the policy was not in force
	NotAvailable Status = "not-available" // the engine, or this machine, has no such setting; Result.Sentence says which
	Flaky        Status = "flaky"         // two runs of the case differed
)

// Guidance is the portal's own word to the host that his browser does not let it work, and what to do about it.
type Guidance struct {
	Text string `json:"text"` // the integration's Guides
	URL  string `json:"url"`  // of the portal's page that showed it, redacted
}

// Cause is what the diagnosis found for an outcome that does not work.
type Cause struct {
	Cookie string `json:"cookie"` // its name, such as "ticket"
	// Hop is the first request that should have brought the cookie to a live session and did not, such as
	// "GET acme.webex.com/acme/m.php?AT=HM"; HopID is its Hop.ID.
	Hop   string `json:"hop"`
	HopID int    `json:"hopId,omitempty"`
	// LostAt is the hop at which the cookie was lost, where that is an earlier one: the answer that the browser did not keep it from.
	LostAt   string `json:"lostAt,omitempty"`
	LostAtID int    `json:"lostAtId,omitempty"`
	Reason   Reason `json:"reason"`
	// Detail is for a person: the setting, the rule or the engine's own words, as its witness has it.
	Detail  string  `json:"detail,omitempty"`
	Witness Witness `json:"witness,omitempty"`
}

// Witness is who says why a cookie did not do its work: most engines keep that to themselves.
type Witness string

// The witnesses. The model's word is a conclusion, where nobody saw more than that the cookie did not come; the others tell what was seen.
const (
	ByBrowser Witness = "browser"      // the engine's own report of blocked cookies
	ByRules   Witness = "rules"        // Internet Explorer's, enforced in front of the engine
	BySite    Witness = "site"         // its journal
	ByNetwork Witness = "network"      // the ledger of what was asked and answered
	ByModel   Witness = "policy-model" // which knows the setting, the cookie and the place
)

// says is a detail as its witness has it, for a person.
func (w Witness) says(detail string) string {
	if w == ByModel && detail != "" {
		return "by the policy model: " + detail
	}
	return detail
}

// Told is the detail, with its witness where that is not who saw it.
func (c Cause) Told() string { return c.Witness.says(c.Detail) }

// Reason is why a cookie did not do its work, in words that are the same for every engine.
type Reason = fixtures.Reason

// Unexplained is the reason of a cookie that was lost where nothing known says why, and, without a cookie, of a command that the site refused in a live
// session. No fixture expects it.
const Unexplained Reason = "unexplained"

// Hop is one exchange of a case as a report shows it.
type Hop struct {
	ID       int       `json:"id"`
	At       time.Time `json:"at,omitzero"` // the simulator's clock, where the site was asked
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
	Words     string             `json:"words,omitempty"` // of its witness
	Witness   Witness            `json:"witness,omitempty"`
}

// Told are the words, with their witness where that is not who saw it.
func (l Loss) Told() string { return l.Witness.says(l.Words) }

// Result is one case that was run, or why it was not.
type Result struct {
	ID             string             `json:"id"`
	Suite          string             `json:"suite"`
	SameAs         string             `json:"sameAs,omitempty"` // the case that was run in this one's stead: they differ in nothing but their names, and the cookie profile of a site that was not asked for anything
	Integration    string             `json:"integration"`
	File           string             `json:"file,omitempty"` // that describes the integration, where it is a person's own
	Browser        browsers.Engine    `json:"browser"`
	BrowserVersion string             `json:"browserVersion"` // "Chromium 156.0.8078.79"
	Policy         string             `json:"policy"`
	Profile        string             `json:"profile"`
	Site           []string           `json:"site,omitempty"`    // its settings beside the profile, where they are not the usual ones: "csrf: true"
	Network        []string           `json:"network,omitempty"` // what stood between browser and site, the first nearest to the browser: "proxy: squid-webex-cookies"
	Expected       Outcome            `json:"expected"`
	Why            string             `json:"why,omitempty"`       // why that is expected
	Predicted      *Prediction        `json:"predicted,omitempty"` // by the policy model; nil where it knows the portal too little
	Outcome        Outcome            `json:"outcome,omitempty"`
	Guided         *Guidance          `json:"guided,omitempty"` // of an outcome that does not work: the portal told the host what to do
	Status         Status             `json:"status"`
	Cause          *Cause             `json:"cause,omitempty"`
	Sentence       string             `json:"sentence,omitempty"` // of Error and NotAvailable
	Known          *Known             `json:"known,omitempty"`    // what the baseline says of it, where it does
	Repetitions    []Repetition       `json:"repetitions,omitempty"`
	Duration       time.Duration      `json:"-"`
	Hops           []Hop              `json:"hops,omitempty"`
	Settings       []browsers.Setting `json:"settings,omitempty"`
	Documents      []string           `json:"documents,omitempty"`  // what the person saw at the end, a line a document
	Screenshot     string             `json:"screenshot,omitempty"` // file beside the report, where there is one
	PNG            []byte             `json:"-"`                    // the screenshot itself, until it is written
	Earlier        string             `json:"earlier,omitempty"`    // the screenshot before the last step, likewise
	EarlierPNG     []byte             `json:"-"`
	Trace          string             `json:"trace,omitempty"` // file beside the report with Playwright's trace, where there is one
	TraceZip       []byte             `json:"-"`               // the trace itself, where it is yet to be written
	unasked        bool               // the site was not asked for anything
	Recording      *Recording         `json:"-"` // what a HAR file can be written of; nil where nothing was recorded
}

// notRun begins the sentence of a case that was not run, or not to its end, because somebody stopped the run.
const notRun = "not run"

// stopped makes res that of a case which the end of ctx kept from its own.
func (res *Result) stopped(ctx context.Context, how string) {
	res.Status, res.Sentence = Error, notRun+how+": "+context.Cause(ctx).Error()
}

// Stopped says whether the run was stopped before the case came to its end: there is nothing to tell of the case itself.
func (res Result) Stopped() bool {
	return res.Status == Error && strings.HasPrefix(res.Sentence, notRun)
}

// decided says whether the case came to an outcome.
func (res Result) decided() bool { return res.Status == Passed || res.Status == Failed }

// of is the result of c, which is the case that was run under another name.
func (res Result) of(c Case) Result {
	res.SameAs = res.ID
	res.ID, res.Suite, res.Profile, res.Why, res.Duration = c.ID, c.Suite, string(c.Site.Profile), c.Expect.Why, 0
	return res
}
