package intake

import (
	"slices"
	"strings"

	"github.com/cookiegate/cookiegate/internal/lazyregexp"
)

// saying is what a person's words say of cookies.
type saying byte

const (
	saysNothing saying = iota
	saysRefused
	saysAllowed
	saysBoth
	saysUnclear // with a negation of nobody knows what: it may mean the opposite
)

// The words that decide. A switch is that of the setting whose name it follows or precedes: "Block third-party cookies is turned off".
var (
	spokenWord   = lazyregexp.New(`[a-z0-9]+(?:\.[a-z0-9]+)*| [-–—] |[,;:.!?\n]`)
	wordRefuse   = lazyregexp.New(`^(block|refus|reject|forb|prohibit|deni|deny|disallow)`)
	wordAllow    = lazyregexp.New(`^(allow|accept|permit|unblock)`)
	wordState    = lazyregexp.New(`(ed|den)$`) // "blocked" says how things are; "block" and "blocking" may be the name of a setting
	wordOff      = lazyregexp.New(`^(off|false|disab.*|untick.*|uncheck.*|deactiv.*)$`)
	wordOn       = lazyregexp.New(`^(enab|activ)`)
	wordWeakOn   = lazyregexp.New(`^(on|true|always|ticked|checked)$`) // says something where nothing else does
	wordNegation = lazyregexp.New(`^(not|no|never|cannot|without|nobody|nothing|none|neither|nor|stop(s|ped)?|(do|does|did|is|are|was|were|ca|wo)nt)$`)
	wordNoAnswer = lazyregexp.New(`^(no|never|removed)$`) // "Accept third-party cookies: never"
	wordBetween  = lazyregexp.New(`^(third|3rd|thirdpart.*|part(y|ies)|cookies?|the|of|from|for|any|is|are|was|were|be|being|been|has|have|get|set|` +
		`to|turn(ed)?|switch(ed)?|longer|by|default|currently|setting|option|box)$`)
	everyCookie = lazyregexp.New(`\ball (the )?(third|3rd|cookies)`)
)

// saidOfCookies finds out whether a text says that cookies are refused or allowed. A negation counts for the word that it stands before, with
// nothing between them but words that change nothing.
func saidOfCookies(text string) saying {
	text = withoutShortNot(text)
	s := cookieSentence{words: spokenWord.FindAllString(text, -1)}
	s.used = make([]bool, len(s.words))
	for i, w := range s.words {
		if isDecision(w) {
			s.decision(i)
		}
	}
	s.switches(wordOff, wordOn)
	if !s.refused && !s.allowed {
		s.switches(wordWeakOn)
	}
	for i, w := range s.words {
		s.unclear = s.unclear || !s.used[i] && wordNegation.MatchString(w)
	}
	switch {
	case !s.refused && !s.allowed:
		return saysNothing
	case s.unclear, s.inverted && everyCookie.MatchString(text): // "not all cookies are blocked": some are
		return saysUnclear
	case s.refused && s.allowed:
		return saysBoth
	case s.refused:
		return saysRefused
	}
	return saysAllowed
}

// withoutShortNot writes "aren't" as "are not", in lower case.
func withoutShortNot(text string) string {
	return strings.NewReplacer("n't", " not", "n’t", " not").Replace(strings.ToLower(text))
}

func isDecision(word string) bool { return wordRefuse.MatchString(word) || wordAllow.MatchString(word) }

// cookieSentence is a text, and what was found in it so far.
type cookieSentence struct {
	words                               []string
	used                                []bool // negations and switches that belong to some other word
	refused, allowed, inverted, unclear bool
	named                               bool // there is what may be the name of a setting
}

func (s *cookieSentence) say(allowed, inverted bool) {
	s.inverted = s.inverted || inverted
	if allowed != inverted {
		s.allowed = true
	} else {
		s.refused = true
	}
}

// take says that a word belongs to another.
func (s *cookieSentence) take(i int) {
	s.unclear = s.unclear || s.used[i]
	s.used[i] = true
}

// decision is what a word such as "block" says, with the negations and the switch that belong to it.
func (s *cookieSentence) decision(i int) {
	name := !wordState.MatchString(s.words[i])
	s.named = s.named || name
	before := s.before(i, name)
	s.say(wordAllow.MatchString(s.words[i]), before != s.after(i, name))
}

// before says whether what stands before word i inverts it.
func (s *cookieSentence) before(i int, name bool) (inverts bool) {
	for i--; i >= 0; i-- {
		switch w := s.words[i]; {
		case wordNegation.MatchString(w), name && wordOff.MatchString(w):
			s.take(i)
			inverts = !inverts
		case name && wordOn.MatchString(w):
			s.take(i)
		case isDecision(w):
			s.unclear = true // "does not allow blocking"
			return inverts
		case !wordBetween.MatchString(w):
			return inverts
		}
	}
	return inverts
}

// after says whether the switch that follows word i inverts it, if one follows.
func (s *cookieSentence) after(i int, name bool) (inverts bool) {
	var negations []int
	for i++; i < len(s.words); i++ {
		w := s.words[i]
		off := wordOff.MatchString(w) || wordNoAnswer.MatchString(w) && i == len(s.words)-1
		switch {
		case off && !name:
			s.unclear = s.unclear || s.words[i-1] == ":" // "Third-party cookies blocked: off"
			return false
		case off, name && (wordOn.MatchString(w) || wordWeakOn.MatchString(w)):
			for _, n := range append(negations, i) {
				s.take(n)
			}
			return off != (len(negations)%2 == 1)
		case wordNegation.MatchString(w):
			negations = append(negations, i)
		case w != ":" && !wordBetween.MatchString(w):
			return false
		}
	}
	return false
}

// switches says what the switches that belong to no other word do to the cookies themselves.
func (s *cookieSentence) switches(kinds ...*lazyregexp.Regexp) {
	for i, w := range s.words {
		if !s.used[i] && slices.ContainsFunc(kinds, func(k *lazyregexp.Regexp) bool { return k.MatchString(w) }) {
			off := wordOff.MatchString(w)
			s.say(!off, s.before(i, false))
			s.unclear = s.unclear || off && s.named // "Block all cookies is off"
		}
	}
}
