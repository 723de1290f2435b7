package repro

import (
	"regexp"
	"strings"
)

// takers are the words for what may take cookies or scripts out between site and page.
const takers = `(prox(y|ies)|filter|firewall|extension|add-?on|plug-?in|blocker|anti-?virus|gateway|zscaler|strip|remov)`

var (
	taker   = regexp.MustCompile(takers)
	takes   = regexp.MustCompile(`strip|remov|tak(e|es|en|ing)\b|cookie|script`)
	inside  = regexp.MustCompile(`extension|add-?on|plug-?in|blocker`) // the browser
	denies  = regexp.MustCompile(`^\s*(none|no|nothing|direct)\b`)
	noTaker = regexp.MustCompile(`\b(no|not|none|nothing|nobody|neither|without)\b[^,;.]*` + takers + `|` + takers + `\w*\s*[:=]\s*(no|none)\b`)
)

// onTheWay are the words about the network, in lower case; empty where they name nothing that may take cookies or scripts out, or say that there
// is none.
func onTheWay(words string) string {
	words = noTaker.ReplaceAllString(strings.ReplaceAll(strings.ToLower(words), " but ", ", "), "")
	if !taker.MatchString(words) {
		return ""
	}
	return words
}
