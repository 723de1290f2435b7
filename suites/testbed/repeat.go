package testbed

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Repetition is what came out of one of several runs of a case. Runs whose repetitions are equal came out the same.
type Repetition struct {
	Status  Status  `json:"status"`
	Outcome Outcome `json:"outcome,omitempty"`
	Cookie  string  `json:"cookie,omitempty"` // of the cause
	Reason  Reason  `json:"reason,omitempty"` // of the cause
}

// repetition is what is compared between two runs of a case: texts and times differ from run to run.
func (r Result) repetition() Repetition {
	p := Repetition{Status: r.Status, Outcome: r.Outcome}
	if r.Cause != nil {
		p.Cookie, p.Reason = r.Cause.Cookie, r.Cause.Reason
	}
	return p
}

func (p Repetition) String() string {
	words := []string{string(p.Status)}
	for _, w := range []string{string(p.Outcome), p.Cookie, string(p.Reason)} {
		if w != "" {
			words = append(words, w)
		}
	}
	return strings.Join(words, ", ")
}

// Combine makes one result of all runs of a case, at least one. Runs that came out the same give the first of them. Where they differ, the
// result shows the first that did not pass and is Flaky; where none passed it is no less a failure, and stays one: an error before a failure, which
// a baseline may know, and either before a run that was not available. Its duration is that of the slowest run.
func Combine(runs []Result) Result {
	res := runs[0]
	if len(runs) == 1 {
		return res
	}
	// A run that was not made (nothing was started), or not to its end (somebody interrupted), says nothing about the case.
	if at := slices.IndexFunc(runs, func(r Result) bool { return r.Stopped() || r.Status == Error && r.BrowserVersion == "" }); at >= 0 {
		return runs[at]
	}
	var all []Repetition
	passed, differ, slowest := 0, false, res.Duration
	for _, r := range runs {
		p := r.repetition()
		differ = differ || len(all) > 0 && p != all[0]
		all = append(all, p)
		slowest = max(slowest, r.Duration)
		if r.Status == Passed {
			passed++
		}
	}
	if differ {
		if at := slices.IndexFunc(runs, func(r Result) bool { return r.Status != Passed }); at >= 0 {
			res = runs[at]
		}
		if passed == 0 {
			res = slices.MaxFunc(runs, func(a, b Result) int { return cmp.Compare(weight[a.Status], weight[b.Status]) })
		}
		said := fmt.Sprintf("%d of %d runs passed, and they differ: %s", passed, len(runs), tally(all))
		if res.Sentence != "" {
			said += ". " + res.Sentence
		}
		res.Sentence = said
		if passed > 0 {
			res.Status = Flaky
		}
	}
	res.Repetitions, res.Duration = all, slowest
	return res
}

// weight is how much a status says against a case none of whose runs passed.
var weight = map[Status]int{Error: 2, Failed: 1}

// tally says what came out how often: "2 × passed, works; 1 × failed, access-denied, ticket, third-party-blocked".
func tally(all []Repetition) string {
	var texts []string
	for i, p := range all {
		if slices.Contains(all[:i], p) {
			continue
		}
		n := 0
		for _, o := range all {
			if o == p {
				n++
			}
		}
		texts = append(texts, fmt.Sprintf("%d × %s", n, p))
	}
	return strings.Join(texts, "; ")
}
