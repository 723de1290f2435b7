package report

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// The files of a report, and the folders beside them that hold screenshots, and traces.
const (
	resultsFile = "results.json"
	junitFile   = "junit.xml"
	htmlFile    = "report.html"
	pictures    = "screenshots"
	Traces      = "traces"
)

// Files are the names of the files that Write writes.
var Files = []string{resultsFile, junitFile, htmlFile}

// Write writes results.json, junit.xml, report.html and the screenshots and traces that results hold into dir, which it makes where it is
// missing, and sets Screenshot and Earlier in the results of run to the files it wrote. Screenshots of an earlier run go. Against, when not
// nil, is the run that the HTML report compares with.
func Write(dir string, run, against *Run) error {
	if err := writePictures(dir, run); err != nil {
		return err
	}
	if err := writeTraces(dir, *run); err != nil {
		return err
	}
	if err := WriteJSON(filepath.Join(dir, resultsFile), *run); err != nil {
		return err
	}
	if err := WriteFile(filepath.Join(dir, junitFile), func(w io.Writer) error { return JUnit(w, *run) }); err != nil {
		return err
	}
	return WriteFile(filepath.Join(dir, htmlFile), func(w io.Writer) error {
		return HTML(w, *run, HTMLOptions{Dir: os.DirFS(dir), Against: against})
	})
}

func writePictures(dir string, run *Run) error {
	if err := RemoveEarlier(dir, pictures); err != nil {
		return fmt.Errorf("removing earlier screenshots: %w", err)
	}
	for i := range run.Results {
		r := &run.Results[i]
		for _, picture := range []struct {
			png  []byte
			name *string
			end  string
		}{{r.PNG, &r.Screenshot, ".png"}, {r.EarlierPNG, &r.Earlier, ".earlier.png"}} {
			if len(picture.png) == 0 {
				continue
			}
			*picture.name = path.Join(pictures, FileName(r.ID)+picture.end)
			if err := writeBytes(dir, *picture.name, picture.png); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeTraces writes traces that came with the results; those of cases that were run here are written already.
func writeTraces(dir string, run Run) error {
	for _, r := range run.Results {
		if len(r.TraceZip) == 0 {
			continue
		}
		if err := writeBytes(dir, path.Join(Traces, path.Base(r.Trace)), r.TraceZip); err != nil {
			return err
		}
	}
	return nil
}

func writeBytes(dir, name string, data []byte) error {
	return WriteFile(filepath.Join(dir, filepath.FromSlash(name)), func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// FileName is an identifier as the name of a file on any system; no two identifiers share one, letter case aside.
func FileName(id string) string {
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
	name := b.String()
	if len(name) > longestName {
		name = fmt.Sprintf("%s%%%x", name[:longestName-17], sha256.Sum256([]byte(id)))[:longestName]
	}
	return name
}

// longestName leaves room for what is put before and after a name: file systems take 255 bytes.
const longestName = 200
