// Package chromium drives Chromium and its kin (Google Chrome, Microsoft Edge, Brave) under a cookie policy.
//
// The browser is started on a profile of ours, in which the settings of a person are written beforehand, and, for managed policy, in a
// mount namespace in which the folder of the machine's policies is ours. A running browser is turned to another policy as a person changes
// settings and an IT department its files. Playwright attaches to it, and listens to what the browser itself says about cookies that it did not
// store or send.
package chromium
