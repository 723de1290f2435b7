// Package webkit drives WebKitGTK under a cookie policy: its MiniBrowser, over WebDriver, on a screen of its own that nobody sees.
//
// WebKit's automation keeps nothing between two sessions, so each session is a browser process of its own, and a browser of this package
// is the screen that they share. There is no per-site setting in this engine: a policy is two flags.
package webkit
