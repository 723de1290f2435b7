package intake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	. "github.com/onsi/gomega"
)

func marshal(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWhereARecordingIsBroken(t *testing.T) {
	limits := HARLimits{Bytes: 4000, Entries: 3, Kept: 5000, String: 64, Value: 600, Nesting: 12}
	good := `{"request":{"url":"https://a.example/"}}`
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "x.har:1: byte 0: the file is empty"},
		{"gzip", "\x1f\x8b\x08\x00", "x.har:1: byte 0: this is packed with gzip; unpack it first"},
		{"zip", "PK\x03\x04rest", "x.har:1: byte 0: this is a zip file; unpack it first"},
		{"UTF-16", "\xff\xfe{\x00", "x.har:1: byte 0: this is UTF-16; save it as UTF-8"},
		{"a web page", "<!DOCTYPE html>", "x.har:1: byte 0: this is HTML or XML; expected JSON"},
		{"other JSON", `{"policies":{}}`, `x.har:1: byte 15: this is JSON and no HAR file: it has no "log"`},
		{"a list", `[1]`, "x.har:1: byte 1: expected an object, found a list"},
		{"log is a text", `{"log":"x"}`, `x.har:1: byte 10, log: expected an object, found the text "x"`},
		{"entries is null", `{"log":{"entries":null}}`, "x.har:1: byte 22, log.entries: expected a list, found null"},
		{"cut off in an entry", `{"log":{"entries":[` + good + `,` + "\n" + `{"request":{"url":`, "x.har:2: byte 79, entry 2, request: the file ends here, after 1 whole entries: it was cut off on its way, or the export did not finish"},
		{"cut off between entries", `{"log":{"entries":[` + good, "x.har:1: byte 59, log.entries: the file ends here, after 1 whole entries: it was cut off on its way, or the export did not finish"},
		{"no address", `{"log":{"entries":[{"request":{}}]}}`, "x.har:1: byte 33, entry 1: the entry has no request.url"},
		{"an address of another type", "{\"log\":{\"entries\":[\n{\"request\":{\"url\":7}}]}}", "x.har:2: byte 40, entry 1, request.url: expected a text, found a number"},
		{"not JSON within an entry", `{"log":{"entries":[{"request":{"url":"https://a.example/",,}}]}}`, "x.har:1: byte 58, entry 1, request: this is no JSON: invalid character ',' looking for beginning of object key string"},
		{"more after the end", `{"log":{}} {}`, "x.har:1: byte 12: something follows the end of the recording"},
		{"too deep", `{"log":{"x":` + strings.Repeat("[", 20), "x.har:1: byte 22, log.x: objects and lists are nested more than 12 deep"},
		{"too many entries", `{"log":{"entries":[` + strings.Repeat(good+",", 3) + good, "x.har:1: byte 141, entry 4: more than 3 entries"},
		{"too long", `{"log":{"x":"` + strings.Repeat("a", 70000) + `"`, "x.har:1: byte 65536, log.x: the file goes on after 4000 bytes; at most so many are read"},
	} {
		_, err := ReadHAR("x.har", strings.NewReader(c.text), limits)
		NewWithT(t).Expect(err).To(MatchError(c.want), c.name)
	}
}

func TestTooMuchForOneValue(t *testing.T) {
	text := `{"log":{"entries":[{"request":{"headers":[` + strings.Repeat(`{"name":"a","value":"b"},`, 80)
	_, err := ReadHAR("x.har", strings.NewReader(text), HARLimits{Value: 600})
	NewWithT(t).Expect(err).To(MatchError(ContainSubstring("entry 1, request: one value has more than 600 bytes, long texts not counted")))
}

func TestTooMuchToKeep(t *testing.T) {
	text := `{"log":{"entries":[` + strings.Repeat(`{"request":{"url":"https://a.example/"}},`, 9)
	_, err := ReadHAR("x.har", strings.NewReader(text), HARLimits{Kept: 5000})
	NewWithT(t).Expect(err).To(MatchError(ContainSubstring("entry 7: more than 5000 bytes would have to be kept in memory")))
}

