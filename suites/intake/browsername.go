package intake

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/internal/lazyregexp"
	"github.com/cookiegate/cookiegate/internal/wording"
)

// browserKind is what follows from a browser's name.
type browserKind struct {
	isIE bool
	// monthly says that it has a new major version every four weeks, the hundredth in the spring of 2022: Chrome, Edge, Firefox.
	monthly bool
}

// knownBrowser is a browser by the names that people use.
type knownBrowser struct {
	names   []string // the first is the one shown
	engine  browsers.Engine
	monthly bool
	ie      bool
	own     bool // its versions have numbers of their own, which are not its engine's
	inside  bool // it is a part of a program, without a settings page of its own
	oldest  int  // major version
	newest  int  // 0: there will be more
}

var knownBrowsers = []knownBrowser{
	{names: []string{"Chrome", "google chrome", "chromium"}, engine: browsers.Chromium, monthly: true},
	{names: []string{"Edge", "microsoft edge", "ms edge"}, engine: browsers.Chromium, monthly: true, oldest: 79},
	{names: []string{"Brave"}, engine: browsers.Chromium, own: true},
	{names: []string{"Opera"}, engine: browsers.Chromium, own: true, oldest: 15},
	{names: []string{"Vivaldi"}, engine: browsers.Chromium, own: true},
	{names: []string{"Samsung Internet"}, engine: browsers.Chromium, own: true},
	{names: []string{"Electron"}, engine: browsers.Chromium, own: true, inside: true},
	{names: []string{"WebView2", "webview", "microsoft webview"}, engine: browsers.Chromium, inside: true},
	{names: []string{"Microsoft Teams", "teams", "ms teams"}, engine: browsers.Chromium, own: true, inside: true},
	{names: []string{"Firefox", "mozilla firefox", "firefox esr", "mozilla"}, engine: browsers.Firefox, monthly: true},
	{names: []string{"Tor Browser", "tor"}, engine: browsers.Firefox, own: true},
	{names: []string{"Safari", "mobile safari", "webkit"}, engine: browsers.WebKit},
	{names: []string{"GNOME Web", "epiphany"}, engine: browsers.WebKit, own: true},
	{names: []string{"Internet Explorer", "ie", "msie", "microsoft internet explorer", "explorer"}, engine: browsers.Chromium, ie: true, oldest: 3, newest: 11},
}

// CountsOtherwise says whether the versions of a browser, by the name in Understood, have numbers of their own: Brave 1.60 is made of Chromium 119.
func CountsOtherwise(browser string) bool {
	return slices.ContainsFunc(knownBrowsers, func(b knownBrowser) bool { return b.own && b.names[0] == browser })
}

// InsideProgram says whether a browser, by the name in Understood, is a part of a program, which has no settings page for cookies.
func InsideProgram(browser string) bool {
	return slices.ContainsFunc(knownBrowsers, func(b knownBrowser) bool { return b.inside && b.names[0] == browser })
}

// nameAndVersion splits "Chrome 119.0 64-bit on Windows" and "Chrome/119.0".
var nameAndVersion = lazyregexp.New(`(?i)^\s*([a-z][a-z ]*?)\s*/?\s*(?:version|v\.?)?\s*` +
	`(?:([0-9][0-9.]*)(?:\s*(?:esr|sp ?[0-9]|(?:32|64)[ -]?bit|stable|beta))*)?\s*(?:(?:\bon\b|/|\(|,).*)?$`)

// appleMobile is a system on which every browser is WebKit.
var appleMobile = lazyregexp.New(`(?i)\b(ios|ipad(os|s)?|iphones?)[0-9]*\b`)

func (in *interpreter) browser() {
	const ask = "Which browser is it, and which version? In most of them: Help, About."
	r := in.report
	switch strings.ToLower(strings.TrimSpace(r.Browser)) {
	case "":
		in.find(Missing, "browser", ask, "It is not said which browser it is.")
		return
	case "any", "all", "every":
		return
	}
	said := cmp.Or(strings.TrimSpace(explorerMode.ReplaceAllString(r.Browser, "")), "Edge") // no other has that mode
	said = webview.ReplaceAllString(said, "webview")                                        // the digit is no version
	name, version := said, r.Version
	userAgent := strings.HasPrefix(said, "Mozilla/") // as nearly all of them begin
	if m := nameAndVersion.FindStringSubmatch(said); m != nil && !userAgent {
		if name = m[1]; version == "" {
			version = m[2]
		}
	}
	var all []string
	for _, b := range knownBrowsers {
		all = append(all, b.names...)
	}
	i := slices.IndexFunc(knownBrowsers, func(b knownBrowser) bool {
		return slices.ContainsFunc(b.names, func(n string) bool { return strings.EqualFold(n, strings.TrimSpace(name)) })
	})
	if i < 0 {
		in.find(NotUnderstood, "browser", ask, "%s is no browser that is known here%s.", shown(r.Browser), strings.TrimSuffix(wording.DidYouMean(name, all), "?"))
		return
	}
	if knownBrowsers[i].names[0] == "Edge" && in.explorerMode() {
		in.find(Note, "browser", "Does the address bar show Internet Explorer's symbol on the page in which it fails?",
			"In Edge's Internet Explorer mode Internet Explorer's cookies, zones and privacy settings hold, not Edge's.")
		i = slices.IndexFunc(knownBrowsers, func(b knownBrowser) bool { return b.ie })
		version = "11"
	}
	b := knownBrowsers[i]
	in.out.Browser, in.out.Engine, in.browserKind = b.names[0], b.engine, browserKind{isIE: b.ie, monthly: b.monthly}
	if appleMobile.MatchString(r.System + " " + r.Browser) {
		if b.engine != browsers.WebKit {
			in.find(Note, "browser", "", "On iOS and iPadOS every browser is WebKit inside: Safari's rules hold, not %s's.", b.names[0])
		}
		in.out.Engine, in.monthly = browsers.WebKit, false
	}
	in.version(version, b)
}

