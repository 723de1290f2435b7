package report

import (
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// pictures is the folder beside the report that holds the screenshots.
const pictures = "screenshots"

// Write writes results.json, junit.xml, report.html and the screenshots that results hold into dir, which it makes where it is
// missing, and sets Screenshot in the results of run to the files it wrote. Screenshots of an earlier run go. Against, when not
// nil, is the run that the HTML report compares with.
func Write(dir string, run, against *Run) error {
	if err := writePictures(dir, run); err != nil {
		return err
	}
	if err := WriteJSON(filepath.Join(dir, "results.json"), *run); err != nil {
		return err
	}
	if err := WriteFile(filepath.Join(dir, "junit.xml"), func(w io.Writer) error { return JUnit(w, *run) }); err != nil {
		return err
	}
	return WriteFile(filepath.Join(dir, "report.html"), func(w io.Writer) error {
		return HTML(w, *run, HTMLOptions{Dir: os.DirFS(dir), Against: against})
	})
}

func writePictures(dir string, run *Run) error {
	if err := os.RemoveAll(filepath.Join(dir, pictures)); err != nil {
		return fmt.Errorf("removing earlier screenshots: %w", err)
	}
	for i := range run.Results {
		r := &run.Results[i]
		if len(r.PNG) == 0 {
			continue
		}
		r.Screenshot = path.Join(pictures, fileName(r.ID)+".png")
		err := WriteFile(filepath.Join(dir, filepath.FromSlash(r.Screenshot)), func(w io.Writer) error {
			_, err := w.Write(r.PNG)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// fileName is an identifier as the name of a file on any system; no two identifiers share one, letter case aside.
func fileName(id string) string {
	var b strings.Builder
	for _, c := range []byte(id) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '.' && b.Len() > 0:
			b.WriteByte(c)
		case c == '/':
			b.WriteByte('_')
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
