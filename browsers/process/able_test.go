package process

import (
	"errors"
	"testing"

	. "github.com/onsi/gomega"
)

func TestNothingIsOverlaidBelowTheRoot(t *testing.T) {
	g := NewWithT(t)
	_, _, err := overlaid("/no-such-folder/policies")
	g.Expect(err).To(MatchError("/no-such-folder/policies does not exist, nor anything near it that could be mounted over"))
	g.Expect(Advice(err)).To(Equal("Make the folder: sudo mkdir -p /no-such-folder/policies"))
	g.Expect(Advice(errors.New("another error"))).To(BeEmpty())
}
