package intake

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/internal/lazyregexp"
	"github.com/cookiegate/cookiegate/internal/wording"
	"github.com/cookiegate/cookiegate/simulator/session"
)

// Understood is what a report means for a case. What is empty is open: the search tries everything there.
type Understood struct {
	Engine      browsers.Engine  `json:"engine,omitempty"`
	Browser     string           `json:"browser,omitempty"` // the name that people use
	Version     string           `json:"version,omitempty"`
	Policy      string           `json:"policy,omitempty"`
	Integration string           `json:"integration,omitempty"`
	Profile     string           `json:"profile,omitempty"`
	Outcome     fixtures.Outcome `json:"outcome,omitempty"`
	Idle        time.Duration    `json:"idle,omitempty"`
	Portal      string           `json:"portal,omitempty"` // origin
	Site        string           `json:"site,omitempty"`   // origin of the Webex site
}

// Interpret says what a report means, and what to ask about it. Today is the day on which it is read. The error is that of the fixtures compiled in.
func Interpret(r fixtures.Report, today time.Time) (Understood, []Finding, error) {
	for _, said := range []*string{&r.Browser, &r.Version, &r.Setting, &r.Style, &r.Symptom, &r.Idle, &r.Since, &r.Cookies} {
		if notSaid.MatchString(*said) {
			*said = ""
		}
	}
	in := interpreter{report: r, today: today, policies: fixtures.PolicyNames(), styles: fixtures.IntegrationNames()}
	in.browser()
	if err := in.setting(); err != nil {
		return Understood{}, nil, err
	}
	in.style()
	in.symptom()
	in.cookies()
	in.dates()
	in.idle()
	in.addresses()
	in.agree()
	return in.out, in.findings, nil
}

// notSaid is how people fill in what they do not know.
var notSaid = lazyregexp.New(`(?i)^\s*(unknown|not known|no idea|not sure|n/?a|don['’]?t know|do not know|\?+|-+)[.?! ]*$`)

type interpreter struct {
	report   fixtures.Report
	today    time.Time
	policies []string      // the names of those compiled in
	policy   policy.Policy // the one that is meant
	styles   []string
	browserKind
	out      Understood
	findings []Finding
}

func (in *interpreter) find(kind FindingKind, field, ask, format string, args ...any) {
	in.findings = append(in.findings, Finding{kind, field, fmt.Sprintf(format, args...), ask})
}

// phrase is the meaning of words; the first one in a list whose words are all there, and of whose others none is, counts.
type phrase struct {
	means string
	all   []string // each is one of several, parted by |
	none  []string
}

// meaning finds out what a text means.
func meaning(text string, phrases []phrase) (string, bool) {
	words := " " + strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.')
	}), " ") + " "
	has := func(choice string) bool {
		return slices.ContainsFunc(strings.Split(choice, "|"), func(w string) bool { return strings.Contains(words, " "+w) })
	}
	for _, p := range phrases {
		if !slices.ContainsFunc(p.all, func(c string) bool { return !has(c) }) && !slices.ContainsFunc(p.none, has) {
			return p.means, true
		}
	}
	return "", false
}

// Settings by the words for them: those that go before what is said of cookies in general, and those that count where nothing is.
var (
	namedSettings = []phrase{
		{means: "allow-third-party", all: []string{"prevent cross|cross site tracking",
			"off|untick|disab|uncheck|not on|not enab|not tick|not check|not turned on|not switched on"}},
		{means: "block-third-party", all: []string{"prevent cross|cross site tracking"}},
		{means: "allow-third-party", all: []string{"total cookie protection", "off|disab|not on|not enab|not turned on|not switched on|without total"}},
		{means: "browser-default", all: []string{"third part|3rd part|thirdpart", "block|refus|reject", "in incognito|in private|in inprivate"}, none: []string{"also in|even in|and in|off|not block"}},
		{means: "per-site-block", all: []string{"webex.com is blocked|webex.com blocked|webex.com is not allowed|webex.com not allowed|webex.com is refused|block webex.com|blocks webex.com|blocked webex.com"}, none: []string{"third part|3rd part|thirdpart"}},
		{means: "per-site-allow", all: []string{"webex.com|site exception|allow list|allowlist|whitelist|exception", "allow|accept|enab|permit|always|may use|can use"}, none: []string{"bare|webex.com is not|webex.com not|no exception|without exception|without an exception"}},
	}
	otherSettings = []phrase{
		{means: "partition", all: []string{"total cookie protection|standard"}},
		{means: "partition-opt-in", all: []string{"strict"}},
		{means: "private-window", all: []string{"incognito|private|inprivate"}},
		{means: "browser-default", all: []string{"default|as shipped|never changed|unchanged|nothing changed|not changed"}},
	}
	// refusals are the policies that refuse the cookies that are spoken of.
	refusals = []phrase{
		{means: "block-third-party", all: []string{"third part|3rd part|thirdpart"}},
		{means: "block-all", all: []string{"cookies"}},
	}
)

