package urlapi

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/cookiegate/cookiegate/simulator/site"
)

// maxBody is the largest form that is read, in bytes.
const maxBody = 256 << 10

// Serve answers one request to a site. path is what follows the site's own segment, such as "p.php" or "mywebex/login.do". The intervener may be
// nil.
func Serve(s *site.Site, path string, w http.ResponseWriter, r *http.Request, intervener Intervener) {
	SetHeaders(w.Header())
	serve := serveCommand
	page := path
	if !isAPIPage(path) {
		page = strings.TrimPrefix(path, ownPages+"/")
		if serve = ownPage(page); serve == nil || page == path {
			http.NotFound(w, r)
			return
		}
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		http.Error(w, "the URL API takes GET and POST", http.StatusMethodNotAllowed)
		return
	}
	c := newCall(s, page, w, r)
	defer c.release()
	if !c.readForm() {
		http.Error(w, "the form is larger than 256 KiB", http.StatusRequestEntityTooLarge)
		return
	}
	c.cookies = parseCookies(c.cookies, r.Header["Cookie"])
	serve(c, intervener)
}

// readForm reads the parameters, those of a POST body first. It says whether the body was small enough.
func (c *call) readForm() bool {
	kind := c.r.Header.Get("Content-Type")
	switch {
	case c.r.Method != http.MethodPost:
	case !isForm(kind):
		if c.r.ContentLength != 0 {
			c.remark(fmt.Sprintf("the body is not read: its type is %q, expected %s", brief(kind, 64), formType))
		}
	default:
		body := io.LimitReader(c.r.Body, maxBody+1)
		for {
			if len(c.raw) == cap(c.raw) {
				c.raw = append(c.raw, make([]byte, 512)...)[:len(c.raw)]
			}
			n, err := body.Read(c.raw[len(c.raw):cap(c.raw)])
			c.raw = c.raw[:len(c.raw)+n]
			if err != nil {
				break // an aborted body counts as far as it came
			}
		}
		if len(c.raw) > maxBody {
			return false
		}
		c.body = string(c.raw)
		c.form.parse(c.body, true)
	}
	c.form.parse(c.r.URL.RawQuery, false)
	if c.form.cut {
		c.remark(fmt.Sprintf("only the first %d parameters are read", maxParams))
	}
	return true
}

const formType = "application/x-www-form-urlencoded"

func isForm(contentType string) bool {
	mime, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(strings.TrimSpace(mime), formType)
}

// serveCommand answers a command. What is checked, and in which order: whether the site has the API and takes the form; whether there is such a
// command; session, partner id or token; and only then the command's own parameters.
func serveCommand(c *call, intervener Intervener) {
	c.at = c.form.get("AT")
	var reason string
	if intervener != nil {
		if c.body != "" {
			c.r.Body = io.NopCloser(strings.NewReader(c.body)) // or an intervener would find the form of a POST empty
		}
		i := intervener(Attempt{Site: c.site.Config.Name, Page: c.page, Command: c.at, Request: c.r})
		if !c.intervene(i) {
			return
		}
		if i != nil {
			reason = i.Reason
		}
	}
	c.identifyCaller()
	back, err := backURL(c.form.get("BU"))
	if err != nil {
		c.remark("BU is not followed: " + err.Error())
	}
	c.back = back
	command := find(c.page, c.at)
	if reason == "" {
		reason = c.refuse(command)
	}
	if reason != "" {
		c.send(fail(reason))
		return
	}
	c.send(command.run(c))
}

// refuse is the reason for which a command is not even begun; "" when there is none.
func (c *call) refuse(command *Command) string {
	switch {
	case c.site.Config.APIDisabled:
		return noAPI
	case command == nil:
		return unknownAT
	case c.site.Config.Get2Post && c.form.inQuery("PW", "PID"):
		c.remark("PW and PID are taken from a POST body only")
		return accessDenied
	}
	switch command.Needs {
	case PartnerID:
		if !c.partner() {
			return partnerIDError
		}
	case Token:
		switch {
		case !c.site.Config.CSRF:
			return unknownAT
		case !c.live():
			return accessDenied
		case !c.tokenMatches():
			c.remark("CSRF is not what the cookie holds")
			return accessDenied
		}
	case Session:
		if !c.live() {
			return accessDenied
		}
	}
	return ""
}
