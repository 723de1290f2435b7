package testbed

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/browsers/network/realproxy"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/fixtures/integrations/portal"
	"github.com/cookiegate/cookiegate/internal/redact"
	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/suites/upstream"
)

// caseLimit is how long one case may take before it is an error.
const caseLimit = 90 * time.Second

// checkLimit is how long a step may look for what it needs on a page.
const checkLimit = 20 * time.Second

// run is one case under way on a station.
type run struct {
	station *Station
	c       Case
	session browsers.Session
	ledger  *network.Ledger
	journal *journal.Journal
	blocked []browsers.BlockedCookie // of sessions that ended by a restart
	portal  *upstream.Portal         // nil where it is a sample
	proxy   *realproxy.Proxy         // nil where there is no real one
	ie      *internetExplorer        // nil where the policy has no Internet Explorer's rules
	restart time.Time                // wall clock of the last restart of the browser
	earlier []byte                   // the screenshot before the last step, where one is wanted
	still   bool                     // the pages' clock does not move with the site's
	settled bool                     // nothing was done since everything came to rest
	endless bool                     // nothing will come to rest: the portal logs in again and again
	early   *Guidance                // what guides the host stood there before he had done anything
	vain    uint64                   // the journal's last entry before the steps that were after the goal in vain; 0: there are none, or nothing came before
}

// Run runs one case. It never fails: what went wrong is in the Result.
func (s *Station) Run(ctx context.Context, c Case) Result {
	res := c.result()
	r := &run{station: s, c: c}
	err := r.borrow(ctx) // which may wait for another case to end; without a portal no browser is needed
	if err == nil {
		err = s.ready(ctx)
		res.BrowserVersion, res.Settings = s.version, s.settings
	}
	start := time.Now() // the start of a portal or a browser is no case's own
	ctx, cancel := context.WithTimeoutCause(ctx, caseLimit, fmt.Errorf("the case took longer than %v", caseLimit))
	defer cancel()
	if err == nil {
		err = r.prepare(ctx)
	}
	if err == nil {
		err = r.steps(ctx)
		r.judge(ctx, &res, err)
	} else if notOnThisMachine(err) {
		res.fail(NotAvailable, err.Error())
	} else {
		res.fail(Error, err.Error())
	}
	if err := r.close(ctx); err != nil && res.Status == Passed {
		res.fail(Error, err.Error())
	}
	if err := s.keepTrace(c, &res); err != nil {
		res.fail(Error, err.Error())
	}
	res.Duration = time.Since(start)
	res.withhold(c.Integration.Secrets())
	return res
}

// withhold takes secrets out of what a portal printed or showed, whatever it said of them.
func (res *Result) withhold(secrets []string) {
	res.Sentence = redact.Known(res.Sentence, secrets...)
	for i, text := range res.Documents {
		res.Documents[i] = redact.Known(text, secrets...)
	}
}

// notOnThisMachine says whether a case cannot be run because something it needs is not there to be had.
func notOnThisMachine(err error) bool {
	var noProxy *realproxy.NotInstalledError
	var noRuntime *upstream.NotInstalledError
	return errors.As(err, &noProxy) || errors.As(err, &noRuntime) || browsers.IsNotAvailable(err)
}

// borrow gets the portal of a person's own.
func (r *run) borrow(ctx context.Context) error {
	if !r.c.Integration.Own() {
		return nil
	}
	if r.station.portals == nil {
		return errors.New("nothing here starts a portal")
	}
	var err error
	r.portal, err = r.station.portals.Borrow(ctx, r.c.Integration, r.station.door)
	return err
}

// prepare lays everything anew and opens a fresh session.
func (r *run) prepare(ctx context.Context) error {
	if err := r.lay(); err != nil {
		return err
	}
	r.ledger = r.station.door.Begin(r.c.ID)
	if err := r.connect(ctx); err != nil {
		return err
	}
	return r.open(ctx)
}

// lay puts the site in its first state, makes the portal and routes to both.
func (r *run) lay() error {
	s, in := r.station, r.c.Integration
	if err := s.site.PutSite(r.c.Site); err != nil {
		return err
	}
	r.journal = s.site.Journal(r.c.Site.Name)
	host := r.c.SiteHost()
	webex := &url.URL{Scheme: "https", Host: host, Path: "/" + r.c.Site.Name + "/"}
	origin, err := url.Parse(in.Portal)
	if err != nil {
		return err
	}
	s.door.ClearRoutes()
	if err := s.door.Route(host, fixtures.Site(in.Name, s.site)); err != nil {
		return err
	}
	if r.portal != nil {
		for host, at := range in.Hosts {
			if at == fixtures.AtPortal {
				at = r.portal.URL()
			}
			if err := s.door.Upstream(host, at); err != nil {
				return err
			}
		}
		return s.door.Upstream(origin.Host, r.portal.URL())
	}
	build, err := fixtures.Portal(in.Name)
	if err != nil {
		return err
	}
	return s.door.Route(origin.Hostname(), build(portal.Config{
		Webex:     webex,
		Self:      origin,
		Host:      in.Host,
		Password:  in.Password,
		PartnerID: in.PartnerID,
		Client:    s.door.Client(),
	}))
}

