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
	p := pages{}
	find := func(host string, header ...string) TopLevel { return p.topLevel(asked(header...), host, nil) }

	g.Expect(find("acme.webex.com", "Sec-Fetch-Dest", "iframe", "Sec-Fetch-Site", "cross-site")).To(Equal(TopLevel{"", FromFetchSite}), "before any navigation was seen")
	g.Expect(find("acme.webex.com", "Sec-Fetch-Dest", "image", "Sec-Fetch-Site", "same-origin")).To(Equal(TopLevel{}))
	g.Expect(find("portal.acme.example", "Sec-Fetch-Dest", "document", "Sec-Fetch-Site", "none")).To(Equal(TopLevel{"acme.example", FromDocument}))
	g.Expect(find("acme.webex.com", "Sec-Fetch-Dest", "iframe", "Sec-Fetch-Site", "cross-site")).To(Equal(TopLevel{"acme.example", FromCase}))
	g.Expect(find("acme.webex.com", "Sec-Fetch-Dest", "image", "Sec-Fetch-Site", "same-origin")).To(Equal(TopLevel{"acme.example", FromCase}), "a frame's own image")
	g.Expect(find("acme.webex.com")).To(Equal(TopLevel{}), "plain http says nothing")
	g.Expect(find("acme.webex.com", "Sec-Fetch-Dest", "document", "Sec-Fetch-Site", "cross-site")).To(Equal(TopLevel{"webex.com", FromDocument}), "a popup, or the page moved on")
	g.Expect(find("acme.webex.com", "Sec-Fetch-Dest", "empty")).To(Equal(TopLevel{"webex.com", FromCase}))
}

func TestPagesWithNamesAreKeptApart(t *testing.T) {
	g := NewWithT(t)
	p := pages{}
	find := func(host, page, dest string) TopLevel {
		return p.topLevel(asked("Sec-Fetch-Dest", dest, PageHeader, page), host, nil)
	}
	find("portal.acme.example", "1", "document")
	find("acme.webex.com", "2", "document")
	g.Expect(find("acme.webex.com", "1", "iframe")).To(Equal(TopLevel{"acme.example", FromPage}))
	g.Expect(find("acme.webex.com", "2", "iframe")).To(Equal(TopLevel{"webex.com", FromPage}))
	g.Expect(find("acme.webex.com", "1", "")).To(Equal(TopLevel{"acme.example", FromPage}), "over plain http, too")
	g.Expect(find("acme.webex.com", "3", "iframe")).To(Equal(TopLevel{"webex.com", FromCase}), "a page of which no navigation was seen")
}

func TestTheDriversWordGoesFirst(t *testing.T) {
	g := NewWithT(t)
	driver := func(r *http.Request) (string, bool) { return "driver.example", r.Header.Get("Known") != "" }
	g.Expect(pages{}.topLevel(asked("Known", "1", "Sec-Fetch-Dest", "document"), "acme.webex.com", driver)).To(Equal(TopLevel{"driver.example", FromDriver}))
	g.Expect(pages{}.topLevel(asked("Sec-Fetch-Dest", "document"), "acme.webex.com", driver)).To(Equal(TopLevel{"webex.com", FromDocument}))
}

func TestThirdParties(t *testing.T) {
	for _, c := range []struct {
		top          TopLevel
		third, known bool
	}{
		{TopLevel{"webex.com", FromPage}, false, true},
		{TopLevel{"acme.example", FromPage}, true, true},
		{TopLevel{"", FromFetchSite}, true, true},
		{TopLevel{}, false, false},
	} {
		third, known := c.top.ThirdParty("acme.webex.com")
		NewWithT(t).Expect([]bool{third, known}).To(Equal([]bool{c.third, c.known}), "%+v", c.top)
	}
}

func TestTheSiteNeverSeesTheNameOfThePage(t *testing.T) {
	g := NewWithT(t)
	d := listen(t, Options{})
	var seen []string
	g.Expect(d.Route("acme.webex.com", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { seen = r.Header.Values(PageHeader) }))).To(Succeed())
	l := d.Begin("page")
	get(t, browser(t, d), "https://acme.webex.com/x", PageHeader, "1", "Sec-Fetch-Dest", "document")
	g.Expect(seen).To(BeEmpty())
	g.Expect(finished(t, l, "/x").TopLevel).To(Equal(TopLevel{"webex.com", FromDocument}))
}
