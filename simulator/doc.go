// Package simulator is a fake Webex site for tests of integrations with the Webex Meetings URL API: sites, hosts, meetings, the session cookie in
// its several forms, a clock that moves only when told, and a journal of everything that was asked and answered.
//
// Start gives a server with TLS on loopback, New one without a listener, an http.Handler to be put behind something else; Run, for Go tests, one that
// cleans up after itself. Each site's state and journal are its own. The package knows nothing of browsers.
//
// What it answers follows what is publicly documented or was recorded of the URL API; docs/url-api.md lists every command and says where the facts end
// and the simulator's own choices begin.
package simulator
