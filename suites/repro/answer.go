package repro

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/suites/intake"
	"github.com/cookiegate/cookiegate/suites/predict"
	"github.com/cookiegate/cookiegate/suites/remedy"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Answer is what a complaint comes to. Its JSON is what --json prints.
type Answer struct {
	// Predicted says that no browser ran: everything here is what the policy model says.
	Predicted bool   `json:"predicted"`
	Files     []File `json:"files"`
	// Symptom is the outcome that was complained about; empty: it was not said, and any that does not work counts.
	Symptom    fixtures.Outcome `json:"symptom,omitempty"`
	Reproduced bool             `json:"reproduced"`
	// The case that was run, or predicted.
	Case           string          `json:"case"`
	Integration    string          `json:"integration"`
	Browser        browsers.Engine `json:"browser"`
	BrowserVersion string          `json:"browserVersion,omitempty"`
	StandsIn       string          `json:"standsIn,omitempty"` // what stands in for the customer's browser, and why
	Policy         string          `json:"policy"`
	PolicyTitle    string          `json:"policyTitle"`
	Profile        string          `json:"profile"`
	Situation      string          `json:"situation"`
	// Taken are the fields that the complaint leaves open and that were taken to be as the case has them.
	Taken []string `json:"taken,omitempty"`
	// Contradicted says that what was sent speaks against this case, the one that comes nearest to it.
	Contradicted bool               `json:"contradicted,omitempty"`
	Confidence   Confidence         `json:"confidence"`
	Outcome      fixtures.Outcome   `json:"outcome"`
	Cause        *Cause             `json:"cause,omitempty"`
	Not          []string           `json:"not,omitempty"` // what it looks like and is not
	Remedies     []Tried            `json:"remedies,omitempty"`
	Hops         []testbed.Hop      `json:"hops,omitempty"`
	Predicting   []predict.Hop      `json:"predictedHops,omitempty"` // where no browser ran
	Settings     []browsers.Setting `json:"settings,omitempty"`
	// Causes are what it may be, the likeliest first, where that is more than one thing.
	Causes       []Possible            `json:"causes,omitempty"`
	Question     *Question             `json:"question,omitempty"`
	Findings     []intake.Finding      `json:"findings,omitempty"`
	Untranslated []intake.Untranslated `json:"untranslated,omitempty"`

	result testbed.Result
	it     testbed.Case
	theirs string // the customer's browser as people call it; empty: not known
	trace  []byte // Playwright's, redacted; nil: none
}

// Confidence says how much of all that the complaint can mean comes to the same cause.
type Confidence string

// The confidences.
const (
	High   Confidence = "high"
	Medium Confidence = "medium"
	Low    Confidence = "low"
)

// Cause is the cookie, the hop and the reason, with the rule.
type Cause struct {
	Cookie string          `json:"cookie,omitempty"` // empty: no cookie is to blame
	Hop    string          `json:"hop"`              // the request that had to do without
	LostAt string          `json:"lostAt,omitempty"` // the answer from which it was not kept
	Reason fixtures.Reason `json:"reason"`
	Detail string          `json:"detail,omitempty"` // what browser, site or filter itself said
	Rule   string          `json:"rule,omitempty"`   // the rule of the policy model and where it is known from
}

// Possible is one cause that a complaint may come to.
type Possible struct {
	Cause      *fixtures.Cause `json:"cause,omitempty"` // nil: that it works
	Share      float64         `json:"share"`           // of all likelihood, of 1
	Candidate  string          `json:"candidate"`       // the likeliest case of it, in a line
	Ran        bool            `json:"ran"`
	Reproduced bool            `json:"reproduced"`
	Outcome    string          `json:"outcome,omitempty"` // what came out when it was run, or why it was not; or what is predicted
}

// Mark is what came of a remedy.
type Mark string

// The marks.
const (
	Proven         Mark = "proven"
	DoesNotHelp    Mark = "tried, does not help"
	NotAvailable   Mark = "not available here"
	Already        Mark = "so already"
	NotTried       Mark = "could not be tried"
	ShouldHelp     Mark = "predicted to help"
	ShouldNotHelp  Mark = "predicted not to help"
	NothingToProve Mark = "not tried: nothing was reproduced"
)