// connect puts between browser and site what the case has there.
func (r *run) connect(ctx context.Context) error {
	var filters []network.Filter
	if settings := r.c.Policy.InternetExplorer; settings != nil {
		var err error
		if r.ie, err = newInternetExplorer(*settings); err != nil {
			return err
		}
		filters = append(filters, r.ie)
	}
	for _, spec := range r.c.Network.Filters {
		f, err := spec.Filter()
		if err != nil {
			return err
		}
		filters = append(filters, f)
	}
	r.station.door.Use(filters...)
	if r.c.Network.Proxy == "" {
		return nil
	}
	var err error
	if r.proxy, err = r.station.proxy(ctx, r.c.Network.Proxy); err != nil {
		return err
	}
	return r.station.door.Through(r.proxy.Proxy)
}

func (r *run) open(ctx context.Context) error {
	var o browsers.SessionOptions
	if r.c.Trace != "" {
		o.Trace = r.station.rawTrace()
	}
	if r.c.movesClock() {
		o.Clock = r.station.site.Clock().Now()
	}
	session, err := r.station.browser.NewSession(ctx, o)
	// An engine that cannot move its pages' clock will do where no timer of a page is waited for.
	if r.still = browsers.IsNotAvailable(err) && !r.c.awaitsTimer(); r.still {
		session, err = r.station.browser.NewSession(ctx, browsers.SessionOptions{Trace: o.Trace})
	}
	r.session = session
	return err
}

// steps does the case's steps. It stops without an error where an awaited command never comes, and, where a portal may guide its host instead, at a
// check of what comes after the goal when that was not accepted: the journal then decides.
func (r *run) steps(ctx context.Context) error {
	after := false // the goal
	for i, s := range r.c.Steps {
		if after && s.Checks() && r.c.Expect.Outcome == WorksOrGuides && !r.works() {
			return nil
		}
		// Whoever types an address while a page is on its way elsewhere interrupts it; a person looks first.
		if i > 0 && (s.Visit != "" || r.c.Steps[i-1].Await != "") {
			if err := r.settle(ctx); err != nil {
				return fmt.Errorf("before step %d: %w", i+1, err)
			}
		}
		if r.c.Photograph && i > 0 && i == len(r.c.Steps)-1 {
			r.earlier = r.picture(ctx)
		}
		if i > 0 && r.c.Steps[i-1].Visit != "" && r.early == nil && r.c.Expect.Outcome == WorksOrGuides {
			if err := r.lookEarly(ctx); err != nil {
				return fmt.Errorf("before step %d: %w", i+1, err)
			}
		}
		seq := r.journal.Last()
		err := r.step(ctx, s)
		r.settled = s.RestartBrowser // with the browser all pages are gone
		if err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
		if s.Await == "" {
			continue
		}
		came, err := r.await(ctx, seq, s.Await)
		if err != nil {
			return fmt.Errorf("step %d: waiting for %s: %w", i+1, s.Await, err)
		}
		if !came && slices.ContainsFunc(r.c.Steps[i:], func(s fixtures.Step) bool { return s.Await == r.c.Integration.Goal }) {
			r.vain = seq
		}
		if !came || r.endless {
			return nil
		}
		after = after || s.Await == r.c.Integration.Goal
	}
	return nil
}

// works says whether the journal has seen the goal accepted.
func (r *run) works() bool {
	outcome, _ := r.decide(r.journal.Entries())
	return outcome == Works
}

// decide derives the outcome from what the journal saw. That the goal was accepted says nothing of later steps that were after it in vain.
func (r *run) decide(entries []journal.Entry) (Outcome, *journal.Entry) {
	outcome, decided := Decide(entries, r.c.Integration.Goal, r.c.Integration.Host)
	if outcome == Works && decided.Seq <= r.vain {
		return Stuck, nil
	}
	return outcome, decided
}

func (r *run) step(ctx context.Context, s fixtures.Step) error {
	switch {
	case s.AdvanceClock > 0:
		return r.advance(ctx, s.AdvanceClock)
	case s.RestartBrowser:
		return r.restartBrowser(ctx)
	}
	for _, address := range []*string{&s.Visit, &s.URL} {
		if strings.HasPrefix(*address, "/") {
			*address = r.c.Integration.Portal + *address
		}
	}
	if s.Visit == "" { // a page may take its time; what is on it is there or not
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, checkLimit, fmt.Errorf("not within %v", checkLimit))
		defer cancel()
	}
	return r.session.Do(ctx, s.Step)
}

