package lazyregexp

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestItIsCompiledOnceAndFinds(t *testing.T) {
	g := NewWithT(t)
	r := New(`(\w+)@(\w+)`)
	g.Expect(r.MatchString("to ada@acme")).To(BeTrue())
	g.Expect(r.FindStringSubmatch("to ada@acme")).To(Equal([]string{"ada@acme", "ada", "acme"}))
	g.Expect(r.FindAllString("a@b c@d", -1)).To(Equal([]string{"a@b", "c@d"}))
	g.Expect(r.ReplaceAllString("a@b", "$2@$1")).To(Equal("b@a"))
	g.Expect(r.ReplaceAllStringFunc("a@b", func(s string) string { return "<" + s + ">" })).To(Equal("<a@b>"))
	g.Expect(r.compiled()).To(BeIdenticalTo(r.compiled()))
}

func TestAMistakeShowsInTheTestsOfItsPackage(t *testing.T) {
	NewWithT(t).Expect(func() { New(`(`) }).To(Panic())
}
