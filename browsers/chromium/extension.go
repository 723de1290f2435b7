package chromium

import (
	"embed"
	"os"
	"path/filepath"

	"github.com/cookiegate/cookiegate/browsers/policy"
)

//go:embed extension
var extensions embed.FS

// unpack lays the policy's extension, where it has one, into a folder below dir from which Chromium loads it; empty: none.
func unpack(p policy.Policy, dir string) (string, error) {
	if p.Extension == "" {
		return "", nil
	}
	return filepath.Join(dir, "extension"), os.CopyFS(dir, extensions)
}
