package intake

import (
	"fmt"
	"testing"
	"time"

	"github.com/cookiegate/cookiegate/browsers/network"
	. "github.com/onsi/gomega"
)

func TestASanitizedRecordingStillTellsTheSequence(t *testing.T) {
	for _, name := range []string{"chromium.har", "chromium-sanitized.har"} {
		g := NewWithT(t)
		s := SequenceOf(readSample(t, name))
		g.Expect(s.String()).To(Equal("LI SUCCESS, SM FAIL AccessDenied"), name)
		for _, c := range s.Calls {
			g.Expect(c.Where).To(Equal(Frame))
			g.Expect(c.CrossSite).To(Equal(Yes))
			g.Expect(c.KnownFrom).To(Equal(FromAnswer))
			g.Expect(c.Followed).To(Equal(Yes))
		}
		g.Expect(s.Calls[1].Idle).To(Equal(200 * time.Millisecond))
		login, denied, found := s.Denied()
		g.Expect(found).To(BeTrue())
		g.Expect([]int{login, denied}).To(Equal([]int{0, 1}))
		g.Expect(s.Logins()).To(Equal(1))
	}
}

// exchanges are a conversation that passed the front door, a second apart: "METHOD ADDRESS" and status each.
func exchanges(dest string, lines ...string) []network.Exchange {
	start := time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)
	var xs []network.Exchange
	for i, line := range lines {
		x := network.Exchange{ID: i + 1, Start: start.Add(time.Duration(i) * time.Second), FetchDest: dest, FetchSite: "cross-site", Status: 200}
		if _, err := fmt.Sscan(line, &x.Method, &x.URL, &x.Status); err != nil {
			panic(err)
		}
		x.Host, x.Path = hostAndPath(x.URL)
		xs = append(xs, x)
	}
	return xs
}

const (
	site   = "https://acme.webex.com/acme/"
	portal = "https://portal.acme.example/host?state="
)

func TestAnswersAreKnownFromWhereTheBrowserWentNext(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines []string
		want  string
	}{
		{"refused", []string{
			"GET " + site + "p.php?AT=LI&WID=alice&BU=x 200",
			"GET " + portal + "1&AT=LI&WID=alice&ST=SUCCESS 302",
			"GET " + site + "m.php?AT=SM 200",
			"GET " + portal + "2&AT=SM&ST=FAIL&RS=AccessDenied 200",
		}, "LI SUCCESS, SM FAIL AccessDenied"},
		{"a form whose body nobody kept", []string{
			"POST " + site + "p.php 200",
			"GET " + portal + "1&AT=LI&ST=FAIL&RS=AlreadyLogon 200",
		}, "LI FAIL AlreadyLogon"},
		{"in a meeting", []string{
			"GET " + site + "p.php?AT=LI&WID=alice 200",
			"GET " + portal + "1&AT=LI&ST=SUCCESS 302",
			"GET " + site + "m.php?AT=HM&MK=123456789 200",
		}, "LI SUCCESS, HM SUCCESS"},
		{"a login that nothing followed", []string{
			"GET " + site + "p.php?AT=LI&WID=alice 200",
		}, "LI ?"},
		{"no answer", []string{
			"GET " + site + "m.php?AT=HM&MK=123456789 0",
		}, "HM ?"},
		{"a portal's own ST", []string{
			"GET " + site + "p.php?AT=LI&WID=alice 200",
			"GET " + portal + "1&ST=SUCCESS 200",
		}, "LI ?"},
		{"a login loop", []string{
			"GET " + site + "p.php?AT=LI 200", "GET " + portal + "1&AT=LI&ST=SUCCESS 302",
			"GET " + site + "m.php?AT=SM 200", "GET " + portal + "2&AT=SM&ST=FAIL&RS=AccessDenied 302",
			"GET " + site + "p.php?AT=LI 200", "GET " + portal + "1&AT=LI&ST=SUCCESS 302",
			"GET " + site + "m.php?AT=SM 200", "GET " + portal + "2&AT=SM&ST=FAIL&RS=AccessDenied 302",
		}, "LI SUCCESS, SM FAIL AccessDenied, LI SUCCESS, SM FAIL AccessDenied"},
	} {
		s := SequenceOfExchanges(exchanges("iframe", c.lines...))
		NewWithT(t).Expect(s.String()).To(Equal(c.want), c.name)
	}
}

