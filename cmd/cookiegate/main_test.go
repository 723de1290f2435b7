package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"go.uber.org/goleak"
)

// asCommand has the test's own binary be the command, so that exit codes and signals are real and nothing is built twice.
const asCommand = "COOKIEGATE_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		return
	}
	goleak.VerifyTestMain(m)
}

// patience is what anything may take at most. It is no measure of speed.
const patience = time.Minute

// cookiegate is the command with arguments, in a folder of its own.
func cookiegate(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	c := exec.CommandContext(ctx, self, args...)
	c.Dir = t.TempDir()
	c.Env = append(os.Environ(), asCommand+"=1", "TMPDIR="+t.TempDir())
	return c
}

// run runs the command to its end.
func run(t testing.TB, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	c := cookiegate(t, args...)
	c.Stdout, c.Stderr = &out, &err
	if failed := c.Run(); failed != nil && c.ProcessState == nil {
		t.Fatal(failed)
	}
	return c.ProcessState.ExitCode(), out.String(), err.String()
}

// running is the command while it serves.
type running struct {
	*WithT
	command *exec.Cmd
	said    map[string]string // what it printed, by the first word of the line
	folder  string            // its folder for temporary files

	mu   sync.Mutex
	rest bytes.Buffer
	read chan struct{}
}

// start starts the command and waits until it says that it is ready.
func start(t testing.TB, args ...string) *running {
	t.Helper()
	r := &running{WithT: NewWithT(t), command: cookiegate(t, args...), said: map[string]string{}, read: make(chan struct{})}
	r.folder = strings.TrimPrefix(r.command.Env[len(r.command.Env)-1], "TMPDIR=")
	out, err := r.command.StdoutPipe()
	r.Expect(err).NotTo(HaveOccurred())
	var wrong bytes.Buffer
	r.command.Stderr = &wrong
	r.Expect(r.command.Start()).To(Succeed())
	t.Cleanup(func() {
		r.command.Process.Kill()
		<-r.read
		r.command.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != "End it with Ctrl-C." {
		word, text, _ := strings.Cut(strings.TrimSpace(lines.Text()), " ")
		r.said[word] += strings.TrimSpace(text)
	}
	go func() {
		defer close(r.read)
		for lines.Scan() {
			r.mu.Lock()
			fmt.Fprintln(&r.rest, lines.Text())
			r.mu.Unlock()
		}
	}()
	if r.said["cookiegate"] == "" {
		<-r.read
		t.Fatalf("it did not get ready: %s", wrong.String())
	}
	return r
}

// address is the first address in what was printed after a word.
func (r *running) address(word string) string {
	first, _, _ := strings.Cut(r.said[word], " ")
	return strings.TrimSuffix(first, "/")
}

// output is what was printed since it was ready.
func (r *running) output() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.rest.String()
}

// end ends the command as init systems do, and returns its exit code.
func (r *running) end() int {
	r.Expect(r.command.Process.Signal(syscall.SIGTERM)).To(Succeed())
	<-r.read
	r.command.Wait()
	return r.command.ProcessState.ExitCode()
}

func TestWithOtherArgumentsACommandSaysWhatItExpects(t *testing.T) {
	for args, want := range map[string]string{
		"open":             "expected one integration, such as integration.yaml; found 0",
		"record a b":       "expected one integration, such as integration.yaml; found 2",
		"help bogus":       `unknown command "bogus" for "cookiegate"`,
		"help serve bogus": `unknown command "bogus" for "cookiegate serve"`,
		"completion bogus": `unknown command "bogus" for "cookiegate completion"`,
		"merge --out x":    "expected the blobs of all shards, such as blob-2-of-5.json.gz, or a folder that holds them",
	} {
		c := root()
		c.SetArgs(strings.Fields(args))
		NewWithT(t).Expect(c.Execute()).To(MatchError(want))
	}
}

// A complaint comes from a stranger: what an error quotes of it must not move the cursor.
func TestNoErrorHoldsControlCharactersOfAFile(t *testing.T) {
	g := NewWithT(t)
	file := inFolder(t, "report.yaml", `"sai\e[2Jd": It does not work.`+"\n")
	for _, args := range [][]string{{"explain", file}, {"check", "--as", "report", file}} {
		code, _, wrong := run(t, args...)
		g.Expect(code).To(Equal(2))
		g.Expect(wrong).To(ContainSubstring("sai\ufffd[2Jd: unknown key"), args[0])
		g.Expect(wrong).NotTo(ContainSubstring("\x1b"), args[0])
	}
}

// Each command shows how it is called, by flags that it has.
func TestEveryCommandHasExamplesThatCanBeCalled(t *testing.T) {
	for _, c := range root().Commands() {
		g := NewWithT(t)
		g.Expect(c.Example).NotTo(BeEmpty(), c.Name())
		for line := range strings.SplitSeq(c.Example, "\n") {
			line, _, _ = strings.Cut(line, " | ")
			_, called, ok := strings.Cut(line, "cookiegate "+c.Name())
			g.Expect(ok).To(BeTrue(), line)
			one, _, err := root().Find([]string{c.Name()})
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(one.ParseFlags(strings.Fields(strings.ReplaceAll(called, "'", "")))).To(Succeed(), line)
		}
	}
}

// As with cookiegate serve | head -1: what is printed at the end finds no reader, and the end is orderly all the same.
func TestAReaderThatGoesAwayKillsNothing(t *testing.T) {
	g := NewWithT(t)
	command := cookiegate(t, anywhere()...)
	out, err := command.StdoutPipe()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(command.Start()).To(Succeed())
	defer command.Process.Kill()
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != "End it with Ctrl-C." {
	}
	g.Expect(out.Close()).To(Succeed())
	g.Expect(command.Process.Signal(syscall.SIGTERM)).To(Succeed())
	command.Wait()
	g.Expect(command.ProcessState.String()).To(Equal("exit status 0"))
}

// left are the files in a folder.
func (r *running) left() []string {
	found, err := filepath.Glob(filepath.Join(r.folder, "*"))
	r.Expect(err).NotTo(HaveOccurred())
	return found
}

// drain reads a body to its end.
func drain(body io.ReadCloser) string {
	defer body.Close()
	data, err := io.ReadAll(body)
	if err != nil {
		return err.Error()
	}
	return string(data)
}
