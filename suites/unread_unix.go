//go:build unix

package suites

import (
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// Unread says whether f is a pipe or a socket whose other end is closed. A terminal that is gone is none: that is told by SIGHUP, which may be ignored.
func Unread(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || info.Mode()&(fs.ModeNamedPipe|fs.ModeSocket) == 0 {
		return false
	}
	ends := []unix.PollFd{{Fd: int32(f.Fd())}}
	n, err := unix.Poll(ends, 0)
	return err == nil && n > 0 && ends[0].Revents&(unix.POLLERR|unix.POLLHUP) != 0
}
