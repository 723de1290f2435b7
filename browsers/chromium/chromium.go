package chromium

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"

	pw "github.com/playwright-community/playwright-go"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/playwright"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/browsers/process"
)

// Driver drives Chromium. The zero value is ready.
type Driver struct{}

// Engine is browsers.Chromium.
func (Driver) Engine() browsers.Engine { return browsers.Chromium }

// Supports says whether Chromium, on this machine, can be put under p.
func (d Driver) Supports(p policy.Policy) error {
	sentence, advice := policy.NotAvailable(policy.Chromium, p), ""
	if sentence == "" && len(managed(p)) > 0 {
		if err := d.canManage(); err != nil {
			sentence, advice = "Chromium's managed policy is the whole machine's, and "+err.Error()+".", process.Advice(err)
		}
	}
	if sentence != "" {
		return &browsers.NotAvailableError{Engine: browsers.Chromium, Policy: p.Name, Sentence: sentence, Advice: advice}
	}
	return nil
}

// canManage says whether a Chromium of ours can be shown managed policies. Which folder it reads depends on the one that is installed.
func (d Driver) canManage() error {
	x, err := d.Find()
	if err != nil {
		return process.CanMount()
	}
	return process.CanOverlay(policyFolder(x))
}

// Launch starts a Chromium under o.Policy.
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
	return playwright.Open(ctx, e, o)
}

// engine starts Chromium processes on one profile.
type engine struct {
	exe       browsers.Executable
	options   browsers.LaunchOptions
	profile   string
	extension string // its folder; empty: none
	mounts    []process.Mount
	policies  string // the file of managed policies; empty: the process can be shown none
}

// prepare writes the profile and the managed policies.
func prepare(x browsers.Executable, o browsers.LaunchOptions) (*engine, error) {
	e := &engine{exe: x, options: o, profile: filepath.Join(o.Dir, "profile")}
	if err := writeJSON(filepath.Join(e.profile, "Default", "Preferences"), preferences(o.Policy)); err != nil {
		return nil, err
	}
	var err error
	if e.extension, err = unpack(o.Policy, o.Dir); err != nil {
		return nil, err
	}
	return e, e.overlay(policyFolder(x), managed(o.Policy))
}

func writeJSON(file string, v any) error {
	data, err := json.MarshalIndent(v, "", "\t")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o644)
}

func (e *engine) Name() browsers.Engine           { return browsers.Chromium }
func (e *engine) Executable() browsers.Executable { return e.exe }

// args are the flags of every start.
func (e *engine) args() []string {
	args := []string{
		"--user-data-dir=" + e.profile,
		"--remote-debugging-port=0",
		// Loopback too goes through the front door; "<-loopback>" takes away the exception that it has otherwise.
		"--proxy-server=" + e.options.Proxy,
		"--proxy-bypass-list=<-loopback>",
		// The front door's certificates are of its own authority.
		"--ignore-certificate-errors",
		// Nothing else goes out.
		"--disable-background-networking",
		"--disable-component-update",
		"--disable-domain-reliability",
		"--disable-sync",
		"--disable-quic",
		"--no-pings",
		// No address bar's popup, which is a page of its own for every window, and no renderer in reserve for it: more work than all cases are.
		// And all sites in one process, for processes are what a case costs most. Sites are kept apart in memory by them; which cookies they
		// get, the browser decides.
		"--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess,IsolateOrigins,site-per-process",
		"--disable-site-isolation-trials",
		"--renderer-process-limit=1",
		// A start is over at once. What has time until then, such as reading managed policies anew, would wait until a page has been seen for seconds.
		"--enable-features=ImprovedStartupBestEffortDelay:StartupDelayFailsafeTimeout/1ms",
		// No first-run pages, no keyring, no crash reports.
		"--no-first-run",
		"--no-default-browser-check",
		"--disable-search-engine-choice-screen",
		"--password-store=basic",
		"--use-mock-keychain",
		"--disable-breakpad",
		// Playwright loses sight of a page that comes out of the back/forward cache.
		"--disable-back-forward-cache",
		// A page behind another runs as one in front.
		"--disable-background-timer-throttling",
		"--disable-backgrounding-occluded-windows",
		"--disable-renderer-backgrounding",
	}
	if !e.options.Headed {
		args = append(args, "--headless", "--animation-duration-scale=0") // nobody sees the window's own animations; a page's are not among them
	}
	if e.options.Policy.PrivateWindow {
		args = append(args, "--incognito")
	}
	if e.extension != "" {
		args = append(args, "--load-extension="+e.extension)
	}
	if unsandboxed.Load() {
		args = append(args, withoutSandbox)
	}
	return append(args, "about:blank")
}

// Start starts a process and begins to listen to it.
func (e *engine) Start(ctx context.Context) (playwright.Process, error) {
	p, endpoint, err := e.start(ctx)
	if err != nil {
		return nil, err
	}
	return &running{Process: p, endpoint: endpoint, profile: e.profile, policy: e.options.Policy, policies: e.policies, apart: playwright.Apart(e.options)}, nil
}

func listening(line string) (string, bool) {
	return strings.CutPrefix(line, "DevTools listening on ")
}

// running is one Chromium process.
type running struct {
	*process.Process
	endpoint string
	profile  string
	policy   policy.Policy
	policies string  // the file of managed policies; empty: there can be none
	apart    bool    // cases have contexts of their own, and see no page of the profile's
	first    pw.Page // of private windows

	// Pages of the profile's own, nil until they are wanted: what a person sets, what the IT department does, and the list of what is in force.
	settings, managing, listing pw.Page
}

func (r *running) Endpoint() string { return r.endpoint }

// Close kills the process and everything it started, and removes what is left of it outside its profile.
func (r *running) Close() error {
	return errors.Join(r.Process.Close(), removeSingleton(r.profile))
}

// Watch is what the browser says about the cookies of a context.
func (r *running) Watch(script pw.CDPSession) playwright.Evidence { return &hearing{session: script} }

// Prepare answers the storage-access prompt, which the browser asks each context anew.
func (r *running) Prepare(c pw.BrowserContext) error {
	if r.policy.StorageAccess != policy.StorageAccessGranted {
		return nil
	}
	return c.GrantPermissions([]string{"storage-access"})
}

// NewPage opens a page. Where windows are private the first is the one that the browser opened by itself, and that opens the others: one
// that Playwright asks for is in the profile behind them, which is not private at all.
func (r *running) NewPage(c pw.BrowserContext) (pw.Page, error) {
	if !r.policy.PrivateWindow {
		return c.NewPage()
	}
	if r.first == nil {
		if len(c.Pages()) == 0 {
			return nil, errors.New("the browser opened no private window")
		}
		r.first = c.Pages()[0]
		return r.first, nil
	}
	return c.ExpectPage(func() error {
		_, err := r.first.Evaluate(`() => void open('about:blank', '_blank', 'noopener')`)
		return err
	})
}

// reread reads a protocol's answer, which comes as maps, into a struct.
func reread(answer, into any) error {
	data, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}

// Quit closes the browser as its last window does.
func (r *running) Quit(ctx context.Context, b pw.Browser) error {
	session, err := b.NewBrowserCDPSession()
	if err != nil {
		return err
	}
	if _, err := session.Send("Browser.close", map[string]any{}); err != nil {
		return err
	}
	return r.Wait(ctx)
}

var (
	_ browsers.Driver    = Driver{}
	_ playwright.Engine  = (*engine)(nil)
	_ playwright.Process = (*running)(nil)
)
