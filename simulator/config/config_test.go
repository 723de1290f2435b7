package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/internal/strictyaml"
	"github.com/cookiegate/cookiegate/simulator"
	"github.com/cookiegate/cookiegate/simulator/config"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/simulator/site"
)

const example = "../../docs/serve.example.yaml"

func TestTheExampleIsReadAsItSays(t *testing.T) {
	g := NewWithT(t)
	c, err := config.Load(example)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(c.Start).To(Equal(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)))
	g.Expect(c.Frozen).To(BeFalse())
	g.Expect(c.Journal.Entries).To(Equal(10_000))
	g.Expect(c.Journal.Bytes).To(Equal(16 << 20))
	g.Expect(c.Sites).To(HaveLen(2))

	acme, globex := c.Sites[0], c.Sites[1]
	g.Expect(acme.Name).To(Equal("acme"))
	g.Expect(acme.IdleLimit).To(Equal(30 * time.Minute))
	g.Expect(acme.LockAfter).To(Equal(5))
	g.Expect(acme.Hosts).To(HaveLen(4))
	g.Expect(acme.Hosts[0]).To(Equal(simulator.Host{
		WebExID: "alice", Password: "secret", FirstName: "Alice", LastName: "Archer", Email: "alice@acme.example",
		Tickets: []string{"ticket-1", "ticket-2"},
	}))
	g.Expect(acme.Hosts[2].Inactive).To(BeTrue())
	g.Expect(acme.Hosts[3].Locked).To(BeTrue())
	g.Expect(acme.Meetings).To(Equal([]simulator.Meeting{{
		Key: "123456789", Host: "alice", Name: "Weekly", Password: "open", ServiceType: site.MeetingCenter, Registration: true, InProgress: true,
	}}))
	g.Expect(globex.Profile).To(Equal(session.NoneSecure))
	g.Expect(globex.Cookies["ticket"]).To(Equal(session.Attributes{"SameSite": "false", "HttpOnly": "true", "Domain": "globex.webex.com"}))
	g.Expect(globex.Redirect).To(Equal(site.Found))
	g.Expect(globex.ServiceTypes).To(Equal([]site.ServiceType{site.TrainingCenter, site.MeetingCenter}))
	g.Expect(globex.MaxDuration).To(Equal(8 * time.Hour))

	_, err = simulator.New(c.Options())
	g.Expect(err).NotTo(HaveOccurred())
}

// The example promises to show everything: no key of the types may be missing from it.
func TestTheExampleShowsEveryKey(t *testing.T) {
	g := NewWithT(t)
	data, err := os.ReadFile(example)
	g.Expect(err).NotTo(HaveOccurred())
	var tree any
	g.Expect(yaml.Unmarshal(data, &tree)).To(Succeed())
	shown := map[string]bool{}
	collect(tree, shown)

	var missing []string
	for _, typ := range []reflect.Type{reflect.TypeFor[site.Config](), reflect.TypeFor[site.Host](), reflect.TypeFor[site.MeetingConfig]()} {
		for f := range typ.Fields() {
			key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
			if !shown[key] {
				missing = append(missing, typ.Name()+": "+key)
			}
		}
	}
	for _, key := range []string{"clock", "start", "frozen", "journal", "entries", "bytes"} {
		if !shown[key] {
			missing = append(missing, key)
		}
	}
	g.Expect(missing).To(BeEmpty())
}

func collect(node any, keys map[string]bool) {
	switch node := node.(type) {
	case map[string]any:
		for key, value := range node {
			keys[key] = true
			collect(value, keys)
		}
	case []any:
		for _, value := range node {
			collect(value, keys)
		}
	}
}

