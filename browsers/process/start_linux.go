package process

import (
	"errors"
	"os"
	"os/exec"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// adopt makes orphans of this program's processes its own children. Otherwise those that a killed browser leaves go to process 1,
// which in a container often never takes note of their end.
var adopt = sync.OnceFunc(func() {
	_ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
})

// start starts cmd from a goroutine of its own: the kernel sends Pdeathsig when the *thread* that started the process ends, and a
// caller may be locked to a thread that it gives up.
func start(cmd *exec.Cmd) error {
	adopt()
	started := make(chan error)
	go func() { started <- cmd.Start() }()
	return <-started
}

func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

func interruptTree(p *os.Process) error { return syscall.Kill(-p.Pid, syscall.SIGINT) }

func killTree(p *os.Process) {
	_ = syscall.Kill(-p.Pid, syscall.SIGKILL)
}

// reap waits for all that is left of a killed tree whose first process has been waited for.
func reap(p *os.Process) {
	for {
		if _, err := syscall.Wait4(-p.Pid, nil, 0, nil); err != nil && !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	buryOrphans(p.Pid)
}
