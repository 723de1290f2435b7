package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/formats"
	"github.com/cookiegate/cookiegate/suites/report"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

func recordCommand() *cobra.Command {
	var engine, policyName string
	var write bool
	c := &cobra.Command{
		Use:   "record INTEGRATION.yaml",
		Short: "Write down what you click and fill in at your portal, as the steps of its integration.yaml",
		Long: `Write down what you click and fill in at your portal, as the steps of its integration.yaml. A browser is opened as by cookiegate open; do what a host
does until his meeting is there, then close it. Which commands the site answered in between becomes the steps' await.

The steps are printed, or, with --write, put in the place of those in the file.`,
		Example: `  cookiegate record integration.yaml
  cookiegate record --browser firefox --write integration.yaml`,
		Args: oneIntegration,
		RunE: func(cmd *cobra.Command, args []string) error {
			one, err := caseToOpen(args[0], browsers.Engine(engine), policyName, "")
			if err != nil {
				return err
			}
			if one.Engine == browsers.WebKit {
				return errors.New("--browser: webkit tells nobody what a person does in it; expected chromium or firefox")
			}
			if write {
				if err := rewritable(one.Integration.File); err != nil {
					return fmt.Errorf("--write: %w", err)
				}
			}
			return look(cmd, cmd.ErrOrStderr(), one, true, func(w *testbed.Window) error {
				steps, notes := w.Steps()
				for _, n := range notes {
					fmt.Fprintln(cmd.ErrOrStderr(), "note: "+n)
				}
				text, err := stepsText(steps)
				if err != nil {
					return err
				}
				if !write {
					_, err = fmt.Fprint(cmd.OutOrStdout(), text)
					return err
				}
				return writeSteps(one.Integration.File, text)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&engine, "browser", string(browsers.Chromium), "engine: chromium or firefox")
	f.StringVar(&policyName, "policy", "allow-third-party", "cookie policy, by name; one under which the portal works")
	f.BoolVar(&write, "write", false, "put the steps in the place of those in the file")
	return c
}

// stepsText is the key steps of an integration.yaml.
func stepsText(steps []fixtures.Step) (string, error) {
	var b strings.Builder
	b.WriteString(stepsKey + "\n")
	for _, s := range steps {
		indent := "  - "
		for _, line := range []struct{ key, value string }{
			{"visit", s.Visit}, {"click", s.Click}, {"fill", s.Fill}, {"submit", s.Submit}, {"with", s.With}, {"in-frame", s.InFrame}, {"await", s.Await},
		} {
			if cleared := line.key == "with" && s.Fill != ""; line.value == "" && !cleared {
				continue
			}
			text, err := scalar(line.value)
			if err != nil {
				return "", err
			}
			b.WriteString(indent + line.key + ": " + text + "\n")
			indent = "    "
		}
		if s.InPopup {
			b.WriteString(indent + "in-popup: true\n")
		}
	}
	return b.String(), nil
}

// stepsKey begins the line from which on a file's steps are replaced.
const stepsKey = "steps:"

// rewritable says whether a file's steps can be replaced, before somebody clicks for what would then be lost.
func rewritable(file string) error {
	if file == "" {
		return errors.New("a sample integration is compiled in; expected a file")
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if !strings.Contains("\n"+string(text), "\n"+stepsKey) {
		return fmt.Errorf("%s has no line that begins with %s; expected one, in whose place the recorded steps go", file, stepsKey)
	}
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), report.CanWrite(file))
}

// writeSteps puts steps in the place of those in a file, and leaves the rest of it as it is. A file that would not be accepted then, or cannot be written
// whole, is left alone, and the error has the steps.
func writeSteps(file, steps string) error {
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	text := []byte(withSteps(string(old), steps))
	f, err := formats.Named("integration")
	if err != nil {
		return err
	}
	if err := f.Check(file, text); err != nil {
		return fmt.Errorf("the file is as it was; with these steps it would be wrong:\n%s%w", steps, err)
	}
	if err := writeText(file, text); err != nil {
		return fmt.Errorf("the file is as it was; these steps are not in it:\n%s%w", steps, err)
	}
	return nil
}

// withSteps is an integration.yaml with other steps. The old ones end where something stands at the line's beginning that is no item of the list; comments and empty
// lines before that belong to what follows.
func withSteps(text, steps string) string {
	lines := strings.SplitAfter(text, "\n")
	var out, between strings.Builder
	within := false
	for _, line := range lines {
		blank := strings.TrimSpace(line) == ""
		switch {
		case strings.HasPrefix(line, stepsKey):
			within = true
			out.WriteString(steps)
		case within && (blank || line[0] == '#'):
			between.WriteString(line)
		case within && strings.ContainsRune(" \t-", rune(line[0])):
			between.Reset()
		default:
			within = false
			out.WriteString(between.String() + line)
			between.Reset()
		}
	}
	return out.String() + between.String()
}
