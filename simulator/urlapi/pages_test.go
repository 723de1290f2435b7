package urlapi

import (
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/simulator/site"
)

func TestAHostCanSignInOnTheSitesOwnPage(t *testing.T) {
	w := newWorld(t)
	w.Expect(w.get("mywebex/default.do", "siteurl=acme").Body.String()).To(ContainSubstring("<h1>Sign in</h1>"))
	got := w.post("mywebex/login.do", "WID=alice&PW=wrong")
	w.Expect(got.Code).To(Equal(200))
	w.Expect(got.Body.String()).To(And(ContainSubstring("Sign-in failed"), ContainSubstring(`value="alice"`)))
	w.Expect(got.Header()["Set-Cookie"]).To(BeEmpty())

	got = w.post("mywebex/login.do", "WID=alice&PW=secret")
	w.Expect(got.Code).To(Equal(302))
	w.Expect(got.target).To(Equal("https://acme.webex.com/acme/mywebex/default.do?siteurl=acme"))
	w.Expect(got.Header()["Set-Cookie"][0]).To(MatchRegexp(`^ticket="[^"]+"; Version=1; Domain=webex\.com; Path=/; Secure$`), "the same cookie as LI's")
	e := w.last()
	w.Expect(e.Result).To(Equal(journal.Success))
	w.Expect(e.User).To(Equal("alice"))
	w.Expect(e.Command).To(BeEmpty())

	w.Expect(w.get("m.php", hosting).result).To(BeEmpty())
	w.Expect(w.post("p.php", "AT=LI&WID=alice&PW=secret&BU="+portal).result).To(HaveSuffix("RS=AlreadyLogon"))
}

func TestSigningInAsAnotherHostEndsTheFirstSession(t *testing.T) {
	w := newWorld(t)
	w.logIn("alice", "secret")
	old := w.jar["ticket"]
	w.post("mywebex/login.do", "WID=bob&PW=hush")
	w.Expect(w.get("mywebex/default.do", "").Body.String()).To(ContainSubstring(`<strong id="webex-id">bob</strong>`))
	w.jar["ticket"] = old
	w.get("m.php", hosting)
	w.Expect(w.last().Session).To(Equal(session.LoggedOut))
	w.Expect(w.site.Sessions.Len()).To(Equal(1))
}

// A live session outlives a sign-in that fails, and its ticket is issued again as by every answer.
func TestASignInThatFailsLeavesTheSession(t *testing.T) {
	w := newWorld(t)
	w.logIn("alice", "secret")
	got := w.post("mywebex/login.do", "WID=bob&PW=wrong")
	w.Expect(got.Header()["Set-Cookie"]).To(HaveExactElements(HavePrefix("ticket=" + w.jar["ticket"])))
	e := w.last()
	w.Expect([]string{string(e.Session), e.User, e.Host, e.Reason}).To(Equal([]string{"live", "alice", "bob", "BadWebExIDorPassword"}))
	w.Expect(w.get("m.php", hosting).result).To(BeEmpty())
}

// fields are the hidden fields of a page's form.
func fields(page string) string {
	var form []string
	for _, f := range regexp.MustCompile(`<input type="hidden" name="(\w+)" value="([^"]*)">`).FindAllStringSubmatch(page, -1) {
		form = append(form, f[1]+"="+escapeAll(strings.ReplaceAll(f[2], "&amp;", "&")))
	}
	return strings.Join(form, "&")
}

func TestTheBrowserGoesBackWhenTheMeetingEnds(t *testing.T) {
	w := newWorld(t)
	w.logIn("alice", "secret")
	room := w.get("m.php", hosting+"%3Fstate%3D2%26x%3D1").Body.String()
	w.Expect(room).To(ContainSubstring(`id="end-meeting"`))
	w.Expect(w.meeting("100000001").Phase).To(Equal(site.InProgress))
	clear(w.jar) // the session may be gone: a meeting ends all the same
	got := w.post("mywebex/meeting.do", fields(room)+"&action=end")
	w.Expect(got.result).To(Equal("state=2&x=1&AT=HM&ST=SUCCESS"))
	w.Expect(w.meeting("100000001").Phase).To(Equal(site.Ended))
	e := w.last()
	w.Expect(e.Command).To(BeEmpty(), "ending is no command")
	w.Expect(e.Note).To(Equal("end"))
	w.Expect(w.get("m.php", "AT=JM&MK=100000001&BU="+portal).result).To(Equal("AT=JM&ST=FAIL&RS=MeetingNotInProgress"))
}

