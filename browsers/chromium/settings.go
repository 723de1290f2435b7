package chromium

import (
	"context"
	"encoding/json"
	"fmt"

	pw "github.com/playwright-community/playwright-go"

	"github.com/cookiegate/cookiegate/browsers"
)

// Where the browser lists all preferences as they are in force, each with who set it.
const prefsPage = "chrome://prefs-internals"

// cookiePrefs are the preferences that decide about cookies, by their paths.
var cookiePrefs = []string{
	"profile.cookie_controls_mode",
	"profile.default_content_setting_values.cookies",
	"profile.content_settings.exceptions.cookies",
	"profile.managed_default_content_settings.cookies",
	"profile.managed_cookies_allowed_for_urls",
	"profile.managed_cookies_blocked_for_urls",
	"profile.managed_cookies_sessiononly_for_urls",
}

// readPrefs waits until the page has its list and picks the paths out of it.
const readPrefs = `paths => new Promise(done => {
	const look = () => {
		let all;
		try { all = JSON.parse(document.body.textContent); } catch { return false; }
		done(paths.map(path => path.split('.').reduce((at, key) => at && at[key], all) || null));
		return true;
	};
	const observer = new MutationObserver(() => look() && observer.disconnect());
	if (!look()) observer.observe(document, {subtree: true, childList: true, characterData: true});
})`

// Settings are the preferences about cookies that are not the browser's own defaults, and the mode whoever set it. They are read in a
// page of the profile's own, and closed with it.
func (r *running) Settings(ctx context.Context, _ pw.Browser) ([]browsers.Setting, error) {
	var read []*struct {
		Metadata []string
		Value    json.RawMessage
	}
	if err := r.observer.conn.evaluate(ctx, prefsPage, readPrefs, cookiePrefs, &read); err != nil {
		return nil, err
	}
	if len(read) != len(cookiePrefs) || read[0] == nil {
		return nil, fmt.Errorf("%s does not list %s", prefsPage, cookiePrefs[0])
	}
	var settings []browsers.Setting
	for i, pref := range read {
		if pref == nil || len(pref.Metadata) == 0 {
			continue
		}
		source := sources[pref.Metadata[0]]
		if source == "" {
			source = pref.Metadata[0]
		}
		if source != "default" || i == 0 {
			var value any
			if err := json.Unmarshal(pref.Value, &value); err != nil {
				return nil, err
			}
			text, err := json.Marshal(value)
			if err != nil {
				return nil, err
			}
			settings = append(settings, browsers.Setting{Name: cookiePrefs[i], Value: string(text), Source: source})
		}
	}
	return settings, nil
}

// sources are the page's words for who set a preference.
var sources = map[string]string{"user_controlled": "preference", "managed": "managed policy", "extension_controlled": "extension"}

// evaluate calls a function in a page of its own and reads its answer.
func (c *conn) evaluate(ctx context.Context, url, function string, argument, result any) error {
	var target struct{ TargetID string }
	if err := c.call(ctx, "", "Target.createTarget", map[string]any{"url": url}, &target); err != nil {
		return err
	}
	defer c.send("", "Target.closeTarget", map[string]any{"targetId": target.TargetID})
	var session struct{ SessionID string }
	attach := map[string]any{"targetId": target.TargetID, "flatten": true}
	if err := c.call(ctx, "", "Target.attachToTarget", attach, &session); err != nil {
		return err
	}
	arg, err := json.Marshal(argument)
	if err != nil {
		return err
	}
	var answer struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct{ Text string }
	}
	err = c.call(ctx, session.SessionID, "Runtime.evaluate", map[string]any{
		"expression": fmt.Sprintf("(%s)(%s)", function, arg), "awaitPromise": true, "returnByValue": true,
	}, &answer)
	if err != nil {
		return err
	}
	if answer.ExceptionDetails != nil {
		return fmt.Errorf("%s: %s", url, answer.ExceptionDetails.Text)
	}
	return json.Unmarshal(answer.Result.Value, result)
}
