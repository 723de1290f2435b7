package chromium

import (
	"errors"
	"path/filepath"

	pw "github.com/playwright-community/playwright-go"

	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/browsers/process"
)

// The policies about cookies that an IT department may set.
var managedNames = map[policy.Decision]string{
	policy.Allow: "CookiesAllowedForUrls", policy.Block: "CookiesBlockedForUrls", policy.SessionOnly: "CookiesSessionOnlyForUrls",
}

// managed are the policies that an IT department sets.
func managed(p policy.Policy) map[string][]string {
	policies := map[string][]string{}
	for _, e := range p.Exceptions {
		if e.By != policy.Managed {
			continue
		}
		entry := cookiePattern(e)
		if e.EmbeddedIn != "" {
			entry += "," + embedding(e, "")
		}
		name := managedNames[e.Decision]
		policies[name] = append(policies[name], entry)
	}
	return policies
}

// overlay lays a folder of the process's own over the machine's, with these policies in it and none of the machine's own: what is in force must be the
// case's policy, and nothing that an IT department wants of this machine. A process without any may be turned to some. Where there are none and that
// cannot be done, the machine's stay, and the probe finds out where they matter.
func (e *engine) overlay(folder string, policies map[string][]string) error {
	if len(policies) == 0 && process.CanOverlay(folder) != nil {
		return nil
	}
	inside := filepath.Join(e.options.Dir, "managed")
	m, ok, err := process.Hide(folder, inside)
	if err == nil && !ok {
		m, inside, err = process.Overlay(folder, inside)
	}
	if err != nil {
		return err
	}
	e.mounts, e.policies = []process.Mount{m}, filepath.Join(inside, "managed", "cookiegate.json")
	return writeJSON(e.policies, policies)
}

// policyPage is the lightest document of the page that lists the managed policies.
const policyPage = "chrome://policy/strings.m.js"

// reload does what that page's button does, and waits until the policies about cookies that are in force are those that were written.
const reload = `wanted => new Promise(done => {
	globalThis.cr = {
		webUIListenerCallback: (event, _, values) => {
			if (event !== 'policies-updated')
				return;
			const { policies } = values.policyGroups.chrome;
			if (Object.entries(wanted).every(([name, value]) => JSON.stringify(policies[name]?.value || []) === JSON.stringify(value)))
				done();
		},
	};
	chrome.send('listenPoliciesUpdates');
	chrome.send('reloadPolicies');
})`

// manage puts the running browser under other managed policies.
func (r *running) manage(b pw.Browser, policies map[string][]string) error {
	if r.policies == "" {
		return errors.New("this process cannot be shown managed policies")
	}
	if err := writeJSON(r.policies, policies); err != nil {
		return err
	}
	var err error
	if r.managing, err = keptPage(b, r.managing, policyPage); err != nil {
		return err
	}
	wanted := map[string]any{}
	for _, name := range managedNames {
		wanted[name] = append([]string{}, policies[name]...)
	}
	_, err = r.managing.Evaluate(reload, wanted)
	return err
}
