package repro

import (
	"math"
	"slices"

	"github.com/cookiegate/cookiegate/suites/intake"
	"github.com/cookiegate/cookiegate/suites/predict"
)

// follows compares the commands of a recording with those predicted, one by one.
func (e evidence) follows(hops []predict.Hop) float64 {
	accepted := func(h predict.Hop) bool { return needsSession(h.Command) && h.Answer == "SUCCESS" }
	hops = byBrowser(hops)
	alive := slices.ContainsFunc(hops, accepted)
	hops = story(hops, func(h predict.Hop) (string, string) { return h.Command, h.Answer })
	if e.late {
		hops = hops[max(0, slices.IndexFunc(hops, func(h predict.Hop) bool { return needsSession(h.Command) })):]
	}
	s := -against * math.Abs(float64(len(hops)-len(e.calls)))
	if (e.open || e.stopped) && len(hops) > len(e.calls) {
		s = 0 // what is missing was not recorded
	}
	if e.alive && !alive {
		s -= against // the story leaves it out
	}
	for i, o := range e.calls[:min(len(hops), len(e.calls))] {
		h := hops[i]
		switch {
		case o.AT == "" || o.AT == h.Command:
		case needsSession(o.AT) && needsSession(h.Command):
			s -= detail
		default:
			s -= against
		}
		if o.failed || o.Answer.ST != "" && o.Answer.String() != h.Answer {
			s -= against
		}
		if o.Where != intake.Unknown && string(o.Where) != h.Where {
			s -= against
		}
		switch {
		case o.method == h.Method:
		case h.Command == "LI" && h.Answer == "FAIL AccessDenied":
			s -= against // that is what the refused login's method is about
		default:
			s -= doubt
		}
		if e.cookies && o.sent != h.Sent {
			s -= against
		}
		if e.cookies && h.Command == "LI" && h.Answer == "SUCCESS" && o.offered != h.Offered {
			s -= against
		}
	}
	if len(hops) > 0 && halts(hops) != e.halted && !e.open {
		s -= doubt
	}
	return s
}

// halts says whether the browser does not go where the last answer sends it.
func halts(hops []predict.Hop) bool { return len(hops) > 0 && hops[len(hops)-1].Halted }

// byBrowser are the commands that a browser sends itself.
func byBrowser(hops []predict.Hop) []predict.Hop {
	return slices.DeleteFunc(slices.Clone(hops), func(h predict.Hop) bool { return h.Where == "server" })
}

func needsSession(at string) bool { return intake.Call{Page: "m.php", AT: at}.NeedsSession() }

// story leaves out of commands and their answers what portals differ in though the same happens to them: an accepted command that needs the session,
// where another such follows, and the rounds of a loop after the first.
func story[T any](list []T, of func(T) (at, answer string)) []T {
	var kept []T
	for i, one := range list {
		at, answer := of(one)
		if i+1 < len(list) && answer == "SUCCESS" && needsSession(at) {
			if next, _ := of(list[i+1]); needsSession(next) {
				continue
			}
		}
		kept = append(kept, one)
		for _, round := range []int{1, 2} {
			n := len(kept)
			if n >= 2*round && slices.EqualFunc(kept[n-round:], kept[n-2*round:n-round], func(a, b T) bool {
				aAT, aAnswer := of(a)
				bAT, bAnswer := of(b)
				return aAT == bAT && aAnswer == bAnswer && aAnswer != "?"
			}) {
				kept = kept[:n-round]
			}
		}
	}
	return kept
}
