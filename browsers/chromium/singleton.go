package chromium

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// shortTemporary is the environment of a Chromium whose socket's name would be longer than a system allows, which is 104 bytes at the least, where
// it is in the folder for temporary files. Chromium dies of that.
// Source: unix(7); Chromium, chrome/browser/process_singleton_posix.cc
func shortTemporary() []string {
	const most = 104 - len("/org.chromium.Chromium.XXXXXX/SingletonSocket\x00")
	if len(os.TempDir()) <= most {
		return nil
	}
	return []string{"TMPDIR=/tmp"}
}

// removeSingleton removes what a Chromium that was killed leaves outside its profile: the folder of the socket by which a second one would
// find it. The profile has a link to it.
// Source: Chromium, chrome/browser/process_singleton_posix.cc
func removeSingleton(profile string) error {
	socket, err := os.Readlink(filepath.Join(profile, "SingletonSocket"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // it ended of itself, or never came so far
	}
	if err != nil {
		return err
	}
	dir := filepath.Dir(socket)
	for _, file := range []string{socket, filepath.Join(dir, "SingletonCookie"), dir} {
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
