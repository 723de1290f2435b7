package redact

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestKnownSecretsGoWhereverTheyStandAsWords(t *testing.T) {
	for text, want := range map[string]string{
		"login of alice with geheim failed":       "login of alice with *** failed",
		"geheim":                                  "***",
		"[geheim], \"geheim\" geheim":             "[***], \"***\" ***",
		"geheimnis, angeheim, geheim9 and Geheim": "geheimnis, angeheim, geheim9 and Geheim",
		"überßgeheim geheimé":                     "überßgeheim geheimé",
		"no more than pa$.word":                   "no more than ***",
		"abc is too short":                        "abc is too short",
		"":                                        "",
	} {
		NewWithT(t).Expect(Known(text, "geheim", "", "pa$.word", "abc")).To(Equal(want))
	}
}
