// Package firefox drives stock Firefox under a cookie policy.
//
// The browser is started on a profile of ours: its preferences and, for a person's exceptions, a list of permissions are files in it. An
// IT department's settings are a policies.json, which the browser sees in its installation's folder in a mount namespace of its own.
// A running browser is turned to another policy by a script in its own window. Playwright attaches to it over WebDriver BiDi.
package firefox
