package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	. "github.com/onsi/gomega"
	"golang.org/x/net/html"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

func pageText(g *WithT, run Run, o HTMLOptions) string {
	var b bytes.Buffer
	g.Expect(HTML(&b, run, o)).To(Succeed())
	return b.String()
}

// elements are the elements of a text by their names, with their attributes, and with the text they begin with as attribute "".
type elements map[string][]map[string]string

func parsed(g *WithT, text string) elements {
	found := elements{}
	root, err := html.Parse(strings.NewReader(text))
	g.Expect(err).NotTo(HaveOccurred())
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		attributes := map[string]string{}
		for _, a := range n.Attr {
			attributes[a.Key] = a.Val
		}
		if n.FirstChild != nil && n.FirstChild.Type == html.TextNode {
			attributes[""] = n.FirstChild.Data
		}
		found[n.Data] = append(found[n.Data], attributes)
	}
	return found
}

func fragment(g *WithT, address string) string {
	u, err := url.Parse(address)
	g.Expect(err).NotTo(HaveOccurred())
	return u.Fragment
}

func TestEveryCellIsALinkToItsCase(t *testing.T) {
	g := NewWithT(t)
	run := sampleRun()
	page := parsed(g, pageText(g, run, HTMLOptions{}))
	ids, opened := map[string]bool{}, map[string]string{}
	for _, s := range page["script"] {
		if id := s["data-case"]; id != "" {
			ids[id] = true
			opened[id] = s[""]
		}
	}
	g.Expect(ids).To(HaveLen(392))
	cells := 0
	for _, a := range page["a"] {
		if strings.HasPrefix(a["class"], "cell ") {
			cells++
			id := fragment(g, a["href"])
			g.Expect(ids).To(HaveKey(id))
			delete(ids, id)
		}
	}
	g.Expect(cells).To(Equal(392), "each once")
	g.Expect(ids).To(BeEmpty())

	lost := opened["matrix/frameset/none-secure/chromium/trusted-zone"]
	for _, what := range []string{
		"login-loop", "The managed policy lets every cookie of webex.com into the frame.", "third-party-blocked", "hop 3",
		"UserPreferences", "profile.cookie_controls_mode", "make e2e FOCUS=&#39;matrix/frameset/none-secure/chromium/trusted-zone&#39;",
		"Chromium 156.0.8078.79", "Access Denied. Please log in again.", "ticket (Domain=webex.com; SameSite=None; Secure)",
	} {
		g.Expect(lost).To(ContainSubstring(what))
	}
}

func TestCellsSayInWordsWhatTheyMean(t *testing.T) {
	g := NewWithT(t)
	spoken := map[string]string{}
	for _, a := range parsed(g, pageText(g, sampleRun(), HTMLOptions{}))["a"] {
		if a["aria-label"] != "" {
			spoken[fragment(g, a["href"])] = a["aria-label"] + " [" + a["class"] + "]"
		}
	}
	for id, want := range map[string]string{
		"matrix/frameset/none-secure/chromium/trusted-zone": "frameset, none-secure, chromium, trusted-zone: login-loop, expected works [cell differs]",
		"matrix/iframe/none-secure/chromium/block-all":      "iframe, none-secure, chromium, block-all: access-denied, as expected [cell denied]",
		"matrix/redirect/legacy/firefox/per-site-allow":     "redirect, legacy, firefox, per-site-allow: works, as expected [cell works]",
		"matrix/redirect/legacy/webkit/per-site-allow":      "redirect, legacy, webkit, per-site-allow: not available [cell na]",
		"matrix/popup/legacy/firefox/block-all":             "popup, legacy, firefox, block-all: error [cell error]",
		"matrix/chained/legacy/webkit/block-third-party":    "chained, legacy, webkit, block-third-party: flaky [cell flaky]",
	} {
		g.Expect(spoken).To(HaveKeyWithValue(id, want))
	}
}

func TestNoTwoCellsAreSpokenAlike(t *testing.T) {
	g := NewWithT(t)
	of := map[string]string{}
	for _, a := range parsed(g, pageText(g, sampleRun(), HTMLOptions{}))["a"] {
		if spoken := a["aria-label"]; spoken != "" {
			g.Expect(of).NotTo(HaveKey(spoken), "of %s too", a["href"])
			of[spoken] = a["href"]
		}
	}
	g.Expect(of).To(HaveKeyWithValue("idle-30m01s, redirect, none-secure, chromium, allow-third-party: access-denied, as expected", "#lifecycle/idle-30m01s/chromium"))
}

