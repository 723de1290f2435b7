package process

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Overlay prepares, below the empty folder staging, a folder that a process can be shown in the place of target. It returns the
// mount and the path at which to write what the process is to find in target. Where target does not exist, what is mounted over is the
// nearest folder above it, with a copy of what is in there: a mount needs something to be mounted over, and nothing is written outside
// of staging.
func Overlay(target, staging string) (Mount, string, error) {
	over, target, err := overlaid(target)
	if err != nil {
		return Mount{}, "", err
	}
	if err := os.CopyFS(staging, os.DirFS(over)); err != nil {
		return Mount{}, "", fmt.Errorf("copy %s: %w", over, err)
	}
	inside := filepath.Join(staging, strings.TrimPrefix(target, over))
	if err := os.MkdirAll(inside, 0o755); err != nil {
		return Mount{}, "", err
	}
	return Mount{Source: staging, Target: over}, inside, nil
}

// Hide prepares the empty folder staging, which a process can be shown in the place of the folder target; not ok where there is none to be hidden.
func Hide(target, staging string) (m Mount, ok bool, err error) {
	real, err := filepath.EvalSymlinks(target)
	if errors.Is(err, os.ErrNotExist) {
		return Mount{}, false, nil
	}
	if err != nil {
		return Mount{}, false, err
	}
	return Mount{Source: staging, Target: real}, true, os.MkdirAll(staging, 0o755)
}

// overlaid is the folder that is mounted over where target is to be another, and target with its links followed. The error is an *UnableError
// where there is no such folder.
func overlaid(target string) (over, real string, err error) {
	over = target
	for {
		found, err := filepath.EvalSymlinks(over)
		if err == nil {
			real = filepath.Join(found, strings.TrimPrefix(target, over))
			over = found
			break
		}
		if !errors.Is(err, os.ErrNotExist) {
			return "", "", err
		}
		over = filepath.Dir(over)
	}
	if filepath.Dir(over) == "/" {
		return "", "", &UnableError{
			Why:    target + " does not exist, nor anything near it that could be mounted over",
			Advice: "Make the folder: sudo mkdir -p " + target,
		}
	}
	return over, real, nil
}
