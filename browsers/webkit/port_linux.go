package webkit

import (
	"fmt"
	"io"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// reservePort chooses a free port of 127.0.0.1 that is given to nobody who asks for any until it is released. A program that names it may listen on it
// meanwhile: a socket that is bound and does not listen stands in the way of none that has SO_REUSEADDR too.
// Source: socket(7)
func reservePort() (port string, reserved io.Closer, err error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return "", nil, fmt.Errorf("reserve a port: %w", err)
	}
	socket := os.NewFile(uintptr(fd), "reserved port")
	defer func() {
		if err != nil {
			_ = socket.Close()
			err = fmt.Errorf("reserve a port: %w", err)
		}
	}()
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
		return "", nil, err
	}
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return "", nil, err
	}
	bound, err := unix.Getsockname(fd)
	if err != nil {
		return "", nil, err
	}
	return strconv.Itoa(bound.(*unix.SockaddrInet4).Port), socket, nil
}
