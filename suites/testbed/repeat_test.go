package testbed

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/fixtures"
)

func TestCombine(t *testing.T) {
	result := func(s Status, o Outcome, cause Reason) Result {
		r := Result{ID: "matrix/a", Status: s, Outcome: o, BrowserVersion: "Chromium 156.0.8078.79", Duration: time.Second}
		if cause != "" {
			r.Cause = &Cause{Cookie: "ticket", Reason: cause}
		}
		return r
	}
	passed := result(Passed, Works, "")
	denied := result(Failed, AccessDenied, fixtures.SameSite)
	denied.Duration = 3 * time.Second
	looped := result(Failed, LoginLoop, fixtures.SameSite)
	crashed := result(Error, "", "")
	crashed.Sentence = "the browser died"
	missing := Result{ID: "matrix/a", Status: Error, Sentence: "not run: interrupted"}
	cut := result(Error, "", "")
	cut.Sentence = "not run to its end: interrupted"
	known := result(Passed, AccessDenied, fixtures.SameSite)
	otherCause := result(Passed, AccessDenied, fixtures.IdleExpired)
	none := Result{ID: "matrix/a", Status: NotAvailable, Sentence: "WebKit has no such setting."}

	for name, c := range map[string]struct {
		runs     []Result
		status   Status
		outcome  Outcome
		sentence string
	}{
		"one run":           {[]Result{denied}, Failed, AccessDenied, ""},
		"all pass":          {[]Result{passed, passed, passed}, Passed, Works, ""},
		"all fail alike":    {[]Result{denied, denied}, Failed, AccessDenied, ""},
		"the second fails":  {[]Result{passed, denied, passed}, Flaky, AccessDenied, "2 of 3 runs passed, and they differ: 2 × passed, works; 1 × failed, access-denied, ticket, same-site"},
		"the first fails":   {[]Result{denied, passed}, Flaky, AccessDenied, "1 of 2 runs passed, and they differ: 1 × failed, access-denied, ticket, same-site; 1 × passed, works"},
		"one dies":          {[]Result{passed, crashed}, Flaky, "", "1 of 2 runs passed, and they differ: 1 × passed, works; 1 × error. the browser died"},
		"another cause":     {[]Result{known, otherCause}, Flaky, AccessDenied, "2 of 2 runs passed, and they differ: 1 × passed, access-denied, ticket, same-site; 1 × passed, access-denied, ticket, idle-expired"},
		"fails differently": {[]Result{denied, looped}, Failed, AccessDenied, "0 of 2 runs passed, and they differ: 1 × failed, access-denied, ticket, same-site; 1 × failed, login-loop, ticket, same-site"},
		"fails and dies":    {[]Result{denied, crashed}, Error, "", "0 of 2 runs passed, and they differ: 1 × failed, access-denied, ticket, same-site; 1 × error. the browser died"},
		"fails once":        {[]Result{none, denied}, Failed, AccessDenied, "0 of 2 runs passed, and they differ: 1 × not-available; 1 × failed, access-denied, ticket, same-site"},
		"was not run":       {[]Result{passed, missing}, Error, "", "not run: interrupted"},
		"was cut short":     {[]Result{passed, cut}, Error, "", "not run to its end: interrupted"},
		"not available":     {[]Result{none, none}, NotAvailable, "", "WebKit has no such setting."},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			res := Combine(c.runs)
			g.Expect(res.Status).To(Equal(c.status))
			g.Expect(res.Outcome).To(Equal(c.outcome))
			g.Expect(res.Sentence).To(Equal(c.sentence))
		})
	}
	g := NewWithT(t)
	res := Combine([]Result{passed, denied})
	g.Expect(res.Duration).To(Equal(3*time.Second), "of the slowest")
	g.Expect(res.Repetitions).To(Equal([]Repetition{
		{Status: Passed, Outcome: Works}, {Status: Failed, Outcome: AccessDenied, Cookie: "ticket", Reason: fixtures.SameSite},
	}))
	g.Expect(Combine([]Result{passed}).Repetitions).To(BeEmpty(), "a single run is compared with nothing")
}
