package testbed

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/simulator/control"
	"github.com/cookiegate/cookiegate/suites/upstream"
)

// Window is a case laid out for a person to look around in: its portal and its site, and a browser that he sees, under the case's policy. Nothing
// is decided there.
type Window struct {
	// Browser is the browser with its version, Settings are those that make the policy.
	Browser  string
	Settings []browsers.Setting
	// Portal is where the portal runs on this machine; empty: it is a sample.
	Portal string
	// Console is the simulator's console, by its address in that browser.
	Console string

	station *Station
	run     *run
	deeds   *deeds // nil: nothing is recorded
	console *control.API
}

// consoleHost is the console's name in the browser, which asks for it through the front door as for everything.
const consoleHost = "console.cookiegate.example"

// OpenWindow lays c out, opens the simulator's console and, in a tab of its own in front of it, the portal's first page. The site's clock runs. Where what the
// person does is recorded, Steps tells it. The errors are those of OpenStation, those of a portal that does not start, and a
// *browsers.NotAvailableError where an engine cannot record.
func OpenWindow(ctx context.Context, d browsers.Driver, c Case, portals *upstream.Pool, record bool) (_ *Window, err error) {
	w := &Window{Console: "https://" + consoleHost + "/"}
	if record {
		w.deeds = &deeds{}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.Close())
		}
	}()
	if w.station, err = OpenStation(d, c, portals); err != nil {
		return nil, err
	}
	w.station.headed = true
	w.station.persistent = d.Engine() != browsers.WebKit // the profile's own window, as a person's browser has; WebKit keeps no profile
	if err := w.station.ready(ctx); err != nil {
		return nil, err
	}
	w.Browser, w.Settings = w.station.version, w.station.settings
	w.run = &run{station: w.station, c: c}
	if err := w.run.borrow(ctx); err != nil {
		return nil, err
	}
	if w.run.portal != nil {
		w.Portal = w.run.portal.URL()
	}
	if err := w.run.prepare(ctx); err != nil {
		return nil, err
	}
	w.station.site.Clock().Run()
	if w.console, err = control.New(control.Options{Server: w.station.site, CA: w.station.door.Authority().PEM(), Token: consoleToken}); err != nil {
		return nil, err
	}
	if err := w.station.door.Route(consoleHost, admitted(w.console)); err != nil {
		return nil, err
	}
	if record {
		if err := w.record(); err != nil {
			return nil, err
		}
	}
	for _, step := range []browsers.Step{{Visit: w.Console}, {Visit: c.Integration.Portal + "/", InTab: "portal"}} {
		if err := w.run.session.Do(ctx, step); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// consoleToken makes the console ask for a token, which it does not need where only this door leads to it; without one it refuses what comes by
// another name than this machine's.
const consoleToken = "by the front door"

// admitted brings the token along. Pages of other sites are refused all the same, by what the browser says of who asks.
func admitted(console http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+consoleToken)
		console.ServeHTTP(w, r)
	})
}

// glance is how often the browser is asked whether the person has closed its windows.
const glance = 500 * time.Millisecond

// Wait returns when the person has closed the browser, or both its tabs, or ctx ends; the error is that of a portal that ended before.
func (w *Window) Wait(ctx context.Context) error {
	again := time.NewTicker(glance)
	defer again.Stop()
	var portal <-chan struct{}
	if w.run.portal != nil {
		portal = w.run.portal.Done()
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-w.station.browser.Done():
			return nil
		case <-portal:
			return w.run.portal.Died()
		case <-again.C:
			if open, err := w.run.session.Documents(ctx); err == nil && len(open) == 0 {
				return nil
			}
		}
	}
}

// closeLimit is how long a window may take to end in order.
const closeLimit = 20 * time.Second

// Close ends browser, portal and site.
func (w *Window) Close() error {
	ctx, cancel := context.WithTimeoutCause(context.Background(), closeLimit, fmt.Errorf("not within %v", closeLimit))
	defer cancel()
	if w.console != nil {
		w.console.Close()
	}
	if w.station != nil {
		if w.run != nil {
			_ = w.run.close(ctx) // of a browser that the person has closed; Station.Close ends what is left
		}
		return w.station.Close()
	}
	return nil
}
