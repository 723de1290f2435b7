package webkit

import (
	"net"
	"strconv"
	"testing"

	. "github.com/onsi/gomega"
	"golang.org/x/sys/unix"
)

func TestAPortIsNobodyElsesUntilTheDriverTakesIt(t *testing.T) {
	g := NewWithT(t)
	port, reserved, err := reservePort()
	g.Expect(err).NotTo(HaveOccurred())
	defer reserved.Close()
	n, err := strconv.Atoi(port)
	g.Expect(err).NotTo(HaveOccurred())
	stranger, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	g.Expect(err).NotTo(HaveOccurred())
	defer unix.Close(stranger)
	g.Expect(unix.Bind(stranger, &unix.SockaddrInet4{Port: n, Addr: [4]byte{127, 0, 0, 1}})).To(MatchError(unix.EADDRINUSE))
	l, err := net.Listen("tcp", "127.0.0.1:"+port)
	g.Expect(err).NotTo(HaveOccurred(), "the driver sets SO_REUSEADDR, as Go does")
	g.Expect(l.Close()).To(Succeed())
}
