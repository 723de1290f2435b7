package simulator

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/simulator/urlapi"
)

// sites are two sites with a host each.
func sites() []Site {
	return []Site{
		{Name: "acme", Hosts: []Host{{WebExID: "alice", Password: "secret"}}},
		{Name: "bravo", Hosts: []Host{{WebExID: "alice", Password: "other"}}},
	}
}

// browser is one browser with its cookie jar.
type browser struct {
	*WithT
	*http.Client
}

func newBrowser(t *testing.T, s *Server) browser {
	t.Helper()
	g := NewWithT(t)
	c, err := s.Client()
	g.Expect(err).NotTo(HaveOccurred())
	return browser{g, c}
}

// do asks a site for a command by POST and returns the page.
func (b browser) do(site, page, form string) string {
	r, err := b.Post("https://"+site+".webex.com/"+site+"/"+page, "application/x-www-form-urlencoded", strings.NewReader(form))
	b.Expect(err).NotTo(HaveOccurred())
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	b.Expect(err).NotTo(HaveOccurred())
	b.Expect(r.StatusCode).To(Equal(200))
	return string(text)
}

// ok says whether a page's script carries a success.
func ok(page string) bool { return strings.Contains(page, `ST\x3dSUCCESS`) }

func TestSitesDoNotTouchEachOther(t *testing.T) {
	s := Run(t, Options{Sites: sites()})
	b := newBrowser(t, s)
	b.Expect(ok(b.do("acme", "p.php", "AT=LI&WID=alice&PW=secret"))).To(BeTrue())
	b.Expect(ok(b.do("bravo", "p.php", "AT=LI&WID=alice&PW=secret"))).To(BeFalse())
	b.Expect(s.Journal("acme").Entries()).To(HaveLen(1))
	b.Expect(s.Journal("bravo").Entries()).To(HaveLen(1))
	b.Expect(s.PutSite(sites()[1])).To(Succeed())
	b.Expect(s.Journal("acme").Entries()).To(HaveLen(1))
	b.Expect(s.Journal("bravo").Entries()).To(BeEmpty())
	b.Expect(s.Sites()).To(Equal([]string{"acme", "bravo"}))
}

// The ticket is valid for webex.com as a whole: one site's takes the place of the other's.
func TestOneBrowserMeetsSeveralSites(t *testing.T) {
	s := Run(t, Options{Sites: sites()})
	b := newBrowser(t, s)
	b.do("acme", "p.php", "AT=LI&WID=alice&PW=secret")
	b.do("bravo", "m.php", "AT=LM")
	e := s.Journal("bravo").Entries()[0]
	b.Expect(e.Session).To(Equal(session.Unknown), "acme's ticket came to bravo")
	b.Expect(e.Reason).To(Equal("AccessDenied"))
	b.do("bravo", "p.php", "AT=LI&WID=alice&PW=other")
	b.do("acme", "m.php", "AT=LM")
	b.Expect(s.Journal("acme").Entries()[1].Session).To(Equal(session.Unknown), "bravo's ticket has taken its place")
}

// A portal under test is a server of its own.
func TestABrowserGoesFromAPortalToASiteAndBack(t *testing.T) {
	acme := sites()[0]
	acme.Redirect = "302"
	s := Run(t, Options{Sites: []Site{acme}})
	portal := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			http.Redirect(w, r, "https://acme.webex.com/acme/p.php?AT=LI&WID=alice&PW=secret&BU="+r.Host+"/back", http.StatusFound)
			return
		}
		io.WriteString(w, r.URL.RawQuery)
	}))
	t.Cleanup(portal.Close)
	b := newBrowser(t, s)
	answer, err := b.Get(portal.URL)
	b.Expect(err).NotTo(HaveOccurred())
	defer answer.Body.Close()
	b.Expect(io.ReadAll(answer.Body)).To(BeEquivalentTo("AT=LI&WID=alice&ST=SUCCESS"))
}