// emptied are words of a cookie store that is emptied at the end.
var emptied = lazyregexp.New(`\b(delet|clear|eras|wip|empt)\w*\b.*\b(clos|exit|quit|shut|restart|end)`)

// settingMeant is the policy that a text means, or why there is none.
func settingMeant(text string) (name string, kind FindingKind) {
	text = withoutShortNot(text)
	if name, ok := meaning(text, namedSettings); ok {
		return name, ""
	}
	if emptied.MatchString(text) {
		return "", NotUnderstood // which cookies are accepted it does not say
	}
	if refusal, ok := meaning(text, refusals); ok {
		switch saidOfCookies(text) {
		case saysRefused:
			return refusal, ""
		case saysAllowed:
			return "allow-third-party", ""
		case saysBoth:
			return "", Contradiction
		case saysUnclear:
			return "", NotUnderstood
		}
	}
	if name, ok := meaning(text, otherSettings); ok {
		return name, ""
	}
	return "", NotUnderstood
}

// SettingAsk is the question about the setting of a browser, by the name in Understood and its engine; empty: of any.
func SettingAsk(browser string, engine browsers.Engine) string {
	const chrome, edge, firefox, safari = "Settings, Privacy and security, Third-party cookies", "Settings, Privacy, search, and services, Cookies", "Settings, Privacy & Security", "Settings, Privacy"
	where := map[string]string{
		"Chrome": chrome, "Edge": edge, "Firefox": firefox, "Safari": safari, "Internet Explorer": "Tools, Internet Options, the tabs Privacy and Security",
	}[browser]
	if engine == browsers.WebKit && browser != "Safari" {
		where = ""
	}
	switch {
	case InsideProgram(browser):
		return browser + " has no settings page for cookies. Does it fail in a browser by itself too, and which cookie setting does that have?"
	case where == "":
		return "Which cookie setting does the browser have? In Chrome: " + chrome + "; in Firefox: " + firefox + "; in Safari: " + safari + "."
	}
	return "Which cookie setting does the browser have? In " + browser + ": " + where + "."
}

// strictOptsIn says whether Firefox's Strict lets none but cookies with Partitioned into somebody else's page: it did from 132 on, and in Firefox ESR 153, where
// it was measured, it partitions as Standard does.
func (in *interpreter) strictOptsIn() bool {
	major, _, _ := strings.Cut(in.out.Version, ".")
	n, err := strconv.Atoi(major)
	return err == nil && n >= 132 && n < 153
}

