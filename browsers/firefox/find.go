package firefox

import (
	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/executable"
)

var search = executable.Search{
	Engine:   browsers.Firefox,
	Env:      "COOKIEGATE_FIREFOX",
	Commands: []string{"firefox-esr", "firefox"},
	Places: []string{
		"/Applications/Firefox.app/Contents/MacOS/firefox",
		`${PROGRAMFILES}\Mozilla Firefox\firefox.exe`,
		`${LOCALAPPDATA}\Mozilla Firefox\firefox.exe`,
	},
	Install: "sudo apt-get install firefox-esr",
}

// Find finds Firefox: what COOKIEGATE_FIREFOX names, or the first that is installed.
func (Driver) Find() (browsers.Executable, error) { return search.Find() }
