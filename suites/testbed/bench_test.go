package testbed

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"testing"
	"time"

	pw "github.com/playwright-community/playwright-go"

	"github.com/cookiegate/cookiegate/browsers/chromium"
	"github.com/cookiegate/cookiegate/browsers/playwright"
	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/simulator/session"
)

// rounds is how often each way is taken; they take turns, so that all meet the same noise.
const rounds = 12

// BenchmarkCell compares a cell of the matrix with the bare cost of its page loads (a context, a page, the same visits, nothing of ours
// watching) and with a browser process of its own for each case. It prints medians and their ratios.
func BenchmarkCell(b *testing.B) {
	ctx := context.Background()
	c := benchCase(b)
	var driver chromium.Driver
	if _, err := driver.Find(); err != nil {
		b.Skip(err)
	}
	station, err := OpenStation(driver, c, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer station.Close()
	run := func(s *Station) {
		if res := s.Run(ctx, c); res.Status != Passed {
			b.Fatalf("%s: %s", res.Status, res.Sentence)
		}
	}
	run(station) // starts the browser
	bare := newBare(b, station, c)
	bare()

	var cell, loads, fresh []time.Duration
	for range rounds {
		cell = append(cell, took(func() { run(station) }))
		loads = append(loads, took(bare))
		fresh = append(fresh, took(func() {
			s, err := OpenStation(driver, c, nil)
			if err != nil {
				b.Fatal(err)
			}
			run(s)
			if err := s.Close(); err != nil {
				b.Fatal(err)
			}
		}))
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(median(cell).Milliseconds()), "cell-ms")
	b.ReportMetric(float64(median(cell))/float64(median(loads)), "cell/bare-loads")
	b.ReportMetric(float64(median(cell))/float64(median(fresh)), "cell/fresh-process")
}

func benchCase(b *testing.B) Case {
	in, err := fixtures.IntegrationNamed("redirect")
	if err != nil {
		b.Fatal(err)
	}
	p, err := fixtures.Policy("allow-third-party")
	if err != nil {
		b.Fatal(err)
	}
	return Case{
		ID:          "bench",
		Integration: in,
		Engine:      chromium.Driver{}.Engine(),
		Policy:      p,
		Site:        SiteOf(in, session.NoneSecure),
		Steps:       in.Steps,
		Expect:      fixtures.Expectation{Outcome: fixtures.Works},
	}
}

// newBare is the same trip with Playwright alone, in a Chromium that Playwright starts.
func newBare(b *testing.B, s *Station, c Case) func() {
	dir, err := playwright.DriverDir()
	if err != nil {
		b.Fatal(err)
	}
	p, err := pw.Run(&pw.RunOptions{DriverDirectory: dir, SkipInstallBrowsers: true, Stdout: io.Discard, Stderr: io.Discard, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	exe, err := chromium.Driver{}.Find()
	if err != nil {
		b.Fatal(err)
	}
	browser, err := p.Chromium.Launch(pw.BrowserTypeLaunchOptions{
		ExecutablePath: pw.String(exe.Path),
		Args:           []string{"--no-sandbox"},
		Proxy:          &pw.Proxy{Server: s.door.ProxyURL()},
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = browser.Close()
		_ = p.Stop()
	})
	return func() {
		// Site and portal as for the cell; only the watching is left out.
		r := run{station: s, c: c}
		if err := r.lay(); err != nil {
			b.Fatal(err)
		}
		s.door.Begin("bare")
		page, err := browser.NewPage(pw.BrowserNewPageOptions{IgnoreHttpsErrors: pw.Bool(true)})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := page.Goto(c.Integration.Portal+"/", pw.PageGotoOptions{WaitUntil: pw.WaitUntilStateDomcontentloaded}); err != nil {
			b.Fatal(err)
		}
		if err := page.Locator("text=Host a meeting").Click(); err != nil {
			b.Fatal(err)
		}
		if err := page.Locator("#end-meeting").WaitFor(); err != nil {
			b.Fatal(err)
		}
		if err := page.Context().Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func took(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}
