package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/suites/testbed"
)

// group is cases that went wrong in the same way.
type group struct {
	Title   string
	Status  testbed.Status
	Results []testbed.Result // at least one
}

// groups gathers the cases that somebody must look at by what went wrong: failures before errors before flaky ones before those that were
// stopped, and the most frequent first.
func groups(results []testbed.Result) []group {
	var all []group
	byTitle := map[string]int{}
	for _, r := range results {
		if !differs(r) {
			continue
		}
		title := problem(r)
		key := string(r.Status) + "\x00" + digitsAway(title)
		at, ok := byTitle[key]
		if !ok {
			at = len(all)
			byTitle[key] = at
			all = append(all, group{Title: title, Status: r.Status})
		}
		all[at].Results = append(all[at].Results, r)
	}
	slices.SortStableFunc(all, func(a, b group) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(len(b.Results), len(a.Results)))
	})
	return all
}

func (g group) rank() int {
	switch {
	case g.stopped():
		return 3
	case g.Status == testbed.Failed:
		return 0
	case g.Status == testbed.Flaky:
		return 2
	default:
		return 1
	}
}

// stopped says that the cases were kept from their end by the end of the run.
func (g group) stopped() bool { return g.Results[0].Stopped() }

// problem says in a line why a case is to be looked at.
func problem(r testbed.Result) string {
	if r.Known == nil {
		return Wrong(r)
	}
	switch r.Known.State {
	case testbed.NewlyWorking:
		return "works, and the baseline records that it fails"
	case testbed.Expired:
		return "known only until " + r.Known.Until + ": " + Wrong(r)
	case testbed.FailsOtherwise:
		return "known to fail otherwise: " + Wrong(r)
	}
	return Wrong(r)
}

// Wrong says in a line what went wrong with a case, without what is its own alone.
func Wrong(r testbed.Result) string {
	switch r.Status {
	case testbed.Error:
		return "error: " + firstSentence(r.Sentence)
	case testbed.Flaky:
		return "flaky: two runs of the case differed"
	case testbed.Passed, testbed.NotAvailable:
		return ""
	}
	what := fmt.Sprintf("%s, expected %s", orNone(r.Outcome), orNone(r.Expected))
	if r.Outcome == r.Expected {
		what = fmt.Sprintf("%s as expected, for another reason", orNone(r.Outcome))
	}
	if r.Cause != nil {
		what += "; " + reason(*r.Cause)
	}
	return what
}

// reason is a cause in a few words. It does not say "lost": where a session had ended, the cookie came.
func reason(c testbed.Cause) string {
	return joined(": ", c.Cookie, string(c.Reason))
}

func orNone(o testbed.Outcome) string {
	if o == "" {
		return "no outcome"
	}
	return string(o)
}

func firstSentence(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		return "no reason was recorded"
	}
	if first, _, more := strings.Cut(text, ". "); more {
		return first + "."
	}
	return text
}

// digitsAway makes texts equal that differ in port numbers, times and the like.
func digitsAway(text string) string {
	var b strings.Builder
	inNumber := false
	for _, c := range text {
		isDigit := '0' <= c && c <= '9'
		switch {
		case isDigit && !inNumber:
			b.WriteByte('#')
		case !isDigit:
			b.WriteRune(c)
		}
		inNumber = isDigit
	}
	return b.String()
}

// byReason are cases of which the same is said.
type byReason struct {
	Text    string
	Results []testbed.Result // at least one
}

// grouped lists each text once, in the order of the first case of which it is said; of cases with an empty text nothing is.
func grouped(results []testbed.Result, text func(testbed.Result) string) []byReason {
	var all []byReason
	for _, r := range results {
		t := text(r)
		if t == "" {
			continue
		}
		at := slices.IndexFunc(all, func(b byReason) bool { return b.Text == t })
		if at < 0 {
			at = len(all)
			all = append(all, byReason{Text: t})
		}
		all[at].Results = append(all[at].Results, r)
	}
	return all
}

// unavailables are the cases that are not available, by the sentence that says why.
func unavailables(results []testbed.Result) []byReason {
	return grouped(results, func(r testbed.Result) string {
		if r.Status != testbed.NotAvailable {
			return ""
		}
		return cmp.Or(r.Sentence, "No reason was recorded.")
	})
}

// Where names the cells: the browsers and policies, as they stand over the columns, and how many there are.
func (b byReason) Where() string {
	var places []string
	for _, r := range b.Results {
		place := strings.TrimSpace(string(r.Browser) + " " + r.Policy)
		if !slices.Contains(places, place) {
			places = append(places, place)
		}
	}
	slices.Sort(places)
	return strings.Join(places, ", ") + " (" + plural(len(b.Results), "cell") + ")"
}
