package baseline

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/internal/lazyregexp"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// until is when an entry ends: after a day, or with a version of an engine.
type until struct {
	day     time.Time // its last
	engine  browsers.Engine
	version []int // the first that must work
}

var engineVersion = lazyregexp.New(`^(chromium|firefox|webkit) (\d{1,9}(?:\.\d{1,9})*)$`)

// parseUntil reads "2027-01-31" and "chromium 160".
func parseUntil(text string) (until, error) {
	if m := engineVersion.FindStringSubmatch(text); m != nil {
		return until{engine: browsers.Engine(m[1]), version: numbers(m[2])}, nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return until{}, fmt.Errorf(`%q is no end; expected the last day, such as 2027-01-31, or the version of the engine that ends it, such as "chromium 160"`, text)
	}
	return until{day: day}, nil
}

// over says whether the end has come for a result that came out at that time. Another engine's version ends nothing.
func (u until) over(r testbed.Result, at time.Time) bool {
	if u.engine == "" {
		return !at.UTC().Before(u.day.AddDate(0, 0, 1))
	}
	version := r.BrowserVersion[strings.LastIndex(r.BrowserVersion, " ")+1:]
	return r.Browser == u.engine && !less(numbers(version), u.version)
}

// numbers are the parts of a version; what is no number, such as a letter at its end, is left out.
func numbers(version string) []int {
	var all []int
	for part := range strings.SplitSeq(version, ".") {
		end := strings.IndexFunc(part, func(c rune) bool { return c < '0' || c > '9' })
		if end >= 0 {
			part = part[:end]
		}
		n, err := strconv.Atoi(part)
		if err != nil {
			break
		}
		all = append(all, n)
	}
	return all
}

// less compares versions part by part: 160 is 160.0, and less than 160.0.1.
func less(a, b []int) bool {
	for i := range max(len(a), len(b)) {
		if c := cmp.Compare(at(a, i), at(b, i)); c != 0 {
			return c < 0
		}
	}
	return false
}

func at(parts []int, i int) int {
	if i < len(parts) {
		return parts[i]
	}
	return 0
}
