package report

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/fixtures"
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
		known("status", r.Status, false, testbed.Passed, testbed.Failed, testbed.Error, testbed.NotAvailable, testbed.Flaky),
		known("expected", r.Expected, true, outcomes...),
		known("outcome", r.Outcome, true, outcomes...),
	} {
		if err != nil {
			return fmt.Errorf("%s: %w", r.ID, err)
		}
	}
	if r.Status == testbed.Passed && r.Outcome != r.Expected {
		return fmt.Errorf("%s: status is passed, and outcome is %q where %q is expected", r.ID, r.Outcome, r.Expected)
	}
	if r.Cause != nil {
		if err := known("cause.reason", r.Cause.Reason, false, reasons...); err != nil {
			return fmt.Errorf("%s: %w", r.ID, err)
		}
	}
	return nil
}

func known[T ~string](field string, value T, optional bool, values ...T) error {
	if value == "" && optional || slices.Contains(values, value) {
		return nil
	}
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = string(v)
	}
	return fmt.Errorf("%s is %q, expected one of %s", field, value, strings.Join(words, ", "))
}

var outcomes = []testbed.Outcome{
	testbed.Works, testbed.AccessDenied, testbed.LoginLoop, testbed.Stuck, testbed.WrongUser,
}

var reasons = append(fixtures.Reasons(), testbed.Unexplained)
