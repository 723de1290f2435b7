package wording

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestShellWordsAreQuotedWhereTheyHaveTo(t *testing.T) {
	g := NewWithT(t)
	for s, want := range map[string]string{
		"portals/integration.yaml": "portals/integration.yaml",
		"my file.yaml":             "'my file.yaml'",
		"it's.yaml":                `'it'\''s.yaml'`,
		"$HOME.yaml":               "'$HOME.yaml'",
		"":                         "''",
	} {
		g.Expect(ShellWord(s)).To(Equal(want))
	}
}
