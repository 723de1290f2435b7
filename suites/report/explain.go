package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// How much an explanation lists. Hops left out are those that carried neither a command nor a cookie, then the oldest; never
// those that the cause names.
const (
	maxHops, maxSettings               = 12, 12
	maxHopsInBrief, maxSettingsInBrief = 3, 3
)

// Explain tells one case as a small document: what was expected and why, what happened, the cookie that was lost with hop and
// reason, the hops with the cookies offered and returned, and the command that runs the case again. It is at most 100
// characters wide and ends without a newline.
func Explain(r testbed.Result) string {
	return explain(Redact(r), &explanation{maxHops: maxHops, maxSettings: maxSettings})
}

// explainInBrief is Explain in some thirty lines, for a screen that must hold more than one case.
func explainInBrief(r testbed.Result) string {
	return explain(Redact(r), &explanation{maxHops: maxHopsInBrief, maxSettings: maxSettingsInBrief, brief: true})
}

func explain(r testbed.Result, d *explanation) string {
	d.line(headline(r))
	d.line("")
	d.field("expected", expectation(r))
	d.field("happened", happening(r))
	if r.Cause != nil {
		d.field("cause", causeText(*r.Cause))
	}
	if r.Known != nil {
		d.field("baseline", KnownText(*r.Known))
	}
	d.field("browser", browserText(r))
	d.field("site", strings.Join(r.Site, ", "))
	d.field("network", strings.Join(r.Network, ", "))
	d.settings(r.Settings)
	for i, doc := range r.Documents {
		name := ""
		if i == 0 {
			name = "on screen"
		}
		d.field(name, shorten(strings.Join(strings.Fields(doc), " "), 2*d.width()))
	}
	if r.Screenshot != "" {
		d.field("picture", r.Screenshot)
	}
	if r.Trace != "" {
		d.field("trace", r.Trace)
	}
	d.hops(r)
	d.line("")
	d.line("  run again  " + RerunCommand(r))
	return strings.Join(d.lines, "\n")
}

// headline names the case and its state.
func headline(r testbed.Result) string {
	return r.ID + ": " + string(r.Status)
}

func expectation(r testbed.Result) string {
	text := orNone(r.Expected)
	if r.Why != "" {
		text += ": " + r.Why
	}
	return text
}

func happening(r testbed.Result) string {
	if r.Guided != nil {
		return joined("\n", string(r.Outcome)+"; the portal told the host: "+r.Guided.Text, r.Sentence)
	}
	switch {
	case r.Outcome == "" && r.Sentence == "":
		return "no outcome, and no reason was recorded"
	case r.Outcome == "":
		return r.Sentence
	case r.Sentence == "":
		return string(r.Outcome)
	default:
		return string(r.Outcome) + ": " + r.Sentence
	}
}

func causeText(c testbed.Cause) string {
	lines := []string{reason(c)}
	if c.LostAt != "" {
		lines = append(lines, "lost at "+hopText(c.LostAtID, c.LostAt))
	}
	switch {
	case c.Hop != "" && c.LostAt != "":
		lines = append(lines, "missing at "+hopText(c.HopID, c.Hop))
	case c.Hop != "":
		lines = append(lines, "at "+hopText(c.HopID, c.Hop))
	}
	return strings.Join(append(lines, c.Told()), "\n")
}

func hopText(id int, label string) string {
	if id == 0 {
		return label
	}
	return fmt.Sprintf("hop %d, %s", id, label)
}

func browserText(r testbed.Result) string {
	version := r.BrowserVersion
	if version == "" {
		version = string(r.Browser)
	}
	for _, part := range [][2]string{{"policy", r.Policy}, {"profile", r.Profile}} {
		if part[1] != "" {
			version += ", " + part[0] + " " + part[1]
		}
	}
	return version
}

func settingText(name, value, source string) string {
	text := name + " = " + value
	if source != "" {
		text += " (" + source + ")"
	}
	return text
}

type explanation struct {
	lines                []string
	maxHops, maxSettings int
	brief                bool // long texts are cut
}

const fieldWidth = 11 // of field names, with the blanks after them

func (d *explanation) width() int { return columns - 2 - fieldWidth }

func (d *explanation) line(text string) { d.lines = append(d.lines, strings.TrimRight(text, " ")) }

// field adds a named text, its lines below one another.
func (d *explanation) field(name, text string) {
	if d.brief {
		text = cut(text, 3*d.width())
	}
	for _, line := range wrap(text, d.width()) {
		d.line("  " + pad(name, fieldWidth) + line)
		name = ""
	}
}

