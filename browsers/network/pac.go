package network

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// files answers for the door itself: a person who sets a browser up by hand finds the proxy configuration and the certificate here.
func (d *Door) files(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/proxy.pac":
		w.Header().Set("Content-Type", "application/x-ns-proxy-autoconfig")
		fmt.Fprint(w, d.PAC())
	case "/ca.pem":
		w.Header().Set("Content-Type", "application/x-x509-ca-cert")
		w.Write(d.authority.PEM())
	default:
		http.Error(w, "cookiegate: this is a proxy; its configuration is at /proxy.pac, its certificate authority at /ca.pem", http.StatusNotFound)
	}
}

// PAC is a proxy auto-configuration that sends the routed host names through the door and leaves everything else as it is, so that a
// person's own browser stays usable. It is served at /proxy.pac on the door's own address.
func (d *Door) PAC() string {
	patterns := d.routes.patterns()
	slices.Sort(patterns)
	var conditions []string
	for _, p := range patterns {
		conditions = append(conditions, pacCondition(p))
	}
	if len(conditions) == 0 {
		conditions = []string{"false"}
	}
	return fmt.Sprintf("function FindProxyForURL(url, host) {\n  host = host.toLowerCase();\n  if (%s)\n    return %s;\n  return \"DIRECT\";\n}\n",
		strings.Join(conditions, " ||\n      "), quote("PROXY "+d.browsers.Addr().String()))
}

// pacCondition leaves ports aside: a PAC file is asked by host, and what the door does not route it refuses.
func pacCondition(pattern string) string {
	name, wild := strings.CutPrefix(pattern, "*.")
	a, _ := parseAddress(name, 0) // was a route
	if wild {
		return "dnsDomainIs(host, " + quote("."+a.host) + ")"
	}
	return "host == " + quote(a.host)
}

// quote writes a JavaScript string.
func quote(s string) string {
	b, _ := json.Marshal(s) // a string always can be
	return string(b)
}
