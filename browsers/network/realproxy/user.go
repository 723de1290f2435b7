package realproxy

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	osuser "os/user"
	"path/filepath"
	"strconv"
)

// user is whom a proxy runs as. Squid refuses to be root, and neither proxy needs to be.
type user struct {
	setpriv  string // empty: as the user who runs the program
	uid, gid int
}

// unprivileged is nobody for root, and for anybody else himself.
func unprivileged() (user, error) {
	if os.Geteuid() != 0 {
		return user{}, nil
	}
	setpriv, err := exec.LookPath("setpriv")
	if err != nil {
		return user{}, fmt.Errorf("a proxy does not run as root, and the program that makes it run as nobody is missing: %w", err)
	}
	nobody, err := osuser.Lookup("nobody")
	if err != nil {
		return user{}, err
	}
	uid, err := strconv.Atoi(nobody.Uid)
	if err != nil {
		return user{}, err
	}
	gid, err := strconv.Atoi(nobody.Gid)
	if err != nil {
		return user{}, err
	}
	return user{setpriv, uid, gid}, nil
}

// folder makes a working folder that the user can reach: root's own folder for temporary files may be closed to everybody else.
func (u user) folder(pattern string) (string, error) {
	temporary, err := filepath.Abs(os.TempDir()) // the proxy starts in the folder itself
	if err != nil {
		return "", err
	}
	for _, dir := range []string{temporary, "/tmp", "/var/tmp"} {
		if u.reaches(dir) {
			return os.MkdirTemp(dir, pattern)
		}
	}
	return "", fmt.Errorf("none of %s, /tmp and /var/tmp can be reached by the user nobody", temporary)
}

func (u user) reaches(dir string) bool {
	for u.setpriv != "" && dir != filepath.Dir(dir) {
		if info, err := os.Stat(dir); err != nil || info.Mode()&0o001 == 0 {
			return false
		}
		dir = filepath.Dir(dir)
	}
	return true
}

// own gives a folder and everything in it to the user.
func (u user) own(dir string) error {
	if u.setpriv == "" {
		return nil
	}
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, u.uid, u.gid)
	})
}

// command runs a program as the user. The system forgets, at a change of user, that a process is to die with the one that started it;
// so it is told again.
func (u user) command(path string, args ...string) (string, []string) {
	if u.setpriv == "" {
		return path, args
	}
	return u.setpriv, append([]string{"--reuid=" + strconv.Itoa(u.uid), "--regid=" + strconv.Itoa(u.gid), "--clear-groups", "--pdeathsig=KILL", "--", path}, args...)
}
