package playwright

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	pw "github.com/playwright-community/playwright-go"
)

// host is one driver process. It serves all browsers of this program that want it at the same time and ends with the last of them.
type host struct {
	pw   *pw.Playwright
	gone chan struct{} // the process has ended
	refs int           // guarded by hosts

	mu   sync.Mutex
	last string // the last line it wrote that is not of a stack trace
}

var hosts struct {
	sync.Mutex
	current *host
}

// acquire returns the running driver process, starting one when there is none. Every acquire needs a release.
func acquire(ctx context.Context) (*host, error) {
	hosts.Lock()
	defer hosts.Unlock()
	if h := hosts.current; h != nil && !h.dead() {
		h.refs++
		return h, nil
	}
	h, err := startHost(ctx)
	if err != nil {
		return nil, err
	}
	h.refs = 1
	hosts.current = h
	return h, nil
}

func startHost(ctx context.Context) (*host, error) {
	dir, err := DriverDir()
	if err != nil {
		return nil, err
	}
	// The driver's stderr is a pipe of ours: its end says that the process is gone, which the client tells nobody who is not waiting
	// for an answer.
	out, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	h := &host{gone: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		h.pw, err = pw.Run(&pw.RunOptions{
			DriverDirectory:     dir,
			SkipInstallBrowsers: true,
			Stdout:              io.Discard,
			Stderr:              in,
			Logger:              slog.New(slog.DiscardHandler),
		})
		_ = in.Close()
		started <- err
	}()
	go h.read(out)
	select {
	case err := <-started:
		if err != nil {
			return nil, fmt.Errorf("start the Playwright driver in %s: %w", dir, err)
		}
		return h, nil
	case <-ctx.Done():
		go func() { // it may still come up
			if <-started == nil {
				_ = h.pw.Stop()
			}
		}()
		return nil, fmt.Errorf("start the Playwright driver in %s: %w", dir, context.Cause(ctx))
	}
}

func (h *host) read(out *os.File) {
	defer close(h.gone)
	defer out.Close()
	lines := bufio.NewScanner(out)
	var temporary string
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if folder, ok := strings.CutPrefix(line, "temporary folder "); ok && temporary == "" {
			temporary = folder
		} else if line != "" && !strings.HasPrefix(line, "at ") && !strings.HasPrefix(line, "Node.js v") {
			h.mu.Lock()
			h.last = line
			h.mu.Unlock()
		}
	}
	_, _ = io.Copy(io.Discard, out) // a line too long for the scanner
	if temporary != "" {
		_ = os.RemoveAll(temporary) // a process that was killed has left it
	}
}

func (h *host) dead() bool {
	select {
	case <-h.gone:
		return true
	default:
		return false
	}
}

// said is the last that the driver process had to say.
func (h *host) said() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.last
}

// endTime is how long the driver process may take to end when it is told to.
const endTime = 10 * time.Second

// release gives the driver process back; the last one ends it and waits until it is gone.
func (h *host) release() error {
	hosts.Lock()
	defer hosts.Unlock()
	if h.refs--; h.refs > 0 {
		return nil
	}
	if hosts.current == h {
		hosts.current = nil
	}
	ctx, cancel := context.WithTimeoutCause(context.Background(), endTime, errors.New("told to end, and still there"))
	defer cancel()
	return h.end(ctx, h.pw.Stop)
}

// end has stop tell the process to end, and returns when it is gone or at ctx's end: one that was stopped by a signal hears nothing.
func (h *host) end(ctx context.Context, stop func() error) error {
	ended := make(chan error, 1)
	go func() {
		err := stop()
		<-h.gone
		ended <- err
	}()
	var err error
	select {
	case err = <-ended:
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	if err == nil || errors.Is(err, pw.ErrTargetClosed) {
		return nil
	}
	err = fmt.Errorf("the Playwright driver: %w", err)
	if said := h.said(); said != "" {
		err = fmt.Errorf("%w; it said last: %s", err, said)
	}
	return err
}
