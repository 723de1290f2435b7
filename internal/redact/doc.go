// Package redact takes secrets out of what is written down: passwords, tickets and tokens in addresses and forms, in cookie headers, and in the
// texts of people, pages and programs. What stood there is replaced by Stars; what else there is stays as it was written.
//
// Whoever records something redacts it there and then. Writers of reports do so once more.
package redact
