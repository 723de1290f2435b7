package report

import (
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	. "github.com/onsi/gomega"
)

// smallRun is testdata/run.json: a case of each status, in two suites.
func smallRun(t *testing.T) Run {
	t.Helper()
	run, err := ReadJSON(filepath.Join("testdata", "run.json"))
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// The files in testdata were read line by line against run.json. There is no way to have them written by the code they
// check.
func TestWrittenAsRecorded(t *testing.T) {
	for file, write := range map[string]func(io.Writer, Run) error{
		"terminal.txt":    func(w io.Writer, run Run) error { return Terminal(w, run, false) },
		"junit.xml":       JUnit,
		"results.tap":     TAP,
		"annotations.txt": Annotations,
		"summary.md":      Summary,
	} {
		t.Run(file, func(t *testing.T) {
			want, err := os.ReadFile(filepath.Join("testdata", file))
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if err := write(&b, smallRun(t)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), b.String()); diff != "" {
				t.Errorf("-recorded +written:\n%s", diff)
			}
		})
	}
}

func TestExplanationIsRecordedInTheTerminalsText(t *testing.T) {
	g := NewWithT(t)
	want, err := os.ReadFile(filepath.Join("testdata", "terminal.txt"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(want)).To(ContainSubstring(Explain(smallRun(t).Results[2])))
}

// The rules are those of the published schemas (Ant's JUnit task; Jenkins' xUnit plugin), the stricter one where they differ.
func TestJUnitKeepsToTheSchemas(t *testing.T) {
	g := NewWithT(t)
	run := sampleRun()
	run.Gate = Gate{Baseline: "baseline.yaml", Strict: true, Gone: []string{"matrix/telnet/legacy/chromium/block-all"}}
	run.Results[0].Sentence, run.Results[0].Status, run.Results[0].Outcome = "control \x01 and ]]> and \xff", "error", ""
	var b bytes.Buffer
	g.Expect(JUnit(&b, run)).To(Succeed())

	required := map[string][]string{
		"testsuites": {},
		"testsuite":  {"name", "package", "id", "timestamp", "hostname", "tests", "failures", "errors", "skipped", "time"},
		"properties": {}, "property": {"name", "value"}, "testcase": {"name", "classname", "time"},
		"failure": {"message", "type"}, "error": {"message", "type"}, "skipped": {"message"}, "system-out": {}, "system-err": {},
	}
	inside := map[string]string{
		"testsuites": "", "testsuite": "testsuites", "properties": "testsuite", "property": "properties", "testcase": "testsuite",
		"failure": "testcase", "error": "testcase", "skipped": "testcase", "system-out": "testsuite", "system-err": "testsuite",
	}
	order := []string{"properties", "testcase", "system-out", "system-err"}
	var path []string
	children := map[int]int{} // of the element at each depth
	last := 0                 // place in order of the last child of a testsuite
	counts := map[string]int{}
	names := map[string]bool{}
	d := xml.NewDecoder(&b)
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		g.Expect(err).NotTo(HaveOccurred())
		switch e := token.(type) {
		case xml.StartElement:
			name := e.Name.Local
			parent := ""
			if len(path) > 0 {
				parent = path[len(path)-1]
			}
			g.Expect(inside).To(HaveKeyWithValue(name, parent))
			var attributes []string
			for _, a := range e.Attr {
				attributes = append(attributes, a.Name.Local)
				switch a.Name.Local {
				case "name", "package", "classname", "hostname":
					g.Expect(a.Value).NotTo(BeEmpty(), name)
					g.Expect(a.Value).To(Equal(strings.Join(strings.Fields(a.Value), " ")), "a token")
				case "time":
					g.Expect(a.Value).To(MatchRegexp(`^\d{1,3}(\.\d{3})$`))
				case "timestamp":
					g.Expect(a.Value).To(MatchRegexp(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$`))
				case "tests", "failures", "errors", "skipped", "id":
					g.Expect(a.Value).To(MatchRegexp(`^\d+$`))
				}
			}
			g.Expect(attributes).To(ConsistOf(required[name]), name)
			switch name {
			case "testsuite":
				last = 0
				g.Expect(names).NotTo(HaveKey(e.Attr[0].Value))
				names[e.Attr[0].Value] = true
			case "testcase", "properties", "system-out", "system-err":
				for order[last] != name {
					last++
					g.Expect(last).To(BeNumerically("<", len(order)), "%s in its place", name)
				}
			case "failure", "error", "skipped":
				g.Expect(children[len(path)]).To(BeZero(), "one element in a testcase")
			}
			children[len(path)]++
			children[len(path)+1] = 0
			counts[name]++
			path = append(path, name)
		case xml.EndElement:
			if e.Name.Local == "testsuite" {
				g.Expect(last).To(Equal(3), "system-err ends a testsuite")
			}
			path = path[:len(path)-1]
		}
	}
	g.Expect(counts).To(And(HaveKeyWithValue("testcase", 393), HaveKeyWithValue("failure", 3), HaveKeyWithValue("error", 2), HaveKeyWithValue("skipped", 73)))
}
