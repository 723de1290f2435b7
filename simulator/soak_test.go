package simulator

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/session"
)

// TestSoak has thousands of hosts log in, host, idle, expire and log out, while the clock moves and sites are reset, and holds every answer against a model
// of its own: a browser per host, which knows when it was answered last and nothing of how the simulator keeps its sessions.
//
// SOAK_COMMANDS is how many commands are given; the default is small, and smaller with -short.
func TestSoak(t *testing.T) {
	commands := 30_000
	if testing.Short() {
		commands = 6_000
	}
	if text := os.Getenv("SOAK_COMMANDS"); text != "" {
		var err error
		if commands, err = strconv.Atoi(text); err != nil {
			t.Fatalf("SOAK_COMMANDS=%q: expected a number of commands", text)
		}
	}
	const sites, hosts, workers = 4, 500, 8
	k := newSoak(t, sites, hosts)
	var given atomic.Int64
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(w), 20130501))
			var mine []*soakBrowser
			for i, b := range k.browsers {
				if i%workers == w {
					mine = append(mine, b)
				}
			}
			for given.Add(1) <= int64(commands) && !t.Failed() {
				k.disturb(r)
				k.act(r, mine[r.IntN(len(mine))])
			}
		})
	}
	wg.Wait()
	seen := map[string]int64{}
	for i, name := range soakOutcomes {
		seen[name] = k.outcomes[i].Load()
	}
	t.Logf("%d commands, %d resets: %v", commands, k.resets.Load(), seen)
	if total, unsure := seen["accepted"]+seen["refused"]+seen["unsure"], seen["unsure"]; unsure*10 > total {
		t.Errorf("the model was unsure of %d among %d answers: it checks too little", unsure, total)
	}
	for _, name := range soakOutcomes {
		if seen[name] == 0 && name != "unsure" && commands >= 30_000 {
			t.Errorf("no command was %s: the soak tries too little", name)
		}
	}
}

var soakOutcomes = [...]string{"accepted", "refused", "refused as idle", "refused as logged out", "refused after a reset", "unsure", "journalled"}

const (
	soakAccepted = iota
	soakRefused
	soakIdle
	soakLoggedOut
	soakReset
	soakUnsure
	soakJournalled
)

type soak struct {
	t        *testing.T
	server   *Server
	browsers []*soakBrowser
	epochs   []soakEpoch // by site
	resets   atomic.Int64
	outcomes [len(soakOutcomes)]atomic.Int64
}

// soakEpoch counts the resets of a site.
type soakEpoch struct {
	sync.Mutex  // held by who resets
	begun, done atomic.Int64
}

// soakBrowser is one browser and what the model knows of it.
type soakBrowser struct {
	site  int
	name  string // of the site
	host  string
	other string // somebody else of that site
	key   string // of the host's meeting

	ticket string // "" without
	dead   string // a ticket that was logged out, kept by another tab
	epoch  int64  // of the site, when the ticket was issued; -1 when a reset was under way
	// The session was renewed at some moment between these two.
	early, late time.Time
}

func newSoak(t *testing.T, sites, hosts int) *soak {
	k := &soak{t: t, epochs: make([]soakEpoch, sites)}
	o := Options{Start: time.Date(2013, 5, 1, 9, 0, 0, 0, time.UTC), Journal: journal.Limits{Entries: 1000}}
	for i := range sites {
		site := Site{Name: fmt.Sprintf("site%d", i)}
		for n := range hosts {
			host, key := fmt.Sprintf("host%d-%d", i, n), strconv.Itoa(100_000_000+n)
			site.Hosts = append(site.Hosts, Host{WebExID: host, Password: "of-" + host})
			site.Meetings = append(site.Meetings, Meeting{Key: key, Host: host, Name: "Call of " + host})
			k.browsers = append(k.browsers, &soakBrowser{
				site: i, name: site.Name, host: host, other: fmt.Sprintf("host%d-%d", i, (n+1)%hosts), key: key,
			})
		}
		o.Sites = append(o.Sites, site)
	}
	var err error
	if k.server, err = New(o); err != nil {
		t.Fatal(err)
	}
	return k
}

