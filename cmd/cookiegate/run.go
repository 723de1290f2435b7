package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/suites"
	"github.com/cookiegate/cookiegate/suites/shard"
)

func runCommand() *cobra.Command {
	var s suites.Selection
	var o suites.Options
	var engines []string
	var focus, part string
	c := &cobra.Command{
		Use:   "run [INTEGRATION.yaml ...]",
		Short: "Run the cases of all suites, or the matrix of your own integrations, and print it",
		Long: `Run the cases of all suites, or some of them, and print the matrix. With files, the matrix of the integrations described there
(docs/integrations.md) and of nothing else: their portals are started, driven and ended.

Exit status: 0 all as expected, 1 something differs, 2 the run could not be made. What may differ all the same is said by a baseline, see
cookiegate accept. The cases of a browser and policy run in a random order; --seed repeats one. docs/ci.md tells about shards.`,
		Example: `  cookiegate run
  cookiegate run --browsers firefox --policies block-third-party,per-site-allow
  cookiegate run --focus '^lifecycle/' --workers 1
  cookiegate run --repeat 5 --fail-on-flaky --focus matrix/popup
  cookiegate run --baseline baseline.yaml --strict --shard 2/5
  cookiegate run integration.yaml`,
		RunE: func(cmd *cobra.Command, files []string) error {
			s.Integrations = files
			for _, e := range engines {
				s.Browsers = append(s.Browsers, browsers.Engine(e))
			}
			if focus != "" {
				re, err := suites.FocusOn(focus)
				if err != nil {
					return fmt.Errorf("--focus: %w", err)
				}
				s.Focus = re
			}
			cases, err := suites.Plan(s)
			if err != nil {
				return err
			}
			if o.Shard, err = shardOf(part); err != nil {
				return err
			}
			o.OnGitHub(os.Getenv)
			ctx, cancel := suites.WhileRead(cmd.Context(), os.Stdout)
			defer cancel()
			run, err := suites.Start(ctx, s, cases, o)
			if err != nil {
				return err
			}
			return ended(run.Finish(cmd.OutOrStdout()))
		},
	}
	f := c.Flags()
	f.StringSliceVar(&engines, "browsers", nil, "engines to drive, such as chromium,firefox (default all)")
	f.StringSliceVar(&s.Policies, "policies", nil, "cookie policies, by name; with integrations of your own, any there are (default all)")
	f.StringSliceVar(&s.Suites, "suites", nil, "suites, such as matrix,lifecycle (default all)")
	f.StringVar(&focus, "focus", "", "regular expression that the case's name must match; the whole name of a case means that case alone")
	f.IntVar(&o.Workers, "workers", 0, "browsers side by side, at most (default one per processor)")
	f.Int64Var(&o.Seed, "seed", 0, "the order of the cases within a browser and policy (default a new one, which is printed)")
	f.IntVar(&o.Repeat, "repeat", 1, "how often every case is run; one that differs is flaky")
	f.BoolVar(&o.FailOnFlaky, "fail-on-flaky", false, "exit with 1 where a case is flaky")
	f.StringVar(&o.Baseline, "baseline", "", "file that says which cases are known to fail, as cookiegate accept writes it")
	f.BoolVar(&o.Strict, "strict", false, "exit with 1 where a case of the baseline works, or is no case any more")
	f.BoolVar(&o.Pictures, "pictures", false, "keep screenshots of every case, before its last step and at its end (default at the end of those that did not pass)")
	f.BoolVar(&o.Traces, "traces", false, "keep Playwright's trace of every case, a film of it, where the engine writes one")
	f.StringVar(&part, "shard", "", "part of the cases to run, such as 2/5 (default what "+shard.Variable+", GitLab or Kubernetes set)")
	publicationFlags(f, &o.Publication)
	c.PreRunE = func(*cobra.Command, []string) error { return positive(f, "workers", "seed", "repeat") }
	return c
}
