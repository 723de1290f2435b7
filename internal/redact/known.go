package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// minKnown is how many characters a secret has at least that Known looks for: shorter ones stand in too many words and numbers that tell nothing.
const minKnown = 4

// Known is a text without these secrets, wherever they stand as words of their own, and whatever is said of them.
func Known(text string, secrets ...string) string {
	for _, secret := range secrets {
		if utf8.RuneCountInString(secret) >= minKnown {
			text = withoutWord(text, secret)
		}
	}
	return text
}

func withoutWord(text, word string) string {
	var b strings.Builder
	done := 0
	for from := 0; ; {
		at := strings.Index(text[from:], word)
		if at < 0 {
			return b.String() + text[done:]
		}
		at += from
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+len(word):])
		if inWord(before) || inWord(after) {
			from = at + 1
			continue
		}
		b.WriteString(text[done:at])
		b.WriteString(Stars)
		done = at + len(word)
		from = done
	}
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
