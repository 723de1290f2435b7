// Package policy holds the cookie policy as a value and the rules by which each engine decides about a cookie under it.
//
// It is pure: no I/O, no clock, nothing of this module imported.
package policy
