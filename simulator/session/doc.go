// Package session is what a Webex site remembers of the hosts who are logged in: tickets, the cookie that carries them in its several
// profiles, the idle limit, and the clock by which all of it is counted.
//
// Expiry is a function of the clock: nothing runs in the background, and nothing happens until somebody asks.
package session
