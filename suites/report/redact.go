package report

import (
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// secretNames are the query fields and cookies of the Webex URL API whose values open an account or a session: the password,
// the one-time login ticket, the anti-forgery token and the session's own ticket. Longer names come before shorter ones.
var secretNames = []string{"ticket", "_csrf_", "csrf", "npw", "pw", "tk"}

// assignments are the ways in which a name is followed by its value: as is, and percent-encoded once and twice, as in an
// address inside a back URL.
var assignments = []string{"=", "%3d", "%253d"}

// ends are what closes a value, for each of assignments.
var ends = [][]string{{"&"}, {"&", "%26"}, {"&", "%26", "%2526"}}

// Redact is the result with the values of secrets replaced by "***" in every text. Whoever records a result redacts it
// first: this is the second line of defence.
func Redact(r testbed.Result) testbed.Result {
	for _, s := range []*string{
		&r.ID, &r.Suite, &r.Integration, &r.BrowserVersion, &r.Policy, &r.Profile, &r.Why, &r.Sentence, &r.Screenshot,
	} {
		*s = redactText(*s)
	}
	if r.Cause != nil {
		c := *r.Cause
		c.Cookie, c.Hop, c.LostAt, c.Detail = redactText(c.Cookie), redactText(c.Hop), redactText(c.LostAt), redactText(c.Detail)
		r.Cause = &c
	}
	r.Documents = redactAll(r.Documents)
	r.Hops = slices.Clone(r.Hops)
	for i := range r.Hops {
		h := &r.Hops[i]
		h.URL, h.Command, h.Answer = redactText(h.URL), redactText(h.Command), redactText(h.Answer)
		h.Returned, h.Offered, h.Filters = redactAll(h.Returned), redactAll(h.Offered), redactAll(h.Filters)
		h.Lost = slices.Clone(h.Lost)
		for j := range h.Lost {
			h.Lost[j].Cookie, h.Lost[j].Words = redactText(h.Lost[j].Cookie), redactText(h.Lost[j].Words)
		}
	}
	r.Settings = slices.Clone(r.Settings)
	for i, s := range r.Settings {
		r.Settings[i] = browsers.Setting{Name: s.Name, Value: redactText(s.Value), Source: s.Source}
	}
	return r
}

func redactAll(texts []string) []string {
	texts = slices.Clone(texts)
	for i, t := range texts {
		texts[i] = redactText(t)
	}
	return texts
}

func redactText(s string) string {
	lower := asciiLower(s)
	if !slices.ContainsFunc(secretNames, func(name string) bool { return strings.Contains(lower, name) }) {
		return s
	}
	var b strings.Builder
	done := 0
	for i := 0; i < len(s); i++ {
		value, end, ok := secretAt(lower, i)
		if !ok {
			continue
		}
		b.WriteString(s[done:value])
		b.WriteString("***")
		done, i = end, end-1
	}
	b.WriteString(s[done:])
	return b.String()
}

// secretAt says where the value of the secret whose name starts at i begins and ends.
func secretAt(lower string, i int) (value, end int, ok bool) {
	if !startsWord(lower, i) {
		return 0, 0, false
	}
	for _, name := range secretNames {
		rest, found := strings.CutPrefix(lower[i:], name)
		if !found {
			continue
		}
		for level, assign := range assignments {
			text, found := strings.CutPrefix(rest, assign)
			if !found {
				continue
			}
			value = len(lower) - len(text)
			n := valueLen(text, ends[level])
			return value, value + n, n > 0
		}
	}
	return 0, 0, false
}

// valueLen is the length of the value at the start of text. A value in double quotes goes to the closing quote.
func valueLen(text string, ends []string) int {
	if strings.HasPrefix(text, `"`) {
		if closing := strings.IndexByte(text[1:], '"'); closing >= 0 {
			return closing + 2
		}
	}
	n := strings.IndexAny(text, " \t\r\n\"'<>);,")
	if n < 0 {
		n = len(text)
	}
	for _, end := range ends {
		if at := strings.Index(text[:n], end); at >= 0 {
			n = at
		}
	}
	return n
}

// startsWord says whether a name may begin at i: after nothing, a mark, or a percent-encoded character.
func startsWord(s string, i int) bool {
	if i == 0 || !isWord(s[i-1]) {
		return true
	}
	return i >= 3 && s[i-3] == '%' && isHex(s[i-2]) && isHex(s[i-1]) ||
		i >= 5 && s[i-5:i-2] == "%25" && isHex(s[i-2]) && isHex(s[i-1])
}

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '_'
}

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' }

// asciiLower lowers letters without changing the length of the text, which strings.ToLower may.
func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
