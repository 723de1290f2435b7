package redact

import (
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/internal/lazyregexp"
)

// isSaid is what stands between a secret's name and the secret.
const isSaid = `"?\s*(?:is(?:\s*:\s*|\s+)|[:=]\s*)`

// inQuotes is a value in quotes, up to one without a backslash before it. A text may be cut short within double quotes; a single one may be an apostrophe.
const inQuotes = `"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'`

// mixed is a word of letters with digits or marks among them, as a password is and the words of a sentence are not: "log in with password geheim7".
const mixed = `[^\s,;&]*(?:[a-z][^\s,;&]*[0-9!#$%+@^_~]|[0-9!#$%+@^_~][^\s,;&]*[a-z])[^\s,;&]*`

// curlUser is how curl is told who asks, -u NAME:PASSWORD, where other letters may stand before the u.
const curlUser = `(?:^|\s)(?:-[a-zA-Z]{0,8}[uU]\s*|--(?:proxy-)?user[ =]\s*)`

// said are secrets as people write them into a text. A password goes on after a comma or semicolon that no white space follows; a ticket, which is
// a cookie too, does not: the cookie's attributes come there.
var said = []*lazyregexp.Regexp{
	lazyregexp.New(`(?i)\b((?:` + strings.Join(slices.Concat(passwords, parameters, words), "|") + `)` + isSaid + `)(?:` + inQuotes + `|(?:[,;]*[^\s,;&])+)`),
	lazyregexp.New(`(?i)\b((?:` + strings.Join(cookies, "|") + `)` + isSaid + `)(?:` + inQuotes + `|[^\s,;&]+)`),
	lazyregexp.New(`(?i)\b((?:` + strings.Join(slices.Concat(passwords, []string{"pw"}), "|") + `)[ \t]+)(?:` + inQuotes + `|` + mixed + `)`),
	lazyregexp.New(`(?i)\b(authorization\s*:\s*(?:(?:basic|bearer|digest|negotiate|ntlm)\s+)?).+`),
	lazyregexp.New(`(?m)(` + curlUser + `["'][^"':\n]*:)[^"'\n]+`),
	lazyregexp.New(`(?m)(` + curlUser + `[^\s"':]+:)[^\s"']+`),
	lazyregexp.New(`(?im)\b(cookie\s*:\s*)[^\s,;="]+(\s*[,;]|\s+[^\s=]|\s*$)`), // one without a name
}

// cookieHeader is Cookie or Set-Cookie with all that stands in its line.
var cookieHeader = lazyregexp.New(`(?i)\bcookie\s*:.+`)

// Text is a text without the secrets in the addresses in it, and without what it says to be one: "password: …", "Cookie: …".
func Text(text string) string {
	text = Addresses(text)
	for _, s := range said {
		text = s.ReplaceAllString(text, "${1}"+Stars+"${2}")
	}
	return cookieHeader.ReplaceAllStringFunc(text, Cookies)
}

var cookieAttributes = []string{"domain", "expires", "max-age", "path", "priority", "samesite", "version"}

// namedValue is an attribute of a cookie, which a comma may part from another cookie, or a cookie, each with its value.
var namedValue = lazyregexp.New(`(?i)\b(?:` + strings.Join(cookieAttributes, "|") + `)\s*=\s*[^\s,;]*|[^\s,;=():"]+\s*=\s*(?:"[^"\n]*"?|[^\s;]*)`)

// Cookies is what Cookie or Set-Cookie says without the cookies' values. The attributes stay: they tell why a cookie is refused.
func Cookies(text string) string {
	return namedValue.ReplaceAllStringFunc(text, func(s string) string {
		name, _, _ := strings.Cut(s, "=")
		if slices.Contains(cookieAttributes, strings.ToLower(strings.TrimSpace(name))) {
			return s
		}
		return name + "=" + Stars
	})
}

// Addresses is a text without the secrets in the addresses in it.
func Addresses(text string) string {
	var out strings.Builder
	start := 0
	for i := 0; i <= len(text); i++ {
		if i < len(text) && text[i] != ' ' && text[i] != '\n' && text[i] != '\t' {
			continue
		}
		out.WriteString(Address(text[start:i]))
		if i < len(text) {
			out.WriteByte(text[i])
		}
		start = i + 1
	}
	return out.String()
}
