package urlapi

import (
	"fmt"
	"net/http/httptest"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/simulator/site"
)

const hosting = "AT=HM&MK=100000001&BU=" + portal

func TestTheCookiesOfALogin(t *testing.T) {
	w := newWorld(t)
	got := w.post("p.php", "AT=LI&WID=alice&PW=secret&BU="+portal)
	lines := got.Header()["Set-Cookie"]
	w.Expect(lines).To(HaveLen(6))
	w.Expect(lines[0]).To(MatchRegexp(`^ticket="[A-Za-z0-9+/]+={0,2}"; Version=1; Domain=webex\.com; Path=/; Secure$`))
	w.Expect(lines[1]).To(Equal("ticket_timeStamp=1772366400000; Path=/; Secure")) // 2026-03-01T12:00:00Z
	w.Expect(lines[2]).To(MatchRegexp(`^JSESSIONID=[^;]+; Path=/$`))
	for i, name := range []string{"LanguageID", "TimeZone", "RegionID"} {
		w.Expect(lines[3+i]).To(MatchRegexp(`^CK_` + name + `_243585=[0-9]+; Max-Age=31536000; Path=/; Secure$`))
	}
}

func TestTheHeadersOfEveryAnswer(t *testing.T) {
	w := newWorld(t)
	for _, got := range []response{
		w.post("p.php", "AT=LI&WID=alice&PW=secret"), w.get("m.php", hosting), w.get("m.php", "AT=OM"), w.get("p.php", "AT=XX"),
		w.get("mywebex/default.do", ""), w.get("mywebex/login.do", ""),
	} {
		w.Expect(got.Header().Get("Pragma")).To(Equal("No-cache"))
		w.Expect(got.Header().Get("Cache-Control")).To(Equal("no-cache"))
		w.Expect(map[string][]string(got.Header())).To(HaveKeyWithValue("P3P", []string{ // in capitals, as recorded
			`CP="CAO DSP COR CURo ADMo DEVo TAIo CONo OUR BUS IND PHY ONL UNI PUR COM NAV DEM STA", policyref="/w3c/p3p.xml"`}))
		for name := range got.Header() {
			w.Expect(name).NotTo(HavePrefix("Access-Control-"), "a real site invites nobody's scripts")
			w.Expect(name).NotTo(Equal("X-Frame-Options"), "and can be framed")
		}
	}
}

func TestAnIdleSessionIsDeniedAfterThirtyMinutes(t *testing.T) {
	for _, c := range []struct {
		idle   time.Duration
		result string
		state  session.State
	}{
		{29*time.Minute + 59*time.Second, "", session.Live},
		{30 * time.Minute, "", session.Live},
		{30*time.Minute + 1, "AT=HM&ST=FAIL&RS=AccessDenied", session.IdleExpired},
		{30*time.Minute + time.Second, "AT=HM&ST=FAIL&RS=AccessDenied", session.IdleExpired},
	} {
		t.Run(c.idle.String(), func(t *testing.T) {
			w := newWorld(t)
			w.logIn("alice", "secret")
			w.clock.Advance(c.idle)
			w.Expect(w.get("m.php", hosting).result).To(Equal(c.result))
			w.Expect(w.last().Session).To(Equal(c.state))
			w.Expect(w.last().Host).To(Equal("alice"))
		})
	}
}

func TestEveryAcceptedRequestRenewsTheSessionAndIssuesTheTicketAgain(t *testing.T) {
	w := newWorld(t)
	w.logIn("alice", "secret")
	ticket := w.jar["ticket"]
	for range 4 {
		w.clock.Advance(30 * time.Minute)
		got := w.get("m.php", hosting)
		w.Expect(got.Header()["Set-Cookie"]).To(Equal([]string{"ticket=" + ticket + "; Version=1; Domain=webex.com; Path=/; Secure"}))
	}
	w.clock.Advance(30*time.Minute + 1)
	got := w.get("m.php", hosting)
	w.Expect(got.result).To(Equal("AT=HM&ST=FAIL&RS=AccessDenied"))
	w.Expect(got.Header()["Set-Cookie"]).To(BeEmpty(), "a dead ticket is not issued again")
}

