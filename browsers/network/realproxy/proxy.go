package realproxy

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/template"
	"time"

	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/browsers/process"
)

// Options say how a proxy is configured.
type Options struct {
	// Config is the product's configuration: the main file, "privoxy.conf" or "squid.conf", in its root, and what that includes. Every
	// file is a text/template over settings.
	Config fs.FS
	// Rules are files of Config that say what this proxy does; which, the main file finds in settings.Rules.
	Rules []string
	// Parent is the proxy that it sends everything on to: Door.FarURL.
	Parent string
	// Trust is a PEM file of the authority whose certificates it accepts from there: Door.CAFile.
	Trust string
}

// settings is what a configuration template finds.
type settings struct {
	// Dir is the folder in which the proxy starts. The configuration lies in it, and PEM files: the authority with which to mint as ca.pem and ca.key,
	// whom to trust as trust.pem.
	Dir        string
	Host, Port string // where to listen
	ParentHost string
	ParentPort string
	Helper     string // Squid's certificate generator
	Service    string // a name that no other has
	names      []string
}

// Rules are the rule files with the extension, such as ".action".
func (s settings) Rules(extension string) []string {
	var names []string
	for _, n := range s.names {
		if filepath.Ext(n) == extension {
			names = append(names, n)
		}
	}
	return names
}

// Proxy is a running proxy. Its network.Proxy is what Door.Through wants.
type Proxy struct {
	network.Proxy
	process  *process.Process
	settings settings
	product  product
}

// attempts is how often a port is chosen: between its choice and the proxy's start, somebody else may take it.
const attempts = 3

// Start starts a product and returns when it serves. The error is a *NotInstalledError where there is none.
func Start(ctx context.Context, p Product, o Options) (*Proxy, error) {
	i, err := Find(p)
	if err != nil {
		return nil, err
	}
	parent, err := url.Parse(o.Parent)
	if err != nil || parent.Scheme != "http" || parent.Port() == "" {
		return nil, fmt.Errorf("%s: expected a parent proxy such as http://127.0.0.1:8080, found %q", i.Name(), o.Parent)
	}
	for n := 1; ; n++ {
		running, err := start(ctx, i, o, parent)
		if err == nil {
			return running, nil
		}
		if n == attempts || !taken(err) {
			return nil, fmt.Errorf("start %s: %w", i.Name(), err)
		}
	}
}

// taken says whether a start failed because its port was no longer free.
func taken(err error) bool {
	return strings.Contains(err.Error(), "another Privoxy or some other proxy running") || strings.Contains(err.Error(), "Address already in use")
}

func start(ctx context.Context, i Installed, o Options, parent *url.URL) (_ *Proxy, err error) {
	as, err := unprivileged()
	if err != nil {
		return nil, err
	}
	dir, err := as.folder("cookiegate-" + string(i.Product) + "-")
	if err != nil {
		return nil, err
	}
	p := &Proxy{product: products[i.Product], settings: settings{
		Dir: dir, Host: "127.0.0.1", ParentHost: parent.Hostname(), ParentPort: parent.Port(),
		Service: strings.ReplaceAll(filepath.Base(dir), "-", ""), names: o.Rules,
	}}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.Close())
		}
	}()
	if p.settings.Port, err = freePort(); err != nil {
		return nil, err
	}
	if i.Product == Squid {
		if p.settings.Helper, err = certificateHelper(i); err != nil {
			return nil, err
		}
	}
	if p.CA, err = writeAuthorities(p.settings, o.Trust); err != nil {
		return nil, err
	}
	if err = writeConfig(p.settings, o.Config); err != nil {
		return nil, err
	}
	if err = as.own(dir); err != nil {
		return nil, err
	}
	if err = p.product.prepare(ctx, i, p.settings, as); err != nil {
		return nil, err
	}
	path, args := as.command(i.Path, p.product.args(p.settings)...)
	p.Name = i.Name()
	p.URL = "http://" + net.JoinHostPort(p.settings.Host, p.settings.Port)
	p.process, _, err = process.Start(ctx, process.Options{Path: path, Args: args, Dir: dir}, p.product.ready)
	if err != nil {
		return nil, err
	}
	if err = p.serves(ctx); err != nil {
		return nil, err
	}
	return p, nil
}

// knock is how often a proxy that says that it serves is asked whether it does.
const knock = 5 * time.Millisecond

// serves returns when the proxy takes connections: Squid says so a moment before it does.
func (p *Proxy) serves(ctx context.Context) error {
	ticker := time.NewTicker(knock)
	defer ticker.Stop()
	var dialer net.Dialer
	for {
		c, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(p.settings.Host, p.settings.Port))
		if err == nil {
			return c.Close()
		}
		select {
		case <-ticker.C:
		case <-p.Done():
			return errors.New("it ended at its start")
		case <-ctx.Done():
			return fmt.Errorf("it takes no connections: %w", context.Cause(ctx))
		}
	}
}

// Done is closed when the proxy is gone, whatever the reason.
func (p *Proxy) Done() <-chan struct{} { return p.process.Done() }

// Close ends the proxy and removes everything that it wrote.
func (p *Proxy) Close() error {
	var err error
	if p.process != nil {
		err = p.process.Close()
	}
	return errors.Join(err, p.product.clean(p.settings), os.RemoveAll(p.settings.Dir))
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), l.Close()
}

// writeAuthorities makes the authority with which the proxy mints, and tells it whom to trust.
func writeAuthorities(s settings, trust string) (ca []byte, err error) {
	trusted, err := os.ReadFile(trust)
	if err != nil {
		return nil, err
	}
	a, err := network.NewRSAAuthority()
	if err != nil {
		return nil, err
	}
	return a.PEM(), errors.Join(a.Save(filepath.Join(s.Dir, "ca.pem"), filepath.Join(s.Dir, "ca.key")), os.WriteFile(filepath.Join(s.Dir, "trust.pem"), trusted, 0o644))
}

// writeConfig writes the files of a configuration with the settings filled in.
func writeConfig(s settings, config fs.FS) error {
	for _, name := range s.names {
		if _, err := fs.Stat(config, name); err != nil {
			return fmt.Errorf("rules: %w", err)
		}
	}
	return fs.WalkDir(config, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(s.Dir, filepath.FromSlash(name))
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		text, err := fs.ReadFile(config, name)
		if err != nil {
			return err
		}
		t, err := template.New(name).Option("missingkey=error").Parse(string(text))
		if err != nil {
			return err
		}
		var b strings.Builder
		if err := t.Execute(&b, s); err != nil {
			return err
		}
		return os.WriteFile(target, []byte(b.String()), 0o644)
	})
}
