package setup

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
)

// installPackages installs the distribution's packages as root or by passwordless sudo.
func installPackages(ctx context.Context, packages []string, progress func(string)) error {
	slices.Sort(packages)
	packages = slices.Compact(packages)
	if !thisDistro().apt {
		return fmt.Errorf("please install %s; on %s this program cannot", strings.Join(packages, ", "), runtime.GOOS)
	}
	var prefix []string
	if os.Geteuid() != 0 {
		if exec.CommandContext(ctx, "sudo", "-n", "true").Run() != nil {
			return fmt.Errorf("some packages are missing, and installing them needs root; please type:\n  sudo apt-get update && sudo apt-get install %s", strings.Join(packages, " "))
		}
		prefix = []string{"sudo", "-n"}
	}
	progress("apt-get install " + strings.Join(packages, " "))
	if err := quietly(ctx, append(prefix, "apt-get", "update", "-q")...); err != nil {
		return err
	}
	install := []string{"env", "DEBIAN_FRONTEND=noninteractive", "sh", "-c", withoutServices, "sh", "-q", "-y", "--no-install-recommends"}
	return quietly(ctx, slices.Concat(prefix, install, packages)...)
}

// withoutServices installs packages without starting their services: the proxies among them are started per case, and no machine should
// find itself serving one. policy-rc.d is Debian's way to say so (invoke-rc.d(8)); one that is there already stays.
const withoutServices = `rule=/usr/sbin/policy-rc.d
if [ ! -e "$rule" ]; then
	trap 'rm -f "$rule"' EXIT
	trap : INT TERM # when apt-get has ended
	printf '#!/bin/sh\nexit 101\n' >"$rule" && chmod 755 "$rule"
fi
apt-get install "$@"`

// quietly runs a command and shows its output only where it fails. At ctx's end the command is asked to end, and may clean up behind itself.
func quietly(ctx context.Context, command ...string) error {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Cancel = func() error {
		if cmd.Process.Signal(syscall.SIGTERM) == nil {
			return nil
		}
		return cmd.Process.Kill() // Windows has no such signal
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, strings.TrimSpace(string(out)))
	}
	return nil
}

func hasCommand(name string) bool {
	_, err := exec.LookPath(name)
	return err == nil
}