func (w *world) meeting(key string) site.Meeting {
	w.t.Helper()
	m, found := w.site.Meetings.Find(key)
	w.Expect(found).To(BeTrue())
	return m
}

func TestAnAttendeeLeavesWithoutEndingTheMeeting(t *testing.T) {
	w := newWorld(t)
	room := w.get("m.php", "AT=JM&MK=100000002&AN=Zoe&BU="+portal).Body.String()
	w.Expect(room).To(And(ContainSubstring(`id="leave-meeting"`), ContainSubstring(`<strong id="attendee">Zoe</strong>`), Not(ContainSubstring("end-meeting"))))
	got := w.post("mywebex/meeting.do", fields(room)+"&action=leave")
	w.Expect(got.result).To(Equal("AT=JM&ST=SUCCESS"))
	w.Expect(w.meeting("100000002").Phase).To(Equal(site.InProgress))
	w.Expect(w.post("mywebex/meeting.do", fields(room)+"&action=end").Code).To(Equal(404), "an attendee's room cannot end the meeting")
	w.Expect(w.meeting("100000002").Phase).To(Equal(site.InProgress))
}

func TestTheBrowserGoesBackFromTheRegistration(t *testing.T) {
	w := newWorld(t)
	form := fields(w.get("m.php", "AT=GF&MK=100000004&BU="+portal+"%3Fstate%3D2").Body.String())
	w.Expect(w.post("m.php", form+"&FN=Zoe&LN=Zimmer&EM=zoe%40acme.example").result).To(Equal("state=2&AT=RM&ST=SUCCESS"))
	w.Expect(w.meeting("100000004").Registrations).To(HaveExactElements(HaveField("Name", "Zoe Zimmer")))
	w.Expect(w.get("m.php", "AT=GF&MK=100000004").Body.String()).NotTo(ContainSubstring("BU"))
}

func TestTheHostLocksTheMeeting(t *testing.T) {
	w := newWorld(t)
	w.logIn("alice", "secret")
	room := w.get("m.php", hosting).Body.String()
	locked := w.post("mywebex/meeting.do", fields(room)+"&action=lock").Body.String()
	w.Expect(locked).To(And(ContainSubstring("unlock-meeting"), ContainSubstring(`<strong id="host">Alice Archer</strong>`)))
	w.Expect(w.get("m.php", "AT=JM&MK=100000001&BU="+portal).result).To(Equal("AT=JM&ST=FAIL&RS=MeetingLocked"))
	w.post("mywebex/meeting.do", fields(locked)+"&action=unlock")
	w.Expect(w.get("m.php", "AT=JM&MK=100000001&BU="+portal).Body.String()).To(ContainSubstring("leave-meeting"))
	w.Expect(w.post("mywebex/meeting.do", fields(locked)+"&action=end").result).To(Equal("AT=HM&ST=SUCCESS"))
}

// A person who is still in the room of a meeting that is gone sees what has become of it, and where to go on.
func TestARoomWhoseMeetingIsGoneSaysThatItIsOver(t *testing.T) {
	w := newWorld(t)
	w.logIn("alice", "secret")
	room := w.get("m.php", hosting).Body.String()
	attendee := w.get("m.php", "AT=JM&MK=100000001&AN=Zoe&BU="+portal).Body.String()
	w.Expect(w.get("m.php", "AT=DM&MK=100000001&BU="+portal).result).To(HavePrefix("AT=DM&ST=SUCCESS"))
	for _, form := range []string{fields(room) + "&action=end", fields(room) + "&action=lock", fields(attendee) + "&action=leave"} {
		got := w.post("mywebex/meeting.do", form)
		w.Expect(got.Code).To(Equal(200), form)
		w.Expect(got.Body.String()).To(And(ContainSubstring("<h1>The meeting is over</h1>"), ContainSubstring(`href="`+portal+`"`)), form)
		w.Expect(w.last().Note).To(HaveSuffix(": the meeting was deleted"), form)
	}

	room = w.get("m.php", "AT=HM&MK=100000002&BU="+portal).Body.String()
	w.post("mywebex/meeting.do", fields(room)+"&action=end")
	got := w.post("mywebex/meeting.do", fields(room)+"&action=lock") // from another tab
	w.Expect(got.Body.String()).To(ContainSubstring("<h1>The meeting is over</h1>"))
	w.Expect(w.meeting("100000002").Locked).To(BeFalse())
	w.Expect(w.post("mywebex/meeting.do", fields(room)+"&action=end").result).To(Equal("AT=HM&ST=SUCCESS"), "twice does no harm")
}

