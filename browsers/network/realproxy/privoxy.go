package realproxy

import (
	"context"
	"path/filepath"
	"strings"
)

var privoxy = product{
	title:   "Privoxy",
	command: "privoxy",
	env:     "COOKIEGATE_PRIVOXY",
	pkg:     "privoxy",
	version: []string{"--version"},
	lacks:   func(string) string { return "" }, // it says nothing of its build; without https inspection it refuses the configuration
	ready:   func(line string) (string, bool) { return "", strings.Contains(line, "Listening on port") },
	args:    func(s settings) []string { return []string{"--no-daemon", filepath.Join(s.Dir, "privoxy.conf")} },
	prepare: func(context.Context, Installed, settings, user) error { return nil },
	clean:   func(settings) error { return nil },
}
