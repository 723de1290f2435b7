// Command cookiegate tests integrations of the Webex Meetings URL API in real browsers under real cookie policies.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/cookiegate/cookiegate/suites"
)

func main() {
	ctx, cancel := suites.Interrupted(context.Background())
	err := root().ExecuteContext(ctx)
	cancel()
	if err == nil {
		return
	}
	code := suites.ExitNoRun
	if e := (exitError)(0); errors.As(err, &e) {
		code = int(e)
	} else {
		fmt.Fprintln(os.Stderr, "cookiegate: "+err.Error())
	}
	os.Exit(code)
}

// exitError ends the command with its number as the exit status, without a word: everything has been said.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

func root() *cobra.Command {
	c := &cobra.Command{
		Use:           "cookiegate",
		Short:         "Test integrations of the Webex Meetings URL API in real browsers under real cookie policies",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	c.AddCommand(setupCommand(), runCommand(), initCommand(), checkCommand(), openCommand(), recordCommand(), acceptCommand(), mergeCommand(), doctorCommand(), serveCommand(), reproCommand(), explainCommand())
	return c
}
