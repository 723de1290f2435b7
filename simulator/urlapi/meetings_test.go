package urlapi

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/simulator/site"
)

func TestAMeetingsLife(t *testing.T) {
	w := newWorld(t)
	w.logIn("bob", "hush")
	w.Expect(w.post("m.php", "AT=SM&MN=Planning&YE=2026&MO=4&DA=2&HO=15&MI=45&DU=90&TZ=11&PW=door&LF=1&BU="+portal).result).
		To(Equal("AT=SM&ST=SUCCESS&MK=718033989"))
	m := w.meeting("718033989")
	w.Expect(m.Phase).To(Equal(site.Scheduled))
	w.Expect(m.MeetingSettings).To(Equal(site.MeetingSettings{
		Name: "Planning", Password: "door", ServiceType: site.MeetingCenter, Start: time.Date(2026, 4, 2, 15, 45, 0, 0, time.UTC),
		Duration: 90 * time.Minute, TimeZone: 11, Listed: true,
	}))
	w.Expect(w.get("m.php", "AT=OM").Body.String()).To(ContainSubstring("<MeetingKeys></MeetingKeys>"))

	w.post("m.php", "AT=EM&MK=718033989&HO=16&LF=0&MN=Replanning")
	m = w.meeting("718033989")
	w.Expect(m.Start).To(Equal(time.Date(2026, 4, 2, 16, 45, 0, 0, time.UTC)))
	w.Expect([]any{m.Name, m.Password, m.Duration, m.Listed}).To(Equal([]any{"Replanning", "door", 90 * time.Minute, false}))

	room := w.get("m.php", "AT=HM&MK=718033989&BU="+portal).Body.String()
	w.Expect(w.get("m.php", "AT=OM").Body.String()).To(ContainSubstring("<MeetingKeys>718033989;</MeetingKeys>"))
	w.post("mywebex/meeting.do", fields(room)+"&action=end")
	w.Expect(w.meeting("718033989").Phase).To(Equal(site.Ended))
	w.Expect(w.get("m.php", "AT=HM&MK=718033989").Body.String()).To(ContainSubstring("Meeting room"), "what has ended can be hosted again")

	w.post("m.php", "AT=DM&MK=718033989")
	_, found := w.site.Meetings.Find("718033989")
	w.Expect(found).To(BeFalse())
	w.Expect(w.post("m.php", "AT=DM&MK=718033989&BU="+portal).result).To(Equal("AT=DM&ST=FAIL&RS=InvalidMeetingKey"))
}

func TestWithoutDUAMeetingIsNoLongerThanTheSiteAllows(t *testing.T) {
	w := newWorld(t, func(c *site.Config) { c.MaxDuration = 40 * time.Minute })
	w.logIn("alice", "secret")
	w.Expect(w.post("m.php", "AT=SM&MN=Planning&BU="+portal).result).To(Equal("AT=SM&ST=SUCCESS&MK=718033989"))
	w.Expect(w.meeting("718033989").Duration).To(Equal(40 * time.Minute))
	w.Expect(w.post("m.php", "AT=IM&BU="+portal).Body.String()).To(ContainSubstring("Meeting room"))
	w.Expect(w.post("m.php", "AT=EM&MK=100000001&MN=Daily+call&BU="+portal).result).To(Equal("AT=EM&ST=SUCCESS&MK=100000001"), "one that was there from the start")
}

func TestAConfiguredMeetingStartsWithTheSite(t *testing.T) {
	w := newWorld(t)
	w.logIn("alice", "secret")
	w.Expect(w.get("m.php", "AT=MD&MK=100000001").Body.String()).To(ContainSubstring("<td>2026-03-01 12:00</td>"))
	w.post("m.php", "AT=EM&MK=100000001&HO=16")
	w.Expect(w.meeting("100000001").Start).To(Equal(time.Date(2026, 3, 1, 16, 0, 0, 0, time.UTC)))
}

