package policy

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestAGrantGivenToTheProfileDoesNotReachIncognito(t *testing.T) {
	g := NewWithT(t)
	p := Policy{Base: BrowserDefault, PrivateWindow: true}
	g.Expect(NotAvailable(Chromium, p)).To(BeEmpty())
	p.StorageAccess = StorageAccessDenied
	g.Expect(NotAvailable(Chromium, p)).To(BeEmpty())
	p.StorageAccess = StorageAccessGranted
	g.Expect(NotAvailable(Chromium, p)).To(ContainSubstring("Incognito"))
	p.PrivateWindow = false
	g.Expect(NotAvailable(Chromium, p)).To(BeEmpty())
}
