// Package lazyregexp has regular expressions that are compiled when they are first used. What a command does not ask of them costs it nothing:
// compiling all of them took a tenth of what explain takes.
package lazyregexp