func TestALoginLoopIsCounted(t *testing.T) {
	loop := []string{
		"GET " + site + "p.php?AT=LI 200", "GET " + portal + "1&AT=LI&ST=SUCCESS 302",
		"GET " + site + "m.php?AT=SM 200", "GET " + portal + "2&AT=SM&ST=FAIL&RS=AccessDenied 302",
	}
	accepted := []string{"GET " + site + "m.php?AT=SM 200", "GET " + portal + "2&AT=SM&ST=SUCCESS&MK=123456789 302"}
	g := NewWithT(t)
	g.Expect(SequenceOfExchanges(exchanges("iframe", append(loop, loop...)...)).Logins()).To(Equal(2))
	g.Expect(SequenceOfExchanges(exchanges("iframe", append(accepted, loop...)...)).Logins()).To(Equal(0), "after a command that was accepted")
	logoutFirst := append([]string{"GET " + site + "p.php?AT=LO 200", "GET " + portal + "0&AT=LO&ST=SUCCESS 302"}, loop...)
	g.Expect(SequenceOfExchanges(exchanges("document", append(logoutFirst, logoutFirst...)...)).Logins()).To(Equal(2), "the portal logs out first")
}

func TestAChainedLoginIsKnownFromTheCommandThatFollows(t *testing.T) {
	g := NewWithT(t)
	xs := exchanges("document", "GET "+site+"p.php?AT=LI&MU=x 200", "GET "+site+"m.php?AT=HM&MK=123456789 200")
	xs[1].Referer = "https://acme.webex.com"
	s := SequenceOfExchanges(xs)
	g.Expect(s.String()).To(Equal("LI SUCCESS, HM SUCCESS"))
	g.Expect(s.Calls[0].KnownFrom).To(Equal(FromNext))
	g.Expect(s.Calls[1].KnownFrom).To(Equal(FromSilence))
	xs[1].Referer = "https://portal.acme.example"
	g.Expect(SequenceOfExchanges(xs).Calls[0].Answer.ST).To(BeEmpty(), "the portal may send the browser on without an answer")
}

func TestARedirectThatNobodyFollowedIsSeen(t *testing.T) {
	g := NewWithT(t)
	h := readSample(t, "chromium-sanitized.har")
	h.Entries = h.Entries[:4] // the browser never left the login's answer
	s := SequenceOf(h)
	g.Expect(s.String()).To(Equal("LI SUCCESS"))
	g.Expect(s.Calls[0].Followed).To(Equal(No))
}

func TestARelativeRedirectIsFollowed(t *testing.T) {
	for _, target := range []string{"/acme/m.php?AT=HM&MK=1", "m.php?AT=HM&MK=1", "//acme.webex.com/acme/m.php?AT=HM&MK=1", site + "m.php?AT=HM&MK=1"} {
		xs := exchanges("document", "GET "+site+"p.php?AT=LI&MU=x 302", "GET "+site+"m.php?AT=HM&MK=1 200")
		xs[0].Location = target
		NewWithT(t).Expect(SequenceOfExchanges(xs).Calls[0].Followed).To(Equal(Yes), target)
	}
}

func TestIdleTimeCountsFromTheCommandAcceptedLast(t *testing.T) {
	g := NewWithT(t)
	xs := exchanges("document",
		"GET "+site+"p.php?AT=LI 200", "GET "+portal+"1&AT=LI&ST=SUCCESS 200",
		"GET "+site+"m.php?AT=SM 200", "GET "+portal+"2&AT=SM&ST=FAIL&RS=AccessDenied 200")
	xs[2].Start = xs[0].Start.Add(31 * time.Minute)
	xs[3].Start = xs[2].Start.Add(time.Second)
	g.Expect(SequenceOfExchanges(xs).Calls[1].Idle).To(Equal(31 * time.Minute))
}

func TestWhatTheBrowserAskedForItselfIsNoPartOfIt(t *testing.T) {
	xs := exchanges("document", "GET "+site+"p.php?AT=LI 200", "GET https://detect.example/ 200", "GET https://unknown.example/ 502")
	xs[1].Own, xs[2].Refused = true, true
	NewWithT(t).Expect(SequenceOfExchanges(xs).Hops).To(HaveLen(1))
}

func TestAServersOwnCallsAreToldApart(t *testing.T) {
	xs := exchanges("", "GET "+site+"p.php?AT=LI 302")
	xs[0].Server, xs[0].Location = true, portal+"1&AT=LI&ST=SUCCESS"
	c := SequenceOfExchanges(xs).Calls[0]
	g := NewWithT(t)
	g.Expect(c.Where).To(Equal(Server))
	g.Expect(c.String()).To(Equal("LI SUCCESS"))
}

