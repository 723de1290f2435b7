package process

import (
	"os"
	"os/exec"
	"syscall"
)

// start starts cmd from a goroutine of its own: the kernel sends Pdeathsig when the *thread* that started the process ends, and a
// caller may be locked to a thread that it gives up.
func start(cmd *exec.Cmd) error {
	started := make(chan error)
	go func() { started <- cmd.Start() }()
	return <-started
}

func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

func killTree(p *os.Process) {
	_ = syscall.Kill(-p.Pid, syscall.SIGKILL)
}
