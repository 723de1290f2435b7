package main

import (
	"bufio"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"github.com/goccy/go-yaml"
	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"github.com/cookiegate/cookiegate/internal/lazyregexp"
	"github.com/cookiegate/cookiegate/internal/strictyaml"
	"github.com/cookiegate/cookiegate/internal/wording"
	"github.com/cookiegate/cookiegate/suites/formats"
	"github.com/cookiegate/cookiegate/suites/report"
)

//go:embed init.yaml.tmpl
var initText string

var initTemplate = template.Must(template.New("integration.yaml").Funcs(template.FuncMap{"yaml": scalar}).Parse(initText))

// scalar writes a text on one line, so that YAML reads the same text.
func scalar(s string) (string, error) {
	write := yaml.Marshal
	if strings.ContainsAny(s, "\r\n") {
		write = func(v any) ([]byte, error) { return yaml.MarshalWithOptions(v, yaml.JSON()) }
	}
	text, err := write(s)
	return strings.TrimSpace(string(text)), err
}

// description is what the file says.
type description struct {
	File                                                                             string
	Name, Portal, Upstream, Command, Ready, Site, Host, Profile, Click, Goal, Guides string
}

func initCommand() *cobra.Command {
	d := description{}
	var force bool
	c := &cobra.Command{
		Use:   "init",
		Short: "Write an integration.yaml that describes your own portal",
		Long: `Write an integration.yaml that describes your own portal, with comments, and beside it the JSON Schema by which an editor helps with it. On a terminal
what no flag says is asked for; elsewhere --command or --upstream must be given. A file that is there already is left alone.`,
		Example: `  cookiegate init
  cookiegate init --command 'node portal.js' --click 'text=Host a meeting'
  cookiegate init --upstream http://127.0.0.1:3000 --portal https://portal.acme.example --site acme --host alice`,
		Args: noArguments("--out"),
		// Nothing is an answer here: a portal that runs already has no command, and guides nobody yet.
		PersistentPreRunE: func(*cobra.Command, []string) error { return nil },
		RunE: func(cmd *cobra.Command, _ []string) error {
			if info, err := os.Stat(d.File); err == nil && info.IsDir() {
				return fmt.Errorf("--out: %s is a folder; expected the file to write, such as %s", d.File, filepath.Join(d.File, "integration.yaml"))
			}
			if _, err := os.Lstat(d.File); err == nil && !force {
				return fmt.Errorf("%s is there already; --force writes over it", d.File)
			}
			if d.Name == "" {
				d.Name = nameOfFolder(d.File)
			}
			if isatty.IsTerminal(os.Stdin.Fd()) && isatty.IsTerminal(os.Stderr.Fd()) {
				given := func(flag string) bool { return cmd.Flags().Changed(flag) }
				if err := d.ask(cmd.Context(), given, cmd.InOrStdin(), cmd.ErrOrStderr()); err != nil {
					return err
				}
			}
			if err := d.write(); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s is written. Next: cookiegate run %s\n", d.File, wording.ShellWord(d.File))
			return nil
		},
	}
	f := c.Flags()
	for _, q := range questions {
		f.StringVar(q.of(&d), q.flag, q.usual, q.means)
	}
	f.StringVarP(&d.File, "out", "o", "integration.yaml", "file to write")
	f.BoolVar(&force, "force", false, "write over a file that is there already")
	return c
}

// question is a thing to be known of a portal: by a flag, or by asking.
type question struct {
	flag, usual, means string
	ask                string // empty: it is not asked for
	of                 func(*description) *string
}

var questions = []question{
	{"name", "", "name of the integration (default that of the folder)", "Name of the integration", func(d *description) *string { return &d.Name }},
	{"portal", "https://portal.acme.example", "address of the portal that the browser sees", "Address of the portal that the browser sees", func(d *description) *string { return &d.Portal }},
	{"command", "", "command that starts the portal, for the shell", "Command that starts the portal (empty: it runs already)", func(d *description) *string { return &d.Command }},
	{"upstream", "", "address on this machine where the portal runs, or where its command always listens", "", func(d *description) *string { return &d.Upstream }},
	{"ready", "/", "path that a portal answers when it serves, or a text in a line that it prints", "", func(d *description) *string { return &d.Ready }},
	{"site", "acme", "name of the Webex site, the first label of its host name", "Name of the Webex site, as in NAME.webex.com", func(d *description) *string { return &d.Site }},
	{"host", "alice", "WebEx ID of the host", "WebEx ID of the host", func(d *description) *string { return &d.Host }},
	{"profile", "none-secure", "how the site sets its cookies", "", func(d *description) *string { return &d.Profile }},
	{"click", "text=Host a meeting", "what the host clicks on the portal's first page: a CSS selector, or text= and the whole text", "What the host clicks on the first page", func(d *description) *string { return &d.Click }},
	{"goal", "HM", "AT of the command that the host is after", "", func(d *description) *string { return &d.Goal }},
	{"guides", "", "text of the portal's page that tells a host what to do where his browser does not let it work", "Text by which the portal tells a host what to do where cookies are blocked (empty: none yet)",
		func(d *description) *string { return &d.Guides }},
}

