package policy_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers/policy"
)

// golden is the upper half of a golden case: cookie and context. The lower half, after "--", is the verdict:
//
//	store ACTION [REASON] RULE [also REASON]
//	send  ACTION [REASON] RULE [also REASON]
type golden struct {
	Engine  string        `yaml:"engine"`
	Version string        `yaml:"version"`
	Policy  policy.Policy `yaml:"policy"`
	Cookie  string        `yaml:"cookie"`
	P3P     string        `yaml:"p3p"`
	Age     string        `yaml:"age"`  // "old" is older than any grace
	Kept    string        `yaml:"kept"` // "in PARTITION", or the action
	Set     struct {      // where the cookie was stored; default: at top level
		URL string   `yaml:"url"`
		In  []string `yaml:"in"`
	} `yaml:"set"`
	URL       string   `yaml:"url"`
	In        []string `yaml:"in"`
	Kind      string   `yaml:"kind"` // "navigation" (default), "request", "script"
	Method    string   `yaml:"method"`
	Initiator string   `yaml:"initiator"`
	Redirects []string `yaml:"redirects"`
	Sandboxed bool     `yaml:"sandboxed"`
	Access    bool     `yaml:"storage-access"`
	HasCookie bool     `yaml:"site-has-cookies"`
	Legacy    bool     `yaml:"legacy"`
}

func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.golden")
	if err != nil || len(files) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		cases := strings.Split("\n"+string(text), "\n== ")
		for _, c := range cases[1:] {
			title, rest, _ := strings.Cut(c, "\n")
			t.Run(filepath.Base(file)+"/"+title, func(t *testing.T) {
				g := NewWithT(t)
				above, below, found := strings.Cut(rest, "\n--\n")
				g.Expect(found).To(BeTrue(), "no line -- between the halves")
				var in golden
				g.Expect(yaml.NewDecoder(bytes.NewReader([]byte(above)), yaml.Strict()).Decode(&in)).To(Succeed())
				got := in.decide(g)
				want := strings.Split(strings.TrimSpace(below), "\n")
				g.Expect(want).NotTo(BeEmpty())
				for _, line := range want {
					fields := strings.Fields(line)
					v := got.Store
					if fields[0] == "send" {
						v = got.Send
					}
					g.Expect(verdict(fields[0], v)).To(Equal(strings.Join(fields, " ")), v.Sentence())
				}
			})
		}
	}
}

// decide asks the model. The cookie to be sent is kept as the place where it was set made it.
func (in golden) decide(g Gomega) policy.Verdicts {
	c := policy.ParseSetCookie(in.Cookie)
	c.P3P, c.Legacy = in.P3P, in.Legacy
	c.Script = in.Kind == "script"
	if in.Age == "old" {
		c.Age = 1 << 50
	}
	ctx := policy.Context{
		URL: in.URL, Ancestors: in.In, Navigation: in.Kind == "" || in.Kind == "navigation", Script: in.Kind == "script", Method: in.Method, Initiator: in.Initiator,
		Redirects: in.Redirects, Sandboxed: in.Sandboxed, StorageAccess: in.Access, SiteHasCookies: in.HasCookie,
	}
	m := policy.Under(in.Engine, in.Version, in.Policy)
	if in.Set.URL != "" {
		before := m.Decide(c, policy.InFrame(in.Set.URL, in.Set.In...)).Store
		g.Expect(before.Action.Through()).To(BeTrue(), "the cookie could not be set: %s", before.Sentence())
		c.Kept = &policy.Kept{Action: before.Action, Partition: before.Partition}
	}
	return m.Decide(c, ctx)
}

func verdict(direction string, v policy.Verdict) string {
	s := fmt.Sprintf("%s %s %s %s", direction, v.Action, v.Reason, v.Rule)
	if v.Also != "" {
		s += " also " + string(v.Also)
	}
	return strings.Join(strings.Fields(s), " ")
}
