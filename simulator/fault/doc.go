// Package fault makes a Webex site misbehave on purpose: the next few commands, or a share of them, are answered with a reason, an HTTP status, a delay,
// a cut connection, a cookie with other attributes, or a ticket that is rotated or never set.
//
// A Set of faults is an urlapi.Intervener: install its Intervene in a simulator. What a share hits is counted, not drawn by lot, so that two runs that ask
// the same in the same order get the same answers.
package fault
