package report

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/chromium"
	"github.com/cookiegate/cookiegate/browsers/process"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// opened is a page of ours in a real Chromium, driven by the keys that a person presses.
type opened struct {
	t       *testing.T
	ctx     context.Context
	ws      *websocket.Conn
	session string
	last    int
	said    []string // errors, refusals and requests that the page caused
	loaded  int
}

// open opens a file in a Chromium of its own, which ends with the test.
func open(t *testing.T, file string) *opened {
	t.Helper()
	x, err := chromium.Driver{}.Find()
	var missing *browsers.NotInstalledError
	if errors.As(err, &missing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	p, endpoint, err := process.Start(ctx, process.Options{Path: x.Path, Args: []string{
		"--headless=new", "--no-sandbox", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--remote-debugging-port=0", "--user-data-dir=" + t.TempDir(), "about:blank",
	}}, func(line string) (string, bool) { return strings.CutPrefix(line, "DevTools listening on ") })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Terminate(); err != nil {
			t.Error(err)
		}
	})
	ws, _, err := websocket.Dial(ctx, endpoint, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ws.CloseNow() })
	ws.SetReadLimit(-1)
	o := &opened{t: t, ctx: ctx, ws: ws}
	var target struct{ TargetID string }
	o.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	o.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	o.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		o.call(domain+".enable", nil, nil)
	}
	o.visit(file)
	return o
}

func (o *opened) visit(address string) {
	o.t.Helper()
	o.loaded = 0
	o.call("Page.navigate", map[string]any{"url": address}, nil)
	for o.loaded == 0 {
		o.read()
	}
}

type message struct {
	ID     int
	Result json.RawMessage
	Error  *struct{ Message string }
	Method string
	Params json.RawMessage
}

func (o *opened) call(method string, params, result any) {
	o.t.Helper()
	o.last++
	id := o.last
	command := map[string]any{"id": id, "method": method, "params": params}
	if params == nil {
		command["params"] = map[string]any{}
	}
	if o.session != "" {
		command["sessionId"] = o.session
	}
	text, err := json.Marshal(command)
	if err != nil {
		o.t.Fatal(err)
	}
	if err := o.ws.Write(o.ctx, websocket.MessageText, text); err != nil {
		o.t.Fatalf("%s: %v", method, err)
	}
	for {
		m := o.read()
		switch {
		case m.ID != id:
			continue
		case m.Error != nil:
			o.t.Fatalf("%s: %s", method, m.Error.Message)
		case result != nil:
			if err := json.Unmarshal(m.Result, result); err != nil {
				o.t.Fatalf("%s: %v", method, err)
			}
		}
		return
	}
}

func (o *opened) read() message {
	o.t.Helper()
	_, text, err := o.ws.Read(o.ctx)
	if err != nil {
		o.t.Fatal(err)
	}
	var m message
	if err := json.Unmarshal(text, &m); err != nil {
		o.t.Fatal(err)
	}
	switch m.Method {
	case "Page.loadEventFired":
		o.loaded++
	case "Runtime.exceptionThrown", "Log.entryAdded":
		o.said = append(o.said, string(m.Params))
	case "Network.requestWillBeSent":
		var p struct{ Request struct{ URL string } }
		if err := json.Unmarshal(m.Params, &p); err != nil {
			o.t.Fatal(err)
		}
		if !strings.HasPrefix(p.Request.URL, "file:") && !strings.HasPrefix(p.Request.URL, "data:") {
			o.said = append(o.said, p.Request.URL)
		}
	}
	return m
}

// eval is the value of a script's expression.
func (o *opened) eval(expression string) any {
	o.t.Helper()
	var answer struct {
		Result           struct{ Value any }
		ExceptionDetails json.RawMessage
	}
	o.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &answer)
	if answer.ExceptionDetails != nil {
		o.t.Fatalf("%s: %s", expression, answer.ExceptionDetails)
	}
	return answer.Result.Value
}

