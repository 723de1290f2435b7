//go:build !linux

package webkit

import (
	"io"
	"net"
	"strconv"
)

// reservePort chooses a port that is free now. Only Linux has this engine.
func reservePort() (port string, reserved io.Closer, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), l, l.Close()
}
