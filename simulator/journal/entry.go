package journal

import (
	"fmt"
	"hash/maphash"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/cookiegate/cookiegate/simulator/session"
)

// Entry is one command, or one page a person looked at.
type Entry struct {
	Seq       uint64    `json:"seq"`  // 1, 2, … within a journal
	Time      time.Time `json:"time"` // the simulator's clock, at the moment the session was looked up
	Site      string    `json:"site"`
	Page      string    `json:"page"`              // "p.php", "login.do"
	Command   string    `json:"command,omitempty"` // AT, as it came
	Method    string    `json:"method"`
	RequestID string    `json:"requestId,omitempty"` // the header X-Request-Id
	// Host is who the command names: the WID asked for, or else the owner of the session whose ticket came along, dead or alive.
	Host string `json:"host,omitempty"`
	// User is the owner of the live session in which the command was answered, the one just opened included; empty without.
	User    string        `json:"user,omitempty"`
	Result  Result        `json:"result,omitempty"`
	Reason  string        `json:"reason,omitempty"` // of a Fail: "AccessDenied"
	Session session.State `json:"session"`          // what the ticket was that came along
	Params  string        `json:"params,omitempty"` // query and form as they came, secrets redacted
	// SendsTo is the origin to which the answer sends the browser on by itself; empty: it is a page to stay at, or none.
	SendsTo string `json:"sendsTo,omitempty"`
	// Note says what a person should know who wonders about this answer, such as that a BU was not followed.
	Note       string   `json:"note,omitempty"`
	CookiesIn  []Cookie `json:"cookiesIn,omitempty"`
	CookiesSet []Cookie `json:"cookiesSet,omitempty"`
}

// Result is how a command ended; empty for a plain page.
type Result string

// The results.
const (
	Success Result = "SUCCESS"
	Fail    Result = "FAIL"
)

// Cookie is a cookie without its value.
type Cookie struct {
	Name        string      `json:"name"`
	Fingerprint Fingerprint `json:"fingerprint"`
	Attributes  string      `json:"attributes,omitempty"` // of one that is set, as on the wire: "Path=/; Secure"
	Deletes     bool        `json:"deletes,omitempty"`
}

// Fingerprint stands for a cookie's value: equal for equal values within one process, and of no use to anybody else. Zero is the empty value.
type Fingerprint uint64

var seed = maphash.MakeSeed()

// FingerprintOf is the fingerprint of a value.
func FingerprintOf(value string) Fingerprint {
	if value == "" {
		return 0
	}
	return Fingerprint(maphash.String(seed, value))
}

// String is the fingerprint as eight hexadecimal digits, "-" for the empty value.
func (f Fingerprint) String() string {
	if f == 0 {
		return "-"
	}
	return fmt.Sprintf("%08x", uint32(f))
}

// MarshalText is String, so that JSON has no numbers it cannot hold.
func (f Fingerprint) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// String is the entry in a line, as failure messages show it.
func (e Entry) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "#%d %s %s %s/%s", e.Seq, e.Time.Format("15:04:05.000"), e.Method, e.Site, e.Page)
	for _, part := range []struct{ before, text string }{
		{" ", e.Command}, {" host ", e.Host}, {" → ", string(e.Result)}, {" ", e.Reason},
	} {
		if part.text != "" {
			b.WriteString(part.before + inLine(part.text))
		}
	}
	fmt.Fprintf(&b, ", session %s", e.Session)
	if e.User != "" {
		fmt.Fprintf(&b, " of %s", inLine(e.User))
	}
	for _, list := range []struct {
		word    string
		cookies []Cookie
	}{{"came", e.CookiesIn}, {"set", e.CookiesSet}} {
		if len(list.cookies) > 0 {
			names := make([]string, len(list.cookies))
			for i, c := range list.cookies {
				names[i] = inLine(c.Name)
			}
			fmt.Fprintf(&b, ", %s: %s", list.word, strings.Join(names, " "))
		}
	}
	if e.Note != "" {
		fmt.Fprintf(&b, " (%s)", e.Note)
	}
	return b.String()
}

// inLine is a text that a stranger sent as it stands in a line, or quoted where it would break out of it.
func inLine(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(s)
	}
	return s
}

// size is what an entry costs in memory, in bytes, its own strings included.
func (e *Entry) size() int {
	const fixed, perCookie = 264, 56
	n := fixed + len(e.Page) + len(e.Command) + len(e.Method) + len(e.RequestID) + len(e.Host) + len(e.User) + len(e.Params) + len(e.SendsTo) + len(e.Note)
	for i := range e.CookiesIn {
		n += perCookie + len(e.CookiesIn[i].Name)
	}
	return n + perCookie*len(e.CookiesSet)
}
