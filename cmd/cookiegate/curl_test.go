package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

var shellBlock = regexp.MustCompile("(?s)\n```bash\n(.*?)\n```\n")

// session is the shell session with a server in the README.
func session(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	for _, match := range shellBlock.FindAllStringSubmatch(string(text), -1) {
		if strings.Contains(match[1], "cookiegate serve") {
			return match[1]
		}
	}
	t.Fatal("the README has no session with a server")
	return ""
}

// The session in the README is copied into a shell as it stands.
func TestTheSessionWithCurlWorks(t *testing.T) {
	for _, tool := range []string{"bash", "curl", "sed"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("not run: %v", err)
		}
	}
	for _, port := range []string{"8443", "8444"} {
		l, err := net.Listen("tcp", "127.0.0.1:"+port)
		if err != nil {
			t.Skipf("not run: the session is written for port %s, and somebody else listens there", port)
		}
		l.Close()
	}
	g := NewWithT(t)
	self, err := os.Executable()
	g.Expect(err).NotTo(HaveOccurred())
	bin := t.TempDir()
	wrapper := fmt.Sprintf("#!/bin/sh\n%s=1 exec %q \"$@\"\n", asCommand, self)
	g.Expect(os.WriteFile(filepath.Join(bin, "cookiegate"), []byte(wrapper), 0o755)).To(Succeed())

	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	shell := exec.CommandContext(ctx, "bash", "-c", session(t)+"\nwait")
	shell.Dir = t.TempDir()
	shell.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "no_proxy=*")
	out, err := shell.CombinedOutput()
	g.Expect(err).NotTo(HaveOccurred(), string(out))
	g.Expect(string(out)).To(MatchRegexp(`^https://portal\.acme\.example/back\?AT=LI&WID=alice&ST=SUCCESS
Meeting room: Weekly
Access Denied
https://portal\.acme\.example/back\?AT=LI&WID=alice&ST=SUCCESS
Meeting room: Weekly
#1 .* LI host alice → SUCCESS, session none of alice, .*
#2 .* SM host alice → SUCCESS, session live of alice, .*
#3 .* HM host alice → SUCCESS, session live of alice, .*
#4 .* HM host alice → FAIL AccessDenied, session idle-expired, .*
#5 .* LI host alice → SUCCESS, session idle-expired of alice, .*
#6 .* HM host alice → SUCCESS, session live of alice, .*
$`))
}

// Every line of docs/serve.md that asks the control API is answered as it stands.
func TestTheLinesOfTheDocumentationAreAnswered(t *testing.T) {
	for _, tool := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("not run: %v", err)
		}
	}
	text, err := os.ReadFile("../../docs/serve.md")
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	r := start(t, anywhere()...)
	lines := regexp.MustCompile("(?m)^curl .*$").FindAllString(string(text), -1)
	r.Expect(len(lines)).To(BeNumerically(">=", 9))
	for _, line := range lines {
		if strings.Contains(line, "/sessions/1/") {
			answer, err := r.browser(t, "").PostForm("https://acme.webex.com/acme/p.php", aliceLogsIn)
			r.Expect(err).NotTo(HaveOccurred())
			answer.Body.Close()
		}
		line = strings.ReplaceAll(line, "http://127.0.0.1:8444", r.address("console"))
		follows := strings.Contains(line, "follow=true")
		if follows {
			line = strings.Replace(line, "curl", "curl --max-time 1", 1)
		}
		out, err := exec.Command("bash", "-c", strings.Replace(line, "curl", "curl --noproxy '*' -sS --fail-with-body", 1)).CombinedOutput()
		if follows {
			r.Expect(err).To(MatchError("exit status 28"), line) // timed out, as it should
			r.Expect(string(out)).To(HavePrefix(": following\n"))
			continue
		}
		r.Expect(err).NotTo(HaveOccurred(), line+"\n"+string(out))
	}
}
