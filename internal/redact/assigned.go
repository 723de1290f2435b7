package report

import (
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cookiegate/cookiegate/suites/testbed"
)

// secretNames are the query fields and cookies of the Webex URL API whose values open an account or a session: the password,
// the partner ID, the one-time login ticket, the security key, which is a session's ticket, the anti-forgery token and the
// session's own cookies; and the password by the name that other forms have for it.
var secretNames = []string{"ticket", "jsessionid", "_csrf_", "csrf", "password", "npw", "pw", "pid", "tk", "sk"}

// assignments are the ways in which a name is followed by its value: as is, and percent-encoded once and twice, as in an
// address inside a back URL.
var assignments = []string{"=", "%3d", "%253d"}

// ends are what closes a value, for each of assignments.
var ends = [][]string{{"&"}, {"&", "%26"}, {"&", "%26", "%2526"}}

// Redact is the result with the values of secrets replaced by "***" in every text. Whoever records a result redacts it
// first: this is the second line of defence. A name that begins a longer one, such as ticket_timeStamp, is none.
func Redact(r testbed.Result) testbed.Result {
	redact(reflect.ValueOf(&r).Elem())
	return r
}

// redact replaces secrets in every text that v holds, in fields that are yet to be added too. What v shares with others by way
// of slices and pointers is copied first.
func redact(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(redactText(v.String()))
	case reflect.Struct:
		for _, field := range v.Fields() {
			if field.CanSet() {
				redact(field)
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			own := reflect.New(v.Type().Elem())
			own.Elem().Set(v.Elem())
			redact(own.Elem())
			v.Set(own)
		}
	case reflect.Slice:
		if !v.IsNil() && v.Type().Elem().Kind() != reflect.Uint8 {
			own := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(own, v)
			for i := range own.Len() {
				redact(own.Index(i))
			}
			v.Set(own)
		}
	}
}

// Printable is a text with its control characters replaced: what a stranger wrote must not move a terminal's cursor, and XML has
// no place for them.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) || r == '\ufffe' || r == '\uffff' {
			return utf8.RuneError
		}
		return r
	}, s)
}

func redactText(s string) string {
	s = Printable(s)
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

// valueLen is the length of the value at the start of text. A value in double quotes goes to the closing quote. Of commas, semicolons
// and brackets those at its end are the sentence's.
func valueLen(text string, ends []string) int {
	if strings.HasPrefix(text, `"`) {
		if closing := strings.IndexByte(text[1:], '"'); closing >= 0 {
			return closing + 2
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
