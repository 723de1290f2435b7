// Package console drives the simulator's console in real browsers.
package console

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/chromium"
	"github.com/cookiegate/cookiegate/browsers/firefox"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/simulator"
	"github.com/cookiegate/cookiegate/simulator/control"
	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/site"
)

// patience is what a step may take at most. It is no measure of speed.
const patience = time.Minute

// address is where the console is for the browser of the test; the front door leads there, and no listener.
const address = "127.0.0.1:8444"

// morning is what the clock shows at first. It stands still.
var morning = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// screenshot names the file that the picture for the documentation goes to, when it is to be made anew.
var screenshot = os.Getenv("CONSOLE_SCREENSHOT")

// world is a simulator with two sites, and its console in a browser.
type world struct {
	*WithT
	ctx     context.Context
	server  *simulator.Server
	session browsers.Session
}

func TestConsole(t *testing.T) {
	for _, driver := range []browsers.Driver{chromium.Driver{}, firefox.Driver{}} {
		t.Run(string(driver.Engine()), func(t *testing.T) {
			if testing.Short() && driver.Engine() != browsers.Chromium {
				t.Skip("the short run does it in Chromium alone")
			}
			if _, err := driver.Find(); err != nil {
				t.Skip(err)
			}
			b := launch(t, driver)
			t.Run("a session goes when the clock is advanced by 31 minutes", func(t *testing.T) { open(t, b).sessionGoes(driver.Engine()) })
			t.Run("sessions are expired and revoked", func(t *testing.T) { open(t, b).sessionsEnd() })
			t.Run("the cookie profile is switched", func(t *testing.T) { open(t, b).profileIsSwitched() })
			t.Run("a site is reset at the second press", func(t *testing.T) { open(t, b).siteIsReset() })
			t.Run("a button that waits for the second press shows it while sessions come", func(t *testing.T) { openAt(t, b, usual, titled(armed)).staysArmed() })
			t.Run("what cannot be done is said", func(t *testing.T) { open(t, b).mistakesAreSaid() })
			t.Run("a page of another origin moves nothing", func(t *testing.T) { open(t, b).othersMoveNothing() })
			t.Run("on a narrow screen nothing but tables scrolls sideways", func(t *testing.T) { openAt(t, b, [2]int{390, 844}, titled(tooWide)).fits() })
			t.Run("the journal is filtered", func(t *testing.T) { open(t, b).journalIsFiltered() })
		})
	}
}

// proxy is a front door that leads to nothing but consoles.
var proxy = func() *network.Door {
	door, err := network.Listen(network.Options{})
	if err != nil {
		panic(err)
	}
	return door
}()

func TestMain(m *testing.M) {
	code := m.Run()
	if err := proxy.Close(); err != nil {
		panic(err)
	}
	os.Exit(code)
}

func launch(t *testing.T, driver browsers.Driver) browsers.Browser {
	t.Helper()
	g := NewWithT(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	b, err := driver.Launch(ctx, browsers.LaunchOptions{Policy: policy.Policy{Name: "allow-third-party", Base: policy.AllowThirdParty}, Proxy: proxy.ProxyURL(), Dir: t.TempDir()})
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(b.Close()).To(Succeed()) })
	return b
}

func open(t *testing.T, b browsers.Browser) *world {
	t.Helper()
	return openAt(t, b, usual, func(console http.Handler) http.Handler { return console })
}

// usual is the size of a window.
var usual = [2]int{1280, 860}

// openAt opens a console, changed by a handler around it, in a window of that size.
func openAt(t *testing.T, b browsers.Browser, window [2]int, around func(console http.Handler) http.Handler) *world {
	t.Helper()
	w := &world{WithT: NewWithT(t)}
	var cancel context.CancelFunc
	w.ctx, cancel = context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	w.server = simulator.Run(t, simulator.Options{
		Start: morning,
		Sites: []simulator.Site{simulator.DefaultSite(), {Name: "globex", Profile: "none-secure", Hosts: []simulator.Host{{WebExID: "erin", Password: "secret"}}}},
	})
	api, err := control.New(control.Options{Server: w.server})
	w.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(api.Close)
	w.Expect(proxy.Route(address, around(api))).To(Succeed())
	w.session, err = b.NewSession(w.ctx, browsers.SessionOptions{Viewport: window})
	w.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { w.Expect(w.session.Close()).To(Succeed()) })
	w.do(browsers.Step{Visit: "http://" + address + "/"})
	return w
}