// setting has the error of the policy that is meant.
func (in *interpreter) setting() error {
	r, ask := in.report, SettingAsk(in.out.Browser, in.out.Engine)
	if r.Setting == "" {
		in.find(Missing, "setting", ask, "It is not said which cookie setting the browser has.")
		return nil
	}
	name := r.Setting
	if level := "ie6-" + strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), " ", "-"); in.isIE && slices.Contains(in.policies, level) {
		name = level // the slider's position by itself
	}
	if !slices.Contains(in.policies, name) {
		var why FindingKind
		name, why = settingMeant(r.Setting)
		switch strict := name == "partition-opt-in"; {
		case in.out.Browser == "Edge" && (strict || why == NotUnderstood) && strings.Contains(strings.ToLower(r.Setting), "tracking prevention"):
			in.find(NotUnderstood, "setting", ask, "Edge's tracking prevention refuses listed trackers alone, and an unlisted host is untouched at every level; what becomes of other sites' cookies is not said.")
			return nil
		case strict && !in.strictOptsIn():
			name = "partition"
		}
		switch why {
		case Contradiction:
			in.find(Contradiction, "setting", ask, "%s says that cookies are refused and that they are allowed.", shown(r.Setting))
			return nil
		case NotUnderstood:
			in.find(NotUnderstood, "setting", ask, "%s is no setting that is known here%s.", shown(r.Setting), strings.TrimSuffix(wording.DidYouMean(r.Setting, in.policies), "?"))
			return nil
		}
	}
	p, err := fixtures.Policy(name)
	switch {
	case err != nil:
		return err
	case in.out.Engine != "" && policy.NotAvailable(string(in.out.Engine), p) != "":
		in.find(Contradiction, "setting", ask, "%s has no such setting: %s", in.out.Browser, policy.NotAvailable(string(in.out.Engine), p))
		return nil
	case p.InternetExplorer != nil && in.out.Browser != "" && !in.isIE:
		in.find(Contradiction, "setting", ask, "%s is a setting of Internet Explorer %s, and the browser is said to be %s.", shown(r.Setting), p.InternetExplorer.Version, in.out.Browser)
		return nil
	}
	in.policy, in.out.Policy = p, name
	return nil
}

// noFrame are the words of those who say that there is none.
const noFrame = "no iframe|no frame|not an iframe|not a frame|not in an iframe|not in a frame|not in frame|not embed|without iframe|without an iframe|without frame|never in a"

var stylePhrases = []phrase{
	{means: "frameset", all: []string{"frameset"}},
	{means: "background", all: []string{"background|hidden|ajax|fetch|xhr|credentials"}},
	{means: "iframe", all: []string{"iframe|frame|embed|inside our page|within our page"}, none: []string{noFrame}},
	{means: "popup", all: []string{"popup|pop up|new window|new tab|window.open"}, none: []string{"no popup|no pop up|no new window|not a popup|not a pop up|without popup"}},
	{means: "server-to-server", all: []string{"server to server|backend|back end|our server"}},
	{means: "logout-first", all: []string{"logs out first|logout first|log out first"}},
	{means: "form-post", all: []string{"form|post"}},
	{means: "redirect", all: []string{"redirect|link|full page|whole window|same window"}},
}

func (in *interpreter) style() {
	const ask = "How does the portal open Webex: in a frame of its page, in a new window or tab, or does the whole window go to Webex and come back?"
	r := in.report
	switch {
	case r.Style == "":
		in.find(Missing, "style", ask, "It is not said how the portal calls Webex.")
	case slices.Contains(in.styles, r.Style):
		in.out.Integration = r.Style
	default:
		style, ok := meaning(r.Style, stylePhrases)
		if !ok {
			in.find(NotUnderstood, "style", ask, "%s is no style of integration; expected %s%s.", shown(r.Style), wording.OneOf(in.styles), strings.TrimSuffix(wording.DidYouMean(r.Style, in.styles), "?"))
			return
		}
		in.out.Integration = style
	}
}

var symptomPhrases = []phrase{
	{means: "login-loop", all: []string{"loop|again and again|for ever|forever|round and round|in circles|keeps asking|over and over"}},
	{means: "wrong-user", all: []string{"wrong user|wrong host|wrong account|wrong name|somebody else|someone else|other account|other user|other host|another account|another user|another host"}},
	{means: "access-denied", all: []string{"access denied|accessdenied|401|403|forbidden|not logged in|login required|sign in required|must log in|must sign in|have to log in|have to sign in|need to log in|need to sign in|please log in|please sign in|logged out|no session|session expired|must have an active"}},
	{means: "stuck", all: []string{"nothing happens|blank|white page|white screen|dead|hang|stuck|stays on|never loads|does not load"}},
	{means: "works", all: []string{"works"}, none: []string{"not work|never works|no longer works|doesn|nothing works|nothing at all works|none works|nowhere works|neither works"}},
}

