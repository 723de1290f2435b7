package process

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// buryOrphans ends what a tree has put outside of its process group: Firefox's crash helper detaches itself. Those that have ended are
// taken note of whichever browser they were of; one that still runs is known by the browser's id among its arguments.
func buryOrphans(tree int) {
	for pid, fields := range stats() {
		if !orphan(pid, fields) {
			continue
		}
		if fields[0] != "Z" {
			args, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
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
func orphan(pid int, fields []string) bool {
	parent, group := fields[1], fields[2]
	return parent == strconv.Itoa(os.Getpid()) && group != strconv.Itoa(pid) && group != strconv.Itoa(syscall.Getpgrp())
}