func TestTheIdleLimitIsASetting(t *testing.T) {
	w := newWorld(t, func(c *site.Config) { c.IdleLimit = 90 * time.Minute })
	w.logIn("alice", "secret")
	w.clock.Advance(90 * time.Minute)
	w.Expect(w.get("m.php", hosting).result).To(BeEmpty())
	w.clock.Advance(90*time.Minute + 1)
	w.Expect(w.get("m.php", hosting).result).To(Equal("AT=HM&ST=FAIL&RS=AccessDenied"))
}

func TestABrowserThatRefusesTheCookieLogsInForEver(t *testing.T) {
	w := newWorld(t)
	for range 3 {
		w.logIn("alice", "secret")
		clear(w.jar)
		w.Expect(w.get("m.php", hosting).result).To(Equal("AT=HM&ST=FAIL&RS=AccessDenied"))
		w.Expect(w.last().Session).To(Equal(session.None))
		w.Expect(w.get("m.php", "AT=JM&MK=100000002&BU="+portal).Body.String()).To(ContainSubstring("Meeting room"), "joining needs no session")
	}
}

func TestARestartedBrowserHasNoTicketAnyMore(t *testing.T) {
	w := newWorld(t)
	got := w.post("p.php", "AT=LI&WID=alice&PW=secret")
	kept := map[string]string{}
	for _, line := range got.Header()["Set-Cookie"] {
		if strings.Contains(line, "Max-Age") || strings.Contains(line, "Expires") {
			name, rest, _ := strings.Cut(line, "=")
			kept[name], _, _ = strings.Cut(rest, ";")
		}
	}
	w.Expect(kept).To(HaveLen(3))
	w.jar = kept
	w.Expect(w.get("m.php", hosting).result).To(Equal("AT=HM&ST=FAIL&RS=AccessDenied"))
	w.Expect(w.last().Session).To(Equal(session.None))
}

func TestLoggingOutEndsTheSessionInEveryTab(t *testing.T) {
	w := newWorld(t)
	w.logIn("alice", "secret")
	other := w.jar["ticket"]
	got := w.post("p.php", "AT=LO&BU="+portal)
	w.Expect(got.Header()["Set-Cookie"]).To(Equal([]string{
		"ticket=; Version=1; Domain=webex.com; Path=/; Secure; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
		"ticket_timeStamp=; Path=/; Secure; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
	}))
	w.Expect(w.last().User).To(Equal("alice"))
	w.jar["ticket"] = other
	w.Expect(w.get("m.php", hosting).result).To(Equal("AT=HM&ST=FAIL&RS=AccessDenied"))
	w.Expect(w.last().Session).To(Equal(session.LoggedOut))
}

func TestAlreadyLogonIsForALiveSessionOnly(t *testing.T) {
	w := newWorld(t)
	w.logIn("alice", "secret")
	w.Expect(w.post("p.php", "AT=LI&WID=bob&PW=hush&BU="+portal).result).To(Equal("AT=LI&WID=bob&ST=FAIL&RS=AlreadyLogon"))
	w.Expect(w.last().Host).To(Equal("bob"))
	w.Expect(w.last().User).To(Equal("alice"))
	w.post("p.php", "AT=LO")
	w.logIn("bob", "hush")
	w.clock.Advance(31 * time.Minute)
	w.logIn("alice", "secret")
	w.Expect(w.get("m.php", hosting).result).To(BeEmpty())
	w.Expect(w.last().User).To(Equal("alice"))
}

