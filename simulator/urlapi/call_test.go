package urlapi

import (
	"fmt"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/simulator/site"
)

func names(list []journal.Cookie) string {
	var s []string
	for _, c := range list {
		s = append(s, c.Name)
	}
	return strings.Join(s, " ")
}

func TestTheJournalSaysWhatWasAskedAndAnswered(t *testing.T) {
	w := newWorld(t)
	w.jar["other"] = "1"
	w.post("p.php", "AT=LI&WID=alice&PW=secret")
	e := w.last()
	w.Expect(e.Seq).To(Equal(uint64(1)))
	w.Expect(e.Time).To(Equal(w.clock.Now()))
	w.Expect([]string{e.Site, e.Page, e.Command, e.Method, e.Host, e.User, string(e.Result), e.Reason, string(e.Session)}).
		To(Equal([]string{"acme", "p.php", "LI", "POST", "alice", "alice", "SUCCESS", "", "none"}))
	w.Expect(names(e.CookiesIn)).To(Equal("other"))
	w.Expect(names(e.CookiesSet)).To(Equal("ticket ticket_timeStamp JSESSIONID CK_LanguageID_243585 CK_TimeZone_243585 CK_RegionID_243585"))
	w.Expect(e.CookiesSet[0].Attributes).To(Equal("Version=1; Domain=webex.com; Path=/; Secure"))
	set := e.CookiesSet[0].Fingerprint

	delete(w.jar, "other")
	for name := range w.jar {
		if name != "ticket" {
			delete(w.jar, name)
		}
	}
	r := httptest.NewRequest("GET", "https://acme.webex.com/acme/m.php?"+hosting, nil)
	r.Header.Set("X-Request-Id", "17")
	w.send("m.php", r)
	e = w.last()
	w.Expect(e.RequestID).To(Equal("17"))
	w.Expect(names(e.CookiesIn)).To(Equal("ticket"))
	w.Expect(e.CookiesIn[0].Fingerprint).To(Equal(set), "the ticket that was set is the one that came back")
	w.Expect(e.CookiesSet[0].Fingerprint).To(Equal(set), "and is issued again")

	w.post("p.php", "AT=LO")
	w.Expect(w.last().CookiesSet[0].Deletes).To(BeTrue())
}

func TestTheJournalSaysWhereAnAnswerSendsTheBrowser(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ page, query, to string }{
		{"p.php", "AT=LI&WID=alice&PW=secret&BU=" + escapeAll("https://user:hunter2@Portal.Example:8443/back?token=x"), "https://portal.example:8443"},
		{"p.php", "AT=LI&WID=alice&PW=wrong&BU=portal.example", "http://portal.example"},
		{"m.php", "AT=SM&BU=" + escapeAll("/acme/next?to=https://elsewhere.example/"), "https://acme.webex.com"},
		{"p.php", "AT=LI&WID=alice&PW=secret", "https://acme.webex.com"},
		{"m.php", hosting, ""},
		{"m.php", "AT=LM&BU=https://portal.example/", ""},
		{"m.php", "AT=OM&BU=https://portal.example/", ""},
	} {
		w.get(c.page, c.query)
		w.Expect(w.last().SendsTo).To(Equal(c.to), "%s?%s", c.page, c.query)
	}
	delete(w.jar, "ticket")
	w.get("m.php", "AT=HM&MK=100000001")
	w.Expect(w.last().SendsTo).To(BeEmpty(), "Access Denied is a page where no BU came")
	w.post("mywebex/login.do", "WID=alice&PW=secret")
	w.Expect(w.last().SendsTo).To(Equal("https://acme.webex.com"), "signing in leads to the start page")
}