func TestTheSiteIsFoundByHostAndSegment(t *testing.T) {
	g := NewWithT(t)
	s, err := New(Options{Sites: sites()})
	g.Expect(err).NotTo(HaveOccurred())
	for address, want := range map[string]int{
		"https://acme.webex.com/acme/p.php":            200,
		"https://acme.webex.com/ACME/p.php":            200,
		"https://ACME.WebEx.com:8443/Acme/p.php":       200,
		"https://127.0.0.1:8443/acme/p.php":            200,
		"https://localhost/BRAVO/p.php":                200,
		"https://acme.webex.com/bravo/p.php":           404,
		"https://acme.webex.com/acme/x.php":            404,
		"https://acme.webex.com/p.php":                 404,
		"https://charlie.webex.com/charlie/p.php":      404,
		"https://acme.notwebex.com/charlie/p.php":      404,
		"https://acme.webex.com/":                      302,
		"https://acme.webex.com/acme":                  302,
		"https://acme.webex.com/acme/":                 302,
		"https://127.0.0.1/":                           404,
		"https://acme.webex.com/acme/mywebex/login.do": 200,
	} {
		rec := httptest.NewRecorder()
		s.ServeHTTP(rec, httptest.NewRequest("GET", address, nil))
		g.Expect(rec.Code).To(Equal(want), address)
		if want == 302 {
			g.Expect(rec.Header().Get("Location")).To(Equal("/acme/mywebex/default.do?siteurl=acme"), address)
		}
	}
}

func TestEveryAnswerHasTheHeadersAsRecorded(t *testing.T) {
	g := NewWithT(t)
	s, err := New(Options{Sites: sites()})
	g.Expect(err).NotTo(HaveOccurred())
	for request, want := range map[string]int{
		"GET https://acme.webex.com/acme/p.php?AT=LO":              200,
		"GET https://acme.webex.com/acme/m.php?AT=OM":              200,
		"GET https://acme.webex.com/acme/mywebex/login.do":         200,
		"POST https://acme.webex.com/acme/mywebex/meeting.do":      404,
		"GET https://acme.webex.com/acme/x.php":                    404,
		"PUT https://acme.webex.com/acme/p.php":                    405,
		"GET https://acme.webex.com/bravo/p.php":                   404,
		"GET https://charlie.webex.com/charlie/p.php":              404,
		"GET https://127.0.0.1/":                                   404,
		"GET https://acme.webex.com/":                              302,
		"GET https://acme.webex.com/acme":                          302,
		"GET https://acme.webex.com/w3c/p3p.xml":                   404,
		"GET https://acme.webex.com/acme/mywebex/default.do?AT=LO": 200,
	} {
		method, address, _ := strings.Cut(request, " ")
		rec := httptest.NewRecorder()
		s.ServeHTTP(rec, httptest.NewRequest(method, address, nil))
		g.Expect(rec.Code).To(Equal(want), request)
		for name, value := range map[string]string{"Pragma": "No-cache", "Cache-Control": "no-cache", "P3P": urlapi.CompactPolicy} {
			g.Expect(rec.Header()[name]).To(Equal([]string{value}), request)
		}
	}
}

func TestWhoFindsNoSiteIsToldWhichThereAre(t *testing.T) {
	g := NewWithT(t)
	s, err := New(Options{Sites: sites()})
	g.Expect(err).NotTo(HaveOccurred())
	for address, want := range map[string]string{
		"https://127.0.0.1:8443/":                 `there is no site "" here: expected one of acme, bravo`,
		"https://charlie.webex.com/charlie/p.php": `there is no site "charlie" here: expected one of acme, bravo`,
		"https://acme.webex.com/bravo/p.php":      `acme.webex.com has the site acme alone: expected an address below /acme/`,
	} {
		rec := httptest.NewRecorder()
		s.ServeHTTP(rec, httptest.NewRequest("GET", address, nil))
		g.Expect(rec.Body.String()).To(Equal(want+"\n"), address)
	}
}

func TestAResetGoesBackToTheConfiguration(t *testing.T) {
	s := Run(t)
	b := newBrowser(t, s)
	b.do("acme", "p.php", "AT=LI&WID=alice&PW=secret")
	b.do("acme", "m.php", "AT=SM&MN=Call")
	before, err := s.Site("acme")
	b.Expect(err).NotTo(HaveOccurred())
	b.Expect(before.SetProfile(session.Strict)).To(Succeed())
	b.Expect(before.Sessions.Len()).To(Equal(1))
	old := s.Journal("acme")
	b.Expect(s.Script("acme", Scripted{Intervention: urlapi.Intervention{Reason: "Unknown"}})).To(Succeed())
	at := s.Clock().Now()

	b.Expect(s.Reset("acme")).To(Succeed())
	_, err = old.Follow(t.Context(), old.Last())
	b.Expect(err).To(MatchError(journal.ErrClosed))
	after, err := s.Site("acme")
	b.Expect(err).NotTo(HaveOccurred())
	b.Expect(after.Sessions.Len()).To(BeZero())
	b.Expect(after.Profile()).To(Equal(session.Legacy))
	b.Expect(s.Journal("acme").Entries()).To(BeEmpty())
	b.Expect(s.Clock().Now()).To(Equal(at))
	b.do("acme", "m.php", "AT=LM")
	e := s.Journal("acme").Entries()[0]
	b.Expect([]string{e.Reason, string(e.Session), e.Note}).To(Equal([]string{"AccessDenied", "unknown", ""}))

	b.Expect(s.Reset("nowhere")).To(MatchError(ErrNoSite))
	b.Expect(s.ResetAll()).To(Succeed())
	b.Expect(s.Journal("acme").Entries()).To(BeEmpty())
	b.Expect(s.RemoveSite("acme")).To(Succeed())
	b.Expect(s.Sites()).To(BeEmpty())
	b.Expect(s.Journal("acme")).To(BeNil())
	b.Expect(s.RemoveSite("acme")).To(MatchError(ErrNoSite))
	_, err = s.Site("acme")
	b.Expect(err).To(MatchError(`no such site: "acme"`))
}

