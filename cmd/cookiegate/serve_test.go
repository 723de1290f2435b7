package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/simulator/control"
)

// anywhere are the flags that take free ports.
func anywhere(more ...string) []string {
	return append([]string{"serve", "--addr", "127.0.0.1:0", "--control", "127.0.0.1:0", "--proxy", "127.0.0.1:0"}, more...)
}

// browser asks for sites by their real names, directly or through a proxy, and trusts what the command said is to be trusted.
func (r *running) browser(t testing.TB, proxy string) *http.Client {
	t.Helper()
	pem, err := os.ReadFile(r.address("trust"))
	r.Expect(err).NotTo(HaveOccurred())
	pool := x509.NewCertPool()
	r.Expect(pool.AppendCertsFromPEM(pem)).To(BeTrue())
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
	if proxy != "" {
		address, err := url.Parse(proxy)
		r.Expect(err).NotTo(HaveOccurred())
		transport.Proxy = http.ProxyURL(address)
	} else {
		at := strings.TrimPrefix(r.address("at"), "https://")
		transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, at)
		}
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func (r *running) client(t testing.TB) *control.Client {
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &control.Client{URL: strings.TrimSuffix(r.address("API"), "/openapi.yaml"), HTTP: &http.Client{Transport: transport, Timeout: patience}}
}

var aliceLogsIn = url.Values{"AT": {"LI"}, "WID": {"alice"}, "PW": {"secret"}}

func TestServeServesTheSiteDirectlyAndThroughTheProxy(t *testing.T) {
	r := start(t, anywhere()...)
	r.Expect(r.said["site"]).To(Equal("https://acme.webex.com/acme/   hosts: alice, bob"))
	for name, proxy := range map[string]string{"directly": "", "through the proxy": r.address("proxy")} {
		answer, err := r.browser(t, proxy).PostForm("https://acme.webex.com/acme/p.php", aliceLogsIn)
		r.Expect(err).NotTo(HaveOccurred(), name)
		r.Expect(drain(answer.Body)).To(ContainSubstring(`ST\x3dSUCCESS`), name)
	}
	found, err := r.client(t).Journal(t.Context(), control.Filter{})
	r.Expect(err).NotTo(HaveOccurred())
	r.Expect(found.Entries).To(HaveLen(2))

	clock, err := r.client(t).Clock(t.Context())
	r.Expect(err).NotTo(HaveOccurred())
	r.Expect(clock.Running).To(BeTrue())
	ca, err := r.client(t).CA(t.Context())
	r.Expect(err).NotTo(HaveOccurred())
	r.Expect(os.ReadFile(r.address("trust"))).To(Equal(ca))
	for _, address := range []string{r.address("proxy") + "/proxy.pac", r.address("console") + "/"} {
		answer, err := r.client(t).HTTP.Get(address)
		r.Expect(err).NotTo(HaveOccurred())
		r.Expect(drain(answer.Body)).To(ContainSubstring("acme.webex.com"), address)
	}
	r.Expect(r.end()).To(Equal(0))
	r.Expect(r.output()).To(Equal("Finishing what is under way.\n"))
	r.Expect(r.left()).To(BeEmpty())
}

func TestTheControlAPIIsNotReachedThroughTheProxy(t *testing.T) {
	r := start(t, anywhere()...)
	browser := r.browser(t, r.address("proxy"))
	answer, err := browser.Get(r.address("API"))
	if err == nil { // plain http, which the proxy answers itself
		r.Expect(drain(answer.Body)).To(ContainSubstring("no route"))
		r.Expect(answer.StatusCode).To(Equal(http.StatusForbidden))
	}
	// In a tunnel, and by the name of a site.
	_, err = browser.Get(strings.Replace(r.address("API"), "http:", "https:", 1))
	r.Expect(err).To(HaveOccurred())
	answer, err = browser.Get("https://acme.webex.com/clock")
	r.Expect(err).NotTo(HaveOccurred())
	answer.Body.Close()
	r.Expect(answer.StatusCode).To(Equal(http.StatusNotFound))
}

func TestOnlyNamesOfSitesAndOfThisMachineGetACertificate(t *testing.T) {
	r := start(t, anywhere()...)
	at := strings.TrimPrefix(r.address("at"), "https://")
	for name, known := range map[string]bool{"acme.webex.com": true, "localhost": true, "": true, "initech.webex.com": false, "evil.example": false} {
		conn, err := tls.Dial("tcp", at, &tls.Config{ServerName: name, InsecureSkipVerify: true})
		r.Expect(err == nil).To(Equal(known), name)
		if err == nil {
			conn.Close()
		}
	}
}

