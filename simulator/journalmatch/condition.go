package journalmatch

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/session"
)

// Condition is one thing about an entry.
type Condition struct {
	text  string // what is wanted: "command HM"
	holds func(journal.Entry) bool
	found func(journal.Entry) string // what there is instead: "LI"
}

// String is what is wanted.
func (c Condition) String() string { return c.text }

// Page wants a page, such as "m.php".
func Page(name string) Condition {
	return field("page", name, func(e journal.Entry) string { return e.Page })
}

// Command wants an AT, such as "HM".
func Command(at string) Condition {
	return field("command", at, func(e journal.Entry) string { return e.Command })
}

// Method wants an HTTP method.
func Method(name string) Condition {
	return field("method", name, func(e journal.Entry) string { return e.Method })
}

// Host wants the WebEx ID that the command names, or else the owner of the session whose ticket came along, dead or alive.
func Host(webExID string) Condition {
	return field("host", webExID, func(e journal.Entry) string { return e.Host })
}

// User wants the owner of the live session in which it was answered; "" wants none.
func User(webExID string) Condition {
	return field("user", webExID, func(e journal.Entry) string { return e.User })
}

// Result wants a result.
func Result(r journal.Result) Condition {
	return field("result", string(r), func(e journal.Entry) string { return string(e.Result) })
}

// Reason wants a reason, such as "AlreadyLogon".
func Reason(code string) Condition {
	return field("reason", code, func(e journal.Entry) string { return e.Reason })
}

// Session wants the state of the session whose ticket came along.
func Session(state session.State) Condition {
	return field("session", string(state), func(e journal.Entry) string { return string(e.Session) })
}

// RequestID wants the header X-Request-Id.
func RequestID(id string) Condition {
	return field("request id", id, func(e journal.Entry) string { return e.RequestID })
}

// Succeeded wants the result SUCCESS.
func Succeeded() Condition { return Result(journal.Success) }

// Failed wants the result FAIL.
func Failed() Condition { return Result(journal.Fail) }

// Denied wants the reason AccessDenied.
func Denied() Condition { return Reason("AccessDenied") }

// Brought wants a cookie of that name among those that came along.
func Brought(name string) Condition {
	return cookies("cookie "+name+" brought", name, func(e journal.Entry) []journal.Cookie { return e.CookiesIn }, func(journal.Cookie) bool { return true })
}

// Missed wants no cookie of that name among those that came along.
func Missed(name string) Condition {
	c := Brought(name)
	holds := c.holds
	c.text, c.holds = "cookie "+name+" not brought", func(e journal.Entry) bool { return !holds(e) }
	return c
}

// Set wants a cookie of that name among those that were set, with every attribute given: "SameSite=None", "Partitioned". One that is deleted does not count.
func Set(name string, attributes ...string) Condition {
	text := "cookie " + name + " set"
	if len(attributes) > 0 {
		text += " with " + strings.Join(attributes, "; ")
	}
	return cookies(text, name, func(e journal.Entry) []journal.Cookie { return e.CookiesSet }, func(k journal.Cookie) bool {
		return !k.Deletes && !slices.ContainsFunc(attributes, func(a string) bool { return !hasAttribute(k, a) })
	})
}

// Deleted wants a cookie of that name to have been deleted.
func Deleted(name string) Condition {
	return cookies("cookie "+name+" deleted", name, func(e journal.Entry) []journal.Cookie { return e.CookiesSet }, func(k journal.Cookie) bool { return k.Deletes })
}

// After wants an entry that is younger than the one of that sequence number.
func After(seq uint64) Condition {
	return Condition{
		fmt.Sprintf("after #%d", seq), func(e journal.Entry) bool { return e.Seq > seq },
		func(e journal.Entry) string { return fmt.Sprintf("#%d", e.Seq) },
	}
}

// Satisfying wants whatever the function says; text says it to people.
func Satisfying(text string, holds func(journal.Entry) bool) Condition {
	return Condition{text, holds, func(journal.Entry) string { return "it is not" }}
}

// field wants a field to be what it should be.
func field(name, want string, of func(journal.Entry) string) Condition {
	return Condition{
		name + " " + orNone(want), func(e journal.Entry) bool { return of(e) == want },
		func(e journal.Entry) string { return orNone(of(e)) },
	}
}

// cookies wants one cookie of a list to be of that name and to fit.
func cookies(text, name string, of func(journal.Entry) []journal.Cookie, fits func(journal.Cookie) bool) Condition {
	return Condition{
		text,
		func(e journal.Entry) bool {
			return slices.ContainsFunc(of(e), func(k journal.Cookie) bool { return k.Name == name && fits(k) })
		},
		func(e journal.Entry) string {
			var list []string
			for _, k := range of(e) {
				text := k.Name
				if k.Name == name && k.Attributes != "" {
					text += "; " + k.Attributes
				}
				list = append(list, text)
			}
			return orNone(strings.Join(list, ", "))
		},
	}
}

// hasAttribute says whether a cookie has an attribute, name and value, in whatever letter case.
func hasAttribute(k journal.Cookie, want string) bool {
	for a := range strings.SplitSeq(k.Attributes, ";") {
		if strings.EqualFold(strings.TrimSpace(a), want) {
			return true
		}
	}
	return false
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

var _ fmt.Stringer = Condition{}
