package shard

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/suites/report"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

var plan = []string{"matrix/a", "matrix/b", "matrix/c", "matrix/d", "matrix/e", "matrix/f", "matrix/g", "matrix/h"}

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// blobs writes the blobs of a run in three shards, each a minute later than the one before, and returns their folder.
func blobs(t *testing.T, change func(b *Blob)) string {
	t.Helper()
	dir := t.TempDir()
	for i := range 3 {
		b := Blob{Shard: Shard{i + 1, 3}, Program: "v1.2.3", Plan: plan, Repeat: 3}
		b.Run = report.Run{Started: noon.Add(time.Duration(i) * time.Minute), Duration: 90 * time.Second, Seed: int64(i + 1), Browsers: []report.Browser{{Name: "Chromium", Version: "156"}}}
		for _, id := range b.Shard.Of(plan) {
			b.Run.Results = append(b.Run.Results, testbed.Result{
				ID: id, Suite: "matrix", Browser: "chromium", Expected: testbed.Works, Outcome: testbed.Works, Status: testbed.Passed, PNG: []byte("\x89PNG " + id),
			})
		}
		if change != nil {
			change(&b)
		}
		if err := Write(dir, b); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestMerge(t *testing.T) {
	g := NewWithT(t)
	for i := range 3 {
		g.Expect(Shard{i + 1, 3}.Of(plan)).NotTo(BeEmpty(), "every shard has something to do")
	}
	run, err := Merge([]string{blobs(t, nil)})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(run.Started).To(Equal(noon))
	g.Expect(run.Duration).To(Equal(2*time.Minute+90*time.Second), "from the first start to the last end")
	g.Expect(run.Seed).To(BeZero(), "they do not share one")
	g.Expect(run.Browsers).To(HaveLen(1))
	var ids []string
	for _, r := range run.Results {
		ids = append(ids, r.ID)
		g.Expect(string(r.PNG)).To(Equal("\x89PNG " + r.ID))
	}
	g.Expect(ids).To(Equal(plan))
}

func TestMergeTakesTheNameOfAFolderAsItIs(t *testing.T) {
	g := NewWithT(t)
	dir := filepath.Join(t.TempDir(), "out[1]")
	g.Expect(os.Rename(blobs(t, nil), dir)).To(Succeed())
	run, err := Merge([]string{dir})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(run.Results).To(HaveLen(len(plan)))
}

func TestMergeRefusesWhatIsNotOneRun(t *testing.T) {
	second := func(change func(b *Blob)) func(b *Blob) {
		return func(b *Blob) {
			if b.Shard.Index == 2 {
				change(b)
			}
		}
	}
	own := Shard{2, 3}.Of(plan)
	for name, c := range map[string]struct {
		change func(b *Blob)
		want   string
	}{
		"fewer repetitions":             {second(func(b *Blob) { b.Repeat = 1 }), "are of different runs: how often a case is run is 3 in the one and 1 in the other; expected one run's blobs"},
		"another version of cookiegate": {second(func(b *Blob) { b.Program = "v1.2.4" }), "are of different runs: cookiegate's version is v1.2.3 in the one and v1.2.4 in the other; expected one run's blobs"},
		"another selection":             {second(func(b *Blob) { b.Plan = append([]string{"matrix/z"}, plan...) }), "the selection is 8 cases in the one and 9 cases with matrix/z in the other"},
		"another gate":                  {second(func(b *Blob) { b.Run.Gate.FailOnFlaky = true }), "what the run is held to is"},
		"a result too few":              {second(func(b *Blob) { b.Run.Results = b.Run.Results[1:] }), fmt.Sprintf("blob-2-of-3.json.gz has %d results; expected %d: one is missing for %s", len(own)-1, len(own), own[0])},
		"another shard's result":        {second(func(b *Blob) { b.Run.Results[0].ID = Shard{1, 3}.Of(plan)[0] }), "expected only cases of shard 2/3"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			_, err := Merge([]string{blobs(t, c.change)})
			g.Expect(err).To(MatchError(ContainSubstring(c.want)))
		})
	}
}

func TestMergeRefusesHolesAndDoubles(t *testing.T) {
	g := NewWithT(t)
	dir := blobs(t, nil)
	path := func(i int) string { return filepath.Join(dir, FileName(Shard{i, 3})) }

	_, err := Merge([]string{path(1), path(3)})
	g.Expect(err).To(MatchError("blob-2-of-3.json.gz missing: expected the blobs of all 3 shards, found 2"))
	_, err = Merge([]string{path(1)})
	g.Expect(err).To(MatchError("blob-2-of-3.json.gz, blob-3-of-3.json.gz missing: expected the blobs of all 3 shards, found 1"))
	_, err = Merge([]string{dir, path(2)})
	g.Expect(err).To(MatchError(fmt.Sprintf("%s and %s are both shard 2/3; expected each once", path(2), path(2))))

	other := blobs(t, func(b *Blob) { b.Shard.Total, b.Run.Results = 4, nil })
	_, err = Merge([]string{path(1), filepath.Join(other, "blob-2-of-4.json.gz")})
	g.Expect(err).To(MatchError(ContainSubstring("the number of shards is 3 in the one and 4 in the other")))

	_, err = Merge([]string{t.TempDir()})
	g.Expect(err).To(MatchError(ContainSubstring("holds no blob; expected files such as blob-2-of-5.json.gz")))
	_, err = Merge([]string{filepath.Join(dir, "none")})
	g.Expect(err).To(MatchError(os.ErrNotExist))
	_, err = Merge(nil)
	g.Expect(err).To(MatchError("nothing to merge; expected the blobs of all shards"))
}

func TestReadingIsStrict(t *testing.T) {
	dir := blobs(t, nil)
	path := filepath.Join(dir, "blob-2-of-3.json.gz")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(doc map[string]any) // of the document within
		text   func([]byte) []byte      // of the file
		want   string
	}{
		"another version": {func(doc map[string]any) { doc["version"] = 2 }, nil, "is a blob of version 2; expected 1: it was written by another version of cookiegate (v1.2.3)"},
		"no shard":        {func(doc map[string]any) { doc["shard"] = "two" }, nil, `shard: "two" is no shard`},
		"no results":      {func(doc map[string]any) { doc["results"] = map[string]any{"version": 1} }, nil, "results: browsers is missing"},
		"unknown status": {func(doc map[string]any) {
			doc["results"].(map[string]any)["cases"].([]any)[0].(map[string]any)["status"] = "fine"
		}, nil, `status is "fine"`},
		"not compressed": {nil, func([]byte) []byte { return []byte(`{"version": 1}`) }, "expected the blob of a shard, such as blob-2-of-5.json.gz"},
		"cut short":      {nil, func(b []byte) []byte { return b[:len(b)/2] }, "unexpected EOF; expected the blob of a shard, whole"},
		"damaged":        {nil, func(b []byte) []byte { b[len(b)-5] ^= 1; return b }, "expected the blob of a shard, whole"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			text := append([]byte(nil), whole...)
			if c.change != nil {
				text = changed(g, text, c.change)
			} else {
				text = c.text(text)
			}
			file := filepath.Join(t.TempDir(), "blob.json.gz")
			g.Expect(os.WriteFile(file, text, 0o600)).To(Succeed())
			_, err := Read(file)
			g.Expect(err).To(MatchError(And(HavePrefix(file+": "), ContainSubstring(c.want))))
		})
	}
}

// changed is a blob with its document changed.
func changed(g *WithT, blob []byte, change func(map[string]any)) []byte {
	z, err := gzip.NewReader(strings.NewReader(string(blob)))
	g.Expect(err).NotTo(HaveOccurred())
	text, err := io.ReadAll(z)
	g.Expect(err).NotTo(HaveOccurred())
	var doc map[string]any
	g.Expect(json.Unmarshal(text, &doc)).To(Succeed())
	change(doc)
	text, err = json.Marshal(doc)
	g.Expect(err).NotTo(HaveOccurred())
	var b strings.Builder
	w := gzip.NewWriter(&b)
	_, err = w.Write(text)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(w.Close()).To(Succeed())
	return []byte(b.String())
}
