package firefox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	pw "github.com/playwright-community/playwright-go"

	"github.com/cookiegate/cookiegate/browsers"
)

// readBack runs in the browser's own window and reads what is in force: the preferences, the permissions, and what came of policies.json.
const readBack = `(names => {
	const { prefs, perms, policies } = Services;
	const read = {
		[prefs.PREF_BOOL]: prefs.getBoolPref, [prefs.PREF_INT]: prefs.getIntPref, [prefs.PREF_STRING]: prefs.getStringPref,
	};
	const settings = [];
	for (const name of names) {
		const get = read[prefs.getPrefType(name)];
		if (get)
			settings.push({ name, value: String(get.call(prefs, name)), source: prefs.prefIsLocked(name) ? 'managed policy' : prefs.prefHasUserValue(name) ? 'preference' : 'default' });
	}
	const decisions = { 1: 'allow', 2: 'block', 8: 'session-only' };
	for (const p of perms.all) {
		if (p.type === 'cookie' || p.type.startsWith('3rdPartyStorage') || p.type.startsWith('3rdPartyFrameStorage'))
			settings.push({ name: p.type + ' ' + p.principal.origin, value: decisions[p.capability] || String(p.capability), source: p.expireType === perms.EXPIRE_POLICY ? 'managed policy' : 'permission' });
	}
	const active = policies.getActivePolicies();
	if (active)
		for (const [name, value] of Object.entries(active))
			settings.push({ name: 'policies.json ' + name, value: JSON.stringify(value), source: 'managed policy' });
	return JSON.stringify(settings);
})(%s)`

// cookiePrefs are the preferences that decide about cookies.
var cookiePrefs = append([]string{
	"network.cookie.cookieBehavior",
	"network.cookie.cookieBehavior.optInPartitioning",
	"network.cookie.CHIPS.enabled",
	"network.cookie.sameSite.laxByDefault",
	"network.cookie.sameSite.noneRequiresSecure",
	"privacy.restrict3rdpartystorage.skip_list",
}, heuristics...)

// Settings are read by a script in the browser's own window.
func (r *running) Settings(_ context.Context, b pw.Browser) ([]browsers.Setting, error) {
	names, err := json.Marshal(cookiePrefs)
	if err != nil {
		return nil, err
	}
	var settings []browsers.Setting
	err = inWindow(b, fmt.Sprintf(readBack, names), &settings)
	return settings, err
}

// inWindow evaluates a script in the browser's own window, not in a page: that is what --remote-allow-system-access is for. What it
// answers, as JSON, is read into result.
func inWindow(b pw.Browser, script string, result any) (err error) {
	session, err := b.NewBrowserCDPSession()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, session.Detach()) }()
	var tree struct {
		Contexts []struct{ Context string }
	}
	if err := send(session, "browsingContext.getTree", map[string]any{"moz:scope": "chrome"}, &tree); err != nil {
		return err
	}
	if len(tree.Contexts) == 0 {
		return errors.New("the browser has no window of its own")
	}
	var answer struct {
		Result           struct{ Value string }
		ExceptionDetails *struct{ Text string }
	}
	err = send(session, "script.evaluate", map[string]any{
		"target": map[string]any{"context": tree.Contexts[0].Context}, "expression": script, "awaitPromise": true,
	}, &answer)
	switch {
	case err != nil:
		return err
	case answer.ExceptionDetails != nil:
		return errors.New(answer.ExceptionDetails.Text)
	case result == nil:
		return nil
	}
	return json.Unmarshal([]byte(answer.Result.Value), result)
}

// send sends a BiDi command and reads its answer.
func send(s pw.CDPSession, method string, params map[string]any, result any) error {
	answer, err := s.Send(method, params)
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	data, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, result)
}
