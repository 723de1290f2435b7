package urlapi

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/simulator/site"
)

const portal = "https://portal.acme.example/back"

// world is a site and one browser in front of it.
type world struct {
	*WithT
	t         *testing.T
	clock     *session.Clock
	site      *site.Site
	jar       map[string]string
	intervene Intervener
}

// config is the site of most tests.
func config() site.Config {
	return site.Config{
		Name: "acme", PartnerID: "partner", SiteID: 243585,
		Hosts: []site.Host{
			{WebExID: "alice", Password: "secret", FirstName: "Alice", LastName: "Archer", Email: "alice@acme.example", Tickets: []string{"once"}},
			{WebExID: "bob", Password: "hush", Email: "bob@acme.example", Tickets: []string{"bobs"}},
			{WebExID: "carol", Password: "secret", Inactive: true},
			{WebExID: "dave", Password: "secret", Locked: true},
		},
		Meetings: []site.MeetingConfig{
			{Key: "100000001", Host: "alice", Name: "Weekly call"},
			{Key: "100000002", Host: "alice", Name: "Open house", InProgress: true},
			{Key: "100000003", Host: "alice", Name: "With password", Password: "pass", InProgress: true},
			{Key: "100000004", Host: "alice", Name: "By registration", Registration: true, InProgress: true},
			{Key: "100000005", Host: "alice", Name: "For members", LoginRequired: true, InProgress: true},
			{Key: "100000006", Host: "alice", Name: "Locked", Locked: true, InProgress: true},
			{Key: "100000007", Host: "alice", Name: "Training", ServiceType: site.TrainingCenter},
			{Key: "100000008", Host: "bob", Name: "Bob's call"},
		},
	}
}

func newWorld(t *testing.T, change ...func(*site.Config)) *world {
	t.Helper()
	c := config()
	for _, f := range change {
		f(&c)
	}
	clock := session.NewClock(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	s, err := site.New(c, clock, journal.Limits{})
	w := &world{WithT: NewWithT(t), t: t, clock: clock, site: s, jar: map[string]string{}}
	w.Expect(err).NotTo(HaveOccurred())
	return w
}

// response is what the browser got.
type response struct {
	*httptest.ResponseRecorder
	target string // where the page's script, or the redirect, sends the browser
	result string // what was appended to portal; "" when the browser is sent elsewhere
}

// post sends a form, as the browser does, with its cookies.
func (w *world) post(page, form string) response {
	w.t.Helper()
	r := httptest.NewRequest("POST", "https://acme.webex.com/acme/"+page, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.send(page, r)
}

// get asks with a query.
func (w *world) get(page, query string) response {
	w.t.Helper()
	return w.send(page, httptest.NewRequest("GET", "https://acme.webex.com/acme/"+page+"?"+query, nil))
}

func (w *world) send(page string, r *http.Request) response {
	w.t.Helper()
	for name, value := range w.jar {
		r.Header.Add("Cookie", name+"="+value)
	}
	rec := httptest.NewRecorder()
	Serve(w.site, page, rec, r, w.intervene)
	for _, line := range rec.Header()["Set-Cookie"] {
		name, rest, _ := strings.Cut(line, "=")
		value, _, _ := strings.Cut(rest, ";")
		if strings.Contains(line, "Max-Age=0") {
			delete(w.jar, name)
		} else {
			w.jar[name] = value
		}
	}
	return w.read(rec)
}

var (
	href     = regexp.MustCompile(`(?m)^// location\.href="([^"]*)";$`)
	variable = regexp.MustCompile(`(?m)^var url = "([^"]*)"$`)
	escape   = regexp.MustCompile(`\\x[0-9a-f]{2}`)
	stays    = regexp.MustCompile(`^[A-Za-z0-9._-]*$`)
)

// read finds out where the browser is sent, as the clients in the wild do.
func (w *world) read(rec *httptest.ResponseRecorder) response {
	w.t.Helper()
	r := response{ResponseRecorder: rec, target: rec.Header().Get("Location")}
	if found := variable.FindStringSubmatch(rec.Body.String()); found != nil {
		older := href.FindStringSubmatch(rec.Body.String())
		w.Expect(older).To(HaveLen(2))
		w.Expect(older[1]).To(Equal(found[1]), "both literals are the same")
		w.Expect(stays.MatchString(escape.ReplaceAllString(found[1], ""))).To(BeTrue(), "only letters, digits, '.', '-', '_' stay in %s", found[1])
		r.target = escape.ReplaceAllStringFunc(found[1], func(e string) string {
			n, _ := strconv.ParseUint(e[2:], 16, 8)
			return string([]byte{byte(n)})
		})
	}
	if after, found := strings.CutPrefix(r.target, portal+"?"); found {
		r.result = after
	}
	return r
}

// logIn logs a host in with the browser.
func (w *world) logIn(host, password string) {
	w.t.Helper()
	r := w.post("p.php", "AT=LI&WID="+host+"&PW="+password+"&BU="+portal)
	w.Expect(r.result).To(HavePrefix("AT=LI&WID=" + host + "&ST=SUCCESS"))
}

// last is the newest entry of the journal.
func (w *world) last() journal.Entry {
	w.t.Helper()
	list := w.site.Journal.Entries()
	w.Expect(list).NotTo(BeEmpty())
	return list[len(list)-1]
}
