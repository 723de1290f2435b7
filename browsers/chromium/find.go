package chromium

import (
	"strings"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/executable"
)

var search = executable.Search{
	Engine: browsers.Chromium,
	Env:    "COOKIEGATE_CHROMIUM",
	Commands: []string{
		"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "microsoft-edge-stable", "brave-browser",
	},
	Places: []string{
		"/Applications/Chromium.app/Contents/MacOS/Chromium",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
		"/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
		"/Applications/Brave Browser.app/Contents/MacOS/Brave Browser",
		`${LOCALAPPDATA}\Chromium\Application\chrome.exe`,
		`${PROGRAMFILES}\Google\Chrome\Application\chrome.exe`,
		`${LOCALAPPDATA}\Google\Chrome\Application\chrome.exe`,
		`${PROGRAMFILES} (x86)\Microsoft\Edge\Application\msedge.exe`,
		`${PROGRAMFILES}\BraveSoftware\Brave-Browser\Application\brave.exe`,
	},
	Install: "sudo apt-get install chromium",
}

// Find finds Chromium, Chrome, Edge or Brave: what COOKIEGATE_CHROMIUM names, or the first that is installed.
func (Driver) Find() (browsers.Executable, error) { return search.Find() }

// policyFolder is where on Linux a browser reads managed policies.
func policyFolder(x browsers.Executable) string {
	switch {
	case strings.Contains(x.Name, "Chrome"):
		return "/etc/opt/chrome/policies"
	case strings.Contains(x.Name, "Edge"):
		return "/etc/opt/edge/policies"
	case strings.Contains(x.Name, "Brave"):
		return "/etc/brave/policies"
	}
	return "/etc/chromium/policies"
}