// Two tabs that come for the first time at once are both logged in, into one account.
func TestOfTwoFirstLoginsAtOnceBothSucceed(t *testing.T) {
	w := newWorld(t)
	var both sync.WaitGroup
	var ready [1_000]atomic.Int32
	for range 2 {
		both.Go(func() {
			for n := range ready {
				for ready[n].Add(1); ready[n].Load() < 2; {
					runtime.Gosched()
				}
				form := fmt.Sprintf("AT=PL&PID=partner&WID=host%d&PW=new&BU=%s", n, portal)
				r := httptest.NewRequest("POST", "https://acme.webex.com/acme/p.php", strings.NewReader(form))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				Serve(w.site, "p.php", httptest.NewRecorder(), r, nil)
			}
		})
	}
	both.Wait()
	for _, e := range w.site.Journal.Entries() {
		w.Expect(e.Result).To(Equal(journal.Success), "%v", e)
	}
}

func TestAOneTimeTicketIsGoodForOneLogin(t *testing.T) {
	w := newWorld(t)
	w.Expect(w.post("p.php", "AT=LI&WID=alice&TK=once&EM=bob%40acme.example&BU="+portal).result).To(Equal("AT=LI&WID=alice&ST=FAIL&RS=EmailConflict"))
	w.Expect(w.last().Note).To(Equal("another account has this e-mail address"))
	w.Expect(w.post("p.php", "AT=LI&WID=alice&TK=once&BU="+portal).result).To(Equal("AT=LI&WID=alice&ST=SUCCESS"))
	w.post("p.php", "AT=LO")
	w.Expect(w.post("p.php", "AT=LI&WID=alice&TK=once&BU="+portal).result).To(Equal("AT=LI&WID=alice&ST=FAIL&RS=InvalidTicket"))
	w.Expect(w.site.Accounts.IssueTicket("alice", "again")).To(HaveField("WebExID", "alice"))
	w.Expect(w.post("p.php", "AT=LI&WID=alice&TK=again&BU="+portal).result).To(Equal("AT=LI&WID=alice&ST=SUCCESS"))
	_, err := w.site.Accounts.IssueTicket("nobody", "x")
	w.Expect(err).To(MatchError(site.ErrNoAccount))
}

func TestALoginThatFailsUsesUpNoTicketNotEvenForAMoment(t *testing.T) {
	w := newWorld(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				r := httptest.NewRequest("POST", "https://acme.webex.com/acme/p.php", strings.NewReader("AT=LI&WID=alice&TK=once&EM=bob%40acme.example"))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				Serve(w.site, "p.php", httptest.NewRecorder(), r, nil)
			}
		})
	}
	all.Wait()
	for _, e := range w.site.Journal.Entries() {
		w.Expect(e.Reason).To(Equal("EmailConflict"), "%v", e)
	}
}

func TestAnAccountIsNotMadeForALoginThatFails(t *testing.T) {
	w := newWorld(t)
	w.Expect(w.post("p.php", "AT=PL&WID=erin&PW=new&PID=partner&TK=bobs&BU="+portal).result).To(Equal("AT=PL&WID=erin&ST=FAIL&RS=InvalidTicket"))
	w.Expect(w.post("p.php", "AT=PL&WID=erin&PW=new&PID=partner&SK=QUJD&BU="+portal).result).To(Equal("AT=PL&WID=erin&ST=FAIL&RS=InvalidSessionTicket"))
	w.Expect(w.site.Accounts.Find("erin")).To(BeNil())
}

func TestATicketOfALiveSessionLogsAnotherBrowserIn(t *testing.T) {
	w := newWorld(t)
	w.logIn("alice", "secret")
	ticket := escapeAll(strings.Trim(w.jar["ticket"], `"`))
	clear(w.jar)
	w.Expect(w.post("p.php", "AT=LI&WID=bob&SK="+ticket+"&BU="+portal).result).To(Equal("AT=LI&WID=bob&ST=FAIL&RS=InvalidSessionTicket"))
	w.Expect(w.post("p.php", "AT=LI&WID=alice&SK="+ticket+"&BU="+portal).result).To(Equal("AT=LI&WID=alice&ST=SUCCESS"))
	w.Expect(w.site.Sessions.Len()).To(Equal(2))
}

