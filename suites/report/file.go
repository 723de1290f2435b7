package report

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteFile writes a file by way of a temporary one beside it, so that a reader sees the whole file or the one that was there
// before, also when the run is interrupted. Missing folders are made. A device, a pipe or the program's own output (/dev/stdout) is written to and not
// replaced, and so is the file that a link leads to. A file that was there keeps its permissions.
func WriteFile(path string, render func(io.Writer) error) (err error) {
	if isStream(path) {
		return writeStream(path, render)
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	f, err := beside(path)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close() // closed already, unless rendering failed
			_ = os.Remove(f.Name())
			err = fmt.Errorf("writing %s: %w", path, err)
		}
	}()
	w := bufio.NewWriter(f)
	if err := render(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := f.Chmod(mode); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// CanWrite says whether WriteFile could write there, before somebody works for what would then be lost. Missing folders are made.
func CanWrite(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fmt.Errorf("writing %s: it is a folder; expected a file", path)
	}
	if isStream(path) {
		return nil
	}
	f, err := beside(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// own are the program's outputs by their names: opened once more, a file behind one would be written from its beginning.
var own = map[string]**os.File{"/dev/stdout": &os.Stdout, "/dev/stderr": &os.Stderr}

// isStream says whether what stands at path takes what is written to it and keeps nothing that could be replaced.
func isStream(path string) bool {
	info, err := os.Stat(path)
	return own[path] != nil || err == nil && !info.Mode().IsRegular() && !info.IsDir()
}

func writeStream(path string, render func(io.Writer) error) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("writing %s: %w", path, err)
		}
	}()
	var w io.Writer
	if f := own[path]; f != nil {
		w = *f
	} else {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		defer f.Close()
		w = f
	}
	b := bufio.NewWriter(w)
	if err := render(b); err != nil {
		return err
	}
	return b.Flush()
}

// beside is a new file in the folder of path, which is made where it is missing.
func beside(path string) (*os.File, error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("writing %s: %w", path, err)
	}
	f, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*")
	if err != nil {
		return nil, fmt.Errorf("writing %s: %w", path, err)
	}
	return f, nil
}
