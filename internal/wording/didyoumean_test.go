package wording

import (
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

func TestDidYouMean(t *testing.T) {
	for typed, want := range map[string]string{
		"firefx":                     `; did you mean "firefox"?`,
		"FIREFOX":                    `; did you mean "firefox"?`,
		"chrome":                     `; did you mean "chromium"?`,
		"opera":                      "",
		strings.Repeat("firefox", 9): "",
	} {
		NewWithT(t).Expect(DidYouMean(typed, []string{"chromium", "firefox", "webkit"})).To(Equal(want), typed)
	}
}