// disturb moves the clock or resets a site now and then. A browser is asked about every 2,000 commands, and by then the clock has moved by 20 minutes on
// average.
func (k *soak) disturb(r *rand.Rand) {
	switch n := r.IntN(20_000); {
	case n < 400:
		k.server.Advance(time.Duration(r.Int64N(int64(time.Minute))))
	case n == 400:
		k.server.Advance(30*time.Minute + 1)
	case n == 401:
		k.server.Clock().Advance(30 * time.Minute)
	case n < 412:
		i := r.IntN(len(k.epochs))
		e := &k.epochs[i]
		e.Lock()
		defer e.Unlock()
		e.begun.Add(1)
		if err := k.server.Reset(fmt.Sprintf("site%d", i)); err != nil {
			k.t.Error(err)
		}
		e.done.Add(1)
		k.resets.Add(1)
	}
}

// act gives one command and holds the answer against the model.
func (k *soak) act(r *rand.Rand, b *soakBrowser) {
	switch n := r.IntN(100); {
	case b.ticket == "" || n < 10:
		k.logIn(b)
	case n < 60:
		k.command(b, "m.php", "AT=HM&MK="+b.key, "Meeting room: Call of "+b.host+"<")
	case n < 70:
		k.command(b, "m.php", "AT=LM", "<td>Call of "+b.host+"</td>")
	case n < 80:
		k.command(b, "mywebex/default.do", "", ">"+b.host+"</strong>")
	case n < 85:
		k.command(b, "m.php", "AT=MD&MK="+b.key, "<h1>Call of "+b.host+"</h1>")
	case n < 92:
		k.logOut(b)
	case b.dead != "":
		k.useDead(b)
	default:
		k.command(b, "m.php", "AT=OM", "<Status>SUCCESS</Status>")
	}
}

// verdict is what the model expects of a session.
type verdict int

const (
	unsure verdict = iota
	live
	idle
	reset
)

// attempt is a request and what the world may have looked like meanwhile.
type attempt struct {
	before, after time.Time // of the clock
	epoch         int64     // of the site, -1 when a reset was under way at some moment
	began         int64     // resets done before it
	rec           *soakAnswer
	id            string
	seq           uint64 // of the journal, before
	journal       *journal.Journal
}

var soakIDs atomic.Int64

func (k *soak) ask(b *soakBrowser, page, form, ticket string) attempt {
	e := &k.epochs[b.site]
	a := attempt{id: strconv.FormatInt(soakIDs.Add(1), 10), rec: &soakAnswer{header: http.Header{}}}
	a.began = e.done.Load()
	quiet := e.begun.Load() == a.began
	a.journal = k.server.Journal(b.name)
	a.seq = a.journal.Last()
	a.before = k.server.Clock().Now()
	r := &http.Request{
		Method: "POST", Host: b.name + ".webex.com", URL: &url.URL{Path: "/" + b.name + "/" + page},
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "X-Request-Id": {a.id}},
		Body:   soakBody{strings.NewReader(form)},
	}
	if ticket != "" {
		r.Header["Cookie"] = []string{`ticket="` + ticket + `"`}
	}
	k.server.ServeHTTP(a.rec, r)
	a.after = k.server.Clock().Now()
	a.epoch = -1
	if quiet && e.begun.Load() == a.began {
		a.epoch = a.began
	}
	return a
}

// expect is what the model expects of the browser's session in an attempt.
func (b *soakBrowser) expect(a attempt) verdict {
	switch {
	case b.epoch < 0 || a.epoch < 0 && b.epoch == a.began:
		return unsure
	case b.epoch != a.began:
		return reset
	case a.before.Sub(b.late) > session.DefaultIdleLimit:
		return idle
	case a.after.Sub(b.early) <= session.DefaultIdleLimit:
		return live
	}
	return unsure
}

// settle holds what was seen of the browser's session against the model, and tells the model.
func (k *soak) settle(b *soakBrowser, a attempt, accepted bool, what string) {
	expected := b.expect(a)
	switch expected {
	case live:
		if !accepted {
			k.t.Errorf("%s by %s was refused in a live session, renewed at %s…%s, asked at %s…%s:\n%s", what, b.host, b.early, b.late, a.before, a.after, &a.rec.body)
		}
	case idle, reset:
		if accepted {
			k.t.Errorf("%s by %s was accepted in a dead session (%v), renewed at %s…%s, asked at %s…%s", what, b.host, expected, b.early, b.late, a.before, a.after)
		}
	}
	k.count(b, a, expected, accepted)
	if accepted {
		b.early, b.late = a.before, a.after
	} else {
		b.ticket = ""
	}
}

