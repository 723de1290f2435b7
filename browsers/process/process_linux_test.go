package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func startShell(t *testing.T, script string, o Options) (*Process, string) {
	t.Helper()
	o.Path, o.Args = "/bin/sh", []string{"-c", script}
	p, answer, err := Start(t.Context(), o, func(line string) (string, bool) { return strings.CutPrefix(line, "ready") })
	answer = strings.TrimSpace(answer)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { _ = p.Close() })
	return p, answer
}

func TestCloseKillsTheWholeTree(t *testing.T) {
	g := NewWithT(t)
	p, child := startShell(t, "sleep 100 & echo ready $!; wait", Options{})
	g.Expect("/proc/" + child).To(BeADirectory())
	g.Expect(p.Close()).To(Succeed())
	g.Expect(state(child)).To(BeEmpty())
	g.Expect(p.Done()).To(BeClosed())
}

func TestTheWholeTreeIsAskedToEnd(t *testing.T) {
	g := NewWithT(t)
	said := filepath.Join(t.TempDir(), "said")
	p, _ := startShell(t, `sh -c 'trap "echo bye > `+said+`; exit" INT; echo ready; while :; do sleep 0.05; done'; true`, Options{})
	g.Expect(p.TerminateTree()).To(Succeed())
	g.Expect(os.ReadFile(said)).To(BeEquivalentTo("bye\n"))
}

func TestWhatADeadProcessLeavesBehindIsKilled(t *testing.T) {
	g := NewWithT(t)
	p, child := startShell(t, "sleep 100 & echo ready $!; exit 3", Options{})
	g.Expect(p.Wait(t.Context())).To(Succeed())
	g.Expect(state(child)).To(BeEmpty())
}

func TestTheNumberOfADeadProcessMayBeAnothers(t *testing.T) {
	g := NewWithT(t)
	other, _ := startShell(t, "echo ready; sleep 100", Options{})
	over := make(chan struct{})
	close(over)
	dead := &Process{cmd: other.cmd, done: over, gone: over, silent: over}
	g.Expect(dead.TerminateTree()).To(Succeed())
	g.Expect(dead.Close()).To(Succeed())
	g.Consistently(other.Done(), "100ms").ShouldNot(BeClosed())
}

func TestADetachedHelperThatNamesTheTreeIsEnded(t *testing.T) {
	g := NewWithT(t)
	// As Firefox's crash helper: in a session of its own, its parent gone, the browser's id among its arguments.
	p, _ := startShell(t, `setsid sh -c "sleep 100 $$ &"; echo ready; sleep 100`, Options{})
	helper := fmt.Sprintf("sleep\x00100\x00%d\x00", p.PID())
	g.Eventually(orphans).Should(ConsistOf(helper), "it is no shell any more")
	g.Expect(p.Close()).To(Succeed())
	g.Expect(orphans()).To(BeEmpty())
}

// orphans are the command lines of the processes that were adopted.
func orphans() (commands []string) {
	for pid, fields := range stats() {
		if orphan(pid, fields) {
			command, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
			commands = append(commands, string(command))
		}
	}
	return commands
}

// state is the letter that Linux gives a process, empty when there is none.
func state(pid string) string {
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return ""
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	return after[:1]
}

func TestADeathAtTheStartTellsTheLastWords(t *testing.T) {
	_, _, err := Start(t.Context(), Options{Path: "/bin/sh", Args: []string{"-c", "echo no display >&2; exit 1"}},
		func(string) (string, bool) { return "", false })
	NewWithT(t).Expect(err).To(MatchError(And(ContainSubstring("exit status 1"), ContainSubstring("no display"))))
}

func TestAProcessMayHaveABracketInItsName(t *testing.T) {
	g := NewWithT(t)
	sleep, err := exec.LookPath("sleep")
	g.Expect(err).NotTo(HaveOccurred())
	program, err := os.ReadFile(sleep)
	g.Expect(err).NotTo(HaveOccurred())
	file := filepath.Join(t.TempDir(), "a) b")
	g.Expect(os.WriteFile(file, program, 0o755)).To(Succeed())
	p, _, err := Start(t.Context(), Options{Path: file, Args: []string{"100"}}, nil)
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { _ = p.Close() })
	parent := ""
	for pid, fields := range stats() {
		if pid == p.PID() {
			parent = fields[1]
		}
	}
	g.Expect(parent).To(Equal(strconv.Itoa(os.Getpid())))
}

func TestTheLastWordsOfADeadProcessAreWaitedFor(t *testing.T) {
	over := make(chan struct{})
	close(over)
	p := &Process{done: over, gone: over, silent: make(chan struct{})}
	go func() {
		p.remember("no database")
		close(p.silent)
	}()
	NewWithT(t).Expect(p.Output()).To(Equal("; it said:\n  no database"))
}

