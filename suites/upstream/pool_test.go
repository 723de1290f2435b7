package upstream

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	. "github.com/onsi/gomega"
	"go.uber.org/goleak"

	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/internal/strictyaml"
)

// asPortal has the test's own binary be a portal.
const asPortal = "COOKIEGATE_TEST_AS_PORTAL"

func TestMain(m *testing.M) {
	if how := os.Getenv(asPortal); how != "" {
		portal(how)
		return
	}
	goleak.VerifyTestMain(m)
}

// portal is a small one in a process of its own, which asks Webex by what it finds in its environment.
func portal(how string) {
	switch how {
	case "broken":
		fmt.Println("no database")
		os.Exit(3)
	case "mute":
		select {}
	case "sick":
		http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "not yet", http.StatusServiceUnavailable) })
	default:
		http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, os.Getpid()) })
	}
	http.HandleFunc("/folder", func(w http.ResponseWriter, _ *http.Request) {
		dir, _ := os.Getwd()
		fmt.Fprint(w, dir)
	})
	http.HandleFunc("/die", func(http.ResponseWriter, *http.Request) {
		fmt.Println("out of memory")
		os.Exit(1)
	})
	http.HandleFunc("/ask", func(w http.ResponseWriter, _ *http.Request) {
		resp, err := http.Get("https://acme.webex.com/acme/")
		if err != nil {
			fmt.Fprint(w, err)
			return
		}
		defer resp.Body.Close()
		_, _ = io.Copy(w, resp.Body)
	})
	if how == "https" {
		s := httptest.NewUnstartedServer(nil)
		_ = s.Listener.Close()
		var err error
		if s.Listener, err = net.Listen("tcp", "127.0.0.1:"+os.Getenv("PORT")); err == nil {
			s.StartTLS()
			select {}
		}
	}
	if how == "line" {
		fmt.Println("Listening at last")
	}
	fmt.Println(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}

// patience is what anything may take at most. It is no measure of speed.
const patience = 30 * time.Second

func integration(t *testing.T, how string) fixtures.Integration {
	t.Helper()
	self, err := os.Executable()
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return fixtures.Integration{Name: how, Portal: "https://portal.acme.example", Server: fixtures.Server{
		Command: strictyaml.TextOrList{List: []string{self}}, Env: map[string]string{asPortal: how}, Ready: "/", ReadyWithin: patience,
	}}
}

func newPool(t *testing.T, size int) *Pool {
	t.Helper()
	p, err := NewPool(size)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { NewWithT(t).Expect(p.Close()).To(Succeed()) })
	return p
}

// door is that of a case, in which Webex answers with a word.
func door(t *testing.T, p *Pool, word string) *network.Door {
	t.Helper()
	g := NewWithT(t)
	d, err := network.Listen(network.Options{Authority: p.Authority()})
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(d.Close()).To(Succeed()) })
	g.Expect(d.Route("acme.webex.com", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, word) }))).To(Succeed())
	return d
}

func borrow(t *testing.T, p *Pool, in fixtures.Integration, d *network.Door) *Portal {
	t.Helper()
	one, err := p.Borrow(t.Context(), in, d)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return one
}

func get(t *testing.T, one *Portal, path string) string {
	t.Helper()
	c := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := c.Get(one.URL() + path)
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return string(body)
}

func TestWhatAPortalAsksOfWebexLandsInTheCaseThatBorrowedIt(t *testing.T) {
	g := NewWithT(t)
	p := newPool(t, 1)
	in := integration(t, "asks")
	one := borrow(t, p, in, door(t, p, "the first case"))
	id := get(t, one, "/")
	g.Expect(get(t, one, "/ask")).To(Equal("the first case"))
	g.Expect(p.Return(one)).To(Succeed())
	g.Expect(get(t, one, "/ask")).To(ContainSubstring("https://acme.webex.com/acme/"), "an error: nobody has borrowed it")
	again := borrow(t, p, in, door(t, p, "the second case"))
	g.Expect(get(t, again, "/")).To(Equal(id), "the same process")
	g.Expect(get(t, again, "/ask")).To(Equal("the second case"))
	g.Expect(p.Return(again)).To(Succeed())
}

