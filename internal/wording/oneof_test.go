package wording

import (
	"testing"

	. "github.com/onsi/gomega"
)

type word string

func TestOneOf(t *testing.T) {
	g := NewWithT(t)
	g.Expect(OneOf([]word{"accept", "block", "prompt"})).To(Equal("one of accept, block, prompt"))
	g.Expect(OneOf([]string{"accept"})).To(Equal("accept"))
}
