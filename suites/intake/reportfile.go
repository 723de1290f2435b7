package intake

import (
	"io"

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
	for _, text := range []*string{&r.Title, &r.Said, &r.Setting, &r.Portal, &r.Webex, &r.Network, &r.Symptom} {
		*text = redactWords(*text)
	}
	r.Steps = redactAll(r.Steps)
	r.Source = redactAll(r.Source)
	return r
}

func redactAll(list []string) []string {
	var out []string
	for _, s := range list {
		out = append(out, redactWords(s))
	}
	return out
}

// redactWords takes secrets out of the addresses in a text.
func redactWords(text string) string {
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
