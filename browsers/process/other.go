//go:build !linux

package process

import "os/exec"

func start(cmd *exec.Cmd) error { return cmd.Start() }

func command(o Options) (*exec.Cmd, error) {
	if len(o.Mounts) > 0 {
		return nil, CanMount()
	}
	cmd := exec.Command(o.Path, o.Args...)
	cmd.SysProcAttr = attributes()
	return cmd, nil
}

// CanMount says whether a process can get mounts of its own here; the error is an *UnableError.
func CanMount() error {
	return &UnableError{Why: "only Linux has mount namespaces", Advice: "Run on Linux, or in a container."}
}

// Child is the id of a child that parent has started; other systems tell none.
func Child(int) (int, bool) { return 0, false }

// Gone is closed when the process is; other systems do not tell of a process that is not one's own child, and the channel is nil.
func Gone(int) <-chan struct{} { return nil }
