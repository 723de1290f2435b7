package suites

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Engines are the engines that cases are made for, in the order of the table.
var Engines = []browsers.Engine{browsers.Chromium, browsers.Firefox, browsers.WebKit}

// Selection says which of all cases are wanted. Its zero value wants all.
type Selection struct {
	Browsers []browsers.Engine
	Policies []string
	Suites   []string
	// Integrations are files of integrations of a person's own, which are then the only ones.
	Integrations []string
	Focus        *regexp.Regexp // matched against the case's ID; one that is a case's whole ID means that case alone
	Short        bool           // only a handful that shows that everything works together
}

// SelectionFromEnv reads BROWSERS, POLICIES, SUITES (comma-separated names), INTEGRATION (comma-separated files), and FOCUS (a regular
// expression on the case's name).
func SelectionFromEnv() (Selection, error) {
	s := Selection{Policies: list("POLICIES"), Suites: list("SUITES"), Integrations: files("INTEGRATION")}
	for _, b := range list("BROWSERS") {
		s.Browsers = append(s.Browsers, browsers.Engine(b))
	}
	if f := os.Getenv("FOCUS"); f != "" {
		re, err := regexp.Compile(f)
		if err != nil {
			return s, fmt.Errorf("FOCUS: %w", err)
		}
		s.Focus = re
	}
	return s, nil
}

func list(name string) []string {
	return strings.FieldsFunc(os.Getenv(name), func(r rune) bool { return r == ',' || r == ' ' })
}

// whole is the selection without what narrows it.
func (s Selection) whole() Selection {
	s.Browsers, s.Policies, s.Suites, s.Focus, s.Short = nil, nil, nil, nil, false
	return s
}

// files are the names in a variable, which may hold spaces.
func files(name string) []string {
	var names []string
	for _, n := range strings.Split(os.Getenv(name), ",") {
		if n = strings.TrimSpace(n); n != "" {
			names = append(names, n)
		}
	}
	return names
}

// short are the cases of a short run: one that works and one that does not in each engine, by a setting of a person's and by managed policy.
var short = regexp.MustCompile(`^matrix/(iframe|redirect)/none-secure/[^/]+/(block-third-party|trusted-zone)$`)

// names says whether the focus is the whole name of a case. Names begin with other names, and a report's command runs one cell again, not its
// neighbours.
func (s Selection) names(c testbed.Case) bool { return s.Focus != nil && s.Focus.String() == c.ID }

// wants says whether a case was selected.
func (s Selection) wants(c testbed.Case) bool {
	switch {
	case len(s.Browsers) > 0 && !slices.Contains(s.Browsers, c.Engine),
		len(s.Policies) > 0 && !slices.Contains(s.Policies, c.Policy.Name),
		len(s.Suites) > 0 && !slices.Contains(s.Suites, c.Suite),
		s.Focus != nil && !s.Focus.MatchString(c.ID),
		s.Short && len(s.Integrations) == 0 && !short.MatchString(c.ID):
		return false
	}
	return true
}
