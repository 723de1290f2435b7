package repro

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites"
	"github.com/cookiegate/cookiegate/suites/predict"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// most is how many causes of a search are run.
const most = 3

// Options say how a complaint is reproduced.
type Options struct {
	Workers int // browsers side by side, at least 1
	// Search also runs the best case of the next likeliest causes, and takes the first that comes to what was complained about.
	Search bool
	// Trace has the browser's own trace recorded, for the bundle.
	Trace bool
}

// Reproduce runs the case that fits a complaint best in a real browser, and with every remedy; progress goes to stderr. The error says why nothing
// could be run.
func (c *Complaint) Reproduce(ctx context.Context, o Options) (*Answer, error) {
	groups, q, k, err := c.likeliest()
	if err != nil {
		return nil, err
	}
	tries := []Candidate{k}
	var possible []Possible
	if o.Search && c.Outcome != fixtures.Works {
		if possible, tries, err = c.tries(ctx, groups, o.Workers); err != nil {
			return nil, err
		}
	}
	a := c.answer(groups, tries[0])
	if a.Question = q; possible != nil {
		a.Causes = possible
	}
	if err := a.run(ctx, c, tries[0], o); err != nil {
		return nil, err
	}
	for i := range a.Causes {
		if p := &a.Causes[i]; p.Candidate == tries[0].String() && !p.Ran {
			p.Ran, p.Reproduced, p.Outcome = true, a.Reproduced, string(a.Outcome)
		}
	}
	return a, nil
}

// tries runs the best case of each of the likeliest causes, and puts those first that come to what was complained about.
func (c *Complaint) tries(ctx context.Context, groups []Group, workers int) ([]Possible, []Candidate, error) {
	var cases []testbed.Case
	var chosen []Candidate
	var possible []Possible
	for _, g := range groups {
		p := Possible{Cause: g.Cause, Share: g.Share, Candidate: g.Candidates[0].String()}
		if g.Cause != nil && len(chosen) < most {
			one := *g.Candidates[0]
			one.Case.Expect.Outcome = one.Prediction.Outcome
			chosen, cases, p.Ran = append(chosen, one), append(cases, one.Case), true
		}
		if possible = append(possible, p); len(possible) == 2*most {
			break
		}
	}
	if len(cases) == 0 {
		return nil, nil, errors.New("everything that this can mean works, by the policy model; ask the customer for more")
	}
	results, err := suites.Results(ctx, cases, workers)
	if err != nil {
		return nil, nil, err
	}
	var first, rest []Candidate
	for i := range possible {
		p := &possible[i]
		if !p.Ran {
			continue
		}
		k := chosen[len(first)+len(rest)]
		res := results[k.Case.ID]
		p.Outcome = string(res.Outcome)
		if res.Outcome == "" {
			p.Outcome = res.Sentence
		}
		if p.Reproduced = !k.contradicted() && c.alike(res.Outcome, causeOf(res)); p.Reproduced {
			first = append(first, k)
		} else {
			rest = append(rest, k)
		}
	}
	return possible, append(first, rest...), nil
}

// causeOf is why a run came to its outcome; nil: that is not known.
func causeOf(res testbed.Result) *fixtures.Cause {
	if res.Cause == nil {
		return nil
	}
	return &fixtures.Cause{Cookie: res.Cause.Cookie, Hop: res.Cause.Hop, Reason: res.Cause.Reason}
}

// run runs a candidate and its remedies, and completes the answer.
func (a *Answer) run(ctx context.Context, c *Complaint, k Candidate, o Options) error {
	base := k.Case
	base.Expect.Outcome, base.Photograph = k.Prediction.Outcome, true
	if o.Trace {
		dir, err := os.MkdirTemp("", "cookiegate-trace-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		base.Trace = filepath.Join(dir, "trace.zip")
	}
	told, err := c.remedies(base)
	if err != nil {
		return err
	}
	cases := []testbed.Case{base}
	tried := map[string]int{}
	for i, r := range told {
		a.Remedies = append(a.Remedies, Tried{Remedy: r})
		cured, err := c.apply(r.ID, base)
		if err != nil {
			a.Remedies[i].Mark, a.Remedies[i].Sentence = markOf(err), err.Error()
			continue
		}
		cured.Photograph, cured.Trace, cured.Expect = false, "", testbed.Case{}.Expect
		cured.Expect.Outcome = predict.Case(cured, "").Outcome
		tried[cured.ID] = i
		cases = append(cases, cured)
	}
	results, err := suites.Results(ctx, cases, o.Workers)
	if err != nil {
		return err
	}
	a.result = results[base.ID]
	if a.result.Trace != "" {
		if a.trace, err = os.ReadFile(base.Trace); err != nil {
			return err
		}
	}
	if a.result.Outcome == "" {
		return fmt.Errorf("%s could not be run: %s", k, a.result.Sentence)
	}
	a.tell(c, k, a.result)
	for id, i := range tried {
		t, res := &a.Remedies[i], results[id]
		switch {
		case res.Status == testbed.NotAvailable:
			t.Mark, t.Sentence = NotAvailable, res.Sentence
		case res.Outcome == "":
			t.Mark, t.Sentence = NotTried, res.Sentence
		case a.Cause == nil:
			t.Mark = NothingToProve
		case res.Outcome == testbed.Works:
			t.Mark = Proven
		default:
			t.Mark, t.Sentence = DoesNotHelp, a.unhelped(res)
		}
	}
	sortTried(a.Remedies)
	return nil
}

// unhelped says what came out under a remedy that does not help.
func (a *Answer) unhelped(res testbed.Result) string {
	if c := res.Cause; c != nil && c.Cookie == a.Cause.Cookie && c.Hop == a.Cause.Hop && c.Reason == a.Cause.Reason {
		return fmt.Sprintf("%s, for the same reason: %s.", res.Outcome, c.Reason)
	}
	return fmt.Sprintf("%s: %s.", res.Outcome, res.Cause)
}

// tell takes over what came out.
func (a *Answer) tell(c *Complaint, k Candidate, res testbed.Result) {
	a.Outcome, a.BrowserVersion, a.Hops, a.Settings = res.Outcome, res.BrowserVersion, res.Hops, res.Settings
	a.Reproduced = !a.Contradicted && c.alike(res.Outcome, causeOf(res))
	if res.Outcome == testbed.Works || res.Cause == nil {
		return
	}
	a.Cause = &Cause{Cookie: res.Cause.Cookie, Hop: res.Cause.Hop, LostAt: res.Cause.LostAt, Reason: res.Cause.Reason}
	if w := res.Cause.Witness; w == testbed.ByModel || w == testbed.ByRules {
		a.Cause.Rule = res.Cause.Detail + "."
	} else {
		a.Cause.Detail = res.Cause.Detail
		if p := k.Prediction.Cause; p != nil && p.Reason == a.Cause.Reason {
			a.Cause.Rule = k.Prediction.Sentence
		}
	}
	asked, changed := false, false
	for _, h := range res.Hops {
		asked, changed = asked || h.Command != "", changed || len(h.Filters) > 0
	}
	a.Not = c.not(a, k, asked, changed)
}
