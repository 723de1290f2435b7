package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func complaint(t testing.TB, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

const denied = "browser: Chrome\nversion: \"119\"\nsetting: third-party cookies blocked\nstyle: iframe\nsymptom: access denied\nwebex: https://contoso.webex.com\n"

func TestExplainSaysThatItIsAPrediction(t *testing.T) {
	g := NewWithT(t)
	code, out, _ := run(t, "explain", complaint(t, denied))
	g.Expect(code).To(Equal(0))
	g.Expect(out).To(HavePrefix("Prediction: access-denied. No browser ran"))
	g.Expect(out).To(MatchRegexp(`\(rule\s+chromium/third-party-blocking;`))
	g.Expect(out).To(ContainSubstring("[predicted to help] Open the meeting in a window or tab of its own"))

	code, out, _ = run(t, "explain", "--json", complaint(t, denied))
	g.Expect(code).To(Equal(0))
	var a struct {
		Predicted, Reproduced bool
		Cause                 struct{ Cookie, Hop, LostAt, Reason, Rule string }
		Remedies              []struct{ ID, Mark string }
	}
	g.Expect(json.Unmarshal([]byte(out), &a)).To(Succeed())
	g.Expect(a.Predicted && a.Reproduced).To(BeTrue())
	g.Expect(a.Cause.Reason).To(Equal("third-party-blocked"))
	g.Expect(a.Remedies).To(HaveLen(15))
}

func TestExplainWhatTheModelDoesNotPredict(t *testing.T) {
	g := NewWithT(t)
	code, out, _ := run(t, "explain", complaint(t, "style: server-to-server\nbrowser: Chrome\nsymptom: wrong user\n"))
	g.Expect(code).To(Equal(1))
	g.Expect(out).To(ContainSubstring("which is not what was complained about (wrong-user)"))
}

func TestReproAndExplainRefuseBadInput(t *testing.T) {
	for _, command := range []string{"repro", "explain"} {
		for name, test := range map[string]struct {
			args []string
			want string
		}{
			"nothing":         {nil, "expected at least one file"},
			"no such file":    {[]string{"./none.har"}, "none.har: no such file or directory; expected a report, a HAR file, or an export of settings"},
			"no such report":  {[]string{"webex-idel"}, `did you mean "webex-idle"?`},
			"an unknown key":  {[]string{complaint(t, "symptom: x\nbrowzer: Chrome\n")}, "report.yaml:2:"},
			"an unknown flag": {[]string{"--jsno"}, "there is no flag --jsno"},
		} {
			t.Run(command+" "+name, func(t *testing.T) {
				g := NewWithT(t)
				code, out, wrong := run(t, append([]string{command}, test.args...)...)
				g.Expect(code).To(Equal(2))
				g.Expect(out).To(BeEmpty())
				g.Expect(wrong).To(HavePrefix("cookiegate: "))
				g.Expect(wrong).To(ContainSubstring(test.want))
			})
		}
	}
	g := NewWithT(t)
	code, _, wrong := run(t, "repro", "--workers", "0", "webex-idle")
	g.Expect(code).To(Equal(2))
	g.Expect(wrong).To(ContainSubstring("--workers: 0 is not a number of browsers; expected 1 or more"))

	folder := t.TempDir()
	code, out, wrong := run(t, "repro", "--bundle", folder, "webex-idle")
	g.Expect(code).To(Equal(2))
	g.Expect(out).To(BeEmpty(), "nothing is tried")
	g.Expect(wrong).To(ContainSubstring("--bundle: writing " + folder + ": it is a folder; expected a file"))
}

func TestReproInARealBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts browsers")
	}
	g := NewWithT(t)
	bundle := filepath.Join(t.TempDir(), "evidence.zip")
	code, out, wrong := run(t, "repro", "--bundle", bundle, complaint(t, denied))
	g.Expect(code).To(Equal(0), wrong)
	g.Expect(out).To(HavePrefix("Reproduced: access-denied."))
	g.Expect(out).To(ContainSubstring("It was lost before, at GET contoso.webex.com/contoso/p.php?AT=LI."))
	g.Expect(out).To(ContainSubstring("[proven] Allow the site's cookies in this browser"))
	g.Expect(out).To(ContainSubstring("[tried, does not help] Log in again"))
	g.Expect(bundle).To(BeARegularFile())
}

// BenchmarkExplain is the time of the whole command, which is to stay under 50 ms, and how many times a process of the same binary that does nothing takes.
func BenchmarkExplain(b *testing.B) {
	file := complaint(b, denied)
	took := func(args ...string) time.Duration {
		began := time.Now()
		run(b, args...)
		return time.Since(began)
	}
	var explain, nothing time.Duration
	for b.Loop() {
		explain += took("explain", file)
		nothing += took("--help")
	}
	b.ReportMetric(float64(explain.Microseconds())/1000/float64(b.N), "ms/explain")
	b.ReportMetric(float64(explain)/float64(nothing), "x-bare-process")
}

// BenchmarkRepro is the time of the whole command with every remedy in Chromium, which is to stay under 15 seconds on two processors.
func BenchmarkRepro(b *testing.B) {
	file := complaint(b, denied)
	for b.Loop() {
		began := time.Now()
		if code, _, wrong := run(b, "repro", file); code != 0 {
			b.Fatal(wrong)
		}
		b.ReportMetric(time.Since(began).Seconds(), "s/repro")
	}
}
