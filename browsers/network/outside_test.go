package network

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func TestCookiesThatDidNotPassADoor(t *testing.T) {
	g := NewWithT(t)
	r := NewCookieReader()
	offered := r.Offered([]string{"ticket=abc; Secure", "gone=; Max-Age=0"}, time.Unix(0, 0))
	returned := r.Returned([]string{"ticket=abc; other=abd"})
	g.Expect(offered).To(HaveLen(2))
	g.Expect(offered[0].Name).To(Equal("ticket"))
	g.Expect(offered[0].Secure).To(BeTrue())
	g.Expect(offered[1].Deletes).To(BeTrue())
	g.Expect(returned[0].Fingerprint).To(Equal(offered[0].Fingerprint), "equal values within one reader")
	g.Expect(returned[1].Fingerprint).NotTo(Equal(offered[0].Fingerprint))
	g.Expect(r.Fingerprint("abc")).To(Equal(offered[0].Fingerprint))
	g.Expect(NewCookieReader().Fingerprint("abc")).NotTo(Equal(offered[0].Fingerprint), "another reader's")
	g.Expect(r.Fingerprint("")).To(BeEmpty())
}