// Tried is a remedy and what came of it.
type Tried struct {
	remedy.Remedy
	Mark     Mark   `json:"mark"`
	Sentence string `json:"sentence,omitempty"` // why
}

// answer is what is known of a candidate before anything ran.
func (c *Complaint) answer(groups []Group, k Candidate) *Answer {
	a := &Answer{
		Files: c.Files, Symptom: c.Outcome, Case: k.Case.ID, Integration: k.Case.Integration.Name, Browser: k.Case.Engine, Policy: k.Case.Policy.Name,
		PolicyTitle: k.Case.Policy.Title, Profile: string(k.Case.Site.Profile), Situation: k.Situation, Findings: c.Findings,
		Untranslated: c.Untranslated, Confidence: c.confidence(groups, k), StandsIn: c.standsIn(k), Contradicted: k.contradicted(), it: k.Case, theirs: c.Understood.Browser,
		Causes: c.possible(groups),
	}
	if len(c.Report.Runs) == 0 {
		for _, t := range []struct {
			field string
			open  bool
		}{
			{"browser", c.Engine == "" || c.guessed}, {"setting", c.Policy == "" && !c.onlyExported()}, {"style", c.Integration == "" && !c.showsStyle()},
			{"cookies", c.Profile == ""},
		} {
			if t.open {
				a.Taken = append(a.Taken, t.field)
			}
		}
	}
	return a
}

// confidence is by the share of the candidate's cause. A recording without cookies, or none at all and much left open, is never a sure thing.
func (c *Complaint) confidence(groups []Group, k Candidate) Confidence {
	share := 0.0
	for _, g := range groups {
		if slices.ContainsFunc(g.Candidates, func(o *Candidate) bool { return o.Case.ID == k.Case.ID }) {
			share = g.Share
		}
	}
	switch sanitized := c.HAR != nil && c.Sequence.Cookies != intake.CookiesRecorded; {
	case c.Report.NotShown != "" || c.guessed || k.contradicted() || c.againstSetting(k):
		return Low
	case share >= .85 && !sanitized && !c.onlyNamed(k):
		return High
	case share >= .5:
		return Medium
	}
	return Low
}

// againstSetting says whether scripts run in a candidate though an exported setting blocks them.
func (c *Complaint) againstSetting(k Candidate) bool {
	setting, _ := c.blockedScripts()
	return setting != "" && (k.Prediction.Cause == nil || k.Prediction.Cause.Reason != fixtures.ScriptBlocked)
}

// onlyNamed says whether a candidate blames what stands between browser and site, of which nobody said, and no recording shows, that it takes anything out.
func (c *Complaint) onlyNamed(k Candidate) bool {
	p := k.Prediction.Cause
	return p != nil && (p.Reason == fixtures.RemovedOnTheWay || p.Reason == fixtures.RemovedByExtension) &&
		c.HAR == nil && len(c.Report.Runs) == 0 && c.Policy != "extension-strips-third-party" && !takes.MatchString(onTheWay(c.Report.Network))
}

// standsIn says what stands in for what was reported: another case, or another browser than the customer's.
func (c *Complaint) standsIn(k Candidate) string {
	if c.Report.NotShown != "" {
		return "This is another case with the same symptom: the one that was reported no browser here can show. " + c.Report.NotShown
	}
	if c.Report.StandsIn != "" {
		return c.Report.StandsIn
	}
	if in := k.Case.Integration.Name; c.Integration != "" && in != c.Integration && len(c.Report.Runs) == 0 {
		return fmt.Sprintf("The style %s stands in: the sample portal of the style %s cannot show this situation.", in, c.Integration)
	}
	setting, _ := c.blockedScripts()
	scripts := len(k.Case.Network.Filters) > 0 && k.Case.Network.Filters[0].StripJavaScript
	switch theirs := c.Understood.Browser; {
	case scripts && setting == "" && inside.MatchString(onTheWay(c.Report.Network)):
		return "A filter on the way that takes scripts out stands in for the extension that blocks them."
	case scripts && setting != "":
		return fmt.Sprintf("A filter on the way that takes scripts out stands in for the setting that blocks them (%s).", setting)
	case k.Case.Policy.InternetExplorer != nil:
		return "Internet Explorer cannot be had any more: its rules, as Microsoft documents them, are put in front of Chromium."
	case theirs == "Safari":
		return "WebKitGTK, whose tracking prevention is switched on by the setting, stands in for Safari."
	case k.Case.Engine == browsers.WebKit && theirs != "" && theirs != "GNOME Web":
		return fmt.Sprintf("WebKitGTK, whose tracking prevention is switched on by the setting, stands in for the WebKit that is inside %s on iOS and iPadOS.", theirs)
	case k.Case.Engine == browsers.Firefox && theirs != "" && theirs != "Firefox":
		return fmt.Sprintf("Firefox stands in for %s, which is made of it and may have settings of its own.", theirs)
	case k.Case.Engine == browsers.Chromium && theirs != "" && theirs != "Chrome":
		return fmt.Sprintf("Chromium stands in for %s, which is made of it and may have settings of its own.", theirs)
	}
	return ""
}

