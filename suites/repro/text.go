package repro

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/intake"
	"github.com/cookiegate/cookiegate/suites/remedy"
	"github.com/cookiegate/cookiegate/suites/report"
)

// width is that of the text, in characters.
const width = 110

// page collects a text.
type page struct{ strings.Builder }

// line writes a paragraph, wrapped; every line but the first is indented by hanging more.
func (p *page) line(indent, hanging int, format string, args ...any) {
	words := strings.Fields(fmt.Sprintf(format, args...))
	at, first := strings.Repeat(" ", indent), true
	for len(words) > 0 {
		room := width - len(at)
		n := len(words[0])
		i := 1
		for i < len(words) && n+1+len(words[i]) <= room {
			n += 1 + len(words[i])
			i++
		}
		p.WriteString(at + strings.Join(words[:i], " ") + "\n")
		words = words[i:]
		if first {
			at, first = at+strings.Repeat(" ", hanging), false
		}
	}
}

func (p *page) head(s string) { p.WriteString("\n" + s + "\n") }

// Text writes the answer for a person. Much in it is a stranger's, who must not write to the terminal.
func (a *Answer) Text(w io.Writer) error {
	var p page
	a.headline(&p)
	a.causes(&p)
	a.cause(&p)
	a.hops(&p)
	a.settings(&p)
	a.remedies(&p)
	a.asks(&p)
	_, err := io.WriteString(w, report.Printable(strings.TrimLeft(p.String(), "\n")))
	return err
}

func (a *Answer) headline(p *page) {
	symptom := "a failure"
	if a.Symptom != "" {
		symptom = string(a.Symptom)
	}
	nearest := a.Contradicted && (a.Symptom == "" || a.Symptom == a.Outcome) // the same outcome, come to otherwise
	switch {
	case a.Symptom == fixtures.Works:
		p.line(0, 0, "Nothing to reproduce: in what was sent everything works. A case like it: %s.", a.Outcome)
	case nearest && a.Predicted:
		p.line(0, 0, "No case known here goes as what was sent shows. The nearest one comes to %s, by the policy model; no browser ran.", a.Outcome)
	case nearest:
		p.line(0, 0, "Not reproduced. No case known here goes as what was sent shows. The nearest one comes to %s.", a.Outcome)
	case a.Predicted && a.Reproduced:
		p.line(0, 0, "Prediction: %s. No browser ran; this is what the policy model says. `cookiegate repro` proves it.", a.Outcome)
	case a.Predicted:
		p.line(0, 0, "Prediction: %s, which is not what was complained about (%s). No browser ran; this is what the policy model says.", a.Outcome, symptom)
	case a.Reproduced:
		p.line(0, 0, "Reproduced: %s.", a.Outcome)
	default:
		p.line(0, 0, "Not reproduced: the outcome is %s, and %s was complained about.", a.Outcome, symptom)
	}
	if a.Reproduced && a.Symptom != "" && a.Outcome != a.Symptom {
		p.line(2, 2, "%s", a.sameAs())
	}
	what := a.BrowserVersion
	if what == "" {
		what = string(a.Browser)
	}
	p.line(2, 2, "Browser: %s, under %s (%s)", what, a.Policy, a.PolicyTitle)
	p.line(2, 2, "Portal: %s; cookies of the site: %s; %s", a.Integration, a.Profile, a.Situation)
	if a.StandsIn != "" {
		p.line(2, 2, "%s", a.StandsIn)
	}
	if len(a.Taken) > 0 {
		p.line(2, 2, "Taken for granted, since nothing says otherwise: %s", strings.Join(a.Taken, ", "))
	}
	if a.Contradicted && !nearest {
		p.line(2, 2, "No case known here goes as what was sent shows; this one comes nearest.")
	}
	p.line(2, 2, "Confidence that this is what is meant: %s", a.Confidence)
}

