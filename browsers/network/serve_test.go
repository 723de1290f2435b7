package network

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
)

func FuzzRequest(f *testing.F) {
	for _, s := range []string{
		"GET http://acme.webex.com/a?PW=Zq7secretZq7 HTTP/1.1\r\nHost: acme.webex.com\r\n\r\n",
		"CONNECT acme.webex.com:443 HTTP/1.1\r\nHost: acme.webex.com:443\r\n\r\n",
		"GET //x/y?%zz HTTP/1.1\r\nHost: [::1]:80\r\nCookie: =;;a=\r\nReferer: ://\r\n\r\n",
		"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET http:opaque HTTP/1.0\r\n\r\n",
	} {
		f.Add(s)
	}
	d := &Door{prints: fingerprints{[]byte("k")}, redactor: newRedactor(nil)}
	f.Fuzz(func(t *testing.T, raw string) {
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(raw)))
		if err != nil {
			return
		}
		asked, err := parseAddress(r.Host, 80)
		if err != nil {
			return
		}
		x := d.exchange(r, &conn{}, "http", asked)
		if !strings.HasPrefix(x.URL, "http://"+x.Host) {
			t.Fatalf("%q of host %q", x.URL, x.Host)
		}
		if strings.Contains(r.URL.RawQuery, "PW=Zq7secretZq7") && strings.Contains(x.URL, "PW=Zq7secretZq7") {
			t.Fatalf("a secret in %q", x.URL)
		}
	})
}