// tick is how far the clocks move together at least, so that a timer that falls due in a page finds the site at nearly the same time.
const tick = time.Minute

// advance moves the site's clock and the pages' together, from timer to timer, and lets the requests that follow be answered before the
// next.
func (r *run) advance(ctx context.Context, d time.Duration) error {
	if err := r.settle(ctx); err != nil {
		return err
	}
	for seen := -1; d > 0; {
		t, err := r.leap(ctx, seen)
		if err != nil {
			return err
		}
		t = min(d, t)
		d -= t
		seen = len(r.ledger.Exchanges())
		r.station.site.Advance(t)
		if !r.still {
			if err := r.session.AdvanceClock(ctx, t); err != nil {
				return err
			}
		}
		if err := r.ledger.Quiet(ctx, 0); err != nil {
			return err
		}
	}
	return nil
}

// leap is how far the clocks may move without passing the time of a timer: as far as anybody likes where no page has one. Where something was
// asked since there were that many exchanges, its page may yet set another timer, and one tick is far enough.
func (r *run) leap(ctx context.Context, seen int) (time.Duration, error) {
	const far = time.Duration(math.MaxInt64)
	switch {
	case r.still:
		return far, nil
	case seen >= 0 && len(r.ledger.Exchanges()) > seen:
		return tick, nil
	}
	documents, err := r.session.Documents(ctx)
	if err != nil {
		return 0, err
	}
	next := far
	for _, d := range documents {
		switch {
		case !d.Complete: // nobody knows what it will set
			return tick, nil
		case d.Timer > 0:
			next = min(next, max(tick, d.Timer))
		}
	}
	return next, nil
}

func (r *run) restartBrowser(ctx context.Context) error {
	if err := r.settle(ctx); err != nil {
		return err
	}
	r.blocked = append(r.blocked, r.session.Blocked()...)
	if err := r.session.Close(); err != nil {
		return err
	}
	r.session = nil
	if err := r.station.browser.Restart(ctx); err != nil {
		return err
	}
	r.restart = time.Now()
	return r.open(ctx)
}

// judge decides outcome, cause and status.
func (r *run) judge(ctx context.Context, res *Result, stepErr error) {
	entries := r.journal.Entries()
	outcome, decided := r.decide(entries)
	if outcome != Works && stepErr == nil {
		// The journal has spoken; what still runs is the portal's way of telling the person, which is evidence.
		if err := r.settle(ctx); err != nil {
			stepErr = fmt.Errorf("waiting for the pages to come to rest: %w", err)
		}
		entries = r.journal.Entries()
		outcome, decided = r.decide(entries)
	}
	if err := r.died(); err != nil {
		res.fail(Error, err.Error())
	}
	if err := unreached(r.ledger.Exchanges()); err != nil && (outcome != Works || stepErr != nil) {
		res.fail(Error, err.Error())
	}
	if stepErr != nil {
		res.fail(statusOf(ctx, stepErr), stepErr.Error())
	}
	if outcome == Works && r.early != nil {
		res.fail(Failed, fmt.Sprintf("it works, and %s showed %q before the host had done anything: a text that stands there anyway guides nobody", r.early.URL, r.early.Text))
	}
	if res.Status == Failed { // what was looked for is not there; what the site saw is known all the same
		res.Outcome = outcome
	}
	e := evidence{
		c:         r.c,
		exchanges: r.ledger.Exchanges(),
		entries:   entries,
		blocked:   r.blocked,
		restart:   r.restart,
		version:   r.station.browser.Executable().Version,
	}
	e.blocked = append(e.blocked, r.ie.removed()...)
	if r.session != nil {
		e.blocked = append(e.blocked, r.session.Blocked()...)
	}
	if res.Status == "" && outcome != Works {
		var err error
		res.Guided, err = r.guided(ctx)
		if err = errors.Join(err, context.Cause(ctx)); err != nil {
			res.fail(Error, "looking for what the portal tells the host: "+err.Error())
		}
		if err := r.died(); err != nil { // meanwhile
			res.fail(Error, err.Error())
		}
	}
	if res.Status == "" {
		res.Outcome = outcome
		if outcome != Works {
			res.Cause = e.cause(decided)
		}
		res.settleStatus(r.c, journalLines(entries))
	}
	if r.c.Integration.Own() && res.Status != Passed {
		res.Sentence = strings.Join(append([]string{res.Sentence}, e.astray()...), "; ")
	}
	res.Hops, res.unasked = e.hops(), len(entries) == 0
	res.Recording = e.recording(res.BrowserVersion)
	if res.Status != Passed || r.c.Photograph {
		r.photograph(ctx, res)
	}
}

