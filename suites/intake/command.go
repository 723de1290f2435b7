package intake

import (
	"bytes"
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"

	"github.com/cookiegate/cookiegate/internal/redact"
	"github.com/cookiegate/cookiegate/simulator/urlapi"
)

// Command is a command of the Webex Meetings URL API, with what its own answer says.
type Command struct {
	Site string `json:"site"` // as in the path
	Page string `json:"page"` // "p.php"
	AT   string `json:"at"`
	Host string `json:"host,omitempty"` // the WebExID asked for
	Back string `json:"back,omitempty"` // back URL, redacted
	// Target is where the answer sends the browser, by status or by script, redacted.
	Target string `json:"target,omitempty"`
	// Answer is what Target says of this command, or the answer itself where that is XML.
	Answer Answer `json:"answer"`
	// PasswordInAddress says that a password or partner ID came in the query, which sites refuse since 2014.
	PasswordInAddress bool `json:"passwordInAddress,omitempty"`
}

// Answer is ST and RS.
type Answer struct {
	ST string `json:"st,omitempty"` // "SUCCESS", "FAIL", or empty where it is not known
	RS string `json:"rs,omitempty"`
}

// String is "SUCCESS", "FAIL AccessDenied", or "?".
func (a Answer) String() string {
	if a.ST == "" {
		return "?"
	}
	return strings.TrimSpace(a.ST + " " + a.RS)
}

// apiPath splits the path of an API page: the first segment is the site, in any letter case, the last one the page.
func apiPath(path string) (site, page string, ok bool) {
	site, page, found := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if !found || site == "" {
		return "", "", false
	}
	for _, p := range urlapi.Pages() {
		if strings.EqualFold(page, p) {
			return site, p, true
		}
	}
	return "", "", false
}

// commandOf is the command that a request is, or nil. Form is what a form sent as its body; of a POST whose form is not known, AT is empty.
func commandOf(method, address, form string) *Command {
	path, query := splitAddress(address)
	site, page, ok := apiPath(path)
	if !ok {
		return nil
	}
	asked := func(name string) string {
		if v := parameter(query, name); v != "" {
			return v
		}
		return parameter(form, name)
	}
	at := strings.ToUpper(asked("AT"))
	switch {
	case at == "" && method == "POST" && form == "":
	case !isCommand(at):
		return nil
	}
	return &Command{
		Site: strings.Clone(site), Page: page, AT: at,
		Host:              short(asked("WID")),
		Back:              redactShort(asked("BU")),
		PasswordInAddress: parameter(query, "PW") != "" || parameter(query, "PID") != "",
	}
}

// isCommand says whether at is two letters.
func isCommand(at string) bool {
	return len(at) == 2 && 'A' <= at[0] && at[0] <= 'Z' && 'A' <= at[1] && at[1] <= 'Z'
}

// splitAddress gives path and query of an address.
func splitAddress(address string) (path, query string) {
	address, _, _ = strings.Cut(address, "#")
	address, query, _ = strings.Cut(address, "?")
	if _, rest, found := strings.Cut(address, "://"); found {
		address = rest
		i := strings.IndexByte(address, '/')
		if i < 0 {
			return "/", query
		}
		address = address[i:]
	}
	return address, query
}

// parameter is the first value of a query's or form's field, in any letter case. Unlike url.ParseQuery it makes nothing of the others.
func parameter(query, name string) string {
	for pair := range strings.SplitSeq(query, "&") {
		if key, value, _ := strings.Cut(pair, "="); strings.EqualFold(key, name) {
			if plain, err := url.QueryUnescape(value); err == nil {
				return plain
			}
			return value
		}
	}
	return ""
}

// answerIn reads a command's answer out of the address that it sent the browser to. Known says that the address is one that tells: the back URL
// with AT and ST, or, after a login, another command or page of the site, to which only a successful one leads.
func answerIn(target, at string) (a Answer, known bool) {
	if target == "" {
		return Answer{}, false
	}
	path, query := splitAddress(target)
	if st := parameter(query, "ST"); st != "" && strings.EqualFold(parameter(query, "AT"), at) {
		return Answer{ST: strings.ToUpper(short(st)), RS: short(parameter(query, "RS"))}, true
	}
	if _, _, api := apiPath(path); api && at == "LI" && parameter(query, "ST") == "" {
		return Answer{ST: "SUCCESS"}, true
	}
	return Answer{}, false
}

// readAnswer completes a command with the body of its answer.
func (c *Command) readAnswer(body []byte) {
	if c.Target == "" {
		c.Target = redactShort(scriptTarget(body))
	}
	if a, known := answerIn(c.Target, c.AT); known {
		c.Answer = a
		return
	}
	if st := between(body, "<Status>", "</Status>"); st != "" {
		c.Answer = Answer{ST: strings.ToUpper(short(st)), RS: short(between(body, "<Reason>", "</Reason>"))}
		return
	}
	if bytes.Contains(body, []byte("Access Denied")) || bytes.Contains(body, []byte("AccessDenied")) {
		c.Answer = Answer{ST: "FAIL", RS: "AccessDenied"} // the site's own page, where there is no back URL
	}
}

// scriptTarget is where the script of a result page sends the browser: the text after location.href= or var url =, unescaped; empty where there
// is none. Sites have written the one and the other.
func scriptTarget(body []byte) string {
	for _, mark := range []string{"location.href", "var url", "location.replace("} {
		_, rest, found := bytes.Cut(body, []byte(mark))
		if !found {
			continue
		}
		rest = bytes.TrimLeft(rest, " =(\t")
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			continue
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 || end > maxTarget {
			continue
		}
		if target := unescapeScript(string(rest[1 : 1+end])); strings.HasPrefix(target, "/") || strings.Contains(target, "://") {
			return target
		}
	}
	return ""
}

const maxTarget = 16 << 10 // bytes, escaped: an address four times over

// unescapeScript takes \xNN, \uNNNN and a backslash before anything else out of a script's string.
func unescapeScript(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		digits := map[byte]int{'x': 2, 'u': 4}[s[i]]
		if digits > 0 && i+digits < len(s) {
			if r, err := strconv.ParseUint(s[i+1:i+1+digits], 16, 32); err == nil {
				b.WriteRune(rune(r))
				i += digits
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func between(body []byte, from, to string) string {
	_, rest, found := bytes.Cut(body, []byte(from))
	inner, _, closed := bytes.Cut(rest, []byte(to))
	if !found || !closed {
		return ""
	}
	return strings.TrimSpace(string(inner))
}

// decodeBody undoes the base64 in which some bodies are recorded.
func decodeBody(body []byte, encoding string) []byte {
	if !strings.EqualFold(encoding, "base64") {
		return body
	}
	plain, err := base64.StdEncoding.AppendDecode(nil, bytes.TrimSpace(body))
	if err != nil {
		return nil
	}
	return plain
}

const (
	maxWord    = 128     // bytes kept of an answer's word or a name
	maxAddress = 8 << 10 // bytes kept of an address
)

// short is a word from a stranger's file, cut to a length.
func short(s string) string { return cutTo(s, maxWord) }

// redactShort is an address without secrets, cut to a length.
func redactShort(address string) string {
	if len(address) > 2*maxAddress {
		address = address[:2*maxAddress]
	}
	return cutTo(redact.Address(address), maxAddress)
}

// cutTo is a copy of s of at most so many bytes.
func cutTo(s string, most int) string {
	if len(s) <= most {
		return strings.Clone(s)
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
