package policy_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers/policy"
)

func TestPatterns(t *testing.T) {
	for _, row := range []struct {
		pattern string
		matches []string
		others  []string
	}{
		{"[*.]webex.com", []string{"https://webex.com", "https://acme.webex.com", "http://a.b.webex.com:8080"}, []string{"https://notwebex.com", "https://webex.com.example"}},
		{"webex.com", []string{"https://webex.com", "http://webex.com:81"}, []string{"https://acme.webex.com"}},
		{"https://acme.webex.com", []string{"https://acme.webex.com", "https://acme.webex.com:8443", "https://acme.webex.com/path"}, []string{"http://acme.webex.com"}},
		{"https://acme.webex.com:443", []string{"https://acme.webex.com"}, []string{"https://acme.webex.com:8443"}},
		{"https://[*.]webex.com:8443", []string{"https://acme.webex.com:8443"}, []string{"https://acme.webex.com"}},
		{"*://acme.webex.com:*", []string{"http://acme.webex.com", "https://acme.webex.com:1"}, []string{"https://webex.com"}},
		{"https://*", []string{"https://anything.example"}, []string{"http://anything.example"}},
		{"*:8443", []string{"https://anything.example:8443"}, []string{"https://anything.example"}},
		{"*", []string{"https://anything.example", "http://10.0.0.1"}, nil},
		{"10.0.0.1", []string{"http://10.0.0.1:8080"}, []string{"http://10.0.0.2"}},
		{"http://[::1]:80", []string{"http://[::1]"}, []string{"http://[::1]:81"}},
		{"ACME.WebEx.com.", []string{"https://acme.webex.com"}, nil},
		{"https://acme.webex.com..", []string{"https://acme.webex.com"}, nil},
		{"[*.]webex.com..", []string{"https://acme.webex.com"}, []string{"https://webex.com.example"}},
		{"[*.]webex%2Ecom", []string{"https://acme.webex.com"}, []string{"https://webex.example"}},
		{"[*.]BÜCHER.example", []string{"https://portal.xn--bcher-kva.example"}, []string{"https://bucher.example"}},
		{"https://acme.webex.com/meet/", []string{"https://acme.webex.com/other"}, nil}, // a path does not count
		{"https://acme.webex.com/m.php?BU=https://portal.acme.example", []string{"https://acme.webex.com/"}, []string{"https://portal.acme.example"}},
		{"https://acme.webex.com:8443/m.php?BU=https://portal.acme.example", []string{"https://acme.webex.com:8443/"}, []string{"https://acme.webex.com"}},
	} {
		p, err := policy.ParsePattern(row.pattern)
		g := NewWithT(t)
		g.Expect(err).NotTo(HaveOccurred())
		for _, u := range row.matches {
			g.Expect(p.Matches(u)).To(BeTrue(), "%s, %s", row.pattern, u)
		}
		for _, u := range row.others {
			g.Expect(p.Matches(u)).To(BeFalse(), "%s, %s", row.pattern, u)
		}
	}
}

func TestBadPatterns(t *testing.T) {
	for pattern, says := range map[string]string{
		"":                  "empty",
		"https://":          "no host",
		"*.webex.com":       "a star may stand for a whole host",
		"acme.*.com":        "a star may stand for a whole host",
		"[*.].webex.com":    "already ends with its dot",
		"[*.]10.0.0.1":      "takes no [*.]",
		"ftp://webex.com":   "the scheme must be",
		"htt*://webex.com":  "the scheme must be",
		"webex.com:80*":     "the port must be",
		"[::1":              "[ without ]",
		"web ex.com":        "no such character",
		"acme%2a.webex.com": "no such character",
		"https:webex.com":   "the port must be",
		"webex.com; a.test": "no such character",
	} {
		_, err := policy.ParsePattern(pattern)
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring(says)), pattern)
	}
}

func TestPairsOfPatterns(t *testing.T) {
	for _, row := range []struct {
		text            string
		person, managed bool // valid
	}{
		{"[*.]webex.com", true, true},
		{"[*.]webex.com,[*.]acme.example", true, true},
		{"*,https://portal.acme.example", true, true},
		{"[*.]webex.com,*", true, true}, // the policy's description forbids it, and the browser heeds it
		{"*,*", true, false},
		{"*", true, false},
		{" https://acme.webex.com ", false, true}, // a policy's list is cut at commas and cleared of blanks; what a person types is taken as it is
		{"*, https://portal.acme.example", false, true},
		{"a.example,b.example,c.example", false, false},
		{",a.example", false, false},
		{"a.example,", false, false},
	} {
		_, err := policy.ParsePatternPair(row.text, false)
		NewWithT(t).Expect(err == nil).To(Equal(row.person), "%s: %v", row.text, err)
		_, err = policy.ParsePatternPair(row.text, true)
		NewWithT(t).Expect(err == nil).To(Equal(row.managed), "%s, managed: %v", row.text, err)
	}
}

// What the engine does not heed is said, with the reason.
func TestIgnoredExceptions(t *testing.T) {
	x := func(typed string) []policy.Exception {
		return []policy.Exception{{Typed: typed, Decision: policy.Allow, By: policy.Managed}}
	}
	for _, row := range []struct {
		engine     string
		exceptions []policy.Exception
		says       string
	}{
		{policy.Chromium, x("*.webex.com"), "a star may stand"},
		{policy.Chromium, x("https://acme.webex.com"), ""},
		{policy.Chromium, x("*,https://portal.acme.example"), ""},
		{policy.Chromium, []policy.Exception{{Typed: "*,https://portal.acme.example", Decision: policy.Allow, By: policy.Person}}, "the scheme must be"}, // the page has a field of its own
		{policy.Chromium, []policy.Exception{{Typed: "https://acme.webex.com", EmbeddedIn: "acme.example", Decision: policy.Allow, By: policy.Person}}, ""},
		{policy.Firefox, x("webex.com"), "an exact origin"},
		{policy.Firefox, x("https://acme.webex.com"), ""},
		{policy.Firefox, []policy.Exception{{EmbeddedIn: "acme.example", Decision: policy.Block}}, "no setting that refuses cookies in the pages of one site"},
		{policy.Firefox, []policy.Exception{{EmbeddedIn: "acme.example", Decision: policy.Allow}}, "only where third-party cookies are partitioned"},
	} {
		g := NewWithT(t)
		ignored := policy.Under(row.engine, "", policy.Policy{Base: policy.BlockThirdParty, Exceptions: row.exceptions}).Ignored()
		if row.says == "" {
			g.Expect(ignored).To(BeEmpty())
			continue
		}
		g.Expect(ignored).To(HaveLen(1))
		g.Expect(ignored[0].Why).To(ContainSubstring(row.says))
	}
}
