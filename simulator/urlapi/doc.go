// Package urlapi is the URL API of a Webex site and the pages that a person sees there.
//
// The commands are data (Commands): which page they belong to, what they need, with which reasons they fail, and the one function that
// answers each. Everything that all commands share, from reading the parameters to sending the browser on, is done around that function.
package urlapi
