package intake

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func readSample(t *testing.T, name string) *HAR {
	t.Helper()
	file := filepath.Join("testdata", "har", name)
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	h, err := ReadHAR(file, f, HARLimits{})
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return h
}

func TestWhatIsKeptOfARecordingOfChromium(t *testing.T) {
	g := NewWithT(t)
	h := readSample(t, "chromium.har")
	g.Expect(h.Creator).To(Equal("WebInspector 537.36"))
	g.Expect(h.Total).To(Equal(8))
	g.Expect(h.Cookies).To(Equal(CookiesRecorded))
	g.Expect(h.Pages).To(HaveLen(1))
	g.Expect(h.Pages[0].Title).To(Equal("https://portal.acme.example/?session_token=***"))
	g.Expect(h.Entries).To(HaveLen(7), "the logo brought and set no cookie")

	first := h.Entries[0]
	g.Expect(first.FetchUser).To(BeTrue())
	g.Expect(first.FetchDest).To(Equal("document"))
	g.Expect(first.Offered).To(HaveLen(1))
	g.Expect(first.Offered[0].Name).To(Equal("portal_session"))
	g.Expect(first.Offered[0].SameSite).To(Equal(http.SameSiteLaxMode))
	g.Expect(first.Timings).To(Equal(Timings{Blocked: 1500 * time.Microsecond, Send: 250 * time.Microsecond, Wait: 10 * time.Millisecond, Receive: 750 * time.Microsecond}))
	g.Expect(first.Took).To(Equal(12500 * time.Microsecond))

	start := h.Entries[2]
	g.Expect(start.Index).To(Equal(4))
	g.Expect(start.Status).To(Equal(302))
	g.Expect(start.Redirect).To(HavePrefix("https://acme.webex.com/acme/p.php?AT=LI&WID=alice&PW=***&"))
	g.Expect(start.Returned).To(HaveLen(1))
	g.Expect(start.Returned[0].Fingerprint).To(Equal(first.Offered[0].Fingerprint), "the same value")

	login := h.Entries[3]
	g.Expect(login.Time).To(BeTemporally("==", time.Date(2026, 11, 3, 9, 15, 4, 150e6, time.UTC)))
	g.Expect(login.Host).To(Equal("acme.webex.com"))
	g.Expect(login.Referer).To(Equal("https://portal.acme.example"))
	g.Expect(login.FetchSite).To(Equal("cross-site"))
	g.Expect(login.FetchDest).To(Equal("iframe"))
	g.Expect(login.CompactPolicy).To(Equal(`CP="CAO DSP COR"`))
	g.Expect(login.Offered).To(HaveLen(2), "two in one header, a line each")
	g.Expect(login.Offered[0].Name).To(Equal("ticket"))
	g.Expect(login.Offered[0].Domain).To(Equal("webex.com"))
	g.Expect(login.Offered[0].SameSite).To(Equal(http.SameSiteNoneMode))
	g.Expect(login.Command).NotTo(BeNil())
	g.Expect(*login.Command).To(Equal(Command{
		Site: "acme", Page: "p.php", AT: "LI", Host: "alice", PasswordInAddress: true,
		Back:   "https://portal.acme.example/host?state=1&token=***",
		Target: "https://portal.acme.example/host?state=1&token=***&AT=LI&WID=alice&ST=SUCCESS",
		Answer: Answer{ST: "SUCCESS"},
	}))

	schedule := h.Entries[5]
	g.Expect(schedule.Returned).To(BeEmpty(), "the ticket was not sent")
	g.Expect(schedule.Command.AT).To(Equal("SM"))
	g.Expect(schedule.Command.Answer).To(Equal(Answer{ST: "FAIL", RS: "AccessDenied"}))
}

func TestASanitizedRecordingIsKnownBySuccessWithoutACookie(t *testing.T) {
	g := NewWithT(t)
	h := readSample(t, "chromium-sanitized.har")
	g.Expect(h.Cookies).To(Equal(CookiesRemoved))
	g.Expect(h.Entries).To(HaveLen(7))
	for _, e := range h.Entries {
		g.Expect(e.Returned).To(BeEmpty())
		g.Expect(e.Offered).To(BeEmpty())
	}
	g.Expect(h.Entries[3].Command.Answer.ST).To(Equal("SUCCESS"))
}

