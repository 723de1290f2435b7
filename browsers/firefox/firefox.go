package firefox

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	pw "github.com/playwright-community/playwright-go"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/playwright"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/browsers/process"
)

// Driver drives Firefox. The zero value is ready.
type Driver struct{}

// Engine is browsers.Firefox.
func (Driver) Engine() browsers.Engine { return browsers.Firefox }

// Supports says whether Firefox, on this machine, can be put under p.
func (Driver) Supports(p policy.Policy) error {
	sentence, advice := policy.NotAvailable(policy.Firefox, p), ""
	for _, e := range p.Exceptions {
		if e.EmbeddedIn != "" {
			sentence = "Firefox's exceptions cannot be limited to the pages of one site."
		}
	}
	if sentence == "" && managed(p) != nil {
		if err := process.CanMount(); err != nil {
			sentence, advice = "Firefox's policies.json is the whole installation's, and "+err.Error()+".", process.Advice(err)
		}
	}
	if sentence != "" {
		return &browsers.NotAvailableError{Engine: browsers.Firefox, Policy: p.Name, Sentence: sentence, Advice: advice}
	}
	return nil
}

// Launch starts a Firefox under o.Policy.
func (d Driver) Launch(ctx context.Context, o browsers.LaunchOptions) (browsers.Browser, error) {
	if err := d.Supports(o.Policy); err != nil {
		return nil, err
	}
	x, err := d.Find()
	if err != nil {
		return nil, err
	}
	e, err := prepare(x, o)
	if err != nil {
		return nil, err
	}
	b, err := playwright.Open(ctx, e, o)
	if err != nil {
		return nil, err
	}
	if entered(o) {
		if err := b.Turn(ctx, o.Policy); err != nil {
			return nil, errors.Join(err, b.Close())
		}
	}
	return b, nil
}

// engine starts Firefox processes on one profile.
type engine struct {
	exe      browsers.Executable
	options  browsers.LaunchOptions
	profile  string
	mounts   []process.Mount
	policies string // the file of managed policies; empty: the process can be shown none
}

// prepare writes the profile and the managed policies.
func prepare(x browsers.Executable, o browsers.LaunchOptions) (*engine, error) {
	e := &engine{exe: x, options: o, profile: filepath.Join(o.Dir, "profile")}
	if err := os.MkdirAll(e.profile, 0o755); err != nil {
		return nil, err
	}
	prefs := cookiePreferences(o.Policy)
	if list := permissions(o.Policy); list != nil && !entered(o) {
		file := filepath.Join(e.profile, "cookie-exceptions")
		if err := os.WriteFile(file, list, 0o644); err != nil {
			return nil, err
		}
		prefs[defaultExceptions] = (&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String()
	}
	proxy, err := proxyPreferences(o.Proxy)
	if err != nil {
		return nil, err
	}
	if !o.Headed {
		if err := bare(e.profile); err != nil {
			return nil, err
		}
		prefs[styleSheets] = true
	}
	js, err := userJS(stock, proxy, prefs)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(e.profile, "user.js"), js, 0o644); err != nil {
		return nil, err
	}
	return e, e.manage(managed(o.Policy))
}

func (e *engine) Name() browsers.Engine           { return browsers.Firefox }
func (e *engine) Executable() browsers.Executable { return e.exe }

// Start starts a process.
func (e *engine) Start(ctx context.Context) (playwright.Process, error) {
	args := []string{
		"--profile", e.profile,
		"--no-remote",
		"--remote-debugging-port=0",
		// To read back the settings from the running browser; pages have nothing of it.
		"--remote-allow-system-access",
	}
	if !e.options.Headed {
		args = append(args, "--headless")
	}
	p, endpoint, err := process.Start(ctx, process.Options{
		Path:   e.exe.Path,
		Args:   args,
		Mounts: e.mounts,
		Env: []string{
			"MOZ_CRASHREPORTER_DISABLE=1",
			"MOZ_REMOTE_SETTINGS_DEVTOOLS=1", // or a release build ignores services.settings.server
		},
	}, listening)
	if err != nil {
		return nil, err
	}
	if endpoint, err = relay(endpoint+"/session", p.Done()); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	if e.options.Persistent || e.options.Policy.PrivateWindow {
		endpoint += "?persistent"
	}
	return &running{Process: p, endpoint: endpoint, policy: e.options.Policy, policies: e.policies}, nil
}

func listening(line string) (string, bool) {
	return strings.CutPrefix(line, "WebDriver BiDi listening on ")
}

// running is one Firefox process.
type running struct {
	*process.Process
	endpoint string
	policy   policy.Policy
	policies string // the file of managed policies; empty: there can be none
}

func (r *running) Endpoint() string { return r.endpoint }

// Watch has nothing to collect: Firefox reports no cookies that it did not store or send.
func (r *running) Watch(pw.CDPSession) playwright.Evidence { return nil }

// Prepare has nothing to set: the policy is the profile's.
func (r *running) Prepare(pw.BrowserContext) error { return nil }

// NewPage opens a page.
func (r *running) NewPage(c pw.BrowserContext) (pw.Page, error) { return c.NewPage() }

// Quit closes the browser as a person does.
func (r *running) Quit(ctx context.Context, b pw.Browser) error {
	session, err := b.NewBrowserCDPSession()
	if err != nil {
		return err
	}
	if _, err := session.Send("browser.close", map[string]any{}); err != nil {
		return err
	}
	return r.Wait(ctx)
}

var (
	_ browsers.Driver    = Driver{}
	_ playwright.Engine  = (*engine)(nil)
	_ playwright.Process = (*running)(nil)
)
