package testbed

import (
	"bytes"
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
