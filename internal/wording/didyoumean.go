package wording

import "strings"

// longestTyped bounds the work for a word that a stranger may have made as long as he liked: none that is known is so long.
const longestTyped = 60

// DidYouMean is `; did you mean "x"?` for the word nearest to the one typed, or nothing when none is near.
func DidYouMean(typed string, words []string) string {
	if len(typed) > longestTyped {
		return ""
	}
	best, nearest := "", len(typed)/3+2
	for _, w := range words {
		if d := distance(strings.ToLower(typed), strings.ToLower(w)); d < nearest {
			best, nearest = w, d
		}
	}
	if best == "" {
		return ""
	}
	return `; did you mean "` + best + `"?`
}

// distance counts the letters to insert, delete or replace between two words (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
