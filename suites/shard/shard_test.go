package shard

import (
	"fmt"
	"slices"
	"testing"

	. "github.com/onsi/gomega"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]Shard{"1/1": {1, 1}, "2/5": {2, 5}, "5/5": {5, 5}} {
		g := NewWithT(t)
		s, err := Parse(text)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(s).To(Equal(want))
		g.Expect(s.String()).To(Equal(text))
	}
	for _, text := range []string{"", "2", "/", "0/5", "6/5", "-1/5", "a/5", "2/b", "2/5/7", "1/0", " 2/5", "1/10001"} {
		_, err := Parse(text)
		NewWithT(t).Expect(err).To(MatchError(fmt.Sprintf("%q is no shard; expected INDEX/TOTAL, counted from 1, such as 2/5", text)))
	}
}

func TestEveryCaseIsInOneShard(t *testing.T) {
	g := NewWithT(t)
	var ids []string
	for i := range 1000 {
		ids = append(ids, fmt.Sprintf("matrix/integration-%03d/none-secure/chromium/block-third-party", i))
	}
	var all []string
	for i := range 5 {
		own := Shard{i + 1, 5}.Of(ids)
		g.Expect(len(own)).To(And(BeNumerically(">", 140), BeNumerically("<", 260)), "no shard has much more to do than another")
		all = append(all, own...)
	}
	slices.Sort(all)
	g.Expect(all).To(Equal(ids))
	g.Expect(Shard{}.Of(ids)).To(Equal(ids), "the zero value is the whole run")
	g.Expect(Shard{1, 1}.Of(ids)).To(Equal(ids))
}

// The shard of a case is a promise to whoever compares two pipelines: it depends on the case's name alone, on every machine and in every
// version. The first eight bytes were taken from sha256sum, the rest from a division by hand.
func TestAddingACaseMovesNoOther(t *testing.T) {
	g := NewWithT(t)
	g.Expect(of("matrix/iframe/none-secure/chromium/block-third-party", 5)).To(Equal(5))
	g.Expect(of("lifecycle/idle-30m01s/firefox", 5)).To(Equal(4))
}

func TestFromEnvironment(t *testing.T) {
	for name, c := range map[string]struct {
		env   map[string]string
		want  Shard
		wrong string
	}{
		"nothing":                     {nil, Shard{}, ""},
		"SHARD":                       {map[string]string{"SHARD": "2/5"}, Shard{2, 5}, ""},
		"SHARD first":                 {map[string]string{"SHARD": "1/1", "CI_NODE_INDEX": "3", "CI_NODE_TOTAL": "4"}, Shard{1, 1}, ""},
		"GitLab":                      {map[string]string{"CI_NODE_INDEX": "3", "CI_NODE_TOTAL": "4"}, Shard{3, 4}, ""},
		"GitLab's last":               {map[string]string{"CI_NODE_INDEX": "4", "CI_NODE_TOTAL": "4"}, Shard{4, 4}, ""},
		"GitLab without parallel":     {map[string]string{"CI_NODE_TOTAL": "1"}, Shard{}, ""},
		"Kubernetes counts from zero": {map[string]string{"JOB_COMPLETION_INDEX": "0", "SHARD_TOTAL": "4"}, Shard{1, 4}, ""},
		"Kubernetes' last":            {map[string]string{"JOB_COMPLETION_INDEX": "3", "SHARD_TOTAL": "4"}, Shard{4, 4}, ""},

		"SHARD mistyped":        {map[string]string{"SHARD": "2 of 5"}, Shard{}, `SHARD: "2 of 5" is no shard; expected INDEX/TOTAL`},
		"no total":              {map[string]string{"JOB_COMPLETION_INDEX": "0"}, Shard{}, `SHARD_TOTAL is ""; expected how many shards there are, since JOB_COMPLETION_INDEX is set (SHARD=1/1 runs everything)`},
		"past the last pod":     {map[string]string{"JOB_COMPLETION_INDEX": "4", "SHARD_TOTAL": "4"}, Shard{}, `JOB_COMPLETION_INDEX is "4"; expected 0 to 3, since SHARD_TOTAL is 4`},
		"GitLab counts from 1":  {map[string]string{"CI_NODE_INDEX": "0", "CI_NODE_TOTAL": "4"}, Shard{}, `CI_NODE_INDEX is "0"; expected 1 to 4, since CI_NODE_TOTAL is 4`},
		"a total and no index":  {map[string]string{"SHARD_TOTAL": "4"}, Shard{}, `SHARD_TOTAL is "4", and nothing says which of them this is`},
		"a total of no meaning": {map[string]string{"CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "many"}, Shard{}, `CI_NODE_TOTAL is "many"`},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			s, err := FromEnvironment(func(key string) string { return c.env[key] })
			if c.wrong != "" {
				g.Expect(err).To(MatchError(ContainSubstring(c.wrong)))
				return
			}
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(s).To(Equal(c.want))
		})
	}
}
