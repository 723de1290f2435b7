package policy

import (
	"fmt"
	"strings"
)

// LintP3P says what is odd about a P3P header, a sentence each; none where there is nothing.
func LintP3P(header string) []string {
	p := ParseP3P(header)
	var said []string
	say := func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
	if !p.Present {
		if strings.TrimSpace(header) == "" {
			say("There is no P3P header: Internet Explorer 6 refuses the site's cookies in somebody else's page at Medium, its default.")
		} else {
			say(`The header has no CP="…": without a compact policy Internet Explorer 6 treats the cookies as if there were no header.`)
		}
		return said
	}
	if len(p.Tokens) == 0 {
		say("The compact policy has no known token: Internet Explorer 6 finds nothing wrong with it, and it says nothing.")
	}
	for _, w := range p.Unknown {
		say("%q is no token%s; Internet Explorer 6 passes over it.", w, meant(w))
	}
	seen := map[string]Token{}
	kinds := map[TokenKind]bool{}
	for _, t := range p.Tokens {
		if before, ok := seen[t.Name]; ok {
			if before == t {
				say("%s is there twice.", t)
			} else {
				say("%s and %s contradict each other.", before, t)
			}
		}
		seen[t.Name] = t
		kinds[t.Kind] = true
	}
	if len(p.Tokens) > 0 && !kinds[NonIdentifiable] {
		for _, k := range []TokenKind{AccessToken, PurposeToken, RecipientToken, RetentionToken, CategoryToken} {
			if !kinds[k] {
				say("No token states the %s; P3P wants one.", k)
			}
		}
	}
	if kinds[TestToken] {
		say("TST marks a policy for testing; P3P has it ignored.")
	}
	if c := p.Class(); c != Satisfactory {
		say("Internet Explorer 6 puts it in the class %s.", c)
	}
	return said
}

// meant guesses the token behind a word.
func meant(w string) string {
	if len(w) < 3 || len(w) > 4 {
		return ""
	}
	up := strings.ToUpper(w[:3]) + strings.ToLower(w[3:])
	if t, ok := ParseToken(up); ok && up != w {
		return fmt.Sprintf(" (letter case counts: %s)", t)
	}
	if kind := vocabulary[strings.ToUpper(w[:3])]; kind != UnknownTokenKind && len(w) == 4 {
		return fmt.Sprintf(" (%s takes no %q)", strings.ToUpper(w[:3]), w[3:])
	}
	return ""
}