func TestMistakesNameFileLineColumnFieldAndWhatWasExpected(t *testing.T) {
	for _, test := range []struct{ name, yaml, want string }{
		{"unknown key", "sites:\n- name: acme\n  profil: lax\n", "f.yaml:3:3: sites[0].profil: unknown key; expected one of name, "},
		{"no sites", "clock:\n  frozen: true\n", "f.yaml:1:1: the key \"sites\" is missing"},
		{"no name", "sites:\n- partner-id: p\n", "f.yaml:2:3: sites[0]: the key \"name\" is missing"},
		{"bad name", "sites:\n- name: Acme Inc\n", "f.yaml:2:9: sites[0].name: \"Acme Inc\" is not a host name label: expected lower-case letters"},
		{"the same name", "sites:\n- name: acme\n- name: acme\n", "f.yaml:3:9: sites[1].name: the site \"acme\" is there twice"},
		{"profile", "sites:\n- name: acme\n  profile: laxx\n", "f.yaml:3:12: sites[0].profile: unknown word \"laxx\"; expected one of legacy, none-secure, partitioned, lax, strict, none-insecure; did you mean \"lax\"?"},
		{"cookie", "sites:\n- name: acme\n  cookies:\n    tikcet: {Secure: \"false\"}\n", "f.yaml:4:5: sites[0].cookies: the site sets no cookie \"tikcet\": expected one of"},
		{"attribute", "sites:\n- name: acme\n  cookies:\n    ticket: {Secure: false}\n", "f.yaml:4:22: sites[0].cookies.ticket.Secure: expected a text, found the truth value false"},
		{"duration", "sites:\n- name: acme\n  idle-limit: 30\n", "f.yaml:3:15: sites[0].idle-limit: expected a duration such as \"30m1s\", found the number 30"},
		{"negative", "sites:\n- name: acme\n  idle-limit: -1m\n", "f.yaml:3:15: sites[0].idle-limit: must not be negative"},
		{"meeting's host", "sites:\n- name: acme\n  meetings:\n  - {key: \"123456789\", host: zoe, name: M}\n", "f.yaml:4:30: sites[0].meetings[0].host: the site has no host \"zoe\""},
		{"key without quotes", "sites:\n- name: acme\n  meetings:\n  - {key: 123456789, host: zoe, name: M}\n", "f.yaml:4:11: sites[0].meetings[0].key: expected a text, found the number 123456789"},
		{"start", "clock:\n  start: yesterday\nsites:\n- name: acme\n", "f.yaml:2:10: clock.start: expected a time such as 2026-03-02T09:00:00Z, found \"yesterday\""},
		{"entries", "journal:\n  entries: -5\nsites:\n- name: acme\n", "f.yaml:2:12: journal.entries: expected a number above 0, found -5"},
		{"no start", "clock:\n  start: \"\"\nsites:\n- name: acme\n", "f.yaml:2:10: clock.start: expected a time such as 2026-03-02T09:00:00Z, found \"\""},
		{"a start that reads as none", "clock:\n  start: \"0001-01-01T00:00:00Z\"\nsites:\n- name: acme\n", "f.yaml:2:10: clock.start: expected a time from 1970 to 2199, found \"0001-01-01T00:00:00Z\""},
		{"a start from which the clock cannot be moved", "clock:\n  start: \"2200-01-01T00:00:00Z\"\nsites:\n- name: acme\n", "f.yaml:2:10: clock.start: expected a time from 1970 to 2199"},
		{"no entries", "journal:\n  entries: 0\nsites:\n- name: acme\n", "f.yaml:2:12: journal.entries: expected a number above 0, found 0"},
		{"no bytes", "journal:\n  bytes: 0\nsites:\n- name: acme\n", "f.yaml:2:10: journal.bytes: expected a number above 0, found 0"},
		{"no life", "sites:\n- name: acme\n  idle-limit: 0s\n", "f.yaml:3:15: sites[0].idle-limit: must be above 0; expected to be left out for the default"},
		{"no duration", "sites:\n- name: acme\n  max-duration: 0s\n", "f.yaml:3:17: sites[0].max-duration: must be above 0"},
		{"no site id", "sites:\n- name: acme\n  site-id: 0\n", "f.yaml:3:12: sites[0].site-id: must be above 0"},
		{"empty", "", "f.yaml:1:1: the file is empty"},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := NewWithT(t)
			_, err := config.Read("f.yaml", []byte(test.yaml))
			g.Expect(err).To(MatchError(HavePrefix(test.want)))
			var mistakes strictyaml.Mistakes
			g.Expect(errors.As(err, &mistakes)).To(BeTrue())
		})
	}
}

func TestAllMistakesAreToldAtOnce(t *testing.T) {
	g := NewWithT(t)
	_, err := config.Read("f.yaml", []byte("sites:\n- name: A\n  lock-after: -1\n- name: globex\n  max-duration: -1h\n"))
	g.Expect(strings.Split(err.Error(), "\n")).To(HaveLen(3))
}

func TestAFileThatIsNotThereIsNamed(t *testing.T) {
	g := NewWithT(t)
	path := filepath.Join(t.TempDir(), "none.yaml")
	_, err := config.Load(path)
	g.Expect(err).To(MatchError(ContainSubstring(path)))
	g.Expect(errors.Is(err, os.ErrNotExist)).To(BeTrue())
}

func FuzzRead(f *testing.F) {
	data, err := os.ReadFile(example)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	for _, seed := range []string{"sites:\n- name: acme\n", "sites: []", "sites:\n- name: acme\n  cookies: {ticket: {Path: \"\\n\"}}\n", "{\"sites\": [{\"name\": \"a\"}]}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := config.Read("f.yaml", data)
		if err != nil {
			var mistakes strictyaml.Mistakes
			if !errors.As(err, &mistakes) || slices.ContainsFunc(mistakes, func(m *strictyaml.Mistake) bool { return m.Line < 1 || m.Column < 1 || m.Problem == "" }) {
				t.Fatalf("an error without a place: %v", err)
			}
			return
		}
		if _, err := simulator.New(c.Options()); err != nil {
			t.Fatalf("what was read cannot be served: %v", err)
		}
	})
}
