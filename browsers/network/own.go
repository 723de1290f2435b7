package network

import "strings"

// ownHosts are names that browsers ask for on their own account: captive portal and connectivity checks, updates of the browser and its
// lists, certificate revocation. A leading dot stands for every name below.
var ownHosts = []string{
	// Chromium and its relatives
	".googleapis.com", ".gvt1.com", ".gvt2.com", "accounts.google.com", "android.clients.google.com", "clients1.google.com",
	"clients2.google.com", "clients3.google.com", "clients4.google.com", "mtalk.google.com", "www.google.com",
	"edge.microsoft.com", "config.edge.skype.com", "msedge.api.cdp.microsoft.com", ".brave.com",
	// Firefox
	"detectportal.firefox.com", ".services.mozilla.com", ".cdn.mozilla.net", ".mozilla.org", ".firefox.com", ".mozgcp.net",
	// revocation
	"ocsp.digicert.com", "ocsp.pki.goog", "r3.o.lencr.org",
}

// ownHost says whether a host is one of those. Only of a refused host does it mean anything: a routed one belongs to the case.
func ownHost(host string) bool {
	for _, own := range ownHosts {
		if host == strings.TrimPrefix(own, ".") || strings.HasPrefix(own, ".") && strings.HasSuffix(host, own) {
			return true
		}
	}
	return false
}
