package report

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"sync"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// sampleRun is a made-up run of the size and with the texts of a real one: a matrix in which framed integrations are refused
// where third-party cookies are blocked, a few cells that differ, and the lifecycle cases.
func sampleRun() Run {
	run := Run{
		Started:  time.Date(2026, 5, 4, 9, 30, 0, 0, time.UTC),
		Duration: 121*time.Second + 400*time.Millisecond,
		Seed:     1764,
		Browsers: []Browser{{"Chromium", "156.0.8078.79"}, {"Firefox ESR", "153.7.0"}, {"WebKitGTK MiniBrowser", "2.50.6"}},
	}
	policies := []string{
		"allow-third-party", "block-all", "block-third-party", "per-site-allow", "trusted-zone", "trusted-zone-bare-name", "trusted-zone-https",
	}
	integrations := []string{
		"background", "chained", "form-post", "frameset", "iframe", "logout-first", "popup", "redirect", "server-to-server",
	}
	for _, integration := range integrations {
		for _, profile := range []string{"legacy", "none-secure"} {
			for _, engine := range []browsers.Engine{browsers.Chromium, browsers.Firefox, browsers.WebKit} {
				for i, policy := range policies {
					r := sampleCase("matrix", integration, profile, engine, policy)
					r.Duration = time.Duration(380+37*i+11*len(integration)) * time.Millisecond
					run.Results = append(run.Results, r)
				}
			}
		}
	}
	for _, name := range []string{"fresh-login", "idle-29m59s", "idle-30m01s", "keep-alive", "logout-other-tab", "other-host", "restart"} {
		for _, engine := range []browsers.Engine{browsers.Chromium, browsers.Firefox} {
			r := sampleCase("lifecycle", "redirect", "none-secure", engine, "allow-third-party")
			r.ID = fmt.Sprintf("lifecycle/%s/%s", name, engine)
			if name == "idle-30m01s" || name == "logout-other-tab" || name == "restart" {
				r.Expected, r.Outcome = testbed.AccessDenied, testbed.AccessDenied
				r.Cause = &testbed.Cause{Cookie: "ticket", Hop: "GET acme.webex.com/acme/m.php?AT=HM", HopID: 4, Reason: fixtures.IdleExpired, Detail: "The ticket came, 30m01s after the last accepted command; the site forgets an idle session after 30m00s."}
			}
			run.Results = append(run.Results, r)
		}
	}
	return run
}

func sampleCase(suite, integration, profile string, engine browsers.Engine, policy string) testbed.Result {
	framed := integration == "background" || integration == "frameset" || integration == "iframe"
	r := testbed.Result{
		ID:    fmt.Sprintf("%s/%s/%s/%s/%s", suite, integration, profile, engine, policy),
		Suite: suite, Integration: integration, Browser: engine, Policy: policy, Profile: profile,
		BrowserVersion: map[browsers.Engine]string{
			browsers.Chromium: "Chromium 156.0.8078.79", browsers.Firefox: "Firefox ESR 153.7.0", browsers.WebKit: "WebKitGTK MiniBrowser 2.50.6",
		}[engine],
		Expected: testbed.Works, Outcome: testbed.Works, Status: testbed.Passed,
		Why: "The login happens at top level, where the Webex site is first party.",
	}
	if engine == browsers.WebKit && (policy == "per-site-allow" || policy[:3] == "tru") {
		r.Outcome, r.Status = "", testbed.NotAvailable
		r.Sentence = "WebKit has no per-site exception for third-party cookies."
		return r
	}
	sampleEvidence(&r, framed)
	refused := func(reason testbed.Reason, why, detail string) {
		r.Expected, r.Outcome, r.Why = testbed.AccessDenied, testbed.AccessDenied, why
		sampleLoss(&r, reason, detail)
	}
	switch {
	case integration == "server-to-server":
		r.Why = "The portal's server keeps the cookies; the browser has no part in it."
	case policy == "block-all":
		refused(fixtures.AllBlocked, "Every cookie is refused, so no session can be held.", "cookie_controls: the browser refuses all cookies.")
	case framed && (policy == "block-third-party" || policy == "trusted-zone-bare-name"):
		refused(fixtures.ThirdPartyBlocked, "In the portal's frame the Webex site is a third party.",
			"profile.cookie_controls_mode = 1 refuses cookies of acme.webex.com in a page of portal.acme.example. Chromium: UserPreferences.")
	case framed && profile == "legacy" && engine == browsers.Chromium:
		refused(fixtures.SameSite, "A cookie without SameSite counts as Lax in Chromium, and Lax keeps it out of somebody else's page.",
			"ticket has no SameSite attribute; Chromium treats it as Lax and does not store it in a cross-site frame. Chromium: SameSiteUnspecifiedTreatedAsLax.")
	}
	switch {
	case integration == "iframe" && profile == "none-secure" && engine == browsers.Firefox && policy == "per-site-allow":
		r.Outcome, r.Status = testbed.AccessDenied, testbed.Failed
		r.Why = "The exception for https://acme.webex.com lets its cookies into the frame."
		sampleLoss(&r, fixtures.ThirdPartyBlocked, "network.cookie.cookieBehavior = 1, and the list of exceptions does not hold https://acme.webex.com.")
	case integration == "frameset" && profile == "none-secure" && engine == browsers.Chromium && policy == "trusted-zone":
		r.Outcome, r.Status = testbed.LoginLoop, testbed.Failed
		r.Why = "The managed policy lets every cookie of webex.com into the frame."
		sampleLoss(&r, fixtures.ThirdPartyBlocked, "CookiesAllowedForUrls is set, and does not match https://acme.webex.com.")
	case integration == "popup" && profile == "legacy" && engine == browsers.Firefox && policy == "block-all":
		r.Outcome, r.Status, r.Cause, r.Hops = "", testbed.Error, nil, r.Hops[:1]
		r.Sentence = "The browser process died: click text=Start meeting in the popup. Firefox ended with signal 9."
	case integration == "chained" && profile == "legacy" && engine == browsers.WebKit && policy == "block-third-party":
		r.Status = testbed.Flaky
		r.Sentence = "The first run was stuck, the second works."
	}
	// The model predicts what is expected, and so not what failed.
	r.Predicted = &testbed.Prediction{Outcome: r.Expected}
	if r.Cause != nil && r.Outcome == r.Expected {
		r.Predicted.Reason = r.Cause.Reason
	}
	return r
}