func TestTheJournalHoldsNoSecrets(t *testing.T) {
	w := newWorld(t, token)
	nested := "m.php?AT=JM&PW=hunter2&BU=" + escapeAll("https://p.example/?TK=hunter2&x=1")
	w.post("p.php", "AT=LI&WID=alice&PW=hunter2&NPW=hunter2&TK=hunter2&SK=hunter2&PID=hunter2&MU="+escapeAll(nested)+"&BU="+portal)
	w.get("m.php", "AT=SM&P%57=hunter2&CSRF=hunter2&pw=hunter2&Tk=hunter2")
	w.post("mywebex/login.do", "WID=alice&PW=hunter2")
	w.get("p.php", "AT=LI;WID=alice;PW=hunter2") // as some write what & should part
	w.Expect(w.last().Command).To(Equal("LI;WID=alice;PW=***"))
	w.get("p.php", "AT=LI&WID=alice;PW=hunter2")
	w.Expect(w.last().Host).To(Equal("alice;PW=***"))
	room := w.get("m.php", "AT=JM&MK=100000002").Body.String()
	w.post("mywebex/meeting.do", fields(room)+"&action=leave")
	w.Expect(w.last().Note).To(Equal("leave"))
	w.Expect(unescape(w.last().Params)).NotTo(ContainSubstring(w.meeting("100000002").Room))
	for _, e := range w.site.Journal.Entries() {
		w.Expect(e.Params).NotTo(ContainSubstring("hunter2"))
		w.Expect(unescape(unescape(unescape(e.Params)))).NotTo(ContainSubstring("hunter2"))
	}
	w.Expect(w.site.Journal.Entries()[0].Params).To(HavePrefix("AT=LI&WID=alice&PW=***&NPW=***&TK=***&SK=***&PID=***&MU=m.php%3FAT%3DJM%26PW%3D***%26BU%3D"))
	w.Expect(w.site.Journal.Entries()[0].Params).To(HaveSuffix("&BU=" + portal))
}

func TestWhatIsTooLongForTheJournalIsCut(t *testing.T) {
	w := newWorld(t)
	w.post("p.php", "AT=LO&X="+strings.Repeat("x", 100_000))
	w.Expect(w.last().Params).To(HaveLen(4096 + len("…")))
	w.post("p.php", "WID=alice&AT="+strings.Repeat("x", 100_000))
	w.Expect(len(w.last().Command)).To(BeNumerically("<", 100))
}

