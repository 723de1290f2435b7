package testbed

import (
	"bytes"
	"net/http"
	"net/url"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/suites/intake"
)

// What is written is read as what it was.
func TestARecordingIsAHARFile(t *testing.T) {
	for _, sanitized := range []bool{false, true} {
		g := NewWithT(t)
		ticket := noneSecure
		ticket.Fingerprint = "00c0ffee"
		e := framed(browsers.Chromium, policy.BlockThirdParty, ticket)
		e.exchanges[0].Status, e.exchanges[1].Status = 200, 200
		e.exchanges[1].StorageAccess = "none"
		var b bytes.Buffer
		g.Expect(e.recording("Chromium 156.0.8078.79").WriteHAR(&b, sanitized)).To(Succeed())
		h, err := intake.ReadHAR("x.har", &b, intake.HARLimits{})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(h.Browser).To(Equal("Chromium 156.0.8078.79"))
		g.Expect(h.Entries).To(HaveLen(2))
		g.Expect(h.Entries[1].StorageAccess).To(Equal("none"))
		g.Expect(intake.SequenceOf(h).Calls).To(HaveLen(2))
		if sanitized {
			g.Expect(h.Entries[0].Offered).To(BeEmpty())
			continue
		}
		g.Expect(h.Entries[0].Offered).To(HaveLen(1))
		got := h.Entries[0].Offered[0]
		g.Expect(got.Fingerprint).NotTo(BeEmpty())
		got.Fingerprint, ticket.Fingerprint = "", ""
		g.Expect(got).To(Equal(network.Cookie(ticket)))
	}
}

func TestARecordedFormHoldsNoSecrets(t *testing.T) {
	g := NewWithT(t)
	e := framed(browsers.Chromium, policy.AllowThirdParty, noneSecure)
	e.exchanges, e.entries = e.exchanges[:1], e.entries[:1]
	e.exchanges[0].Method = http.MethodPost
	e.entries[0].Params = "AT=LI&WID=alice&pw=hunter2&BU=" + url.QueryEscape("https://portal.acme.example/back?access_token=hunter2&state=1#id_token=hunter2")
	var b bytes.Buffer
	g.Expect(e.recording("Chromium 156.0.8078.79").WriteHAR(&b, false)).To(Succeed())
	g.Expect(b.String()).NotTo(ContainSubstring("hunter2"))
	g.Expect(b.String()).To(ContainSubstring(`"text": "AT=LI&WID=alice&pw=***&BU=https%3A%2F%2Fportal.acme.example%2Fback%3Faccess_token%3D***%26state%3D1%23id_token%3D***"`))
}
