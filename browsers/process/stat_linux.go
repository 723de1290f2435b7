package process

import (
	"bytes"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// stats are the processes that there are, each by its id, with the fields that /proc has of it after its name: state, parent, process group, and more.
// Source: proc_pid_stat(5)
func stats() iter.Seq2[int, []string] {
	return func(yield func(int, []string) bool) {
		folders, _ := os.ReadDir("/proc")
		for _, folder := range folders {
			pid, err := strconv.Atoi(folder.Name())
			if err != nil {
				continue
			}
			stat, err := os.ReadFile(filepath.Join("/proc", folder.Name(), "stat"))
			if err != nil {
				continue // it has ended
			}
			name := bytes.LastIndexByte(stat, ')') // it is in brackets, and may hold some itself
			if fields := strings.Fields(string(stat[name+1:])); len(fields) >= 3 && !yield(pid, fields) {
				return
			}
		}
	}
}
