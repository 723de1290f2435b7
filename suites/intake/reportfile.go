package intake

import (
	"io"

	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/internal/redact"
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

// withoutSecrets is a report in whose texts no password or ticket stands.
func withoutSecrets(r fixtures.Report) fixtures.Report {
	r.Cookies = redact.Cookies(r.Cookies)
	for _, text := range []*string{
		&r.ID, &r.Title, &r.Product, &r.Said, &r.Received, &r.Since, &r.Browser, &r.Version, &r.System, &r.Setting, &r.Style, &r.Portal, &r.Webex,
		&r.Cookies, &r.Network, &r.Idle, &r.Symptom, &r.StandsIn, &r.NotShown,
	} {
		*text = redact.Text(*text)
	}
	r.Steps = redactAll(r.Steps)
	r.Source = redactAll(r.Source)
	return r
}

func redactAll(list []string) []string {
	var out []string
	for _, s := range list {
		out = append(out, redact.Text(s))
	}
	return out
}