// press presses keys as a person does, one after the other.
func (o *opened) press(keys ...string) {
	o.t.Helper()
	codes := map[string]int{"Tab": 9, "Enter": 13, "Escape": 27, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}
	for _, key := range keys {
		key, shift := strings.CutPrefix(key, "Shift+")
		params := map[string]any{"type": "keyDown", "key": key, "code": key, "windowsVirtualKeyCode": codes[key]}
		if key == "Enter" {
			params["text"] = "\r"
		}
		if shift {
			params["modifiers"] = 8
		}
		o.call("Input.dispatchKeyEvent", params, nil)
		params["type"] = "keyUp"
		o.call("Input.dispatchKeyEvent", params, nil)
		o.eval("new Promise(r => requestAnimationFrame(() => setTimeout(r)))") // what the key caused has been done
	}
}

func (o *opened) emulate(width int, dark bool) {
	o.t.Helper()
	scheme := map[bool]string{false: "light", true: "dark"}[dark]
	o.call("Emulation.setEmulatedMedia", map[string]any{"features": []any{map[string]any{"name": "prefers-color-scheme", "value": scheme}}}, nil)
	o.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 600}, nil)
}

const focused = `document.activeElement.getAttribute("aria-label") ?? document.activeElement.name ?? document.activeElement.className`

func writtenPage(t *testing.T, run Run) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.html")
	if err := WriteFile(path, func(w io.Writer) error { return HTML(w, run, HTMLOptions{}) }); err != nil {
		t.Fatal(err)
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()
}

