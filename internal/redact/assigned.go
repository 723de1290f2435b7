package redact

import (
	"slices"
	"strings"
)

// assigned are the names of secrets that Assigned knows.
var assigned = slices.Concat(cookies, passwords, parameters)

// assignments are the ways in which a name is followed by its value: as is, percent-encoded once and twice, and in JSON.
var assignments = []string{"=", "%3d", "%253d", `": `, `":`}

// ends are what closes a value, for each of assignments.
var ends = [][]string{{"&"}, {"&", "%26"}, {"&", "%26", "%2526"}, {",", "}", "]"}, {",", "}", "]"}}

// Assigned is a text without the values that it assigns to secrets: "PW=…", "ticket=…" and "\"TK\":…", percent-encoded too, as in an address inside
// a back URL. A name that begins a longer one, such as ticket_timeStamp, is none. What a sentence says of a ticket stays: see Text.
func Assigned(s string) string {
	lower := asciiLower(s)
	if !slices.ContainsFunc(assigned, func(name string) bool { return strings.Contains(lower, name) }) {
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
		b.WriteString(Stars)
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
	for _, name := range assigned {
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

// valueLen is the length of the value at the start of text. A value in quotes goes to the closing quote, which has no backslash before it. Of commas,
// semicolons and brackets those at its end are the sentence's.
func valueLen(text string, ends []string) int {
	if text != "" && (text[0] == '"' || text[0] == '\'') {
		for i := 1; i < len(text); i++ {
			switch text[i] {
			case '\\':
				i++
			case text[0]:
				return i + 1
			}
		}
	}
	n := strings.IndexAny(text, " \t\r\n\"'<>")
	if n < 0 {
		n = len(text)
	}
	for _, end := range ends {
		if at := strings.Index(text[:n], end); at >= 0 {
			n = at
		}
	}
	return len(strings.TrimRight(text[:n], ");,"))
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
