package testbed

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"
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
			`{"type":"frame-snapshot","snapshot":{"html":["HTML",{},["INPUT",{"name":"PW","value":"hunter2"}],["A",{"href":"https://acme.webex.com/?TK=hunter2"}]]}}` + "\n",
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
}

func TestATraceThatIsNoneIsAnError(t *testing.T) {
	_, err := redactTrace([]byte("no zip"))
	NewWithT(t).Expect(err).To(HaveOccurred())
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