func TestAnAccountWithoutAPasswordIsNotOpenToAll(t *testing.T) {
	w := newWorld(t, func(c *site.Config) {
		c.Hosts = append(c.Hosts, site.Host{WebExID: "erin", Tickets: []string{"erins"}})
	})
	w.Expect(w.post("p.php", "AT=LI&WID=erin&BU="+portal).result).To(Equal("AT=LI&WID=erin&ST=FAIL&RS=BadWebExIDorPassword"))
	w.Expect(w.post("p.php", "AT=LI&WID=erin&TK=erins&BU="+portal).result).To(Equal("AT=LI&WID=erin&ST=SUCCESS"))
}

func TestALockedAccountIsLockedWhateverOneLogsInWith(t *testing.T) {
	w := newWorld(t)
	w.logIn("alice", "secret")
	ticket := escapeAll(strings.Trim(w.jar["ticket"], `"`))
	clear(w.jar)
	_, err := w.site.ChangeAccount("alice", func(a *site.Account) { a.Locked = true })
	w.Expect(err).NotTo(HaveOccurred())
	for _, with := range []string{"PW=secret", "TK=once", "SK=" + ticket} {
		w.Expect(w.post("p.php", "AT=LI&WID=alice&"+with+"&BU="+portal).result).To(Equal("AT=LI&WID=alice&ST=FAIL&RS=AccountLocked"), with)
	}
}

func TestAnAccountIsLockedAfterSoManyFailuresInARow(t *testing.T) {
	w := newWorld(t, func(c *site.Config) { c.LockAfter = 3 })
	try := func(password string) string {
		defer clear(w.jar)
		_, reason, _ := strings.Cut(w.post("p.php", "AT=LI&WID=alice&PW="+password+"&BU="+portal).result, "&ST=")
		return reason
	}
	const bad, locked = "FAIL&RS=BadWebExIDorPassword", "FAIL&RS=AccountLocked"
	w.Expect([]string{try("x"), try("x"), try("secret"), try("x"), try("x"), try("x"), try("secret"), try("x")}).
		To(Equal([]string{bad, bad, "SUCCESS", bad, bad, bad, locked, locked}))
	w.Expect(w.post("p.php", "AT=AC&WID=alice&PID=partner&BU="+portal).result).To(Equal("AT=AC&WID=alice&ST=SUCCESS"))
	w.Expect(try("secret")).To(Equal("SUCCESS"))
}

func TestTheCSRFTokenOfNewerSites(t *testing.T) {
	w := newWorld(t, token)
	got := w.post("p.php", "AT=LI&WID=alice&PW=secret&BU="+portal)
	found := regexp.MustCompile(`^AT=LI&WID=alice&ST=SUCCESS&CSRF=([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})$`).FindStringSubmatch(got.result)
	w.Expect(found).To(HaveLen(2))
	w.Expect(w.jar["_csrf_"]).To(Equal(found[1]))
	w.Expect(w.post("w.php", "AT=KM&CSRF="+found[1]+"&BU="+portal).result).To(Equal("AT=KM&ST=SUCCESS"))
}

func TestPasswordsAndPartnerIDsBelongIntoABody(t *testing.T) {
	w := newWorld(t, func(c *site.Config) { c.Get2Post = true })
	w.Expect(w.get("p.php", "AT=LI&WID=alice&PW=secret&BU="+portal).result).To(Equal("AT=LI&WID=alice&ST=FAIL&RS=AccessDenied"))
	w.Expect(w.last().Note).To(Equal("PW and PID are taken from a POST body only"))
	w.Expect(w.get("p.php", "AT=AC&WID=carol&PID=partner&BU="+portal).result).To(Equal("AT=AC&WID=carol&ST=FAIL&RS=AccessDenied"))
	w.Expect(w.post("p.php?PW=secret", "AT=LI").Code).To(Equal(404), "the query is no part of the path")
	w.Expect(w.post("p.php", "AT=LI&WID=alice&PW=secret&BU="+portal).result).To(Equal("AT=LI&WID=alice&ST=SUCCESS"))
	w.Expect(w.get("m.php", hosting).result).To(BeEmpty(), "everything else may still come by GET")
}

