package conformance_test

import (
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/suites/conformance"
)

func TestFactsTellAlikePoliciesOnce(t *testing.T) {
	g := NewWithT(t)
	var cells []conformance.Cell
	for _, policy := range []string{"b", "a", "other"} {
		for _, form := range conformance.Forms("webex.com") {
			cells = append(cells, conformance.Cell{
				Engine: browsers.Chromium, Version: "156.0", Policy: policy, Form: form, Plant: conformance.Frame, Read: conformance.Frame,
				Came: policy != "other" && strings.Contains(form.Header, "SameSite=None"),
			})
		}
	}
	told := conformance.Told(cells)
	g.Expect(told).To(HaveLen(3 * 6))
	var page strings.Builder
	g.Expect(conformance.Facts(&page, time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC), told)).To(Succeed())
	g.Expect(page.String()).To(ContainSubstring("on 2026-05-04,"))
	g.Expect(page.String()).To(ContainSubstring("## Chromium 156.0\n\n### a, b\n"))
	g.Expect(page.String()).To(ContainSubstring("### other\n"))
	g.Expect(page.String()).To(ContainSubstring(`| set there, and looked for there again | frame | nested-frame | sandboxed-frame | image | fetch |
|---|:-:|:-:|:-:|:-:|:-:|
| ` + "`Secure; SameSite=None`" + ` | ● | · | · | · | · |
`))
}
