package chromium

import (
	"context"
	"encoding/json"
	"errors"
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

// readPrefs picks the paths out of the page's list.
const readPrefs = `paths => {
	const all = JSON.parse(document.body.textContent);
	return JSON.stringify(paths.map(path => path.split('.').reduce((at, key) => at && at[key], all) || null));
}`

// unseen keeps a page from being laid out: the list is half a million letters that nobody reads, and laying them out is most of what it costs.
const unseen = `{
	const sheet = new CSSStyleSheet();
	sheet.replaceSync('* { display: none !important }');
	document.adoptedStyleSheets = [sheet];
}`

// sources are the page's words for who set a preference.
var sources = map[string]string{"user_controlled": "preference", "managed": browsers.ManagedPolicy, "extension_controlled": "extension"}

// Settings are the preferences about cookies that are not the browser's own defaults, and the mode whoever set it. They are read in a page of the
// profile's own, which is closed again where cases would see it.
func (r *running) Settings(_ context.Context, b pw.Browser) (settings []browsers.Setting, err error) {
	page := r.listing
	if page == nil {
		if page, err = ownPage(b); err != nil {
			return nil, err
		}
		if err := page.AddInitScript(pw.Script{Content: pw.String(unseen)}); err != nil {
			return nil, errors.Join(err, page.Close())
		}
	}
	if r.apart {
		r.listing = page
	} else {
		defer func() { err = errors.Join(err, page.Close()) }()
	}
	if _, err := page.Goto(prefsPage); err != nil {
		return nil, err
	}
	answer, err := page.Evaluate(readPrefs, cookiePrefs)
	if err != nil {
		return nil, err
	}
	text, _ := answer.(string)
	var read []*struct {
		Metadata []string
		Value    json.RawMessage
	}
	if err := json.Unmarshal([]byte(text), &read); err != nil {
		return nil, fmt.Errorf("%s: %w", prefsPage, err)
	}
	if len(read) != len(cookiePrefs) || read[0] == nil {
		return nil, fmt.Errorf("%s does not list %s", prefsPage, cookiePrefs[0])
	}
	for i, pref := range read {
		// A person's exceptions are there with nothing in them.
		if pref == nil || len(pref.Metadata) == 0 || i > 0 && (pref.Metadata[0] == "default" || string(pref.Value) == "{}") {
			continue
		}
		source := sources[pref.Metadata[0]]
		if source == "" {
			source = pref.Metadata[0]
		}
		settings = append(settings, browsers.Setting{Name: cookiePrefs[i], Value: string(pref.Value), Source: source})
	}
	return settings, nil
}

// ownPage opens a page of the profile's own, which no case sees.
func ownPage(b pw.Browser) (pw.Page, error) {
	if len(b.Contexts()) == 0 {
		return nil, errors.New("the browser shows no profile")
	}
	return b.Contexts()[0].NewPage()
}
