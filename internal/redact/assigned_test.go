package redact

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestSecretsInTexts(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"query":                {"https://a/p.php?AT=LI&WID=alice&PW=hunter2&MU=x", "https://a/p.php?AT=LI&WID=alice&PW=***&MU=x"},
		"last of a query":      {"p.php?TK=hunter2", "p.php?TK=***"},
		"letter case":          {"?pw=hunter2&Tk=hunter2&csrf=hunter2&TICKET=hunter2", "?pw=***&Tk=***&csrf=***&TICKET=***"},
		"new password":         {"?NPW=hunter2", "?NPW=***"},
		"cookie":               {"ticket=hunter2; Path=/", "ticket=***; Path=/"},
		"quoted cookie":        {`ticket="hunter2; hunter2"; Version=1`, `ticket=***; Version=1`},
		"anti-forgery cookie":  {"_csrf_=hunter2, x", "_csrf_=***, x"},
		"inside a back URL":    {"?BU=https%3A%2F%2Fp%2F%3FTK%3Dhunter2%26x%3D1&y=2", "?BU=https%3A%2F%2Fp%2F%3FTK%3D***%26x%3D1&y=2"},
		"at its end":           {"?BU=%3fPW%3dhunter2&y=2", "?BU=%3fPW%3d***&y=2"},
		"encoded value":        {"?PW=hun%26ter2&y=2", "?PW=***&y=2"},
		"twice encoded":        {"?MU=a%26BU%3Db%253FTK%253Dhunter2%2526z%253D1", "?MU=a%26BU%3Db%253FTK%253D***%2526z%253D1"},
		"in a sentence":        {"opened https://a/?PW=hunter2: it failed", "opened https://a/?PW=*** it failed"},
		"marks in a value":     {"?PW=hun,t)e;r2&y=2 PW=hun,ter2", "?PW=***&y=2 PW=***"},
		"marks after it":       {"(see ?PW=hunter2), ?TK=hunter2; then", "(see ?PW=***), ?TK=***; then"},
		"partner and key":      {"?PID=hunter2&SK=hunter2&AT=LI", "?PID=***&SK=***&AT=LI"},
		"session cookie":       {"JSESSIONID=hunter2; Path=/", "JSESSIONID=***; Path=/"},
		"another form's":       {"?password=hunter2&passwords=2", "?password=***&passwords=2"},
		"in HTML":              {`<a href="?PW=hunter2">`, `<a href="?PW=***">`},
		"several":              {"PW=hunter2&PW=hunter2", "PW=***&PW=***"},
		"a cookie's name":      {"ticket (SameSite=None; Secure)", "ticket (SameSite=None; Secure)"},
		"a longer name":        {"ticket_timeStamp=17; myticket=8", "ticket_timeStamp=17; myticket=8"},
		"another name":         {"?WPW=1&TKX=2", "?WPW=1&TKX=2"},
		"no value":             {"?PW=&x=1", "?PW=&x=1"},
		"already redacted":     {"?PW=***&x=1", "?PW=***&x=1"},
		"letters that shrink":  {"İPW=a ?PW=hunter2", "İPW=*** ?PW=***"},
		"JSON":                 {`{"ticket":"hunter2","AT":"LI","TK": "hunter2"}`, `{"ticket":***,"AT":"LI","TK": ***}`},
		"a quote in JSON":      {`{"PW":"hun\"ter\\","AT":"LI"}`, `{"PW":***,"AT":"LI"}`},
		"single quotes":        {"ticket='hunter2 hunter2'; it's", "ticket=***; it's"},
		"a number in JSON":     {`{"PID":12}, ticket: not stored`, `{"PID":***}, ticket: not stored`},
		"nothing to be hidden": {"Access Denied", "Access Denied"},
	} {
		t.Run(name, func(t *testing.T) {
			NewWithT(t).Expect(Assigned(c.text)).To(Equal(c.want))
		})
	}
}