func TestScriptTargets(t *testing.T) {
	for body, want := range map[string]string{
		`<script language='javascript'>location.href="https\x3a\x2f\x2fp.example\x2fb\x3fAT\x3dLI\x26ST\x3dSUCCESS";</script>`: "https://p.example/b?AT=LI&ST=SUCCESS",
		"<script>\nvar url = \"/acme/x\"\nwindow.location.replace(url)\n</script>":                                             "/acme/x",
		`location.href = 'https://p.example/';`:                                                                                "https://p.example/",
		`var url = "not an address"`:                                                                                           "",
		`location.href=target;`:                                                                                                "",
		`location.href="https:\x2f\x2funfinished`:                                                                              "",
		`var url = "\u0068ttps:\/\/p.example\/\x"`:                                                                             "https://p.example/x",
		"": "",
	} {
		NewWithT(t).Expect(scriptTarget([]byte(body))).To(Equal(want), body)
	}
}

func TestWhatIsACommand(t *testing.T) {
	for _, c := range []struct{ method, address, form, want string }{
		{"GET", "https://acme.webex.com/acme/p.php?AT=LI&PW=x", "", "acme p.php LI"},
		{"GET", "https://acme.webex.com/ACME/M.PHP?at=sm", "", "ACME m.php SM"},
		{"POST", "https://acme.webex.com/acme/p.php", "AT=LI&WID=a", "acme p.php LI"},
		{"POST", "https://acme.webex.com/acme/p.php", "", "acme p.php "},
		{"POST", "https://acme.webex.com/acme/p.php", "WID=a", ""},
		{"GET", "https://acme.webex.com/acme/p.php", "", ""},
		{"GET", "https://acme.webex.com/acme/mywebex/default.do?AT=LI&ST=SUCCESS", "", ""},
		{"GET", "https://acme.webex.com/p.php?AT=LI", "", ""},
		{"GET", "https://portal.acme.example/host?u=https://acme.webex.com/acme/p.php?AT=LI", "", ""},
		{"GET", "https://acme.webex.com/acme/p.php?AT=%zz", "", ""},
	} {
		got := ""
		if x := commandOf(c.method, c.address, c.form); x != nil {
			got = x.Site + " " + x.Page + " " + x.AT
		}
		NewWithT(t).Expect(got).To(Equal(c.want), c.address)
	}
}

func TestAnswersInBodies(t *testing.T) {
	for body, want := range map[string]string{
		"<ListOpenMeetings><Status>FAIL</Status><Reason>AccessDenied</Reason></ListOpenMeetings>":            "FAIL AccessDenied",
		"<ListOpenMeetings><Status>SUCCESS</Status><MeetingKeys>123456789;</MeetingKeys></ListOpenMeetings>": "SUCCESS",
		"<html><title>Access Denied</title>": "FAIL AccessDenied",
		"<html><h1>Meeting room</h1>":        "?",
	} {
		c := Command{AT: "OM"}
		c.readAnswer([]byte(body))
		NewWithT(t).Expect(c.Answer.String()).To(Equal(want), body)
	}
}

func hostAndPath(address string) (host, path string) {
	path, _ = splitAddress(address)
	return originOf(address)[len("https://"):], path
}

// Where answers' bodies were not kept, what followed shows that a login succeeded; no cookie is then one that was taken out.
func TestALoginThatSucceededSetACookie(t *testing.T) {
	g := NewWithT(t)
	back := "https://portal.acme.example/back?AT=LI&ST="
	for answer, want := range map[string]Cookies{"SUCCESS": CookiesRemoved, "FAIL&RS=AccessDenied": CookiesAbsent} {
		s := SequenceOf(&HAR{Cookies: CookiesAbsent, Entries: []Entry{
			{Status: 200, Host: "acme.webex.com", Path: "/acme/p.php", Command: &Command{Page: "p.php", AT: "LI"}},
			{Status: 200, Host: "portal.acme.example", Path: "/back", URL: back + answer},
		}})
		g.Expect(s.Cookies).To(Equal(want), answer)
	}
}

// A recording is a stranger's: what it costs to read grows as it does, also where no answer in it was followed.
func TestALongRecordingCostsNoMoreForEachCall(t *testing.T) {
	allocations := func(calls int) float64 {
		h := &HAR{}
		for range calls {
			e := Entry{Method: "GET", URL: "https://acme.webex.com/acme/m.php?AT=SM", Host: "acme.webex.com", Path: "/acme/m.php", Status: 200}
			e.Command = commandOf(e.Method, e.URL, "")
			e.Command.Target = "/acme/elsewhere"
			h.Entries = append(h.Entries, e)
		}
		return testing.AllocsPerRun(1, func() { SequenceOf(h) })
	}
	NewWithT(t).Expect(allocations(800)).To(BeNumerically("<", 3*allocations(400)))
}
