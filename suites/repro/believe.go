package repro

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/internal/lazyregexp"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/suites/intake"
)

// fromCookies takes from an export of cookies how the site sets its ticket. The recording of an answer that sets it goes before it.
func (c *Complaint) fromCookies() {
	if c.Cookies == nil {
		return
	}
	for _, k := range c.Cookies.Cookies {
		switch {
		case k.Name != session.TicketName || !c.theSites(k.Domain):
		case c.Cookies.Format == intake.CookiesTxt:
			if c.Profile == "" {
				c.find(intake.Note, "cookies", "A cookies.txt does not say which SameSite a cookie has, on which most depends.", "What is in the column SameSite of the developer tools, Storage?")
			}
		case c.Sequence != nil && recordedProfile(c.Sequence) != "":
		default:
			kept := string(profileOf(k.Cookie))
			if c.Profile != "" && c.Profile != kept {
				c.find(intake.Contradiction, "cookies", fmt.Sprintf("The report says that the site's cookies are %s, and in the export of cookies the ticket is %s, which is believed.", c.Profile, kept),
					"Has the site been changed since?")
			}
			c.Profile = kept
		}
	}
}

// theSites says whether a cookie of that domain is the Webex site's.
func (c *Complaint) theSites(domain string) bool {
	u, err := url.Parse(c.Site)
	return domain == session.Domain || strings.HasSuffix(domain, "."+session.Domain) ||
		err == nil && c.Site != "" && (u.Hostname() == domain || strings.HasSuffix(u.Hostname(), "."+domain))
}

// leaveAside drops settings and recordings of a browser in which none of the report's own cases runs, and settings of another browser than that of the
// recording: they say nothing about those.
func (c *Complaint) leaveAside() {
	other := func(engine browsers.Engine) bool {
		runs := func(r fixtures.ReportRun) bool { return slices.Contains(r.Browsers, engine) }
		return len(c.Report.Runs) > 0 && !slices.ContainsFunc(c.Report.Runs, runs)
	}
	tell := func(engine browsers.Engine, file string) {
		c.find(intake.Contradiction, "browser", fmt.Sprintf("No case of the report runs in the browser that %s comes from (%s): it is left aside.", file, engine),
			"Are all files from the same browser?")
	}
	if s := c.Settings; s != nil && !c.keepSettings(func(s *intake.Settings) bool { return !other(s.Engine) }) {
		tell(s.Engine, "the export of settings")
	}
	if c.HAR == nil {
		return
	}
	recorded, known := engineNamed(c.HAR.Browser + " " + c.HAR.Creator)
	if known && other(recorded) {
		tell(recorded, "the HAR file")
		c.HAR, c.Sequence = nil, nil
		return
	}
	if s := c.Settings; s != nil && known && !c.keepSettings(func(s *intake.Settings) bool { return s.Engine == recorded }) {
		c.find(intake.Contradiction, "setting", fmt.Sprintf("The export of settings comes from another browser (%s) than the HAR file (%s): the export is left aside.", s.Engine, recorded),
			"Are all files from the same browser?")
	}
}

// keepSettings leaves of the exported settings those of some browsers, and says whether there are any.
func (c *Complaint) keepSettings(of func(*intake.Settings) bool) bool {
	var kept []*intake.Settings
	for _, s := range append([]*intake.Settings{c.Settings}, c.Settings.Others...) {
		if of(s) {
			kept = append(kept, s)
		}
	}
	if len(kept) == 0 {
		c.Settings = nil
		return false
	}
	c.Settings, kept[0].Others = kept[0], kept[1:]
	return true
}

// failsIn is the browser in which it fails, by its name and engine: the recording's goes before the report's.
func (c *Complaint) failsIn() (browser string, engine browsers.Engine) {
	browser, engine = c.Understood.Browser, c.Engine
	if c.HAR == nil {
		return browser, engine
	}
	named := browserNamed(c.HAR.Browser)
	recorded, known := engineNamed(c.HAR.Browser + " " + c.HAR.Creator)
	switch {
	case known && engine != recorded:
		return named, recorded
	case slices.Contains(toldApart, browser):
		return cmp.Or(named, browser), engine
	}
	return browser, engine
}

const whichAsk = "In which of the browsers does it fail?"

// chooseSettings takes, of what an export has of several browsers, that of the browser in which it fails. One that has none of it says nothing: whichever
// browser somebody uses, a machine may have policies of others, and settings of Internet Explorer.
func (c *Complaint) chooseSettings() {
	if c.Settings == nil {
		return
	}
	theirs, engine := c.failsIn()
	if theirs == "" {
		if len(c.Settings.Others) > 0 {
			c.find(intake.Note, "export", fmt.Sprintf("The export has settings of more than one browser; %s is taken.", cmp.Or(c.Settings.Browser, "the first")), whichAsk)
			c.guessed = true
		}
		return
	}
	registry := slices.ContainsFunc(c.Files, func(f File) bool { return f.Kind == intake.KindRegistry })
	first := c.Settings
	if c.keepSettings(func(s *intake.Settings) bool {
		switch {
		case engine != s.Engine && len(c.Report.Runs) == 0:
			return false
		case theirs == "Internet Explorer" || s.Policy.InternetExplorer != nil:
			return theirs == "Internet Explorer" && s.Policy.InternetExplorer != nil
		case engine != s.Engine, s.Engine != browsers.Chromium, s.Browser == "", !registry && !slices.Contains(toldApart, theirs):
			return true
		}
		return strings.Contains(s.Browser, theirs) || strings.HasPrefix(s.Browser, "Chromium") && theirs == "Chrome"
	}) {
		return
	}
	if first.Policy.InternetExplorer != nil {
		c.find(intake.Contradiction, "setting", fmt.Sprintf("%s does not heed Internet Explorer's zones and privacy settings: the export is left aside.", theirs),
			"Is it Edge in Internet Explorer mode? Otherwise: what do chrome://policy or edge://policy show?")
		return
	}
	of := cmp.Or(strings.TrimRight(first.Browser, "0123456789. "), map[browsers.Engine]string{browsers.Chromium: "Chrome or Edge", browsers.Firefox: "Firefox"}[first.Engine])
	if strings.Contains(of, theirs) && engine == browsers.WebKit {
		theirs += ", which is WebKit inside here,"
	}
	c.find(intake.Contradiction, "setting", fmt.Sprintf("%s does not heed the policies of %s: the export is left aside.", theirs, of),
		"In which browser does it fail? Its policies are at chrome://policy, edge://policy or about:policies; Safari has no such page.")
}

