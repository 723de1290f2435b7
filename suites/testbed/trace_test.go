package testbed

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/chromium"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/browsers/policy"
)

func TestATraceKeepsItsPicturesAndLosesItsSecrets(t *testing.T) {
	g := NewWithT(t)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"trace.network": `{"type":"resource-snapshot","snapshot":{"request":{"method":"POST","url":"https://acme.webex.com/acme/p.php?AT=LI&PW=hunter2&WID=alice",` +
			`"cookies":[{"name":"other","value":"hunter2"}],"headers":[{"name":"Cookie","value":"ticket=hunter2"},{"name":"authorization","value":"Basic hunter2"},{"name":"accept","value":"text/html"}],` +
			`"queryString":[{"name":"PW","value":"hunter2"}],"postData":{"text":"PW=hunter2"}},"response":{"status":200,"headers":[{"name":"set-cookie","value":"ticket=hunter2; Secure"}]}}}` + "\n",
		"trace.trace": `{"type":"before","method":"fill","params":{"selector":"#password","value":"hunter2"}}` + "\n" +
			`{"type":"before","method":"evaluateExpression","params":{"expression":"(field, value) => {}","arg":{"value":{"s":"hunter2"},"handles":[]}}}` + "\n" +
			`{"type":"frame-snapshot","snapshot":{"html":["HTML",{},["INPUT",{"name":"PW","value":"hunter2"}],["INPUT",{"type":"password","value":"hunter2"}],` +
			`["INPUT",{"id":"p","__playwright_value_":"hunter2"}],["TEXTAREA",{"__playwright_value_":""}],["A",{"href":"https://acme.webex.com/?TK=hunter2"}]]}}` + "\n",
		"trace.stacks":              `hunter2`,
		"resources/0123456789.html": `<script>var ticket = "hunter2"</script>`,
		"resources/page@1-1.jpeg":   "picture",
	} {
		w, err := z.Create(name)
		g.Expect(err).NotTo(HaveOccurred())
		_, err = io.WriteString(w, text)
		g.Expect(err).NotTo(HaveOccurred())
	}
	g.Expect(z.Close()).To(Succeed())

	trace, err := redactTrace(b.Bytes())
	g.Expect(err).NotTo(HaveOccurred())
	r, err := zip.NewReader(bytes.NewReader(trace), int64(len(trace)))
	g.Expect(err).NotTo(HaveOccurred())
	parts := map[string]string{}
	for _, f := range r.File {
		data, err := unpacked(f)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(string(data)).NotTo(ContainSubstring("hunter2"), f.Name)
		parts[f.Name] = string(data)
	}
	g.Expect(parts).To(HaveLen(3))
	g.Expect(parts).To(HaveKeyWithValue("resources/page@1-1.jpeg", "picture"))
	g.Expect(parts["trace.network"]).To(ContainSubstring("https://acme.webex.com/acme/p.php?AT=LI&PW=***&WID=alice"))
	g.Expect(parts["trace.network"]).To(ContainSubstring(`"value":"text/html"`), "what is no secret stays")
	g.Expect(parts["trace.trace"]).To(And(ContainSubstring(`"expression":"(field, value) => {}"`), ContainSubstring(`["INPUT",{"__playwright_value_":"***","id":"p"}]`)))
	g.Expect(parts["trace.trace"]).To(ContainSubstring(`["TEXTAREA",{"__playwright_value_":""}]`), "a field that is empty is seen to be")
}

