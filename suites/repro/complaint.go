package repro

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/suites/intake"
)

// Complaint is everything that a customer sent, as far as it is understood.
type Complaint struct {
	Files    []File
	Report   fixtures.Report
	HAR      *intake.HAR      // nil: none was sent
	Sequence *intake.Sequence // of HAR
	Settings *intake.Settings // exported policies or settings; nil: none
	Cookies  *intake.CookieExport

	intake.Understood
	Findings     []intake.Finding
	Untranslated []intake.Untranslated
}

// File is one file of a complaint.
type File struct {
	Name string      `json:"name"` // without its folder
	Kind intake.Kind `json:"kind"`
}

// Read reads the files of a complaint, of any kinds in any order; a name that is no file may be that of a report compiled in. Now is when it is
// read. The error names the file and where in it something is wrong.
func Read(names []string, now time.Time) (*Complaint, error) {
	c := &Complaint{}
	var errs []error
	for _, name := range names {
		errs = append(errs, c.read(name, now))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	var err error
	c.Understood, c.Findings, err = intake.Interpret(c.Report, now)
	if err != nil {
		return nil, err
	}
	c.join()
	return c, nil
}

func (c *Complaint) read(name string, now time.Time) error {
	f, err := os.Open(name)
	if errors.Is(err, os.ErrNotExist) && !strings.ContainsAny(name, `./\`) {
		r, unknown := fixtures.ReportNamed(name)
		if unknown != nil {
			return fmt.Errorf("there is no file %s, and among the reports compiled in: %w", name, unknown)
		}
		return c.is(File{name, intake.KindReport}, func() error { c.Report = r; return nil })
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a regular file", name)
	}
	head := make([]byte, 4096)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %w", name, err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	kind := intake.KindOf(head[:n])
	if kind == intake.KindUnknown && n > 0 && bytes.IndexByte(head[:n], 0) < 0 && slices.Contains([]string{".yaml", ".yml"}, filepath.Ext(name)) {
		kind = intake.KindReport // its reader says best what is wrong with it
	}
	settings := func(read func(string, io.Reader) (*intake.Settings, error)) func() error {
		return func() (err error) { c.Settings, err = read(name, f); return err }
	}
	reader, ok := map[intake.Kind]func() error{
		intake.KindReport: func() (err error) { c.Report, err = intake.ReadReport(name, f); return err },
		intake.KindHAR: func() (err error) {
			if c.HAR, err = intake.ReadHAR(name, f, intake.HARLimits{}); err == nil {
				s := intake.SequenceOf(c.HAR)
				c.Sequence = &s
			}
			return err
		},
		intake.KindCookies:          func() (err error) { c.Cookies, err = intake.ReadCookies(name, f, now); return err },
		intake.KindChromiumPolicies: settings(intake.ReadChromiumPolicies),
		intake.KindFirefoxPolicies:  settings(intake.ReadFirefoxPolicies),
		intake.KindRegistry:         settings(intake.ReadRegistry),
		intake.KindPrivacyXML:       settings(intake.ReadPrivacyXML),
	}[kind]
	if !ok {
		return fmt.Errorf("%s: it is not known what this is; expected a report (YAML), a HAR file, an export of the browser's policies (JSON), a registry export (.reg), privacy preferences (XML) or cookies", name)
	}
	return c.is(File{filepath.Base(name), kind}, reader)
}

// is notes a file and reads it, where there is none of its kind yet. Settings of whatever kind are one.
func (c *Complaint) is(f File, read func() error) error {
	group := func(k intake.Kind) intake.Kind {
		switch k {
		case intake.KindFirefoxPolicies, intake.KindRegistry, intake.KindPrivacyXML:
			return intake.KindChromiumPolicies
		}
		return k
	}
	for _, o := range c.Files {
		if group(o.Kind) == group(f.Kind) {
			return fmt.Errorf("%s: %s was given already, as %s; expected one", f.Name, group(f.Kind), o.Name)
		}
	}
	c.Files = append(c.Files, f)
	return read()
}

func (c *Complaint) find(kind intake.FindingKind, field, problem, ask string) {
	c.Findings = append(c.Findings, intake.Finding{Kind: kind, Field: field, Problem: problem, Ask: ask})
}

// answered drops the question about a field that another file answers.
func (c *Complaint) answered(field string) {
	c.Findings = slices.DeleteFunc(c.Findings, func(f intake.Finding) bool { return f.Field == field && f.Kind != intake.Contradiction })
}

// join takes from recordings and exports what the report left open. Where they contradict it they are believed: nobody typed them.
func (c *Complaint) join() {
	if c.Report.PrivateWindow && c.explorer() == "" && (c.Policy == "browser-default" || c.Report.Setting == "") {
		c.Policy = "private-window"
	}
	c.leaveAside()
	c.chooseSettings()
	if s := c.Settings; s != nil {
		c.Untranslated = s.Untranslated
		if c.settingsDecide() {
			c.Policy = ""
			c.answered("setting")
		}
		if engine, known := c.settingsEngine(); known {
			browser := s.Browser
			if s.Policy.InternetExplorer != nil {
				browser = "" // its version is none of the browser behind its rules
			}
			c.believe(engine, browser, "the export of settings")
		}
	}
	if h := c.HAR; h != nil {
		if engine, known := engineNamed(h.Browser + " " + h.Creator); known {
			c.believe(engine, h.Browser, "the HAR file")
		}
		c.fromSequence()
	}
	if below := "." + session.Domain; strings.HasSuffix(c.Portal, below) && c.Site != "" && !strings.HasSuffix(c.Site, below) {
		c.Portal, c.Site = c.Site, c.Portal // said above: the two are in each other's place
	}
	c.fromCookies()
	if _, ok := c.siteName(); c.Site != "" && !ok {
		c.find(intake.Note, "webex", fmt.Sprintf("%s is not of the form https://NAME.webex.com, which is all that is simulated: https://%s stands in, also in the remedies.", c.Site, theirSite), "")
	}
}

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
	other := func(engine browsers.Engine, known bool, file string) bool {
		runs := func(r fixtures.ReportRun) bool { return slices.Contains(r.Browsers, engine) }
		if !known || len(c.Report.Runs) == 0 || slices.ContainsFunc(c.Report.Runs, runs) {
			return false
		}
		c.find(intake.Contradiction, "browser", fmt.Sprintf("No case of the report runs in the browser that %s comes from (%s): it is left aside.", file, engine),
			"Are all files from the same browser?")
		return true
	}
	if engine, known := c.settingsEngine(); other(engine, known, "the export of settings") {
		c.Settings = nil
	}
	if c.HAR != nil {
		if engine, known := engineNamed(c.HAR.Browser + " " + c.HAR.Creator); other(engine, known, "the HAR file") {
			c.HAR, c.Sequence = nil, nil
		}
	}
	if c.HAR == nil || c.Settings == nil {
		return
	}
	recorded, known := engineNamed(c.HAR.Browser + " " + c.HAR.Creator)
	if set, also := c.settingsEngine(); known && also && set != recorded {
		c.Settings = nil
		c.find(intake.Contradiction, "setting", fmt.Sprintf("The export of settings comes from another browser (%s) than the HAR file (%s): the export is left aside.", set, recorded),
			"Are all files from the same browser?")
	}
}

// chooseSettings takes, of what an export has of several browsers, that of the report's. A registry that has none of it says nothing: those of
// Internet Explorer, and of browsers made of the same engine, are there whichever somebody uses.
func (c *Complaint) chooseSettings() {
	theirs := c.Understood.Browser
	if c.HAR != nil && (theirs == "" || slices.Contains(toldApart, theirs)) {
		theirs = cmp.Or(browserNamed(c.HAR.Browser), theirs)
	}
	if c.Settings == nil {
		return
	}
	all := append([]*intake.Settings{c.Settings}, c.Settings.Others...)
	if theirs == "" {
		if len(all) > 1 {
			c.find(intake.Note, "export", fmt.Sprintf("The export has settings of more than one browser; %s is taken.", cmp.Or(c.Settings.Browser, "the first")), "Which browser is it?")
		}
		return
	}
	i := slices.IndexFunc(all, func(s *intake.Settings) bool {
		switch {
		case c.Engine != "" && c.Engine != browsers.Chromium:
			return false
		case s.Policy.InternetExplorer != nil:
			return theirs == "Internet Explorer"
		}
		return strings.Contains(s.Browser, theirs) || s.Browser == "Chromium" && theirs == "Chrome"
	})
	switch {
	case i >= 0:
		c.Settings = all[i]
	case c.Settings.Policy.InternetExplorer != nil:
		c.Settings = nil
		c.find(intake.Contradiction, "setting", fmt.Sprintf("%s does not heed Internet Explorer's zones and privacy settings: the export is left aside.", theirs),
			"Is it Edge in Internet Explorer mode? Otherwise: what do chrome://policy or edge://policy show?")
	case (c.Engine == "" || c.Engine == browsers.Chromium) && slices.ContainsFunc(c.Files, func(f File) bool { return f.Kind == intake.KindRegistry }):
		c.find(intake.Contradiction, "setting", fmt.Sprintf("%s does not heed the policies of %s: the export is left aside.", theirs, c.Settings.Browser),
			"What does the browser's own page show: chrome://policy, edge://policy or about:policies?")
		c.Settings = nil
	}
}

// toldApart are the browsers that a recording or an export of one another cannot be of: others may call themselves Chrome.
var toldApart = []string{"Chrome", "Edge", "Internet Explorer"}

// browserNamed is the browser that a program's name and version are of, as people say it, where that tells it from others made of the same engine.
func browserNamed(program string) string {
	for _, name := range []string{"Edge", "Chrome", "Firefox", "Safari"} {
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
	if m := versionAtEnd.FindStringSubmatch(browser); m != nil {
		if c.Version != "" && major(c.Version) != major(m[1]) {
			c.find(intake.Contradiction, "version", fmt.Sprintf("The report says version %s, and %s comes from version %s, which is believed.", c.Version, file, m[1]),
				"Does it fail in the one and not in the other?")
			c.Version = ""
		}
		c.Version = cmp.Or(c.Version, m[1])
	}
	c.answered("browser")
	c.answered("version")
}

func major(version string) string {
	m, _, _ := strings.Cut(version, ".")
	return m
}

// peopleSay is a browser of each engine by the name that most people use.
var peopleSay = map[browsers.Engine]string{browsers.Chromium: "Chrome", browsers.Firefox: "Firefox", browsers.WebKit: "Safari"}

// versionAtEnd is that of "Google Chrome 149.0.7780.80"; "Microsoft Edge" has none.
var versionAtEnd = regexp.MustCompile(`. ([0-9][^ ]*)$`)

// settingsDecide says whether the exported settings decide about the cookies of all sites. Where they do not, a person's own setting is in force.
func (c *Complaint) settingsDecide() bool {
	return c.Settings != nil && c.Settings.Policy.Base != policy.BrowserDefault
}

func (c *Complaint) settingsEngine() (browsers.Engine, bool) {
	for _, f := range c.Files {
		switch f.Kind {
		case intake.KindFirefoxPolicies:
			return browsers.Firefox, true
		case intake.KindChromiumPolicies, intake.KindRegistry, intake.KindPrivacyXML:
			return browsers.Chromium, true // Internet Explorer's rules are put in front of it
		}
	}
	return "", false
}

// engineNamed knows an engine by the program that a recording names.
func engineNamed(program string) (browsers.Engine, bool) {
	program = strings.ToLower(program)
	for _, w := range []struct {
		word   string
		engine browsers.Engine
	}{
		{"firefox", browsers.Firefox}, {"webkit web inspector", browsers.WebKit}, {"safari", browsers.WebKit}, {"webkitgtk", browsers.WebKit},
		{"webinspector", browsers.Chromium}, {"chrom", browsers.Chromium}, {"edge", browsers.Chromium},
	} {
		if strings.Contains(program, w.word) {
			return w.engine, true
		}
	}
	return "", false
}

// fromSequence takes from the recording the addresses and the symptom, where the report does not say them.
func (c *Complaint) fromSequence() {
	s := c.Sequence
	if len(s.Calls) == 0 {
		c.find(intake.Missing, "har", "No command of the URL API was found in the HAR file: it does not show what happened at the Webex site.",
			"Can it be recorded again, from before the login until it fails, with the log preserved from page to page?")
		return
	}
	for i, call := range s.Calls {
		hop := s.Hops[call.Hop]
		if i == 0 && hop.Host != "" {
			c.believeSite(hop.Host)
		}
		if u, err := url.Parse(hop.Command.Back); err == nil && c.Portal == "" && u.Scheme == "https" && u.Host != "" {
			c.Portal = u.Scheme + "://" + u.Host
		}
	}
	switch shown := symptomOf(s); {
	case c.Outcome == "":
		c.Outcome = shown
		c.answered("symptom")
		if shown == fixtures.Works {
			what := "the host's command is accepted: it does not show a failure."
			if _, i, refused := s.Denied(); refused {
				what = s.Calls[i].AT + " is refused first, and the host's command is accepted in the end: it does not show a failure that lasts."
			}
			c.find(intake.Note, "har", "In the HAR file "+what, "Can it be recorded again, when it fails?")
		}
	case shown == fixtures.Works && !(c.Outcome == fixtures.WrongUser && beginsLate(s)):
		c.find(intake.Contradiction, "symptom", fmt.Sprintf("The report says %s, and in the HAR file the host's command is accepted.", c.Outcome),
			"Can it be recorded again, when it fails?")
	}
	c.believeStyle()
	c.believeCookies()
	c.believeIdle()
	c.believeSetting()
	c.otherRefusals()
	if beginsLate(s) {
		c.find(intake.Missing, "har", fmt.Sprintf("The HAR file begins with %s: it does not show whether anybody had logged in before.", s.Calls[0].AT),
			"Can it be recorded again, from before the login until it fails?")
	}
	if s.Cookies == intake.CookiesRemoved {
		c.find(intake.Note, "har", "The HAR file was sanitized: it shows no cookies. The answers tell enough for a diagnosis, a less certain one.",
			"Can the recording be exported with sensitive data? In Chrome: the arrow beside the export button of the Network panel. It then holds passwords and tickets: send it with care.")
	}
}

// believeStyle takes from the recording where the commands were sent from.
func (c *Complaint) believeStyle() {
	if said := c.Integration; said != "" && !c.mayBe(said) {
		c.find(intake.Contradiction, "style", fmt.Sprintf("The report says %s, and the login in the HAR file was sent from elsewhere, which is believed.", said),
			"Is the HAR file of this complaint, and recorded from before the login?")
		c.Integration = ""
	}
	if c.showsStyle() {
		c.answered("style")
	}
}

// showsStyle says whether the recording tells where a command was sent from: older browsers and proxies do not.
func (c *Complaint) showsStyle() bool {
	return c.Sequence != nil && slices.ContainsFunc(c.Sequence.Calls, func(call intake.Call) bool { return call.Where != intake.Unknown })
}

// believeCookies takes from the recording how the site sets its ticket.
func (c *Complaint) believeCookies() {
	shown := recordedProfile(c.Sequence)
	if said := c.Profile; said != "" && shown != "" && said != string(shown) {
		c.find(intake.Contradiction, "cookies", fmt.Sprintf("The report says that the site's cookies are %s, and in the HAR file the ticket is set as %s, which is believed.", said, shown),
			"Has the site been changed since?")
	}
	c.Profile = cmp.Or(string(shown), c.Profile)
}

// believeSetting drops a setting under which the ticket would not have come along as the recording shows it.
func (c *Complaint) believeSetting() {
	if c.Policy != "block-third-party" && c.Policy != "block-all" || c.Profile == string(session.Partitioned) {
		return
	}
	for _, call := range c.Sequence.Calls {
		hop := c.Sequence.Hops[call.Hop]
		third := hop.FetchSite == "cross-site" && (call.Where == intake.Frame || call.Where == intake.Fetch)
		sent := slices.ContainsFunc(hop.Returned, func(k network.Cookie) bool { return k.Name == session.TicketName })
		if sent && (third || c.Policy == "block-all") {
			c.find(intake.Contradiction, "setting", fmt.Sprintf("The report says %s, and in the HAR file the ticket comes along with %s, which is believed.", c.Policy, call.AT),
				"Was the setting changed before the recording, or is there an exception for the site?")
			c.Policy = ""
			return
		}
	}
}

// aboutSessions are the reasons that have to do with whether there is a session, and whose.
var aboutSessions = []string{"", "AccessDenied", "AlreadyLogon"}

// otherRefusals tells of commands that failed for a reason that says nothing of cookies.
func (c *Complaint) otherRefusals() {
	for _, call := range c.Sequence.Calls {
		hop := c.Sequence.Hops[call.Hop]
		why := ""
		switch {
		case unanswered(hop) && hop.Err != "":
			why = "got no answer: " + hop.Err
		case unanswered(hop):
			why = fmt.Sprintf("was answered with status %d", hop.Status)
		case call.Answer.ST == "FAIL" && !slices.Contains(aboutSessions, call.Answer.RS):
			why = "was refused: " + call.Answer.RS
		default:
			continue
		}
		c.find(intake.Note, "har", fmt.Sprintf("In the HAR file %s %s. That says nothing of cookies.", cmp.Or(call.AT, call.Page), why), "Does it fail at the same place each time?")
		return
	}
}

// unanswered says whether a request got no answer of the URL API.
func unanswered(hop intake.Entry) bool {
	return hop.Status >= 400 || hop.Status == 0 && hop.Err != "" && !strings.Contains(hop.Err, "ABORTED")
}

// believeIdle takes from the recording for how long nobody had done anything when a command was refused: the least, where several were. What passes
// before a login ends no session that is asked for afterwards.
func (c *Complaint) believeIdle() {
	accepted, known, shown := false, false, time.Duration(0)
	for _, call := range c.Sequence.Calls {
		if accepted && call.NeedsSession() && call.Answer.RS == "AccessDenied" && (!known || call.Idle < shown) {
			known, shown = true, call.Idle
		}
		accepted = accepted || call.Answer.ST == "SUCCESS"
	}
	if !known {
		return
	}
	if c.Idle > session.DefaultIdleLimit && shown <= session.DefaultIdleLimit {
		c.answered("idle")
		c.find(intake.Contradiction, "idle", fmt.Sprintf("The report says that nobody did anything for %v, and in the HAR file a command is refused %v after one was accepted, which is believed.",
			c.Idle, shown.Round(time.Second)), "Does it fail at once after a login too?")
	}
	c.Idle = shown
}

// believeSite takes the Webex site of the recording.
func (c *Complaint) believeSite(host string) {
	if u, err := url.Parse(c.Site); err == nil && c.Site != "" && u.Hostname() != host {
		c.find(intake.Contradiction, "webex", fmt.Sprintf("The report says %s, and the commands in the HAR file went to %s, which is believed.", c.Site, host),
			"Is the HAR file of this complaint?")
	}
	c.Site = "https://" + host
	c.answered("webex")
}

// endsOpen says whether a recording ends with a login after which a portal goes on: what came then was not recorded.
func endsOpen(s *intake.Sequence) bool {
	if len(s.Calls) == 0 {
		return false
	}
	c := s.Calls[len(s.Calls)-1]
	return c.Followed == intake.Yes && (c.Answer.ST == "SUCCESS" || c.Answer.RS == "AlreadyLogon")
}

// beginsLate says whether a recording begins with a command that needs a session: a login before it was not recorded, or never was.
func beginsLate(s *intake.Sequence) bool { return len(s.Calls) > 0 && s.Calls[0].NeedsSession() }

// untilCured is how many commands of a recording tell of its failure: those until one is refused after the idle limit, where the same works after
// another login.
func untilCured(s *intake.Sequence) int {
	_, i, refused := s.Denied()
	if refused && s.Calls[i].Idle > session.DefaultIdleLimit && slices.ContainsFunc(s.Calls[i+1:], func(c intake.Call) bool { return c.NeedsSession() && c.Answer.ST == "SUCCESS" }) {
		return i + 1
	}
	return len(s.Calls)
}

// symptomOf is the outcome that a recording shows; empty where it ends too early.
func symptomOf(s *intake.Sequence) fixtures.Outcome {
	if untilCured(s) < len(s.Calls) {
		return fixtures.AccessDenied
	}
	var last *intake.Call
	for i := range s.Calls {
		if c := &s.Calls[i]; c.NeedsSession() || c.AT == "JM" {
			last = c
		}
	}
	switch {
	case s.Logins() >= 3:
		return fixtures.LoginLoop
	case last == nil && endsOpen(s):
		return "" // the recording ends before anything was decided
	case last == nil:
		return fixtures.Stuck
	case last.Answer.RS == "AccessDenied":
		return fixtures.AccessDenied
	case last.Answer.ST == "SUCCESS" && otherHost(s):
		return fixtures.WrongUser
	case last.Answer.ST == "SUCCESS" && (last.AT == "HM" || last.AT == "JM"):
		return fixtures.Works
	}
	return fixtures.Stuck
}

// otherHost says whether a login was refused because of a session that is not known to be the same host's, from a login before.
func otherHost(s *intake.Sequence) bool {
	host, known := "", false
	for _, c := range s.Calls {
		switch {
		case c.AT == "LO":
			known = false
		case c.AT != "LI":
		case c.Answer.ST == "SUCCESS":
			host, known = c.Host, true
		case c.Answer.RS == "AlreadyLogon" && !(known && c.Host == host):
			return true
		}
	}
	return false
}
