package repro

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/report"
)

// WriteBundle writes the evidence into a zip file: the answer as text and JSON, what was sent as it was read, the case as a report that `cookiegate
// repro` runs again, the recording as a HAR file, the browser's trace, the screenshot, and the versions. Nothing in it is a copy of a customer's file: what was
// read has its secrets taken out, and nothing else is written. It is written as report.WriteFile does.
func (a *Answer) WriteBundle(file string, c *Complaint) error {
	return report.WriteFile(file, func(w io.Writer) error {
		z := zip.NewWriter(w)
		for _, part := range a.parts(c) {
			w, err := z.Create(part.name)
			if err != nil {
				return err
			}
			if err := part.write(w); err != nil {
				return fmt.Errorf("%s: %w", part.name, err)
			}
		}
		return z.Close()
	})
}

type part struct {
	name  string
	write func(io.Writer) error
}

func (a *Answer) parts(c *Complaint) []part {
	asJSON := func(v any) func(io.Writer) error {
		return func(w io.Writer) error {
			e := json.NewEncoder(w)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			return e.Encode(v)
		}
	}
	text := func(s string) func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
	}
	replay := "cookiegate repro case.yaml"
	var more []part
	if c.Settings != nil {
		if c.Settings.Policy.InternetExplorer == nil {
			more, replay = append(more, part{"policies.json", asJSON(exported(c.Settings.Engine, c.Settings.Policy))}), replay+" policies.json"
		} else {
			replay += " SETTINGS   (the customer's own settings file, which is not in here)"
		}
	}
	if c.Sequence != nil {
		more = append(more, part{"sent/recording.json", asJSON(c.Sequence)})
	}
	if c.Cookies != nil {
		more = append(more, part{"sent/cookies.json", asJSON(c.Cookies)})
	}
	if r := a.result.Recording; r != nil {
		more = append(more, part{"run.har", func(w io.Writer) error { return r.WriteHAR(w, false) }})
	}
	if len(a.result.Documents) > 0 {
		more = append(more, part{"seen.txt", text(strings.Join(a.result.Documents, "\n") + "\n")})
	}
	if len(a.trace) > 0 {
		more = append(more, part{"trace.zip", func(w io.Writer) error { _, err := w.Write(a.trace); return err }})
	}
	if len(a.result.PNG) > 0 {
		more = append(more, part{"screenshot.png", func(w io.Writer) error { _, err := w.Write(a.result.PNG); return err }})
	}
	return append([]part{
		{"README.txt", text(fmt.Sprintf("What a complaint came to, with its evidence. Secrets are taken out.\n\nThis runs it again, without the network:\n\n    %s\n", replay))},
		{"answer.txt", a.Text},
		{"answer.json", asJSON(a)},
		{"case.yaml", func(w io.Writer) error { return a.writeCase(w, c) }},
		{"versions.txt", text(a.versions())},
		{"sent/report.yaml", func(w io.Writer) error { return writeYAML(w, c.Report) }},
	}, more...)
}

func (a *Answer) versions() string {
	of := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		of = info.Main.Version
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				of += " " + s.Value
			}
		}
	}
	browser := a.BrowserVersion
	if browser == "" {
		browser = "none: a prediction"
	}
	return fmt.Sprintf("cookiegate %s\nbrowser    %s\nsystem     %s/%s, %s\n", of, browser, runtime.GOOS, runtime.GOARCH, runtime.Version())
}

// writeCase writes the case as a report with one run.
func (a *Answer) writeCase(w io.Writer, c *Complaint) error {
	k := a.it
	name := k.Policy.Name
	if _, err := fixtures.Policy(name); err != nil {
		name = "browser-default" // policies.json, given along, takes its place
	}
	run := fixtures.ReportRun{Name: "case", Why: "What the complaint comes to.", Run: fixtures.Run{
		Integration: k.Integration.Name, Browsers: []browsers.Engine{k.Engine}, Policy: name, Profile: string(k.Site.Profile),
		Site: fixtures.SiteSettings{
			IdleLimit: k.Site.IdleLimit, Redirect: k.Site.Redirect, Get2Post: k.Site.Get2Post, LoginRequired: k.Site.LoginRequired, CSRF: k.Site.CSRF,
		},
		Network: k.Network, Goal: k.Integration.Goal, Steps: k.Steps, Outcome: a.Outcome,
	}}
	if a.Cause != nil {
		hop := a.Cause.Hop
		if _, at, ok := strings.Cut(hop, "?AT="); ok {
			hop = at
		} else if i := strings.LastIndexByte(hop, '/'); i > 0 {
			hop = hop[i:]
		}
		run.Cause = &fixtures.Cause{Cookie: a.Cause.Cookie, Hop: hop, Reason: a.Cause.Reason}
	}
	r := c.Report
	if c.Understood.Browser != "" {
		r.Browser, r.Version = c.Understood.Browser, c.Version // also where another file said so, which the replay is without
	}
	r.Runs, r.NotShown, r.Webex, r.Portal = []fixtures.ReportRun{run}, "", "https://"+k.SiteHost(), k.Integration.Portal
	return writeYAML(w, r)
}

func writeYAML(w io.Writer, v any) error {
	var b bytes.Buffer
	if err := yaml.NewEncoder(&b, yaml.IndentSequence(true)).Encode(v); err != nil {
		return err
	}
	_, err := b.WriteTo(w)
	return err
}

// exported are the cookie settings of a policy, not Internet Explorer's, as an IT department deploys them. Chromium's say something even where
// nothing is set: nobody could tell of an empty file what it is.
func exported(engine browsers.Engine, p policy.Policy) map[string]any {
	lists := map[policy.Decision][]string{}
	for _, x := range p.Exceptions {
		lists[x.Decision] = append(lists[x.Decision], x.Typed)
	}
	set := map[string]any{}
	put := func(key string, list []string) {
		if len(list) > 0 {
			set[key] = list
		}
	}
	const private = 2 // private windows and no others
	if engine == browsers.Firefox {
		put("Allow", lists[policy.Allow])
		put("AllowSession", lists[policy.SessionOnly])
		put("Block", lists[policy.Block])
		if b := firefoxBehaviors[p.Base]; b != "" {
			set["Behavior"] = b
		}
		policies := map[string]any{"Cookies": set}
		if p.Base == policy.PartitionOptIn {
			policies["Preferences"] = map[string]any{"network.cookie.cookieBehavior.optInPartitioning": map[string]any{"Value": true, "Status": "locked"}}
		}
		if p.PrivateWindow {
			policies["PrivateBrowsingModeAvailability"] = private
		}
		return map[string]any{"policies": policies}
	}
	put("CookiesAllowedForUrls", lists[policy.Allow])
	put("CookiesSessionOnlyForUrls", lists[policy.SessionOnly])
	put("CookiesBlockedForUrls", lists[policy.Block])
	switch p.Base {
	case policy.BlockAll:
		set["DefaultCookiesSetting"] = 2
	case policy.BlockThirdParty:
		set["BlockThirdPartyCookies"] = true
	case policy.AllowThirdParty:
		set["BlockThirdPartyCookies"] = false
	case policy.BrowserDefault:
		set["DefaultCookiesSetting"] = 1
	}
	if p.PrivateWindow {
		set["IncognitoModeAvailability"] = private
	}
	return set
}

var firefoxBehaviors = map[policy.Base]string{
	policy.AllowThirdParty: "accept", policy.BlockThirdParty: "reject-foreign", policy.BlockAll: "reject", policy.VisitedOnly: "limit-foreign",
	policy.Partition: "partition-foreign",
}
