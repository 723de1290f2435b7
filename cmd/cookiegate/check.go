package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cookiegate/cookiegate/suites/formats"
	"github.com/cookiegate/cookiegate/suites/report"
)

func checkCommand() *cobra.Command {
	var kind, schema string
	c := &cobra.Command{
		Use:   "check FILE...",
		Short: "Say what is wrong with files written for cookiegate, with line and column",
		Long: `Say what is wrong with files written for cookiegate, with line and column. What kind a file is of is seen by its keys: an integration, a policy,
a scenario, a report, the matrix's columns, a baseline, the sites to serve. Nothing is run.

Exit status: 0 all is well, 2 something is wrong.`,
		Example: `  cookiegate check integration.yaml
  cookiegate check --as report report.yaml
  cookiegate check --schema integration > integration.schema.json`,
		Args: func(_ *cobra.Command, files []string) error {
			if len(files) == 0 && schema == "" {
				return fmt.Errorf("check: expected one file or more, such as integration.yaml")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, files []string) error {
			if schema != "" {
				text, err := formats.Schema(schema)
				if err != nil {
					return fmt.Errorf("--schema: %w", err)
				}
				_, err = cmd.OutOrStdout().Write(text)
				return err
			}
			if kind != "" {
				if _, err := formats.Named(kind); err != nil {
					return fmt.Errorf("--as: %w", err)
				}
			}
			wrong := 0
			for _, file := range files {
				f, err := formats.Check(file, kind)
				if err != nil {
					wrong++
					fmt.Fprintln(cmd.ErrOrStderr(), report.Printable(strings.TrimSpace(err.Error())))
					continue
				}
				fmt.Fprintf(cmd.OutOrStdout(), "ok  %-11s %s\n", f.Name, file)
			}
			if wrong > 0 {
				return exitError(2)
			}
			return nil
		},
	}
	f := c.Flags()
	f.StringVar(&kind, "as", "", "kind that every file is of: integration, policy, scenario, report, matrix, baseline or sites (default by its keys)")
	f.StringVar(&schema, "schema", "", "print the JSON Schema of a kind of file, for an editor, and check nothing")
	return c
}
