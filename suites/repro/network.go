package repro

import (
	"strings"

	"github.com/cookiegate/cookiegate/internal/lazyregexp"
)

// takers are the words for what may take cookies or scripts out between site and page.
const takers = `(prox(y|ies)|filter|firewall|extension|add-?on|plug-?in|blocker|anti-?virus|gateway|zscaler|strip|remov)`

var (
	taker   = lazyregexp.New(takers)
	takes   = lazyregexp.New(`strip|remov|tak(e|es|en|ing)\b|cookie|script`)
	inside  = lazyregexp.New(`extension|add-?on|plug-?in|blocker`) // the browser
	denies  = lazyregexp.New(`^\s*(none|no|nothing|direct)\b`)
	noTaker = lazyregexp.New(`\b(no|not|none|nothing|nobody|neither|without)\b[^,;.]*` + takers + `|` + takers + `\w*\s*[:=]\s*(no|none)\b`)
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
