package network

import (
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	. "github.com/onsi/gomega"
)

func TestFiltersInYAML(t *testing.T) {
	g := NewWithT(t)
	var specs []FilterSpec
	g.Expect(yaml.UnmarshalWithOptions([]byte(`
- strip-third-party-cookies: response
- strip-all-cookies: both
- block-javascript: true
- strip-javascript: true
- block-activex: true
- rewrite-same-site: absent
- remove-p3p: true
- cut-idle: 30s
`), &specs, yaml.Strict())).To(Succeed())
	want := []Filter{StripThirdPartyCookies{OnResponse}, StripAllCookies{OnBoth}, BlockJavaScript{}, StripJavaScript{}, BlockActiveX{},
		RewriteSameSite{SameSiteAbsent}, RemoveP3P{}, CutIdle{30 * time.Second}}
	g.Expect(specs).To(HaveLen(len(want)))
	for i, s := range specs {
		f, err := s.Filter()
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(f).To(Equal(want[i]))
		written, err := yaml.Marshal(s)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(string(written)).To(HavePrefix(f.Name()+": "), "a filter's name is its key")
	}
}

func TestBadFilters(t *testing.T) {
	for _, c := range []struct {
		spec FilterSpec
		want string
	}{
		{FilterSpec{}, "has 0 filters; expected exactly one of strip-third-party-cookies"},
		{FilterSpec{RemoveP3P: true, BlockActiveX: true}, "has 2 filters"},
		{FilterSpec{StripAllCookies: "sideways"}, `strip-all-cookies: unknown word "sideways"; expected one of request, response, both`},
		{FilterSpec{RewriteSameSite: "Lax"}, `rewrite-same-site: unknown word "Lax"; expected one of none, lax, strict, absent`},
		{FilterSpec{CutIdle: -time.Second}, "cut-idle: expected a duration above zero"},
	} {
		_, err := c.spec.Filter()
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring(c.want)))
	}
}
