package playwright

import (
	"context"
	"errors"
	"testing"

	. "github.com/onsi/gomega"
)

func TestADriverProcessThatDoesNotEndIsNotWaitedForWithoutLimit(t *testing.T) {
	g := NewWithT(t)
	h := &host{gone: make(chan struct{})}
	heard := make(chan struct{})
	defer close(h.gone)
	defer close(heard)
	tooLong := errors.New("still there")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(tooLong)
	g.Expect(h.end(ctx, func() error {
		<-heard
		return nil
	})).To(MatchError(tooLong))
}