// alike says whether an outcome, by its cause, is what was complained about; nil: the cause is not known.
func (c *Complaint) alike(o fixtures.Outcome, cause *fixtures.Cause) bool {
	switch {
	case c.Outcome == fixtures.Works:
		return false // nothing to reproduce
	case c.Outcome == "":
		return o != fixtures.Works && o != ""
	}
	return evidence{outcome: c.Outcome, said: true, har: c.Sequence != nil, refusing: true}.alike(predict.Prediction{Outcome: o, Cause: cmp.Or(cause, &fixtures.Cause{})})
}

// likeliest is what a complaint may come to, the question that tells most of it apart, and the candidate to look at.
func (c *Complaint) likeliest() ([]Group, *Question, Candidate, error) {
	groups, q, err := c.Search()
	if err != nil {
		return nil, nil, Candidate{}, err
	}
	k, err := c.best(groups)
	return groups, q, k, err
}

// best is the candidate to run: the likeliest of those that come to what was complained about, or else the likeliest of all.
func (c *Complaint) best(groups []Group) (Candidate, error) {
	for _, g := range groups {
		if (g.Cause == nil) == (c.Outcome == fixtures.Works) {
			return *g.Candidates[0], nil
		}
	}
	if len(groups) == 0 {
		return Candidate{}, fmt.Errorf("no case is left: what is said of browser, setting and style excludes each other; %s", strings.Join(problems(c.Findings), "; "))
	}
	return *groups[0].Candidates[0], nil
}

func problems(findings []intake.Finding) []string {
	var list []string
	for _, f := range findings {
		list = append(list, f.String())
	}
	return list
}

// likely is the least share of all likelihood with which a cause is told beside another.
const likely = .1

// possible are the likely causes, where there are several. Of a report that says itself how it is reproduced, or that nothing here shows, there is
// nothing to find out.
func (c *Complaint) possible(groups []Group) []Possible {
	var list []Possible
	for _, g := range groups {
		if g.Share < likely {
			break
		}
		list = append(list, Possible{Cause: g.Cause, Share: g.Share, Candidate: g.Candidates[0].String()})
	}
	if len(list) < 2 || c.Outcome == fixtures.Works || c.Report.NotShown != "" || len(c.Report.Runs) > 0 {
		return nil
	}
	return list
}

// Explain says from the policy model what a complaint comes to, and which remedies should help. Nothing runs.
func (c *Complaint) Explain() (*Answer, error) {
	groups, q, k, err := c.likeliest()
	if err != nil {
		return nil, err
	}
	a := c.answer(groups, k)
	a.Predicted, a.Outcome, a.Predicting, a.Question = true, k.Prediction.Outcome, k.Prediction.Hops, q
	if p := k.Prediction.Cause; p != nil {
		a.Cause = &Cause{Cookie: p.Cookie, Hop: p.Hop, LostAt: k.Prediction.LostAt, Reason: p.Reason, Rule: k.Prediction.Sentence}
		a.Not = c.not(a, k, len(k.Prediction.Hops) > 0, len(k.Case.Network.Filters) > 0 || k.Case.Network.Proxy != "")
	}
	a.Reproduced = !a.Contradicted && c.alike(a.Outcome, k.Prediction.Cause)
	for i := range a.Causes {
		likeliest := groups[i].Candidates[0]
		p := likeliest.Prediction
		a.Causes[i].Outcome, a.Causes[i].Reproduced = string(p.Outcome), !likeliest.contradicted() && c.alike(p.Outcome, p.Cause)
	}
	told, err := c.remedies(k.Case)
	if err != nil {
		return nil, err
	}
	for _, r := range told {
		t := Tried{Remedy: r}
		cured, err := c.apply(r.ID, k.Case)
		switch {
		case err != nil:
			t.Mark, t.Sentence = markOf(err), err.Error()
		case a.Cause == nil:
			t.Mark = NothingToProve
		default:
			if p := predict.Case(cured, c.modelVersion()); p.Outcome == fixtures.Works {
				t.Mark = ShouldHelp
			} else {
				t.Mark, t.Sentence = ShouldNotHelp, p.Sentence
			}
		}
		a.Remedies = append(a.Remedies, t)
	}
	sortTried(a.Remedies)
	return a, nil
}

