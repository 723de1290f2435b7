package upstream

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/browsers/process"
	"github.com/cookiegate/cookiegate/fixtures"
)

// Portal is a running portal, lent to one case at a time.
type Portal struct {
	name    string
	url     string           // where it answers, on this machine
	process *process.Process // nil: it ran already
	relay   *relay           // nil: it ran already
	folder  string           // with the files of an example; empty: they are not ours
}

// NotInstalledError says that what an example's command needs is not on this machine.
type NotInstalledError struct{ Name, Program string }

func (e *NotInstalledError) Error() string {
	return fmt.Sprintf("The example %s needs %s, which is not installed on this machine.", e.Name, e.Program)
}

// start starts an integration's portal, or finds the one that runs, and returns when it serves.
func start(ctx context.Context, in fixtures.Integration, t trust) (_ *Portal, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, in.ReadyWithin, fmt.Errorf("it was not ready within %v", in.ReadyWithin))
	defer cancel()
	p := &Portal{name: in.Name, url: in.Upstream}
	if in.Command.IsZero() {
		if err := p.serves(ctx, in, true); err != nil {
			return nil, fmt.Errorf("the portal of %s: %w; start it, or give the command that does", in.Name, err)
		}
		return p, nil
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()
	if err := p.run(ctx, in, t); err != nil {
		return nil, err
	}
	if strings.HasPrefix(in.Ready, "/") {
		if err := p.serves(ctx, in, false); err != nil {
			return nil, fmt.Errorf("the portal of %s: %w%s", in.Name, err, p.process.Output())
		}
	}
	return p, nil
}

// run starts the command. Where a printed line says that it is ready, it waits for that.
func (p *Portal) run(ctx context.Context, in fixtures.Integration, t trust) error {
	dir := in.Folder
	if in.Files != nil {
		var err error
		if p.folder, err = os.MkdirTemp(t.dir, in.Name+"-"); err != nil {
			return err
		}
		if err := os.CopyFS(p.folder, in.Files); err != nil {
			return err
		}
		dir = p.folder
	}
	var port string
	if p.url != "" {
		if answers(ctx, p.url) {
			return fmt.Errorf("the portal of %s: something answers at %s before the command was started; expected the address to be free", in.Name, p.url)
		}
	} else {
		var err error
		if port, err = freePort(); err != nil {
			return err
		}
		p.url = "http://" + net.JoinHostPort("127.0.0.1", port)
	}
	var err error
	if p.relay, err = newRelay(); err != nil {
		return err
	}
	env := t.environment(port, p.relay.url(), in.Env)
	words := in.Words()
	if len(in.Command.List) > 0 {
		for i, w := range words {
			words[i] = os.Expand(w, lookup(env))
		}
	}
	if filepath.Base(words[0]) != words[0] && !filepath.IsAbs(words[0]) {
		words[0] = filepath.Join(dir, words[0]) // as the shell would find it there
	}
	program, err := exec.LookPath(words[0])
	switch {
	case errors.Is(err, exec.ErrNotFound) && in.Files != nil:
		return &NotInstalledError{in.Name, words[0]}
	case err != nil:
		return fmt.Errorf("the portal of %s: %w", in.Name, err)
	}
	var said func(string) (string, bool)
	if !strings.HasPrefix(in.Ready, "/") {
		said = func(line string) (string, bool) { return line, strings.Contains(line, in.Ready) }
	}
	p.process, _, err = process.Start(ctx, process.Options{Path: program, Args: words[1:], Env: env, Dir: dir}, said)
	switch {
	case err != nil && said != nil:
		return fmt.Errorf("the portal of %s, of which a line with %q was waited for: %w", in.Name, in.Ready, err)
	case err != nil:
		return fmt.Errorf("the portal of %s: %w", in.Name, err)
	}
	return nil
}

// answers says whether somebody listens at an address of HTTP already: what is started there then is not what would be tested.
func answers(ctx context.Context, address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	c, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), u.Scheme)))
	if err != nil {
		return false
	}
	_ = c.Close() // it was only to be seen
	return true
}

// lookup finds a variable in a process's environment.
func lookup(env []string) func(string) string {
	return func(name string) string {
		for _, v := range slices.Backward(env) {
			if value, ok := strings.CutPrefix(v, name+"="); ok {
				return value
			}
		}
		return os.Getenv(name)
	}
}

// knock is how often a portal that has just been started is asked whether it serves.
const knock = 20 * time.Millisecond

// serves returns when the portal answers with a status below 500. Once: it must at once.
func (p *Portal) serves(ctx context.Context, in fixtures.Integration, once bool) error {
	client := &http.Client{
		// The front door takes any certificate of a portal on this machine, too: what developers have there is signed by nobody.
		Transport:     &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	again := time.NewTicker(knock)
	defer again.Stop()
	var seen error // the last answer that was not cut short by the end of its time
	for {
		err := p.ask(ctx, client, in)
		if err == nil || once {
			return err
		}
		if ctx.Err() == nil || seen == nil {
			seen = err
		}
		select {
		case <-again.C:
		case <-p.Done():
			return errors.New("it ended before it answered")
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", context.Cause(ctx), seen)
		}
	}
}

// ask asks the portal as the front door would.
func (p *Portal) ask(ctx context.Context, client *http.Client, in fixtures.Integration) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(p.url, "/")+in.Ready, nil)
	if err != nil {
		return err
	}
	if origin, err := url.Parse(in.Portal); err == nil {
		r.Host = origin.Host
		r.Header.Set("X-Forwarded-Proto", origin.Scheme)
	}
	resp, err := client.Do(r)
	if err != nil {
		switch dialled := (*net.OpError)(nil); {
		case !errors.As(err, &dialled) || dialled.Op != "dial":
			return fmt.Errorf("no answer in HTTP came from %s: %w", p.url, err)
		case in.Upstream == "":
			return fmt.Errorf("nothing answers at %s, the port that the command finds in PORT (where it listens on another, upstream says so): %w", p.url, err)
		}
		return fmt.Errorf("nothing answers at %s: %w", p.url, err)
	}
	resp.Body.Close()
	if resp.StatusCode >= http.StatusInternalServerError {
		return fmt.Errorf("%s%s answers %s", p.url, in.Ready, resp.Status)
	}
	return nil
}

// URL is where the portal answers on this machine.
func (p *Portal) URL() string { return p.url }

// lead has what the portal's server asks of Webex go through that door; nil: nowhere.
func (p *Portal) lead(d *network.Door) {
	if p.relay == nil {
		return
	}
	if d == nil {
		p.relay.lead("")
		return
	}
	p.relay.lead(strings.TrimPrefix(d.ServerURL(), "http://"))
}

// Done is closed when the portal's process is gone; of a portal that ran already it is nil.
func (p *Portal) Done() <-chan struct{} {
	if p.process == nil {
		return nil
	}
	return p.process.Done()
}

// Died is what there is to say of a portal whose process is gone, nil while it is there.
func (p *Portal) Died() error {
	select {
	case <-p.Done():
		return fmt.Errorf("the portal of %s ended while the case ran%s", p.name, p.process.Output())
	default:
		return nil
	}
}

func (p *Portal) close() error {
	var err error
	if p.process != nil {
		err = p.process.TerminateTree()
	}
	if p.relay != nil {
		err = errors.Join(err, p.relay.close())
	}
	if p.folder != "" {
		err = errors.Join(err, os.RemoveAll(p.folder))
	}
	return err
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), l.Close()
}
