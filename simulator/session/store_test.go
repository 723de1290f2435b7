package session

import (
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func TestASessionDiesOfMoreThanThirtyMinutesOfIdleness(t *testing.T) {
	for _, c := range []struct {
		name string
		idle time.Duration
		want State
	}{
		{"29:59", 30*time.Minute - time.Second, Live},
		{"30:00 exactly", 30 * time.Minute, Live},
		{"a nanosecond more", 30*time.Minute + 1, IdleExpired},
		{"30:01", 30*time.Minute + time.Second, IdleExpired},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := NewWithT(t)
			clock := NewClock(noon)
			s := NewStore(clock, 0)
			ticket, _ := s.Open(7)
			clock.Advance(c.idle)
			found, at := s.Use(ticket)
			g.Expect(found.State).To(Equal(c.want))
			g.Expect(found.Owner).To(Equal(uint32(7)))
			g.Expect(at).To(Equal(noon.Add(c.idle)))
		})
	}
}

func TestEveryUseRenewsTheSession(t *testing.T) {
	g := NewWithT(t)
	clock := NewClock(noon)
	s := NewStore(clock, 0)
	ticket, _ := s.Open(1)
	for range 5 {
		clock.Advance(30 * time.Minute)
		found, at := s.Use(ticket)
		g.Expect(found.State).To(Equal(Live))
		g.Expect(found.Expires).To(Equal(at.Add(30 * time.Minute)))
		g.Expect(found.Created).To(Equal(noon))
	}
	clock.Advance(30*time.Minute + 1)
	found, _ := s.Use(ticket)
	g.Expect(found.State).To(Equal(IdleExpired))
	found, _ = s.Use(ticket)
	g.Expect(found.State).To(Equal(IdleExpired), "and it stays dead")
}

func TestOneSessionsRenewalIsNotAnothers(t *testing.T) {
	g := NewWithT(t)
	clock := NewClock(noon)
	s := NewStore(clock, 10*time.Minute)
	first, _ := s.Open(1)
	second, _ := s.Open(2)
	clock.Advance(6 * time.Minute)
	s.Use(first)
	clock.Advance(6 * time.Minute)
	found, _ := s.Use(second)
	g.Expect(found.State).To(Equal(IdleExpired))
	found, _ = s.Use(first)
	g.Expect(found.State).To(Equal(Live))
	g.Expect(found.Owner).To(Equal(uint32(1)))
}

func TestATicketSaysHowItsSessionEnded(t *testing.T) {
	g := NewWithT(t)
	s := NewStore(NewClock(noon), 0)
	for _, reason := range []State{IdleExpired, LoggedOut, Revoked} {
		ticket, opened := s.Open(3)
		g.Expect(s.End(ticket, reason)).To(BeTrue())
		g.Expect(s.End(ticket, LoggedOut)).To(BeFalse(), "there is nothing left to end")
		other, _ := s.Open(4) // takes the place of the first
		found, _ := s.Use(ticket)
		g.Expect(found.State).To(Equal(reason))
		g.Expect(found.ID).To(Equal(opened.ID))
		g.Expect(found.Owner).To(Equal(uint32(3)), "a dead session's owner is still known")
		found, _ = s.Use(other)
		g.Expect(found.State).To(Equal(Live))
		g.Expect(found.Owner).To(Equal(uint32(4)))
	}
}

func TestASessionCanBeEndedByItsID(t *testing.T) {
	g := NewWithT(t)
	s := NewStore(NewClock(noon), 0)
	ticket, opened := s.Open(3)
	g.Expect(s.EndID(opened.ID+1, Revoked)).To(BeFalse())
	g.Expect(s.EndID(0, Revoked)).To(BeFalse())
	g.Expect(s.EndID(opened.ID, Revoked)).To(BeTrue())
	found, _ := s.Use(ticket)
	g.Expect(found.State).To(Equal(Revoked))
	g.Expect(s.Len()).To(BeZero())
}

