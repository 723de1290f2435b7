package drivertest

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
)

// death: a browser that is killed under a step is known to be dead at once, and leaves nothing behind.
func death(t *testing.T, d browsers.Driver) {
	if _, err := os.Stat("/proc/self/cmdline"); err != nil {
		t.Skip("processes are looked for in /proc")
	}
	g := NewWithT(t)
	w := newWorld(t)
	w.serve(t, site)
	outside := temporary(t)
	b, dir := w.launch(t, d, allow, false)
	p := newPerson(t, b, browsers.SessionOptions{})
	p.does(browsers.Step{Visit: top + "/landed"})

	failed := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		failed <- p.Do(ctx, browsers.Step{See: "Godot"})
	}()
	for _, pid := range processes(g, dir) {
		if p, err := os.FindProcess(pid); err == nil {
			_ = p.Kill()
		}
	}
	var err error
	g.Eventually(failed, patience/4).Should(Receive(&err))
	g.Expect(err).To(MatchError(browsers.ErrCrashed))
	g.Eventually(b.Done(), patience/4).Should(BeClosed())

	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	_, err = b.NewSession(ctx, browsers.SessionOptions{})
	g.Expect(err).To(MatchError(browsers.ErrCrashed))
	_, err = b.Settings(ctx)
	g.Expect(err).To(MatchError(browsers.ErrCrashed))
	g.Expect(b.Close()).To(Succeed())
	g.Expect(processes(g, dir)).To(BeEmpty())
	g.Expect(os.ReadDir(outside)).To(BeEmpty())
}

// processes are those that have dir among their arguments or in their environment: a browser's first process, and more.
func processes(g *WithT, dir string) []int {
	folders, err := filepath.Glob("/proc/[0-9]*")
	g.Expect(err).NotTo(HaveOccurred())
	var pids []int
	for _, folder := range folders {
		args, _ := os.ReadFile(filepath.Join(folder, "cmdline")) // none of one that has just ended
		env, _ := os.ReadFile(filepath.Join(folder, "environ"))
		if !strings.Contains(string(args)+string(env), dir) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(folder)); err == nil && pid != os.Getpid() {
			pids = append(pids, pid)
		}
	}
	return pids
}
