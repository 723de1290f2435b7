// Package wording puts lists into the sentences of messages.
package wording