func TestThePageInARealBrowser(t *testing.T) {
	g := NewWithT(t)
	file := writtenPage(t, sampleRun())
	o := open(t, file)

	t.Run("keys open, walk and close cells", func(t *testing.T) {
		g := NewWithT(t)
		o.visit(file)
		for range 20 {
			o.press("Tab")
			if strings.HasPrefix(fmt.Sprint(o.eval(focused)), "background, legacy, chromium, allow-third-party") {
				break
			}
		}
		g.Expect(o.eval(focused)).To(Equal("background, legacy, chromium, allow-third-party: access-denied, as expected"))
		o.press("ArrowRight", "ArrowDown")
		g.Expect(o.eval(focused)).To(Equal("background, none-secure, firefox, allow-third-party: works, as expected"))
		o.press("End")
		g.Expect(o.eval(focused)).To(HavePrefix("background, none-secure, webkit, trusted-zone-https"))
		o.press("ArrowRight", "Home", "ArrowUp", "ArrowUp")
		g.Expect(o.eval(focused)).To(HavePrefix("background, legacy, chromium, allow-third-party"), "the table's corner is the end")

		o.press("Enter")
		g.Expect(o.eval(`document.querySelector("dialog").open`)).To(BeTrue())
		g.Expect(o.eval(`document.querySelector("dialog .title").textContent`)).To(Equal("background"))
		g.Expect(o.eval(`document.querySelector("dialog .place").textContent`)).To(Equal("1 of 392"))
		g.Expect(o.eval(`document.querySelector("dialog").getAttribute("aria-label")`)).To(HavePrefix("background, legacy, chromium"))
		g.Expect(o.eval(`document.querySelector("[data-go='-1']").disabled`)).To(BeTrue())
		const looks = `(() => { const s = getComputedStyle(document.querySelector("[data-go='%d']")); return s.color + s.cursor; })()`
		g.Expect(o.eval(fmt.Sprintf(looks, -1))).NotTo(Equal(o.eval(fmt.Sprintf(looks, 1))), "a button that does nothing looks so")
		o.press("ArrowLeft", "ArrowRight")
		g.Expect(o.eval(`decodeURIComponent(location.hash)`)).To(Equal("#matrix/background/legacy/firefox/allow-third-party"))
		g.Expect(o.eval(`document.querySelector("dialog .place").textContent`)).To(Equal("2 of 392"))
		o.press("Escape")
		g.Expect(o.eval(`document.querySelector("dialog").open`)).To(BeFalse())
		g.Expect(o.eval(`location.hash`)).To(Equal(""))
		g.Expect(o.eval(focused)).To(HavePrefix("background, legacy, firefox, allow-third-party"), "where the reader was")
		o.press("Tab", "Tab")
		g.Expect(o.eval(focused)).NotTo(ContainSubstring("background"), "a table is one stop of the tab key")
		o.press("Shift+Tab", "Shift+Tab")
		g.Expect(o.eval(focused)).To(HavePrefix("background, legacy, firefox, allow-third-party"), "which comes back to the same cell")
		o.eval(`document.querySelector(".filters").dispatchEvent(new Event("change"))`)
		g.Expect(o.eval(`document.querySelector(".cell[tabindex='0']").getAttribute("aria-label")`)).To(
			HavePrefix("background, legacy, firefox, allow-third-party"), "after filtering, too")
	})

	t.Run("a cell's address opens it", func(t *testing.T) {
		g := NewWithT(t)
		o.visit("about:blank")
		o.visit(file + "#matrix/iframe/none-secure/firefox/per-site-allow")
		g.Expect(o.eval(`document.querySelector("dialog").open`)).To(BeTrue())
		g.Expect(o.eval(`document.querySelector("dialog .hops .culprit .url").textContent`)).To(HavePrefix("https://acme.webex.com/acme/p.php?AT=LI"))
		g.Expect(o.eval(`document.querySelector("dialog").scrollTop`)).To(BeZero())
	})

	t.Run("filters", func(t *testing.T) {
		g := NewWithT(t)
		o.visit("about:blank")
		o.visit(file)
		choose := func(name, value string) {
			o.eval(fmt.Sprintf(`{ const s = document.querySelector(".filters [name=%s]"); s.value = %q; s.dispatchEvent(new Event("change", {bubbles: true})); }`, name, value))
		}
		count := func() any { return o.eval(`document.querySelector(".filters output").textContent`) }
		seen := func(selector string) any {
			return o.eval(fmt.Sprintf(`[...document.querySelectorAll(%q)].filter(e => e.checkVisibility() && !e.closest(".off")).length`, selector))
		}
		g.Expect(count()).To(Equal("392 of 392 cells"))
		choose("browser", "firefox")
		g.Expect(count()).To(Equal("133 of 392 cells"), "9 integrations, 2 profiles, 7 policies, and 7 of the lifecycle")
		g.Expect(seen(".cell")).To(BeEquivalentTo(133))
		g.Expect(o.eval(`document.querySelector("thead [scope=colgroup]").colSpan`)).To(BeEquivalentTo(1))
		choose("policy", "block-all")
		g.Expect(count()).To(Equal("18 of 392 cells"))
		g.Expect(seen("thead [scope=colgroup]")).To(BeEquivalentTo(1))
		choose("outcome", "works")
		g.Expect(count()).To(Equal("2 of 392 cells"), "server-to-server")
		g.Expect(seen(".suite tbody tr")).To(BeEquivalentTo(2))
		o.eval(`document.querySelector(".filters button").click()`)
		o.press("Tab")
		g.Expect(count()).To(Equal("392 of 392 cells"))
		choose("status", "look")
		g.Expect(count()).To(Equal("4 of 392 cells"))
		choose("status", "not-available")
		g.Expect(count()).To(Equal("72 of 392 cells"))
		choose("browser", "chromium")
		g.Expect(count()).To(Equal("0 of 392 cells"))
		g.Expect(seen(".suite")).To(BeEquivalentTo(0))
		choose("browser", "")
		choose("status", "")
		choose("policy", "block-all")
		o.eval(`location.hash = "matrix/iframe/none-secure/firefox/per-site-allow"`)
		o.press("Escape")
		g.Expect(o.eval(`document.querySelector("dialog").open`)).To(BeFalse())
		g.Expect(o.eval(`location.hash`)).To(Equal(""))
		g.Expect(seen(".cell[tabindex='0']")).To(BeEquivalentTo(1), "the tab key comes into the table after a cell was looked at that is filtered away")
	})

	for _, dark := range []bool{false, true} {
		for _, width := range []int{390, 1400} {
			t.Run(fmt.Sprintf("at %d pixels, dark %v", width, dark), func(t *testing.T) {
				g := NewWithT(t)
				o.emulate(width, dark)
				o.visit("about:blank")
				o.visit(file + "#matrix/iframe/none-secure/firefox/per-site-allow")
				g.Expect(o.eval(`document.documentElement.scrollWidth`)).To(BeNumerically("<=", width), "nothing but tables scrolls sideways")
				g.Expect(o.eval(`{ const d = document.querySelector("dialog"); d.scrollWidth <= d.clientWidth }`)).To(BeTrue())
				g.Expect(o.eval(faint)).To(BeEmpty(), "text has a contrast of 4.5 to 1 at least")
			})
		}
	}

	g.Expect(o.said).To(BeEmpty(), "no error, no refusal, no request")
}