func (w *world) do(steps ...browsers.Step) {
	for _, s := range steps {
		w.Expect(w.session.Do(w.ctx, s)).To(Succeed())
	}
}

func click(id string) browsers.Step    { return browsers.Step{Click: "#" + id} }
func see(text string) browsers.Step    { return browsers.Step{See: text} }
func notSee(text string) browsers.Step { return browsers.Step{NotSee: text} }

// host is a browser in which somebody works with a site, while the console looks on.
type host struct {
	w    *world
	site string
	http *http.Client
}

func (w *world) login(site, webExID string) host {
	client, err := w.server.Client()
	w.Expect(err).NotTo(HaveOccurred())
	h := host{w, site, client}
	h.command("p.php", url.Values{"AT": {"LI"}, "WID": {webExID}, "PW": {"secret"}})
	return h
}

func (h host) command(page string, form url.Values) {
	answer, err := h.http.PostForm("https://"+h.site+".webex.com/"+h.site+"/"+page, form)
	h.w.Expect(err).NotTo(HaveOccurred())
	_, err = io.Copy(io.Discard, answer.Body)
	h.w.Expect(err).NotTo(HaveOccurred())
	answer.Body.Close()
	h.http.CloseIdleConnections()
}

func (h host) schedule() { h.command("m.php", url.Values{"AT": {"SM"}, "MN": {"Weekly"}}) }

func (w *world) sessionGoes(engine browsers.Engine) {
	w.do(see("2026-03-02 09:00:00"), see("frozen"), see("Nobody is logged in."))
	w.login("acme", "bob")
	w.do(see("1 session, idle limit 30m"), see("30:00"), see("LI"), see("ticket_timeStamp"))
	w.do(browsers.Step{Fill: "#advance-by", With: "24m"}, click("advance"), see("09:24:00"), see("06:00"))
	alice := w.login("acme", "alice")
	w.do(see("2 sessions, idle limit 30m"), see("30:00"), click("advance-1m"), see("05:00"), see("29:00"))
	alice.schedule()
	w.login("globex", "erin").command("m.php", url.Values{"AT": {"HM"}, "MK": {"123456789"}})
	w.do(see("30:00"), see("AccessDenied"), click("advance-1m"), see("04:00"), see("29:00"))
	if screenshot != "" && engine == browsers.Chromium {
		png, err := w.session.Screenshot(w.ctx)
		w.Expect(err).NotTo(HaveOccurred())
		w.Expect(os.WriteFile(screenshot, png, 0o644)).To(Succeed())
	}

	w.do(click("advance-31m"), see("09:57:00"), notSee("29:00"), notSee("04:00"), notSee("idle limit 30m"))
	acme, err := w.server.Site("acme")
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(acme.Sessions.Len()).To(BeZero())
	alice.schedule()
	w.do(see("idle-expired"))
}

func (w *world) sessionsEnd() {
	alice := w.login("acme", "alice")
	bob := w.login("acme", "bob")
	w.do(see("2 sessions"), click("session-acme-1-expire"), see("The session of alice has expired."), see("1 session,"))
	w.do(click("session-acme-2-revoke"), see("The session of bob was revoked."), notSee("1 session,"))
	alice.schedule()
	w.do(see("idle-expired"))
	bob.schedule()
	w.do(see("revoked"))
}

func (w *world) profileIsSwitched() {
	w.do(see("Version=1; Domain=webex.com; Path=/; Secure"), click("site-acme-strict"), see("Version=1; Domain=webex.com; Path=/; Secure; SameSite=Strict"))
	acme, err := w.server.Site("acme")
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(string(acme.Profile())).To(Equal("strict"))
}

