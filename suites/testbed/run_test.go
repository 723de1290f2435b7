package testbed

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network/realproxy"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/internal/strictyaml"
	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/suites/upstream"
)

// acted is a browser whose steps the test does itself.
type acted struct {
	browsers.Browser
	does   func(context.Context) error // a step
	closes func()                      // its session; nil: nothing happens
	shows  func() error                // what keeps it from telling its documents; nil: nothing does
	page   string                      // what its document says; empty: it has none
	done   chan struct{}
}

func (*acted) Executable() browsers.Executable {
	return browsers.Executable{Name: "Chromium", Version: "156"}
}
func (b *acted) Done() <-chan struct{} { return b.done }
func (*acted) Close() error            { return nil }

func (b *acted) NewSession(context.Context, browsers.SessionOptions) (browsers.Session, error) {
	return actedSession{browser: b}, nil
}

type actedSession struct {
	browsers.Session
	browser *acted
}

func (actedSession) Screenshot(context.Context) ([]byte, error) {
	return nil, errors.New("there is nothing to see")
}
func (actedSession) Blocked() []browsers.BlockedCookie { return nil }

func (s actedSession) Documents(context.Context) ([]browsers.Document, error) {
	if s.browser.shows != nil {
		return nil, s.browser.shows()
	}
	if s.browser.page != "" {
		return []browsers.Document{{URL: "https://portal.acme.example/", Text: s.browser.page}}, nil
	}
	return nil, nil
}

func (s actedSession) Do(ctx context.Context, step browsers.Step) error {
	if err := s.browser.does(ctx); err != nil {
		return &browsers.StepError{Step: step, Err: err}
	}
	return nil
}

func (s actedSession) Close() error {
	if s.browser.closes != nil {
		s.browser.closes()
	}
	return nil
}

// blank is a session whose browser draws nothing.
type blank struct{ browsers.Session }

func (blank) Screenshot(ctx context.Context) ([]byte, error) {
	<-ctx.Done()
	return nil, context.Cause(ctx)
}

func TestABrowserThatDoesNotDrawLeavesItsCaseTheTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		ctx, cancel := context.WithTimeout(t.Context(), caseLimit)
		defer cancel()
		g.Expect((&run{session: blank{}}).picture(ctx)).To(BeNil())
		g.Expect(ctx.Err()).NotTo(HaveOccurred())
	})
}

// stage is a station for c on which the browser runs already.
func stage(t *testing.T, c Case, b *acted) *Station {
	t.Helper()
	g := NewWithT(t)
	s, err := OpenStation(engineOf{}, c, nil)
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(s.Close()).To(Succeed()) })
	b.done = make(chan struct{})
	s.browser, s.proven, s.set, s.version = b, true, c.Policy, "Chromium 156"
	return s
}

// looks is a case whose one step looks for something.
func looks(t *testing.T, id string) Case {
	t.Helper()
	c := cell(t, id, "block-all", browsers.Chromium, session.NoneSecure)
	c.Steps = []fixtures.Step{{Step: browsers.Step{See: "Welcome"}}}
	return c
}

// untilEnd is what a step returns that its context kept from its end.
func untilEnd(ctx context.Context) error {
	<-ctx.Done()
	return context.Cause(ctx)
}

func TestWhatIsNotThereFailsACaseUnlessItsTimeIsOver(t *testing.T) {
	ctx, end := context.WithCancelCause(t.Context())
	for _, c := range []struct {
		name string
		does func(context.Context) error
		want Status
	}{
		{"not there", func(context.Context) error { return errors.New("not within 20s") }, Failed},
		{"the browser died", func(context.Context) error { return browsers.ErrCrashed }, Error},
		{"time is over", func(ctx context.Context) error {
			end(errors.New("too long"))
			return untilEnd(ctx)
		}, Error},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := NewWithT(t)
			look := looks(t, "a")
			res := stage(t, look, &acted{does: c.does}).Run(ctx, look)
			g.Expect(res.Status).To(Equal(c.want), res.Sentence)
			g.Expect(res.Outcome != "").To(Equal(c.want == Failed), "an error has none")
		})
	}
}

func TestARunThatIsStoppedWhileACheckWaitsDecidesNothing(t *testing.T) {
	g := NewWithT(t)
	ctx, stop := context.WithCancelCause(t.Context())
	c, twin := looks(t, "a"), looks(t, "twin")
	b := &acted{does: func(ctx context.Context) error {
		stop(errors.New("interrupted"))
		return untilEnd(ctx)
	}}
	o := &told{}
	w := worker{Scheduler: Scheduler{Observe: o}, station: stage(t, c, b)}
	w.do(ctx, task{Case: c, twins: []Case{twin}})
	var sentences []string
	for _, res := range o.done {
		g.Expect(res.Stopped()).To(BeTrue(), "%s: %s", res.ID, res.Status)
		sentences = append(sentences, res.Sentence)
	}
	g.Expect(sentences).To(Equal([]string{"not run to its end: interrupted", "not run: interrupted"}))
}

