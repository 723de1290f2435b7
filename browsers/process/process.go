package process

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// treeEnd is how long a killed tree may take to let go of its output before Close gives up on it.
const treeEnd = 10 * time.Second

// Options says what is started.
type Options struct {
	Path string
	Args []string
	// Env is added to the program's own environment, "NAME=value".
	Env []string
	// Dir is the working folder; empty: the program's own.
	Dir string
	// Mounts are seen by the process alone: for each, Source is found in the place of Target. See Mounts.
	Mounts []Mount
}

// Process is a running tree of processes.
type Process struct {
	cmd    *exec.Cmd
	done   chan struct{} // the first process is gone
	gone   chan struct{} // the whole tree is
	silent chan struct{} // nobody holds its output any more
	err    error         // of Wait, once done is closed

	mu   sync.Mutex
	tail []string // last lines of its output, for error messages
}

// Start starts a process and waits until a line of its output (stdout and stderr together) satisfies ready, whose answer it
// returns; without ready it waits for nothing. When ctx ends or the process dies before that, the tree is killed and the error carries its last lines.
func Start(ctx context.Context, o Options, ready func(line string) (string, bool)) (*Process, string, error) {
	out, in, err := os.Pipe()
	if err != nil {
		return nil, "", err
	}
	cmd, err := command(o)
	if err != nil {
		_ = in.Close()
		_ = out.Close()
		return nil, "", err
	}
	cmd.Env, cmd.Dir = append(os.Environ(), o.Env...), o.Dir
	cmd.Stdout, cmd.Stderr = in, in
	err = start(cmd)
	_ = in.Close()
	if err != nil {
		_ = out.Close()
		return nil, "", fmt.Errorf("start %s: %w", o.Path, err)
	}
	answer := make(chan string, 1)
	if ready == nil {
		ready = func(string) (string, bool) { return "", false }
		answer <- ""
	}
	p := &Process{cmd: cmd, done: make(chan struct{}), gone: make(chan struct{}), silent: make(chan struct{})}
	go p.read(out, ready, answer)
	go func() {
		p.err = cmd.Wait()
		close(p.done)
		killTree(cmd.Process) // what the first process left behind
		reap(cmd.Process)
		close(p.gone)
	}()
	select {
	case a := <-answer:
		return p, a, nil
	case <-p.done:
		_ = p.Close()
		select {
		case a := <-answer: // its last words
			return p, a, nil
		default:
		}
		return nil, "", fmt.Errorf("%s ended at its start: %v%s", o.Path, p.err, p.Output())
	case <-ctx.Done():
		_ = p.Close()
		return nil, "", fmt.Errorf("%s did not start: %w%s", o.Path, context.Cause(ctx), p.Output())
	}
}

func (p *Process) read(out *os.File, ready func(string) (string, bool), answer chan<- string) {
	defer close(p.silent)
	defer out.Close()
	lines := bufio.NewReader(out)
	answered := false
	for {
		line, err := lines.ReadString('\n')
		if line = strings.TrimSpace(line); line != "" {
			p.remember(line)
			if !answered {
				if a, ok := ready(line); ok {
					answered = true
					answer <- a
				}
			}
		}
		if err != nil {
			return
		}
	}
}

func (p *Process) remember(line string) {
	const keep = 12
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tail = append(p.tail, line)
	if len(p.tail) > keep {
		p.tail = p.tail[1:]
	}
}

// Output is the last that the tree wrote, for an error's text: empty, or "; it said:" and some lines. Of a process that is gone, whose last words may
// still be on their way, it waits for them.
func (p *Process) Output() string {
	if p.dead() {
		_ = p.Close()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.tail) == 0 {
		return ""
	}
	return "; it said:\n  " + strings.Join(p.tail, "\n  ")
}

// PID is the id of the first process.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Done is closed when the first process is gone, whatever the reason. What it started is killed then.
func (p *Process) Done() <-chan struct{} { return p.done }

// Wait returns when the whole tree is gone of itself, or at ctx's end.
func (p *Process) Wait(ctx context.Context) error {
	for _, c := range []chan struct{}{p.gone, p.silent} {
		select {
		case <-c:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// Terminate asks the first process to end, so that it can clean up behind itself, and kills what is left after a moment.
func (p *Process) Terminate() error {
	return p.endAfter(p.cmd.Process.Signal(os.Interrupt))
}

// TerminateTree asks every process of the tree to end, as Ctrl-C in a terminal does, and kills what is left after a moment. A shell that was told alone
// would wait for what it has started.
func (p *Process) TerminateTree() error {
	if p.dead() {
		return p.Close()
	}
	return p.endAfter(interruptTree(p.cmd.Process))
}

// endAfter kills what is left a moment after the tree was asked to end.
func (p *Process) endAfter(asked error) error {
	const moment = 2 * time.Second
	ctx, cancel := context.WithTimeout(context.Background(), moment)
	defer cancel()
	if asked == nil {
		_ = p.Wait(ctx)
	}
	return p.Close()
}

// dead says whether the first process is gone. What it left behind is killed then, once: its number may soon be somebody else's.
func (p *Process) dead() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// Close kills the whole tree and waits until it is gone.
func (p *Process) Close() error {
	if !p.dead() {
		killTree(p.cmd.Process)
	}
	ctx, cancel := context.WithTimeoutCause(context.Background(), treeEnd, errors.New("killed, and still there"))
	defer cancel()
	if err := p.Wait(ctx); err != nil {
		return fmt.Errorf("process %d: %w", p.PID(), err)
	}
	return nil
}

var _ io.Closer = (*Process)(nil)
