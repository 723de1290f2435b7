// Package network is the front door: one loopback proxy through which every browser and every server of a case reaches the host names
// of that case, with their real names and port 443.
//
// It terminates TLS with a certificate authority of its own, hands each request to the http.Handler or the upstream that its host name
// is routed to, refuses and records every other name, and keeps a ledger of the cookies that were offered and returned. Nothing leaves
// the machine: it listens on loopback, and upstreams must be there too.
//
// A door has three sides. Browsers come in at Door.ProxyURL, servers of the case at Door.ServerURL, which is also where Door.Client goes,
// and a real filtering proxy between browser and site, if a case has one, hands on to Door.FarURL. Only what browsers ask passes the
// filters of Door.Use and the proxy of Door.Through, as in an office: the site's own servers stand elsewhere.
//
// An Exchange therefore holds four lists of cookies: those that the browser sent and that reached the site, those that the site set and
// that reached the browser. Where the pairs differ, something on the way did it, and Exchange.Filters says what; where they do not, the
// browser decides alone.
package network
