package network

import (
	"net/http"
	"testing"

	. "github.com/onsi/gomega"
)

func TestRegistrableDomains(t *testing.T) {
	for host, want := range map[string]string{
		"acme.webex.com":      "webex.com",
		"webex.com":           "webex.com",
		"portal.acme.example": "acme.example",
		"a.b.example.co.uk":   "example.co.uk",
		"co.uk":               "co.uk",
		"localhost":           "localhost",
		"127.0.0.1":           "127.0.0.1",
		"::1":                 "::1",
	} {
		NewWithT(t).Expect(SiteOf(host)).To(Equal(want), host)
	}
}

// asked is a request as the door sees it.
func asked(header ...string) *http.Request {
	r := &http.Request{Header: http.Header{}}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

func TestWhosePageARequestBelongsTo(t *testing.T) {
	g := NewWithT(t)
	l := &Ledger{}
	find := func(host string, header ...string) TopLevel { return l.topLevel(asked(header...), host) }

	g.Expect(find("acme.webex.com", "Sec-Fetch-Dest", "iframe", "Sec-Fetch-Site", "cross-site")).To(Equal(TopLevel{"", FromFetchSite}), "before any navigation was seen")
	g.Expect(find("acme.webex.com", "Sec-Fetch-Dest", "image", "Sec-Fetch-Site", "same-origin")).To(Equal(TopLevel{}))
	g.Expect(find("portal.acme.example", "Sec-Fetch-Dest", "document", "Sec-Fetch-Site", "none")).To(Equal(TopLevel{"acme.example", FromDocument}))
	g.Expect(find("acme.webex.com", "Sec-Fetch-Dest", "iframe", "Sec-Fetch-Site", "cross-site")).To(Equal(TopLevel{"acme.example", FromCase}))
	g.Expect(find("acme.webex.com", "Sec-Fetch-Dest", "image", "Sec-Fetch-Site", "same-origin")).To(Equal(TopLevel{"acme.example", FromCase}), "a frame's own image")
	g.Expect(find("acme.webex.com")).To(Equal(TopLevel{}), "plain http says nothing")
	g.Expect(find("acme.webex.com", "Sec-Fetch-Dest", "document", "Sec-Fetch-Site", "cross-site")).To(Equal(TopLevel{"webex.com", FromDocument}), "a popup, or the page moved on")
	g.Expect(find("acme.webex.com", "Sec-Fetch-Dest", "empty")).To(Equal(TopLevel{"webex.com", FromCase}))
}

func TestThirdParties(t *testing.T) {
	for _, c := range []struct {
		top          TopLevel
		third, known bool
	}{
		{TopLevel{"webex.com", FromDocument}, false, true},
		{TopLevel{"acme.example", FromCase}, true, true},
		{TopLevel{"", FromFetchSite}, true, true},
		{TopLevel{}, false, false},
	} {
		third, known := c.top.ThirdParty("acme.webex.com")
		NewWithT(t).Expect([]bool{third, known}).To(Equal([]bool{c.third, c.known}), "%+v", c.top)
	}
}
