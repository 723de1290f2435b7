package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/cookiegate/cookiegate/suites/baseline"
	"github.com/cookiegate/cookiegate/suites/report"
	"github.com/cookiegate/cookiegate/suites/shard"
)

func acceptCommand() *cobra.Command {
	var terms baseline.Terms
	var results, file string
	var prune bool
	c := &cobra.Command{
		Use:   "accept",
		Short: "Record the failures of a run as known, so that they close no gate",
		Long: `Record the failures of a run as known, so that they close no gate: cookiegate run --baseline reads what this writes.

Cells that failed are added with the reason, link and end given here; cells that fail as recorded keep theirs; cells that work are taken
out. An error or a flaky case is never accepted: nothing is known of it. docs/accept.md tells more.`,
		Example: `  cookiegate accept --reason 'Chromium reads the exception after a restart' --link https://issues.example/123
  cookiegate accept --results out/results.json --baseline ci/baseline.yaml --until 2027-01-31
  cookiegate accept --until 'chromium 160' --prune`,
		Args: noArguments("--results"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := terms.Check(); err != nil {
				return fmt.Errorf("--%w", err)
			}
			run, err := report.ReadJSON(results)
			if err != nil {
				return fmt.Errorf("--results: %w; expected the results of a run, as cookiegate run writes them", err)
			}
			if s, err := shard.Parse(run.Shard); prune && err == nil && s.Total > 1 {
				return fmt.Errorf("--prune: %s has the cases of shard %s alone; expected those of the whole run, as cookiegate merge writes them", results, run.Shard)
			}
			old, err := baseline.Load(file)
			switch {
			case errors.Is(err, os.ErrNotExist):
				old = &baseline.Baseline{}
			case err != nil:
				return baselineRefused(err)
			}
			next, changes := old.Accept(run, terms, prune)
			if err := next.Check(); err != nil {
				return fmt.Errorf("--%w", err) // the cells that were there could be read: it is the new terms
			}
			if over := next.Over(run, slices.Concat(changes.Added, changes.Changed), time.Now()); len(over) > 0 {
				return fmt.Errorf("--until: %q has come already, for %s at least; expected an end that is still to come", terms.Until, over[0])
			}
			if err := next.Write(file); err != nil {
				return baselineRefused(err)
			}
			return tellChanges(cmd.OutOrStdout(), file, len(next.Cells), changes)
		},
	}
	f := c.Flags()
	f.StringVar(&results, "results", "out/results.json", "results of the run")
	f.StringVar(&file, "baseline", "baseline.yaml", "file to write; what it holds already is kept")
	f.StringVar(&terms.Reason, "reason", "", "why the new cells fail (default what went wrong)")
	f.StringVar(&terms.Link, "link", "", "address where more is said of the new cells")
	f.StringVar(&terms.Until, "until", "", "last day on which the new cells may fail, such as 2027-01-31, or the version of their engine that ends it, such as 'chromium 160'")
	f.BoolVar(&prune, "prune", false, "take out cells that are not in the results")
	return c
}

// baselineRefused names the flag where the system refused a file, which is no mistake in it.
func baselineRefused(err error) error {
	if refused := (*fs.PathError)(nil); errors.As(err, &refused) {
		return fmt.Errorf("--baseline: %w; expected a file that can be read and written", err)
	}
	return err
}

// tellChanges lists what became of the baseline, a line for each cell that changed.
func tellChanges(w io.Writer, file string, cells int, changes baseline.Changes) error {
	for _, list := range []struct {
		mark string
		ids  []string
	}{{"+", changes.Added}, {"*", changes.Changed}, {"-", changes.Removed}} {
		for _, id := range list.ids {
			fmt.Fprintln(w, list.mark, id)
		}
	}
	fmt.Fprintf(w, "%s: %d known to fail: %d new, %d with new terms, %d as before, %d not in this run; %d taken out\n", file, cells,
		len(changes.Added), len(changes.Changed), len(changes.Kept), len(changes.Absent), len(changes.Removed))
	if n := len(changes.Refused); n > 0 {
		fmt.Fprintf(w, "not accepted: %d in error, flaky, or failing in more than one way, the first is %s; nothing is known of them, run them again\n", n, changes.Refused[0])
	}
	return nil
}
