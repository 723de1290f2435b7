package setup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/cookiegate/cookiegate/browsers/playwright"
	"github.com/cookiegate/cookiegate/browsers/process"
)

// oldestNode is the first release of Node that playwright-core 1.52 runs on.
const oldestNode = 18

// nodeVariable names the Node that is used; what it names is taken or nothing is.
const nodeVariable = "PLAYWRIGHT_NODEJS_PATH"

// findNode finds a Node that can run the driver: what PLAYWRIGHT_NODEJS_PATH names, else the one in PATH.
func findNode() (path, version string, err error) {
	if named := os.Getenv(nodeVariable); named != "" {
		if path, err = exec.LookPath(named); err == nil {
			path, err = filepath.Abs(path) // the driver's folder has a link to it
		}
		if err == nil {
			version, err = nodeVersion(path)
		}
		if err != nil {
			return "", "", fmt.Errorf("%s=%s: %w", nodeVariable, named, err)
		}
		return path, version, nil
	}
	if path, err = exec.LookPath("node"); err != nil {
		return "", "", fmt.Errorf("no Node.js %d or newer is installed", oldestNode)
	}
	version, err = nodeVersion(path)
	return path, version, err
}

func nodeVersion(path string) (string, error) {
	out, err := process.Answer(path, nil, "--version")
	if err != nil {
		return "", err
	}
	version := strings.TrimPrefix(strings.TrimSpace(out), "v")
	major, _, _ := strings.Cut(version, ".")
	if n, err := strconv.Atoi(major); err != nil || n < oldestNode {
		return "", fmt.Errorf("%s is version %s; expected %d or newer", path, version, oldestNode)
	}
	return version, nil
}

// installDriver lays the driver folder out beside its place and moves it there, so that it is whole or absent.
func installDriver(ctx context.Context, progress func(string)) error {
	dir, err := playwright.DriverDir()
	if err != nil {
		return err
	}
	if err := mayReplace(dir); err != nil {
		return err
	}
	node, _, err := findNode()
	if err != nil {
		return err
	}
	progress("npm install playwright-core@" + playwright.Version)
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	made, err := os.MkdirTemp(filepath.Dir(dir), "."+filepath.Base(dir)+"-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(made)
	err = quietly(ctx, "npm", "install", "--prefix", made, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "playwright-core@"+playwright.Version)
	if err != nil {
		return err
	}
	err = errors.Join(
		os.Rename(filepath.Join(made, "node_modules", "playwright-core"), filepath.Join(made, "package")),
		os.RemoveAll(filepath.Join(made, "node_modules")),
		os.WriteFile(filepath.Join(made, "package", "cli.js"), playwright.Script, 0o644),
		link(node, filepath.Join(made, playwright.NodeName())),
	)
	if err != nil {
		return fmt.Errorf("lay out the Playwright driver: %w", err)
	}
	if err := playwright.CheckDriver(made); err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.Rename(made, dir)
}

// mayReplace says whether dir holds a driver or nothing: what COOKIEGATE_DRIVER names may be a folder full of a person's own files.
func mayReplace(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		if e.Name() != "package" && e.Name() != playwright.NodeName() {
			return fmt.Errorf("%s holds %s, which is no part of a Playwright driver; expected a folder for the driver alone, or none", dir, e.Name())
		}
	}
	return nil
}

// link makes node found at place. Windows allows symbolic links to few, and hard links to all.
func link(node, place string) error {
	if os.Symlink(node, place) == nil {
		return nil
	}
	return os.Link(node, place)
}
