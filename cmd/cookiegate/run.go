package main

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/spf13/cobra"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/suites"
)

func runCommand() *cobra.Command {
	var s suites.Selection
	var engines []string
	var focus, out string
	c := &cobra.Command{
		Use:   "run",
		Short: "Run the cases of all suites, or some of them, and print the matrix",
		Long: `Run the cases of all suites, or some of them, and print the matrix.

Exit status: 0 all as expected, 1 something differs, 2 the run could not be made.`,
		Example: `  cookiegate run
  cookiegate run --browsers firefox --policies block-third-party,per-site-allow
  cookiegate run --focus '^lifecycle/' --workers 1`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, e := range engines {
				s.Browsers = append(s.Browsers, browsers.Engine(e))
			}
			if focus != "" {
				re, err := regexp.Compile(focus)
				if err != nil {
					return fmt.Errorf("--focus: %w", err)
				}
				s.Focus = re
			}
			cases, err := suites.Plan(s)
			if err != nil {
				return err
			}
			code, err := suites.Start(cmd.Context(), cases, s.WorkerCount(), out).Finish(cmd.OutOrStdout())
			if err != nil {
				return err
			}
			if code != suites.ExitPassed {
				return exitError(code)
			}
			return nil
		},
	}
	f := c.Flags()
	f.StringSliceVar(&engines, "browsers", nil, "engines to drive, such as chromium,firefox (default all)")
	f.StringSliceVar(&s.Policies, "policies", nil, "cookie policies, by name (default all)")
	f.StringSliceVar(&s.Suites, "suites", nil, "suites, such as matrix,lifecycle (default all)")
	f.StringVar(&focus, "focus", "", "regular expression that the case's name must match")
	f.IntVar(&s.Workers, "workers", 0, "browsers side by side (default one per processor)")
	f.StringVar(&out, "out", "out", "folder for results.json, junit.xml and report.html")
	c.PreRunE = func(*cobra.Command, []string) error {
		if s.Workers < 0 {
			return errors.New("--workers: expected 1 or more")
		}
		return nil
	}
	return c
}
