package repro

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/fixtures"
	"github.com/cookiegate/cookiegate/suites"
	"github.com/cookiegate/cookiegate/suites/matrix"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

func search(t *testing.T, c *Complaint) ([]Group, *Question) {
	t.Helper()
	groups, q, err := c.Search()
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return groups, q
}

func TestSharesAddUp(t *testing.T) {
	g := NewWithT(t)
	groups, _ := search(t, read(t, filepath.Join("testdata", "badly-written", "only-said.yaml")))
	total := 0.0
	for i, one := range groups {
		inside := 0.0
		for _, k := range one.Candidates {
			inside += k.Share
		}
		g.Expect(inside).To(BeNumerically("~", one.Share, 1e-9))
		total += one.Share
		if i > 0 {
			g.Expect(one.Share).To(BeNumerically("<=", groups[i-1].Share))
		}
	}
	g.Expect(total).To(BeNumerically("~", 1, 1e-9))
}

// A cookie with SameSite=Lax in a frame of Chromium's is kept out by the setting or by its own attribute: the setting tells which.
func TestTheNextQuestionIsTheOneThatDecides(t *testing.T) {
	g := NewWithT(t)
	file := filepath.Join(t.TempDir(), "report.yaml")
	g.Expect(os.WriteFile(file, []byte("browser: Chrome 149\nstyle: iframe\ncookies: lax\nsymptom: access denied\n"), 0o600)).To(Succeed())
	groups, q := search(t, read(t, file))
	g.Expect(*groups[0].Cause).To(Equal(fixtures.Cause{Cookie: "ticket", Hop: "SM", Reason: fixtures.SameSite}))
	g.Expect(*groups[1].Cause).To(Equal(fixtures.Cause{Cookie: "ticket", Hop: "SM", Reason: fixtures.ThirdPartyBlocked}))
	g.Expect(q.About).To(Equal("setting"))
	g.Expect(q.Ask).To(HavePrefix("Which cookie setting does the browser have?"))
}

func TestWhatAnAnswerTellsIsTheSameEveryTime(t *testing.T) {
	g := NewWithT(t)
	groups := []Group{{}, {}}
	for i := range 60 {
		share := 1 / float64(30+7*i)
		groups[i%2].Share += share
		groups[i%2].Candidates = append(groups[i%2].Candidates, &Candidate{Situation: fmt.Sprint(i / 3), Share: share})
	}
	about := func(k *Candidate) string { return k.Situation }
	first := tells(groups, about)
	for range 100 {
		g.Expect(tells(groups, about)).To(Equal(first))
	}
}

func TestWhatIsSaidOfTheNetworkCounts(t *testing.T) {
	for words, want := range map[string]fixtures.Reason{
		"a company proxy that strips cookies": fixtures.RemovedOnTheWay,
		"a privacy extension is installed":    fixtures.RemovedByExtension,
		"the firewall takes scripts out":      fixtures.ScriptBlocked,
	} {
		g := NewWithT(t)
		c := &Complaint{Report: fixtures.Report{Network: words}}
		c.Engine, c.Policy, c.Integration = "chromium", "", "redirect"
		if want == fixtures.ScriptBlocked {
			c.Outcome = fixtures.Stuck
		} else {
			c.Outcome, c.Integration = fixtures.AccessDenied, "iframe"
		}
		groups, _ := search(t, c)
		var reasons []fixtures.Reason
		for _, one := range groups[:3] {
			if one.Cause != nil {
				reasons = append(reasons, one.Cause.Reason)
			}
		}
		g.Expect(reasons).To(ContainElement(want), words)
	}
}

func TestOfTheNetworkOnlyWhatTakesThingsOutCounts(t *testing.T) {
	for words, want := range map[string]string{
		"no proxy, direct connection":         "",
		"none":                                "",
		"Proxy: none":                         "",
		"home office wifi":                    "",
		"without a proxy or filter":           "",
		"a company proxy that strips cookies": "a company proxy that strips cookies",
		"no proxy, but a privacy extension":   ",, a privacy extension",
		"the proxy lets no cookies through":   "the proxy lets no cookies through",
	} {
		NewWithT(t).Expect(onTheWay(words)).To(Equal(want), words)
	}
}