func TestAReplacedTicketIsDeadAndTheSessionGoesOn(t *testing.T) {
	g := NewWithT(t)
	s := NewStore(NewClock(noon), 0)
	old, _ := s.Open(3)
	next, ok := s.Replace(old)
	g.Expect(ok).To(BeTrue())
	found, _ := s.Use(old)
	g.Expect(found.State).To(Equal(Replaced))
	found, _ = s.Use(next)
	g.Expect(found.State).To(Equal(Live))
	g.Expect(found.Owner).To(Equal(uint32(3)))
	g.Expect(s.Len()).To(Equal(1))
	_, ok = s.Replace(old)
	g.Expect(ok).To(BeFalse())
}

func TestForeignTicketsAreUnknown(t *testing.T) {
	g := NewWithT(t)
	clock := NewClock(noon)
	mine, theirs := NewStore(clock, 0), NewStore(clock, 0)
	mine.Open(1)
	foreign, _ := theirs.Open(1)
	own, _ := mine.Open(1)
	for _, ticket := range []string{
		foreign, "", "QUJD", strings.Repeat("A", 24), strings.Repeat("=", 24), own[:23], own + "=", strings.ToLower(own), "A" + own[1:23] + "=" + "=", "\xff" + own[1:],
	} {
		if ticket == own {
			continue
		}
		found, at := mine.Use(ticket)
		g.Expect(found).To(Equal(Session{State: Unknown}), "%q", ticket)
		g.Expect(at).To(Equal(noon))
		g.Expect(mine.End(ticket, LoggedOut)).To(BeFalse())
	}
	g.Expect(mine.Len()).To(Equal(2))
}

func TestNextAreThoseThatExpireFirst(t *testing.T) {
	g := NewWithT(t)
	clock := NewClock(noon)
	s := NewStore(clock, 0)
	var tickets []string
	for owner := range uint32(4) {
		ticket, _ := s.Open(owner)
		tickets = append(tickets, ticket)
		clock.Advance(time.Minute)
	}
	s.Use(tickets[0])
	owners := func(list []Session) (o []uint32) {
		for _, one := range list {
			o = append(o, one.Owner)
		}
		return o
	}
	g.Expect(owners(s.Next(3))).To(Equal([]uint32{1, 2, 3}))
	g.Expect(owners(s.Next(99))).To(Equal([]uint32{1, 2, 3, 0}))
	g.Expect(s.Next(1)[0].Expires).To(Equal(noon.Add(31 * time.Minute)))
	clock.Advance(28 * time.Minute) // 12:32: the one of 12:01 is dead, that of 12:02 has no time left
	g.Expect(owners(s.Next(99))).To(Equal([]uint32{2, 3, 0}))
	g.Expect(s.Len()).To(Equal(3))
}

func TestAnotherIdleLimitHoldsForAllSessions(t *testing.T) {
	g := NewWithT(t)
	clock := NewClock(noon)
	s := NewStore(clock, 0)
	ticket, _ := s.Open(1)
	clock.Advance(20 * time.Minute)
	s.SetIdleLimit(time.Hour)
	clock.Advance(39 * time.Minute)
	found, _ := s.Use(ticket)
	g.Expect(found.State).To(Equal(Live))
	s.SetIdleLimit(time.Minute)
	clock.Advance(time.Minute + 1)
	found, _ = s.Use(ticket)
	g.Expect(found.State).To(Equal(IdleExpired))
}

func TestTheDeadDoNotComeBackWithALongerLimit(t *testing.T) {
	g := NewWithT(t)
	clock := NewClock(noon)
	s := NewStore(clock, 0)
	ticket, _ := s.Open(1)
	clock.Advance(31 * time.Minute)
	s.SetIdleLimit(time.Hour)
	found, _ := s.Use(ticket)
	g.Expect(found.State).To(Equal(IdleExpired))
}