// ask asks for what no flag says, until ctx ends. An empty answer takes what is shown in brackets.
func (d *description) ask(ctx context.Context, given func(flag string) bool, in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	answers := make(chan string)
	lines := bufio.NewScanner(in)
	go func() { // a read cannot be given up; whoever waits for it can
		defer close(answers)
		for lines.Scan() {
			select {
			case answers <- lines.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	one := func(ask string, into *string) error {
		if *into != "" {
			ask += " [" + *into + "]"
		}
		fmt.Fprint(out, ask+": ")
		select {
		case answer, more := <-answers:
			if !more {
				fmt.Fprintln(out)
				return errors.Join(errors.New("the answers ended; nothing was written"), lines.Err())
			}
			if answer = strings.TrimSpace(answer); answer != "" {
				*into = answer
			}
			return nil
		case <-ctx.Done():
			fmt.Fprintln(out)
			return fmt.Errorf("%w; nothing was written", context.Cause(ctx))
		}
	}
	for _, q := range questions {
		if q.ask == "" || given(q.flag) || q.flag == "command" && given("upstream") {
			continue
		}
		if err := one(q.ask, q.of(d)); err != nil {
			return err
		}
		if q.flag == "command" && d.Command == "" && d.Upstream == "" {
			d.Upstream = "http://127.0.0.1:3000"
			if err := one("Address on this machine where it runs", &d.Upstream); err != nil {
				return err
			}
		}
	}
	return nil
}

// write writes the file and the schema, or nothing. What the file's reader does not accept is told as a flag's mistake.
func (d *description) write() error {
	if d.Command == "" && d.Upstream == "" {
		return errors.New("expected --command, which starts the portal, or --upstream, where it runs already")
	}
	for _, need := range []struct{ flag, value, expected string }{
		{"out", d.File, "the file to write, such as integration.yaml"},
		{"click", d.Click, "a CSS selector, or text= and the whole text"},
		{"goal", d.Goal, "the AT of a command, such as HM"},
	} {
		if need.value == "" {
			return fmt.Errorf("--%s: is empty; expected %s", need.flag, need.expected)
		}
	}
	var text strings.Builder
	if err := initTemplate.Execute(&text, d); err != nil {
		return err
	}
	f, err := formats.Named("integration")
	if err != nil {
		return err
	}
	if err := inFlags(f.Check(d.File, []byte(text.String()))); err != nil {
		return err
	}
	schema, err := formats.Schema(f.Name)
	if err != nil {
		return err
	}
	folder := filepath.Dir(d.File)
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return fmt.Errorf("--out: there is no folder %s", folder)
	}
	beside := filepath.Join(folder, ".cookiegate")
	err = os.MkdirAll(beside, 0o755)
	if err == nil {
		err = writeText(filepath.Join(beside, "integration.schema.json"), schema)
	}
	if err == nil {
		err = writeText(d.File, []byte(text.String()))
	}
	if err != nil {
		return fmt.Errorf("--out: %w; expected a file that can be written, in a folder that can be written to", err)
	}
	return nil
}

// writeText writes a file whole, or leaves what was there: somebody may have worked on it.
func writeText(file string, text []byte) error {
	return report.WriteFile(file, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// inFlags names the flags by which mistakes came into the file.
func inFlags(err error) error {
	var mistakes strictyaml.Mistakes
	if !errors.As(err, &mistakes) {
		return err
	}
	var list []string
	for _, m := range mistakes {
		name, _, _ := strings.Cut(m.Field, "[")
		switch {
		case name == "profiles":
			name = "profile"
		case strings.HasSuffix(m.Field, ".await"): // the click awaits the goal, which has a mistake of its own then
			continue
		case name == "steps":
			name = "click"
		case name == "folder": // the command runs in that of the file
			name = "out"
		}
		if line := "--" + name + ": " + m.Problem; !slices.Contains(list, line) {
			list = append(list, line)
		}
	}
	return errors.New(strings.Join(list, "\n"))
}

// nameOfFolder is the name of the folder in which a file will lie, as an integration may be named.
func nameOfFolder(file string) string {
	dir, err := filepath.Abs(filepath.Dir(file))
	name := strings.Trim(notInNames.ReplaceAllString(strings.ToLower(filepath.Base(dir)), "-"), "-")
	if err != nil || name == "" {
		return "my-portal"
	}
	return name
}

var notInNames = lazyregexp.New(`[^a-z0-9]+`)