func TestWhatALaunchScriptLeavesRunningIsNotWaitedFor(t *testing.T) {
	g := NewWithT(t)
	left := filepath.Join(t.TempDir(), "left")
	t.Cleanup(func() {
		id, err := os.ReadFile(left)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(exec.Command("kill", strings.TrimSpace(string(id))).Run()).To(Succeed())
	})
	said := make(chan string, 1)
	go func() {
		answer, _ := Answer("/bin/sh", []string{"LEFT=" + left}, "-c", `sleep 1000 & echo $! >"$LEFT"; echo Chromium 1.2.3.4; echo hm >&2`)
		said <- answer
	}()
	g.Eventually(said, answerTime/2).Should(Receive(Equal("Chromium 1.2.3.4\n")))
}

func TestAStartThatIsNeverReadyEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithTimeoutCause(t.Context(), 50*time.Millisecond, errors.New("too slow"))
	defer cancel()
	_, _, err := Start(ctx, Options{Path: "/bin/sh", Args: []string{"-c", "sleep 100"}}, func(string) (string, bool) { return "", false })
	NewWithT(t).Expect(err).To(MatchError(ContainSubstring("too slow")))
}

func TestMountsAreSeenByTheProcessAlone(t *testing.T) {
	if err := CanMount(); err != nil {
		t.Skip(err)
	}
	g := NewWithT(t)
	source, target := t.TempDir(), t.TempDir()
	g.Expect(os.WriteFile(filepath.Join(source, "word"), []byte("mounted"), 0o644)).To(Succeed())
	_, word := startShell(t, "echo ready $(cat "+target+"/word); sleep 100", Options{Mounts: []Mount{{source, target}}})
	g.Expect(word).To(Equal("mounted"))
	g.Expect(os.ReadDir(target)).To(BeEmpty())
}

func TestOverlayOfAFolderThatIsNotThereKeepsItsNeighbours(t *testing.T) {
	g := NewWithT(t)
	etc := t.TempDir()
	g.Expect(os.WriteFile(filepath.Join(etc, "neighbour"), []byte("kept"), 0o644)).To(Succeed())
	staging := t.TempDir()
	m, inside, err := Overlay(filepath.Join(etc, "policies", "managed"), staging)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(m).To(Equal(Mount{Source: staging, Target: etc}))
	g.Expect(inside).To(Equal(filepath.Join(staging, "policies", "managed")))
	g.Expect(inside).To(BeADirectory())
	g.Expect(os.ReadFile(filepath.Join(staging, "neighbour"))).To(BeEquivalentTo("kept"))
	g.Expect(filepath.Join(etc, "policies")).NotTo(BeADirectory())
}

func TestAFolderThatIsThereCanBeHidden(t *testing.T) {
	g := NewWithT(t)
	target, staging := t.TempDir(), filepath.Join(t.TempDir(), "empty")
	g.Expect(os.WriteFile(filepath.Join(target, "word"), nil, 0o644)).To(Succeed())
	m, ok, err := Hide(target, staging)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(ok).To(BeTrue())
	g.Expect(m).To(Equal(Mount{Source: staging, Target: target}))
	g.Expect(os.ReadDir(staging)).To(BeEmpty())

	_, ok, err = Hide(filepath.Join(target, "none"), filepath.Join(staging, "none"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(ok).To(BeFalse(), "there is nothing to hide")
	g.Expect(filepath.Join(staging, "none")).NotTo(BeADirectory())
}

// Whoever is not root has mounts in a user namespace, where the system lets him make one.
func TestMountsOfSomebodyWhoIsNotRoot(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("all tests here are")
	}
	nobody := &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	try := exec.Command("unshare", "--user", "--map-root-user", "--mount", "true")
	try.SysProcAttr = nobody
	if out, err := try.CombinedOutput(); err != nil {
		t.Skipf("this system lets nobody make user namespaces: %v %s", err, out)
	}
	g := NewWithT(t)
	// The folder of the test binary is root's alone.
	binary := filepath.Join(t.TempDir(), "process.test")
	g.Expect(os.Chmod(filepath.Dir(filepath.Dir(binary)), 0o755)).To(Succeed())
	self, err := os.ReadFile("/proc/self/exe")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(os.WriteFile(binary, self, 0o755)).To(Succeed())
	again := exec.Command(binary, "-test.run=^TestMountsAreSeenByTheProcessAlone$", "-test.v")
	again.SysProcAttr, again.Env, again.Dir = nobody, []string{"PATH=" + os.Getenv("PATH"), "TMPDIR=/tmp"}, "/"
	out, err := again.CombinedOutput()
	g.Expect(err).NotTo(HaveOccurred(), "%s", out)
	g.Expect(string(out)).To(ContainSubstring("--- PASS: TestMountsAreSeenByTheProcessAlone"), "and it was not skipped")
}
