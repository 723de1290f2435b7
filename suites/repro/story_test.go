package repro

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/intake"
)

// Portals that know the meeting's key do not schedule first.
func TestAnotherNumberOfAcceptedCommandsIsTheSameStory(t *testing.T) {
	g := NewWithT(t)
	li, later := asked("p.php", "LI", success, 0), 40*time.Minute
	for _, calls := range [][]intake.Call{
		{li, asked("m.php", "HM", denied, later)},
		{li, asked("m.php", "SM", success, 0), asked("m.php", "OM", success, 0), asked("m.php", "SM", success, 0), asked("m.php", "HM", denied, later)},
	} {
		a := explain(t, recorded(t, &Complaint{}, calls...))
		g.Expect(a.Cause).NotTo(BeNil())
		g.Expect(a.Cause.Reason).To(Equal(fixtures.IdleExpired))
		g.Expect(a.Contradicted).To(BeFalse())
	}
	sm := asked("m.php", "SM", denied, 0)
	a := explain(t, recorded(t, &Complaint{}, li, sm, li, sm))
	g.Expect(a.Cause.Reason).To(Equal(fixtures.ThirdPartyBlocked))
	g.Expect(a.Contradicted).To(BeFalse(), "a round more")
}
