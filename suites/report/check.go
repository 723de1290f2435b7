package report

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/internal/wording"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// check says what is wrong with a case, and notes its identifier in seen.
func check(r testbed.Result, seen map[string]bool) error {
	switch {
	case r.ID == "":
		return errors.New("id is missing, expected the case's identifier")
	case seen[r.ID]:
		return fmt.Errorf("id %q stands twice", r.ID)
	case r.Suite == "":
		return fmt.Errorf("%s: suite is missing, expected a name such as %q", r.ID, matrixSuite)
	}
	seen[r.ID] = true
	for _, err := range []error{
		known("status", r.Status, false, statuses...),
		known("expected", r.Expected, true, append([]testbed.Outcome{testbed.WorksOrGuides}, outcomes...)...),
		known("outcome", r.Outcome, true, outcomes...),
	} {
		if err != nil {
			return fmt.Errorf("%s: %w", r.ID, err)
		}
	}
	if r.Status == testbed.Passed && r.Expected == "" && r.Outcome == "" {
		return fmt.Errorf("%s: status is passed, and there is no outcome", r.ID)
	}
	if r.Status == testbed.Passed && r.Expected == testbed.WorksOrGuides && r.Outcome != testbed.Works && r.Guided == nil {
		return fmt.Errorf("%s: status is passed, and outcome is %q without a word of the portal's where %q is expected", r.ID, r.Outcome, r.Expected)
	}
	if r.Status == testbed.Passed && r.Expected != testbed.WorksOrGuides && r.Outcome != r.Expected {
		return fmt.Errorf("%s: status is passed, and outcome is %q where %q is expected", r.ID, r.Outcome, r.Expected)
	}
	if r.Known != nil {
		if err := errors.Join(known("known.state", r.Known.State, false, knownStates...), known("known.outcome", r.Known.Outcome, true, outcomes...)); err != nil {
			return fmt.Errorf("%s: %w", r.ID, err)
		}
		if r.Known.State == testbed.NewlyWorking && r.Status != testbed.Passed || r.Known.State != testbed.NewlyWorking && r.Status != testbed.Failed {
			return fmt.Errorf("%s: known.state is %q, and status is %q", r.ID, r.Known.State, r.Status)
		}
		if closes := r.Known.State != testbed.KnownFailing; r.Known.State != testbed.NewlyWorking && r.Known.Red != closes {
			return fmt.Errorf("%s: known.state is %q, and known.red is %v, expected %v", r.ID, r.Known.State, r.Known.Red, closes)
		}
	}
	for _, p := range r.Repetitions {
		for _, err := range []error{
			known("repetitions.status", p.Status, false, statuses...),
			known("repetitions.outcome", p.Outcome, true, outcomes...),
			known("repetitions.reason", p.Reason, true, reasons...),
		} {
			if err != nil {
				return fmt.Errorf("%s: %w", r.ID, err)
			}
		}
	}
	if r.Cause != nil {
		if err := errors.Join(known("cause.reason", r.Cause.Reason, false, reasons...), known("cause.witness", r.Cause.Witness, true, witnesses...)); err != nil {
			return fmt.Errorf("%s: %w", r.ID, err)
		}
	}
	return nil
}

func known[T ~string](field string, value T, optional bool, values ...T) error {
	if value == "" && optional || slices.Contains(values, value) {
		return nil
	}
	return fmt.Errorf("%s is %q, expected %s", field, value, wording.OneOf(values))
}

var statuses = []testbed.Status{testbed.Passed, testbed.Failed, testbed.Error, testbed.NotAvailable, testbed.Flaky}

var knownStates = []testbed.KnownState{testbed.KnownFailing, testbed.FailsOtherwise, testbed.NewlyWorking, testbed.Expired}

var outcomes = []testbed.Outcome{
	testbed.Works, testbed.AccessDenied, testbed.LoginLoop, testbed.Stuck, testbed.WrongUser,
}

var witnesses = []testbed.Witness{testbed.ByBrowser, testbed.ByRules, testbed.BySite, testbed.ByNetwork, testbed.ByModel}

var reasons = append(fixtures.Reasons(), testbed.Unexplained)
