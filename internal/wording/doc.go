// Package wording is what messages say of words: which may stand in a place, which of them somebody may have meant, and how a shell takes
// one.
package wording