func TestCasesSideBySideHavePortalsOfTheirOwn(t *testing.T) {
	g := NewWithT(t)
	p := newPool(t, 2)
	in := integration(t, "asks")
	one := borrow(t, p, in, door(t, p, "one"))
	other := borrow(t, p, in, door(t, p, "other"))
	g.Expect(get(t, one, "/ask")).To(Equal("one"))
	g.Expect(get(t, other, "/ask")).To(Equal("other"))
	g.Expect(p.Return(one)).To(Succeed())
	g.Expect(p.Return(other)).To(Succeed())
}

func port(t *testing.T) string {
	t.Helper()
	port, err := freePort()
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return port
}

// fixed is an integration whose portal always listens on that port.
func fixed(t *testing.T, port, name string) fixtures.Integration {
	in := integration(t, name)
	in.Upstream, in.Env["PORT"] = "http://127.0.0.1:"+port, port
	return in
}

// takesTurn is the portal that the case of the door "next" gets once the case that has one, of the door "one", gives it back.
func takesTurn(t *testing.T, p *Pool, one *Portal, in fixtures.Integration, next *network.Door) *Portal {
	t.Helper()
	g := NewWithT(t)
	waiting := make(chan *Portal, 1)
	go func() {
		found, _ := p.Borrow(t.Context(), in, next)
		waiting <- found
	}()
	g.Expect(get(t, one, "/ask")).To(Equal("one"))
	g.Expect(waiting).NotTo(Receive())
	g.Expect(p.Return(one)).To(Succeed())
	var found *Portal
	g.Eventually(waiting).WithTimeout(patience).Should(Receive(&found))
	g.Expect(found).NotTo(BeNil())
	g.Expect(get(t, found, "/ask")).To(Equal("next"))
	return found
}

func TestAPortalWithAnAddressOfItsOwnServesOneCaseAfterTheOther(t *testing.T) {
	g := NewWithT(t)
	p := newPool(t, 2)
	in := fixed(t, port(t), "fixed")
	one := borrow(t, p, in, door(t, p, "one"))
	g.Expect(one.URL()).To(Equal(in.Upstream))
	next := door(t, p, "next")
	found := takesTurn(t, p, one, in, next)

	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("interrupted"))
	_, err := p.Borrow(ctx, in, next)
	g.Expect(err).To(MatchError("interrupted"))
	g.Expect(p.Return(found)).To(Succeed())
}

// Two descriptions of one application, on the port that it always has.
func TestIntegrationsAtOneAddressTakeTurns(t *testing.T) {
	g := NewWithT(t)
	p, at := newPool(t, 2), port(t)
	first, second := fixed(t, at, "first"), fixed(t, at, "second")
	one := borrow(t, p, first, door(t, p, "one"))
	id := get(t, one, "/")
	found := takesTurn(t, p, one, second, door(t, p, "next"))
	g.Expect(get(t, found, "/")).NotTo(Equal(id), "each has its own")
	g.Expect(p.Return(found)).To(Succeed())
	again := borrow(t, p, first, door(t, p, "again"))
	g.Expect(get(t, again, "/ask")).To(Equal("again"))
	g.Expect(p.Return(again)).To(Succeed())
}

func TestACommandIsNotStartedWhereSomebodyElseAnswers(t *testing.T) {
	g := NewWithT(t)
	p := newPool(t, 2)
	running := borrow(t, p, integration(t, "other"), nil)
	in := integration(t, "fixed")
	in.Upstream = running.URL()
	_, err := p.Borrow(t.Context(), in, nil)
	g.Expect(err).To(MatchError("the portal of fixed: something answers at " + running.URL() + " before the command was started; expected the address to be free"))
	g.Expect(p.Return(running)).To(Succeed())
}

func TestAPortalThatRunsAlreadyIsUsedAndLeftAlone(t *testing.T) {
	g := NewWithT(t)
	p := newPool(t, 2)
	running := borrow(t, p, integration(t, "asks"), door(t, p, "ours"))
	in := fixtures.Integration{Name: "theirs", Portal: "https://portal.acme.example", Server: fixtures.Server{Upstream: running.URL(), Ready: "/", ReadyWithin: patience}}
	one := borrow(t, p, in, door(t, p, "theirs"))
	g.Expect(get(t, one, "/ask")).To(Equal("ours"), "nobody told it of another door")
	g.Expect(one.Died()).To(Succeed())
	g.Expect(p.Return(one)).To(Succeed())
	g.Expect(get(t, running, "/ask")).To(Equal("ours"))
	g.Expect(p.Return(running)).To(Succeed())
}

