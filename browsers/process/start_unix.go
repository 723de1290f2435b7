//go:build unix && !linux

package process

import (
	"os"
	"syscall"
)

func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func interruptTree(p *os.Process) error { return syscall.Kill(-p.Pid, syscall.SIGINT) }

func killTree(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGKILL) }

// reap has nothing to do: the system takes note of the end of orphans.
func reap(*os.Process) {}
