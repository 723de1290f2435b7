// Package site is one Webex site: its configuration, and what it knows at run time of accounts, meetings, sessions and browsers.
//
// It answers no requests: package urlapi does, on top of it.
package site
