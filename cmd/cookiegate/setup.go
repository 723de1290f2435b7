package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/cookiegate/cookiegate/browsers/setup"
)

func setupCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "setup",
		Short: "Install the browsers and the driver that are missing; quiet where there is nothing to do",
		Long: `Install the browsers and the driver that are missing; quiet where there is nothing to do.

On Debian and Ubuntu packages are installed as root or with passwordless sudo; elsewhere the command to type is printed.
COOKIEGATE_CHROMIUM, COOKIEGATE_FIREFOX, COOKIEGATE_WEBKIT, COOKIEGATE_PRIVOXY, COOKIEGATE_SQUID and, for Node.js, PLAYWRIGHT_NODEJS_PATH name executables
to use instead, COOKIEGATE_DRIVER the folder of the Playwright driver.`,
		Example: `  cookiegate setup
  COOKIEGATE_FIREFOX=/opt/firefox/firefox cookiegate setup`,
		Args: noArguments(""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return setup.Install(cmd.Context(), func(what string) { fmt.Fprintln(cmd.ErrOrStderr(), "setup: "+what) })
		},
	}
}
