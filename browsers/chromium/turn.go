package chromium

import (
	"context"
	"errors"
	"reflect"
	"strings"

	pw "github.com/playwright-community/playwright-go"

	"github.com/cookiegate/cookiegate/browsers/policy"
)

// Turns says whether both policies are a matter of settings and managed policies that can be changed in a running Chromium. What the browser does as
// shipped is seen in a profile in which nothing was set. Edge has a settings page of its own.
func (d Driver) Turns(from, to policy.Policy) bool {
	x, err := d.Find()
	return err == nil && !strings.Contains(x.Name, "Edge") && changeable(from) && changeable(to)
}

func changeable(p policy.Policy) bool {
	return !p.PrivateWindow && p.Extension == "" && p.Base != policy.BrowserDefault
}

// settingsPage is the lightest document of the browser's settings: it may do all that the page of a person may, and shows nothing.
const settingsPage = "chrome://settings/strings.m.js"

// change does what the settings page does when a person changes his cookie settings there: it takes his exceptions out of the list, chooses what holds for
// all other sites, and enters exceptions anew.
const change = `async ({ mode, defaults, exceptions }) => {
	const answered = {};
	globalThis.cr = { webUIResponse: (id, ok, answer) => answered[id](answer) };
	const listed = await new Promise(done => {
		answered.list = done;
		chrome.send('getExceptionList', ['list', 'cookies']);
	});
	for (const { origin, embeddingOrigin, source } of listed) {
		if (source === 'preference')
			chrome.send('resetCategoryPermissionForPattern', [origin, embeddingOrigin, 'cookies', false]);
	}
	const set = await new Promise(done => chrome.settingsPrivate.setPref('profile.cookie_controls_mode', mode, '', done));
	for (const [type, setting] of Object.entries(defaults))
		chrome.send('setDefaultValueForContentType', [type, setting]);
	for (const { origin, embedding, setting } of exceptions)
		chrome.send('setCategoryPermissionForPattern', [origin, embedding, 'cookies', setting, false]);
	return set;
}`

// Turn changes the settings to those of another policy.
func (r *running) Turn(_ context.Context, b pw.Browser, p policy.Policy) error {
	if policies := managed(p); !reflect.DeepEqual(managed(r.policy), policies) {
		if err := r.manage(b, policies); err != nil {
			return err
		}
	}
	var err error
	if r.settings, err = keptPage(b, r.settings, settingsPage); err != nil {
		return err
	}
	wanted := settingsOf(p)
	exceptions := []any{}
	for _, e := range wanted.exceptions {
		exceptions = append(exceptions, map[string]any{"origin": e.site, "embedding": e.embedding, "setting": settingName[e.decision]})
	}
	set, err := r.settings.Evaluate(change, map[string]any{
		"mode":       wanted.mode,
		"defaults":   map[string]any{"cookies": settingName[wanted.cookies], "storage-access": wanted.storageAccess},
		"exceptions": exceptions,
	})
	if err == nil && set != true {
		err = errors.New("the browser's settings page does not set " + cookiePrefs[0])
	}
	r.policy = p
	return err
}

// keptPage is page, which shows address, or one that is opened for it and stays.
func keptPage(b pw.Browser, page pw.Page, address string) (pw.Page, error) {
	if page != nil {
		return page, nil
	}
	page, err := ownPage(b)
	if err != nil {
		return nil, err
	}
	if _, err := page.Goto(address); err != nil {
		return nil, errors.Join(err, page.Close())
	}
	return page, nil
}
