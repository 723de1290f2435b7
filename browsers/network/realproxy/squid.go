package realproxy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

var squid = product{
	title:   "Squid",
	command: "squid",
	env:     "COOKIEGATE_SQUID",
	pkg:     "squid-openssl",
	version: []string{"-v"},
	lacks: func(answer string) string {
		if strings.Contains(answer, "--with-openssl") && strings.Contains(answer, "--enable-ssl-crtd") {
			return ""
		}
		return "https inspection"
	},
	ready: func(line string) (string, bool) { return "", strings.Contains(line, "Accepting SSL bumped") },
	args: func(s settings) []string {
		return []string{"-N", "-n", s.Service, "-d", "1", "-f", filepath.Join(s.Dir, "squid.conf")}
	},
	prepare: func(ctx context.Context, i Installed, s settings, as user) error {
		helper, err := certificateHelper(i)
		if err != nil {
			return err
		}
		path, args := as.command(helper, "-c", "-s", filepath.Join(s.Dir, "certificates"), "-M", "4MB")
		if out, err := exec.CommandContext(ctx, path, args...).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w: %s", helper, err, out)
		}
		return nil
	},
	clean: func(s settings) error {
		// Squid names its shared memory after the service, and leaves it when it is killed.
		left, err := filepath.Glob("/dev/shm/" + s.Service + "-*")
		for _, file := range left {
			err = errors.Join(err, os.Remove(file))
		}
		return err
	},
}

var libexec = regexp.MustCompile(`--libexecdir=([^' ]+)`)

// certificateHelper is the program with which Squid mints certificates. It lies where Squid was told at its building.
func certificateHelper(i Installed) (string, error) {
	m := libexec.FindStringSubmatch(i.answer)
	if m == nil {
		return "", fmt.Errorf("%s does not say where its helpers are (--libexecdir)", i.Path)
	}
	return filepath.Join(m[1], "security_file_certgen"), nil
}