func TestABadSiteIsRefusedAndNothingIsChanged(t *testing.T) {
	s := Run(t)
	g := NewWithT(t)
	bad := DefaultSite()
	bad.Profile = "modern"
	g.Expect(s.PutSite(bad)).To(MatchError(ContainSubstring(`site "acme": profile: unknown cookie profile "modern"`)))
	g.Expect(s.Site("acme")).NotTo(BeNil())
	_, err := Start(Options{Sites: []Site{{Name: "No Name"}}})
	g.Expect(err).To(MatchError(ContainSubstring("is not a host name label")))
	_, err = New(Options{Sites: []Site{DefaultSite(), {Name: "acme"}}})
	g.Expect(err).To(MatchError(`site "acme": is there twice: expected a name of its own`))
}

func TestAnswersCanBeScripted(t *testing.T) {
	s := Run(t, Options{Sites: sites()})
	b := newBrowser(t, s)
	b.Expect(s.Script("acme",
		Scripted{Command: "LI", Intervention: urlapi.Intervention{Reason: "AccountLocked"}},
		Scripted{Intervention: urlapi.Intervention{Reason: "Unknown"}},
	)).To(Succeed())
	reason := func() string {
		list := s.Journal("acme").Entries()
		return list[len(list)-1].Reason
	}
	b.do("bravo", "p.php", "AT=LO")
	b.do("acme", "p.php", "AT=LO")
	b.Expect(reason()).To(Equal("Unknown"), "the first that is for LO")
	b.do("acme", "p.php", "AT=LO")
	b.Expect(reason()).To(BeEmpty())
	b.do("acme", "p.php", "AT=LI&WID=alice&PW=secret")
	b.Expect(reason()).To(Equal("AccountLocked"))
	b.do("acme", "p.php", "AT=LI&WID=alice&PW=secret")
	b.Expect(reason()).To(BeEmpty())

	s.SetIntervener(func(a urlapi.Attempt) *urlapi.Intervention { return &urlapi.Intervention{Reason: "DoNotSupportAPI"} })
	b.do("acme", "p.php", "AT=LO")
	b.Expect(reason()).To(Equal("DoNotSupportAPI"))
	b.Expect(s.Script("acme", Scripted{Intervention: urlapi.Intervention{Reason: "Unknown"}})).To(Succeed())
	b.do("acme", "p.php", "AT=LO")
	b.Expect(reason()).To(Equal("Unknown"), "a script goes first")
	s.SetIntervener(nil)
	b.do("acme", "p.php", "AT=LO")
	b.Expect(reason()).To(BeEmpty())
}

func TestAPanicOfAnIntervenerIsLogged(t *testing.T) {
	s := Run(t)
	g := NewWithT(t)
	s.SetIntervener(func(urlapi.Attempt) *urlapi.Intervention { panic("a mistake of the test's own") })
	var logged bytes.Buffer // written before the connection ends, and read after
	log.SetOutput(&logged)
	defer log.SetOutput(os.Stderr)
	client, err := s.Client()
	g.Expect(err).NotTo(HaveOccurred())
	_, err = client.Get("https://acme.webex.com/acme/p.php?AT=LO")
	g.Expect(err).To(HaveOccurred())
	g.Expect(logged.String()).To(And(ContainSubstring("a mistake of the test's own"), ContainSubstring("server_test.go")))
}

