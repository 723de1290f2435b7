package policy

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// CookieState is what a privacy rule of Internet Explorer does: its InternetCookieState.
type CookieState byte

// The states. Their letters are those of preference strings.
const (
	StateAccept    CookieState = 'a'
	StatePrompt    CookieState = 'p'
	StateLeash     CookieState = 'l' // sent only in first-party context
	StateDowngrade CookieState = 'd' // kept until the browser closes
	StateReject    CookieState = 'r'
)

func (s CookieState) known() bool { return strings.ContainsRune("aplrd", rune(s)) && s != 0 }

// Preference are custom privacy preferences for first-party or for third-party cookies.
type Preference struct {
	Rules []PreferenceRule // the first that matches counts
	// NoPolicy is for cookies without a compact policy, NoRule for those that no rule matches; zero: not given, which is accept.
	NoPolicy, NoRule CookieState
	// Session accepts session cookies whatever their policy.
	Session bool
	// Always, where given, is for every cookie, policy or not.
	Always CookieState
}

// PreferenceRule is a condition on a compact policy: all of Has, none of Not. Tokens are compared letter for letter: CON is not CONo.
type PreferenceRule struct {
	Has, Not []string
	State    CookieState
}

// The signatures under which Microsoft's pages give the format: PrivacySetZonePreferenceW, and the privacy templates of Windows CE.
var preferenceSignatures = []string{"IE6-P3PSettings/V1:", "IE6-P3PV1/settings:"}

// ParsePreference reads a privacy preference string: a signature, then rules /EXPRESSION=DECISION/ and nopolicy=, session=a and always=, separated by
// white space. An expression joins tokens with & and negates with !; an empty one is true of every policy.
// Source: Microsoft, PrivacySetZonePreferenceW; where its example calls d "deny", its table ("downgrade") is followed.
func ParsePreference(s string) (Preference, error) {
	rest := strings.TrimSpace(s)
	i := slices.IndexFunc(preferenceSignatures, func(sig string) bool { return strings.HasPrefix(rest, sig) })
	if i < 0 {
		return Preference{}, fmt.Errorf("privacy preference: it must begin with %q", preferenceSignatures[0])
	}
	var p Preference
	for n, word := range strings.Fields(rest[len(preferenceSignatures[i]):]) {
		if err := p.add(word); err != nil {
			return Preference{}, fmt.Errorf("privacy preference, rule %d %q: %w", n+1, word, err)
		}
	}
	return p, nil
}

func (p *Preference) add(word string) error {
	inner, logical := strings.CutPrefix(word, "/")
	if logical {
		var closed bool
		if inner, closed = strings.CutSuffix(inner, "/"); !closed {
			return errors.New("a rule ends with /")
		}
	}
	i := strings.LastIndexByte(inner, '=')
	if i < 0 {
		return errors.New("expected EXPRESSION=DECISION")
	}
	name, letter := inner[:i], inner[i+1:]
	if len(letter) != 1 || !CookieState(letter[0]).known() {
		return fmt.Errorf("decision %q; expected a, p, r, l or d", letter)
	}
	state := CookieState(letter[0])
	if logical {
		r, err := parseExpression(name, "&")
		r.State = state
		p.Rules = append(p.Rules, r)
		return err
	}
	switch name {
	case "nopolicy":
		p.NoPolicy = state
	case "always":
		p.Always = state
	case "session":
		if state != StateAccept {
			return errors.New("session can only be a")
		}
		p.Session = true
	default:
		return errors.New("expected nopolicy, session or always, or a rule between slashes")
	}
	return nil
}

// parseExpression reads tokens joined by and, "!" before those that must be absent.
func parseExpression(s, and string) (PreferenceRule, error) {
	var r PreferenceRule
	if strings.TrimSpace(s) == "" {
		return r, nil
	}
	for part := range strings.SplitSeq(s, and) {
		token, not := strings.CutPrefix(strings.TrimSpace(part), "!")
		t, ok := ParseToken(strings.TrimSpace(token))
		switch {
		case !ok:
			return r, fmt.Errorf("%q is no P3P token", token)
		case not:
			r.Not = append(r.Not, t.String())
		default:
			r.Has = append(r.Has, t.String())
		}
	}
	return r, nil
}

func (r *PreferenceRule) matches(tokens []Token) bool {
	has := func(want string) bool {
		return slices.ContainsFunc(tokens, func(t Token) bool { return t.String() == want })
	}
	return !slices.ContainsFunc(r.Has, func(w string) bool { return !has(w) }) && !slices.ContainsFunc(r.Not, has)
}

// State is what the preferences do with a cookie that came with that compact policy.
func (p Preference) State(header CompactPolicyHeader, persistent bool) CookieState {
	state := StateAccept
	switch {
	case p.Session && !persistent:
		return StateAccept
	case p.Always != 0:
		state = p.Always
	case !header.Present:
		state = given(p.NoPolicy)
	default:
		state = given(p.NoRule)
		for i := range p.Rules {
			if p.Rules[i].matches(header.Tokens) {
				state = p.Rules[i].State
				break
			}
		}
	}
	if state == StateDowngrade && !persistent {
		return StateAccept // nothing to take away
	}
	return state
}

func given(s CookieState) CookieState {
	if s == 0 {
		return StateAccept
	}
	return s
}

// String is the preference string.
func (p Preference) String() string {
	var b strings.Builder
	b.WriteString(preferenceSignatures[0])
	for _, r := range p.Rules {
		terms := slices.Clone(r.Has)
		for _, t := range r.Not {
			terms = append(terms, "!"+t)
		}
		fmt.Fprintf(&b, " /%s=%c/", strings.Join(terms, "&"), r.State)
	}
	if p.NoPolicy != 0 {
		fmt.Fprintf(&b, " nopolicy=%c", p.NoPolicy)
	}
	if p.Session {
		b.WriteString(" session=a")
	}
	if p.Always != 0 {
		fmt.Fprintf(&b, " always=%c", p.Always)
	}
	if p.NoRule != 0 {
		fmt.Fprintf(&b, " /=%c/", p.NoRule)
	}
	return b.String()
}