// The certificate of a portal on somebody's own machine is signed by nobody that anybody trusts.
func TestAPortalMayAnswerByHTTPS(t *testing.T) {
	g := NewWithT(t)
	p := newPool(t, 1)
	in := fixed(t, port(t), "https")
	in.Upstream = strings.Replace(in.Upstream, "http:", "https:", 1)
	one := borrow(t, p, in, door(t, p, "one"))
	g.Expect(one.URL()).To(Equal(in.Upstream))
	g.Expect(p.Return(one)).To(Succeed())
}

// What an address of https means without a port is port 443, and not that of http.
func TestAnAddressWithoutAPortIsThatOfItsScheme(t *testing.T) {
	g := NewWithT(t)
	l, err := net.Listen("tcp", "127.0.0.1:443")
	if err != nil {
		t.Skip("port 443 cannot be had here: ", err)
	}
	g.Expect(answers(t.Context(), "https://127.0.0.1")).To(BeTrue())
	g.Expect(l.Close()).To(Succeed())
	g.Expect(answers(t.Context(), "https://127.0.0.1")).To(BeFalse())
}

func TestALineMaySayThatItIsReady(t *testing.T) {
	p := newPool(t, 1)
	in := integration(t, "line")
	in.Ready = "Listening"
	one := borrow(t, p, in, door(t, p, "one"))
	NewWithT(t).Expect(p.Return(one)).To(Succeed())
}

func TestTheCommandRunsInItsFolder(t *testing.T) {
	g := NewWithT(t)
	p := newPool(t, 1)
	in := integration(t, "asks")
	in.Folder = t.TempDir()
	one := borrow(t, p, in, door(t, p, "one"))
	g.Expect(get(t, one, "/folder")).To(BeEquivalentTo(in.Folder))
	g.Expect(p.Return(one)).To(Succeed())
}

func TestAnExampleRunsOnACopyOfItsFiles(t *testing.T) {
	g := NewWithT(t)
	p := newPool(t, 1)
	in := integration(t, "asks")
	in.Files = fstest.MapFS{"pages/word.txt": {Data: []byte("word")}}
	one := borrow(t, p, in, door(t, p, "one"))
	dir := get(t, one, "/folder")
	g.Expect(os.ReadFile(dir + "/pages/word.txt")).To(BeEquivalentTo("word"))
	g.Expect(p.Return(one)).To(Succeed())
	g.Expect(p.Close()).To(Succeed())
	g.Expect(dir).NotTo(BeADirectory())
}

func TestATextIsForTheShellAndAListIsFilledIn(t *testing.T) {
	g := NewWithT(t)
	self, err := os.Executable()
	g.Expect(err).NotTo(HaveOccurred())
	for name, command := range map[string]strictyaml.TextOrList{
		"text": {Text: `HELD="$PORT" && export HELD && "` + self + `"`},
		"list": {List: []string{"env", "HELD=${PORT}", self}},
	} {
		p := newPool(t, 1)
		in := integration(t, "asks")
		in.Name, in.Command = name, command
		one := borrow(t, p, in, door(t, p, "one"))
		environment, err := os.ReadFile("/proc/" + get(t, one, "/") + "/environ")
		if err != nil {
			t.Skip("this system does not show a process's environment")
		}
		g.Expect(strings.Split(string(environment), "\x00")).To(ContainElement("HELD="+one.URL()[strings.LastIndex(one.URL(), ":")+1:]), name)
		g.Expect(p.Return(one)).To(Succeed())
	}
}