func (d *explanation) settings(all []browsers.Setting) {
	shown := all[:min(len(all), d.maxSettings)]
	for i, s := range shown {
		name := ""
		if i == 0 {
			name = "settings"
		}
		d.field(name, settingText(s.Name, s.Value, s.Source))
	}
	if left := len(all) - len(shown); left > 0 {
		d.field("", "and "+plural(left, "more setting"))
	}
}

func (d *explanation) hops(r testbed.Result) {
	shown, left := telling(r, d.maxHops)
	if len(shown) == 0 {
		return
	}
	const request, place = 54, 10
	d.line("")
	d.line("   hop  " + pad("request", request) + "  " + pad("where", place) + "  answer")
	for _, h := range shown {
		mark := " "
		if isCause(r, h) {
			mark = ">"
		}
		d.line(fmt.Sprintf("  %s%3d  %s  %s  %s", mark, h.ID,
			pad(shorten(h.Method+" "+address(h.URL), request), request), pad(h.Where, place), answer(h)))
		d.cookies("offered", strings.Join(h.Offered, ", "))
		d.cookies("returned", strings.Join(h.Returned, ", "))
		for _, l := range lostTogether(h) {
			if c := r.Cause; c != nil && strings.Contains(unnamed(c.Detail, c.Cookie), unnamed(l.Words, l.Cookie)) {
				l.Words = "" // said already
			}
			d.cookies("lost", l.text())
		}
		for _, f := range h.Filters {
			d.cookies("filter", f)
		}
	}
	if left > 0 {
		d.line("        and " + plural(left, "more hop"))
	}
}

func (d *explanation) cookies(name, text string) {
	const indent = 8
	if d.brief {
		text = cut(text, columns-indent-10)
	}
	for _, line := range wrap(text, columns-indent-10) {
		d.line(strings.Repeat(" ", indent) + pad(name, 10) + line)
		name = ""
	}
}

func answer(h testbed.Hop) string {
	status := "no answer"
	if h.Status > 0 {
		status = fmt.Sprint(h.Status)
	}
	return strings.TrimSpace(strings.Join([]string{status, h.Command, h.Answer}, " "))
}

// losses are cookies that were lost at one hop in the same way. Words that name each of them call all of them "it".
type losses struct {
	testbed.Loss
	Cookies []string
}

func lostTogether(h testbed.Hop) []losses {
	var all []losses
	var ways []testbed.Loss
	for _, l := range h.Lost {
		way := l
		way.Cookie, way.Words = "", unnamed(l.Words, l.Cookie)
		at := slices.Index(ways, way)
		if at < 0 {
			ways, all = append(ways, way), append(all, losses{Loss: l, Cookies: []string{l.Cookie}})
			continue
		}
		all[at].Words, all[at].Cookies = way.Words, append(all[at].Cookies, l.Cookie)
	}
	return all
}

// unnamed is a text that calls a cookie "it" where it stands in it by its name.
func unnamed(text, cookie string) string {
	words := strings.Split(text, " ")
	for i, w := range words {
		if w == cookie {
			words[i] = "it"
		}
	}
	return strings.Join(words, " ")
}

func (l losses) text() string {
	text := strings.Join(l.Cookies, ", ") + " not " + l.Done() + ": " + string(l.Reason)
	if told := l.Told(); told != "" {
		text += " (" + told + ")"
	}
	return text
}

// Done is what should have been done with the cookies.
func (l losses) Done() string {
	if l.Direction == browsers.Send {
		return "sent"
	}
	return "stored"
}

// telling picks at most limit hops worth listing, and says how many are left out.
func telling(r testbed.Result, limit int) (shown []testbed.Hop, left int) {
	if len(r.Hops) <= limit {
		return r.Hops, 0
	}
	for _, h := range r.Hops {
		if h.Command != "" || len(h.Offered)+len(h.Returned)+len(h.Lost)+len(h.Filters) > 0 || isCause(r, h) {
			shown = append(shown, h)
		}
	}
	over := len(shown) - limit
	shown = slices.DeleteFunc(shown, func(h testbed.Hop) bool {
		if over <= 0 || isCause(r, h) {
			return false
		}
		over--
		return true
	})
	return shown, len(r.Hops) - len(shown)
}

// isCause says whether a hop is one of the two that the cause names.
func isCause(r testbed.Result, h testbed.Hop) bool {
	return r.Cause != nil && h.ID > 0 && (h.ID == r.Cause.HopID || h.ID == r.Cause.LostAtID)
}