func TestARecordingOfFirefox(t *testing.T) {
	g := NewWithT(t)
	h := readSample(t, "firefox.har")
	g.Expect(h.Browser).To(Equal("Firefox 140.0.4"))
	login := h.Entries[0]
	g.Expect(login.Time).To(BeTemporally("==", time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)))
	g.Expect(login.Via).To(Equal("1.1 squid.corp"))
	g.Expect(login.Origin).To(Equal("https://portal.acme.example"))
	g.Expect(login.Returned).To(HaveLen(1), "from the list of cookies, where the headers have none")
	g.Expect(login.Returned[0].Name).To(Equal("ticket"))
	g.Expect(login.Offered).To(HaveLen(1))
	g.Expect(login.Offered[0].HTTPOnly).To(BeTrue())
	g.Expect(login.Offered[0].Persistent).To(BeTrue())
	g.Expect(login.Offered[0].Deletes).To(BeFalse())
	g.Expect(login.Command.Host).To(Equal("alice"), "from the form")
	g.Expect(login.Command.PasswordInAddress).To(BeFalse(), "it came in the form")
	g.Expect(login.Command.Answer).To(Equal(Answer{ST: "FAIL", RS: "AlreadyLogon"}), "from the redirect")
}

func TestNothingSecretIsKept(t *testing.T) {
	for _, name := range []string{"chromium.har", "chromium-sanitized.har", "firefox.har"} {
		kept := marshal(t, readSample(t, name))
		for _, secret := range []string{"HOSTPASSWORD", "TICKETSECRET", "PORTALSECRET", "PORTALTOKEN", "TITLESECRET", "JSECRET"} {
			NewWithT(t).Expect(kept).NotTo(ContainSubstring(secret), name)
		}
	}
}

func TestMaskedCookiesCountAsRemoved(t *testing.T) {
	for _, mask := range []string{"***", "[redacted]", "REMOVED"} {
		text := entryWith(`"request":{"url":"https://a.example/","headers":[{"name":"Cookie","value":"` + mask + `"}]}`)
		h, err := ReadHAR("x.har", strings.NewReader(text), HARLimits{})
		g := NewWithT(t)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(h.Cookies).To(Equal(CookiesRemoved))
	}
}

func TestARecordingWithoutCookiesAndWithoutALoginProvesNothing(t *testing.T) {
	h, err := ReadHAR("x.har", strings.NewReader(entryWith(`"request":{"url":"https://a.example/"}`)), HARLimits{})
	g := NewWithT(t)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(h.Cookies).To(Equal(CookiesAbsent))
}

func TestHeadersAreFoundWhateverTheOrderAndTheQuotes(t *testing.T) {
	for _, header := range []string{
		`{"name":"Cookie","value":"a=\"b; ticket=1"}`, `{"value":"a=\"b; ticket=1","name":"Cookie"}`, `{"value":"a=\\\"b\\; ticket=1","name":"Cookie"}`,
	} {
		h, err := ReadHAR("x.har", strings.NewReader(entryWith(`"request":{"url":"https://a.example/","headers":[`+header+`]}`)), HARLimits{})
		g := NewWithT(t)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(h.Entries[0].Returned).To(HaveLen(2), header)
		g.Expect(h.Entries[0].Returned[1].Name).To(Equal("ticket"), header)
	}
}

func TestTheBrowserOfARecordingIsThatOfItsRequests(t *testing.T) {
	for userAgent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                               "Firefox 140.0",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36":                                "Chrome 149.0.0.0",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36 Edg/149.0.1.2":                  "Microsoft Edge 149.0.1.2",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Safari/605.1.15":                          "Safari 18.3",
		"Mozilla/5.0 (iPad; CPU OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Mobile/15E148 Safari/604.1":                 "Safari 18.3",
		"Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko":                                                                          "Internet Explorer 11.0",
		"Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)":                                                                                        "Internet Explorer 6.0",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/149.0 Mobile/15E148 Safari/604.1":         "WebKit on iOS",
		"Mozilla/5.0 (iPad; CPU OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 EdgiOS/149.0 Mobile/15E148 Safari/605.1.15": "WebKit on iOS",
		"curl/8.9.1": "",
	} {
		text := entryWith(`"request":{"url":"https://a.example/","headers":[{"name":"User-Agent","value":"` + userAgent + `"}]}`)
		h, err := ReadHAR("x.har", strings.NewReader(text), HARLimits{})
		g := NewWithT(t)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(h.Browser).To(Equal(want))
		named, err := ReadHAR("x.har", strings.NewReader(strings.Replace(text, `"entries"`, `"browser":{"name":"Brave","version":"1"},"entries"`, 1)), HARLimits{})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(named.Browser).To(Equal("Brave 1"))
	}
}

