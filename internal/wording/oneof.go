package wording

import "strings"

// OneOf is what follows "expected" where a value is one of these words: "one of accept, block", or the only one.
func OneOf[T ~string](words []T) string {
	names := make([]string, len(words))
	for i, w := range words {
		names[i] = string(w)
	}
	if len(names) == 1 {
		return names[0]
	}
	return "one of " + strings.Join(names, ", ")
}
