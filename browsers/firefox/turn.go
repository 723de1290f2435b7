package firefox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	pw "github.com/playwright-community/playwright-go"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
)

// Turns says whether both policies are a matter of preferences, exceptions and managed policies alone: those of a running Firefox can be changed, the
// last where the installation has a folder for them. What it does as shipped is seen in a profile in which nothing was.
func (Driver) Turns(from, to policy.Policy) bool { return changeable(from) && changeable(to) }

func changeable(p policy.Policy) bool { return !p.PrivateWindow && p.Base != policy.BrowserDefault }

// entered says whether the exceptions are entered in the running browser from the start. What a profile begins with comes back whenever permissions are
// taken away.
func entered(o browsers.LaunchOptions) bool {
	return changeable(o.Policy) && !o.Persistent && permissions(o.Policy) != nil
}

// change runs in the browser's own window. It sets the preferences, takes every permission away, those that sites won too, has policies.json read as at
// the start where there is one or was, for its exceptions are permissions too, and enters a person's exceptions as the settings page does. An entry
// that is no origin is one that Firefox does not heed.
const change = `(async ({ prefs: wanted, cleared, managed, exceptions }) => {
	const { prefs, perms, obs, scriptSecurityManager, io } = Services;
	const set = { boolean: prefs.setBoolPref, number: prefs.setIntPref, string: prefs.setStringPref };
	for (const name of cleared)
		prefs.clearUserPref(name);
	for (const [name, value] of Object.entries(wanted))
		set[typeof value].call(prefs, name, value);
	perms.removeAll();
	if (managed) {
		const topic = 'EnterprisePolicies:AllPoliciesApplied';
		await new Promise(done => {
			const applied = () => {
				obs.removeObserver(applied, topic);
				done();
			};
			obs.addObserver(applied, topic);
			obs.notifyObservers(null, 'EnterprisePolicies:Restart');
		});
	}
	for (const { origin, permission } of exceptions) {
		try {
			perms.addFromPrincipal(scriptSecurityManager.createContentPrincipal(io.newURI(origin), {}), 'cookie', permission);
		} catch {}
	}
})(%s)`

// Turn changes preferences and exceptions to those of another policy.
func (r *running) Turn(_ context.Context, b pw.Browser, p policy.Policy) error {
	type exception struct {
		Origin     string `json:"origin"`
		Permission int    `json:"permission"`
	}
	exceptions := []exception{}
	for _, e := range p.Exceptions {
		if e.By != policy.Person {
			continue
		}
		for _, origin := range policy.FirefoxEntries(e) {
			exceptions = append(exceptions, exception{origin, permission[e.Decision]})
		}
	}
	before, after := managed(r.policy), managed(p)
	if before != nil || after != nil {
		if r.policies == "" {
			return errors.New("this process cannot be shown managed policies")
		}
		if err := writeManaged(r.policies, after); err != nil {
			return err
		}
	}
	settings, err := json.Marshal(map[string]any{
		"prefs":      cookiePreferences(p),
		"cleared":    []string{autoGrants, prompt, promptAllows},
		"managed":    before != nil || after != nil,
		"exceptions": exceptions,
	})
	if err != nil {
		return err
	}
	r.policy = p
	return inWindow(b, fmt.Sprintf(change, settings), nil)
}