func TestATraceThatABrowserWroteHoldsNothingThatWasTyped(t *testing.T) {
	if _, err := (chromium.Driver{}).Find(); err != nil {
		t.Skipf("not run: %v", err)
	}
	g := NewWithT(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	door, err := network.Listen(network.Options{})
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(door.Close()).To(Succeed()) })
	g.Expect(door.Route("portal.acme.example", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, `<form method=post action=/in><input name=user><input id=word type=password><textarea></textarea></form>`)
	}))).To(Succeed())
	b, err := chromium.Driver{}.Launch(ctx, browsers.LaunchOptions{Policy: policy.Policy{Base: policy.AllowThirdParty}, Proxy: door.ProxyURL(), Dir: t.TempDir()})
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(b.Close()).To(Succeed()) })
	file := filepath.Join(t.TempDir(), "trace.zip")
	s, err := b.NewSession(ctx, browsers.SessionOptions{Trace: file})
	g.Expect(err).NotTo(HaveOccurred())
	for _, step := range []browsers.Step{
		{Visit: "https://portal.acme.example/"}, {Fill: "#word", With: "hunter2"}, {Fill: "textarea", With: "hunter2"}, {Submit: "form"},
	} {
		g.Expect(s.Do(ctx, step)).To(Succeed())
	}
	g.Expect(s.Close()).To(Succeed())

	raw, err := os.ReadFile(file)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(lines(g, raw)).To(ContainSubstring("hunter2"))
	trace, err := redactTrace(raw)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(lines(g, trace)).To(And(ContainSubstring("https://portal.acme.example/"), Not(ContainSubstring("hunter2"))))
}

// lines are the recorded lines of a trace.
func lines(g *WithT, trace []byte) string {
	r, err := zip.NewReader(bytes.NewReader(trace), int64(len(trace)))
	g.Expect(err).NotTo(HaveOccurred())
	var all string
	for _, f := range r.File {
		if slices.Contains([]string{".trace", ".network"}, filepath.Ext(f.Name)) {
			data, err := unpacked(f)
			g.Expect(err).NotTo(HaveOccurred())
			all += string(data)
		}
	}
	return all
}

func TestATraceThatIsNoneIsAnError(t *testing.T) {
	_, err := redactTrace([]byte("no zip"))
	NewWithT(t).Expect(err).To(HaveOccurred())
}

func TestAStationWithoutABrowserLeavesOtherFilesAlone(t *testing.T) {
	g := NewWithT(t)
	t.Chdir(t.TempDir())
	g.Expect(os.WriteFile("trace.zip", []byte("somebody's own"), 0o600)).To(Succeed())
	g.Expect((&Station{}).keepTrace(Case{Trace: filepath.Join(t.TempDir(), "case.zip")}, &Result{})).To(Succeed())
	g.Expect("trace.zip").To(BeARegularFile())
}

func TestNoTraceIsKeptWithItsSecrets(t *testing.T) {
	g := NewWithT(t)
	s := &Station{dir: t.TempDir()}
	c := Case{Trace: filepath.Join(t.TempDir(), "traces", "case.zip")}
	var res Result
	g.Expect(s.keepTrace(c, &res)).To(Succeed())
	g.Expect(res.Trace).To(BeEmpty(), "not every engine writes one")

	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("trace.trace")
	g.Expect(err).NotTo(HaveOccurred())
	_, err = io.WriteString(w, `{"type":"before","method":"fill","params":{"selector":"#password","value":"hunter2"}}`)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(z.Close()).To(Succeed())
	g.Expect(os.WriteFile(s.rawTrace(), b.Bytes(), 0o600)).To(Succeed())
	g.Expect(s.keepTrace(c, &res)).To(Succeed())
	g.Expect(res.Trace).To(Equal("traces/case.zip"))
	r, err := zip.OpenReader(c.Trace)
	g.Expect(err).NotTo(HaveOccurred())
	defer r.Close()
	data, err := unpacked(r.File[0])
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(data)).To(And(ContainSubstring("#password"), Not(ContainSubstring("hunter2"))))
	g.Expect(s.rawTrace()).NotTo(BeAnExistingFile())

	g.Expect(os.WriteFile(s.rawTrace(), []byte("no zip"), 0o600)).To(Succeed())
	broken := Case{Trace: filepath.Join(t.TempDir(), "broken.zip")}
	g.Expect(s.keepTrace(broken, &res)).To(MatchError(HavePrefix("the trace that the browser wrote: ")))
	g.Expect(broken.Trace).NotTo(BeAnExistingFile())
	g.Expect(s.rawTrace()).NotTo(BeAnExistingFile())
}
