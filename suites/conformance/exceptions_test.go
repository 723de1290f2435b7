package conformance_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/suites/conformance"
)

func TestAnExceptionOfOneVersionExcusesNoOther(t *testing.T) {
	g := NewWithT(t)
	cell := conformance.Cell{Engine: browsers.Chromium, Version: "156.0.8078.108"}
	for version, covers := range map[string]bool{"156": true, "156.0.8078.108": true, "156.0.8078.10": false, "15": false, "155": false, "157": false} {
		e := conformance.Exception{Engine: browsers.Chromium, Version: version}
		g.Expect(e.Covers(cell)).To(Equal(covers), version)
	}
}
