package fault

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cookiegate/cookiegate/internal/lazyregexp"
	"github.com/cookiegate/cookiegate/internal/wording"
	"github.com/cookiegate/cookiegate/simulator/urlapi"
)

// MaxDelay is the longest that an answer may be held back.
const MaxDelay = 10 * time.Minute

// maxReason is the length of the longest reason code.
const maxReason = 64

// Fault says which commands are answered otherwise, and how.
type Fault struct {
	ID int // given by Set.Add
	// Site, Page ("m.php") and Command (AT, "HM") say what it is for; an empty one, for all.
	Site, Page, Command string
	// Next is how many commands it is still for; it is gone after the last. Zero with a zero Share is 1.
	Next int
	// Share of the commands that it is for, more than 0 and at most 1: every fourth for 0.25. It stays until it is removed.
	Share float64
	// Hits is how many commands were answered with it.
	Hits int
	urlapi.Intervention

	seen int // commands that a share was counted over
}

// Invalid is a fault that cannot be. Field is as in the control API's JSON.
type Invalid struct{ Field, Problem, Expected string }

// Error names the field.
func (e *Invalid) Error() string {
	return fmt.Sprintf("%s: %s: expected %s", e.Field, e.Problem, e.Expected)
}

var reason = lazyregexp.New(`^[A-Za-z0-9_.-]+$`)

// Validate returns what is wrong with a fault, an *Invalid for each.
func (f *Fault) Validate() error {
	var errs []error
	check := func(ok bool, field, problem, expected string) {
		if !ok {
			errs = append(errs, &Invalid{field, problem, expected})
		}
	}
	pages := urlapi.Pages()
	check(f.Page == "" || slices.Contains(pages, f.Page), "page", fmt.Sprintf("%q takes no commands", f.Page), wording.OneOf(pages))
	check(f.Next >= 0, "next", "is negative", "how many commands, 1 or more")
	check(f.Share >= 0 && f.Share <= 1, "share", fmt.Sprintf("%v is no share", f.Share), "more than 0 and at most 1")
	check(f.Next == 0 || f.Share == 0, "share", "next is there too", "one of next and share")
	check(f.Delay >= 0 && f.Delay <= MaxDelay, "delay", fmt.Sprintf("%v is too long or negative", f.Delay), fmt.Sprintf("at most %v", MaxDelay))
	check(f.Status == 0 || f.Status >= 200 && f.Status <= 599, "status", fmt.Sprintf("%d is no HTTP status of an answer", f.Status), "200 to 599")
	check(f.Reason == "" || len(f.Reason) <= maxReason && reason.MatchString(f.Reason), "reason", fmt.Sprintf("%q is no reason code", f.Reason), "a word such as AccessDenied")
	check(f.Ticket == "" || f.Ticket == urlapi.DropTicket || f.Ticket == urlapi.RotateTicket, "ticket", fmt.Sprintf("unknown fault %q", f.Ticket),
		fmt.Sprintf("%q or %q", urlapi.DropTicket, urlapi.RotateTicket))

	instead := 0
	for _, is := range []bool{f.Reason != "", f.Status != 0, f.Cut} {
		if is {
			instead++
		}
	}
	cookies := f.Ticket != ""
	for _, attributes := range f.Cookies {
		cookies = cookies || len(attributes) > 0
	}
	check(instead <= 1, "reason, status, cut", "more than one of them is there", "one of them")
	check(!cookies || f.Status == 0 && !f.Cut, "ticket, cookies", "an answer by status or cut sets no cookies", "them alone, or with a reason or a delay")
	check(instead > 0 || cookies || f.Delay > 0, "reason", "the fault does nothing", "one of reason, status, cut, delay, cookies, ticket")
	return errors.Join(errs...)
}

// clone is a copy that shares nothing with f.
func (f *Fault) clone() *Fault {
	c := *f
	c.Intervention = f.Intervention.Clone()
	return &c
}

// isFor says whether a fault is for a command.
func (f *Fault) isFor(a urlapi.Attempt) bool {
	return (f.Site == "" || f.Site == a.Site) && (f.Page == "" || f.Page == a.Page) && (f.Command == "" || f.Command == a.Command)
}

// hits counts a command that the fault is for, and says whether it hits it.
func (f *Fault) hits() bool {
	if f.Share > 0 {
		before := f.due()
		f.seen++
		if f.due() == before {
			return false
		}
	}
	f.Hits++
	return true
}

// due is how many of the commands seen a share hits.
func (f *Fault) due() int {
	const rounding = 1e-9 // or 0.29 of a hundred commands would be 28
	return int(float64(f.seen)*f.Share + rounding)
}

var _ error = (*Invalid)(nil)
