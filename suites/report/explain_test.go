package report

import (
	"fmt"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

func TestExplainListsTheHopsThatTell(t *testing.T) {
	g := NewWithT(t)
	r := sampleCase("matrix", "iframe", "none-secure", browsers.Firefox, "per-site-allow")
	r.Hops = nil
	for i := 1; i <= 40; i++ {
		h := testbed.Hop{ID: i, Method: "GET", URL: fmt.Sprintf("https://portal.acme.example/%d.png", i), Where: "image", Status: 200}
		if i%2 == 0 {
			h.Command, h.Answer = "LI", "SUCCESS"
		}
		r.Hops = append(r.Hops, h)
	}
	r.Cause.HopID, r.Cause.LostAtID = 38, 3
	text := Explain(r)
	g.Expect(text).To(ContainSubstring("  >  3  GET portal.acme.example/3.png"), "however early, and without command or cookie")
	g.Expect(text).To(ContainSubstring("  > 38  GET portal.acme.example/38.png"))
	g.Expect(text).NotTo(ContainSubstring("/37.png"), "carried neither command nor cookie")
	g.Expect(text).NotTo(ContainSubstring("/10.png"), "too long ago")
	g.Expect(text).To(ContainSubstring("\n        and 28 more hops\n"))
	g.Expect(strings.Count(text, "GET portal")).To(Equal(12))
}

func TestCookiesLostInTheSameWayAreToldTogether(t *testing.T) {
	g := NewWithT(t)
	loss := func(cookie string, direction browsers.Direction, words string) testbed.Loss {
		return testbed.Loss{Cookie: cookie, Direction: direction, Reason: fixtures.SameSite, Words: words}
	}
	var told []string
	for _, l := range lostTogether(testbed.Hop{Lost: []testbed.Loss{
		loss("a", browsers.Store, "x"), loss("b", browsers.Send, "x"), loss("c", browsers.Store, "x"), loss("d", browsers.Store, ""),
		loss("e", browsers.Send, "took out e and ee"), loss("ee", browsers.Send, "took out ee"), loss("f", browsers.Send, "took out f and ee"),
	}}) {
		told = append(told, l.text())
	}
	g.Expect(told).To(Equal([]string{"a, c not stored: same-site (x)", "b not sent: same-site (x)", "d not stored: same-site",
		"e, f not sent: same-site (took out it and ee)", "ee not sent: same-site (took out ee)",
	}))
}

func TestExplainSaysWhatNobodySaw(t *testing.T) {
	g := NewWithT(t)
	r := sampleCase("matrix", "iframe", "none-secure", browsers.Firefox, "per-site-allow")
	r.Cause.Detail, r.Cause.Witness = "rule 7", testbed.ByModel
	r.Hops[2].Lost[0].Words, r.Hops[2].Lost[0].Witness = "rule 8", testbed.ByModel
	r.Hops[3].Lost[0].Words, r.Hops[3].Lost[0].Witness = "it never reached the site", testbed.ByNetwork
	text := Explain(r)
	g.Expect(text).To(ContainSubstring("by the policy model: rule 7\n"))
	g.Expect(text).To(ContainSubstring("third-party-blocked (by the policy model: rule 8)\n"))
	g.Expect(text).To(ContainSubstring("third-party-blocked (it never reached the site)\n"))
}

func TestExplainListsAFewSettingsInBrief(t *testing.T) {
	g := NewWithT(t)
	r := sampleCase("matrix", "iframe", "none-secure", browsers.Firefox, "per-site-allow")
	r.Settings = []browsers.Setting{{Name: "a", Value: "1"}, {Name: "b", Value: "2"}, {Name: "c", Value: "3"}, {Name: "d", Value: "4"}}
	g.Expect(Explain(r)).To(ContainSubstring("  settings   a = 1\n             b = 2\n             c = 3\n             d = 4\n"))
	g.Expect(explainInBrief(r)).To(ContainSubstring("  settings   a = 1\n             b = 2\n             c = 3\n             and 1 more setting\n"))
}

func TestExplainDoesNotSayTheCauseTwice(t *testing.T) {
	g := NewWithT(t)
	r := sampleCase("matrix", "iframe", "none-secure", browsers.Firefox, "per-site-allow")
	r.Cause.Detail = "Firefox refuses it: rule 7."
	r.Hops[2].Lost[0].Words, r.Hops[3].Lost[0].Words = "rule 7", "rule 8"
	text := Explain(r)
	g.Expect(text).To(ContainSubstring("ticket not stored: third-party-blocked\n"))
	g.Expect(text).To(ContainSubstring("ticket not sent: third-party-blocked (rule 8)\n"))
}

func TestExplainSaysWhatIsNotKnown(t *testing.T) {
	g := NewWithT(t)
	g.Expect(Explain(testbed.Result{ID: "a/b", Status: testbed.Error, Browser: browsers.WebKit})).To(Equal(strings.Join([]string{
		"a/b: error",
		"",
		"  expected   no outcome",
		"  happened   no outcome, and no reason was recorded",
		"  browser    webkit",
		"",
		"  run again  make e2e FOCUS='a/b'",
	}, "\n")))
}

func TestTheCommandCanBePastedIntoAShell(t *testing.T) {
	NewWithT(t).Expect(RerunCommand(testbed.Result{ID: `it's $HOME`})).To(Equal(`make e2e FOCUS='it'\''s $HOME'`))
	NewWithT(t).Expect(RerunCommand(testbed.Result{ID: "matrix/mine", Policy: "block-all", File: "my portal.yaml"})).To(Equal(`cookiegate run 'my portal.yaml' --policies 'block-all' --focus 'matrix/mine'`))
	flaky := testbed.Result{ID: "matrix/a", Status: testbed.Flaky, Policy: "block-all", Repetitions: make([]testbed.Repetition, 5)}
	flaky.Repetitions[3].Status = testbed.Failed
	NewWithT(t).Expect(RerunCommand(flaky)).To(Equal(`make e2e FOCUS='matrix/a' REPEAT=5`), "run once it would pass")
	flaky.File = "mine.yaml"
	NewWithT(t).Expect(RerunCommand(flaky)).To(Equal(`cookiegate run 'mine.yaml' --policies 'block-all' --focus 'matrix/a' --repeat 5`))
}

func TestTextsAreLaidOut(t *testing.T) {
	g := NewWithT(t)
	g.Expect(wrap("one two  three\nfour", 7)).To(Equal([]string{"one two", "three", "four"}))
	g.Expect(wrap("averylongword is", 5)).To(Equal([]string{"averylongword", "is"}))
	g.Expect(wrap("", 5)).To(BeEmpty())
	g.Expect(shorten("0123456789", 10)).To(Equal("0123456789"))
	g.Expect(shorten("0123456789abc", 10)).To(Equal("012345…abc"))
	g.Expect(cut("0123456789", 10)).To(Equal("0123456789"))
	g.Expect(cut("0123456789a", 10)).To(Equal("012345678…"))
	g.Expect(pad("…", 3)).To(Equal("…  "))
	g.Expect(address("https://acme.webex.com/acme/m.php?AT=HM&MK=1")).To(Equal("acme.webex.com/acme/m.php?AT=HM&…"))
	g.Expect(address("https://acme.webex.com/acme/m.php?AT=HM")).To(Equal("acme.webex.com/acme/m.php?AT=HM"))
	g.Expect(address("https://portal.acme.example/?x=1")).To(Equal("portal.acme.example/?…"))
	g.Expect(address("about:blank")).To(Equal("about:blank"))
	g.Expect(address("https://%zz/")).To(Equal("https://%zz/"))
}

func TestWhatIsWrongIsToldAlsoWhereThePortalGuides(t *testing.T) {
	g := NewWithT(t)
	r := testbed.Result{
		ID: "matrix/a", Suite: "matrix", Status: testbed.Failed, Expected: testbed.WorksOrGuides, Outcome: testbed.WrongUser,
		Guided: &testbed.Guidance{Text: "Please allow cookies"}, Sentence: "He is in another session.",
	}
	g.Expect(Explain(r)).To(ContainSubstring("happened   wrong-user; the portal told the host: Please allow cookies\n             He is in another session."))
	r.Sentence, r.Status = "", testbed.Passed
	g.Expect(Explain(r)).To(ContainSubstring("the portal told the host: Please allow cookies\n\n"))
}

func TestACaseWhoseRunsFailDifferentlyIsRunAgainAsOften(t *testing.T) {
	g := NewWithT(t)
	denied, looped := testbed.Repetition{Status: testbed.Failed, Outcome: testbed.AccessDenied}, testbed.Repetition{Status: testbed.Failed, Outcome: testbed.LoginLoop}
	r := testbed.Result{ID: "matrix/a", Status: testbed.Failed, Repetitions: []testbed.Repetition{denied, looped}}
	g.Expect(RerunCommand(r)).To(Equal("make e2e FOCUS='matrix/a' REPEAT=2"))
	r.Repetitions[1] = denied
	g.Expect(RerunCommand(r)).To(Equal("make e2e FOCUS='matrix/a'"), "once shows it")
}

func TestExplainSaysWhatWasOutOfTheOrdinary(t *testing.T) {
	g := NewWithT(t)
	r := sampleCase("matrix", "iframe", "none-secure", browsers.Firefox, "per-site-allow")
	g.Expect(Explain(r)).NotTo(Or(ContainSubstring("\n  site "), ContainSubstring("\n  network ")))
	r.Site, r.Network = []string{"csrf: true", "idle-limit: 20m0s"}, []string{"remove-p3p: true", "proxy: squid-webex-cookies"}
	g.Expect(Explain(r)).To(ContainSubstring("\n  site       csrf: true, idle-limit: 20m0s\n  network    remove-p3p: true, proxy: squid-webex-cookies\n"))
}
