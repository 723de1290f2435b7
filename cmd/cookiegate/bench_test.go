package main

import (
	"bufio"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// BenchmarkFirstAnswer is the time from starting the binary to its first answer over HTTP, which is to stay under 50 ms, and how many times a process of
// the same binary that does nothing (--help) takes.
func BenchmarkFirstAnswer(b *testing.B) {
	binary := filepath.Join(b.TempDir(), "cookiegate")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	const rounds = 10
	var answered, nothing time.Duration
	for b.Loop() {
		answered, nothing = 0, 0
		for range rounds {
			began := time.Now()
			if err := exec.Command(binary, "--help").Run(); err != nil {
				b.Fatal(err)
			}
			nothing += time.Since(began)
			answered += firstAnswer(b, binary)
		}
	}
	b.ReportMetric(float64(answered.Microseconds())/1000/rounds, "ms/first-answer")
	b.ReportMetric(float64(answered)/float64(nothing), "x-bare-process")
}

var consoleAddress = regexp.MustCompile(`console +(http://\S+)`)

func firstAnswer(b *testing.B, binary string) time.Duration {
	serve := exec.Command(binary, anywhere()...)
	serve.Env = append(os.Environ(), "TMPDIR="+b.TempDir()) // for what a killed process leaves behind
	out, err := serve.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	if err := serve.Start(); err != nil {
		b.Fatal(err)
	}
	defer serve.Wait()
	defer serve.Process.Kill()
	for lines := bufio.NewScanner(out); lines.Scan(); {
		match := consoleAddress.FindStringSubmatch(lines.Text())
		if match == nil {
			continue
		}
		client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		answer, err := client.Get(match[1] + "healthz")
		if err != nil {
			b.Fatal(err)
		}
		answer.Body.Close()
		return time.Since(began)
	}
	b.Fatal("it did not get ready")
	return 0
}
