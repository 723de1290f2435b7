// Package journal is what a Webex site was asked and what it answered, entry by entry, with the cookies that came along and those that
// were set.
//
// A journal is bounded, by count and by bytes, and says what it has dropped. It holds no secrets: of a cookie's value a fingerprint, and
// of a password three stars.
package journal
