package process

import (
	"strconv"

	"golang.org/x/sys/unix"
)

// Child is the id of the child that parent has started; false when there is none.
func Child(parent int) (int, bool) {
	for pid, fields := range stats() {
		if fields[1] == strconv.Itoa(parent) {
			return pid, true
		}
	}
	return 0, false
}

// Gone is closed when a process is, which need not be a child of this program's.
func Gone(pid int) <-chan struct{} {
	gone := make(chan struct{})
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil { // no such process
		close(gone)
		return gone
	}
	go func() {
		defer close(gone)
		defer unix.Close(fd)
		for {
			if _, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1); err != unix.EINTR {
				return
			}
		}
	}()
	return gone
}