func sampleEvidence(r *testbed.Result, framed bool) {
	where := "top-level"
	if framed {
		where = "frame"
	}
	at := time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	ticket := map[string]string{
		"legacy": "ticket (Domain=webex.com; no SameSite; Secure)", "none-secure": "ticket (Domain=webex.com; SameSite=None; Secure)",
	}[r.Profile]
	r.Hops = []testbed.Hop{
		{ID: 1, At: at, Method: "GET", URL: "https://portal.acme.example/", Where: "top-level", Status: 200, Offered: []string{"portal (SameSite=Lax; Secure; HttpOnly)"}},
		{ID: 2, At: at, Method: "POST", URL: "https://portal.acme.example/meetings/start", Where: "top-level", Status: 303, Returned: []string{"portal"}},
		{ID: 3, At: at, Method: "GET", URL: "https://acme.webex.com/acme/p.php?AT=LI&WID=alice&TK=***&MU=GoBack&BU=https%3A%2F%2Fportal.acme.example%2Fback%3Fstate%3D2", Where: where, Status: 200,
			Command: "LI", Answer: "SUCCESS", Offered: []string{ticket, "ticket_timeStamp (no SameSite; Secure)", "JSESSIONID (no SameSite)"}},
		{ID: 4, At: at, Method: "GET", URL: "https://acme.webex.com/acme/m.php?AT=HM&MK=123456789&BU=https%3A%2F%2Fportal.acme.example%2Fback%3Fstate%3D3", Where: where, Status: 200,
			Command: "HM", Answer: "SUCCESS", Returned: []string{"ticket", "ticket_timeStamp", "JSESSIONID"}, Offered: []string{ticket}},
		{ID: 5, At: at, Method: "GET", URL: "https://portal.acme.example/back?state=3&AT=HM&ST=SUCCESS", Where: where, Status: 200, Returned: []string{"portal"}},
	}
	r.Settings = map[browsers.Engine][]browsers.Setting{
		browsers.Chromium: {
			{Name: "profile.cookie_controls_mode", Value: "1", Source: "preference"},
			{Name: "CookiesAllowedForUrls", Value: `["https://[*.]webex.com"]`, Source: browsers.ManagedPolicy},
		},
		browsers.Firefox: {
			{Name: "network.cookie.cookieBehavior", Value: "1", Source: "preference"},
			{Name: "privacy.restrict3rdpartystorage.heuristic.window_open", Value: "false", Source: "preference"},
		},
		browsers.WebKit: {{Name: "--enable-itp", Value: "true", Source: "command line"}},
	}[r.Browser]
	r.Documents = []string{"Meeting 123456789. Host: Alice Smith. End meeting"}
}

func sampleLoss(r *testbed.Result, reason testbed.Reason, detail string) {
	words := map[browsers.Engine]string{browsers.Chromium: "UserPreferences"}[r.Browser]
	r.Cause = &testbed.Cause{Cookie: "ticket", Hop: "GET acme.webex.com/acme/m.php?AT=HM", HopID: 4, LostAt: "GET acme.webex.com/acme/p.php?AT=LI", LostAtID: 3, Reason: reason, Detail: detail}
	r.Hops[2].Lost = []testbed.Loss{{Cookie: "ticket", Direction: browsers.Store, Reason: reason, Words: words}}
	r.Hops[3].Answer, r.Hops[3].Returned, r.Hops[3].Offered = "FAIL AccessDenied", nil, nil
	r.Hops[3].Lost = []testbed.Loss{{Cookie: "ticket", Direction: browsers.Send, Reason: reason}}
	r.Hops[4].URL = "https://portal.acme.example/back?state=3&AT=HM&ST=FAIL&RS=AccessDenied"
	r.Documents = []string{"Access Denied. Please log in again."}
}

// samplePicture stands for a screenshot.
var samplePicture = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 640, 360))); err != nil {
		panic(err)
	}
	return b.Bytes()
})
