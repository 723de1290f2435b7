package intake

// closingQuote is where the text ends in whose midst s begins, in JSON as in exports of the registry: a backslash takes the next byte with it. It is
// -1 where the text goes on after s.
func closingQuote[T string | []byte](s T) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			return i
		case '\\':
			i++
		}
	}
	return -1
}
