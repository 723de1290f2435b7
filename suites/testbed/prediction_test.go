package testbed_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

func TestAnotherOutcomeOrReasonThanPredictedIsSurprising(t *testing.T) {
	denied := testbed.Prediction{Outcome: testbed.AccessDenied, Reason: fixtures.SameSite}
	for name, c := range map[string]struct {
		result testbed.Result
		want   bool
	}{
		"as predicted":    {testbed.Result{Predicted: &denied, Outcome: testbed.AccessDenied, Cause: &testbed.Cause{Reason: fixtures.SameSite}}, false},
		"another outcome": {testbed.Result{Predicted: &denied, Outcome: testbed.Works}, true},
		"another reason":  {testbed.Result{Predicted: &denied, Outcome: testbed.AccessDenied, Cause: &testbed.Cause{Reason: fixtures.AllBlocked}}, true},
		"no cause found":  {testbed.Result{Predicted: &denied, Outcome: testbed.AccessDenied}, true},
		"no outcome":      {testbed.Result{Predicted: &denied, Status: testbed.Error}, false},
		"no prediction":   {testbed.Result{Outcome: testbed.Works}, false},
	} {
		t.Run(name, func(t *testing.T) { NewWithT(t).Expect(c.result.Surprising()).To(Equal(c.want)) })
	}
}