func TestSIGTERMFinishesWhatIsUnderWay(t *testing.T) {
	for name, word := range map[string]string{"directly": "", "through the proxy": "proxy"} {
		t.Run(name, func(t *testing.T) {
			r := start(t, anywhere()...)
			api := r.client(t)
			_, err := api.AddFault(t.Context(), control.Fault{Share: 1, Delay: control.Duration(time.Second)})
			r.Expect(err).NotTo(HaveOccurred())
			proxy := ""
			if word != "" {
				proxy = r.address(word)
			}
			browser := r.browser(t, proxy)
			answered := make(chan string, 1)
			go func() {
				answer, err := browser.PostForm("https://acme.webex.com/acme/p.php", aliceLogsIn)
				if err != nil {
					answered <- err.Error()
					return
				}
				answered <- drain(answer.Body)
			}()
			r.Eventually(func() (int, error) {
				faults, err := api.Faults(t.Context())
				return faults[0].Hits, err
			}, patience).Should(Equal(1))
			r.Expect(r.end()).To(Equal(0))
			r.Expect(<-answered).To(ContainSubstring(`ST\x3dSUCCESS`))
		})
	}
}

func TestWhoFollowsTheJournalDoesNotHoldTheEndUp(t *testing.T) {
	r := start(t, anywhere()...)
	answer, err := r.client(t).HTTP.Get(r.address("console") + "/journal?follow=true")
	r.Expect(err).NotTo(HaveOccurred())
	defer answer.Body.Close()
	r.Expect(r.end()).To(Equal(0))
}

func TestWhatCannotBeServedIsSaidAndEndsWithTwo(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	defer taken.Close()
	folder := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(folder, name)
		NewWithT(t).Expect(os.WriteFile(path, []byte(content), 0o600)).To(Succeed())
		return path
	}
	half := filepath.Join(folder, "half")
	broken := filepath.Join(folder, "broken")
	NewWithT(t).Expect(os.MkdirAll(half, 0o700)).To(Succeed())
	NewWithT(t).Expect(os.MkdirAll(broken, 0o700)).To(Succeed())
	file("half/ca.pem", "x")
	file("broken/ca.pem", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n")
	file("broken/ca-key.pem", "x")
	for _, test := range []struct {
		name string
		args []string
		want string
	}{
		{"addr taken", anywhere("--addr", taken.Addr().String()), "--addr " + taken.Addr().String() + ": somebody else listens there; expected a free address"},
		{"control taken", anywhere("--control", taken.Addr().String()), "--control " + taken.Addr().String() + ": somebody else listens there"},
		{"proxy taken", anywhere("--proxy", taken.Addr().String()), "--proxy " + taken.Addr().String() + ": somebody else listens there"},
		{"no port", anywhere("--addr", "127.0.0.1"), "--addr 127.0.0.1: listen tcp: address 127.0.0.1: missing port in address; expected a host and a port"},
		{"addr empty", anywhere("--addr", ""), "--addr is empty; expected a value: where the sites answer, with TLS"},
		{"control empty", anywhere("--control", ""), "--control is empty; expected a value: where the control API and the console answer"},
		{"config empty", anywhere("--config", ""), "--config is empty; expected a value: YAML file with the sites to serve"},
		{"proxy beyond loopback", anywhere("--proxy", "0.0.0.0:0"), "--proxy 0.0.0.0:0: "},
		{"no such file", anywhere("--config", filepath.Join(folder, "none.yaml")), "none.yaml: no such file or directory; expected the sites to serve, as in docs/serve.example.yaml"},
		{"bad configuration", anywhere("--config", file("bad.yaml", "sites:\n- name: acme\n  idle: 5m\n")), "bad.yaml:3:3: sites[0].idle: unknown key; expected one of name, "},
		{"half an authority", anywhere("--ca", half), "--ca " + half + ": "},
		{"a broken authority", anywhere("--ca", broken), "expected ca.pem and ca-key.pem of an earlier run, or neither"},
		{"an argument", anywhere("acme"), `serve: found "acme"; expected flags alone, or --config acme`},
		{"an unknown flag", anywhere("--port", "1"), "there is no flag --port"},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := NewWithT(t)
			code, out, wrong := run(t, test.args...)
			g.Expect(code).To(Equal(2))
			g.Expect(wrong).To(And(HavePrefix("cookiegate: "), ContainSubstring(test.want)))
			g.Expect(out).To(BeEmpty())
		})
	}
}

func TestTheUsualPortOfTheProxyMayBeTaken(t *testing.T) {
	first := start(t, "serve", "--addr", "127.0.0.1:0", "--control", "127.0.0.1:0")
	second := start(t, "serve", "--addr", "127.0.0.1:0", "--control", "127.0.0.1:0")
	first.Expect(second.address("proxy")).NotTo(Equal(first.address("proxy")))
	answer, err := second.browser(t, second.address("proxy")).PostForm("https://acme.webex.com/acme/p.php", aliceLogsIn)
	second.Expect(err).NotTo(HaveOccurred())
	second.Expect(drain(answer.Body)).To(ContainSubstring(`ST\x3dSUCCESS`))
}