func TestTheListsOfAMeetingAreBounded(t *testing.T) {
	w := newWorld(t)
	w.logIn("alice", "secret")
	w.site.Meetings.Edit(0, "100000001", func(m *site.Meeting) {
		m.Registrations = make([]site.Registration, site.MaxPeople)
		m.Attendees = make([]site.Person, site.MaxPeople)
		m.Attendees[0] = site.Person{Name: "Zoe", Email: "zoe@acme.example"}
	})
	w.Expect(w.post("m.php", "AT=RM&MK=100000001&FN=Yan&EM=yan%40acme.example&BU="+portal).result).To(Equal("AT=RM&ST=FAIL&RS=InvalidDataFormat"))
	w.Expect(w.last().Note).To(Equal("the meeting holds no more people"))
	w.Expect(w.post("m.php", "AT=AA&MK=100000001&FN=Yan&EM=yan%40acme.example&BU="+portal).result).To(Equal("AT=AA&ST=FAIL&RS=AccessDenied"))
	w.Expect(w.last().Note).To(Equal("the meeting holds no more people"))
	w.Expect(w.post("m.php", "AT=AA&MK=100000001&FN=Zoe&EM=zoe%40acme.example&BU="+portal).result).To(Equal("AT=AA&ST=SUCCESS"), "who is in already stays in")
	w.Expect(w.meeting("100000001").Attendees).To(HaveLen(site.MaxPeople))
}

// Of a meeting that somebody else changes at the same time, EM changes what came and nothing else.
func TestEditingLosesNoOtherChange(t *testing.T) {
	w := newWorld(t)
	w.logIn("alice", "secret")
	var other sync.WaitGroup
	form := strings.Repeat("x&", 500) + "AT=EM&MK=100000001&MN=Call&DU=30" // takes its time to be read
	var changes atomic.Int64
	var over atomic.Bool
	other.Go(func() {
		for !over.Load() {
			w.site.Meetings.Edit(0, "100000001", func(m *site.Meeting) { m.TimeZone++ })
			changes.Add(1)
		}
	})
	for edits := 0; edits < 200 || changes.Load() < 2_000; edits++ {
		w.post("m.php", form)
	}
	over.Store(true)
	other.Wait()
	w.Expect(w.meeting("100000001").TimeZone).To(BeEquivalentTo(changes.Load()))
}

func TestARefusedEditChangesNothing(t *testing.T) {
	w := newWorld(t)
	w.logIn("alice", "secret")
	before := w.meeting("100000001")
	w.Expect(w.post("m.php", "AT=EM&MK=100000001&MN=Other&PW=x&DU=soon&BU="+portal).result).To(HaveSuffix("RS=MeetingScheduleFail"))
	w.Expect(w.meeting("100000001")).To(Equal(before))
	w.Expect(w.post("m.php", "AT=EM&MK=100000008&MN=Other&BU="+portal).result).To(HaveSuffix("RS=InvalidMeetingKey"))
	w.Expect(w.last().Note).To(Equal(site.ErrNoMeeting.Error()))
}

func TestOnlyItsHostTouchesAMeeting(t *testing.T) {
	w := newWorld(t)
	w.logIn("bob", "hush")
	for _, at := range []string{"HM", "EM", "DM", "AA", "DA", "MD", "AP", "DP"} {
		w.Expect(w.post("m.php", "AT="+at+"&MK=100000001&MN=Mine&FN=B&EM=b%40x.example&BU="+portal).result).To(HavePrefix("AT=" + at + "&ST=FAIL"))
	}
	m := w.meeting("100000001")
	w.Expect([]any{m.Name, m.Phase, len(m.Attendees), len(m.Presenters)}).To(Equal([]any{"Weekly call", site.Scheduled, 0, 0}))
}

