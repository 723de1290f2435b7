// Package wording is what messages say of words that may stand in a place: which there are, and which of them somebody may have meant.
package wording
