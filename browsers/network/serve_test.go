package network

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

func TestAnAddressWithoutAPathIsThatOfTheRoot(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	g.Expect(d.Route("acme.webex.com", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.URL.String()) }))).To(Succeed())
	l := d.Begin("no path")
	c, err := net.Dial("tcp", strings.TrimPrefix(d.ServerURL(), "http://"))
	g.Expect(err).NotTo(HaveOccurred())
	defer c.Close()
	fmt.Fprint(c, "GET http://acme.webex.com?a=b HTTP/1.1\r\nHost: acme.webex.com\r\n\r\n")
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(body(t, res)).To(Equal("/?a=b"))
	g.Expect(finished(t, l, "/").URL).To(Equal("http://acme.webex.com/?a=b"))
}

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
	d := &Door{prints: fingerprints{[]byte("k")}}
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
