package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"github.com/cookiegate/cookiegate/suites"
	"github.com/cookiegate/cookiegate/suites/report"
	"github.com/cookiegate/cookiegate/suites/repro"
)

const complaintFiles = `The files may be, in any combination: a report (YAML), a HAR file, an export of the browser's policies (chrome://policy, about:policies,
policies.json), Internet Explorer's settings (.reg, privacy preferences as XML), and cookies (cookies.txt, JSON). What is what is found out.
In a file's place the name of a report of the library will do, such as webex-idle.`

func reproCommand() *cobra.Command {
	var asJSON, search bool
	var bundle string
	workers := runtime.NumCPU()
	c := &cobra.Command{
		Use:   "repro FILE…",
		Short: "Reproduce a customer's complaint in a real browser, name the cause and try every remedy",
		Long: `Reproduce a customer's complaint in a real browser, name the cause and try every remedy.

` + complaintFiles + `

Exit status: 0 reproduced, with its cause; 1 not reproduced; 2 the files cannot be read, or nothing could be run.`,
		Example: `  cookiegate repro report.yaml
  cookiegate repro report.yaml chrome-policies.json
  cookiegate repro --search recording.har
  cookiegate repro --json --bundle evidence.zip report.yaml recording.har
  cookiegate repro webex-idle`,
		Args: filesArgs,
		RunE: func(cmd *cobra.Command, names []string) error {
			complaint, err := readComplaint(names)
			if err != nil {
				return err
			}
			if bundle != "" {
				if err := report.CanWrite(bundle); err != nil {
					return fmt.Errorf("--bundle: %w", err)
				}
			}
			ctx, cancel := suites.WhileRead(cmd.Context(), os.Stdout)
			defer cancel()
			a, err := complaint.Reproduce(ctx, repro.Options{Workers: workers, Search: search, Trace: bundle != ""})
			if err != nil {
				return err
			}
			if err := printAnswer(cmd.OutOrStdout(), a, asJSON); err != nil {
				return err
			}
			if bundle != "" {
				if err := a.WriteBundle(bundle, complaint); err != nil {
					return fmt.Errorf("--bundle: %w", err)
				}
			}
			if !a.Reproduced || a.Cause == nil {
				return exitError(suites.ExitDiffers)
			}
			return nil
		},
	}
	f := c.Flags()
	f.BoolVar(&asJSON, "json", false, "print the answer as JSON")
	f.BoolVar(&search, "search", false, "rank what the files can mean, run the likeliest causes, and say what to ask next")
	f.StringVar(&bundle, "bundle", "", "write the evidence into this file (.zip), secrets redacted")
	f.IntVar(&workers, "workers", workers, "browsers side by side, at most")
	c.PreRunE = func(*cobra.Command, []string) error {
		if workers < 1 {
			return fmt.Errorf("--workers: %d is not a number of browsers; expected 1 or more", workers)
		}
		return nil
	}
	return c
}

func explainCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "explain FILE…",
		Short: "Say from the policy model what a complaint comes to: a prediction, in milliseconds, without a browser",
		Long: `Say from the policy model what a complaint comes to: a prediction, in milliseconds, without a browser.

` + complaintFiles + `

Exit status: 0 the model predicts what was complained about; 1 it does not; 2 the files cannot be read.`,
		Example: `  cookiegate explain report.yaml
  cookiegate explain --json recording.har policies.json
  cookiegate explain webex-login-required`,
		Args: filesArgs,
		RunE: func(cmd *cobra.Command, names []string) error {
			complaint, err := readComplaint(names)
			if err != nil {
				return err
			}
			a, err := complaint.Explain()
			if err != nil {
				return err
			}
			if err := printAnswer(cmd.OutOrStdout(), a, asJSON); err != nil {
				return err
			}
			if !a.Reproduced {
				return exitError(suites.ExitDiffers)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the answer as JSON")
	return c
}

func filesArgs(_ *cobra.Command, names []string) error {
	if len(names) == 0 {
		return fmt.Errorf("expected at least one file: a report, a HAR file, or an export of settings; see --help")
	}
	return nil
}

// readComplaint reads the files of a complaint. The error names the file and what was expected.
func readComplaint(names []string) (*repro.Complaint, error) {
	complaint, err := repro.Read(names, time.Now())
	if unread := (*fs.PathError)(nil); errors.As(err, &unread) {
		err = fmt.Errorf("%w; expected a report, a HAR file, or an export of settings", err)
	}
	return complaint, err
}

func printAnswer(w io.Writer, a *repro.Answer, asJSON bool) error {
	if !asJSON {
		return a.Text(w)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(a)
}