// sameAs says why another outcome is what was complained about.
func (a *Answer) sameAs() string {
	switch {
	case a.Symptom == fixtures.LoginLoop && a.Outcome == fixtures.Stuck:
		return "The login-loop that was complained about is the same: a portal that finds no session of its own sends people to its login again and again."
	case a.Symptom == fixtures.LoginLoop:
		return "The login-loop that was complained about is the same: a portal that logs in anew whenever the site refuses goes round and round."
	case a.Symptom == fixtures.AccessDenied:
		return "The access-denied that was complained about is the same: it is what the site answers to the login, after which the portal here goes no further."
	}
	return fmt.Sprintf("What was complained about (%s) is the same: a portal or a frame that does not show the site's refusal stays as it is.", a.Symptom)
}

func causeLine(c *fixtures.Cause) string {
	switch {
	case c == nil:
		return "it works"
	case c.Cookie == "":
		return fmt.Sprintf("%s, at %s", c.Reason, c.Hop)
	}
	return fmt.Sprintf("%s, of %s at %s", c.Reason, c.Cookie, c.Hop)
}

func (a *Answer) causes(p *page) {
	if len(a.Causes) == 0 {
		return
	}
	if a.Contradicted {
		p.head("What comes nearest, the likeliest first")
	} else {
		p.head("What it can be, the likeliest first")
	}
	for i, c := range a.Causes {
		ran := "not run"
		if !c.Ran && c.Outcome != "" {
			ran = "predicted: " + c.Outcome
		}
		if c.Ran {
			ran = "run: " + c.Outcome
			switch {
			case c.Reproduced:
				ran += ", reproduced"
			case !a.Contradicted:
				ran += ", not what was complained about"
			}
		}
		p.line(2, 4, "%d. %2.0f%% %s; such as %s (%s)", i+1, 100*c.Share, causeLine(c.Cause), c.Candidate, ran)
	}
}

func (a *Answer) cause(p *page) {
	if c := a.Cause; c != nil {
		p.head(a.inTheNearest("Cause"))
		what, hop := "no cookie is to blame: "+string(c.Reason), c.Hop
		if c.Cookie != "" {
			what = fmt.Sprintf("the cookie %s is missing or of no use: %s", c.Cookie, c.Reason)
		}
		if strings.HasPrefix(hop, "/") {
			hop = "the portal's own page " + hop
		}
		p.line(2, 2, "At %s %s.", hop, what)
		if c.LostAt != "" {
			p.line(2, 2, "It was lost before, at %s.", c.LostAt)
		}
		if c.Detail != "" {
			p.line(2, 2, "Seen: %s", c.Detail)
		}
		if c.Rule != "" {
			p.line(2, 2, "Rule: %s", c.Rule)
		}
	}
	if len(a.Not) > 0 {
		p.head("What it is not")
		for _, s := range a.Not {
			p.line(2, 2, "- %s", s)
		}
	}
}

// inTheNearest is a heading over what holds of a case that is not what was sent.
func (a *Answer) inTheNearest(heading string) string {
	if a.Contradicted {
		return heading + " in the nearest case"
	}
	return heading
}

func (a *Answer) hops(p *page) {
	if len(a.Hops)+len(a.Predicting) > 0 {
		p.head("Hops")
	}
	for _, h := range a.Hops {
		s := fmt.Sprintf("%3d  %-9s  %s %s → %d", h.ID, h.Where, h.Method, shortened(h.URL), h.Status)
		if h.Command != "" {
			s += " " + h.Command + " " + h.Answer
		}
		p.WriteString(s + "\n")
		for _, l := range h.Lost {
			p.line(16, 2, "%s: not %s, %s", l.Cookie, map[bool]string{true: "stored", false: "sent"}[l.Direction == "store"], l.Reason)
		}
		for _, f := range h.Filters {
			p.line(16, 2, "on the way: %s", f)
		}
	}
	for i, h := range a.Predicting {
		s := fmt.Sprintf("%3d  %-9s  %s %s → %s", i+1, h.Where, h.Method, h.Command, h.Answer)
		switch {
		case h.Offered && h.Stored:
			s += "; the ticket is set and kept"
		case h.Offered:
			s += "; the ticket is set and not kept"
		case h.Sent:
			s += "; the ticket comes along"
		}
		p.WriteString(s + "\n")
	}
}