// A proxy records what every program of the machine asks for.
func TestTheBrowserOfAProxysRecordingIsTheOneThatSendsTheCommands(t *testing.T) {
	g := NewWithT(t)
	asks := func(address, userAgent string) string {
		return `{"request":{"url":"` + address + `","headers":[{"name":"User-Agent","value":"` + userAgent + `"}]}}`
	}
	const windows, edge = "Microsoft-CryptoAPI/10.0", "Mozilla/5.0 Chrome/149.0 Safari/537.36 Edg/149.0"
	for _, test := range []struct {
		entries []string
		want    string
	}{
		{[]string{asks("http://ocsp.example/", windows), asks("https://portal.example/", edge)}, "Microsoft Edge 149.0"},
		{[]string{asks("https://mail.example/", edge), asks("https://acme.webex.com/acme/p.php?AT=LI", "Mozilla/5.0 Firefox/140.0")}, "Firefox 140.0"},
	} {
		h, err := ReadHAR("x.har", strings.NewReader(`{"log":{"creator":{"name":"Fiddler"},"entries":[`+strings.Join(test.entries, ",")+`]}}`), HARLimits{})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(h.Browser).To(Equal(test.want))
	}
}

func TestSeveralSetCookiesInOneHeader(t *testing.T) {
	const joined = "ticket=x; Domain=webex.com; Expires=Tue, 03-Nov-2026 04:39:21 GMT; Path=/; Secure; SameSite=None, ticket_timeStamp=1; Path=/, JSESSIONID=3"
	for creator, want := range map[string][]string{
		"WebKit Web Inspector": {"ticket", "ticket_timeStamp", "JSESSIONID"},
		"WebInspector":         {"ticket"}, // Chromium: a comma is part of a value
	} {
		text := strings.Replace(entryWith(`"request":{"url":"https://acme.webex.com/acme/p.php?AT=LI"},"response":{"status":200,"headers":[{"name":"Set-Cookie","value":"`+joined+`"}]}`),
			`"entries"`, `"creator":{"name":"`+creator+`","version":"1.0"},"entries"`, 1)
		h, err := ReadHAR("x.har", strings.NewReader(text), HARLimits{})
		g := NewWithT(t)
		g.Expect(err).NotTo(HaveOccurred())
		var names []string
		for _, c := range h.Entries[0].Offered {
			names = append(names, c.Name)
		}
		g.Expect(names).To(Equal(want), creator)
		g.Expect(h.Entries[0].Offered[0].Persistent).To(BeTrue(), "the date is whole")
	}
}

func TestFormsAreDecodedOnce(t *testing.T) {
	const (
		text    = `"text":"WID=alice%2Bw%40x.example&BU=https%3A%2F%2Fp.example%2Fh%3Fs%3D1%26AT%3DXX&AT=LI"`
		headers = `"text":"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\nWID=alice%2Bw%40x.example&BU=https%3A%2F%2Fp.example%2Fh%3Fs%3D1%26AT%3DXX&AT=LI\r\n"`
		params  = `"params":[{"name":"WID","value":"alice+w@x.example"},{"name":"BU","value":"https://p.example/h?s=1&AT=XX"},{"name":"AT","value":"LI"}]`
	)
	for name, post := range map[string]string{
		"a text":                     text,
		"parameters beside the text": text + "," + params,
		"parameters alone":           `"text":"",` + params,
		"headers before the text":    headers,
		"a form of several parts":    `"mimeType":"multipart/form-data; boundary=x","text":"--x\r\nContent-Disposition: form-data\r\n--x--\r\n",` + params,
	} {
		h, err := ReadHAR("x.har", strings.NewReader(entryWith(`"request":{"method":"POST","url":"https://acme.webex.com/acme/p.php","postData":{`+post+`}}`)), HARLimits{})
		g := NewWithT(t)
		g.Expect(err).NotTo(HaveOccurred(), name)
		g.Expect(h.Entries[0].Command).To(Equal(&Command{Site: "acme", Page: "p.php", AT: "LI", Host: "alice+w@x.example", Back: "https://p.example/h?s=1&AT=XX"}), name)
	}
}

// entryWith is a HAR file with one entry.
func entryWith(fields string) string { return `{"log":{"entries":[{` + fields + `}]}}` }