func (w *world) siteIsReset() {
	w.login("acme", "alice")
	w.login("globex", "erin")
	w.do(see("globex #1"), click("site-acme-reset"), see("Press again to reset acme."))
	w.Expect(w.site("acme").Sessions.Len()).To(Equal(1))
	w.do(click("site-acme-reset"), see("acme is as configured again."), notSee("acme #1"), see("globex #1"))
	w.Expect(w.site("acme").Sessions.Len()).To(BeZero())
	w.Expect(w.site("globex").Sessions.Len()).To(Equal(1))
	w.login("acme", "bob")
	w.do(see("acme #1"))
}

func (w *world) mistakesAreSaid() {
	w.do(browsers.Step{Fill: "#advance-by", With: "half an hour"}, click("advance"), see(`expected a duration such as "30m1s"`))
	w.do(browsers.Step{Fill: "#advance-by", With: "30m1s"}, click("advance"), see("09:30:01"))
}

// What a console can have as its title.
const (
	tooWide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
	armed   = "[...document.querySelectorAll('.armed')].map(e => e.id) + ', sessions: ' + document.querySelectorAll('[data-expires]').length"
)

// titled is a console whose title is always the value of a script's expression. Its policy lets no script in but its own.
func titled(expression string) func(console http.Handler) http.Handler {
	return func(console http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			console.ServeHTTP(rw, r)
			if r.URL.Path == "/console/console.js" {
				fmt.Fprintf(rw, "setInterval(() => { document.title = '[' + (%s) + ']'; }, 50);\n", expression)
			}
		})
	}
}

// seeTitle waits until the title has a value.
func (w *world) seeTitle(value string) {
	w.Eventually(func(g Gomega) {
		documents, err := w.session.Documents(w.ctx)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(documents).To(ContainElement(HaveField("Title", "["+value+"]")))
	}).WithContext(w.ctx).Should(Succeed())
}

func (w *world) staysArmed() {
	w.do(click("site-acme-reset"), see("Press again to reset acme."))
	w.seeTitle("site-acme-reset, sessions: 0")
	w.login("acme", "alice")
	w.seeTitle("site-acme-reset, sessions: 1")
	w.do(click("site-globex-reset"), see("Press again to reset globex."))
	w.seeTitle("site-globex-reset, sessions: 1")
}

func (w *world) fits() {
	alice := w.login("acme", "alice")
	alice.command("p.php", url.Values{"AT": {"LO"}}) // deletes cookies, which is said to screen readers
	w.login("acme", "bob")
	w.do(see("acme #3"), see("1 session"))
	w.seeTitle("0")
}

func (w *world) journalIsFiltered() {
	w.login("acme", "alice").schedule()
	w.Expect(w.server.Journal("acme").Entries()).To(HaveLen(2))
	w.do(see("acme #2"), browsers.Step{Fill: "#filter", With: "p.php"}, notSee("acme #2"), see("acme #1"))
	w.login("acme", "bob") // what comes is filtered too
	w.do(see("acme #3"), browsers.Step{Fill: "#filter", With: ""}, see("acme #2"), click("failures"), notSee("acme #1"))
	w.Expect(w.server.Journal("acme").Entries()).NotTo(ContainElement(HaveField("Result", journal.Fail)))
}

// othersMoveNothing tries what a web page can do without being asked whether it may: a request whose answer it cannot read, and a form.
func (w *world) othersMoveNothing() {
	w.Expect(proxy.Route("portal.acme.example", http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(rw, `<!DOCTYPE html><title>Portal</title>
			<button onclick="fetch('http://%[1]s/clock', {method: 'POST', mode: 'no-cors', body: '{&quot;advance&quot;:&quot;31m&quot;}'})
				.finally(() => document.body.append('asked'))">Fetch</button>
			<form method="post" enctype="text/plain" action="http://%[1]s/clock"><input name='{"advance":"31m","x' value='":1}'></form>`, address)
	}))).To(Succeed())
	w.do(browsers.Step{Visit: "http://portal.acme.example/"}, browsers.Step{Click: "text=Fetch"}, see("asked"))
	w.do(browsers.Step{Submit: "form"}, see("this is not for"))
	w.Expect(w.server.Clock().Now()).To(Equal(morning))
}

func (w *world) site(name string) *site.Site {
	one, err := w.server.Site(name)
	w.Expect(err).NotTo(HaveOccurred())
	return one
}
