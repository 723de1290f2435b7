package policy

import (
	"strconv"
	"strings"
	"unicode"
)

// The names of the engines whose rules are written here. The first three are those of package browsers.
const (
	Chromium = "chromium"
	Firefox  = "firefox"
	WebKit   = "webkit"
	IE6      = "ie6"
	IE55     = "ie5.5"
)

// Decide says what an engine of that version, under p, does with c in ctx. It never fails: where there is no answer the action is
// Undecided and the rule says why. The version is as people write it ("156", "Chromium 156.0.8078.79", "Safari 17.4"); empty: the newest known.
//
// Under(…).Decide(…) does the same for many cells and reads the policy once.
func Decide(engine, version string, p Policy, c Cookie, ctx Context) Verdicts {
	return Under(engine, version, p).Decide(c, ctx)
}

// Model is one engine under one policy. It is a value without state, safe for use by several goroutines.
type Model struct {
	who     string
	engine  engine
	ignored []Ignored
	denied  bool // storage access is refused, whoever asks
}

// Ignored is an exception that the engine does not heed, because it is written wrongly or because it has no such setting.
type Ignored struct {
	Exception Exception
	Why       string // a sentence
}

// engine is the rules of one engine under one policy.
type engine interface {
	// store decides about an answer that sets the cookie.
	store(c *Cookie, f *facts) ruling
	// send decides about a request, the cookie being kept as k says.
	send(c *Cookie, f *facts, k Kept) ruling
}

// Under is the model of an engine under p. A policy the engine does not have gives a model whose every answer is Undecided.
func Under(name, version string, p Policy) *Model {
	m := &Model{who: who(name, version), denied: p.StorageAccess == StorageAccessDenied}
	if why := NotAvailable(name, p); why != "" {
		m.engine = undecided{&rule{name: name + "/not-available", action: Undecided, reason: SettingNotAvailable, says: why, source: "this model"}}
		return m
	}
	switch name {
	case Chromium:
		m.engine, m.ignored = newChromium(version, p)
		if p.InternetExplorer != nil {
			ie, ignored := newInternetExplorer(*p.InternetExplorer)
			m.who = underRules(*p.InternetExplorer, m.who)
			m.engine, m.ignored = overlay{ie: ie, browser: m.engine}, append(m.ignored, ignored...)
		}
		if p.Extension != "" {
			m.engine = extended{m.engine}
		}
	case Firefox:
		m.engine, m.ignored = newFirefox(version, p)
	case WebKit:
		m.engine, m.ignored = newWebKit(version, p)
	case IE6, IE55:
		ie, _ := internetExplorerOf(name, p)
		m.engine, m.ignored = newInternetExplorer(ie)
	}
	return m
}

// Ignored are the policy's exceptions that the engine does not heed.
func (m *Model) Ignored() []Ignored { return m.ignored }

// Decide says what becomes of c in ctx.
func (m *Model) Decide(c Cookie, ctx Context) Verdicts { return m.In(ctx).Decide(c) }

// Place is one context under a model: for many cookies in the same request, whose addresses are then read once.
type Place struct {
	model *Model
	facts facts
	home  facts // a visit to the site itself, where a cookie to be sent is taken to be stored
}

// In is the place of ctx.
func (m *Model) In(ctx Context) *Place {
	p := &Place{model: m, facts: factsOf(ctx)}
	p.facts.access = p.facts.access && !m.denied
	p.home = p.facts.home()
	return p
}

// Decide says what becomes of c there.
func (p *Place) Decide(c Cookie) Verdicts { return Verdicts{Store: p.store(&c), Send: p.send(&c)} }

func (p *Place) store(c *Cookie) Verdict {
	if !p.facts.parsed {
		return p.verdict("store", ruling{rule: badContext}, c)
	}
	return p.verdict("store", p.model.engine.store(c, &p.facts), c)
}

func (p *Place) send(c *Cookie) Verdict {
	if !p.facts.parsed {
		return p.verdict("send", ruling{rule: badContext}, c)
	}
	var k Kept
	if c.Kept != nil {
		k = *c.Kept
	} else {
		r := p.model.engine.store(c, &p.home)
		if r.blocked() {
			return p.verdict("send", r, c)
		}
		k = Kept{Action: r.rule.action, Partition: r.partition}
		if k.Action == Prompted {
			k.Action = Accepted // or there would be nothing to send
		}
	}
	return p.verdict("send", p.model.engine.send(c, &p.facts, k), c)
}

func (p *Place) verdict(direction string, r ruling, c *Cookie) Verdict {
	v := Verdict{
		Action: r.rule.action, Reason: r.rule.reason, Rule: r.rule.name, Source: r.rule.source, Partition: r.partition, Also: r.also,
		says: r.rule.says, who: p.model.who, direction: direction, cookie: c.Name, host: p.facts.url.host,
	}
	if p.facts.topForeign {
		v.top = p.facts.top.host
	}
	return v
}

var badContext = &rule{
	name: "bad-context", action: Undecided, reason: ContextNotUnderstood, source: "this model",
	says: "the address of the request, or of the top-level document, is no http or https address",
}

// undecided is an engine that has no answer.
type undecided struct{ rule *rule }

func (u undecided) store(*Cookie, *facts) ruling      { return ruling{rule: u.rule} }
func (u undecided) send(*Cookie, *facts, Kept) ruling { return ruling{rule: u.rule} }

// who is the engine as a sentence names it.
func who(name, version string) string {
	label := map[string]string{Chromium: "Chromium", Firefox: "Firefox", WebKit: "WebKit", IE6: "Internet Explorer 6", IE55: "Internet Explorer 5.5"}[name]
	switch {
	case label == "":
		return name
	case name == IE6, name == IE55, version == "":
		return label
	case strings.Trim(version, "0123456789.") == "":
		return label + " " + version
	}
	return version
}

// major is the number that the first word to begin with a digit begins with, 0 where there is none: 120 of "WebView2 120".
func major(version string) int {
	for _, word := range strings.FieldsFunc(version, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		digits := word[:len(word)-len(strings.TrimLeft(word, "0123456789"))]
		if digits != "" {
			n, _ := strconv.Atoi(digits[:min(len(digits), 5)])
			return n
		}
	}
	return 0
}

// before says whether a version is a known one before n.
func before(version string, n int) bool {
	v := major(version)
	return v > 0 && v < n
}

var (
	_ engine = undecided{}
	_ engine = (*chromium)(nil)
	_ engine = (*firefox)(nil)
	_ engine = (*webkit)(nil)
)
