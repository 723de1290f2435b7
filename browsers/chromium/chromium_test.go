package chromium

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/drivertest"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/browsers/probe"
	"github.com/cookiegate/cookiegate/browsers/process"
)

func TestDriver(t *testing.T) { drivertest.Run(t, Driver{}) }

const patience = 60 * time.Second

func launch(t *testing.T, p policy.Policy, sites map[string]http.HandlerFunc) browsers.Browser {
	t.Helper()
	g := NewWithT(t)
	if _, err := (Driver{}).Find(); err != nil {
		t.Skip(err)
	}
	door, err := network.Listen(network.Options{})
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { _ = door.Close() })
	for host, h := range sites {
		g.Expect(door.Route(host, h)).To(Succeed())
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	b, err := Driver{}.Launch(ctx, browsers.LaunchOptions{Policy: p, Proxy: door.ProxyURL(), Dir: t.TempDir()})
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(b.Close()).To(Succeed()) })
	return b
}

func do(t *testing.T, s browsers.Session, steps ...browsers.Step) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for _, step := range steps {
		NewWithT(t).Expect(s.Do(ctx, step)).To(Succeed())
	}
}

func TestBlockedCookiesAreReportedInFramesAndPopupsFromTheirFirstRequest(t *testing.T) {
	page := func(body string, cookies ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for _, c := range cookies {
				if r.URL.Path != "/favicon.ico" {
					w.Header().Add("Set-Cookie", c)
				}
			}
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte("<!doctype html>" + body))
		}
	}
	third := http.NewServeMux()
	third.Handle("/frame", page(`<script src="/script"></script><p>Framed</p>`, "frame=1; SameSite=None; Secure"))
	third.Handle("/script", page(``, "script=1; SameSite=None; Secure"))
	third.Handle("/popup", page(`<p>Popped up</p>`, "popup=1; SameSite=None")) // without Secure
	b := launch(t, policy.Policy{Name: "block-third-party", Base: policy.BlockThirdParty}, map[string]http.HandlerFunc{
		"top.example":   page(`<iframe name="f" src="https://third.example/frame"></iframe><a target="_blank" href="https://third.example/popup">Open</a>`),
		"third.example": third.ServeHTTP,
	})
	g := NewWithT(t)
	s, err := b.NewSession(t.Context(), browsers.SessionOptions{})
	g.Expect(err).NotTo(HaveOccurred())
	do(t, s, browsers.Step{Visit: "https://top.example/"}, browsers.Step{See: "Framed", InFrame: "f"}, browsers.Step{Click: "text=Open"},
		browsers.Step{See: "Popped up", InPopup: true})
	type loss struct{ Name, URL, Reason string }
	var lost []loss
	for _, c := range s.Blocked() {
		g.Expect(c.Direction).To(Equal(browsers.Store))
		g.Expect(c.Time).NotTo(BeZero())
		lost = append(lost, loss{c.Name, c.URL, strings.Join(c.Reasons, " ")})
	}
	g.Expect(lost).To(ConsistOf(
		loss{"frame", "https://third.example/frame", "UserPreferences"},
		loss{"script", "https://third.example/script", "UserPreferences"},
		loss{"popup", "https://third.example/popup", "SameSiteNoneInsecure"},
	))
	g.Expect(s.Close()).To(Succeed())
}

func TestAnExceptionForOnePageIsNotProvenWhereEveryPageIsAllowed(t *testing.T) {
	g := NewWithT(t)
	if _, err := (Driver{}).Find(); err != nil {
		t.Skip(err)
	}
	p := policy.Policy{
		Name: "embedding-site-allow", Base: policy.BlockThirdParty,
		Exceptions: []policy.Exception{{EmbeddedIn: "acme.example", Decision: policy.Allow, By: policy.Person}},
		Probe:      []policy.ProbeExpectation{{FirstParty: policy.SeenAccepted, ThirdParty: policy.SeenAccepted, AllowedSite: policy.SeenAccepted}},
	}
	door, err := network.Listen(network.Options{})
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { _ = door.Close() })
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	other := p
	other.Base = policy.AllowThirdParty
	b, err := Driver{}.Launch(ctx, browsers.LaunchOptions{Policy: other, Proxy: door.ProxyURL(), Dir: t.TempDir()})
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(b.Close()).To(Succeed()) })
	const site = "https://acme.webex.com"
	g.Expect(probe.Prove(ctx, door, browsers.Chromium, b, p, site)).To(MatchError(
		"policy embedding-site-allow is not in force in chromium: the third-party probe cookie was accepted in a page of https://probe-top.example, expected refused"))
	g.Expect(b.Turn(ctx, p)).To(Succeed())
	g.Expect(probe.Prove(ctx, door, browsers.Chromium, b, p, site)).To(Succeed())
}

// A session in a private window takes its process along.
func TestSettingsAreReadAfterAPrivateSessionToo(t *testing.T) {
	g := NewWithT(t)
	b := launch(t, policy.Policy{Name: "private-window", Base: policy.BrowserDefault, PrivateWindow: true}, nil)
	s, err := b.NewSession(t.Context(), browsers.SessionOptions{})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(s.Close()).To(Succeed())
	g.Expect(b.Settings(t.Context())).NotTo(BeEmpty())
}