// faint lists the texts whose contrast is less than WCAG 2 AA asks of small text.
const faint = `(() => {
  const rgb = s => (s.match(/[\d.]+/g) || []).map(Number);
  const light = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] === 1) return c.slice(0, 3); } return [255, 255, 255]; };
  const seen = new Map();
  for (const e of document.querySelectorAll("body *")) {
    if (!e.checkVisibility() || e.closest("[disabled]") || ![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const a = light(rgb(getComputedStyle(e).color).slice(0, 3)), b = light(behind(e));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) seen.set(e.tagName + "." + e.className + " in " + e.parentElement.className, ratio.toFixed(2));
  }
  return [...seen].map(x => x.join(": "));
})()`

func TestAThousandCellsOpen(t *testing.T) {
	g := NewWithT(t)
	var run Run
	for i := range 1000 {
		run.Results = append(run.Results, sampleCase("matrix", fmt.Sprintf("integration-%02d", i/21), "none-secure", browsers.Chromium, fmt.Sprintf("policy-%02d", i%21)))
	}
	o := open(t, writtenPage(t, run))
	g.Expect(o.eval(`document.querySelectorAll(".cell").length`)).To(BeEquivalentTo(1000))
	g.Expect(o.eval(`document.querySelectorAll("*").length`)).To(BeNumerically("<", 12_000), "cells that are not open are text, no elements")
	t.Logf("ready %v ms after the request", o.eval(`JSON.stringify(performance.getEntriesByType("navigation")[0])`))
	g.Expect(o.said).To(BeEmpty())
}

func TestCellsAreNeverCovered(t *testing.T) {
	var run Run
	for i := range 40 {
		r := sampleCase("reports", "redirect", "none-secure", browsers.Chromium, "allow-third-party")
		r.ID = fmt.Sprintf("reports/a-portal-with-a-long-name/withoutanyhyphenbetweenthewordsofitsname/with/password-in-the-body-instead-of-the-address/%02d", i)
		run.Results = append(run.Results, r)
	}
	run.Results = append(run.Results, sampleRun().Results...)
	file := writtenPage(t, run)
	o := open(t, file)
	const seen = `(() => {
  const cell = document.activeElement, at = cell.getBoundingClientRect();
  return cell.contains(document.elementFromPoint(at.left + at.width / 2, at.top + at.height / 2));
})()`
	for _, width := range []int{390, 700} {
		t.Run(fmt.Sprintf("at %d pixels", width), func(t *testing.T) {
			g := NewWithT(t)
			o.emulate(width, false)
			o.visit("about:blank")
			o.visit(file)
			o.call("Emulation.setEmulatedMedia", map[string]any{"features": []any{map[string]any{"name": "prefers-reduced-motion", "value": "reduce"}}}, nil)
			o.eval(`document.querySelector("#suite-reports").closest(".suite").querySelector(".cell").focus()`)
			g.Expect(o.eval(seen)).To(BeTrue(), "beside a long name")
			g.Expect(o.eval(`(() => { const th = document.activeElement.closest("tr").cells[0]; return th.scrollWidth <= th.clientWidth; })()`)).To(BeTrue(), "which does not run into it")
			o.eval(`document.querySelector(".cell").focus()`)
			o.press("End")
			for range 12 {
				o.press("ArrowLeft")
				g.Expect(o.eval(seen)).To(BeTrue(), "where the case's name sticks to the left")
			}
			o.eval(`document.querySelector("#suite-reports").closest(".suite").querySelector("tbody tr:last-child .cell").focus()`)
			for range 16 {
				o.press("ArrowUp")
				g.Expect(o.eval(seen)).To(BeTrue(), "where the filters stick to the top")
			}
		})
	}
}