func TestAScriptThatCannotBeAnsweredIsAnError(t *testing.T) {
	s := Run(t)
	g := NewWithT(t)
	for want, bad := range map[string]urlapi.Intervention{
		`answer 2: status: 42 is no HTTP status of an answer: expected 200 to 599`:            {Status: 42},
		`answer 2: reason: "<b>" is no reason code: expected a word such as AccessDenied`:     {Reason: "<b>"},
		`answer 2: reason, status, cut: more than one of them is there: expected one of them`: {Cut: true, Status: 503},
	} {
		g.Expect(s.Script("acme", Scripted{Command: "LI"}, Scripted{Intervention: bad})).To(MatchError(want))
	}
	g.Expect(s.scripts.empty()).To(BeTrue())

	denied := Scripted{Command: "LO", Intervention: urlapi.Intervention{Reason: "Unknown"}}
	g.Expect(s.Script("acme", Scripted{Command: "LO"}, denied)).To(Succeed())
	b := newBrowser(t, s)
	b.Expect(ok(b.do("acme", "p.php", "AT=LO"))).To(BeTrue(), "the first passes")
	b.Expect(ok(b.do("acme", "p.php", "AT=LO"))).To(BeFalse())
}

func TestAScriptSharesNothingWithWhoWroteIt(t *testing.T) {
	s := Run(t)
	b := newBrowser(t, s)
	cookies := map[string]session.Attributes{"ticket": {"SameSite": "None"}}
	b.Expect(s.Script("acme", Scripted{Intervention: urlapi.Intervention{Cookies: cookies}})).To(Succeed())
	cookies["ticket"]["SameSite"] = "Strict"
	b.do("acme", "p.php", "AT=LI&WID=alice&PW=secret")
	b.Expect(s.Journal("acme").Entries()[0].CookiesSet[0].Attributes).To(HaveSuffix("SameSite=None"))
}

func TestAScriptForASiteThatIsNotThereIsAnError(t *testing.T) {
	s := Run(t)
	g := NewWithT(t)
	denied := Scripted{Intervention: urlapi.Intervention{Reason: "AccessDenied"}}
	err := s.Script("amce", denied)
	g.Expect(err).To(MatchError(ErrNoSite))
	g.Expect(err).To(MatchError(`no such site: "amce"`))
	g.Expect(s.scripts.empty()).To(BeTrue())
}

func TestAdvanceForgetsWhatHasExpired(t *testing.T) {
	s := Run(t, Options{Start: time.Date(2013, 5, 1, 9, 0, 0, 0, time.UTC)})
	b := newBrowser(t, s)
	b.do("acme", "p.php", "AT=LI&WID=alice&PW=secret")
	one, err := s.Site("acme")
	b.Expect(err).NotTo(HaveOccurred())
	b.Expect(one.Sessions.Next(1)[0].Expires).To(Equal(time.Date(2013, 5, 1, 9, 30, 0, 0, time.UTC)))
	s.Advance(30 * time.Minute)
	b.Expect(one.Sessions.Len()).To(Equal(1))
	s.Advance(1)
	b.Expect(one.Sessions.Len()).To(BeZero())
	b.do("acme", "m.php", "AT=LM")
	b.Expect(s.Journal("acme").Entries()[1].Session).To(Equal(session.IdleExpired))
}

func TestSeveralServersLiveInOneProcess(t *testing.T) {
	first, second := Run(t), Run(t)
	a, b := newBrowser(t, first), newBrowser(t, second)
	a.do("acme", "p.php", "AT=LI&WID=alice&PW=secret")
	a.Expect(first.Addr()).NotTo(Equal(second.Addr()))
	b.Expect(second.Journal("acme").Entries()).To(BeEmpty())
	at := second.Clock().Now()
	first.Advance(time.Hour)
	b.Expect(second.Clock().Now()).To(Equal(at))
	ca, err := first.Certificates().PEM()
	a.Expect(err).NotTo(HaveOccurred())
	b.Expect(second.Certificates().PEM()).NotTo(Equal(ca))
}

func TestACloseEndsWhatWaits(t *testing.T) {
	g := NewWithT(t)
	s, err := Start(Options{Sites: sites()})
	g.Expect(err).NotTo(HaveOccurred())
	c, err := s.Client()
	g.Expect(err).NotTo(HaveOccurred())
	answer, err := c.PostForm("https://acme.webex.com/acme/p.php", url.Values{"AT": {"LO"}})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(answer.Body.Close()).To(Succeed())
	j := s.Journal("acme")
	g.Expect(s.Close()).To(Succeed())
	g.Expect(s.Close()).To(Succeed(), "twice does no harm")
	_, err = j.Follow(t.Context(), j.Last())
	g.Expect(err).To(MatchError(journal.ErrClosed))
	_, err = c.Get("https://acme.webex.com/acme/p.php")
	g.Expect(err).To(HaveOccurred())
}

func TestAServerThatWasNeverStartedCanBeClosed(t *testing.T) {
	g := NewWithT(t)
	s, err := New(Options{})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(s.Addr()).To(BeEmpty())
	g.Expect(s.Shutdown(t.Context())).To(Succeed())
	g.Expect(s.Close()).To(Succeed())
}
