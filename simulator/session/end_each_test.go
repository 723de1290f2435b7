package session

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func TestEndEachEndsTheLiveSessionsThatMatch(t *testing.T) {
	g := NewWithT(t)
	clock := NewClock(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	s := NewStore(clock, 0)
	expired, _ := s.Open(1)
	clock.Advance(DefaultIdleLimit)
	first, _ := s.Open(1)
	other, _ := s.Open(2)
	second, _ := s.Open(1)
	clock.Advance(time.Nanosecond)

	g.Expect(s.EndEach(func(one Session) bool { return one.Owner == 1 }, Revoked)).To(Equal(2))
	for ticket, state := range map[string]State{expired: IdleExpired, first: Revoked, second: Revoked, other: Live} {
		found, _ := s.Use(ticket)
		g.Expect(found.State).To(Equal(state))
	}
	g.Expect(s.Len()).To(Equal(1))
}
