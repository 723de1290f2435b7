package policy

import (
	"strings"
	"sync"
)

// TokenKind is the part of a privacy policy that a compact token speaks of (P3P 1.0, section 4).
type TokenKind string

// The kinds.
const (
	AccessToken      TokenKind = "access"
	DisputesToken    TokenKind = "disputes"
	RemedyToken      TokenKind = "remedies"
	NonIdentifiable  TokenKind = "non-identifiable"
	PurposeToken     TokenKind = "purpose"
	RecipientToken   TokenKind = "recipient"
	RetentionToken   TokenKind = "retention"
	CategoryToken    TokenKind = "category"
	TestToken        TokenKind = "test"
	UnknownTokenKind TokenKind = ""
)

// vocabulary is the compact vocabulary, made when it is first asked for. CUS is a token of the candidate recommendation that Internet Explorer's own rules name.
var vocabulary = sync.OnceValue(func() map[string]TokenKind {
	m := map[string]TokenKind{}
	for kind, tokens := range map[TokenKind]string{
		AccessToken:     "NOI ALL CAO IDC OTI NON",
		DisputesToken:   "DSP",
		RemedyToken:     "COR MON LAW",
		NonIdentifiable: "NID",
		PurposeToken:    "CUR ADM DEV TAI PSA PSD IVA IVD CON HIS TEL OTP CUS",
		RecipientToken:  "OUR DEL SAM UNR PUB OTR",
		RetentionToken:  "NOR STP LEG BUS IND",
		CategoryToken:   "PHY ONL UNI PUR FIN COM NAV INT DEM CNT STA POL HEA PRE LOC GOV OTC",
		TestToken:       "TST",
	} {
		for t := range strings.FieldsSeq(tokens) {
			m[t] = kind
		}
	}
	return m
})

// Consent is the choice a site says it gives about a purpose or a recipient: a token's fourth letter.
type Consent byte

// The choices.
const (
	NoChoice Consent = 0   // nothing said
	Always   Consent = 'a' // none, said so
	OptIn    Consent = 'i' // only after the person agreed
	OptOut   Consent = 'o' // until the person disagrees
)

// Token is one token of a compact policy, such as CONo.
type Token struct {
	Name    string // three letters
	Consent Consent
	Kind    TokenKind
}

// ParseToken reads a token. Letter case counts; a fourth letter is for purposes but CUR and for recipients but OUR.
func ParseToken(s string) (Token, bool) {
	if len(s) != 3 && len(s) != 4 {
		return Token{}, false
	}
	t := Token{Name: s[:3], Kind: vocabulary()[s[:3]]}
	if t.Kind == UnknownTokenKind {
		return Token{}, false
	}
	if len(s) == 4 {
		t.Consent = Consent(s[3])
		choice := t.Kind == PurposeToken && t.Name != "CUR" || t.Kind == RecipientToken && t.Name != "OUR"
		if !choice || t.Consent != Always && t.Consent != OptIn && t.Consent != OptOut {
			return Token{}, false
		}
	}
	return t, true
}

func (t Token) String() string {
	if t.Consent == NoChoice {
		return t.Name
	}
	return t.Name + string(t.Consent)
}

// CompactPolicyHeader is what a P3P header says.
type CompactPolicyHeader struct {
	// Present says that there is a compact policy at all, be it empty or nonsense.
	Present bool
	// Tokens are those that are known. Internet Explorer passes over other words.
	Tokens []Token
}

// ParseP3P reads the value of a P3P header: comma-separated fields, CP and policyref among them, in any order. Any text gives an answer.
func ParseP3P(header string) CompactPolicyHeader {
	var p CompactPolicyHeader
	for rest := header; rest != ""; {
		var name, value string
		name, value, rest = nextField(rest)
		if !strings.EqualFold(name, "CP") || p.Present {
			continue
		}
		p.Present = true
		for w := range strings.FieldsSeq(value) {
			if t, ok := ParseToken(w); ok {
				p.Tokens = append(p.Tokens, t)
			}
		}
	}
	return p
}

// nextField cuts name=value or name="value" off a comma-separated list. A quote that is not closed goes to the end.
func nextField(s string) (name, value, rest string) {
	s = strings.TrimLeft(s, ", \t")
	i := strings.IndexAny(s, "=,")
	if i < 0 {
		return trim(s), "", ""
	}
	name = trim(s[:i])
	if s[i] == ',' {
		return name, "", s[i+1:]
	}
	s = strings.TrimLeft(s[i+1:], " \t")
	if strings.HasPrefix(s, `"`) {
		value, rest, _ = strings.Cut(s[1:], `"`)
		_, rest, _ = strings.Cut(rest, ",")
		return name, value, rest
	}
	value, rest, _ = strings.Cut(s, ",")
	return name, trim(value), rest
}

// PolicyClass is what Internet Explorer's templates tell compact policies apart by.
type PolicyClass uint8

// The classes, from the one most templates accept to the one most refuse.
const (
	Satisfactory PolicyClass = iota
	LacksExplicitConsent
	LacksImplicitConsent
	NoCompactPolicy
)

var policyClassWords = [...]string{
	Satisfactory:         "with a satisfactory compact policy",
	LacksExplicitConsent: "whose compact policy uses personal data without explicit consent",
	LacksImplicitConsent: "whose compact policy uses personal data without implicit consent",
	NoCompactPolicy:      "without a compact policy",
}

var policyClassNames = [...]string{
	Satisfactory:         "satisfactory",
	LacksExplicitConsent: "lacks-explicit-consent",
	LacksImplicitConsent: "lacks-implicit-consent",
	NoCompactPolicy:      "no-policy",
}

func (c PolicyClass) String() string { return policyClassNames[c] }

// personal are the categories of data by which a person can be found; unstated are the purposes and recipients that need consent.
// Source: the sample add-on of Microsoft's article "Privacy in Internet Explorer 6".
const (
	personalTokens = "PHY ONL GOV FIN"
	unstatedTokens = "CON TEL OTP IVA IVD SAM OTR UNR PUB"
)

// Class is the compact policy's class. Personal data and a purpose or recipient that needs consent: with no choice, or "always", it lacks
// implicit consent; with opt-out only, explicit consent. Personal data with no purpose or no recipient stated counts as lacking implicit consent:
// inferred from the rules of the Medium template.
func (p CompactPolicyHeader) Class() PolicyClass {
	if !p.Present {
		return NoCompactPolicy
	}
	personal, purpose, recipient := false, false, false
	class := Satisfactory
	for _, t := range p.Tokens {
		personal = personal || strings.Contains(personalTokens, t.Name)
		purpose = purpose || t.Kind == PurposeToken
		recipient = recipient || t.Kind == RecipientToken
		if !strings.Contains(unstatedTokens, t.Name) {
			continue
		}
		switch t.Consent {
		case NoChoice, Always:
			class = LacksImplicitConsent
		case OptOut:
			class = max(class, LacksExplicitConsent)
		}
	}
	switch {
	case !personal:
		return Satisfactory
	case !purpose, !recipient:
		return LacksImplicitConsent
	}
	return class
}
