// Command cookiegate tests integrations of the Webex Meetings URL API in real browsers under real cookie policies.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/cookiegate/cookiegate/internal/wording"
	"github.com/cookiegate/cookiegate/suites"
	"github.com/cookiegate/cookiegate/suites/report"
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
	} else if errors.Is(err, suites.ErrUnread) || errors.Is(err, syscall.EPIPE) && suites.Unread(os.Stdout) {
		code = suites.ExitUnread
	} else {
		fmt.Fprintln(os.Stderr, "cookiegate: "+report.Printable(err.Error()))
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
		Version:       built(),
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	c.SetFlagErrorFunc(flagError)
	c.PersistentPreRunE = func(c *cobra.Command, _ []string) error { return noEmptyFlag(c.Flags()) }
	c.AddCommand(setupCommand(), runCommand(), initCommand(), checkCommand(), openCommand(), recordCommand(), acceptCommand(), mergeCommand(), doctorCommand(), serveCommand(), reproCommand(), explainCommand())
	refuseUnknown(c)
	return c
}

// refuseUnknown makes the commands that cobra brings along refuse what there is none of, where cobra shows a help that was not asked for, and gives
// them examples, as all others have.
func refuseUnknown(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "help":
			c.Example = "  cookiegate help run"
			c.Args = func(_ *cobra.Command, args []string) error {
				of, rest, err := root.Find(args)
				if err == nil && len(rest) > 0 {
					err = fmt.Errorf("unknown command %q for %q", rest[0], of.CommandPath())
				}
				return err
			}
		case "completion":
			c.Example = "  source <(cookiegate completion bash)"
			c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() } // what cannot be run has its arguments not looked at
		}
	}
}

// built is which version this is, as Go's build wrote it down.
func built() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version + ", " + info.GoVersion
	}
	return "of unknown build"
}

// flagError is the mistake in a command line with what was expected in its place.
func flagError(c *cobra.Command, err error) error {
	var value *pflag.InvalidValueError
	var name *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	switch {
	case errors.As(err, &bare):
		return fmt.Errorf("--%s: nothing stands after it; expected a value: %s", bare.GetFlag().Name, bare.GetFlag().Usage)
	case errors.As(err, &value):
		f := value.GetFlag()
		switch f.Value.Type() {
		case "bool":
			return fmt.Errorf("--%s: %q; expected true or false", f.Name, value.GetValue())
		case "int", "int64":
			return fmt.Errorf("--%s: %q; expected a whole number, 1 or more", f.Name, value.GetValue())
		}
	case errors.As(err, &name):
		var names []string
		c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
		typed := name.GetSpecifiedName()
		if name.GetSpecifiedShortnames() == "" {
			typed = "--" + typed
		} else {
			typed = "-" + typed
		}
		return fmt.Errorf("there is no flag %s; %s --help lists those there are%s", typed, c.CommandPath(), wording.DidYouMean(typed, names))
	}
	return err
}

// noEmptyFlag refuses a flag with nothing after it: as a rule a script's variable is not set, and a run without its baseline, or a server on every
// interface, is not what was meant.
func noEmptyFlag(flags *pflag.FlagSet) (err error) {
	flags.Visit(func(f *pflag.Flag) {
		empty := f.Value.String() == ""
		if list, ok := f.Value.(pflag.SliceValue); ok {
			empty = strings.Join(list.GetSlice(), "") == ""
		}
		if empty && err == nil {
			err = fmt.Errorf("--%s is empty; expected a value: %s", f.Name, f.Usage)
		}
	})
	return err
}

// noArguments refuses what stands beside the flags, with the flag that is meant for it, if there is one.
func noArguments(flag string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		instead := ""
		if flag != "" {
			instead = fmt.Sprintf(", or %s %s", flag, args[0])
		}
		return fmt.Errorf("%s: found %q; expected flags alone%s", c.Name(), args[0], instead)
	}
}
