package firefox

import (
	"net"

	"golang.org/x/sys/unix"
)

// acknowledge has what was received on c acknowledged now. It is for once: whatever is sent makes the kernel put off again. Where it cannot be had the
// connection is slow and works all the same.
// Source: tcp(7), TCP_QUICKACK
func acknowledge(c *net.TCPConn) {
	if raw, err := c.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { _ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_QUICKACK, 1) })
	}
}
