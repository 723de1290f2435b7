package upstream

import (
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/cookiegate/cookiegate/browsers/network"
)

// trust is a folder with what makes programs believe in the pool's certificate authority.
type trust struct{ dir string }

// newTrust writes the files.
func newTrust(a *network.Authority) (trust, error) {
	dir, err := os.MkdirTemp("", "cookiegate-portals-")
	if err != nil {
		return trust{}, err
	}
	t := trust{dir}
	if err := os.WriteFile(t.pem(), a.PEM(), 0o644); err != nil {
		return t, err
	}
	// PHP takes neither its curl's nor its streams' authorities from the environment, but reads the settings in a folder that is named there.
	settings := "curl.cainfo=\"" + t.pem() + "\"\nopenssl.cafile=\"" + t.pem() + "\"\n"
	return t, os.WriteFile(filepath.Join(dir, "cookiegate.ini"), []byte(settings), 0o644)
}

func (t trust) pem() string { return filepath.Join(t.dir, "ca.pem") }

// environment is what a portal's process finds in its environment beside what is in the testbed's own: port, where there is one to listen on, proxy
// and authority under the names that the programs of this world look for, and what the integration adds.
func (t trust) environment(port, proxy string, own map[string]string) []string {
	vars := map[string]string{
		"HTTP_PROXY": proxy, "http_proxy": proxy,
		"HTTPS_PROXY": proxy, "https_proxy": proxy,
		"NO_PROXY": direct, "no_proxy": direct,
		"NODE_USE_ENV_PROXY":  "1", // since Node 22.21 and 24.5; before, Node's own clients know no proxy
		"SSL_CERT_FILE":       t.pem(),
		"NODE_EXTRA_CA_CERTS": t.pem(),
		"CURL_CA_BUNDLE":      t.pem(),
		"REQUESTS_CA_BUNDLE":  t.pem(),
		"PHP_INI_SCAN_DIR":    string(os.PathListSeparator) + t.dir, // beside the usual one
	}
	if port != "" {
		vars["PORT"] = port
	}
	maps.Copy(vars, own)
	var env []string
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		env = append(env, name+"="+vars[name])
	}
	return env
}

// direct are the hosts that are asked without the proxy.
const direct = "localhost,127.0.0.1,::1"