func TestTheOutcomeFilterTellsErrorsFromFailuresWithoutAnOutcome(t *testing.T) {
	g := NewWithT(t)
	run := sampleRun()
	run.Results[0].Status, run.Results[0].Outcome = testbed.Error, ""
	run.Results[1].Status, run.Results[1].Outcome = testbed.Failed, ""
	run.Results = run.Results[:7]
	page := parsed(g, pageText(g, run, HTMLOptions{}))
	cells := map[string]int{}
	for _, td := range page["td"] {
		if of, filled := td["data-o"]; filled {
			cells[of]++
		}
	}
	chosen := map[string]int{}
	for _, o := range page["option"] {
		word := o[""]
		if value, said := o["value"]; said {
			word = value
		}
		if n := cells[word]; n > 0 {
			chosen[o[""]] = n
		}
	}
	g.Expect(chosen).To(And(HaveKeyWithValue("error", 1), HaveKeyWithValue("none", 1)))
}

func TestThePageNeedsNoNetworkAndRunsOnlyItsOwnScript(t *testing.T) {
	g := NewWithT(t)
	run := sampleRun()
	run.Results[0].Screenshot = "shots/a.png"
	text := pageText(g, run, HTMLOptions{Dir: fstest.MapFS{"shots/a.png": {Data: samplePicture()}}})
	page := parsed(g, text)
	for _, name := range []string{"link", "iframe", "object", "embed", "base", "audio", "video", "source"} {
		g.Expect(page[name]).To(BeEmpty(), name)
	}
	var policy string
	for _, meta := range page["meta"] {
		if meta["http-equiv"] == "Content-Security-Policy" {
			policy = meta["content"]
		}
	}
	g.Expect(policy).To(HavePrefix("default-src 'none'; img-src data:; "))
	scripts := 0
	for _, s := range page["script"] {
		g.Expect(s).NotTo(HaveKey("src"))
		if s["type"] == "" {
			scripts++
			sum := sha256.Sum256([]byte(s[""]))
			g.Expect(policy).To(ContainSubstring("script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"))
		}
	}
	g.Expect(scripts).To(Equal(1))
	for _, s := range page["style"] {
		sum := sha256.Sum256([]byte(s[""]))
		g.Expect(policy).To(ContainSubstring("style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"))
		g.Expect(s[""]).NotTo(Or(ContainSubstring("url("), ContainSubstring("@import")))
	}
	g.Expect(text).To(ContainSubstring(`<img src="data:image/png;base64,iVBOR`))
}

func TestWhatPagesWroteIsTextInTheReport(t *testing.T) {
	g := NewWithT(t)
	const attack = `</script><img src=x onerror="hacked()"><script>hacked()</script>`
	r := sampleCase("matrix", "iframe", "none-secure", browsers.Firefox, "per-site-allow")
	r.ID += attack
	r.Documents, r.Sentence, r.Why, r.Policy = []string{attack}, attack, attack, attack
	r.Hops[0].URL, r.Hops[0].Offered, r.Screenshot = "javascript:hacked()", []string{attack}, "javascript:hacked()"
	page := parsed(g, pageText(g, Run{Results: []testbed.Result{r}}, HTMLOptions{}))
	g.Expect(page["img"]).To(BeEmpty())
	for _, s := range page["script"] {
		g.Expect(s[""]).NotTo(HavePrefix("hacked"))
		if s["data-case"] == "" {
			continue
		}
		opened := parsed(g, s[""])
		g.Expect(opened["img"]).To(BeEmpty())
		g.Expect(opened["script"]).To(BeEmpty())
		g.Expect(opened["a"]).To(HaveLen(1), "the screenshot that is a file")
		g.Expect(opened["a"][0]["href"]).NotTo(HavePrefix("javascript:"))
	}
}

// A long name is cut, and ends with % and a checksum.
func TestAFileOfALongNameIsFound(t *testing.T) {
	g := NewWithT(t)
	r := sampleCase("matrix", "iframe", "none-secure", browsers.Firefox, "per-site-allow")
	name := FileName(strings.Repeat("long-", 60)) + ".png"
	r.Screenshot, r.Earlier, r.Trace = pictures+"/"+name, pictures+"/earlier-"+name, Traces+"/"+name
	linked := map[string]bool{}
	for _, s := range parsed(g, pageText(g, Run{Results: []testbed.Result{r}}, HTMLOptions{}))["script"] {
		for _, a := range parsed(g, s[""])["a"] {
			u, err := url.Parse(a["href"])
			g.Expect(err).NotTo(HaveOccurred())
			linked[u.Path] = true
		}
	}
	g.Expect(linked).To(And(HaveKey(r.Screenshot), HaveKey(r.Earlier), HaveKey(r.Trace)))
}

