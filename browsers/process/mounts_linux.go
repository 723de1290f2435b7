package process

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// command is cmd in a mount namespace of its own when there is something to mount. Root may make one; anybody else makes a user
// namespace around it, where the system allows that. The namespace ends with its last process, and nobody else ever sees the mounts.
func command(o Options) (*exec.Cmd, error) {
	if len(o.Mounts) == 0 {
		cmd := exec.Command(o.Path, o.Args...)
		cmd.SysProcAttr = attributes()
		return cmd, nil
	}
	// The shell mounts pair after pair and becomes the browser: the process id stays, and with it the death signal.
	const script = `while [ "$1" != -- ]; do mount --bind "$1" "$2" || exit 1; shift 2; done; shift; exec "$@"`
	args := []string{"-c", script, "mount"}
	for _, m := range o.Mounts {
		if _, err := os.Stat(m.Target); err != nil {
			return nil, fmt.Errorf("nothing can be mounted over %s: %w", m.Target, err)
		}
		args = append(args, m.Source, m.Target)
	}
	args = append(args, "--", o.Path)
	cmd := exec.Command("/bin/sh", append(args, o.Args...)...)
	cmd.SysProcAttr = namespaced()
	return cmd, nil
}

func namespaced() *syscall.SysProcAttr {
	a := attributes()
	if os.Geteuid() == 0 {
		a.Unshareflags = syscall.CLONE_NEWNS
		return a
	}
	uid, gid := os.Getuid(), os.Getgid()
	a.Cloneflags = syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS
	a.UidMappings = []syscall.SysProcIDMap{{ContainerID: uid, HostID: uid, Size: 1}}
	a.GidMappings = []syscall.SysProcIDMap{{ContainerID: gid, HostID: gid, Size: 1}}
	a.AmbientCaps = []uintptr{unix.CAP_SYS_ADMIN}
	return a
}

// CanMount says whether a process can get mounts of its own here, which is tried once; the error is an *UnableError.
func CanMount() error { return canMount() }

var canMount = sync.OnceValue(func() error {
	// A folder without mounts below it, as all are that we mount: of others a user namespace shows no part without the rest.
	dir, err := os.MkdirTemp("", "cookiegate-mount-")
	if err != nil {
		return &UnableError{Why: "there is no place to try a mount: " + err.Error()}
	}
	defer os.RemoveAll(dir)
	cmd := exec.Command("/bin/sh", "-c", `mount --bind "$1" "$1"`, "mount", dir)
	cmd.SysProcAttr = namespaced()
	if out, err := cmd.CombinedOutput(); err != nil {
		return &UnableError{
			Why:    fmt.Sprintf("this system refuses mount namespaces (%s%s)", refusal(err), suffix(out)),
			Advice: "Run as root, or let users make user namespaces; in a container, add the capability SYS_ADMIN.",
		}
	}
	return nil
})

// refusal is why no namespace was made, in a person's words where the system's mislead.
// Source: user_namespaces(7)
func refusal(err error) string {
	if errors.Is(err, unix.ENOSPC) {
		return "as many user namespaces as the sysctl user.max_user_namespaces allows are there"
	}
	return err.Error()
}

// suffix is the first line of what a command said.
func suffix(out []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if line == "" {
		return ""
	}
	return ": " + line
}
