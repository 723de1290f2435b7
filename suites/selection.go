package suites

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/internal/wording"
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
		re, err := FocusOn(f)
		if err != nil {
			return s, fmt.Errorf("FOCUS: %w", err)
		}
		s.Focus = re
	}
	return s, nil
}

// FocusOn reads a focus.
func FocusOn(text string) (*regexp.Regexp, error) {
	re, err := regexp.Compile(text)
	if wrong := (*syntax.Error)(nil); errors.As(err, &wrong) {
		return nil, fmt.Errorf("'%s' is no regular expression: %s; expected one such as '^matrix/iframe/'", text, wrong.Code)
	}
	return re, err
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

// noneLeft says which part of the selection wants none of cases, with what it could have wanted, or that its parts exclude each other.
func (s Selection) noneLeft(cases []testbed.Case) error {
	var engines []string
	for _, b := range s.Browsers {
		engines = append(engines, string(b))
	}
	var leave []string
	for _, part := range []struct {
		flag   string
		wanted []string
		of     func(testbed.Case) string
	}{
		{"--browsers (BROWSERS)", engines, func(c testbed.Case) string { return string(c.Engine) }},
		{"--policies (POLICIES)", s.Policies, func(c testbed.Case) string { return c.Policy.Name }},
		{"--suites (SUITES)", s.Suites, func(c testbed.Case) string { return c.Suite }},
	} {
		if len(part.wanted) == 0 {
			continue
		}
		var have []string
		n := 0
		for _, c := range cases {
			name := part.of(c)
			if slices.Contains(part.wanted, name) {
				n++
			}
			if !slices.Contains(have, name) {
				have = append(have, name)
			}
		}
		if n == 0 {
			return fmt.Errorf("no case is left: there is none for %s %s; expected some of %s", part.flag, strings.Join(part.wanted, ","), strings.Join(have, ", "))
		}
		leave = append(leave, fmt.Sprintf("%s leaves %d", part.flag, n))
	}
	if s.Focus != nil {
		n := 0
		for _, c := range cases {
			if s.Focus.MatchString(c.ID) {
				n++
			}
		}
		if n == 0 {
			return unmatched(s.Focus.String(), cases)
		}
		leave = append(leave, fmt.Sprintf("--focus (FOCUS) leaves %d", n))
	}
	return fmt.Errorf("no case is left: of %d, %s, and they have none in common", len(cases), strings.Join(leave, ", "))
}

// unmatched is the error of a focus that matches no case: with a name that was nearly typed, or with how names begin.
func unmatched(focus string, cases []testbed.Case) error {
	typed := strings.Trim(focus, "^$/")
	depth := strings.Count(typed, "/") + 1
	var parts, begin []string
	seen := map[string]bool{}
	for _, c := range cases {
		words := strings.Split(c.ID, "/")
		for i := range max(0, len(words)-depth+1) {
			if part := strings.Join(words[i:i+depth], "/"); !seen[part] {
				seen[part] = true
				parts = append(parts, part)
			}
		}
		if !slices.Contains(begin, words[0]+"/") {
			begin = append(begin, words[0]+"/")
		}
	}
	return fmt.Errorf("no case is left: no name matches --focus (FOCUS) '%s'; expected a regular expression for names such as %s; they begin with %s%s",
		focus, cases[0].ID, strings.Join(begin, ", "), wording.DidYouMean(typed, parts))
}

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