// hosts is a case whose one step is accepted as its goal, which is what is expected.
func hosts(t *testing.T) Case {
	t.Helper()
	c := cell(t, "a", "block-all", browsers.Chromium, session.NoneSecure)
	c.Steps = []fixtures.Step{{Step: browsers.Step{Click: "Start"}, Await: c.Integration.Goal}}
	c.Expect.Outcome = Works
	return c
}

// accepted has the site accept the goal of c.
func accepted(s *Station, c Case) {
	s.site.Journal(c.Site.Name).Add(&journal.Entry{Page: "m.php", Command: c.Integration.Goal, Result: journal.Success, User: c.Integration.Host})
}

func TestABrowserThatDiesAfterTheGoalWasAcceptedIsNoPass(t *testing.T) {
	g := NewWithT(t)
	c, b := hosts(t), &acted{}
	s := stage(t, c, b)
	b.does = func(context.Context) error {
		accepted(s, c)
		return nil
	}
	g.Expect(s.Run(t.Context(), c).Status).To(Equal(Passed), "it lives")
	b.closes = func() { close(b.done) }
	res := s.Run(t.Context(), c)
	g.Expect(res.Status).To(Equal(Error))
	g.Expect(res.Sentence).To(Equal("the browser process died"))
	g.Expect(res.Outcome).To(BeEmpty(), "an error has none, whatever was seen before")
}

func TestAGoalThatDoesNotComeTheSecondTimeDoesNotWork(t *testing.T) {
	for name, later := range map[string][]string{"the goal": {"HM"}, "what leads to it": {"LI", "HM"}} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			c, b := hosts(t), &acted{}
			for _, command := range later {
				c.Steps = append(c.Steps, fixtures.Step{Step: browsers.Step{Click: "Again"}, Await: command})
			}
			s, clicks := stage(t, c, b), 0
			b.does = func(context.Context) error {
				if clicks++; clicks == 1 {
					accepted(s, c)
				}
				return nil
			}
			res := s.Run(t.Context(), c)
			g.Expect(clicks).To(Equal(2))
			g.Expect(res.Status).To(Equal(Failed), res.Sentence)
			g.Expect(res.Outcome).To(Equal(Stuck))
		})
	}
}

// A portal may log its host in anew on every page.
func TestStepsThatLeadToManyLoginsAreNoLoop(t *testing.T) {
	g := NewWithT(t)
	c, b := hosts(t), &acted{}
	c.Steps = slices.Repeat(c.Steps, endlessLogins+1)
	c.Steps = append(c.Steps, fixtures.Step{Step: browsers.Step{See: "Welcome"}})
	s, done := stage(t, c, b), 0
	b.does = func(context.Context) error {
		if done++; done == len(c.Steps) {
			return errors.New("not within 20s")
		}
		s.site.Journal(c.Site.Name).Add(&journal.Entry{Page: "p.php", Command: "LI", Result: journal.Success, User: c.Integration.Host})
		accepted(s, c)
		return nil
	}
	res := s.Run(t.Context(), c)
	g.Expect(done).To(Equal(len(c.Steps)), "every step was done")
	g.Expect(res.Status).To(Equal(Failed), "and the last one looked in vain")
}

func TestWhatComesOnceTheHostIsInHisMeetingDoesNotDecide(t *testing.T) {
	g := NewWithT(t)
	c, b := hosts(t), &acted{}
	c.Steps = append(c.Steps, fixtures.Step{Step: browsers.Step{Click: "Log out"}, Await: "LO"})
	s := stage(t, c, b)
	b.does = func(context.Context) error {
		if s.site.Journal(c.Site.Name).Last() == 0 {
			accepted(s, c)
		}
		return nil
	}
	res := s.Run(t.Context(), c)
	g.Expect(res.Status).To(Equal(Passed), res.Sentence)
}

