package firefox

import (
	"os"
	"path/filepath"
)

// styleSheets is the preference by which a Firefox heeds the style sheet that a profile has for the window.
const styleSheets = "toolkit.legacyUserProfileCustomizations.stylesheets"

// pageAlone leaves of the window what pages are shown in: the rest is drawn anew at every moment in which a tab loads, which costs as much as a small page does.
const pageAlone = `#navigator-toolbox { visibility: collapse !important; height: 0 !important; overflow: hidden !important }
.tab-throbber, .tab-loading-burst { display: none !important }
`

// bare has the windows of a profile that nobody sees show pages alone. Pages get nothing of it but the room.
func bare(profile string) error {
	folder := filepath.Join(profile, "chrome")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "userChrome.css"), []byte(pageAlone), 0o644)
}
