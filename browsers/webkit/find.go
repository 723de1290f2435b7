package webkit

import (
	"context"
	"os/exec"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/executable"
	"github.com/cookiegate/cookiegate/browsers/process"
	"github.com/cookiegate/cookiegate/browsers/screen"
)

const install = "sudo apt-get install webkit2gtk-driver libwebkit2gtk-4.1-0 xvfb"

var search = executable.Search{
	Engine: browsers.WebKit,
	Env:    "COOKIEGATE_WEBKIT",
	Places: []string{
		"/usr/lib/*/webkit2gtk-4.1/MiniBrowser",
		"/usr/lib/*/webkitgtk-6.0/MiniBrowser",
		"/usr/lib/*/webkit2gtk-4.0/MiniBrowser",
		"/usr/libexec/webkit2gtk-4.1/MiniBrowser",
		"/usr/libexec/webkitgtk-6.0/MiniBrowser",
	},
	Install: install,
	Ask:     ask,
}

// Find finds WebKitGTK's MiniBrowser, what COOKIEGATE_WEBKIT names or the first that is installed, and what it takes to drive it.
func (Driver) Find() (browsers.Executable, error) {
	for _, needed := range []string{"WebKitWebDriver", screen.Program} {
		if _, err := exec.LookPath(needed); err != nil {
			return browsers.Executable{}, &browsers.NotInstalledError{Engine: browsers.WebKit, Command: install}
		}
	}
	return search.Find()
}

// ask asks for the version, which MiniBrowser tells only where there is a screen.
func ask(path string) (string, error) {
	const enough = 20 * time.Second
	ctx, cancel := context.WithTimeout(context.Background(), enough)
	defer cancel()
	server, name, err := screen.Open(ctx)
	if err != nil {
		return "", err
	}
	defer server.Terminate() // one that is killed leaves its socket
	return process.Answer(path, environment(name), "--version")
}