func TestTheWholeAPICanBeSwitchedOff(t *testing.T) {
	w := newWorld(t, func(c *site.Config) { c.APIDisabled = true })
	w.Expect(w.post("p.php", "AT=LI&WID=alice&PW=secret&BU="+portal).result).To(Equal("AT=LI&WID=alice&ST=FAIL&RS=DoNotSupportAPI"))
}

func TestAnUnknownCommandIsSaidToBeOneBeforeAnythingElse(t *testing.T) {
	w := newWorld(t)
	for page, at := range map[string]string{"p.php": "HM", "m.php": "LI", "o.php": "", "w.php": "li", "c.php": "LI"} {
		want := "AT=" + at + "&ST=FAIL&RS=UnknownATCommand"
		if page == "c.php" {
			want = "AT=LI&ST=FAIL&RS=AccessDenied"
		}
		w.Expect(w.get(page, "AT="+at+"&BU="+portal).result).To(Equal(want), page)
	}
}

func TestAccountsLive(t *testing.T) {
	w := newWorld(t)
	w.post("p.php", "AT=SU&PID=partner&WID=erin&PW=x&FN=Erin&LN=East&EM=erin%40acme.example")
	w.logIn("erin", "x")
	w.Expect(w.get("mywebex/default.do", "").Body.String()).To(ContainSubstring("Welcome, Erin East"))
	w.post("p.php", "AT=EU&PID=partner&WID=erin&PW=x&NFN=Erina&NLN=West&NPW=y&NEM=e%40acme.example&NWID=erina")
	w.Expect(w.get("mywebex/default.do", "").Body.String()).To(ContainSubstring("Welcome, Erina West"), "a session outlives a new name")
	w.post("p.php", "AT=IN&PID=partner&WID=erina")
	w.Expect(w.get("m.php", "AT=LM&BU="+portal).result).To(Equal("AT=LM&ST=FAIL&RS=AccessDenied"))
	w.Expect(w.last().Session).To(Equal(session.Revoked))
	w.Expect(w.post("p.php", "AT=LI&WID=erina&PW=y&BU="+portal).result).To(HaveSuffix("ST=FAIL&RS=AccessDenied"))
	w.post("p.php", "AT=AC&PID=partner&WID=erina")
	w.logIn("erina", "y")
	w.Expect(w.post("p.php", "AT=SU&PID=partner&WID=erin&PW=x&FN=E&LN=E&EM=erin%40acme.example&BU="+portal).result).
		To(Equal("AT=SU&WID=erin&ST=SUCCESS"), "the old name and address are free again")
}

func TestASessionDoesNotComeBackWithItsAccount(t *testing.T) {
	w := newWorld(t)
	w.logIn("alice", "secret")
	w.post("p.php", "AT=IN&PID=partner&WID=alice")
	w.Expect(w.site.Sessions.Len()).To(BeZero())
	w.post("p.php", "AT=AC&PID=partner&WID=alice")
	w.Expect(w.get("m.php", "AT=LM&BU="+portal).result).To(Equal("AT=LM&ST=FAIL&RS=AccessDenied"))
	w.Expect(w.last().Session).To(Equal(session.Revoked))
}

func TestALoginCanChangeTheAccount(t *testing.T) {
	w := newWorld(t)
	w.post("p.php", "AT=LI&WID=alice&PW=secret&NPW=better&FN=Al&LN=A&EM=al%40acme.example")
	w.post("p.php", "AT=LO")
	w.logIn("alice", "better")
	account := w.site.Accounts.Find("alice")
	w.Expect([]string{account.FirstName, account.LastName, account.Email}).To(Equal([]string{"Al", "A", "al@acme.example"}))
}