// remedies are those to try: none where nothing is wrong.
func (c *Complaint) remedies(one testbed.Case) ([]remedy.Remedy, error) {
	if c.Outcome == fixtures.Works {
		return nil, nil
	}
	list, err := remedy.All(one)
	setting, _ := c.blockedScripts()
	for i := range list {
		if r := &list[i]; setting != "" && r.ID == fixtures.ProxyException {
			r.Title, r.By = "Have the policy leave the site's scripts alone", "the IT department"
			step := fmt.Sprintf("Put [*.]%s into the managed list JavaScriptAllowedForUrls, take what covers it out of JavaScriptBlockedForUrls, and see both at chrome://policy or edge://policy", session.Domain)
			if c.Settings.Engine == browsers.Firefox {
				step = "Set the preference javascript.enabled to true: Firefox's policies have no exception for one site"
			}
			r.How = []remedy.Instruction{{In: "The policy", Steps: []string{step}}}
		}
		if r := &list[i]; r.ID == fixtures.AllowThirdParties && (c.managed() || c.settingsDecide() && c.Settings.Locked) {
			step := "Set BlockThirdPartyCookies to false, and DefaultCookiesSetting to 1 where it is 2, and see both at chrome://policy or edge://policy: no person can change them"
			if c.Settings.Engine == browsers.Firefox {
				step = "Set Behavior of the policy Cookies to accept, or the preference network.cookie.cookieBehavior to 0 where that is what the policy sets, take the category strict out of EnableTrackingProtection where it is there, and see it at about:policies: it is locked, and no person can change it"
			}
			r.By, r.How = "the IT department", []remedy.Instruction{{In: "The policy", Steps: []string{step}}}
		}
	}
	return list, err
}

// managed says whether the exported settings decide about the cookies of all sites in a Chromium, where a person can change none of them.
func (c *Complaint) managed() bool {
	return c.settingsDecide() && c.Settings.Engine == browsers.Chromium && c.Settings.Policy.InternetExplorer == nil &&
		!slices.ContainsFunc([]string{"BlockThirdPartyCookies", "DefaultCookiesSetting"}, func(name string) bool { return slices.Contains(c.Settings.Recommended, name) })
}

// apply is the case with a remedy, where whoever it is for can take it.
func (c *Complaint) apply(m fixtures.Remedy, one testbed.Case) (testbed.Case, error) {
	if m == fixtures.PerSiteAllow && c.managed() && c.Settings.Policy.Base == policy.BlockAll {
		// Measured on Chromium 156. The case has the setting as a person's own, before which the exception would go.
		return testbed.Case{}, &remedy.NotAvailableError{Sentence: "DefaultCookiesSetting=2 is the IT department's, and no exception of a person's goes before it."}
	}
	return remedy.Apply(m, one)
}

// noneLost are the reasons that lose no cookie.
var noneLost = []fixtures.Reason{
	fixtures.IdleExpired, fixtures.OtherHost, fixtures.ScriptBlocked, fixtures.LoginRequired, fixtures.PasswordInAddress, fixtures.OtherService, fixtures.NotOffered,
}