// died is what there is to say where the portal or the proxy that the case was run with is gone. What was seen then, and what was not, says nothing.
func (r *run) died() error {
	if r.portal != nil && r.portal.Died() != nil {
		return r.portal.Died()
	}
	if r.proxy != nil && ended(r.proxy.Done()) {
		return fmt.Errorf("%s ended while the case ran", r.proxy.Name)
	}
	return nil
}

// unreached is what there is to say where one of the portal's hosts could not be reached where it is said to run; a portal that ran already has no
// process that could be seen to end.
func unreached(seen []network.Exchange) error {
	for _, x := range seen {
		why, upstream := strings.CutPrefix(x.Err, "upstream: ")
		if upstream && !x.Own && strings.Contains(why, "refused") { // and not given up by the browser
			return fmt.Errorf("%s runs at an address of this machine that takes no connection: %s", x.Host, why)
		}
	}
	return nil
}

// photograph keeps what the person saw. Without a browser to ask there is none.
func (r *run) photograph(ctx context.Context, res *Result) {
	if r.session == nil {
		return
	}
	docs, err := r.session.Documents(ctx)
	if err != nil {
		return
	}
	for _, d := range docs {
		res.Documents = append(res.Documents, fmt.Sprintf("%s: %s", redact.Address(d.URL), strings.Join(strings.Fields(redact.Text(d.Text)), " ")))
	}
	res.PNG, res.EarlierPNG = r.picture(ctx), r.earlier
}

// pictureLimit is how long a picture may take: a browser that does not draw must not use up the time of a case that it can do otherwise.
const pictureLimit = 10 * time.Second

// picture is what the person sees; nil where that cannot be had.
func (r *run) picture(ctx context.Context) []byte {
	ctx, cancel := context.WithTimeout(ctx, pictureLimit)
	defer cancel()
	png, _ := r.session.Screenshot(ctx)
	return png
}

// close ends everything that was the case's own. Not every engine says at the end of a session that its browser had died under it.
func (r *run) close(ctx context.Context) error {
	var err error
	if r.session != nil {
		if err = r.session.Close(); err == nil && !r.station.alive() {
			err = browsers.ErrCrashed
		}
	}
	if r.ledger != nil {
		err = errors.Join(err, r.ledger.End(ctx))
	}
	if r.portal != nil {
		err = errors.Join(err, r.station.portals.Return(r.portal))
	}
	return err
}

// statusOf is the status of a case whose steps ended with err. A check that found nothing is a failure, unless it was the end of the case, ctx's, that
// kept it from looking on.
func statusOf(ctx context.Context, err error) Status {
	step := (*browsers.StepError)(nil)
	if errors.As(err, &step) && step.Step.Checks() && ctx.Err() == nil && !errors.Is(err, browsers.ErrCrashed) {
		return Failed
	}
	return Error
}

// fail sets a status that is not a pass, with its sentence, in which a page or a step may tell a secret; the first one stands. An
// error has no outcome, even where one had been found before.
func (res *Result) fail(s Status, sentence string) {
	if res.Status != "" && res.Status != Passed {
		return
	}
	res.Status, res.Sentence = s, redact.Text(sentence)
	if s == Error {
		res.Outcome, res.Cause, res.Guided = "", nil, nil
	}
}

// settleStatus compares what came out with what was expected.
func (res *Result) settleStatus(c Case, lines []string) {
	switch want := c.Expect.Cause; {
	case res.Expected == WorksOrGuides && res.Outcome != Works && res.Guided == nil:
		res.fail(Failed, unguided(c.Integration.Guides))
	case res.Expected == WorksOrGuides && res.Outcome == WrongUser:
		res.fail(Failed, "the host was told what to do, but he is in somebody else's session")
	case res.Expected == WorksOrGuides:
		res.Status = Passed
	case res.Outcome != res.Expected:
		res.fail(Failed, fmt.Sprintf("expected %s, but the outcome is %s", res.Expected, res.Outcome))
	case c.Journal != nil && !slices.Equal(lines, c.Journal):
		res.fail(Failed, fmt.Sprintf("expected the site to see [%s], but it saw [%s]", strings.Join(c.Journal, ", "), strings.Join(lines, ", ")))
	case want != nil && !res.Cause.matches(*want):
		res.fail(Failed, fmt.Sprintf("expected as its cause %s, but found %s", &Cause{Cookie: want.Cookie, Hop: want.Hop, Reason: want.Reason}, res.Cause))
	default:
		res.Status = Passed
	}
}

// journalLines are the commands and their answers in order, pages left out.
func journalLines(entries []journal.Entry) []string {
	var lines []string
	for _, e := range entries {
		if e.Command != "" {
			lines = append(lines, strings.TrimSpace(strings.Join([]string{e.Command, string(e.Result), e.Reason}, " ")))
		}
	}
	return lines
}
