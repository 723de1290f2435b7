package process

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// buryOrphans ends what a tree has put outside of its process group: Firefox's crash helper detaches itself. Those that have ended are
// taken note of whichever browser they were of; one that still runs is known by the browser's id among its arguments.
func buryOrphans(tree int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range stats {
		pid, state, ok := orphan(file)
		if !ok {
			continue
		}
		if state != "Z" {
			args, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "cmdline"))
			if !slices.Contains(strings.Split(string(args), "\x00"), strconv.Itoa(tree)) {
				continue
			}
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		_, _ = syscall.Wait4(pid, nil, 0, nil)
	}
}

// orphan says whether a process was adopted: it is this program's child, and neither of the program's process group nor the first of
// another, as what the program starts itself is.
func orphan(statFile string) (pid int, state string, ok bool) {
	stat, err := os.ReadFile(statFile)
	if err != nil {
		return 0, "", false
	}
	id, _, _ := strings.Cut(string(stat), " ")
	_, rest, _ := strings.Cut(string(stat), ") ") // after the name, which may hold anything but this
	fields := strings.Fields(rest)
	if len(fields) < 3 || fields[1] != strconv.Itoa(os.Getpid()) {
		return 0, "", false
	}
	group := fields[2]
	if group == id || group == strconv.Itoa(syscall.Getpgrp()) {
		return 0, "", false
	}
	pid, err = strconv.Atoi(id)
	return pid, fields[0], err == nil
}
