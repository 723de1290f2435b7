package intake

import (
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"
)

func TestKindsAreKnownByTheirFirstBytes(t *testing.T) {
	for pattern, want := range map[string]Kind{
		"testdata/har/*.har": KindHAR, "testdata/policies/chrome*": KindChromiumPolicies, "testdata/policies/managed.json": KindChromiumPolicies,
		"testdata/policies/*policies.*": KindFirefoxPolicies, "testdata/registry/*": KindRegistry, "testdata/privacy/*": KindPrivacyXML,
		"testdata/cookies/*": KindCookies, "../../fixtures/reports/*.yaml": KindReport,
	} {
		g := NewWithT(t)
		files, err := filepath.Glob(pattern)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(files).NotTo(BeEmpty(), pattern)
		for _, file := range files {
			data, err := os.ReadFile(file)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(KindOf(data[:min(len(data), 2001)])).To(Equal(want), file)
		}
	}
}

func TestAReportWithATabInItIsNoTable(t *testing.T) {
	g := NewWithT(t)
	g.Expect(KindOf([]byte("browser: Chrome\nsaid: |\n\tAccess Denied\tagain\n"))).To(Equal(KindReport))
	g.Expect(KindOf([]byte("# Webex\nsaid:\n\tdomain\tTRUE\t/\tFALSE\t0\tname\tvalue\n"))).To(Equal(KindReport))
	g.Expect(KindOf([]byte("Active: Documentation\nCookies\tBehavior\t\"reject\"\n"))).To(Equal(KindFirefoxPolicies))
}

func TestFilesOfNoKnownKind(t *testing.T) {
	for _, text := range []string{"", " ", "{", "{}", `{"a":{"log":1}}`, `{"name":"log"}`, "<html>", "GIF89a", "\xff\xfe", "\x1f\x8b"} {
		NewWithT(t).Expect(KindOf([]byte(text))).To(Equal(KindUnknown), "%q", text)
	}
}
