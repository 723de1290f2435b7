package intake

import (
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/internal/strictyaml"
)

// ReadReport reads a customer's report. Only a file that cannot be read as one is an error (strictyaml.Mistakes, with line and column);
// what is missing, contradictory or plainly wrong in it is for Interpret to say.
func ReadReport(file string, r io.Reader) (fixtures.Report, error) {
	data, err := wholeFile(file, r, strictyaml.MaxSize)
	if err != nil {
		return fixtures.Report{}, err
	}
	report, err := fixtures.ReadReport(file, data)
	if err != nil {
		return fixtures.Report{}, err
	}
	return withoutSecrets(report), nil
}

// withoutSecrets is a report in whose texts no password or ticket stands.
func withoutSecrets(r fixtures.Report) fixtures.Report {
	r.Cookies = redactCookies(r.Cookies)
	for _, text := range []*string{
		&r.ID, &r.Title, &r.Product, &r.Said, &r.Received, &r.Since, &r.Browser, &r.Version, &r.System, &r.Setting, &r.Style, &r.Portal, &r.Webex,
		&r.Cookies, &r.Network, &r.Idle, &r.Symptom, &r.StandsIn, &r.NotShown,
	} {
		*text = Redact(*text)
	}
	r.Steps = redactAll(r.Steps)
	r.Source = redactAll(r.Source)
	return r
}

func redactAll(list []string) []string {
	var out []string
	for _, s := range list {
		out = append(out, Redact(s))
	}
	return out
}

// isSaid is what stands between a secret's name and the secret.
const isSaid = `"?\s*(?:is(?:\s*:\s*|\s+)|[:=]\s*)`

// spoken are secrets as people write them into a text. A password goes on after a comma or semicolon that no white space follows; a ticket, which is
// a cookie too, does not: the cookie's attributes come there.
var spoken = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\b((?:password|passwd|pass|pwd|pw|npw|pin|pid|tk|sk|token|secret)` + isSaid + `)(?:"[^"\n]*"?|(?:[,;]*[^\s,;&])+)`),
	regexp.MustCompile(`(?i)\b((?:ticket|jsessionid|_?csrf_?)` + isSaid + `)(?:"[^"\n]*"?|[^\s,;&]+)`),
	regexp.MustCompile(`(?i)\b(authorization\s*:\s*(?:(?:basic|bearer|digest|negotiate|ntlm)\s+)?).+`),
	regexp.MustCompile(`(?im)\b(cookie\s*:\s*)[^\s,;="]+(\s*[,;]|\s+[^\s=]|\s*$)`), // one without a name
}

// cookieHeader is Cookie or Set-Cookie with all that stands in its line.
var cookieHeader = regexp.MustCompile(`(?i)\bcookie\s*:.+`)

// Redact is a text without the secrets in the addresses in it, and without what it says to be one: "password: …", "Cookie: …".
func Redact(text string) string {
	text = redactAddresses(text)
	for _, s := range spoken {
		text = s.ReplaceAllString(text, "${1}***${2}")
	}
	return cookieHeader.ReplaceAllStringFunc(text, redactCookies)
}

var cookieAttributes = []string{"domain", "expires", "max-age", "path", "priority", "samesite", "version"}

// namedValue is an attribute of a cookie, which a comma may part from another cookie, or a cookie, each with its value.
var namedValue = regexp.MustCompile(`(?i)\b(?:` + strings.Join(cookieAttributes, "|") + `)\s*=\s*[^\s,;]*|[^\s,;=():"]+\s*=\s*(?:"[^"\n]*"?|[^\s;]*)`)

// redactCookies is what Cookie or Set-Cookie says without the cookies' values. The attributes stay: they tell why a cookie is refused.
func redactCookies(text string) string {
	return namedValue.ReplaceAllStringFunc(text, func(s string) string {
		name, _, _ := strings.Cut(s, "=")
		if slices.Contains(cookieAttributes, strings.ToLower(strings.TrimSpace(name))) {
			return s
		}
		return name + "=***"
	})
}

func redactAddresses(text string) string {
	out, start := "", 0
	for i := 0; i <= len(text); i++ {
		if i < len(text) && text[i] != ' ' && text[i] != '\n' && text[i] != '\t' {
			continue
		}
		word := text[start:i]
		out += network.Redact(word)
		if i < len(text) {
			out += text[i : i+1]
		}
		start = i + 1
	}
	return out
}
