package repro

import (
	"archive/zip"
	"cmp"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/fixtures"
)

// planted stands wherever a secret can be; it must be nowhere in a bundle.
const planted = "hunter2"

var plantedFiles = map[string]string{
	"report.yaml": `said: "Access Denied. My password is hunter2 and PW=hunter2, Cookie: ticket=hunter2, Authorization: Bearer hunter2"
received: "ticket: hunter2"
since: "password: hunter2"
idle: "PW=hunter2"
cookies: ticket=hunter2; Path=/
title: "token: hunter2"
browser: Chrome
version: "149"
setting: "third-party cookies blocked, see https://alice:hunter2@intranet.contoso.com/?session_token=hunter2"
style: iframe
portal: https://alice:hunter2@intranet.contoso.com/?token=hunter2
webex: https://contoso.webex.com/contoso/p.php?AT=LI&PW=hunter2&TK=hunter2
network: "proxy at http://user:hunter2@proxy.contoso.com"
symptom: "Access Denied, ticket=hunter2"
steps:
  - "open https://contoso.webex.com/contoso/p.php?AT=LI&WID=alice&PW=hunter2"
  - "password: hunter2"
`,
	"recording.har": `{"log": {"version": "1.2", "creator": {"name": "WebInspector", "version": "537.36"},
 "pages": [{"id": "p", "title": "https://intranet.contoso.com/?token=hunter2", "startedDateTime": "2026-11-03T09:00:00Z"}],
 "entries": [
 {"startedDateTime": "2026-11-03T09:00:00Z", "time": 5, "request": {"method": "POST", "url": "https://contoso.webex.com/contoso/p.php?AT=LI&PW=hunter2&PID=hunter2",
  "headers": [{"name": "Authorization", "value": "Bearer hunter2"}, {"name": "Cookie", "value": "other=hunter2; ticket=hunter2"}, {"name": "Sec-Fetch-Dest", "value": "iframe"},
   {"name": "Referer", "value": "https://intranet.contoso.com/?token=hunter2"}],
  "cookies": [{"name": "other", "value": "hunter2"}], "postData": {"text": "AT=LI&WID=alice&PW=hunter2&BU=https%3A%2F%2Fintranet.contoso.com%2F%3Ftoken%3Dhunter2"}},
  "response": {"status": 200, "headers": [{"name": "Set-Cookie", "value": "ticket=hunter2; Domain=webex.com; Path=/; Secure; SameSite=None"}, {"name": "X-Token", "value": "hunter2"}],
   "content": {"mimeType": "text/html", "text": "<script>var url = \"https://intranet.contoso.com/back?AT=LI&ST=SUCCESS&TK=hunter2\"</script> hunter2"}, "redirectURL": ""}},
 {"startedDateTime": "2026-11-03T09:00:01Z", "time": 5, "request": {"method": "GET", "url": "https://contoso.webex.com/contoso/m.php?AT=SM&SK=hunter2",
  "headers": [{"name": "Sec-Fetch-Dest", "value": "iframe"}, {"name": "Cookie", "value": "unrelated=hunter2"}]},
  "response": {"status": 302, "headers": [{"name": "Location", "value": "https://intranet.contoso.com/back?AT=SM&ST=FAIL&RS=AccessDenied&token=hunter2"}], "content": {"mimeType": ""}, "redirectURL": ""}},
 {"startedDateTime": "2026-11-03T09:00:02Z", "time": 5, "request": {"method": "GET", "url": "https://bank.example/account?sid=hunter2",
  "headers": [{"name": "Sec-Fetch-Dest", "value": "document"}, {"name": "Cookie", "value": "bank=hunter2"}]},
  "response": {"status": 200, "headers": [{"name": "Set-Cookie", "value": "bank=hunter2"}], "content": {"mimeType": "text/html", "text": "hunter2"}, "redirectURL": ""}}
]}}`,
	"policies.json": `{"BlockThirdPartyCookies": true, "CookiesAllowedForUrls": ["https://alice:hunter2@contoso.example"],
 "ProxySettings": {"ProxyServer": "user:hunter2@proxy.contoso.com:8080"}, "HomepageLocation": "https://intranet.contoso.com/?token=hunter2"}`,
	"cookies.txt": "# Netscape HTTP Cookie File\n.webex.com\tTRUE\t/\tTRUE\t0\tticket\thunter2\n.bank.example\tTRUE\t/\tTRUE\t0\tbank\thunter2\n",
}

func TestABundleHoldsNoSecrets(t *testing.T) {
	g := NewWithT(t)
	dir := t.TempDir()
	var files []string
	for name, text := range plantedFiles {
		g.Expect(text).To(ContainSubstring(planted))
		file := filepath.Join(dir, name)
		g.Expect(os.WriteFile(file, []byte(text), 0o600)).To(Succeed())
		files = append(files, file)
	}
	c := read(t, files...)
	a := explain(t, c)
	g.Expect(a.Cause).NotTo(BeNil())
	g.Expect(a.Cause.Reason).To(Equal(fixtures.ThirdPartyBlocked))
	bundle := unpack(t, a, c)
	for _, name := range []string{"README.txt", "answer.txt", "answer.json", "case.yaml", "versions.txt", "policies.json", "sent/report.yaml", "sent/recording.json", "sent/cookies.json"} {
		g.Expect(bundle).To(HaveKey(name))
	}
	for name, text := range bundle {
		g.Expect(strings.ToLower(text)).NotTo(ContainSubstring(planted), name)
	}
}

