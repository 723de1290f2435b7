package executable

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/process"
	"github.com/cookiegate/cookiegate/internal/lazyregexp"
)

// Search says where the browsers of an engine may be.
type Search struct {
	Engine browsers.Engine
	// Env is the environment variable that names an executable; what it names is taken or nothing is.
	Env string
	// Commands are looked up in PATH, Places are full paths, in which $VARIABLES and the patterns of filepath.Match are replaced; the
	// first that answers is taken.
	Commands []string
	Places   []string
	// Install is what a person types to install one.
	Install string
	// Ask asks an executable for its name and version; nil: by calling it with --version.
	Ask func(path string) (string, error)
}

// Find is the first browser that tells its version. The error is a *browsers.NotInstalledError.
func (s Search) Find() (browsers.Executable, error) {
	var paths []string
	missing := &browsers.NotInstalledError{Engine: s.Engine, Command: s.Install}
	if named := os.Getenv(s.Env); named != "" {
		if path, err := exec.LookPath(named); err == nil {
			if path, err = filepath.Abs(path); err == nil { // what is laid over its folder is mounted by the full name
				paths = []string{path}
			}
		}
		missing.Named = s.Env + "=" + named
	} else {
		for _, c := range s.Commands {
			if path, err := exec.LookPath(c); err == nil {
				paths = append(paths, path)
			}
		}
		for _, p := range s.Places {
			found, _ := filepath.Glob(os.ExpandEnv(p)) // a bad pattern finds nothing
			paths = append(paths, found...)
		}
	}
	for _, path := range paths {
		if x, err := s.ask(path); err == nil {
			return x, nil
		}
	}
	return browsers.Executable{}, missing
}

// answered remembers what a file said: asking takes a start of the browser.
var answered sync.Map // of key to browsers.Executable

type key struct {
	path     string
	modified time.Time
}

func (s Search) ask(path string) (browsers.Executable, error) {
	info, err := os.Stat(path)
	if err != nil {
		return browsers.Executable{}, err
	}
	k := key{path, info.ModTime()}
	if x, ok := answered.Load(k); ok {
		return x.(browsers.Executable), nil
	}
	x, err := s.version(path)
	if err == nil {
		answered.Store(k, x)
	}
	return x, err
}

func (s Search) version(path string) (browsers.Executable, error) {
	switch {
	case s.Ask != nil:
		out, err := s.Ask(path)
		if err != nil {
			return browsers.Executable{}, err
		}
		return parse(path, out)
	case runtime.GOOS == "windows":
		return fromFolders(path)
	}
	out, err := process.Answer(path, nil, "--version")
	if err != nil {
		return browsers.Executable{}, err
	}
	return parse(path, out)
}

var answer = lazyregexp.New(`(?m)^(\S.*?)\s+v?(\d+(?:\.\d+)+\w*)\b`)

// parse reads "Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)" and "Mozilla Firefox 153.7.0esr".
func parse(path, out string) (browsers.Executable, error) {
	m := answer.FindStringSubmatch(out)
	if m == nil {
		return browsers.Executable{}, fmt.Errorf("%s --version says no version: %q", path, out)
	}
	name, version := strings.TrimPrefix(m[1], "Mozilla "), m[2]
	if v, esr := strings.CutSuffix(version, "esr"); esr {
		name, version = name+" ESR", v
	}
	return browsers.Executable{Path: path, Name: name, Version: version}, nil
}

var folder = lazyregexp.New(`^\d+(\.\d+){3}$`)

// fromFolders serves Windows, where --version opens a window: Chromium's kin keep a folder named after the version beside it, and
// Firefox has it in application.ini.
func fromFolders(path string) (browsers.Executable, error) {
	x := browsers.Executable{Path: path, Name: map[string]string{
		"chrome.exe": "Google Chrome", "msedge.exe": "Microsoft Edge", "brave.exe": "Brave Browser", "firefox.exe": "Firefox",
	}[strings.ToLower(filepath.Base(path))]}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return x, err
	}
	for _, e := range entries {
		if e.IsDir() && folder.MatchString(e.Name()) {
			x.Version = e.Name()
		}
	}
	if ini, err := os.ReadFile(filepath.Join(filepath.Dir(path), "application.ini")); err == nil {
		if _, rest, ok := strings.Cut(string(ini), "\nVersion="); ok {
			x.Version, _, _ = strings.Cut(rest, "\n")
			x.Version = strings.TrimSpace(x.Version)
		}
	}
	if x.Name == "" || x.Version == "" {
		return x, errors.New("no version is written beside " + path)
	}
	return x, nil
}