// count counts an answer, and looks it up in the journal where that still holds it.
func (k *soak) count(b *soakBrowser, a attempt, expected verdict, accepted bool) {
	if expected == unsure {
		k.outcomes[soakUnsure].Add(1)
		return
	}
	states := map[verdict]session.State{live: session.Live, idle: session.IdleExpired, reset: session.Unknown}
	k.outcomes[map[bool]int{true: soakAccepted, false: soakRefused}[accepted]].Add(1)
	if expected == idle {
		k.outcomes[soakIdle].Add(1)
	}
	if expected == reset {
		k.outcomes[soakReset].Add(1)
	}
	for _, e := range a.journal.After(a.seq) {
		if e.RequestID != a.id {
			continue
		}
		k.outcomes[soakJournalled].Add(1)
		user := ""
		if accepted {
			user = b.host
		}
		if e.Session != states[expected] || e.User != user || e.Time.Before(a.before) || e.Time.After(a.after) {
			k.t.Errorf("%s in state %s, user %q, between %s and %s: the journal says %s", b.host, states[expected], user, a.before, a.after, e)
		}
	}
}

// command gives a command that needs a session; page is what it shows when it is accepted.
func (k *soak) command(b *soakBrowser, page, form, shows string) {
	a := k.ask(b, page, form, b.ticket)
	text := a.rec.body.String()
	accepted := strings.Contains(text, shows)
	if !accepted && !strings.Contains(text, "Access Denied") && !strings.Contains(text, "<Reason>AccessDenied</Reason>") && !strings.Contains(text, "<h1>Sign in</h1>") {
		k.t.Errorf("%s %s of %s was neither accepted nor refused: %s", page, form, b.host, text)
	}
	k.settle(b, a, accepted, form)
}

var soakTicket = regexp.MustCompile(`^ticket="([^"]+)"`)

// logIn logs in, perhaps with a ticket, and now and then as somebody else, which a live session prevents.
func (k *soak) logIn(b *soakBrowser) {
	had := b.ticket
	who := b.host
	if had != "" && b.ticket[0]%2 == 0 {
		who = b.other
	}
	a := k.ask(b, "p.php", "AT=LI&WID="+who+"&PW=of-"+who+"&BU=https://p.example/", had)
	text := a.rec.body.String()
	succeeded := strings.Contains(text, `WID\x3d`+who+`\x26ST\x3dSUCCESS`)
	if !succeeded && (had == "" || !strings.Contains(text, `RS\x3dAlreadyLogon`)) {
		k.t.Errorf("login of %s with ticket %q: %s", who, had, text)
	}
	if had != "" {
		// AlreadyLogon is what a live session answers: it tells whether there was one, and renews it.
		expected := b.expect(a)
		if expected == live && succeeded || (expected == idle || expected == reset) && !succeeded {
			k.t.Errorf("login of %s at %s…%s with a session renewed at %s…%s: %s", who, a.before, a.after, b.early, b.late, text)
		}
	}
	if !succeeded {
		b.early, b.late = a.before, a.after
		return
	}
	b.ticket = ""
	if who != b.host || a.epoch < 0 {
		return // not this browser's host, or nobody knows into which state of the site: the browser forgets the ticket
	}
	for _, line := range a.rec.header["Set-Cookie"] {
		if m := soakTicket.FindStringSubmatch(line); m != nil {
			b.ticket, b.epoch, b.early, b.late = m[1], a.epoch, a.before, a.after
		}
	}
	if b.ticket == "" {
		k.t.Errorf("login of %s set no ticket", b.host)
	}
}

// logOut logs out. What became of the ticket is looked at later.
func (k *soak) logOut(b *soakBrowser) {
	a := k.ask(b, "p.php", "AT=LO&BU=https://p.example/", b.ticket)
	if text := a.rec.body.String(); !strings.Contains(text, `ST\x3dSUCCESS`) {
		k.t.Errorf("logout of %s: %s", b.host, text)
	}
	b.dead, b.ticket = b.ticket, ""
}

// useDead tries a ticket that was logged out, whatever it was then.
func (k *soak) useDead(b *soakBrowser) {
	a := k.ask(b, "m.php", "AT=HM&MK="+b.key, b.dead)
	if !strings.Contains(a.rec.body.String(), "Access Denied") {
		k.t.Errorf("%s was let in with a ticket that was logged out", b.host)
	}
	k.outcomes[soakLoggedOut].Add(1)
	b.dead = ""
}

// soakAnswer takes an answer.
type soakAnswer struct {
	header http.Header
	body   bytes.Buffer
}

func (a *soakAnswer) Header() http.Header         { return a.header }
func (a *soakAnswer) Write(b []byte) (int, error) { return a.body.Write(b) }
func (a *soakAnswer) WriteHeader(int)             {}

// soakBody is a request's body.
type soakBody struct{ *strings.Reader }

func (soakBody) Close() error { return nil }