// unpack writes a bundle and reads it.
func unpack(t *testing.T, a *Answer, c *Complaint) map[string]string {
	t.Helper()
	g := NewWithT(t)
	file := filepath.Join(t.TempDir(), "bundle.zip")
	g.Expect(a.WriteBundle(file, c)).To(Succeed())
	z, err := zip.OpenReader(file)
	g.Expect(err).NotTo(HaveOccurred())
	defer z.Close()
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		g.Expect(err).NotTo(HaveOccurred())
		data, err := io.ReadAll(r)
		g.Expect(err).NotTo(HaveOccurred())
		parts[f.Name] = string(data)
	}
	return parts
}

// What a bundle's README says to type gives the same answer again.
func TestABundlesCaseIsReadAgain(t *testing.T) {
	for _, name := range []string{"idle-in-words", "unlikely-version", "iphone-chrome"} {
		g := NewWithT(t)
		c := read(t, filepath.Join("testdata", "badly-written", name+".yaml"))
		a := explain(t, c)
		file := filepath.Join(t.TempDir(), "case.yaml")
		g.Expect(os.WriteFile(file, []byte(unpack(t, a, c)["case.yaml"]), 0o600)).To(Succeed())
		again := explain(t, read(t, file))
		g.Expect(again.Cause).To(Equal(a.Cause))
		g.Expect(again.it.Steps).To(Equal(a.it.Steps))
		g.Expect(again.Browser).To(Equal(a.Browser))
		g.Expect(again.Policy).To(Equal(a.Policy))
	}
}

// Whatever was exported: what is read from it, and what is read of it from a bundle, are one policy and lead to one case.
func TestABundlesPoliciesAreReadAgain(t *testing.T) {
	all, err := fixtures.Policies()
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	for _, engine := range []browsers.Engine{browsers.Chromium, browsers.Firefox} {
		for _, p := range all {
			if p.InternetExplorer != nil || p.Extension != "" || p.StorageAccess != "" || policy.NotAvailable(string(engine), p) != "" {
				continue // no export says that
			}
			t.Run(string(engine)+"/"+p.Name, func(t *testing.T) {
				g := NewWithT(t)
				typed := policy.Policy{Base: p.Base, PrivateWindow: p.PrivateWindow}
				for _, x := range p.Exceptions {
					if x.EmbeddedIn != "" {
						t.Skip("no export says that")
					}
					for _, entry := range append(x.Origins, x.Typed) {
						if entry != "" {
							typed.Exceptions = append(typed.Exceptions, policy.Exception{Typed: entry, Decision: x.Decision, By: policy.Managed})
						}
					}
				}
				data, err := json.Marshal(exported(engine, typed))
				g.Expect(err).NotTo(HaveOccurred())
				file := filepath.Join(t.TempDir(), "policies.json")
				g.Expect(os.WriteFile(file, data, 0o600)).To(Succeed())
				c := read(t, file)
				g.Expect(c.Settings.Policy.Base).To(Equal(typed.Base))
				g.Expect(c.Settings.Policy.PrivateWindow).To(Equal(typed.PrivateWindow))
				g.Expect(c.Settings.Policy.Exceptions).To(Equal(typed.Exceptions))
				replays(t, c)
			})
		}
	}
}

func TestABundleOfCustomersSettingsIsReadAgain(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "intake", "testdata", "policies", "*"))
	g := NewWithT(t)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(files).NotTo(BeEmpty())
	for _, file := range append(files, filepath.Join("..", "intake", "testdata", "registry", "edge.reg")) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			browser := map[string]string{"firefox-policies.json": "Firefox", "about-policies.txt": "Firefox", "edge.reg": "Edge"}[filepath.Base(file)]
			report := filepath.Join(t.TempDir(), "report.yaml")
			text := "browser: " + cmp.Or(browser, "Chrome") + "\nsetting: third-party cookies blocked and always allowed\nstyle: iframe\nsymptom: access denied\n"
			NewWithT(t).Expect(os.WriteFile(report, []byte(text), 0o600)).To(Succeed())
			replays(t, read(t, report, file))
		})
	}
}

// replays types what a bundle's README says.
func replays(t *testing.T, c *Complaint) {
	t.Helper()
	g := NewWithT(t)
	a := explain(t, c)
	bundle := unpack(t, a, c)
	g.Expect(bundle["README.txt"]).To(ContainSubstring("cookiegate repro case.yaml policies.json\n"))
	dir := t.TempDir()
	var files []string
	for _, name := range []string{"case.yaml", "policies.json"} {
		files = append(files, filepath.Join(dir, name))
		g.Expect(os.WriteFile(files[len(files)-1], []byte(bundle[name]), 0o600)).To(Succeed())
	}
	c2 := read(t, files...)
	again := explain(t, c2)
	g.Expect(c2.modelVersion()).To(Equal(c.modelVersion()))
	g.Expect(again.it.Policy.Base).To(Equal(a.it.Policy.Base))
	g.Expect(again.it.Policy.PrivateWindow).To(Equal(a.it.Policy.PrivateWindow))
	g.Expect(again.it.Policy.Exceptions).To(Equal(a.it.Policy.Exceptions))
	g.Expect(again.Browser).To(Equal(a.Browser))
	g.Expect(again.Outcome).To(Equal(a.Outcome))
	g.Expect(again.Cause).To(Equal(a.Cause))
}
