package suites

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// cleansUp makes this test's own program one that is interrupted and then clears away for ever.
const cleansUp = "COOKIEGATE_TEST_CLEANS_UP"

func TestASecondCtrlCEndsTheProgramAtOnce(t *testing.T) {
	if os.Getenv(cleansUp) != "" {
		ctx, cancel := Interrupted(context.Background())
		defer cancel()
		fmt.Println("ready")
		<-ctx.Done()
		fmt.Println("clearing away")
		select {}
	}
	if runtime.GOOS == "windows" {
		t.Skip("a program cannot send Ctrl-C to another")
	}
	g := NewWithT(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, os.Args[0], "-test.run=^"+t.Name()+"$")
	c.Env = append(os.Environ(), cleansUp+"=1")
	out, err := c.StdoutPipe()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(c.Start()).To(Succeed())
	lines := bufio.NewScanner(out)
	g.Expect(lines.Scan()).To(BeTrue())
	g.Expect(c.Process.Signal(os.Interrupt)).To(Succeed())
	g.Expect(lines.Scan()).To(BeTrue())
	g.Expect(lines.Text()).To(Equal("clearing away"))
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	g.Eventually(func() <-chan error { // a person presses it until something happens
		_ = c.Process.Signal(os.Interrupt)
		return ended
	}).WithContext(ctx).Should(Receive(MatchError("signal: interrupt")))
}
