package drivertest

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
)

// death: a page or a browser that is killed under a step is known to be dead at once, and the browser leaves nothing behind.
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
	killed := func(pids []int) {
		go func() {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			failed <- p.Do(ctx, browsers.Step{See: "Godot"})
		}()
		for _, pid := range pids {
			if p, err := os.FindProcess(pid); err == nil {
				_ = p.Kill()
			}
		}
		var err error
		g.Eventually(failed, patience/4).Should(Receive(&err))
		g.Expect(err).To(MatchError(browsers.ErrCrashed))
	}
	ofPages := pageProcesses(g, dir)
	g.Expect(ofPages).NotTo(BeEmpty())
	killed(ofPages)
	g.Expect(p.Close()).To(Succeed())
	g.Expect(b.Done()).NotTo(BeClosed(), "the browser lives, and has another page for whoever wants one")

	p = newPerson(t, b, browsers.SessionOptions{})
	p.does(browsers.Step{Visit: top + "/landed"})
	killed(processes(g, dir))
	g.Eventually(b.Done(), patience/4).Should(BeClosed())

	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	_, err := b.NewSession(ctx, browsers.SessionOptions{})
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

// pageProcesses are those of processes in which pages live.
func pageProcesses(g *WithT, dir string) []int {
	return slices.DeleteFunc(processes(g, dir), func(pid int) bool {
		cmdline, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "cmdline"))
		args := strings.TrimRight(strings.ReplaceAll(string(cmdline), "\x00", " "), " ")
		return !strings.Contains(args, "--type=renderer") && !strings.Contains(args, "WebKitWebProcess") &&
			!(strings.Contains(args, "-contentproc ") && strings.HasSuffix(args, " tab"))
	})
}