func TestADeadDriverProcessIsADeadBrowser(t *testing.T) {
	g := NewWithT(t)
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	b := launch(t, policy.Policy{Name: "allow-third-party", Base: policy.AllowThirdParty}, map[string]http.HandlerFunc{"top.example": http.NotFound})
	s, err := b.NewSession(t.Context(), browsers.SessionOptions{})
	g.Expect(err).NotTo(HaveOccurred())
	do(t, s, browsers.Step{Visit: "https://top.example/"})
	drivers := filepath.Join(temporary, "cookiegate-driver-*")
	g.Expect(filepath.Glob(drivers)).To(HaveLen(1))
	failed := make(chan error, 1)
	go func() { failed <- s.Do(t.Context(), browsers.Step{See: "Godot"}) }()
	driver, err := os.FindProcess(driverProcess(g))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(driver.Kill()).To(Succeed())
	g.Eventually(failed, patience/4).Should(Receive(&err))
	g.Expect(errors.Is(err, browsers.ErrCrashed)).To(BeTrue(), "%v", err)
	g.Eventually(b.Done(), patience/4).Should(BeClosed())
	g.Expect(b.Close()).To(Succeed())
	g.Expect(filepath.Glob(drivers)).To(BeEmpty())
}

// driverProcess is this program's child that runs the driver script.
func driverProcess(g *WithT) int {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	g.Expect(err).NotTo(HaveOccurred())
	for _, file := range files {
		stat, _ := os.ReadFile(file)
		args, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "cmdline"))
		_, rest, _ := strings.Cut(string(stat), ") ")
		if fields := strings.Fields(rest); len(fields) > 1 && fields[1] == strconv.Itoa(os.Getpid()) && strings.Contains(string(args), "run-driver") {
			pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			g.Expect(err).NotTo(HaveOccurred())
			return pid
		}
	}
	g.Expect("a driver process").To(BeEmpty())
	return 0
}

func TestWhatTheMachinesITDepartmentWantsIsNotSeen(t *testing.T) {
	if err := process.CanMount(); err != nil {
		t.Skip(err)
	}
	g := NewWithT(t)
	machine := filepath.Join(t.TempDir(), "policies")
	for _, file := range []string{"managed/company.json", "recommended/company.json"} {
		g.Expect(writeJSON(filepath.Join(machine, file), map[string]any{"BlockThirdPartyCookies": true})).To(Succeed())
	}
	e := &engine{options: browsers.LaunchOptions{Dir: t.TempDir()}}
	g.Expect(e.overlay(machine, map[string][]string{"CookiesAllowedForUrls": {"https://webex.com"}})).To(Succeed())
	g.Expect(e.mounts).To(HaveLen(1))
	g.Expect(e.mounts[0].Target).To(Equal(machine))
	var seen []string
	g.Expect(fs.WalkDir(os.DirFS(e.mounts[0].Source), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			seen = append(seen, path)
		}
		return err
	})).To(Succeed())
	g.Expect(seen).To(Equal([]string{"managed/cookiegate.json"}))
	g.Expect(filepath.Join(machine, "managed/company.json")).To(BeARegularFile(), "the machine keeps its own")
}

func TestWhereNoSandboxIsToBeHadItStartsWithout(t *testing.T) {
	g := NewWithT(t)
	x, err := (Driver{}).Find()
	if err != nil {
		t.Skip(err)
	}
	script := filepath.Join(t.TempDir(), "chromium")
	g.Expect(os.WriteFile(script, fmt.Appendf(nil, `#!/bin/sh
case "$*" in
--version | *--no-sandbox*) exec %q "$@" ;;
esac
echo 'ERROR:zygote_host_impl_linux.cc:130] No usable sandbox! If this is a Debian system, please install the chromium-sandbox package' >&2
exit 1
`, x.Path), 0o755)).To(Succeed())
	t.Setenv(search.Env, script)
	before := unsandboxed.Swap(false)
	t.Cleanup(func() { unsandboxed.Store(before) })

	b := launch(t, policy.Policy{Name: "allow-third-party", Base: policy.AllowThirdParty}, nil)
	s, err := b.NewSession(t.Context(), browsers.SessionOptions{})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(s.Close()).To(Succeed())
}

func TestItStartsWhereTheTemporaryFolderHasALongName(t *testing.T) {
	long := filepath.Join(t.TempDir(), strings.Repeat("long", 20))
	NewWithT(t).Expect(os.Mkdir(long, 0o755)).To(Succeed())
	t.Setenv("TMPDIR", long)
	b := launch(t, policy.Policy{Name: "allow-third-party", Base: policy.AllowThirdParty}, nil)
	s, err := b.NewSession(t.Context(), browsers.SessionOptions{})
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	NewWithT(t).Expect(s.Close()).To(Succeed())
}
