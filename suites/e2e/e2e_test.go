// Package e2e is the Ginkgo suite: every case of every suite is a spec.
package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/formatter"
	"github.com/onsi/ginkgo/v2/types"
	"github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/suites"
	"github.com/cookiegate/cookiegate/suites/report"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

func TestE2E(t *testing.T) {
	selection, err := suites.SelectionFromEnv()
	if err != nil {
		stop(err)
	}
	selection.Short = testing.Short()
	options, err := suites.OptionsFromEnv()
	if err != nil {
		stop(err)
	}
	cases, err := suites.Plan(selection)
	if err != nil {
		stop(err)
	}
	ctx, cancel := suites.Interrupted(context.Background())
	defer cancel()
	ctx, cancel = suites.WhileRead(ctx, os.Stdout)
	defer cancel()

	var run *suites.Run
	describe(cases, func() *suites.Run { return run })
	gomega.RegisterFailHandler(ginkgo.Fail)
	if options.Out != "" { // the table speaks, and Ginkgo's own output is left out
		formatter.ColorableStdOut = io.Discard
	}
	cases = focused(cases, ginkgo.PreviewSpecs("cookiegate"))
	if run, err = suites.Start(ctx, selection, cases, options); err != nil {
		stop(err)
	}
	passed := ginkgo.RunSpecs(t, "cookiegate")
	if !passed && ctx.Err() != nil {
		run.Stop(errors.New("interrupted"))
	}
	code, err := run.Finish(os.Stdout)
	if err != nil {
		stop(err)
	}
	if code != suites.ExitPassed {
		os.Exit(code)
	}
}

// describe makes a spec of every case.
func describe(cases []testbed.Case, run func() *suites.Run) {
	for _, c := range cases {
		ginkgo.It(c.ID, ginkgo.Label(c.Suite, string(c.Engine), c.Policy.Name), func(ctx ginkgo.SpecContext) {
			res, err := run().Await(ctx, c.ID)
			if errors.Is(err, suites.ErrOtherShard) {
				ginkgo.Skip(err.Error())
			}
			gomega.Expect(err).NotTo(gomega.HaveOccurred())
			switch {
			case run().Closes(res):
				ginkgo.Fail(report.Explain(res))
			case res.Status != testbed.Passed:
				ginkgo.Skip(report.Explain(res))
			}
		})
	}
}

// focused are the cases whose specs Ginkgo will run.
func focused(cases []testbed.Case, preview ginkgo.Report) []testbed.Case {
	wanted := map[string]bool{}
	for _, s := range preview.SpecReports {
		if s.State != types.SpecStateSkipped {
			wanted[s.LeafNodeText] = true
		}
	}
	var kept []testbed.Case
	for _, c := range cases {
		if wanted[c.ID] {
			kept = append(kept, c)
		}
	}
	return kept
}

// stop ends a run that cannot be made.
func stop(err error) {
	fmt.Fprintln(os.Stderr, "cookiegate: "+strings.TrimSpace(err.Error()))
	os.Exit(suites.ExitNoRun)
}
