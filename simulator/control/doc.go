// Package control moves a running simulator from outside: its clock, sessions, accounts, meetings, cookie profiles, faults and resets, and the journal of
// what it was asked, over HTTP and JSON; a typed Client for that; and the console, a page on which a person does the same.
//
// It is meant for a listener of its own, never for the one that browsers under test reach. Listen opens one on loopback. Web pages of other origins
// are refused, and so is a listener that other machines reach, unless it asks for a token.
//
// openapi.yaml, which the API serves, describes every route.
package control
