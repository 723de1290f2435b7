// Package probe proves that a cookie policy is in force in a running browser: a page of its own sets a cookie of the page's site, one of
// somebody else's, and one of the site that the policy names, and what comes back to the server says what became of each.
//
// A setting that was written but is not heeded is so found before the first case runs under it.
package probe