func TestAPortalThatDoesNotComeSaysWhyAndIsNotTriedAgain(t *testing.T) {
	for how, c := range map[string]struct {
		change func(*fixtures.Integration)
		want   []string
	}{
		"broken":  {func(*fixtures.Integration) {}, []string{"it ended before it answered", "it said:\n  no database"}},
		"mute":    {func(in *fixtures.Integration) { in.ReadyWithin = 2 * time.Second }, []string{"it was not ready within 2s", "nothing answers at http://127.0.0.1:", ", the port that the command finds in PORT (where it listens on another, upstream says so): "}},
		"sick":    {func(in *fixtures.Integration) { in.ReadyWithin = 2 * time.Second }, []string{"it was not ready within 2s", "answers 503 Service Unavailable"}},
		"silent":  {func(in *fixtures.Integration) { in.Ready, in.ReadyWithin = "Listening", 100*time.Millisecond }, []string{"it was not ready within 100ms", `a line with "Listening" was waited for`}},
		"missing": {func(in *fixtures.Integration) { in.Command.List[0] = "no-such-program" }, []string{`"no-such-program"`, "not found"}},
		"nobody": {func(in *fixtures.Integration) {
			in.Command, in.Upstream = strictyaml.TextOrList{}, "http://127.0.0.1:1"
		},
			[]string{"nothing answers at http://127.0.0.1:1", "start it, or give the command that does"}},
	} {
		t.Run(how, func(t *testing.T) {
			g := NewWithT(t)
			p := newPool(t, 2)
			in := integration(t, how)
			c.change(&in)
			_, err := p.Borrow(t.Context(), in, nil)
			g.Expect(err).To(HaveOccurred())
			for _, text := range append(c.want, "the portal of "+how) {
				g.Expect(err.Error()).To(ContainSubstring(text))
			}
			_, again := p.Borrow(t.Context(), in, nil)
			g.Expect(again).To(BeIdenticalTo(err))
		})
	}
}

func TestAnExampleWhoseRuntimeIsMissingSaysSo(t *testing.T) {
	p := newPool(t, 1)
	in := integration(t, "elsewhere")
	in.Command.List[0], in.Files = "no-such-program", fstest.MapFS{}
	_, err := p.Borrow(t.Context(), in, nil)
	var missing *NotInstalledError
	NewWithT(t).Expect(errors.As(err, &missing)).To(BeTrue())
	NewWithT(t).Expect(missing.Program).To(Equal("no-such-program"))
}

func TestAPortalThatDiedIsReplacedForTheNextCase(t *testing.T) {
	g := NewWithT(t)
	p := newPool(t, 1)
	in := integration(t, "asks")
	one := borrow(t, p, in, door(t, p, "one"))
	g.Expect(one.Died()).To(Succeed())
	get(t, one, "/die")
	g.Eventually(one.Done()).WithTimeout(patience).Should(BeClosed())
	g.Expect(one.Died()).To(MatchError(And(ContainSubstring("the portal of asks ended while the case ran"), ContainSubstring("out of memory"))))
	g.Expect(p.Return(one)).To(Succeed())
	next := borrow(t, p, in, door(t, p, "next"))
	g.Expect(get(t, next, "/ask")).To(Equal("next"))
	g.Expect(p.Return(next)).To(Succeed())
}

func TestAPortalThatDiedWhileNobodyHadItIsNotLent(t *testing.T) {
	g := NewWithT(t)
	p := newPool(t, 1)
	in := integration(t, "asks")
	one := borrow(t, p, in, door(t, p, "one"))
	g.Expect(p.Return(one)).To(Succeed())
	get(t, one, "/die")
	g.Eventually(one.Done()).WithTimeout(patience).Should(BeClosed())
	next := borrow(t, p, in, door(t, p, "next"))
	g.Expect(get(t, next, "/ask")).To(Equal("next"))
	g.Expect(p.Return(next)).To(Succeed())
}

func TestCloseEndsEveryPortal(t *testing.T) {
	g := NewWithT(t)
	p, err := NewPool(1)
	g.Expect(err).NotTo(HaveOccurred())
	one := borrow(t, p, integration(t, "asks"), door(t, p, "one"))
	g.Expect(p.Return(one)).To(Succeed())
	g.Expect(p.Close()).To(Succeed())
	g.Expect(one.Done()).To(BeClosed())
	g.Expect(p.trust.dir).NotTo(BeADirectory())
}

// Somebody listens there, so nobody has to look for why nothing does.
func TestAnAnswerInAnotherLanguageIsNotNothing(t *testing.T) {
	g := NewWithT(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	g.Expect(err).NotTo(HaveOccurred())
	defer l.Close()
	go func() {
		for c, err := l.Accept(); err == nil; c, err = l.Accept() {
			_, _ = io.WriteString(c, "+PONG\r\n")
			_ = c.Close()
		}
	}()
	in := fixtures.Integration{Name: "redis", Portal: "https://portal.acme.example", Server: fixtures.Server{Upstream: "http://" + l.Addr().String(), Ready: "/", ReadyWithin: patience}}
	_, err = newPool(t, 1).Borrow(t.Context(), in, nil)
	g.Expect(err).To(MatchError(HavePrefix("the portal of redis: no answer in HTTP came from " + in.Upstream)))
}