// inUse is the memory that is in use.
func inUse() uint64 {
	for range 2 { // what is pooled goes with the second
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// What a site remembers of a command is what the command said, not the request that it came in.
func TestASiteKeepsNoRequestInMemory(t *testing.T) {
	w := newWorld(t)
	w.logIn("alice", "secret")
	before := inUse()
	long := strings.Repeat("x", 250_000)
	for n := range 4 {
		w.post("m.php", "AT=SM&MN=Call&PW=door&X="+long)
		w.post("m.php", fmt.Sprint("AT=AA&MK=100000001&FN=Zoe&EM=zoe", n, "@acme.example&X=", long))
		w.post("m.php", fmt.Sprint("AT=RM&MK=100000004&FN=Zoe&EM=zoe", n, "@acme.example&X=", long))
		w.post("p.php", fmt.Sprint("AT=SU&PID=partner&PW=x&FN=E&LN=E&WID=host", n, "&EM=host", n, "@acme.example&X=", long))
		r := httptest.NewRequest("GET", "https://acme.webex.com/acme/o.php?AT=ST&SP=TC", nil)
		r.Header.Set("Cookie", fmt.Sprint("JSESSIONID=browser", n, "; x=", long))
		Serve(w.site, "o.php", httptest.NewRecorder(), r, nil)
	}
	w.Expect(w.site.Accounts.List()).To(HaveLen(8))
	w.Expect(inUse()).To(BeNumerically("<", before+500_000), "of five megabytes")
	w.Expect(w.site.Browsers.ServiceType("browser3")).To(Equal(site.TrainingCenter))
}

func TestABrowserSessionWhoseIDIsTooLongIsNone(t *testing.T) {
	w := newWorld(t)
	w.jar["JSESSIONID"] = strings.Repeat("x", 65)
	w.logIn("alice", "secret")
	w.Expect(len(w.jar["JSESSIONID"])).To(BeNumerically("<=", 64))
}

func TestTheJournalKeepsNoRequestInMemory(t *testing.T) {
	w := newWorld(t)
	before := inUse()
	long := strings.Repeat("x", 250_000)
	for range 4 {
		w.post("p.php", "AT=LO&WID=alice&X="+long)
		w.get("p.php", "AT=LO&WID=alice&X="+long)
	}
	w.Expect(inUse()).To(BeNumerically("<", before+500_000), "of two megabytes")
	w.Expect(w.last().Command).To(Equal("LO"))
}

func TestOfSeveralTicketsTheFirstLiveOneCounts(t *testing.T) {
	w := newWorld(t)
	w.logIn("bob", "hush")
	bobs := w.jar["ticket"]
	clear(w.jar)
	w.logIn("alice", "secret")
	alices := w.jar["ticket"]
	for _, c := range []struct{ cookies, user string }{
		{"ticket=" + alices + "; ticket=" + bobs, "alice"},
		{"ticket=" + bobs + "; ticket=" + alices, "bob"},
		{"ticket=junk; ticket=" + alices, "alice"},
		{"ticket=; ticket=" + bobs, "bob"},
		{"ticket=junk", ""},
	} {
		r := httptest.NewRequest("GET", "https://acme.webex.com/acme/m.php?AT=LM", nil)
		r.Header.Set("Cookie", c.cookies)
		clear(w.jar)
		got := w.send("m.php", r)
		w.Expect(w.last().User).To(Equal(c.user))
		if c.user != "" {
			w.Expect(got.Header()["Set-Cookie"]).To(HaveLen(1))
		}
	}
}

// A site whose tickets are for its own host alone gets those of others, too: they do not hide what became of its own.
func TestOfSeveralDeadTicketsTheFirstOfTheSitesOwnCounts(t *testing.T) {
	w := newWorld(t)
	w.logIn("alice", "secret")
	expired := w.jar["ticket"]
	w.clock.Advance(31 * time.Minute)
	w.logIn("bob", "hush")
	loggedOut := w.jar["ticket"]
	w.post("p.php", "AT=LO")
	for _, c := range []struct {
		cookies, host string
		state         session.State
	}{
		{"ticket=another-site's; ticket=" + expired, "alice", session.IdleExpired},
		{"ticket=" + expired + "; ticket=another-site's", "alice", session.IdleExpired},
		{"ticket=" + loggedOut + "; ticket=" + expired, "bob", session.LoggedOut},
		{"ticket=another-site's; ticket=a-third's", "", session.Unknown},
	} {
		r := httptest.NewRequest("GET", "https://acme.webex.com/acme/m.php?AT=LM&BU="+portal, nil)
		r.Header.Set("Cookie", c.cookies)
		clear(w.jar)
		w.Expect(w.send("m.php", r).result).To(Equal("AT=LM&ST=FAIL&RS=AccessDenied"), c.cookies)
		w.Expect(w.last().Session).To(Equal(c.state), c.cookies)
		w.Expect(w.last().Host).To(Equal(c.host), c.cookies)
	}
}

func TestCookiesAreReadAsTheyCome(t *testing.T) {
	g := NewWithT(t)
	for header, want := range map[string][]cookie{
		`a=1; b="2"`:      {{"a", "1"}, {"b", "2"}},
		`a=1;b=2`:         {{"a", "1"}, {"b", "2"}},
		` a = 1 ;; =x; c`: {{"a", "1"}},
		`a=b=c`:           {{"a", "b=c"}},
		`a="`:             {{"a", `"`}},
		`a=""`:            {{"a", ""}},
		`a=`:              {{"a", ""}},
		``:                nil,
	} {
		g.Expect(parseCookies(nil, []string{header})).To(Equal(want), header)
	}
	g.Expect(parseCookies(nil, []string{strings.Repeat("a=1;", 1000)})).To(HaveLen(200))
}

func TestParametersAreReadAsTheyCome(t *testing.T) {
	g := NewWithT(t)
	var f form
	f.parse("AT=LI&WID=a%20b+c&X=%zz%4&&=v&Y&AT=LO&%50W=p", true)
	f.parse("AT=XX&Q=1", false)
	for key, want := range map[string]string{"AT": "LI", "WID": "a b c", "X": "%zz%4", "": "v", "Y": "", "PW": "p", "Q": "1", "missing": ""} {
		g.Expect(f.get(key)).To(Equal(want), key)
	}
	g.Expect(f.inQuery("PW", "PID")).To(BeFalse())
	g.Expect(f.inQuery("Q")).To(BeTrue())
	f = form{}
	f.parse(strings.Repeat("a=1&", 1000), false)
	g.Expect(f.params).To(HaveLen(512))
}

func TestTheJournalSaysThatParametersWereLeftOut(t *testing.T) {
	w := newWorld(t)
	w.post("p.php", "AT=LO"+strings.Repeat("&a=1", 511))
	w.Expect(w.last().Note).To(BeEmpty())
	w.post("p.php", "AT=LO"+strings.Repeat("&a=1", 512))
	w.Expect(w.last().Note).To(Equal("only the first 512 parameters are read"))
	w.Expect(w.get("p.php", strings.Repeat("a=1&", 512)+"AT=LO&BU="+portal).target).To(ContainSubstring("RS=UnknownATCommand"))
	w.Expect(w.last().Note).To(Equal("only the first 512 parameters are read"))
	w.get("p.php", "AT=LO")
	w.Expect(w.last().Note).To(BeEmpty())
}

func TestABodyThatIsNoFormIsNotRead(t *testing.T) {
	w := newWorld(t)
	for contentType, read := range map[string]bool{
		"application/x-www-form-urlencoded":                true,
		"application/x-www-form-urlencoded; charset=UTF-8": true,
		"Application/X-WWW-Form-Urlencoded":                true,
		"text/plain":                                       false,
		"multipart/form-data; boundary=x":                  false,
		"":                                                 false,
	} {
		r := httptest.NewRequest("POST", "https://acme.webex.com/acme/p.php?BU="+portal, strings.NewReader("AT=LO"))
		r.Header.Set("Content-Type", contentType)
		want := "AT=&ST=FAIL&RS=UnknownATCommand"
		if read {
			want = "AT=LO&ST=SUCCESS"
		}
		w.Expect(w.send("p.php", r).result).To(Equal(want), contentType)
		note := ""
		if !read {
			note = fmt.Sprintf("the body is not read: its type is %q, expected application/x-www-form-urlencoded", contentType)
		}
		w.Expect(w.last().Note).To(Equal(note))
	}
	r := httptest.NewRequest("POST", "https://acme.webex.com/acme/p.php?AT=LO&BU="+portal, nil)
	w.Expect(w.send("p.php", r).result).To(Equal("AT=LO&ST=SUCCESS"))
	w.Expect(w.last().Note).To(BeEmpty(), "there was no body")
}

func TestAnIntervenerReadsTheFormOfGETAndPOST(t *testing.T) {
	w := newWorld(t)
	w.intervene = func(a Attempt) *Intervention {
		w.Expect(a.Request.FormValue("WID")).To(Equal("alice"), a.Request.Method)
		return nil
	}
	w.get("p.php", "AT=LI&WID=alice&PW=secret")
	w.Expect(w.post("p.php", "AT=LI&WID=alice&PW=secret&BU="+portal).result).To(Equal("AT=LI&WID=alice&ST=FAIL&RS=AlreadyLogon"), "and so does the command")
	w.Expect(w.last().Params).To(ContainSubstring("WID=alice"))
}

func TestInterventions(t *testing.T) {
	next := &Intervention{}
	intervened := func(t *testing.T, i Intervention) *world {
		w := newWorld(t)
		w.logIn("alice", "secret")
		next = &i
		w.intervene = func(a Attempt) *Intervention {
			w.Expect([]string{a.Site, a.Page, a.Command}).To(Equal([]string{"acme", "m.php", "HM"}))
			return next
		}
		return w
	}
	t.Run("the journal says who was asked for, whatever is answered", func(t *testing.T) {
		for _, i := range []Intervention{{Status: 503}, {Cut: true}, {Reason: "Unknown"}} {
			w := intervened(t, i)
			w.clock.Advance(20 * time.Minute)
			func() {
				defer func() { recover() }() // of the connection that is cut
				w.get("m.php", hosting)
			}()
			e := w.last()
			w.Expect([]string{string(e.Session), e.User, e.Host}).To(Equal([]string{"live", "alice", "alice"}), e.Note)
			w.clock.Advance(20 * time.Minute)
			next = nil
			w.Expect(w.get("m.php", hosting).result).To(BeEmpty(), "it counted as activity")
		}
	})
	t.Run("a reason", func(t *testing.T) {
		w := intervened(t, Intervention{Reason: "MeetingLocked"})
		w.Expect(w.get("m.php", hosting).result).To(Equal("AT=HM&ST=FAIL&RS=MeetingLocked"))
		w.Expect(w.last().Note).To(Equal("scripted"))
		w.Expect(w.meeting("100000001").Phase).To(Equal(site.Scheduled), "the command is not run")
	})
	t.Run("a status", func(t *testing.T) {
		w := intervened(t, Intervention{Status: 503})
		w.Expect(w.get("m.php", hosting).Code).To(Equal(503))
		w.Expect(w.last().Note).To(Equal("scripted: status 503"))
	})
	t.Run("cookies that cannot be", func(t *testing.T) {
		w := intervened(t, Intervention{Cookies: map[string]session.Attributes{"ticket": {"SameSite": "None; Partitioned"}}})
		w.get("m.php", hosting)
		w.Expect(w.last().Note).To(Equal(
			`scripted; its cookies are as ever: ticket: attribute SameSite: value "None; Partitioned": expected printable characters without a semicolon`))
	})
	t.Run("a cut connection", func(t *testing.T) {
		w := intervened(t, Intervention{Cut: true})
		w.Expect(func() { w.get("m.php", hosting) }).To(PanicWith(MatchError("net/http: abort Handler")))
		w.Expect(w.last().Note).To(Equal("scripted: connection cut"))
		next = nil
		w.Expect(w.get("m.php", hosting).Code).To(Equal(200))
	})
	t.Run("a cookie without an attribute", func(t *testing.T) {
		w := intervened(t, Intervention{Cookies: map[string]session.Attributes{"ticket": {"Secure": "false", "Domain": "false"}, "nobody's": {}}})
		w.Expect(w.get("m.php", hosting).Header()["Set-Cookie"][0]).To(HaveSuffix(`; Version=1; Path=/`))
		next = nil
		w.Expect(w.get("m.php", hosting).Header()["Set-Cookie"][0]).To(HaveSuffix(`; Version=1; Domain=webex.com; Path=/; Secure`))
	})
	t.Run("an attribute that the configuration has in other letters", func(t *testing.T) {
		w := newWorld(t, func(c *site.Config) {
			c.Cookies = map[string]session.Attributes{"ticket": {"samesite": "Strict", "HttpOnly": "true"}}
		})
		w.logIn("alice", "secret")
		w.intervene = func(Attempt) *Intervention {
			return &Intervention{Cookies: map[string]session.Attributes{"ticket": {"SameSite": "None", "httponly": "false"}}}
		}
		w.Expect(w.get("m.php", hosting).Header()["Set-Cookie"][0]).To(HaveSuffix(`; Version=1; Domain=webex.com; Path=/; Secure; SameSite=None`))
	})
	t.Run("a dropped ticket", func(t *testing.T) {
		w := intervened(t, Intervention{Ticket: DropTicket})
		w.Expect(w.get("m.php", hosting).Header()["Set-Cookie"]).To(BeEmpty())
	})
	t.Run("a rotated ticket", func(t *testing.T) {
		w := intervened(t, Intervention{Ticket: RotateTicket})
		old := w.jar["ticket"]
		w.get("m.php", hosting)
		w.Expect(w.jar["ticket"]).NotTo(Equal(old))
		next = nil
		w.Expect(w.get("m.php", hosting).result).To(BeEmpty())
		w.jar["ticket"] = old
		w.Expect(w.get("m.php", hosting).result).To(Equal("AT=HM&ST=FAIL&RS=AccessDenied"))
		w.Expect(w.last().Session).To(Equal(session.Replaced))
	})
}
