// Package realproxy starts and stops real filtering proxies, Privoxy and Squid, between a front door's two sides:
//
//	browser → door → Privoxy or Squid → door → site
//
// What a proxy does is said by its own configuration, which the caller brings. The package supplies what changes from run to run: address,
// parent proxy, working folder, certificate authority.
package realproxy
