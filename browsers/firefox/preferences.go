package firefox

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers/policy"
)

// stock are preferences that make a Firefox quiet and drivable. None is about cookies.
var stock = map[string]any{
	// The remote agent would set preferences of its own liking, which no user has, about tracking protection too.
	"remote.prefs.recommended": false,

	// Loopback too goes through the front door.
	"network.proxy.type":                      1,
	"network.proxy.no_proxies_on":             "",
	"network.proxy.allow_hijacking_localhost": true,
	"network.proxy.failover_direct":           false,

	// Nothing else goes out.
	"app.normandy.enabled":                            false,
	"app.update.disabledForTesting":                   true,
	"browser.backup.enabled":                          false,
	"browser.discovery.enabled":                       false,
	"browser.ml.enable":                               false,
	"browser.newtabpage.enabled":                      false,
	"browser.region.network.url":                      "",
	"browser.region.update.enabled":                   false,
	"browser.safebrowsing.blockedURIs.enabled":        false,
	"browser.safebrowsing.downloads.enabled":          false,
	"browser.safebrowsing.malware.enabled":            false,
	"browser.safebrowsing.phishing.enabled":           false,
	"browser.search.update":                           false,
	"browser.topsites.contile.enabled":                false,
	"browser.translations.enable":                     false,
	"browser.urlbar.suggest.searches":                 false,
	"datareporting.healthreport.uploadEnabled":        false,
	"datareporting.policy.dataSubmissionEnabled":      false,
	"datareporting.usage.uploadEnabled":               false,
	"dom.push.connection.enabled":                     false,
	"extensions.getAddons.cache.enabled":              false,
	"extensions.installDistroAddons":                  false,
	"extensions.systemAddon.update.enabled":           false,
	"extensions.update.enabled":                       false,
	"geo.provider.network.url":                        "",
	"media.gmp-manager.updateEnabled":                 false,
	"network.captive-portal-service.enabled":          false,
	"network.connectivity-service.enabled":            false,
	"network.dns.disablePrefetch":                     true,
	"network.http.speculative-parallel-limit":         0,
	"network.prefetch-next":                           false,
	"network.sntp.pools":                              "",
	"security.OCSP.enabled":                           0,
	"security.certerrors.mitm.priming.enabled":        false,
	"security.remote_settings.intermediates.enabled":  false,
	"security.remote_settings.crlite_filters.enabled": false,
	"services.settings.server":                        "data:,#remote-settings-dummy/v1",
	"toolkit.telemetry.server":                        "",

	// What was visited is not asked for again, to make a picture of it for a new tab.
	"browser.newtabpage.activity-stream.feeds.topsites": false,
	"browser.pagethumbnails.capturing_disabled":         true,

	// No first-run pages, no questions, no session of yesterday.
	"browser.aboutwelcome.enabled":                                false,
	"browser.sessionstore.resume_from_crash":                      false,
	"browser.shell.checkDefaultBrowser":                           false,
	"browser.startup.homepage_override.mstone":                    "ignore",
	"browser.startup.page":                                        0,
	"browser.tabs.warnOnClose":                                    false,
	"browser.warnOnQuit":                                          false,
	"datareporting.policy.dataSubmissionPolicyBypassNotification": true,
	"signon.autofillForms":                                        false,
	"signon.rememberSignons":                                      false,
	"startup.homepage_welcome_url":                                "about:blank",
	"termsofuse.bypassNotification":                               true,
	"toolkit.startup.max_resumed_crashes":                         -1,

	// A step comes sooner than a person's hand: Firefox ignores the first clicks on a page that has just appeared.
	"dom.input_events.security.minNumTicks":        0,
	"dom.input_events.security.minTimeElapsedInMS": 0,
	"apz.content_response_timeout":                 60000,
	// Or a click does not reach a frame of another site, which lives in another process, and nobody says so.
	"remote.events.async.mouse.enabled":  true,
	"toolkit.cosmeticAnimations.enabled": false,
	// All sites in one process, and none in reserve for a page that may never come: processes are half of what a case costs. Sites are kept
	// apart in memory by them; which cookies they get, the browser decides.
	"fission.webContentIsolationStrategy": 0,
	"dom.ipc.processPrelaunch.enabled":    false,

	// What serves a person at the window or later starts: each page, or each start, pays for it.
	"browser.newtab.preload":                      false,
	"browser.sessionstore.interval":               int(time.Hour / time.Millisecond),
	"extensions.formautofill.addresses.enabled":   false,
	"extensions.formautofill.creditCards.enabled": false,
	"memory.phc.enabled":                          false,
	"places.history.enabled":                      false,
	"reader.parse-on-load.enabled":                false,
	"toolkit.telemetry.enabled":                   false,
	"toolkit.telemetry.unified":                   false,

	// Playwright loses sight of a page that comes out of the back/forward cache.
	"browser.sessionhistory.max_total_viewers": 0,

	// A tab behind another runs as one in front, and a closed one is gone at once.
	"browser.tabs.remote.unloadDelayMs":                       0,
	"browser.tabs.unloadOnLowMemory":                          false,
	"dom.ipc.processPriorityManager.enabled":                  false,
	"dom.min_background_timeout_value":                        0,
	"dom.timeout.enable_budget_timer_throttling":              false,
	"focusmanager.testmode":                                   true,
	"layout.testing.top-level-always-active":                  true,
	"threads.lower_mainthread_priority_in_background.enabled": false,
}

