package main

import (
	"fmt"
	"os"
	"strconv"

	"github.com/spf13/pflag"

	"github.com/cookiegate/cookiegate/suites"
	"github.com/cookiegate/cookiegate/suites/shard"
)

// publicationFlags are the flags of every command that makes a report.
func publicationFlags(f *pflag.FlagSet, p *suites.Publication) {
	f.StringVar(&p.Out, "out", "out", "folder for results.json, junit.xml and report.html")
	f.StringVar(&p.TAP, "tap", "", "file for the results in the Test Anything Protocol")
	f.StringVar(&p.Against, "against", "", "results.json of an earlier run, with which report.html compares")
}

// shardOf is the shard that a flag names, else the one that the environment does.
func shardOf(flag string) (shard.Shard, error) {
	if flag == "" {
		return shard.FromEnvironment(os.Getenv)
	}
	s, err := shard.Parse(flag)
	if err != nil {
		return s, fmt.Errorf("--shard: %w", err)
	}
	return s, nil
}

// positive refuses numbers below 1 in flags that were given.
func positive(f *pflag.FlagSet, names ...string) error {
	for _, name := range names {
		if !f.Changed(name) {
			continue
		}
		if n, err := strconv.ParseInt(f.Lookup(name).Value.String(), 10, 64); err != nil || n < 1 {
			return fmt.Errorf("--%s: %q; expected a whole number, 1 or more", name, f.Lookup(name).Value.String())
		}
	}
	return nil
}

// ended is how a command ends that has the exit code of a run.
func ended(code int, err error) error {
	if err != nil {
		return err
	}
	if code != suites.ExitPassed {
		return exitError(code)
	}
	return nil
}
