package report

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

func TestAFileIsWrittenWholeOrNotAtAll(t *testing.T) {
	g := NewWithT(t)
	dir := filepath.Join(t.TempDir(), "a", "b")
	path := filepath.Join(dir, "file")
	write := func(text string, err error) error {
		return WriteFile(path, func(w io.Writer) error {
			_, _ = io.WriteString(w, text)
			return err
		})
	}
	g.Expect(write("first", nil)).To(Succeed())
	broken := errors.New("broken")
	g.Expect(write("half of the sec", broken)).To(MatchError(broken))
	g.Expect(os.ReadFile(path)).To(BeEquivalentTo("first"))
	g.Expect(write("second", nil)).To(Succeed())
	g.Expect(os.ReadFile(path)).To(BeEquivalentTo("second"))
	left, err := os.ReadDir(dir)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(left).To(HaveLen(1), "no temporary file stays")

	g.Expect(os.Chmod(path, 0o600)).To(Succeed())
	g.Expect(write("third", nil)).To(Succeed())
	info, err := os.Stat(path)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(info.Mode().Perm()).To(BeEquivalentTo(0o600), "what was private stays so")
}

// As with --tap /dev/stdout, which root could replace by a file.
func TestWhatIsNoFileIsWrittenToAndNotReplaced(t *testing.T) {
	g := NewWithT(t)
	dir := t.TempDir()
	text := func(w io.Writer) error {
		_, err := io.WriteString(w, "text")
		return err
	}
	null := filepath.Join(dir, "null")
	g.Expect(os.Symlink(os.DevNull, null)).To(Succeed())
	g.Expect(CanWrite(null)).To(Succeed())
	g.Expect(WriteFile(null, text)).To(Succeed())
	g.Expect(os.Readlink(null)).To(Equal(os.DevNull))

	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	g.Expect(os.WriteFile(file, []byte("earlier"), 0o600)).To(Succeed())
	g.Expect(os.Symlink(file, link)).To(Succeed())
	g.Expect(WriteFile(link, text)).To(Succeed())
	g.Expect(os.Readlink(link)).To(Equal(file))
	g.Expect(os.ReadFile(file)).To(BeEquivalentTo("text"))

	out, err := os.Create(filepath.Join(dir, "out"))
	g.Expect(err).NotTo(HaveOccurred())
	defer func(f *os.File) { os.Stdout = f }(os.Stdout)
	os.Stdout = out
	_, err = io.WriteString(out, "before, ")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(isStream("/dev/stdout")).To(BeTrue())
	g.Expect(WriteFile("/dev/stdout", text)).To(Succeed())
	_, err = io.WriteString(out, ", after")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(out.Close()).To(Succeed())
	g.Expect(os.ReadFile(out.Name())).To(BeEquivalentTo("before, text, after"))
}

func TestAFileThatCannotBeWrittenIsNamed(t *testing.T) {
	g := NewWithT(t)
	dir := t.TempDir()
	g.Expect(os.WriteFile(filepath.Join(dir, "taken"), nil, 0o600)).To(Succeed())
	path := filepath.Join(dir, "taken", "results.json")
	g.Expect(WriteJSON(path, Run{})).To(MatchError(ContainSubstring(path)))
	g.Expect(CanWrite(path)).To(MatchError(ContainSubstring(path)))
	g.Expect(CanWrite(dir)).To(MatchError("writing " + dir + ": it is a folder; expected a file"))
	g.Expect(CanWrite(filepath.Join(dir, "a", "b", "results.json"))).To(Succeed())
	g.Expect(os.ReadDir(filepath.Join(dir, "a", "b"))).To(BeEmpty(), "nothing is written yet")
}

func TestWriteMakesEveryFileAndItsScreenshots(t *testing.T) {
	g := NewWithT(t)
	dir := t.TempDir()
	before := sampleCase("matrix", "popup", "legacy", browsers.Firefox, "block-all")
	before.PNG = samplePicture()
	g.Expect(Write(dir, &Run{Results: []testbed.Result{before}}, nil)).To(Succeed())
	stale := filepath.Join(dir, pictures, FileName(before.ID)+".png")
	g.Expect(stale).To(BeARegularFile())
	r := sampleCase("matrix", "iframe", "none-secure", browsers.Firefox, "per-site-allow")
	r.PNG = samplePicture()
	run := Run{Results: []testbed.Result{r}}
	g.Expect(Write(dir, &run, nil)).To(Succeed())

	g.Expect(stale).NotTo(BeAnExistingFile())
	again, err := ReadJSON(filepath.Join(dir, "results.json"))
	g.Expect(err).NotTo(HaveOccurred())
	name := again.Results[0].Screenshot
	g.Expect(name).To(Equal("screenshots/matrix_iframe_none-secure_firefox_per-site-allow.png"))
	g.Expect(os.ReadFile(filepath.Join(dir, name))).To(Equal(r.PNG))
	g.Expect(os.ReadFile(filepath.Join(dir, "report.html"))).To(ContainSubstring("data:image/png;base64,iVBOR"))
	g.Expect(filepath.Join(dir, "junit.xml")).To(BeARegularFile())
	g.Expect(run.Results[0].Screenshot).To(Equal(name), "what is told at the terminal is the file that is there")
}

func TestFileNamesAreSafeAndOneForEachIdentifier(t *testing.T) {
	g := NewWithT(t)
	seen := map[string]string{}
	for _, id := range []string{"a/b", "a_b", "a b", "a%20b", "../../etc/passwd", ".hidden", `c:\x`, "ä", "a\x00b"} {
		name := FileName(id)
		g.Expect(name).To(MatchRegexp(`^[A-Za-z0-9%_-][A-Za-z0-9%_.-]*$`), id)
		g.Expect(seen).NotTo(HaveKey(name), "%q and %q", id, seen[name])
		seen[name] = id
	}
}

func TestALongIdentifierIsAFileNameToo(t *testing.T) {
	g := NewWithT(t)
	id := "matrix/" + strings.Repeat("long-", 60) + "name/none-secure/firefox/"
	one, other := FileName(id+"block-all"), FileName(id+"trusted-zone")
	g.Expect(one).To(HavePrefix("matrix_long-long-"))
	g.Expect(one).NotTo(Equal(other))
	run := Run{Results: []testbed.Result{{ID: id, Suite: "matrix", Status: testbed.Error, PNG: samplePicture(), EarlierPNG: samplePicture()}}}
	g.Expect(Write(t.TempDir(), &run, nil)).To(Succeed())
}
