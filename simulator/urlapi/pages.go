package urlapi

import (
	"embed"
	"html/template"
	"net/http"
	"strings"
	"sync"

	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/simulator/site"
)

// ownPages is the folder of the pages that a person sees.
const ownPages = "mywebex"

// FrontPage is where the page is that a site shows to who asks for nothing in particular.
func FrontPage(site string) string {
	return "/" + site + "/" + ownPages + "/default.do?siteurl=" + site
}

// frontPage is FrontPage with the host as the browser sees it.
func (c *call) frontPage() string { return origin(c.r) + FrontPage(c.site.Config.Name) }

//go:embed pages
var files embed.FS

// page writes a page into the call's buffer.
type page func(*call)

// view is what every page is made from.
type view struct {
	Site string // name
	Data any
}

// templates are the pages, each with the layout around it, parsed when the first is shown.
var templates = sync.OnceValue(func() map[string]*template.Template {
	m := map[string]*template.Template{}
	for _, name := range []string{"signin", "start", "room", "denied", "meetings", "details", "register", "over"} {
		m[name] = template.Must(template.ParseFS(files, "pages/layout.html", "pages/"+name+".html"))
	}
	return m
})

// show is the page of that name.
func show(name string, data any) page {
	return func(c *call) {
		if err := templates()[name].ExecuteTemplate(&c.out, "layout", view{Site: c.site.Config.Name, Data: data}); err != nil {
			panic(err) // the buffer takes everything, and the templates are ours
		}
	}
}

// hostOf is the name of a meeting's host.
func (c *call) hostOf(m site.Meeting) string {
	if owner := c.site.Accounts.Owner(m.Owner); owner != nil {
		return owner.Name()
	}
	return ""
}

func deniedPage(c *call)                    { show("denied", nil)(c) }
func meetingsPage(list []site.Meeting) page { return show("meetings", list) }
func detailsPage(m site.Meeting) page       { return show("details", m) }
func registrationPage(m site.Meeting, back string) page {
	return show("register", struct{ Name, Key, Back string }{m.Name, m.Key, back})
}
func overPage(c *call) { show("over", c.back)(c) }

func signInPage(message, typed string) page {
	return show("signin", struct{ Message, WebExID string }{message, typed})
}
func startPage(message string, c *call) page {
	return show("start", struct {
		Message  string
		Name     string
		WebExID  string
		Meetings []site.Meeting
	}{message, c.user.Name(), c.user.WebExID, c.mine()})
}

// ownPage finds what answers a page; nil when there is none.
func ownPage(name string) func(*call, Intervener) {
	switch name {
	case "default.do":
		return serveDefault
	case "login.do":
		return serveSignIn
	case "meeting.do":
		return serveRoom
	}
	return nil
}

// serveDefault is the site's front: the host's start page, or the sign-in page. It says how the command ended that led here.
func serveDefault(c *call, _ Intervener) {
	c.identify()
	message := ""
	if at, st := c.form.get("AT"), c.form.get("ST"); at != "" && st != "" {
		message = strings.TrimSpace(at + ": " + st + " " + c.form.get("RS"))
	}
	p := signInPage(message, "")
	if c.live() {
		p = startPage(message, c)
	}
	c.keep()
	c.sendPage(p)
	c.write("", "")
}

// serveSignIn is the sign-in page and what its form is sent to. Signing in ends the session that the browser may have had.
func serveSignIn(c *call, _ Intervener) {
	c.identify()
	if c.r.Method != http.MethodPost {
		c.keep()
		c.sendPage(signInPage("", ""))
		c.write("", "")
		return
	}
	wid := c.form.get("WID")
	c.host = wid
	account, err := c.site.Accounts.Login(wid, c.form.get("PW"))
	if err != nil {
		c.remark(err.Error())
		c.keep()
		c.sendPage(signInPage("Sign-in failed: "+err.Error()+".", wid))
		c.write(journal.Fail, reasonOf(err))
		return
	}
	c.site.Sessions.End(c.ticket, session.LoggedOut)
	c.openSession(account)
	c.header(htmlType)
	front := c.frontPage()
	c.sentTo = originOf(front, c.r)
	c.w.Header()["Location"] = []string{front}
	c.w.WriteHeader(http.StatusFound)
	c.write(journal.Success, "")
}

// serveRoom is what the buttons of a meeting's room do. The room's own secret is their word, so that a meeting ends even for a host whose session has
// died meanwhile. Where the meeting is gone or has ended, there is no room to go on in, and the page says so.
func serveRoom(c *call, _ Intervener) {
	c.identify()
	c.keep()
	command, action := c.form.get("AT"), c.form.get("action")
	c.back, _ = backURL(c.form.get("BU"))
	isHost := command == "HM" || command == "IM"
	known := isHost && (action == "end" || action == "lock" || action == "unlock") || command == "JM" && action == "leave"
	known = known && c.r.Method == http.MethodPost
	locking := action == "lock" || action == "unlock"
	key, secret := c.form.get("MK"), c.form.get("roomToken")
	meeting, err := c.site.Meetings.InRoom(key, secret, func(m *site.Meeting) {
		switch {
		case !known:
		case action == "end":
			m.Phase = site.Ended
		case locking && m.Phase == site.InProgress:
			m.Locked = action == "lock"
		}
	})
	_, exists := c.site.Meetings.Find(key)
	switch {
	case known && !exists && numeric(key) && secret != "":
		c.remark(action + ": the meeting was deleted")
		c.sendPage(overPage)
	case !known || err != nil:
		c.remark("no such room")
		c.header(htmlType)
		http.NotFound(c.w, c.r)
	case locking && meeting.Phase != site.InProgress:
		c.remark(action + ": the meeting has ended")
		c.sendPage(overPage)
	case locking:
		c.sendPage(roomPage(newRoom(c, command, meeting)))
	default:
		c.remark(action)
		c.sendBack(command, journal.Success, answer{})
	}
	c.write("", "")
}