// toldApart are the browsers that a recording or an export of one another cannot be of: others may call themselves Chrome.
var toldApart = []string{"Chrome", "Edge", "Internet Explorer"}

// browserNamed is the browser that a program's name and version are of, as people say it, where that tells it from others made of the same engine.
func browserNamed(program string) string {
	for _, name := range []string{"Edge", "Chrome", "Firefox", "Safari", "Internet Explorer"} {
		if strings.Contains(program, name) {
			return name
		}
	}
	return ""
}

// believe takes the engine of a file.
func (c *Complaint) believe(engine browsers.Engine, browser, file string) {
	if c.Engine != "" && c.Engine != engine {
		c.find(intake.Contradiction, "browser", fmt.Sprintf("The report says %s, and %s comes from another browser (%s), which is believed.", c.Understood.Browser, file, engine),
			"Which browser was it, and are all files from the same one?")
		c.Version = ""
		if p, err := fixtures.Policy(c.Policy); err == nil && policy.NotAvailable(string(engine), p) != "" {
			c.Policy = "" // a setting that only the other browser has
		}
	}
	theirs, named := c.Understood.Browser, browserNamed(browser)
	if c.Engine == engine && named != "" && named != theirs && slices.Contains(toldApart, theirs) {
		c.find(intake.Contradiction, "browser", fmt.Sprintf("The report says %s, and %s comes from %s, which is believed.", theirs, file, named),
			"Which browser was it, and are all files from the same one?")
		c.Understood.Browser, c.Version = named, ""
		if p, err := fixtures.Policy(c.Policy); err == nil && p.InternetExplorer != nil {
			c.Policy = ""
		}
	}
	if c.Engine != engine || c.Understood.Browser == "" {
		c.Understood.Browser = cmp.Or(named, peopleSay[engine])
	}
	c.Engine = engine
	switch m := versionAtEnd.FindStringSubmatch(browser); {
	case m == nil, strings.HasPrefix(browser, "WebKitGTK"): // which counts otherwise than Safari
	case intake.CountsOtherwise(c.Understood.Browser):
		if name := engineNames[engine]; named != "" && name != "" {
			c.engineVersion = name + " " + m[1]
		}
		c.answered("version")
	default:
		if c.Version != "" && major(c.Version) != major(m[1]) {
			c.find(intake.Contradiction, "version", fmt.Sprintf("The report says version %s, and %s comes from version %s, which is believed.", c.Version, file, m[1]),
				"Does it fail in the one and not in the other?")
			c.Version = ""
		}
		c.Version = cmp.Or(c.Version, m[1])
		c.answered("version")
	}
	c.answered("browser")
}

func major(version string) string {
	m, _, _ := strings.Cut(version, ".")
	return m
}

// peopleSay is a browser of each engine by the name that most people use.
var peopleSay = map[browsers.Engine]string{browsers.Chromium: "Chrome", browsers.Firefox: "Firefox", browsers.WebKit: "Safari"}

// engineNames are those of engines that count as the browsers do that call themselves by their name.
var engineNames = map[browsers.Engine]string{browsers.Chromium: "Chromium", browsers.Firefox: "Firefox"}

// versionAtEnd is that of "Google Chrome 149.0.7780.80"; "Microsoft Edge" has none.
var versionAtEnd = lazyregexp.New(`. ([0-9][^ ]*)$`)

// settingsDecide says whether the exported settings decide about the cookies of all sites. Where they do not, a person's own setting is in force.
func (c *Complaint) settingsDecide() bool {
	return c.Settings != nil && c.Settings.Policy.Base != policy.BrowserDefault
}

// engineNamed knows an engine by the program that a recording names.
func engineNamed(program string) (browsers.Engine, bool) {
	program = strings.ToLower(program)
	for _, w := range []struct {
		word   string
		engine browsers.Engine
	}{
		{"firefox", browsers.Firefox}, {"webkit", browsers.WebKit}, {"safari", browsers.WebKit},
		{"webinspector", browsers.Chromium}, {"chrom", browsers.Chromium}, {"edge", browsers.Chromium}, {"internet explorer", browsers.Chromium}, // behind its rules
	} {
		if strings.Contains(program, w.word) {
			return w.engine, true
		}
	}
	return "", false
}