func TestAttendeesAndPresentersComeAndGo(t *testing.T) {
	w := newWorld(t)
	w.logIn("alice", "secret")
	do := func(form string) site.Meeting {
		w.Expect(w.post("m.php", form+"&MK=100000001&BU="+portal).result).To(HaveSuffix("ST=SUCCESS"))
		return w.meeting("100000001")
	}
	zoe, yan, xia := site.Person{Name: "Zoe", Email: "z@x.example"}, site.Person{Name: "Yan", Email: "y@x.example"}, site.Person{Email: "x@x.example"}
	w.Expect(do("AT=AA&FN=Zoe&EM=z%40x.example").Attendees).To(Equal([]site.Person{zoe}))
	w.Expect(do("AT=AA&FN1=Yan&EM1=y%40x.example&EA2=x%40x.example").Attendees).To(Equal([]site.Person{zoe, yan, xia}))
	w.Expect(do("AT=AA&FN=Zoe&EM=Z%40X.example").Attendees).To(HaveLen(3), "nobody is there twice")
	w.Expect(do("AT=AA&EM1=w%40x.example&EM2=W%40x.example").Attendees).To(HaveLen(4), "nor named twice")
	w.Expect(do("AT=DA&EM1=&EM2=w%40x.example").Attendees).To(HaveLen(3), "a row of the portal's form was left empty")
	w.Expect(do("AT=DA&EM1=z%40x.example&EM2=y%40x.example").Attendees).To(Equal([]site.Person{xia}))
	w.Expect(do("AT=AP&FN=Zoe&EM=z%40x.example").Presenters).To(Equal([]site.Person{zoe}))
	w.Expect(do("AT=DP&EM=z%40x.example").Presenters).To(BeEmpty())
	w.Expect(w.get("m.php", "AT=MD&MK=100000001").Body.String()).To(ContainSubstring("x@x.example"))
}

func TestEverybodyWhomACommandNamesComesIn(t *testing.T) {
	w := newWorld(t)
	w.logIn("alice", "secret")
	var form strings.Builder
	for n := 1; n <= 500; n++ {
		fmt.Fprintf(&form, "&EM%d=p%d%%40x.example", n, n)
	}
	w.Expect(w.post("m.php", "AT=AA&MK=100000001&BU="+portal+form.String()).result).To(Equal("AT=AA&ST=SUCCESS"))
	w.Expect(w.meeting("100000001").Attendees).To(HaveLen(500))
	w.Expect(w.last().Note).To(BeEmpty())
}

func TestTheServiceTypeStaysInTheBrowserSession(t *testing.T) {
	w := newWorld(t)
	host := func(key string) string { return w.get("m.php", "AT=HM&MK="+key+"&BU="+portal).result }
	w.Expect(w.post("o.php", "AT=ST&SP=TC&BU="+portal).result).To(Equal("AT=ST&ST=SUCCESS"), "before login")
	id := w.jar["JSESSIONID"]
	w.Expect(id).NotTo(BeEmpty())
	w.logIn("alice", "secret")
	w.Expect(w.jar["JSESSIONID"]).To(Equal(id), "a login keeps the browser session")
	w.Expect(host("100000001")).To(Equal("AT=HM&ST=FAIL&RS=NoMeetingTypeSupport"))
	w.Expect(host("100000007")).To(BeEmpty())
	w.post("m.php", "AT=SM&MN=Course")
	w.Expect(w.meeting("718033989").ServiceType).To(Equal(site.TrainingCenter))

	w.post("p.php", "AT=LO")
	w.logIn("alice", "secret")
	w.Expect(host("100000001")).To(BeEmpty(), "logging out forgets it")
	w.Expect(host("100000007")).To(Equal("AT=HM&ST=FAIL&RS=NoMeetingTypeSupport"), "and what was hosted is chosen")

	delete(w.jar, "JSESSIONID") // refused by the browser
	w.Expect(host("100000007")).To(BeEmpty(), "without its cookie nothing is remembered")
}

func TestAttendeesRegisterAndJoin(t *testing.T) {
	w := newWorld(t)
	form := w.get("m.php", "AT=GF&MK=100000004").Body.String()
	w.Expect(w.post("m.php", fields(form)+"&FN=Zoe&LN=Zed&EM=z%40x.example&BU="+portal).result).To(Equal("AT=RM&ST=SUCCESS"))
	registered := w.meeting("100000004").Registrations
	w.Expect(registered).To(HaveLen(1))
	w.Expect(registered[0].Person).To(Equal(site.Person{Name: "Zoe Zed", Email: "z@x.example"}))
	w.Expect(w.get("m.php", "AT=JM&MK=100000004&RID="+registered[0].ID).Body.String()).To(ContainSubstring("leave-meeting"))
}

func TestPreferencesAreSetInTheirCookies(t *testing.T) {
	w := newWorld(t)
	got := w.post("o.php", "AT=MO&LanguageID=5&RegionID=7")
	w.Expect(got.Header()["Set-Cookie"]).To(Equal([]string{
		"CK_LanguageID_243585=5; Max-Age=31536000; Path=/; Secure", "CK_RegionID_243585=7; Max-Age=31536000; Path=/; Secure",
	}))
}
