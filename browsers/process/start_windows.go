package process

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// interruptTree cannot ask a tree here; it is killed.
func interruptTree(*os.Process) error { return os.ErrInvalid }

func killTree(p *os.Process) {
	_ = exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(p.Pid)).Run()
}

// reap has nothing to do: the system takes note of the end of orphans.
func reap(*os.Process) {}
