package repro

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

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
	guessed bool // the browser is that of the first of several whose settings were sent
	// engineVersion is what a recording says of the engine of a browser whose own versions count otherwise: "Chromium 119.0"; empty: nothing.
	engineVersion string
	Findings      []intake.Finding
	Untranslated  []intake.Untranslated
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
	if kind == intake.KindUnknown { // by its name: the reader of such files says best what is wrong with it
		switch strings.ToLower(filepath.Ext(name)) {
		case ".yaml", ".yml":
			if n > 0 && bytes.IndexByte(head[:n], 0) < 0 {
				kind = intake.KindReport
			}
		case ".har", ".zip", ".gz":
			kind = intake.KindHAR
		}
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
		what := "it is not known what this is"
		switch text := bytes.TrimSpace(head[:n]); {
		case len(text) == 0:
			what = "there is nothing in it"
		case bytes.HasPrefix(text, []byte("bplist")) || bytes.Contains(text, []byte("<plist")):
			what = "this is a property list, in which macOS keeps policies; chrome://policy exports them as JSON"
		}
		return fmt.Errorf("%s: %s; expected a report (YAML), a HAR file, an export of the browser's policies (JSON), a registry export (.reg), privacy preferences (XML) or cookies", name, what)
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
	asked := intake.SettingAsk(c.Understood.Browser, c.Engine)
	if c.Report.PrivateWindow && c.explorer() == "" && (c.Policy == "browser-default" || c.Report.Setting == "") {
		c.Policy = "private-window"
	}
	c.leaveAside()
	c.chooseSettings()
	if s := c.Settings; s != nil {
		if c.explorer() == "5.5" {
			s.For55()
		}
		c.Untranslated = s.Untranslated
		if c.settingsDecide() {
			c.Policy = ""
			c.answered("setting")
		}
		browser := s.Browser
		if s.Policy.InternetExplorer != nil {
			browser = "" // its version is none of the browser behind its rules
			if s.Browser != "" {
				c.answered("version")
			}
		}
		c.believe(s.Engine, browser, "the export of settings")
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
	if says := map[string]string{"allow-third-party": "allows third-party cookies outside of private windows", "block-third-party": "blocks third-party cookies"}[c.asShipped()]; says != "" && c.Policy == "browser-default" {
		c.find(intake.Note, "setting", c.Understood.Browser+" as it is shipped "+says+": that is what is tried.", "")
	}
	for i := range c.Findings {
		if f := &c.Findings[i]; f.Ask == asked {
			f.Ask = intake.SettingAsk(c.Understood.Browser, c.Engine) // a file may have told the browser
		}
	}
	c.tellScripts()
	c.tellEntries()
	if _, ok := c.siteName(); c.Site != "" && !ok {
		portal := ""
		if c.oneSite() {
			portal = ", with " + portalOfTheSite + " for the portal, which is below one domain with it"
		}
		c.find(intake.Note, "webex", fmt.Sprintf("%s is not of the form https://NAME.webex.com, which is all that is simulated: https://%s stands in, also in the remedies%s.", c.Site, theirSite, portal), "")
	}
}