func TestAThousandCellsStayAFewMegabytes(t *testing.T) {
	g := NewWithT(t)
	run := Run{}
	files := fstest.MapFS{}
	screenshot := append(samplePicture(), make([]byte, 50_000)...)
	for i := range 1000 {
		r := sampleCase("matrix", fmt.Sprintf("integration-%02d", i/21), "none-secure", browsers.Chromium, fmt.Sprintf("policy-%02d", i%21))
		r.Screenshot = fmt.Sprintf("shots/%d.png", i)
		files[r.Screenshot] = &fstest.MapFile{Data: screenshot}
		run.Results = append(run.Results, r)
	}
	text := pageText(g, run, HTMLOptions{Dir: files})
	g.Expect(len(text)).To(BeNumerically("<", 8<<20))
	g.Expect(strings.Count(text, "data:image/png")).To(And(BeNumerically(">", 10), BeNumerically("<", 100)))
	g.Expect(text).To(ContainSubstring(`<a href="shots/999.png">`), "beyond the budget a picture stays a file")
}

func TestPicturesThatCannotBeShownStayNames(t *testing.T) {
	g := NewWithT(t)
	dir := fstest.MapFS{"text.png": {Data: []byte("no picture")}, "a.png": {Data: samplePicture()}}
	for _, name := range []string{"missing.png", "text.png", "../a.png", "/a.png", ""} {
		address, left := picture(dir, name, 1<<20)
		g.Expect(address).To(BeEmpty(), name)
		g.Expect(left).To(Equal(1 << 20))
	}
	address, left := picture(dir, "a.png", 1<<20)
	g.Expect(string(address)).To(HavePrefix("data:image/png;base64,"))
	g.Expect(left).To(Equal(1<<20 - len(samplePicture())))
}

func TestThePageSaysWhatChangedSinceAnotherRun(t *testing.T) {
	g := NewWithT(t)
	earlier := sampleRun()
	for i := range earlier.Results {
		switch earlier.Results[i].ID {
		case "matrix/frameset/none-secure/chromium/trusted-zone":
			earlier.Results[i].Status, earlier.Results[i].Outcome = testbed.Passed, testbed.Works
		case "matrix/redirect/legacy/chromium/block-all":
			earlier.Results[i].ID = "matrix/old/legacy/chromium/block-all"
		}
	}
	text := pageText(g, sampleRun(), HTMLOptions{Against: &earlier})
	for _, what := range []string{
		"Against the run of 4 May 2026, 09:30 UTC", "390 cases unchanged", "Broken since (1)", "New (1)", "Not in this run (1)",
		"In the run compared with: passed, works.",
	} {
		g.Expect(text).To(ContainSubstring(what))
	}
	g.Expect(text).NotTo(ContainSubstring("Mended since"))
	g.Expect(pageText(g, sampleRun(), HTMLOptions{})).NotTo(ContainSubstring("Against the run"))
}

func TestHeadlines(t *testing.T) {
	g := NewWithT(t)
	passed := testbed.Result{ID: "a", Suite: "s", Status: testbed.Passed, Outcome: testbed.Works, Expected: testbed.Works}
	other := passed
	other.ID = "b"
	for want, results := range map[string][]testbed.Result{
		"Nothing was run":                           nil,
		"One case as expected":                      {passed},
		"All 2 cases as expected":                   {passed, other},
		"1 of 2 cases to look at":                   {passed, {ID: "b", Suite: "s", Status: testbed.Error}},
		"1 case, and none could be run here":        {{ID: "b", Suite: "s", Status: testbed.NotAvailable}},
		"1 of 2 cases as expected, 1 not available": {passed, {ID: "b", Suite: "s", Status: testbed.NotAvailable}},
	} {
		g.Expect(firstHeading(g, Run{Results: results})).To(Equal(want))
	}
}

func TestAnotherReasonIsSpoken(t *testing.T) {
	g := NewWithT(t)
	r := gatedRun(false, false).Results[6]
	g.Expect(pageText(g, Run{Results: []testbed.Result{r}}, HTMLOptions{})).To(ContainSubstring(`aria-label="iframe, legacy, chromium, g-new: access-denied, expected works"`))
	r.Expected = testbed.AccessDenied
	g.Expect(pageText(g, Run{Results: []testbed.Result{r}}, HTMLOptions{})).To(ContainSubstring(`aria-label="iframe, legacy, chromium, g-new: access-denied, as expected, and for another reason"`))
}

func firstHeading(g *WithT, run Run) string {
	_, head, _ := strings.Cut(pageText(g, run, HTMLOptions{}), "<h1>")
	head, _, _ = strings.Cut(head, "</h1>")
	return strings.TrimSpace(head)
}

func TestTheHeadlineTellsWhatIsKnown(t *testing.T) {
	g := NewWithT(t)
	run := gatedRun(false, false)
	run.Results = run.Results[1:2]
	g.Expect(firstHeading(g, run)).To(Equal("0 of 1 case as expected, 1 known to fail"), "it was run")
	run.Results = gatedRun(false, false).Results[:2]
	g.Expect(firstHeading(g, run)).To(Equal("1 of 2 cases as expected, 1 known to fail"))
	run.Gate.Strict = true
	g.Expect(firstHeading(g, run)).To(Equal("1 cell in the baseline, and no case any more"), "which closes the gate")
}