func TestWhatIsKnownInARealBrowser(t *testing.T) {
	g := NewWithT(t)
	run := gatedRun(true, false)
	run.Results[3].Repetitions = []testbed.Repetition{{Status: testbed.Passed, Outcome: testbed.Works}, {Status: testbed.Failed, Outcome: testbed.Stuck}}
	run.Results[0].Predicted = &testbed.Prediction{Outcome: testbed.Works}
	run.Results[6].Predicted = &testbed.Prediction{Outcome: testbed.Works, Sentence: "Nothing stands in the way."}
	earlier := gatedRun(true, false)
	earlier.Results[6].Status, earlier.Results[6].Outcome, earlier.Results[6].Cause = testbed.Passed, testbed.Works, nil
	path := filepath.Join(t.TempDir(), "report.html")
	g.Expect(WriteFile(path, func(w io.Writer) error { return HTML(w, run, HTMLOptions{Against: &earlier}) })).To(Succeed())
	file := (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()
	o := open(t, file)
	spoken := func(policy string) any {
		return o.eval(fmt.Sprintf(`document.querySelector("td[data-p='%s'] .cell").getAttribute("aria-label")`, policy))
	}
	g.Expect(spoken("b-known")).To(Equal("iframe, legacy, chromium, b-known: access-denied, expected works, known to fail"))
	g.Expect(spoken("c-works")).To(Equal("iframe, legacy, chromium, c-works: works, as expected, and recorded as failing"))
	g.Expect(spoken("f-late")).To(Equal("iframe, legacy, chromium, f-late: access-denied, expected works"))
	g.Expect(o.eval(`document.querySelector("h1").textContent`)).To(Equal("5 of 7 cases to look at"), "the flaky one among them")

	choose := func(status string) any {
		o.eval(fmt.Sprintf(`{ const s = document.querySelector(".filters [name=status]"); s.value = %q; s.dispatchEvent(new Event("change", {bubbles: true})); }`, status))
		return o.eval(`document.querySelector(".filters output").textContent`)
	}
	g.Expect(choose("known-failing")).To(Equal("1 of 7 cells"))
	g.Expect(choose("newly-working")).To(Equal("1 of 7 cells"))
	g.Expect(choose("look")).To(Equal("5 of 7 cells"))
	g.Expect(choose("surprise")).To(Equal("1 of 7 cells"))
	g.Expect(choose("")).To(Equal("7 of 7 cells"))

	g.Expect(o.eval(`document.querySelector("[aria-labelledby=baseline]").innerText`)).To(And(
		ContainSubstring("Known to fail"), ContainSubstring("Newly working"), ContainSubstring("matrix/telnet/legacy/chromium/block-all")))
	g.Expect(o.eval(`document.querySelector("[aria-labelledby=against]").innerText`)).To(And(
		ContainSubstring("Broken since (1)"), ContainSubstring("g-new: ✓ works → ⊘ denied"), ContainSubstring("6 cases unchanged")))

	o.visit("about:blank")
	o.visit(file + "#matrix/iframe/legacy/chromium/f-late")
	g.Expect(o.eval(`document.querySelector("dialog").innerText`)).To(ContainSubstring("was to be mended by now (until 2027-01-31): Waits for release 7. (https://issues.example/1)"))
	o.press("ArrowRight")
	g.Expect(o.eval(`document.querySelector("dialog").innerText`)).To(And(
		ContainSubstring("In the run compared with: passed, works."), ContainSubstring("Predicted\n\nworks\n\nNothing stands in the way."),
		ContainSubstring("It happened otherwise")))
	o.press("ArrowLeft", "ArrowLeft", "ArrowLeft")
	g.Expect(o.eval(`document.querySelector("dialog .runs").innerText`)).To(Equal("passed, works\nfailed, stuck"))
	o.press("Escape")
	for _, dark := range []bool{false, true} {
		for _, width := range []int{390, 1400} {
			o.emulate(width, dark)
			g.Expect(o.eval(faint)).To(BeEmpty(), "text has a contrast of 4.5 to 1 at least")
			g.Expect(o.eval(`document.documentElement.scrollWidth`)).To(BeNumerically("<=", width), "nothing but tables scrolls sideways")
		}
	}
	g.Expect(o.said).To(BeEmpty())
}
