package drivertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
)

// refusal: a browser that tells its version and does not start is no browser, and the error carries its last words.
func refusal(t *testing.T, d browsers.Driver) {
	g := NewWithT(t)
	x, err := d.Find()
	g.Expect(err).NotTo(HaveOccurred())
	const lastWords = "no screen, no memory, no hope"
	script := filepath.Join(t.TempDir(), "refuses")
	g.Expect(os.WriteFile(script, fmt.Appendf(nil, `#!/bin/sh
case "$*" in
--version) exec %q --version ;;
esac
echo %q >&2
exit 1
`, x.Path, lastWords), 0o755)).To(Succeed())
	t.Setenv("COOKIEGATE_"+strings.ToUpper(string(d.Engine())), script)

	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	b, err := d.Launch(ctx, browsers.LaunchOptions{Policy: allow, Proxy: "http://127.0.0.1:9", Dir: t.TempDir()})
	if err == nil { // an engine that starts a process for each session
		defer b.Close()
		_, err = b.NewSession(ctx, browsers.SessionOptions{})
	} else {
		g.Expect(b == nil).To(BeTrue(), "a browser that is none")
	}
	g.Expect(err).To(MatchError(ContainSubstring(lastWords)))
	g.Expect(ctx.Err()).NotTo(HaveOccurred())
}
