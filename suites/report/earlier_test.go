package report

import (
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"
)

func TestOnlyWhatAnEarlierRunKeptIsRemoved(t *testing.T) {
	for results, stays := range map[string][]string{
		`{"cases": [{"id": "matrix/a/firefox"}, {"id": "settings/ie5.5-b/chromium"}]}`: {"login.png", "matrix_a_chromium.png", "matrix_a_firefox", "settings_ie5.5-b_chromium.txt"},
		`{"tests": []}`: everything,
		`{"cases": [`:   everything,
		"":              everything,
	} {
		g := NewWithT(t)
		dir := t.TempDir()
		g.Expect(os.Mkdir(filepath.Join(dir, "screenshots"), 0o755)).To(Succeed())
		for _, name := range everything {
			g.Expect(os.WriteFile(filepath.Join(dir, "screenshots", name), nil, 0o600)).To(Succeed())
		}
		if results != "" {
			g.Expect(os.WriteFile(filepath.Join(dir, "results.json"), []byte(results), 0o600)).To(Succeed())
		}
		g.Expect(RemoveEarlier(dir, "screenshots")).To(Succeed())
		g.Expect(RemoveEarlier(dir, "traces")).To(Succeed(), "there is none")
		entries, err := os.ReadDir(filepath.Join(dir, "screenshots"))
		g.Expect(err).NotTo(HaveOccurred())
		var left []string
		for _, e := range entries {
			left = append(left, e.Name())
		}
		g.Expect(left).To(ConsistOf(stays), results)
	}
}

var everything = []string{
	"login.png", "matrix_a_chromium.png", "matrix_a_firefox", "matrix_a_firefox.png", "matrix_a_firefox.earlier.png", "matrix_a_firefox.zip", "matrix_a_firefox.2.zip",
	"settings_ie5.5-b_chromium.png", "settings_ie5.5-b_chromium.txt",
}
