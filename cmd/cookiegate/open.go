package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/internal/wording"
	sessions "github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/suites"
	"github.com/cookiegate/cookiegate/suites/testbed"
	"github.com/cookiegate/cookiegate/suites/upstream"
)

func openCommand() *cobra.Command {
	var engine, policyName, profile string
	c := &cobra.Command{
		Use:   "open INTEGRATION.yaml",
		Short: "Open a browser under a cookie policy at your portal, to look around by hand",
		Long: `Open a browser under a cookie policy at your portal, to look around by hand. The portal is started, the simulated Webex site answers, and its
console stands in a tab beside: sessions, journal, clock. In the place of a file, the name of a sample integration will do, such as iframe.

It ends when both tabs or the browser are closed, or with Ctrl-C.`,
		Example: `  cookiegate open --browser firefox --policy block-third-party integration.yaml
  cookiegate open --policy block-all iframe`,
		Args: oneIntegration,
		RunE: func(cmd *cobra.Command, args []string) error {
			one, err := caseToOpen(args[0], browsers.Engine(engine), policyName, profile)
			if err != nil {
				return err
			}
			return look(cmd, cmd.OutOrStdout(), one, false, nil)
		},
	}
	f := c.Flags()
	f.StringVar(&engine, "browser", string(browsers.Chromium), "engine: chromium, firefox or webkit")
	f.StringVar(&policyName, "policy", "browser-default", "cookie policy, by name, such as block-third-party, or one of the integration's own")
	f.StringVar(&profile, "profile", "", "how the site sets its cookies, such as none-secure (default the integration's first)")
	return c
}

func oneIntegration(_ *cobra.Command, names []string) error {
	if len(names) != 1 {
		return fmt.Errorf("expected one integration, such as integration.yaml; found %d", len(names))
	}
	return nil
}

// look opens a window at a case, says so, and calls last, where there is one, when the person has done with it.
func look(cmd *cobra.Command, said io.Writer, one testbed.Case, record bool, last func(*testbed.Window) error) (err error) {
	if err := hasDisplay(runtime.GOOS, os.Getenv); err != nil {
		return err
	}
	portals, err := upstream.NewPool(1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, portals.Close()) }()
	w, err := testbed.OpenWindow(cmd.Context(), suites.Drivers()[one.Engine], one, portals, record)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	describeWindow(said, one, w)
	if err := w.Wait(cmd.Context()); err != nil || last == nil {
		return err
	}
	return last(w)
}

// caseToOpen is the case that is laid out. The error names the flag or file.
func caseToOpen(what string, engine browsers.Engine, policyName, profile string) (testbed.Case, error) {
	var none testbed.Case
	var in fixtures.Integration
	var err error
	if strings.ContainsAny(what, `/\.`) {
		in, err = fixtures.LoadIntegration(what)
	} else {
		if in, err = fixtures.IntegrationNamed(what); err != nil {
			err = fmt.Errorf("%s is no file such as integration.yaml, and among the samples: %w", what, err)
		}
	}
	if err != nil {
		return none, err
	}
	if _, known := suites.Drivers()[engine]; !known {
		return none, fmt.Errorf("--browser: there is no browser %q; expected one of chromium, firefox, webkit", engine)
	}
	p, err := in.PolicyNamed(policyName)
	if err != nil {
		return none, fmt.Errorf("--policy: %w", err)
	}
	if profile == "" {
		profile = in.Profiles[0]
	}
	if known := sessions.Profiles(); !slices.Contains(known, sessions.Profile(profile)) {
		return none, fmt.Errorf("--profile: there is no profile %q; expected %s", profile, wording.OneOf(known))
	}
	return testbed.Case{
		ID: "open/" + in.Name, Suite: "open", Integration: in, Engine: engine, Policy: p, Site: testbed.SiteOf(in, sessions.Profile(profile)),
		Network: in.Network,
	}, nil
}

// hasDisplay says why no window can be opened.
func hasDisplay(system string, getenv func(string) string) error {
	if system == "windows" || system == "darwin" || getenv("DISPLAY") != "" || getenv("WAYLAND_DISPLAY") != "" {
		return nil
	}
	return errors.New("there is no display to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set; log in to a desktop, or forward one with ssh -X")
}

// describeWindow says what is open and where.
func describeWindow(out io.Writer, c testbed.Case, w *testbed.Window) {
	fmt.Fprintf(out, "cookiegate has opened %s under %s.\n\n", w.Browser, c.Policy.Name)
	runs := "a sample"
	if w.Portal != "" {
		runs = "it runs at " + w.Portal
	}
	for _, line := range [][2]string{
		{"portal", c.Integration.Portal + "/   " + runs},
		{"site", "https://" + c.SiteHost() + "/" + c.Site.Name + "/   host " + c.Integration.Host + ", cookies " + string(c.Site.Profile)},
		{"console", w.Console + "   in that browser"},
	} {
		fmt.Fprintf(out, "  %-9s %s\n", line[0], line[1])
	}
	for _, line := range fixtures.SiteSettingsOf(c.Site).Lines() {
		fmt.Fprintf(out, "  %-9s %s\n", "at site", line)
	}
	for _, line := range c.Network.Lines() {
		fmt.Fprintf(out, "  %-9s %s\n", "network", line)
	}
	for _, s := range w.Settings {
		fmt.Fprintf(out, "  %-9s %s = %s (%s)\n", "setting", s.Name, s.Value, s.Source)
	}
	fmt.Fprintln(out, "\nIt ends when both tabs or the browser are closed.")
	fmt.Fprintln(out, "End it with Ctrl-C.")
}