func TestAnErrorOfReadingIsPassedOn(t *testing.T) {
	_, err := ReadHAR("x.har", iotest.ErrReader(os.ErrPermission), HARLimits{})
	NewWithT(t).Expect(err).To(MatchError(os.ErrPermission))
}

func TestHowTheBytesArriveDoesNotMatter(t *testing.T) {
	data, err := os.ReadFile("testdata/har/chromium.har")
	g := NewWithT(t)
	g.Expect(err).NotTo(HaveOccurred())
	whole, err := ReadHAR("x.har", bytes.NewReader(data), HARLimits{})
	g.Expect(err).NotTo(HaveOccurred())
	marked, err := ReadHAR("x.har", io.MultiReader(strings.NewReader("\xef\xbb\xbf"), bytes.NewReader(data)), HARLimits{})
	g.Expect(err).NotTo(HaveOccurred(), "a byte order mark")
	single, err := ReadHAR("x.har", iotest.OneByteReader(bytes.NewReader(data)), HARLimits{})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(len(marked.Entries)).To(Equal(len(whole.Entries)))
	g.Expect(len(single.Entries)).To(Equal(len(whole.Entries)))
	g.Expect(marked.Bytes).To(Equal(whole.Bytes + 3))
}

func TestLongTextsAreCutAndOffsetsStayThoseOfTheFile(t *testing.T) {
	for _, long := range []string{
		strings.Repeat("a", 5000), strings.Repeat(`\"`, 3000), strings.Repeat(`\u20ac`, 900), strings.Repeat(`\\`, 3001), strings.Repeat("€", 2000),
		strings.Repeat("a", 99) + strings.Repeat(`\n`, 50), strings.Repeat(`\ud83d\ude00`, 800),
	} {
		for limit := 95; limit < 105; limit++ {
			text := `{"log":{"comment":"` + long + `","entries":[{"request":{"url":"https://a.example/` + long + `"},"x":!`
			h, err := ReadHAR("x.har", strings.NewReader(text), HARLimits{String: limit})
			g := NewWithT(t)
			g.Expect(h).To(BeNil())
			m, ok := asMistake(err)
			g.Expect(ok).To(BeTrue())
			g.Expect(m.Problem).To(HavePrefix("this is no JSON: invalid character '!'"), long[:10])
			g.Expect(m.Offset).To(BeNumerically("~", len(text)-1, 1), "%s cut at %d", long[:10], limit)
		}
	}
}

func TestWhatProgramsWriteInOtherTypes(t *testing.T) {
	g := NewWithT(t)
	text := entryWith(`"startedDateTime":"yesterday","time":null,"pageref":7,"_initiator":null,
		"request":{"method":"GET","url":"https://a.example/","headers":[{"name":"Referer","value":null}],"cookies":null,"postData":null},
		"response":{"status":0,"headers":[],"content":{"mimeType":null,"text":null},"redirectURL":null,"_error":"net::ERR_BLOCKED_BY_CLIENT"},
		"timings":{"wait":-1,"send":1e300},"_webSocketMessages":[{"type":"send","time":1.5,"data":"x"}]`)
	h, err := ReadHAR("x.har", strings.NewReader(text), HARLimits{})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(h.Entries).To(HaveLen(1))
	e := h.Entries[0]
	g.Expect(e.Time.IsZero()).To(BeTrue())
	g.Expect(e.Page).To(Equal("7"))
	g.Expect(e.Timings).To(Equal(Timings{}))
	g.Expect(e.Err).To(Equal("net::ERR_BLOCKED_BY_CLIENT"))
}

func TestHugeBodiesStayOutOfMemory(t *testing.T) {
	const body = 32 << 20
	g := NewWithT(t)
	r := io.MultiReader(strings.NewReader(`{"log":{"entries":[{"request":{"url":"https://a.example/"},"response":{"status":200,"content":{"text":"`),
		io.LimitReader(endless('x'), body), strings.NewReader(`"}}}]}}`))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	h, err := ReadHAR("x.har", r, HARLimits{})
	runtime.ReadMemStats(&after)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(h.Bytes).To(BeNumerically(">", body))
	g.Expect(after.TotalAlloc - before.TotalAlloc).To(BeNumerically("<", 1<<20))
}

