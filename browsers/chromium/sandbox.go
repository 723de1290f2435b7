package chromium

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/cookiegate/cookiegate/browsers/process"
)

// noSandbox is what Chromium says where a user can have neither kind of its sandbox: many a container, and systems that let users make no
// user namespaces.
// Source: Chromium, content/browser/zygote_host/zygote_host_impl_linux.cc
const noSandbox = "No usable sandbox"

const withoutSandbox = "--no-sandbox"

// unsandboxed says that Chromium starts without its sandbox here: as root, for whom it has none, or since one found none to be had. A browser
// under test is sent nowhere but to the front door.
var unsandboxed atomic.Bool

func init() { unsandboxed.Store(os.Geteuid() == 0) }

// start starts a process, without the sandbox where there is none to be had.
func (e *engine) start(ctx context.Context) (*process.Process, string, error) {
	for {
		args := e.args()
		p, endpoint, err := process.Start(ctx, process.Options{Path: e.exe.Path, Args: args, Env: shortTemporary(), Mounts: e.mounts}, listening)
		if err == nil {
			return p, endpoint, nil
		}
		err = errors.Join(err, removeSingleton(e.profile))
		if !strings.Contains(err.Error(), noSandbox) || slices.Contains(args, withoutSandbox) {
			return nil, "", err
		}
		unsandboxed.Store(true)
	}
}
