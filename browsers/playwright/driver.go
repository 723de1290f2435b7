package playwright

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/cookiegate/cookiegate/browsers/process"
)

// Version is the release of playwright-core that this build's client speaks with; it speaks with no other.
const Version = "1.52.0"

// Script is our cli.js, which takes the place of playwright-core's in the driver folder.
//
//go:embed driver.js
var Script []byte

// DriverDir is the driver folder: what COOKIEGATE_DRIVER names, else a folder in the user's cache. It need not exist.
func DriverDir() (string, error) {
	if dir := os.Getenv("COOKIEGATE_DRIVER"); dir != "" {
		return filepath.Abs(dir)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no place for the Playwright driver: %w; set COOKIEGATE_DRIVER to a folder", err)
	}
	return filepath.Join(cache, "cookiegate", "driver-"+Version), nil
}

// CheckDriver says what is wrong with the driver folder dir, nil when it can be used: it holds Node, playwright-core of the right
// version, and this build's script.
func CheckDriver(dir string) error {
	script, err := os.ReadFile(filepath.Join(dir, "package", "cli.js"))
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("the Playwright driver is not installed in %s", dir)
	case err != nil:
		return err
	case string(script) != string(Script):
		return fmt.Errorf("the Playwright driver in %s belongs to another version of cookiegate", dir)
	}
	node := filepath.Join(dir, NodeName())
	out, err := process.Answer(node, nil, filepath.Join(dir, "package", "cli.js"), "--version")
	if err != nil {
		return fmt.Errorf("the Playwright driver in %s does not run: %w", dir, err)
	}
	if got := strings.TrimSpace(strings.TrimPrefix(out, "Version")); got != Version {
		return fmt.Errorf("the Playwright driver in %s is version %s, and %s is wanted", dir, got, Version)
	}
	return nil
}

// NodeName is the name of Node's executable within the driver folder.
func NodeName() string {
	if runtime.GOOS == "windows" {
		return "node.exe"
	}
	return "node"
}
