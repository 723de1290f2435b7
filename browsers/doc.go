// Package browsers is the one face that every real browser shows to a test: found on this machine, started under a cookie
// policy, driven with a small vocabulary of steps, and asked for its evidence.
//
// The engines live in the packages below it. Nothing here knows of Webex.
package browsers