// recordings names a folder that keeps what BenchmarkSearchOverTheMatrix recorded, so that it can be searched again without a browser.
const recordings = "COOKIEGATE_RECORDINGS"

// BenchmarkSearchOverTheMatrix records every cell of the matrix that fails and feeds each HAR file back without another hint: how often the cell's
// cause is the first candidate, and, of a sanitized file, one of the first three. At least nine of ten must be.
func BenchmarkSearchOverTheMatrix(b *testing.B) {
	dir := os.Getenv(recordings)
	if dir == "" {
		dir = b.TempDir()
	}
	for b.Loop() {
		cells := failing(b)
		record(b, dir, cells)
		whole, sanitized, of := 0, 0, 0
		for _, c := range cells {
			file := filepath.Join(dir, strings.ReplaceAll(c.ID, "/", "_"))
			if _, err := os.Stat(file + ".har"); err != nil {
				continue // the engine is not installed, or has no such setting
			}
			of++
			at := rank(b, file+".har", *c.Expect.Cause)
			if at == 1 {
				whole++
			} else {
				b.Logf("%s: %s is number %d", c.ID, causeLine(c.Expect.Cause), at)
			}
			if at := rank(b, file+".sanitized.har", *c.Expect.Cause); at >= 1 && at <= 3 {
				sanitized++
			} else {
				b.Logf("%s, sanitized: %s is number %d", c.ID, causeLine(c.Expect.Cause), at)
			}
		}
		fmt.Printf("%d failing cells: %d causes found first; of sanitized recordings %d among the first three\n", of, whole, sanitized)
		b.ReportMetric(float64(whole)/float64(of), "found-first")
		b.ReportMetric(float64(sanitized)/float64(of), "found-sanitized")
		if of == 0 || 10*whole < 9*of || 10*sanitized < 9*of {
			b.Errorf("fewer than nine of ten")
		}
	}
}

// failing are the cells of the matrix in which a session does not hold.
func failing(b *testing.B) []testbed.Case {
	integrations, err := fixtures.Integrations()
	if err != nil {
		b.Fatal(err)
	}
	policies, err := fixtures.MatrixPolicies()
	if err != nil {
		b.Fatal(err)
	}
	all, err := matrix.Cases(integrations, fixtures.Engines(), policies)
	if err != nil {
		b.Fatal(err)
	}
	var cells []testbed.Case
	for _, c := range all {
		if c.Expect.Cause != nil {
			cells = append(cells, c)
		}
	}
	return cells
}

// record runs the cells that have no recording yet.
func record(b *testing.B, dir string, cells []testbed.Case) {
	var missing []testbed.Case
	for _, c := range cells {
		if _, err := os.Stat(filepath.Join(dir, strings.ReplaceAll(c.ID, "/", "_")+".har")); err != nil {
			missing = append(missing, c)
		}
	}
	if len(missing) == 0 {
		return
	}
	results, err := suites.Results(context.Background(), missing, runtime.NumCPU())
	if err != nil {
		b.Fatal(err)
	}
	for id, res := range results {
		if res.Status == testbed.NotAvailable {
			continue
		}
		if res.Recording == nil {
			b.Fatalf("%s: %s", id, res.Sentence)
		}
		for suffix, sanitized := range map[string]bool{".har": false, ".sanitized.har": true} {
			var har bytes.Buffer
			if err := res.Recording.WriteHAR(&har, sanitized); err != nil {
				b.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, strings.ReplaceAll(id, "/", "_")+suffix), har.Bytes(), 0o600); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// rank is the place of a cause among those that a recording can mean, 0 where it is none of them.
func rank(b *testing.B, file string, want fixtures.Cause) int {
	c, err := Read([]string{file}, today)
	if err != nil {
		b.Fatal(err)
	}
	groups, _, err := c.Search()
	if err != nil {
		b.Fatal(err)
	}
	for i, one := range groups {
		if one.Cause != nil && *one.Cause == want {
			return i + 1
		}
	}
	return 0
}