func TestAProxyThatDiesFailsNoCaseAndIsReplacedForTheNext(t *testing.T) {
	g := NewWithT(t)
	if _, err := realproxy.Find(realproxy.Privoxy); err != nil {
		t.Skip(err)
	}
	c, b := hosts(t), &acted{}
	c.Network.Proxy = "privoxy-nothing"
	s := stage(t, c, b)
	b.does = func(context.Context) error { return s.proxies[c.Network.Proxy].Close() }
	res := s.Run(t.Context(), c)
	g.Expect(res.Status).To(Equal(Error), "the site was not asked for anything")
	g.Expect(res.Sentence).To(MatchRegexp(`^Privoxy [0-9.]+ ended while the case ran$`))
	g.Expect(res.Outcome).To(BeEmpty())
	b.does = func(context.Context) error {
		accepted(s, c)
		return nil
	}
	res = s.Run(t.Context(), c)
	g.Expect(res.Status).To(Equal(Passed), res.Sentence)
	g.Expect(s.proxies[c.Network.Proxy].Done()).NotTo(BeClosed())
}

// judged is what becomes of c on s where its steps were done and nothing moves any more.
func judged(ctx context.Context, g *WithT, r *run) Result {
	r.settled = true
	g.Expect(r.prepare(ctx)).To(Succeed())
	defer r.close(ctx)
	res := r.c.result()
	r.judge(ctx, &res, nil)
	return res
}

func TestAPortalThatDiesFailsNoCase(t *testing.T) {
	g := NewWithT(t)
	c := hosts(t)
	c.Integration.Server = fixtures.Server{Command: strictyaml.TextOrList{Text: "echo out of memory"}, Ready: "memory", ReadyWithin: time.Minute}
	portals, err := upstream.NewPool(1)
	g.Expect(err).NotTo(HaveOccurred())
	defer portals.Close()
	s := stage(t, c, &acted{})
	s.portals = portals
	r := &run{station: s, c: c}
	g.Expect(r.borrow(t.Context())).To(Succeed())
	g.Eventually(r.portal.Done()).WithTimeout(time.Minute).Should(BeClosed())
	res := judged(t.Context(), g, r)
	g.Expect(res.Status).To(Equal(Error), "the site was not asked for anything")
	g.Expect(res.Sentence).To(And(ContainSubstring("the portal of iframe ended while the case ran"), ContainSubstring("out of memory")))
	g.Expect(res.Outcome).To(BeEmpty())
}

func TestAPortalThatDiesWhileItsGuidanceIsLookedForFailsNoCase(t *testing.T) {
	g := NewWithT(t)
	c := hosts(t)
	c.Integration.Guides, c.Expect.Outcome = "Please allow cookies", WorksOrGuides
	c.Integration.Server = fixtures.Server{
		Command: strictyaml.TextOrList{Text: "mkfifo gate && echo ready && cat gate"}, Folder: t.TempDir(), Ready: "ready", ReadyWithin: time.Minute,
	}
	portals, err := upstream.NewPool(1)
	g.Expect(err).NotTo(HaveOccurred())
	defer portals.Close()
	b := &acted{}
	s := stage(t, c, b)
	s.portals = portals
	r := &run{station: s, c: c}
	g.Expect(r.borrow(t.Context())).To(Succeed())
	var once sync.Once
	b.shows = func() error {
		once.Do(func() {
			g.Expect(os.WriteFile(filepath.Join(c.Integration.Folder, "gate"), nil, 0o600)).To(Succeed())
			<-r.portal.Done()
		})
		return nil
	}
	res := judged(t.Context(), g, r)
	g.Expect(res.Status).To(Equal(Error), res.Sentence)
	g.Expect(res.Sentence).To(HavePrefix("the portal of iframe ended while the case ran"))
	g.Expect(res.Outcome).To(BeEmpty())
}

func TestAGuidanceThatAlwaysStandsThereFailsTheCaseThatWorks(t *testing.T) {
	c := hosts(t)
	c.Steps = append([]fixtures.Step{{Step: browsers.Step{Visit: "/"}}}, c.Steps...)
	c.Integration.Guides, c.Expect.Outcome = "Please allow cookies", WorksOrGuides
	for page, want := range map[string]string{
		"Host a meeting": "",
		"Host a meeting. Trouble? Please allow cookies.": "it works, and https://portal.acme.example/ showed \"Please allow cookies\" before the host had done anything: " +
			"a text that stands there anyway guides nobody",
	} {
		g := NewWithT(t)
		b := &acted{page: page}
		s := stage(t, c, b)
		deeds := 0
		b.does = func(context.Context) error {
			if deeds++; deeds == len(c.Steps) {
				accepted(s, c)
			}
			return nil
		}
		res := s.Run(t.Context(), c)
		g.Expect(res.Outcome).To(Equal(Works))
		g.Expect(res.Guided).To(BeNil())
		g.Expect(res.Sentence).To(Equal(want))
		g.Expect(res.Status == Passed).To(Equal(want == ""))
	}
}