func (in *interpreter) symptom() {
	const ask = "What does the person see at the end, word for word, and in which window or frame? A screenshot, or a HAR file, says more."
	r := in.report
	outcomes := []fixtures.Outcome{fixtures.Works, fixtures.AccessDenied, fixtures.LoginLoop, fixtures.Stuck, fixtures.WrongUser}
	o := fixtures.Outcome(r.Symptom)
	switch {
	case r.Symptom == "":
		in.find(Missing, "symptom", ask, "It is not said what happens.")
		return
	case !slices.Contains(outcomes, o):
		word, ok := meaning(r.Symptom, symptomPhrases)
		if !ok {
			in.find(NotUnderstood, "symptom", ask, "%s could be anything; what is known is: access-denied, login-loop, stuck, wrong-user.", shown(r.Symptom))
			return
		}
		o = fixtures.Outcome(word)
	}
	if o == fixtures.Works {
		in.find(Contradiction, "symptom", ask, "The report says that it works: there is nothing to reproduce.")
		return
	}
	in.out.Outcome = o
}

func profileNames() []string {
	var names []string
	for _, p := range session.Profiles() {
		names = append(names, string(p))
	}
	return names
}

func (in *interpreter) cookies() {
	r := in.report
	if r.Cookies == "" {
		return // a HAR file shows it; nobody can be asked for it by word of mouth
	}
	if slices.Contains(profileNames(), r.Cookies) {
		in.out.Profile = r.Cookies
		return
	}
	c := policy.ParseSetCookie("ticket=x; " + r.Cookies)
	switch {
	case c.Partitioned:
		in.out.Profile = string(session.Partitioned)
	case c.SameSite == policy.SameSiteNone && c.Secure:
		in.out.Profile = string(session.NoneSecure)
	case c.SameSite == policy.SameSiteNone:
		in.out.Profile = string(session.NoneInsecure)
	case c.SameSite != policy.SameSiteUnset:
		in.out.Profile = string(c.SameSite)
	case c.Secure:
		in.out.Profile = string(session.Legacy)
	default:
		in.find(NotUnderstood, "cookies", "", "%s is no cookie profile; expected %s, or the attributes of Set-Cookie, such as SameSite=None; Secure%s.",
			shown(r.Cookies), wording.OneOf(profileNames()), strings.TrimSuffix(wording.DidYouMean(r.Cookies, profileNames()), "?"))
	}
}

// spokenDuration puts the numbers and units that people write into those of time.ParseDuration.
var spokenDuration = strings.NewReplacer("an hour and a half", "1h30m", "half an hour", "30m", "half hour", "30m", "an hour", "1h", "one hour", "1h", "two", "2", "three", "3", "four", "4",
	"a day", "24h", "one day", "24h", "overnight", "8h", "minutes", "m", "minute", "m", "mins", "m", "min", "m", "hours", "h", "hour", "h", "hrs", "h", "hr", "h",
	"seconds", "s", "second", "s", "about", "", "around", "", "roughly", "", "at least", "", "over", "", "more than", "", "and", "", "ca.", "", "~", "", ">", "")

// days have no unit in time.ParseDuration.
var days = lazyregexp.New(`([0-9]{1,3}) days?\b`)

var notIdle = lazyregexp.New(`(?i)^\s*(none|no|never|0|not (at all|idle))[. ]*$`)

func (in *interpreter) idle() {
	r := in.report
	if r.Idle == "" || notIdle.MatchString(r.Idle) {
		return
	}
	words := days.ReplaceAllStringFunc(spokenDuration.Replace(strings.ToLower(r.Idle)), func(s string) string {
		n, _ := strconv.Atoi(days.FindStringSubmatch(s)[1])
		return strconv.Itoa(24*n) + "h"
	})
	d, err := time.ParseDuration(strings.ReplaceAll(words, " ", ""))
	if err != nil || d < 0 {
		in.find(WrongValue, "idle", "For how long had nobody done anything before it failed?", `%s is no duration; expected one such as "40m" or "1h30m".`, shown(r.Idle))
		return
	}
	in.out.Idle = d
	if d > 30*time.Minute {
		in.find(Note, "idle", "", "A Webex session dies after more than 30 minutes without a command, unless the site has another limit. That alone can explain Access Denied, without any cookie's fault.")
	}
}

