package intake

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/internal/lazyregexp"
)

// Kind is a format that a customer's file can have.
type Kind string

// The kinds; each has a reader of its own.
const (
	KindHAR              Kind = "HAR file"              // ReadHAR
	KindChromiumPolicies Kind = "Chromium's policies"   // ReadChromiumPolicies
	KindFirefoxPolicies  Kind = "Firefox's policies"    // ReadFirefoxPolicies
	KindRegistry         Kind = "registry export"       // ReadRegistry
	KindPrivacyXML       Kind = "privacy preferences"   // ReadPrivacyXML
	KindCookies          Kind = "cookie export"         // ReadCookies
	KindReport           Kind = "report"                // ReadReport
	KindUnknown          Kind = "file of no known kind" // none
)

// KindOf says which reader a file is for, by how it begins; a few kilobytes are enough. It is a guess: the reader says what is wrong.
func KindOf(head []byte) Kind {
	text, err := decodeText(head[:len(head)&^1]) // whole letters, if it is UTF-16
	if err != nil {
		return KindUnknown
	}
	text = strings.TrimLeft(text, " \t\r\n\ufeff")
	switch {
	case text == "":
		return KindUnknown
	case slices.ContainsFunc(registryHeaders, func(h string) bool { return strings.HasPrefix(text, h) }):
		return KindRegistry
	case text[0] == '<':
		if strings.Contains(text, "<MSIEPrivacy") || strings.Contains(text, "<MSIESiteRules") {
			return KindPrivacyXML
		}
		return KindUnknown
	case text[0] == '[':
		return KindCookies
	case text[0] == '{':
		return kindOfObject(text)
	}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if reportKey.MatchString(line) {
			break // what somebody writes below may begin with a tab
		}
		switch cells := strings.Count(line, "\t"); {
		case strings.HasPrefix(line, "# Netscape") || strings.HasPrefix(line, "# HTTP Cookie"), cells >= 6:
			return KindCookies
		case cells >= 1 && cells <= 4 && (strings.HasPrefix(line, "Cookies\t") || strings.HasPrefix(line, "\t")):
			return KindFirefoxPolicies
		}
	}
	if first, _, found := strings.Cut(text, ":"); found && !strings.ContainsAny(first, "{}<>\t") && len(first) < longestShown {
		return KindReport
	}
	return KindUnknown
}

// reportKey begins a line of a report, and none of a table.
var reportKey = lazyregexp.New(`^[a-z][a-z-]*:( |$)`)

// kindOfObject goes by the first key of an object that says it.
func kindOfObject(text string) Kind {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.Token()
	for {
		t, _ := dec.Token()
		key, ok := t.(string)
		switch {
		case !ok:
			return KindUnknown // the end, or that of what is at hand
		case key == "log":
			return KindHAR
		case key == "policies":
			return KindFirefoxPolicies
		case key == "cookies" || key == "origins":
			return KindCookies
		case key == "chromeMetadata", key == "policyValues", key == "chromePolicies", isPolicyName(key):
			return KindChromiumPolicies
		}
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			return KindUnknown
		}
	}
}