// A portal that ran already has no process that could be seen to end.
func TestAPortalThatNoLongerAnswersFailsNoCase(t *testing.T) {
	g := NewWithT(t)
	running := httptest.NewServer(http.NotFoundHandler())
	defer running.Close()
	c, b := hosts(t), &acted{}
	c.Integration.Server = fixtures.Server{Upstream: running.URL, Ready: "/", ReadyWithin: time.Minute}
	c.Expect.Outcome = Stuck
	portals, err := upstream.NewPool(1)
	g.Expect(err).NotTo(HaveOccurred())
	defer portals.Close()
	s := stage(t, c, b)
	s.portals = portals
	proxy, err := url.Parse(s.door.ProxyURL())
	g.Expect(err).NotTo(HaveOccurred())
	browser := &http.Client{Transport: &http.Transport{
		Proxy: http.ProxyURL(proxy), TLSClientConfig: &tls.Config{RootCAs: s.door.Authority().Pool()}, DisableKeepAlives: true,
	}}
	b.does = func(context.Context) error {
		resp, err := browser.Get(c.Integration.Portal)
		if err != nil {
			return err
		}
		return resp.Body.Close()
	}
	res := s.Run(t.Context(), c)
	g.Expect(res.Status).To(Equal(Passed), res.Sentence)
	running.Close()
	res = s.Run(t.Context(), c)
	g.Expect(res.Status).To(Equal(Error), "stuck is what was expected, and not the portal's doing")
	g.Expect(res.Sentence).To(HavePrefix("portal.acme.example runs at an address of this machine that takes no connection: "))
	g.Expect(res.Outcome).To(BeEmpty())
}

func TestACaseThatIsKeptFromLookingForGuidanceDecidesNothing(t *testing.T) {
	ctx, stop := context.WithCancelCause(t.Context())
	for _, c := range []struct {
		name   string
		shows  func() error
		expect Outcome
		want   string
	}{
		{"by its browser", func() error { return errors.New("no documents") }, Stuck, "no documents"},
		{"by whoever stopped the run", func() error { stop(errors.New("interrupted")); return nil }, WorksOrGuides, "interrupted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := NewWithT(t)
			one := hosts(t)
			one.Integration.Guides, one.Expect.Outcome = "Please allow cookies", c.expect
			res := judged(ctx, g, &run{station: stage(t, one, &acted{shows: c.shows}), c: one})
			g.Expect(res.Status).To(Equal(Error), res.Sentence)
			g.Expect(res.Sentence).To(Equal("looking for what the portal tells the host: " + c.want))
			g.Expect(res.Outcome).To(BeEmpty())
		})
	}
}

func TestSecretsThatAPageTellsAreNotKept(t *testing.T) {
	g := NewWithT(t)
	c := looks(t, "a")
	c.Integration.Password, c.Integration.PartnerID = "hunter2", "partner"
	b := &acted{does: func(context.Context) error {
		return errors.New(`not at https://portal.acme.example/?token=hunter2 as hunter2`)
	}}
	b.page = "Hello partner\nCookie: portal=hunter2\npassword: hunter2\nalice:hunter2\n" + `{"password":"hunter2"}`
	res := stage(t, c, b).Run(t.Context(), c)
	g.Expect(res.Status).To(Equal(Failed))
	g.Expect(res.Sentence).To(ContainSubstring("portal.acme.example"))
	g.Expect(res.Documents).To(HaveExactElements(HavePrefix("https://portal.acme.example/: Hello partner ")))
	g.Expect(res.Sentence + res.Documents[0]).NotTo(ContainSubstring("hunter2"))
}

func TestAStepThatNeedsSomethingOnAPageLooksForItOnlySoLong(t *testing.T) {
	for name, c := range map[string]struct {
		step    browsers.Step
		limited bool
	}{
		"a check": {browsers.Step{See: "Welcome"}, true},
		"a click": {browsers.Step{Click: "text=Host"}, true},
		"a field": {browsers.Step{Fill: "#user", With: "ann"}, true},
		"a visit": {browsers.Step{Visit: "/"}, false}, // a page may take its time
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			one := looks(t, "a")
			one.Steps = []fixtures.Step{{Step: c.step}}
			var left time.Duration
			stage(t, one, &acted{does: func(ctx context.Context) error {
				end, _ := ctx.Deadline()
				left = time.Until(end)
				return nil
			}}).Run(t.Context(), one)
			g.Expect(left > checkLimit).NotTo(Equal(c.limited), "%v", left)
			g.Expect(left).To(BeNumerically(">", 0))
		})
	}
}
