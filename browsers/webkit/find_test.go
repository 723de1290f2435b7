package webkit

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

func TestTheScreenOnWhichTheVersionWasAskedForLeavesNothing(t *testing.T) {
	if _, err := (Driver{}).Find(); err != nil {
		t.Skip(err)
	}
	g := NewWithT(t)
	path := filepath.Join(t.TempDir(), "browser")
	g.Expect(os.WriteFile(path, []byte("#!/bin/sh\necho \"$DISPLAY\"\n"), 0o755)).To(Succeed())
	display, err := ask(path)
	g.Expect(err).NotTo(HaveOccurred())
	number := strings.TrimPrefix(strings.TrimSpace(display), ":")
	g.Expect(number).NotTo(BeEmpty())
	for _, left := range []string{"/tmp/.X" + number + "-lock", "/tmp/.X11-unix/X" + number} {
		g.Expect(left).NotTo(BeAnExistingFile())
	}
}
