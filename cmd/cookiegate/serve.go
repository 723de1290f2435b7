package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/cookiegate/cookiegate/simulator/config"
)

// grace is how long what is under way may take once the service has to end.
const grace = 10 * time.Second

// tokenVariable is the environment variable with the token that the control API asks for.
const tokenVariable = "COOKIEGATE_CONTROL_TOKEN"

// anAddress is what is expected of a flag.
const anAddress = "a host and a port, such as 127.0.0.1:0"

func serveCommand() *cobra.Command {
	var o serviceOptions
	var file string
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve fake Webex sites to browsers, programs and tests, with a control API and a console",
		Long: `Serve fake Webex sites to browsers, programs and tests, with a control API and a console.

Without a configuration there is one site, acme, with the hosts alice and bob, password "secret", and the partner id "partner". The clock runs, and can be
moved. A browser that uses the printed proxy and trusts the printed certificate reaches https://acme.webex.com/. docs/serve.md tells everything.`,
		Example: `  cookiegate serve
  cookiegate serve --config sites.yaml --ca ca
  cookiegate serve --addr 127.0.0.1:9443 --control 127.0.0.1:9444`,
		Args: noArguments("--config"),
		RunE: func(c *cobra.Command, _ []string) error {
			began := time.Now()
			o.config = config.Default()
			if file != "" {
				var err error
				if o.config, err = config.Load(file); err != nil {
					if unread := (*fs.PathError)(nil); errors.As(err, &unread) {
						err = fmt.Errorf("--config: %w; expected the sites to serve, as in docs/serve.example.yaml", err)
					}
					return err
				}
			}
			o.token = os.Getenv(tokenVariable)
			return serve(c.Context(), o, c.OutOrStdout(), began)
		},
	}
	f := c.Flags()
	f.StringVar(&o.sites, "addr", "127.0.0.1:8443", "where the sites answer, with TLS")
	f.StringVar(&o.control, "control", "127.0.0.1:8444", "where the control API and the console answer; away from loopback they ask for the token in "+
		tokenVariable+", or for one that is printed")
	f.StringVar(&o.proxy, "proxy", "", "where browsers find the proxy that leads to the sites, on loopback (default "+usualProxy+", or a free port where that is taken)")
	f.StringVar(&o.authority, "ca", "", "folder that keeps the certificate authority, so that a browser has to be told of it once; made where it is missing (default: a new authority each time)")
	f.StringVar(&file, "config", "", "YAML file with the sites to serve; docs/serve.example.yaml shows every key")
	return c
}

// serve serves until the context ends, and then for as long as what is under way takes.
func serve(ctx context.Context, o serviceOptions, out io.Writer, began time.Time) error {
	s, err := startService(o)
	if err != nil {
		return err
	}
	s.describe(out, time.Since(began))
	select {
	case <-ctx.Done():
	case err = <-s.failed:
	}
	signal.Reset(os.Interrupt, syscall.SIGTERM) // a second one ends the program at once
	fmt.Fprintln(out, "Finishing what is under way.")
	last, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	return errors.Join(err, s.shutdown(last))
}

// describe says what is served and where.
func (s *service) describe(out io.Writer, took time.Duration) {
	fmt.Fprintf(out, "cookiegate is ready, after %d ms.\n\n", took.Milliseconds())
	for _, one := range s.config.Sites {
		var hosts []string
		for _, h := range one.Hosts {
			hosts = append(hosts, h.WebExID)
		}
		fmt.Fprintf(out, "  %-9s https://%s.webex.com/%s/   hosts: %s\n", "site", one.Name, one.Name, orNone(strings.Join(hosts, ", ")))
	}
	clock := "runs"
	if s.config.Frozen {
		clock = "stands still"
	}
	for _, line := range [][2]string{
		{"at", "https://" + s.sites.addr.String() + "/   for programs that are told to connect there"},
		{"proxy", s.door.ProxyURL() + "   for browsers; or its configuration, " + s.door.ProxyURL() + "/proxy.pac"},
		{"trust", s.caFile + "   also at " + s.control.URL() + "/ca.pem"},
		{"console", s.control.ConsoleURL() + "   the clock " + clock},
		{"API", s.control.URL() + "/openapi.yaml"},
	} {
		fmt.Fprintf(out, "  %-9s %s\n", line[0], line[1])
	}
	if token := s.control.Token(); token != "" {
		fmt.Fprintf(out, "  %-9s %s   as Authorization: Bearer\n", "token", token)
	}
	fmt.Fprintln(out, "\nEnd it with Ctrl-C.")
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