var webview = lazyregexp.New(`(?i)\bwebview ?2\b`)

// Edge runs some pages as Internet Explorer did.
var (
	explorerMode   = lazyregexp.New(`(?i)\b(in )?(internet explorer|ie)[ -]mode\b`)
	noExplorerMode = lazyregexp.New(`(?i)\b(not|no|without)\b[^,;.]*\b(internet explorer|ie)[ -]mode\b`)
)

func (in *interpreter) explorerMode() bool {
	r := in.report
	for _, text := range []string{r.Browser, r.System, r.Style, r.Setting} {
		if explorerMode.MatchString(text) && !noExplorerMode.MatchString(text) {
			return true
		}
	}
	return false
}

func (in *interpreter) version(version string, b knownBrowser) {
	if version == "" {
		in.find(Missing, "version", "Which version of "+b.names[0]+" is it?", "The version is not given; the one installed here is taken.")
		return
	}
	major, err := strconv.Atoi(strings.SplitN(strings.TrimSpace(version), ".", 2)[0])
	if err != nil || major <= 0 {
		in.find(WrongValue, "version", "Which version of "+b.names[0]+" is it?", "%s is no version; expected numbers with dots, such as 119.0.6045.", shown(version))
		return
	}
	newest := b.newest
	if in.monthly {
		newest = newestMonthly(in.written())
	}
	switch {
	case newest > 0 && major > newest:
		in.find(WrongValue, "version", "Which version of "+b.names[0]+" is it? Help, About shows it.", "There is no %s %d yet: the newest has a number of about %d.", b.names[0], major, newest)
		return
	case major < b.oldest:
		in.find(WrongValue, "version", "Which version of "+b.names[0]+" is it?", "%s %d is not the browser that is meant here: it began with %d.", b.names[0], major, b.oldest)
		return
	case b.ie && major >= 7:
		in.find(Note, "version", "", "The rules of Internet Explorer 6 stand in for those of %d, which kept them.", major)
	}
	in.out.Version = version
}

// newestMonthly is the greatest major version that Chrome, Edge or Firefox can have on a day: the hundredth came in the spring of 2022, and thirteen
// come every year. Half a year is let through.
func newestMonthly(day time.Time) int {
	spring := time.Date(2022, 4, 1, 0, 0, 0, 0, time.UTC)
	return 100 + int(day.Sub(spring).Hours()/24/28) + 7
}

// written is the day of the report, today where it gives none.
func (in *interpreter) written() time.Time {
	if t, err := time.Parse(time.DateOnly, in.report.Received); err == nil {
		return t
	}
	return in.today
}

// otherDates are forms in which people write a day; the one that is wanted is not among them.
var otherDates = []string{"2.1.2006", "02.01.2006", "2006/01/02", "Jan 2, 2006", "January 2, 2006", "2 January 2006", time.RFC3339}

func (in *interpreter) dates() {
	r := in.report
	received, okReceived := in.date("received", r.Received)
	since, okSince := in.date("since", r.Since)
	const ask = "On which day did it begin?"
	switch {
	case okReceived && received.After(in.today.AddDate(0, 0, 1)):
		in.find(WrongValue, "received", "", "%s has not come yet.", r.Received)
	case okSince && since.After(in.written().AddDate(0, 0, 1)):
		in.find(Contradiction, "since", ask, "It is said to fail since %s, and the report is of %s.", r.Since, in.written().Format(time.DateOnly))
	}
	if r.Since == "" {
		in.find(Missing, "since", "Since when does it fail, and did it work before? What was changed on that day?", "It is not said since when it fails.")
	}
}

// date reads a day.
func (in *interpreter) date(field, s string) (time.Time, bool) {
	if s == "" {
		return time.Time{}, false
	}
	t, err := time.Parse(time.DateOnly, s)
	if err == nil {
		return t, true
	}
	for _, layout := range otherDates {
		if t, err := time.Parse(layout, s); err == nil {
			in.find(WrongValue, field, "", "%s is taken for %s; please write it so.", shown(s), t.Format(time.DateOnly))
			return t, true
		}
	}
	if strings.Count(s, "/") == 2 {
		in.find(WrongValue, field, "Which day is meant?", "%s can be read in two ways; expected year, month and day, such as 2026-11-03.", shown(s))
		return time.Time{}, false
	}
	in.find(WrongValue, field, "Which day is meant?", "%s is no day; expected year, month and day, such as 2026-11-03.", shown(s))
	return time.Time{}, false
}