// not is what a cause looks like and is not, as far as nothing that was sent says otherwise, and no other cause is likely too. Asked says that the site was
// asked for anything at all, changed that something on the way took a cookie out.
func (c *Complaint) not(a *Answer, k Candidate, asked, changed bool) []string {
	if k.contradicted() || a.Confidence == Low {
		return nil // nothing follows from a case that may not be meant
	}
	r, e := a.Cause.Reason, c.evidence()
	may := func(reasons ...fixtures.Reason) bool {
		return slices.ContainsFunc(a.Causes, func(p Possible) bool {
			return p.Cause != nil && p.Share >= likely && slices.Contains(reasons, p.Cause.Reason)
		})
	}
	// What is said of it and not understood may be a weekend.
	unread := c.Sequence == nil && slices.ContainsFunc(c.Findings, func(f intake.Finding) bool { return f.Field == "idle" && f.Kind == intake.WrongValue })
	short := e.idle <= session.DefaultIdleLimit && !unread
	set := func(names ...string) bool { // in a way that no case here has
		return slices.ContainsFunc(c.Untranslated, func(u intake.Untranslated) bool {
			return slices.ContainsFunc(names, func(n string) bool { return strings.Contains(strings.ToLower(u.Setting), n) })
		})
	}
	changed = changed || r == fixtures.RemovedByExtension || may(fixtures.RemovedByExtension, fixtures.RemovedOnTheWay) || e.words != "" || e.blocked || set("proxy", "autoconfigurl", "extension")
	bare := k.Case
	bare.Network = fixtures.Network{}
	var list []string
	add := func(when bool, s string) {
		if when {
			list = append(list, s)
		}
	}
	lost := !slices.Contains(noneLost, r)
	add(!lost && !slices.ContainsFunc(a.Causes, func(p Possible) bool {
		return p.Cause != nil && p.Share >= likely && !slices.Contains(noneLost, p.Cause.Reason)
	}),
		"It looks like a cookie bug and is none: no cookie was lost, and no setting about cookies cures it.")
	add(lost && asked && !may(fixtures.PasswordInAddress), "It is not the password: the login itself was accepted.")
	add(short && !may(fixtures.IdleExpired) && (lost && asked || r == fixtures.OtherHost), "It is not idle time: no half hour passed between login and refusal.")
	add(r == fixtures.IdleExpired && !may(fixtures.NotOffered, fixtures.LoginRequired, fixtures.PasswordInAddress), "It is not the portal's login, which was accepted: the session died later.")
	add(!changed && lost, "It is not a proxy, a filter or an extension: nothing on the way changed a cookie.")
	add(r == fixtures.RemovedOnTheWay && !may(fixtures.ThirdPartyBlocked, fixtures.AllBlocked, fixtures.SiteBlocked, fixtures.OtherPartition) && predict.Case(bare, c.modelVersion()).Outcome == fixtures.Works,
		"It is not a browser setting: the browser would have kept and sent the cookie.")
	add(r != fixtures.OtherHost && r != fixtures.OtherService && lost && !may(fixtures.OtherHost, fixtures.OtherService), "It is not somebody else's session: nobody else was logged in.")
	scripts, _ := c.blockedScripts()
	add(r != fixtures.ScriptBlocked && lost && asked && scripts == "" && !may(fixtures.ScriptBlocked), "It is not blocked scripts: the browser followed the site's answers.")
	add(r == fixtures.SameSite && !may(fixtures.ThirdPartyBlocked, fixtures.AllBlocked), "It is not the setting about third-party cookies: the cookie's own SameSite, or the lack of it, keeps it out of what another site's page asks for, whatever is allowed.")
	return list
}

// markOf is the mark of a remedy that cannot be applied.
func markOf(err error) Mark {
	switch so, missing := (*remedy.AlreadyError)(nil), (*remedy.NotAvailableError)(nil); {
	case errors.As(err, &so):
		return Already
	case errors.As(err, &missing):
		return NotAvailable
	}
	return NotTried
}

// sortTried puts what helps first; otherwise the order stays, in which remedies are best tried.
func sortTried(list []Tried) {
	rank := func(t Tried) int {
		switch t.Mark {
		case Proven, ShouldHelp:
			return 0
		case DoesNotHelp, ShouldNotHelp:
			return 1
		case NotTried, NothingToProve:
			return 2
		case NotAvailable:
			return 3
		}
		return 4
	}
	slices.SortStableFunc(list, func(a, b Tried) int { return cmp.Compare(rank(a), rank(b)) })
}