// endless is a reader of one byte, again and again.
type endless byte

func (e endless) Read(p []byte) (int, error) {
	for n := copy(p, []byte{byte(e)}); n > 0 && n < len(p); n *= 2 {
		copy(p[n:], p[:n])
	}
	return len(p), nil
}

func FuzzReadHAR(f *testing.F) {
	samples, err := os.ReadDir("testdata/har")
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range samples {
		data, err := os.ReadFile("testdata/har/" + s.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"log":{"entries":[{"request":{"url":"https://a.example/\u20ac\"","headers":[{"name":"Cookie","value":"a=b"}]},"response":{"content":{"text":"dmFyIHVybA==","encoding":"base64"}}}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := HARLimits{Entries: 100, Kept: 1 << 20, String: 200, Value: 20_000, Nesting: 20}
		h, err := ReadHAR("x.har", bytes.NewReader(data), limits)
		if err != nil {
			m, ok := asMistake(err)
			if !ok || h != nil || m.Offset < 0 || m.Offset > int64(len(data)) || m.Line < 1 {
				t.Fatalf("%v (offset %d of %d)", err, m.Offset, len(data))
			}
			return
		}
		if !json.Valid(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))) {
			t.Fatal("this is no JSON, and it was read")
		}
		if h.Bytes != int64(len(data)) {
			t.Fatalf("read %d bytes of %d", h.Bytes, len(data))
		}
		marshal(t, h)
		SequenceOf(h)
	})
}

// sampleHAR is a recording of about n bytes in the proportions of a browser's: most of the bytes are in bodies, and every twentieth exchange
// is a command.
func sampleHAR(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"log":{"version":"1.2","creator":{"name":"WebInspector","version":"537.36"},"pages":[],"entries":[`)
	headers := strings.Repeat(`{"name":"x-some-header","value":"a value of some forty characters, as it is"},`, 14) + `{"name":"cookie","value":"a=b; ticket=c"}`
	body := strings.Repeat(`function f(x) {\n  return \"<b>\" + x;\n}\n`, 1000)
	for i := 0; b.Len() < n; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		address := fmt.Sprintf("https://static.acme.example/%d/script.js", i)
		if i%20 == 0 {
			address = fmt.Sprintf("https://acme.webex.com/acme/m.php?AT=SM&n=%d", i)
		}
		fmt.Fprintf(&b, `{"_initiator":{"type":"script","stack":{"callFrames":[{"functionName":"f","url":"https://a.example/x.js"}]}},"startedDateTime":"2026-11-03T09:15:00.000Z","time":12.5,
"request":{"method":"GET","url":%q,"headers":[%s],"queryString":[],"cookies":[]},
"response":{"status":200,"headers":[%s],"content":{"size":30000,"mimeType":"text/html","text":"%s"},"redirectURL":""},"timings":{"wait":3}}`, address, headers, headers, body)
	}
	b.WriteString("]}}")
	return b.Bytes()
}

// BenchmarkReadHAR shows megabytes per second, and how many bytes of memory are allocated for a byte of the file.
func BenchmarkReadHAR(b *testing.B) {
	measureHAR(b, func(data []byte) error {
		_, err := ReadHAR("x.har", bytes.NewReader(data), HARLimits{})
		return err
	})
}

// BenchmarkUnmarshalHAR is what it is measured against: the same file, read whole into values.
func BenchmarkUnmarshalHAR(b *testing.B) {
	measureHAR(b, func(data []byte) error {
		var v any
		return json.Unmarshal(data, &v)
	})
}

func measureHAR(b *testing.B, read func([]byte) error) {
	data := sampleHAR(32 << 20)
	b.SetBytes(int64(len(data)))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		if err := read(data); err != nil {
			b.Fatal(err)
		}
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(b.N)/float64(len(data)), "allocated-B/B")
}
