// Package network is the front door: one loopback proxy through which every browser and every server of a case reaches the host names
// of that case, with their real names and port 443.
//
// It terminates TLS with a certificate authority of its own, hands each request to the http.Handler or the upstream that its host name
// is routed to, refuses and records every other name, and keeps a ledger of the cookies that were offered and returned.
package network