// behaviors are what network.cookie.cookieBehavior means by a number.
var behaviors = map[policy.Base]int{
	policy.AllowThirdParty: 0,
	policy.BlockThirdParty: 1,
	policy.BlockAll:        2,
	policy.VisitedOnly:     3,
	policy.Partition:       5,
	policy.PartitionOptIn:  5,
}

// cookiePreferences are all that decide about cookies, so that a policy means the same in every Firefox; with browser-default they are
// the browser's own.
func cookiePreferences(p policy.Policy) map[string]any {
	prefs := map[string]any{"browser.privatebrowsing.autostart": p.PrivateWindow}
	if p.StorageAccess != "" {
		// Every prompt is answered at once, and none is spared by the first few grants being free.
		maps.Copy(prefs, map[string]any{autoGrants: false, prompt: true, promptAllows: p.StorageAccess == policy.StorageAccessGranted})
	}
	if p.Base == policy.BrowserDefault {
		// What Firefox grants by guesses is a permission, and those are all containers' unless it is told otherwise. Exceptions are permissions
		// too, and for all containers.
		prefs["permissions.isolateBy.userContext"] = len(p.Exceptions) == 0
		return prefs
	}
	maps.Copy(prefs, map[string]any{
		"network.cookie.cookieBehavior":                          behaviors[p.Base],
		"network.cookie.cookieBehavior.pbmode":                   behaviors[p.Base],
		"network.cookie.cookieBehavior.optInPartitioning":        p.Base == policy.PartitionOptIn,
		"network.cookie.cookieBehavior.optInPartitioning.pbmode": p.Base == policy.PartitionOptIn,
		"network.cookie.CHIPS.enabled":                           true,
		"network.cookie.lifetimePolicy":                          0,
		// Shipped Firefox takes a cookie without SameSite for SameSite=None.
		"network.cookie.sameSite.laxByDefault":       false,
		"network.cookie.sameSite.noneRequiresSecure": true,
	})
	// Firefox grants storage access by guesses: after a window was opened, after a redirect. A policy says what is allowed.
	for _, heuristic := range heuristics {
		prefs[heuristic] = false
	}
	return prefs
}

// The preferences that answer a storage-access prompt.
const (
	autoGrants   = "dom.storage_access.auto_grants"
	prompt       = "dom.storage_access.prompt.testing"
	promptAllows = "dom.storage_access.prompt.testing.allow"
)

var heuristics = []string{
	"privacy.restrict3rdpartystorage.heuristic.window_open",
	"privacy.restrict3rdpartystorage.heuristic.opened_window_after_interaction",
	"privacy.restrict3rdpartystorage.heuristic.recently_visited",
	"privacy.restrict3rdpartystorage.heuristic.redirect",
	"privacy.restrict3rdpartystorage.heuristic.navigation",
}

// proxyPreferences lead everything through the front door.
func proxyPreferences(proxy string) (map[string]any, error) {
	u, err := url.Parse(proxy)
	if err != nil || u.Port() == "" {
		return nil, fmt.Errorf("%q is not the address of a proxy, such as http://127.0.0.1:3128", proxy)
	}
	var port int
	if _, err := fmt.Sscan(u.Port(), &port); err != nil {
		return nil, err
	}
	prefs := map[string]any{}
	for _, kind := range []string{"http", "ssl"} {
		prefs["network.proxy."+kind] = u.Hostname()
		prefs["network.proxy."+kind+"_port"] = port
	}
	return prefs, nil
}

// userJS writes preferences as Firefox reads them from a profile's user.js.
func userJS(sets ...map[string]any) ([]byte, error) {
	all := map[string]any{}
	for _, set := range sets {
		maps.Copy(all, set)
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all)) {
		value, err := json.Marshal(all[name])
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "user_pref(%q, %s);\n", name, value)
	}
	return []byte(b.String()), nil
}