func TestAnAuthorityIsKept(t *testing.T) {
	g := NewWithT(t)
	folder := filepath.Join(t.TempDir(), "new", "ca")
	var certificates []string
	for range 2 {
		r := start(t, anywhere("--ca", folder)...)
		r.Expect(r.address("trust")).To(Equal(filepath.Join(folder, "ca.pem")))
		answer, err := r.browser(t, "").PostForm("https://acme.webex.com/acme/p.php", aliceLogsIn)
		r.Expect(err).NotTo(HaveOccurred())
		answer.Body.Close()
		pem, err := os.ReadFile(r.address("trust"))
		r.Expect(err).NotTo(HaveOccurred())
		certificates = append(certificates, string(pem))
		r.Expect(r.end()).To(Equal(0))
	}
	g.Expect(certificates[1]).To(Equal(certificates[0]))
	key, err := os.Stat(filepath.Join(folder, "ca-key.pem"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(key.Mode().Perm()).To(Equal(os.FileMode(0o600)))
}

// As on a full disk: what came of it would be refused from then on.
func TestNoHalfOfAnAuthorityIsKept(t *testing.T) {
	g := NewWithT(t)
	folder := t.TempDir()
	certificate := filepath.Join(folder, "ca.pem")
	g.Expect(os.Symlink(filepath.Join(folder, "missing", "ca.pem"), certificate)).To(Succeed()) // nothing can be written there
	code, _, wrong := run(t, anywhere("--ca", folder)...)
	g.Expect(code).To(Equal(2))
	g.Expect(wrong).To(MatchRegexp("^cookiegate: --ca: open .*: no such file or directory; expected a folder that can be made and written to\n$"))
	g.Expect(filepath.Join(folder, "ca-key.pem")).NotTo(BeAnExistingFile())
	g.Expect(os.Remove(certificate)).To(Or(Succeed(), MatchError(os.ErrNotExist)))
	start(t, anywhere("--ca", folder)...)
}

func TestAConfigurationIsServed(t *testing.T) {
	example, err := filepath.Abs("../../docs/serve.example.yaml")
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	r := start(t, anywhere("--config", example)...)
	r.Expect(r.said["site"]).To(Equal("https://acme.webex.com/acme/   hosts: alice, bob, carol, dave" + "https://globex.webex.com/globex/   hosts: erin"))
	sites, err := r.client(t).Sites(t.Context())
	r.Expect(err).NotTo(HaveOccurred())
	r.Expect(sites).To(HaveExactElements(HaveField("Name", "acme"), HaveField("Name", "globex")))
	clock, err := r.client(t).Clock(t.Context())
	r.Expect(err).NotTo(HaveOccurred())
	r.Expect(clock.Now).To(BeTemporally("~", time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), patience))
	// The site's own attributes: erin's ticket belongs to globex alone.
	answer, err := r.browser(t, r.address("proxy")).PostForm("https://globex.webex.com/globex/p.php", url.Values{"AT": {"LI"}, "WID": {"erin"}, "PW": {"secret"}})
	r.Expect(err).NotTo(HaveOccurred())
	answer.Body.Close()
	r.Expect(answer.Header.Get("Set-Cookie")).To(And(HavePrefix(`ticket="`), HaveSuffix(`"; Version=1; Domain=globex.webex.com; Path=/; Secure; HttpOnly`)))
}

func TestAwayFromLoopbackATokenIsPrintedAndAskedFor(t *testing.T) {
	r := start(t, anywhere("--control", "0.0.0.0:0")...)
	r.Expect(r.said["token"]).NotTo(BeEmpty())
	api := r.client(t)
	_, err := api.Clock(t.Context())
	r.Expect(err).To(MatchError(ContainSubstring("the token is missing or wrong")))
	api.Token = r.address("token")
	_, err = api.Clock(t.Context())
	r.Expect(err).NotTo(HaveOccurred())
}

func TestASecondCtrlCEndsItAtOnce(t *testing.T) {
	r := start(t, anywhere()...)
	api := r.client(t)
	_, err := api.AddFault(t.Context(), control.Fault{Share: 1, Delay: control.Duration(10 * time.Minute)})
	r.Expect(err).NotTo(HaveOccurred())
	browser := r.browser(t, "")
	cut := make(chan error, 1)
	go func() {
		answer, err := browser.PostForm("https://acme.webex.com/acme/p.php", aliceLogsIn)
		if err == nil {
			answer.Body.Close()
		}
		cut <- err
	}()
	r.Eventually(func() (int, error) {
		faults, err := api.Faults(t.Context())
		return faults[0].Hits, err
	}, patience).Should(Equal(1))
	r.Expect(r.command.Process.Signal(syscall.SIGINT)).To(Succeed())
	r.Eventually(r.output, patience).Should(ContainSubstring("Finishing"))
	r.Expect(r.command.Process.Signal(syscall.SIGINT)).To(Succeed())
	r.Expect(<-cut).To(HaveOccurred())
	<-r.read
	r.command.Wait()
	r.Expect(r.command.ProcessState.String()).To(Equal("signal: interrupt"))
}
