//go:build !linux

package firefox

import "net"

// acknowledge has nothing to do where acknowledgements cannot be asked for.
func acknowledge(*net.TCPConn) {}
