package repro

import (
	"net/http"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers/network"
	"github.com/cookiegate/cookiegate/suites/intake"
)

// What was answered is not asked again.
func TestTheQuestionLeavesOutWhatIsKnown(t *testing.T) {
	framed := "browser: Chrome 149\nstyle: iframe\nsymptom: access denied\nsetting: third-party cookies are blocked\ncookies: none-secure\n"
	const idleTime, others, between = "was nobody active for more than 30 minutes", "was somebody else logged in at Webex in this browser", "is there a proxy, a filter or an extension"
	for said, want := range map[string]struct{ asks, not []string }{
		"":                                       {[]string{idleTime, others, between}, nil},
		"idle: 10m\n":                            {[]string{others, between}, []string{idleTime}},
		"network: Zscaler\n":                     {[]string{idleTime, others, "what does the proxy, filter or extension take out"}, []string{between}},
		"network: a proxy that strips cookies\n": {[]string{idleTime, others}, []string{between, "take out"}},
		"network: Cisco Umbrella, no idea\n":     {[]string{idleTime, others, between}, nil},
		"network: no proxy\n":                    {[]string{idleTime, others}, []string{between}},
		"network: none\n":                        {[]string{idleTime, others}, []string{between, "take out"}},
		"idle: 5m\nnetwork: none\n":              {[]string{others, "does it fail in another network too?"}, []string{idleTime, between}},
	} {
		g := NewWithT(t)
		c := reported(t, framed+said)
		asks := c.specialAsk()
		for _, part := range want.asks {
			g.Expect(asks).To(ContainSubstring(part), said)
		}
		for _, part := range want.not {
			g.Expect(asks).NotTo(ContainSubstring(part), said)
		}
	}
	g := NewWithT(t)
	g.Expect(reported(t, "symptom: wrong user\n").specialAsk()).NotTo(ContainSubstring(others))
}

func TestWhatARecordingShowsOfTheStyleIsNotAsked(t *testing.T) {
	g := NewWithT(t)
	top := func(call intake.Call) intake.Call { call.Where = intake.TopLevel; return call }
	c := recorded(t, reported(t, "browser: Chrome 149\n"), top(asked("p.php", "LI", success, 0)), top(asked("m.php", "HM", denied, 0)))
	c.Sequence.Cookies = intake.CookiesRecorded
	c.Sequence.Hops[0].Offered = []network.Cookie{{Name: "ticket", SameSite: http.SameSiteNoneMode, Secure: true}}
	c.believeCookies()
	_, q := search(t, c)
	g.Expect(q).NotTo(BeNil())
	g.Expect(q.About).To(Equal("setting"))
}