func (a *Answer) settings(p *page) {
	if len(a.Settings) > 0 {
		p.head("Settings in force, read back from the running browser")
	}
	for _, s := range a.Settings {
		p.line(2, 4, "%s = %s (%s)", s.Name, s.Value, s.Source)
	}
}

func (a *Answer) remedies(p *page) {
	if len(a.Remedies) == 0 {
		return
	}
	p.head(a.inTheNearest("Remedies"))
	var already []string
	for _, t := range a.Remedies {
		if t.Mark == Already {
			already = append(already, string(t.ID))
			continue
		}
		p.line(2, 4, "[%s] %s (%s; by %s)", t.Mark, t.Title, t.ID, t.By)
		if t.Mark != Proven && t.Mark != ShouldHelp {
			if t.Sentence != "" {
				p.line(6, 0, "%s", t.Sentence)
			}
			continue
		}
		for _, h := range a.instructions(t.Remedy) {
			for i, s := range h.Steps {
				lead := ""
				if i == 0 {
					lead = h.In + ": "
				}
				p.line(6, 2, "%s%s", lead, s)
			}
			if h.File != nil {
				p.line(8, 0, "%s:", h.File.Name)
				for line := range strings.Lines(h.File.Text) {
					p.WriteString("          " + strings.TrimRight(line, "\n") + "\n")
				}
			}
		}
		if t.Warning != "" {
			p.line(6, 2, "Warning: %s", t.Warning)
		}
	}
	if len(already) > 0 {
		p.line(2, 2, "So already, nothing to try: %s", strings.Join(already, ", "))
	}
}

// shortened is an address without its back URL and what follows, which say nothing of a session.
func shortened(address string) string {
	base, query, found := strings.Cut(address, "?")
	if !found {
		return address
	}
	var kept []string
	for field := range strings.SplitSeq(query, "&") {
		if name, _, _ := strings.Cut(field, "="); slices.Contains([]string{"AT", "ST", "RS", "WID", "MK", "signed-in"}, name) {
			kept = append(kept, field)
		}
	}
	if len(kept) == 0 {
		return base + "?…"
	}
	return base + "?" + strings.Join(kept, "&")
}

// instructions are those for the browser at hand, and for its relatives.
func (a *Answer) instructions(r remedy.Remedy) []remedy.Instruction {
	var list []remedy.Instruction
	for _, b := range a.customersBrowsers() {
		for _, h := range r.In(b) {
			if !slices.ContainsFunc(list, func(o remedy.Instruction) bool { return o.In == h.In }) {
				list = append(list, h)
			}
		}
	}
	return list
}

func (a *Answer) customersBrowsers() []string {
	if ie := a.it.Policy.InternetExplorer; ie != nil {
		return []string{"Internet Explorer " + ie.Version}
	}
	if intake.InsideProgram(a.theirs) {
		return []string{remedy.InsideProgram}
	}
	switch a.Browser {
	case "firefox":
		return []string{"Firefox"}
	case "webkit":
		return []string{"Safari"}
	}
	if a.theirs == "Chrome" || a.theirs == "Edge" {
		return []string{a.theirs}
	}
	return []string{"Chrome", "Edge"}
}

func (a *Answer) asks(p *page) {
	if a.Question != nil {
		p.head("Ask the customer next")
		p.line(2, 2, "%s", a.Question.Ask)
	}
	if len(a.Findings) > 0 {
		p.head("About what was sent")
		for _, f := range a.Findings {
			p.line(2, 4, "- %s", f)
		}
	}
	if len(a.Untranslated) > 0 {
		p.head("About the exported settings")
		for _, u := range a.Untranslated {
			p.line(2, 4, "- %s", u)
		}
	}
}
