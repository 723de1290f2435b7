package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/setup"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites"
)

func doctorCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Tell what is installed, which engine can be put under which policy on this machine, and what to do about the rest",
		Long: `Tell what is installed, which engine can be put under which policy on this machine, and what to do about the rest. Where nothing is missing, each
browser is started once. Nothing is changed.

Exit status: 0 where nothing is missing that every run needs, 1 where something is. docs/doctor.md tells more.`,
		Example: `  cookiegate doctor
  cookiegate doctor --json | jq '.policies[] | select(.available | not)'`,
		Args: noArguments(""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			policies, err := fixtures.Policies()
			if err != nil {
				return err
			}
			var drivers []browsers.Driver
			for _, engine := range suites.Engines {
				drivers = append(drivers, suites.Drivers()[engine])
			}
			e := setup.Examine(cmd.Context(), drivers, policies, func(line string) { fmt.Fprintln(cmd.ErrOrStderr(), line) })
			if err := tell(cmd, e, asJSON); err != nil {
				return err
			}
			if !e.Well() {
				return exitError(suites.ExitDiffers)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, for programs")
	return c
}

func tell(cmd *cobra.Command, e setup.Examination, asJSON bool) error {
	if !asJSON {
		return e.Write(cmd.OutOrStdout())
	}
	encoder := json.NewEncoder(cmd.OutOrStdout())
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(e)
}