func TestWhoDoesNotHoldTheRoomsSecretChangesNothing(t *testing.T) {
	w := newWorld(t)
	for _, form := range []string{
		"AT=HM&MK=100000002&roomToken=guess&action=end", "AT=HM&MK=999999999&roomToken=&action=end", "AT=HM&MK=100000002&action=end", "",
	} {
		w.Expect(w.post("mywebex/meeting.do", form).Code).To(Equal(404))
	}
	w.Expect(w.meeting("100000002").Phase).To(Equal(site.InProgress))

	w.logIn("alice", "secret")
	got := w.post("mywebex/meeting.do", "AT=HM&MK=100000002&roomToken=guess&action=end")
	w.Expect(got.Code).To(Equal(404))
	w.Expect(got.Header()["Set-Cookie"]).To(HaveLen(len(w.last().CookiesSet)), "the journal tells of what was set")
	w.Expect(w.last().CookiesSet).To(ContainElement(HaveField("Name", "ticket")))
}

func TestWhatAStrangerWroteIsTextOnEveryPage(t *testing.T) {
	const evil = `"><script>alert(1)</script>`
	w := newWorld(t)
	w.logIn("alice", "secret")
	w.post("m.php", "AT=SM&MN="+escapeAll(evil))
	for name, got := range map[string]response{
		"attendee's name": w.get("m.php", "AT=JM&MK=100000002&AN="+escapeAll(evil)+"&BU="+escapeAll("https://p.example/"+evil)),
		"meeting's name":  w.get("m.php", "AT=LM"),
		"details":         w.get("m.php", "AT=MD&MK=718033989"),
		"room":            w.get("m.php", "AT=HM&MK=718033989"),
		"registration":    w.get("m.php", "AT=GF&MK=718033989"),
		"deleted room":    w.post("mywebex/meeting.do", "AT=HM&MK=999999999&roomToken=x&action=end&BU="+escapeAll("https://p.example/"+evil)),
		"back to a form":  w.get("m.php", "AT=GF&MK=718033989&BU="+escapeAll("https://p.example/"+evil)),
		"start page":      w.get("mywebex/default.do", "AT="+escapeAll(evil)+"&ST="+escapeAll(evil)+"&RS="+escapeAll(evil)),
		"command":         w.get("p.php", "AT="+escapeAll(evil)+"&WID="+escapeAll(evil)),
		"sign-in":         w.post("mywebex/login.do", "WID="+escapeAll(evil)+"&PW=x"),
	} {
		w.Expect(got.Code).To(Equal(200), name)
		w.Expect(got.Body.String()).NotTo(ContainSubstring("<script>alert"), name)
	}
}

func TestWhatIsNoPageIsNotFound(t *testing.T) {
	w := newWorld(t)
	for _, page := range []string{"x.php", "P.PHP", "default.do", "mywebex", "mywebex/", "mywebex/x.do", "p.php/", "mywebex/mywebex/default.do"} {
		w.Expect(w.get(page, "").Code).To(Equal(404), page)
	}
	w.Expect(w.site.Journal.Entries()).To(BeEmpty())
}

func TestOtherMethodsAreRefused(t *testing.T) {
	w := newWorld(t)
	for _, method := range []string{"PUT", "DELETE", "OPTIONS", "PATCH"} {
		got := w.send("p.php", httptest.NewRequest(method, "https://acme.webex.com/acme/p.php?AT=LI&WID=alice&PW=secret", nil))
		w.Expect(got.Code).To(Equal(405))
		w.Expect(got.Header().Get("Allow")).To(Equal("GET, HEAD, POST"))
		w.Expect(got.Header()["Set-Cookie"]).To(BeEmpty())
	}
}

func TestAFormThatIsTooLargeIsRefused(t *testing.T) {
	w := newWorld(t)
	w.Expect(w.post("p.php", "AT=LO&BU="+portal+"&X="+strings.Repeat("x", 256<<10)).Code).To(Equal(413))
	w.Expect(w.post("p.php", "AT=LO&BU="+portal+"&X="+strings.Repeat("x", 255<<10)).result).To(Equal("AT=LO&ST=SUCCESS"))
}
