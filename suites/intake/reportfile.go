package intake

import (
	"io"
	"regexp"

	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/internal/strictyaml"
)

// ReadReport reads a customer's report. Only a file that cannot be read as one is an error (strictyaml.Mistakes, with line and column);
// what is missing, contradictory or plainly wrong in it is for Interpret to say.
func ReadReport(file string, r io.Reader) (fixtures.Report, error) {
	data, err := wholeFile(file, r, strictyaml.MaxSize)
	if err != nil {
		return fixtures.Report{}, err
	}
	report, err := fixtures.ReadReport(file, data)
	if err != nil {
		return fixtures.Report{}, err
	}
	return withoutSecrets(report), nil
}

// withoutSecrets is a report in whose addresses no password or ticket stands.
func withoutSecrets(r fixtures.Report) fixtures.Report {
	for _, text := range []*string{
		&r.Title, &r.Product, &r.Said, &r.Browser, &r.Version, &r.System, &r.Setting, &r.Style, &r.Portal, &r.Webex, &r.Network, &r.Symptom,
		&r.StandsIn, &r.NotShown,
	} {
		*text = Redact(*text)
	}
	r.Steps = redactAll(r.Steps)
	r.Source = redactAll(r.Source)
	return r
}

func redactAll(list []string) []string {
	var out []string
	for _, s := range list {
		out = append(out, Redact(s))
	}
	return out
}

// spoken are secrets as people write them into a text: "password: hunter2", "Authorization: Bearer …", "Cookie: ticket=…".
var spoken = regexp.MustCompile(`(?i)\b((?:password|passwd|pass|pwd|pw|npw|pin|pid|ticket|tk|token|secret)\s*(?:is\s+|[:=]\s*)|` +
	`(?:authorization|set-cookie|cookie)\s*:\s*(?:bearer\s+|basic\s+)?)[^\s,&]+`)

// Redact is a text without the secrets in the addresses in it, and without what it says to be one: "password: …", "Cookie: …".
func Redact(text string) string {
	return spoken.ReplaceAllString(redactAddresses(text), "${1}***")
}

func redactAddresses(text string) string {
	out, start := "", 0
	for i := 0; i <= len(text); i++ {
		if i < len(text) && text[i] != ' ' && text[i] != '\n' && text[i] != '\t' {
			continue
		}
		word := text[start:i]
		out += network.Redact(word)
		if i < len(text) {
			out += text[i : i+1]
		}
		start = i + 1
	}
	return out
}
