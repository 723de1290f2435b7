package repro

import (
	"archive/zip"
	"bytes"
	"io"
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
		g.Expect(string(data)).NotTo(ContainSubstring(planted), f.Name)
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
