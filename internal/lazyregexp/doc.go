// Package lazyregexp has regular expressions that are compiled when they are first used: a command that
// answers in milliseconds would pay at its start for all those that it never asks.
package lazyregexp
