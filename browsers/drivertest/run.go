package drivertest

import (
	"strings"
	"testing"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
)

// Run holds a driver to the table. Without a browser of its engine there is nothing to hold, and the test is skipped.
func Run(t *testing.T, d browsers.Driver) {
	if _, err := d.Find(); err != nil {
		t.Skip(err)
	}
	// As in many an office. Browsers and drivers on this machine are not to be asked for there.
	for _, name := range []string{"http_proxy", "https_proxy", "all_proxy"} {
		t.Setenv(name, "http://127.0.0.1:9")
		t.Setenv(strings.ToUpper(name), "http://127.0.0.1:9")
	}
	// What needs no browser of its own shares one.
	t.Run("sessions", func(t *testing.T) {
		w := newWorld(t)
		b, _ := w.launch(t, d, allow, false)
		t.Run("steps", func(t *testing.T) { steps(t, w, b) })
		t.Run("clock", func(t *testing.T) { clock(t, w, b) })
		t.Run("leaving", func(t *testing.T) { leaving(t, w, d, b) })
		t.Run("records", func(t *testing.T) { records(t, w, b) })
	})
	t.Run("turns", func(t *testing.T) { turns(t, d) })
	t.Run("apart", func(t *testing.T) { apart(t, d) })
	t.Run("orphans", func(t *testing.T) { orphans(t, d) })
	t.Run("death", func(t *testing.T) { death(t, d) })
	t.Run("refusal", func(t *testing.T) { refusal(t, d) })
	t.Run("policies", func(t *testing.T) { policies(t, d) })
	if testing.Short() {
		return // a run of the suites restarts each browser too
	}
	t.Run("restart", func(t *testing.T) { restart(t, d) })
}

// allow lets every cookie through, so that a step and not a policy is under test.
var allow = policy.Policy{Name: "allow-third-party", Base: policy.AllowThirdParty}