// addresses reads those of the portal and of the site.
func (in *interpreter) addresses() {
	r := in.report
	portal, portalDomain := in.address("portal", r.Portal)
	webex, webexDomain := in.address("webex", r.Webex)
	in.out.Portal, in.out.Site = portal, webex
	if r.Webex == "" {
		in.find(Missing, "webex", "What is the address of the Webex site (https://SITE.webex.com)?", "The address of the Webex site is not given; one is made up.")
	}
	switch {
	case portal == "" || webex == "":
	case webexDomain != "webex.com" && portalDomain == "webex.com":
		in.find(Contradiction, "webex", "Which of the two is the Webex site?", "The two addresses seem to be in each other's place: %s is below webex.com, and %s is not.", portal, webex)
	case portalDomain == webexDomain && !(in.out.Engine == browsers.Chromium && strings.HasPrefix(portal, "http://")):
		in.find(Contradiction, "portal", "Which address does the person see in the address bar when it fails?",
			"Portal and Webex site are both below %s, which makes them one site: settings about third-party cookies and SameSite do not come between them.", webexDomain)
	}
	if strings.HasPrefix(portal, "http://") {
		in.find(Note, "portal", "", "The portal is on http and the site on https. To Chromium those are two sites even under one domain, and SameSite=None needs Secure, which http has not.")
	}
}

// address gives the origin of an address and its registrable domain.
func (in *interpreter) address(field, s string) (origin, domain string) {
	if s == "" {
		return "", ""
	}
	whole := s
	if !strings.Contains(s, "://") {
		whole = "https://" + s
	}
	u, err := url.Parse(whole)
	if err != nil || u.Hostname() == "" || !slices.Contains([]string{"http", "https"}, u.Scheme) || !strings.Contains(u.Hostname(), ".") && u.Hostname() != "localhost" {
		in.find(WrongValue, field, "What stands in the address bar?", "%s is no address; expected one such as https://acme.webex.com.", shown(s))
		return "", ""
	}
	domain, err = publicsuffix.EffectiveTLDPlusOne(strings.ToLower(u.Hostname()))
	if err != nil {
		domain = strings.ToLower(u.Hostname())
	}
	return strings.ToLower(u.Scheme + "://" + u.Host), domain
}

// agree holds the parts against each other.
func (in *interpreter) agree() {
	o := in.out
	thirdParty := in.policy.Base == policy.BlockThirdParty
	switch {
	case o.Integration == "server-to-server":
		in.find(Contradiction, "style", "Does the browser itself ever go to the Webex site?", "Server to server no cookie of the browser's is involved: no browser and no setting can break it. Something else does, or the browser goes there after all.")
	case thirdParty && slices.Contains([]string{"redirect", "form-post", "chained", "logout-first", "popup"}, o.Integration) && o.Outcome == fixtures.AccessDenied && o.Idle <= 30*time.Minute:
		in.find(Contradiction, "setting", "Is the Webex page shown inside the portal's page after all, in a frame?",
			"Where the whole window goes to Webex its cookies are first-party, and blocking those of third parties does not touch them.")
	case o.Policy == "block-all" && o.Outcome == fixtures.WrongUser:
		in.find(Contradiction, "setting", "Are really all cookies refused?", "Without any cookie nobody can be logged in as somebody else.")
	}
	if in.report.PrivateWindow && o.Policy != "" && !strings.Contains(o.Policy, "private") {
		rules := "Private windows have rules and a cookie store of their own, whatever holds elsewhere."
		if o.Engine == browsers.Chromium {
			rules = "Private windows have rules of their own: Chrome refuses third-party cookies there by default, whatever holds elsewhere."
		}
		in.find(Note, "private-window", "Does it fail in an ordinary window too?", "%s", rules)
	}
}
